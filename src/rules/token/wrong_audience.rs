//! MT530.

use crate::{
    context::Context,
    facts::{Token, TokenFault},
    finding::Verdict,
    rule,
    rules::token::help,
};

rule! {
    /// ## What it finds
    ///
    /// A token that was issued for another audience.
    ///
    /// ## Why it matters
    ///
    /// A token for another service could be replayed to this one. Which audience Dialogflow writes
    /// is not documented: look at a real token and expect that.
    ///
    /// ## How to fix it
    ///
    /// Compare the audience with the webhook's URL in the agent.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7519 section 4.1, 2015-05
    pub static RULE = MT530 {
        name: "token-wrong-audience",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 7519 section 4.1", "2015-05")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::WrongAudience),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::WrongAudience],
        "compare the audience with the webhook's URL in the agent",
    )
}

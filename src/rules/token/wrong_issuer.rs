//! MT529.

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
    /// A token from an issuer other than the sender's.
    ///
    /// ## Why it matters
    ///
    /// Whoever can get a token from another issuer could call the webhook.
    ///
    /// ## How to fix it
    ///
    /// Accept the sender's issuer only.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7519 section 4.1, 2015-05
    pub static RULE = MT529 {
        name: "token-wrong-issuer",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 7519 section 4.1", "2015-05")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::WrongIssuer),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::WrongIssuer],
        "accept the sender's issuer only",
    )
}

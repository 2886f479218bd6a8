//! MT521.

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
    /// A bearer token that is neither a JSON Web Token nor any other credential known here.
    ///
    /// ## Why it matters
    ///
    /// It was truncated or wrapped over lines, or it is not the token.
    ///
    /// ## How to fix it
    ///
    /// Send the whole token as one word after `Bearer`.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7515 section 7.1, 2015-05
    pub static RULE = MT521 {
        name: "token-malformed",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 7515 section 7.1", "2015-05")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::Malformed),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::Malformed],
        "send the whole token as one word after `Bearer`",
    )
}

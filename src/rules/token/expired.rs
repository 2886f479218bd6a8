//! MT527.

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
    /// A token that has expired, or has no expiry.
    ///
    /// ## Why it matters
    ///
    /// Identity tokens usually live for an hour. An old one is a replay, or a clock is wrong.
    ///
    /// ## How to fix it
    ///
    /// Get a new token; check the clocks on both sides.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7519 section 4.1, 2015-05
    pub static RULE = MT527 {
        name: "token-expired",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 7519 section 4.1", "2015-05")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::Expired),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::Expired, TokenFault::NoExpiry],
        "get a new token; check the clocks on both sides",
    )
}

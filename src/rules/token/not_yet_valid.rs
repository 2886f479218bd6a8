//! MT528.

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
    /// A token that is not yet valid.
    ///
    /// ## Why it matters
    ///
    /// A clock is wrong on one side, by more than the allowed skew.
    ///
    /// ## How to fix it
    ///
    /// Check the clocks on both sides.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7519 section 4.1, 2015-05
    pub static RULE = MT528 {
        name: "token-not-yet-valid",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 7519 section 4.1", "2015-05")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::NotYetValid),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::NotYetValid],
        "check the clocks on both sides",
    )
}

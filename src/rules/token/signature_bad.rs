//! MT525.

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
    /// A token whose signature does not verify with the key that it names.
    ///
    /// ## Why it matters
    ///
    /// Header or claims were changed on the way, or somebody else signed it.
    ///
    /// ## How to fix it
    ///
    /// Reject it, and check who sent it.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7515 section 5.2, 2015-05
    pub static RULE = MT525 {
        name: "token-signature-bad",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 7515 section 5.2", "2015-05")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::BadSignature),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::BadSignature],
        "reject it, and check who sent it",
    )
}

//! MT526.

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
    /// A token that was checked without a key.
    ///
    /// ## Why it matters
    ///
    /// Claims alone prove nothing: anyone can write them.
    ///
    /// ## How to fix it
    ///
    /// Give the key set with `--jwks`.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7515 section 5.2, 2015-05
    pub static RULE = MT526 {
        name: "token-signature-not-checked",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 7515 section 5.2", "2015-05")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::SignatureNotChecked),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::SignatureNotChecked],
        "pass the issuer's key set with --jwks",
    )
}

//! MT524.

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
    /// A token whose key id is not in the key set.
    ///
    /// ## Why it matters
    ///
    /// Keys change every few weeks: an old copy of the set lacks the new one. Or another issuer
    /// signed the token.
    ///
    /// ## How to fix it
    ///
    /// Fetch the key set again.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7517 section 4.5, 2015-05
    pub static RULE = MT524 {
        name: "token-key-unknown",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 7517 section 4.5", "2015-05")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::UnknownKey),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::UnknownKey],
        "check against the issuer's current key set: download it again, or pass its URL with --jwks",
    )
}

//! MT523.

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
    /// A token that is not signed, or not with RS256.
    ///
    /// ## Why it matters
    ///
    /// `none` lets anyone write a token. HS256 with the public key as the secret does the same to a
    /// verifier that lets the token choose the algorithm (algorithm confusion).
    ///
    /// ## How to fix it
    ///
    /// Accept RS256 only, whatever the token says.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8725 sections 2.1 and 3.1, 2020-02
    /// - RFC 7515 section 4.1.11 (crit), 2015-05
    pub static RULE = MT523 {
        name: "token-algorithm-refused",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 8725 section 2.1 and 3.1", "2020-02")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::AlgorithmNone),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[
            TokenFault::AlgorithmNone,
            TokenFault::AlgorithmNotAllowed,
            TokenFault::CriticalExtension,
        ],
        "accept RS256 only, whatever the token says",
    )
}

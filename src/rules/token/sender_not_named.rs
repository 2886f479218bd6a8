//! MT533.

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
    /// A token that holds in every way that was asked about, where nobody said whose it has to be.
    ///
    /// ## Why it matters
    ///
    /// Anybody with an account at the issuer can have it sign a token for any audience: signature, issuer and audience say nothing about who
    /// calls. The email does.
    ///
    /// ## How to fix it
    ///
    /// Name the project, or at least the sender, whose service agents have emails of one form.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    pub static RULE = MT533 {
        name: "token-sender-not-named",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::SenderNotNamed),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::SenderNotNamed],
        "name the project with --project-number, or the sender with --profile",
    )
}

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
    /// A token that passed every requested check, without a check of who it belongs to.
    ///
    /// ## Why it matters
    ///
    /// Anyone with an account at the issuer can get a token for any audience: signature, issuer and
    /// audience do not say who calls. The email does.
    ///
    /// ## How to fix it
    ///
    /// Give the project, or at least the sender, whose service agents have emails of one form.
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
        "give the project with --project-number, or the sender with --profile",
    )
}

//! MT522.

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
    /// An OAuth access token where an identity token is expected.
    ///
    /// ## Why it matters
    ///
    /// Only its issuer can interpret an access token, so a webhook cannot check it by itself.
    /// Dialogflow CX sends one if its webhook is set to ACCESS_TOKEN.
    ///
    /// ## How to fix it
    ///
    /// Configure the sender to send an identity token (CX: `serviceAgentAuth: ID_TOKEN`).
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - googleapis, google/cloud/dialogflow/cx/v3/webhook.proto, 2026-08-22
    pub static RULE = MT522 {
        name: "token-opaque",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("googleapis google/cloud/dialogflow/cx/v3/webhook.proto, ServiceAgentAuth", "2026-08-22")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::OpaqueAccessToken),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::OpaqueAccessToken],
        "configure the sender to send an identity token (CX: `serviceAgentAuth: ID_TOKEN`)",
    )
}

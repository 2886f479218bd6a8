//! MT531.

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
    /// A token of another project's service agent, or of an account that is not a service agent.
    ///
    /// ## Why it matters
    ///
    /// The client certificate is the same for every customer of the sender: only the email ties a
    /// call to a project.
    ///
    /// ## How to fix it
    ///
    /// Check the project number; for agents made before 2021-05-10 the service agent may have to be created.
    ///
    /// ```text
    /// mtls token verify - --jwks jwks.json --audience URL --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    pub static RULE = MT531 {
        name: "token-wrong-project",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: [],
        symptoms: [],
        check: Token(check),
        fires_on: || help::with(TokenFault::WrongProject),
        silent_on: help::good,
    }
}

fn check(token: &Token, _: &Context) -> Verdict {
    help::judge(
        token,
        &[TokenFault::WrongProject, TokenFault::EmailNotVerified],
        "check the project number; for agents made before 2021-05-10 the service agent may have to be created",
    )
}

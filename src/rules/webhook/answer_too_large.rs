//! MT509.

use crate::{
    context::Context,
    facts::{Call, Place},
    finding::{Hit, Verdict},
    rule,
    rules::client::help,
};

rule! {
    /// ## What it finds
    ///
    /// A response larger than 64 KiB.
    ///
    /// ## Why it matters
    ///
    /// Dialogflow ES and CX accept no larger one.
    ///
    /// ## How to fix it
    ///
    /// Send less: fewer messages, no embedded images, no whole data sets in `payload`.
    ///
    /// ```text
    /// curl -s -o /dev/null -w '%{size_download}' https://webhook.example/hook
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    /// - docs.cloud.google.com/dialogflow/cx/docs/concept/webhook, 2026-11-23
    pub static RULE = MT509 {
        name: "webhook-answer-too-large",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13"), ("docs.cloud.google.com/dialogflow/cx/docs/concept/webhook", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Call(check),
        fires_on: || CallFixture::good().reply(|reply| reply.body_bytes = 70_000).done(),
        silent_on: || CallFixture::good().reply(|reply| reply.body_bytes = 65_536).done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    let Some(reply) = help::answered(call) else {
        return Verdict::NotApplicable(help::NOTHING);
    };
    // Which length counts where the body is packed is not documented: the longer one decides.
    let bytes = reply.body_bytes.max(reply.body.len());
    if bytes <= call.size_limit {
        return Verdict::Pass;
    }
    let more = if reply.cut { "more than " } else { "" };
    Verdict::hit(Hit::new(
        format!(
            "expected a response of at most {} bytes (64 KiB), found {more}{bytes}",
            call.size_limit
        ),
        call.dialled.url.clone(),
        Place::http("answer body"),
        "send less: fewer messages, no embedded images, no whole data sets",
    ))
}

//! MT505.

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
    /// A response to a valid client whose status is neither 2xx nor a redirect.
    ///
    /// ## Why it matters
    ///
    /// Dialogflow treats the call as failed: ES continues with the responses of the intent itself,
    /// CX raises a webhook error.
    ///
    /// ## How to fix it
    ///
    /// Check the application's log for this request.
    ///
    /// ```text
    /// curl -i --json '{}' https://webhook.example/hook
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    pub static RULE = MT505 {
        name: "webhook-status-not-ok",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: [],
        symptoms: [],
        check: Call(check),
        fires_on: || CallFixture::good().reply(|reply| reply.status = 500).done(),
        silent_on: || CallFixture::good().reply(|reply| reply.status = 204).bad("client-expired").call(|call| call.differs = Some("x".into())).done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    let Some(reply) = help::to_judge(call) else {
        return Verdict::NotApplicable(help::NOTHING);
    };
    if (200..400).contains(&reply.status) || call.wanted_status == Some(reply.status) {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            format!(
                "expected status 200, the webhook answered {}: the sender treats the call as failed",
                reply.status
            ),
            call.dialled.url.clone(),
            Place::http("answer status"),
            "check the application's log for this request",
        )
        .evidence("answer", help::beginning(reply)),
    )
}

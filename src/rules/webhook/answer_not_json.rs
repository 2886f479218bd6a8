//! MT507.

use crate::{
    context::Context,
    facts::{BodyShape, Call, Place, SenderKind},
    finding::{Hit, Verdict},
    rule,
    rules::client::help,
};

rule! {
    /// ## What it finds
    ///
    /// A response with a 2xx status whose body is not a JSON object: an HTML page, a plain word, a
    /// list, or nothing.
    ///
    /// ## Why it matters
    ///
    /// Dialogflow expects a WebhookResponse as a JSON object and otherwise reports `Failed to parse
    /// webhook JSON response`. An HTML page usually comes from something in front of the
    /// application: a proxy's error page, a login page, or a PHP warning printed before the JSON.
    ///
    /// ## How to fix it
    ///
    /// Respond with an object, even an empty one.
    ///
    /// ```text
    /// {"fulfillmentText": "Hello"}
    /// ```
    ///
    /// ## References
    ///
    /// - googleapis, google/cloud/dialogflow/v2/webhook.proto and cx/v3/webhook.proto, 2026-08-22
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    pub static RULE = MT507 {
        name: "webhook-answer-not-json",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("googleapis google/cloud/dialogflow/{v2,cx/v3}/webhook.proto", "2026-08-22"), ("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: [],
        symptoms: [Says("failed to parse webhook json response")],
        check: Call(check),
        fires_on: || CallFixture::good().reply(|reply| reply.answer.shape = BodyShape::Html).done(),
        silent_on: || CallFixture::good().done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    let Some(reply) = help::answered(call) else {
        return Verdict::NotApplicable(help::NOTHING);
    };
    let what = match reply.answer.shape {
        BodyShape::Json => return Verdict::Pass,
        // A flexible webhook has a response format of its own.
        _ if call.sender_kind == SenderKind::Flexible => return Verdict::Pass,
        BodyShape::Empty => "an empty body",
        BodyShape::Html => "an HTML page",
        BodyShape::OtherJson => "JSON that is not an object",
        BodyShape::Other => "a body that is not JSON",
    };
    let seen = reply
        .answer
        .problems
        .first()
        .map_or("nothing", |problem| &problem.seen);
    Verdict::hit(
        Hit::new(
            format!("expected a JSON object in the response, found {what}"),
            call.dialled.url.clone(),
            Place::http("answer body"),
            "respond with a WebhookResponse as a JSON object; if the body is a page, check what is in front of the application",
        )
        .evidence("found", seen),
    )
}

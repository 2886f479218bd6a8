//! MT511.

use crate::{
    context::Context,
    facts::{BodyShape, Call, Place},
    finding::{Hit, Verdict},
    rule,
    rules::client::help,
};

rule! {
    /// ## What it finds
    ///
    /// A response that is JSON but does not say so in its Content-Type.
    ///
    /// ## Why it matters
    ///
    /// Dialogflow documents the response as a JSON body and does not mention the header; other
    /// senders differ, so sending it is safer.
    ///
    /// ## How to fix it
    ///
    /// Send the header.
    ///
    /// ```text
    /// content-type: application/json
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8259 section 11, 2017-12
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    pub static RULE = MT511 {
        name: "webhook-content-type",
        severity: Warning,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8259 section 11", "2017-12"), ("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: [],
        symptoms: [],
        check: Call(check),
        fires_on: || CallFixture::good().reply(|reply| reply.headers.clear()).done(),
        silent_on: || CallFixture::good().reply(|reply| reply.headers[0].value = "Application/JSON; charset=utf-8".into()).done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    let Some(reply) = help::answered(call) else {
        return Verdict::NotApplicable(help::NOTHING);
    };
    if reply.answer.shape != BodyShape::Json {
        return Verdict::NotApplicable("the body is not a JSON object");
    }
    let seen = reply.header("content-type").unwrap_or("none");
    let media = seen
        .split(';')
        .next()
        .unwrap_or_default()
        .trim()
        .to_ascii_lowercase();
    if media == "application/json" || media.ends_with("+json") {
        return Verdict::Pass;
    }
    Verdict::hit(Hit::new(
        format!("expected content-type application/json, found {seen}"),
        call.dialled.url.clone(),
        Place::http("answer header content-type"),
        "send the header content-type: application/json",
    ))
}

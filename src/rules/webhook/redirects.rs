//! MT506.

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
    /// A response that redirects the sender (3xx).
    ///
    /// ## Why it matters
    ///
    /// No documentation that was read says that Dialogflow follows redirects; mtls does not
    /// either. Usual causes are a missing slash at the end of the path, a login page in front of
    /// the application, and a rule that redirects one host name to another.
    ///
    /// ## How to fix it
    ///
    /// Give the sender the URL that the redirect names.
    ///
    /// ```text
    /// curl -i https://webhook.example/hook
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9110 section 15.4, 2022-06
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook does not speak of redirects, 2026-04-13
    pub static RULE = MT506 {
        name: "webhook-redirects",
        severity: Error,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 9110 section 15.4", "2022-06"), ("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: [],
        symptoms: [],
        check: Call(check),
        fires_on: || CallFixture::good().reply(|reply| reply.status = 302).done(),
        silent_on: || CallFixture::good().done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    let Some(reply) = help::to_judge(call) else {
        return Verdict::NotApplicable(help::NOTHING);
    };
    if !(300..400).contains(&reply.status) {
        return Verdict::Pass;
    }
    let to = reply.header("location").unwrap_or("no location");
    Verdict::hit(
        Hit::new(
            format!("the webhook answered {} with a redirect to {to}; it is not documented that the sender follows", reply.status),
            call.dialled.url.clone(),
            Place::http("answer header location"),
            "give the sender the URL that the redirect names",
        )
        .evidence("location", to),
    )
}

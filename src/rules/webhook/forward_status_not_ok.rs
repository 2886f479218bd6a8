//! MT544.

use crate::{
    context::Context,
    facts::{HttpExchange, Place},
    finding::{Hit, Verdict},
    rule,
    rules::webhook::forwarded,
};

rule! {
    /// ## What it finds
    ///
    /// A Dialogflow request that the application behind `mtls listen --forward-to` answered with a
    /// status other than 2xx.
    ///
    /// ## Why it matters
    ///
    /// Dialogflow treats the call as failed: ES continues with the responses of the intent itself,
    /// CX raises a webhook error. What other senders make of a status is not known here, so that
    /// only Dialogflow's requests are judged.
    ///
    /// ## How to fix it
    ///
    /// Check the application's log for this request.
    ///
    /// ```text
    /// curl -i --json '{}' http://127.0.0.1:3000/hook
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    pub static RULE = MT544 {
        name: "forward-status-not-ok",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: [],
        symptoms: [],
        check: Http(check),
        fires_on: || Fixture::good().http(|exchange| exchange.forward = Some(crate::rules::webhook::forwarded::answered(500, 12))).done(),
        silent_on: || Fixture::good().http(|exchange| exchange.forward = Some(crate::rules::webhook::forwarded::answered(204, 12))).done(),
    }
}

fn check(exchange: &HttpExchange, _: &Context) -> Verdict {
    let Some(forward) = &exchange.forward else {
        return Verdict::NotApplicable(forwarded::NOT_PASSED_ON);
    };
    let Some((sender, _)) = forwarded::sender(exchange) else {
        return Verdict::NotApplicable("not a Dialogflow request");
    };
    let Some(status) = forward.status else {
        return Verdict::NotApplicable("the application gave no status");
    };
    if (200..300).contains(&status) {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            format!(
                "expected status 200, the application answered {status}: {sender} treats the call as failed"
            ),
            forward.to.clone(),
            Place::http("answer status"),
            "check the application's log for this request",
        )
        .evidence("status", status.to_string()),
    )
}

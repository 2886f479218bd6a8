//! MT541.

use crate::{
    context::Context,
    facts::{ForwardFault, HttpExchange, Place},
    finding::{Hit, Verdict},
    rule,
    rules::webhook::forwarded,
};

rule! {
    /// ## What it finds
    ///
    /// An application behind `mtls listen --forward-to` that did not answer within
    /// `--forward-timeout` (the sender got HTTP 504), or that answered later than the sender of the
    /// request waits.
    ///
    /// ## Why it matters
    ///
    /// Dialogflow ES waits 5 seconds; CX waits 5 seconds unless the webhook resource says otherwise
    /// (30 at most). After that it continues without the webhook, and an answer that comes then is
    /// for nobody. How long other senders wait is not known here.
    ///
    /// ## How to fix it
    ///
    /// Respond first and work later; keep an instance warm; raise the timeout in CX.
    ///
    /// ```text
    /// mtls listen --forward-to http://127.0.0.1:3000 --forward-timeout 5s
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    /// - googleapis, google/cloud/dialogflow/cx/v3/webhook.proto, Webhook.timeout, 2026-08-22
    pub static RULE = MT541 {
        name: "forward-slow",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13"), ("googleapis google/cloud/dialogflow/{v2,cx/v3}/webhook.proto", "2026-08-22")],
        faults: [],
        symptoms: [],
        check: Http(check),
        fires_on: || Fixture::good().http(|exchange| exchange.forward = Some(crate::rules::webhook::forwarded::answered(200, 5400))).done(),
        silent_on: || Fixture::good().http(|exchange| exchange.forward = Some(crate::rules::webhook::forwarded::answered(200, 4900))).done(),
    }
}

const REMEDY: &str = "respond first and work later, or keep an instance warm";

fn check(exchange: &HttpExchange, _: &Context) -> Verdict {
    let Some(forward) = &exchange.forward else {
        return Verdict::NotApplicable(forwarded::NOT_PASSED_ON);
    };
    // An answer is there when its last byte is; who left did not wait for it.
    let took = match (exchange.abandoned, forward.error.is_some()) {
        (None, false) => forward.timings_ms.total.or(forward.timings_ms.answer),
        _ => forward.timings_ms.answer,
    };
    let late = took.and_then(|took| {
        let (sender, limit) = forwarded::sender(exchange)?;
        (u128::from(took) > limit.as_millis()).then_some((took, sender, limit))
    });
    let Some((took, sender, limit)) = late else {
        return forwarded::failure(
            exchange,
            ForwardFault::Slow,
            "the application is too slow",
            REMEDY,
        );
    };
    Verdict::hit(
        Hit::new(
            format!(
                "the application took {:.1} s to answer, expected at most {} s: {sender} then gives up",
                took as f64 / 1000.0,
                limit.as_secs()
            ),
            forward.to.clone(),
            Place::http("answer"),
            REMEDY,
        )
        .evidence("answer", format!("after {took} ms")),
    )
}

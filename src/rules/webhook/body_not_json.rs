//! MT501.

use crate::{
    context::Context,
    facts::{HttpExchange, Place},
    finding::{Hit, Severity, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A POST whose body is not JSON.
    ///
    /// ## Why it matters
    ///
    /// Webhook senders post JSON objects. A body that is something else was cut off, was written by
    /// hand with the wrong quotes, or is still compressed. The application answers with an error,
    /// and from a distance it looks like a TLS problem.
    ///
    /// ## How to fix it
    ///
    /// Check the body that the sender sends:
    ///
    /// ```text
    /// curl --json @request.json https://your-webhook.example/
    /// python3 -m json.tool < request.json
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8259 (JSON)
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, version of 2026-04-13
    pub static RULE = MT501 {
        name: "body-not-json",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [
            ("RFC 8259", "2017-12"),
            ("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13"),
        ],
        faults: [],
        symptoms: [Says("unexpected token"), Says("failed to parse webhook json")],
        check: Http(check),
        fires_on: || Fixture::good().http(|exchange| {
            exchange.body = "text=Hi".into();
            exchange.json_ok = Some(false);
            exchange.json_problem = Some("expected value at line 1 column 2".into());
            exchange.kind = RequestKind::Other;
        }).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(exchange: &HttpExchange, _: &Context) -> Verdict {
    if exchange.method != "POST" {
        return Verdict::NotApplicable("not a POST");
    }
    if exchange.limit.is_some() {
        return Verdict::NotApplicable("the request was not read completely");
    }
    match exchange.json_ok {
        None => Verdict::NotApplicable("the request has no body"),
        Some(true) => Verdict::Pass,
        Some(false) => {
            let problem = exchange.json_problem.as_deref().unwrap_or("unknown reason");
            let hit = Hit::new(
                format!("the request body is not JSON: {problem}"),
                format!("{} {}", exchange.method, exchange.path),
                Place::http("body"),
                "check the body that the sender sends",
            )
            .evidence("length", format!("{} bytes", exchange.body_bytes))
            .check("python3 -m json.tool < request.json");
            // Who posts a form says so, and is no sender of JSON.
            Verdict::hit(match exchange.says_other_than_json() {
                true => hit.severity(Severity::Note),
                false => hit,
            })
        }
    }
}

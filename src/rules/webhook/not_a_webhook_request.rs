//! MT504.

use crate::{
    context::Context,
    dialogflow::Api,
    facts::{HttpExchange, Place, RequestKind},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A POST of a JSON object that is not a known webhook request: neither Dialogflow ES
    /// (`queryResult`, `session`) nor Dialogflow CX (`detectIntentResponseId`, `fulfillmentInfo`).
    ///
    /// ## Why it matters
    ///
    /// The connection is fine, but an application written for the sender will not find its fields.
    /// Flexible webhooks of Dialogflow CX have a body format of their own, and look like this.
    ///
    /// ## How to fix it
    ///
    /// If it was a test, post a real request. If it is a flexible webhook, there is nothing to fix.
    ///
    /// ```text
    /// curl --json '{"responseId":"1","session":"projects/p/agent/sessions/s","queryResult":{"queryText":"Hi"}}' https://your-webhook.example/
    /// ```
    ///
    /// ## References
    ///
    /// - googleapis, google/cloud/dialogflow/v2/webhook.proto and cx/v3/webhook.proto, 2026-08-22
    pub static RULE = MT504 {
        name: "not-a-webhook-request",
        severity: Note,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("googleapis google/cloud/dialogflow/{v2,cx/v3}/webhook.proto", "2026-08-22")],
        faults: [],
        symptoms: [],
        check: Http(check),
        fires_on: || Fixture::good().http(|exchange| {
            exchange.body = r#"{"hello":"world"}"#.into();
            exchange.kind = RequestKind::Other;
        }).done(),
        silent_on: || Fixture::good().http(|exchange| {
            exchange.body = "[1]".into();
            exchange.kind = RequestKind::Other;
        }).done(),
    }
}

fn check(exchange: &HttpExchange, context: &Context) -> Verdict {
    let named = context.profile.map(|profile| profile.name.as_str());
    let speaks_dialogflow = |name| Api::ALL.iter().any(|api| api.profile() == name);
    if named.is_some_and(|name| !speaks_dialogflow(name)) {
        return Verdict::NotApplicable(
            "another sender is expected, whose requests have other fields",
        );
    }
    if exchange.body_omitted.is_some() && exchange.kind == RequestKind::Other {
        return Verdict::NotApplicable("the body was not kept");
    }
    let object = exchange.json_ok == Some(true) && exchange.body.trim_start().starts_with('{');
    if exchange.method != "POST" || !object {
        return Verdict::NotApplicable("not a POST of a JSON object");
    }
    if exchange.kind != RequestKind::Other {
        return Verdict::Pass;
    }
    Verdict::hit(Hit::new(
        "expected the fields of a Dialogflow ES or CX request, found another JSON object",
        format!("{} {}", exchange.method, exchange.path),
        Place::http("body"),
        "post a real request if this was a test; for a flexible CX webhook there is nothing to fix",
    ))
}

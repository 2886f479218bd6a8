//! MT532.

use crate::{
    context::Context,
    facts::{HttpExchange, Place, RequestKind},
    finding::{Hit, Verdict},
    rule,
    rules::help::shell,
};

rule! {
    /// ## What it finds
    ///
    /// A webhook request without the session parameter that `--expect-parameter` requires, or with
    /// another value.
    ///
    /// ## Why it matters
    ///
    /// Google's page on mutual TLS for Dialogflow ES names two ways to tell your own agent from
    /// others': the bearer token, and a session parameter that your own server sets when it detects
    /// the intent. In CX it is in `sessionInfo.parameters`; in ES in
    /// `originalDetectIntentRequest.payload`, in the parameters of an output context, or in
    /// `queryResult.parameters`.
    ///
    /// ## How to fix it
    ///
    /// Set the parameter with `detectIntent`, and compare it in the webhook.
    ///
    /// ```text
    /// mtls listen --expect-parameter shared-secret=s3cr3t
    /// ```
    ///
    /// ## References
    ///
    /// - Dialogflow ES documentation, mutual TLS authentication, best practice, read 2026-11-23
    pub static RULE = MT532 {
        name: "session-parameter-missing",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("Dialogflow ES documentation, mutual TLS authentication, best practice, read", "2026-11-23")],
        faults: [],
        symptoms: [],
        check: Http(check),
        fires_on: || case(Some(("key", "\"other\""))),
        silent_on: || case(Some(("key", "\"value\""))),
    }
}

#[cfg(test)]
fn case(parameter: Option<(&str, &str)>) -> (crate::facts::Case, Context) {
    let (case, mut context) = crate::rules::fixture::Fixture::good()
        .http(|exchange| {
            exchange.parameters = Some(
                parameter
                    .into_iter()
                    .map(|(name, value)| (name.to_owned(), value.to_owned()))
                    .collect(),
            );
        })
        .done();
    context
        .expected_parameters
        .push(("key".to_owned(), "value".to_owned()));
    (case, context)
}

fn check(exchange: &HttpExchange, context: &Context) -> Verdict {
    if context.expected_parameters.is_empty() {
        return Verdict::NotApplicable("no session parameter is required");
    }
    let Some(parameters) = &exchange.parameters else {
        if exchange.kind == RequestKind::Other {
            return Verdict::NotApplicable("not a Dialogflow request");
        }
        return Verdict::hit(Hit::new(
            "unknown whether the session parameter is present: the request's parameters were too long to keep",
            format!("{} {}", exchange.method, exchange.path),
            Place::http("body"),
            "send fewer or shorter session parameters",
        ));
    };
    let hits = context.expected_parameters.iter().filter_map(|(name, wanted)| {
        let message = match parameters.get(name) {
            // A string, or any other value as JSON.
            Some(seen) if *seen == json(wanted) || seen == wanted => return None,
            // The value is a shared secret: neither the expected nor the actual one is shown.
            Some(_) => format!("the session parameter `{name}` does not have the expected value"),
            None => format!(
                "expected the session parameter `{name}`, the request has {}",
                if parameters.is_empty() {
                    "none".to_owned()
                } else {
                    parameters.keys().cloned().collect::<Vec<_>>().join(", ")
                }
            ),
        };
        Some(
            Hit::new(
                message,
                format!("{} {}", exchange.method, exchange.path),
                Place::http("body"),
                "set the parameter with detectIntent on your own server, and compare it in the webhook",
            )
            .check(format!(
                "mtls simulate URL --event cx --set {}",
                shell(&format!("/sessionInfo/parameters/{name}=VALUE"))
            )),
        )
    });
    Verdict::from_hits(hits.collect())
}

fn json(text: &str) -> String {
    serde_json::Value::from(text).to_string()
}

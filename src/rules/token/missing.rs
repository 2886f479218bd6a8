//! MT520.

use crate::{
    context::Context,
    facts::{HttpExchange, Place, RequestKind},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A webhook request without a bearer token, if `--verify-token` requires one on every request.
    ///
    /// ## Why it matters
    ///
    /// The client certificate is the same for every customer of the sender. Without a token nothing
    /// ties the call to a project.
    ///
    /// ## How to fix it
    ///
    /// Leave the agent's authentication at its default; basic authentication or an authorization
    /// header of its own replaces the token.
    ///
    /// ```text
    /// mtls listen --verify-token --jwks jwks.json --project-number NUMBER
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, 2026-04-13
    pub static RULE = MT520 {
        name: "token-missing",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13")],
        faults: [],
        symptoms: [],
        check: Http(check),
        fires_on: || {
            let (case, mut context) = Fixture::good().http(|exchange| {
                exchange.token = None;
                exchange.headers.push(Header { name: "authorization".into(), value: "<not shown>".into() });
            }).done();
            context.verify_token = true;
            (case, context)
        },
        silent_on: || {
            let (case, mut context) = Fixture::good().done();
            context.verify_token = true;
            (case, context)
        },
    }
}

fn check(exchange: &HttpExchange, context: &Context) -> Verdict {
    if !context.verify_token {
        return Verdict::NotApplicable("no token check was requested");
    }
    if exchange.kind == RequestKind::Other {
        return Verdict::NotApplicable("not a Dialogflow request");
    }
    if exchange.token.is_some() {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            "expected a bearer token, the request has none",
            format!("{} {}", exchange.method, exchange.path),
            Place::http("header authorization"),
            "leave the agent's authentication at its default: basic authentication or its own header replaces the token",
        )
        .step("mtls token mint --jwks-out jwks.json   # a token to test with"),
    )
}

//! MT502.

use crate::{
    context::Context,
    facts::{HttpExchange, Place, RequestKind},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A Dialogflow request without an `Authorization` header.
    ///
    /// ## Why it matters
    ///
    /// Mutual TLS says who calls, not for which customer: every customer's webhook is called with
    /// the same client certificate. By default Dialogflow also sends an identity token as a Bearer
    /// token, whose `email` claim names the agent's project; its page on mutual TLS recommends
    /// checking it, or your own session parameter. A call without any credential comes from a test,
    /// or from an agent whose settings turn the token off.
    ///
    /// ## How to fix it
    ///
    /// Leave the agent's authentication at its default, and check the token's signature, audience
    /// and `email` (`mtls profiles show dialogflow` has its form). For a test, send a token by
    /// hand:
    ///
    /// ```text
    /// curl --cert client.pem --key key.pem --oauth2-bearer "$TOKEN" --json @request.json https://your-webhook.example/
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/docs/fulfillment-webhook, version of 2026-04-13 (service identity tokens)
    /// - Dialogflow ES documentation, mutual TLS authentication, section on best practice, read 2026-11-23
    pub static RULE = MT502 {
        name: "no-credential",
        severity: Note,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("docs.cloud.google.com/dialogflow/docs/fulfillment-webhook", "2026-04-13"),
            ("Dialogflow ES documentation, mutual TLS authentication, best practice, read", "2026-11-23"),
        ],
        faults: [],
        symptoms: [],
        check: Http(check),
        fires_on: || Fixture::good().http(|exchange| exchange.token = None).done(),
        silent_on: || Fixture::good().http(|exchange| {
            exchange.token = None;
            exchange.kind = RequestKind::Other;
            exchange.json_ok = None;
        }).done(),
    }
}

fn check(exchange: &HttpExchange, _: &Context) -> Verdict {
    if exchange.kind == RequestKind::Other {
        return Verdict::NotApplicable("not a Dialogflow request");
    }
    let header = exchange
        .headers
        .iter()
        .any(|header| header.name == "authorization");
    if exchange.token.is_some() || header {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            "expected a Bearer token that names the project, the request has no credential",
            format!("{} {}", exchange.method, exchange.path),
            Place::http("header authorization"),
            "leave the agent's authentication at its default, and check the token's signature, audience and email claim",
        )
        .check("curl --cert client.pem --key key.pem --oauth2-bearer \"$TOKEN\" --json @request.json https://your-webhook.example/"),
    )
}

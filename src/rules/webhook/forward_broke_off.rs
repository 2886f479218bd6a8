//! MT542.

use crate::{
    context::Context,
    facts::{ForwardFault, HttpExchange},
    finding::Verdict,
    rule,
    rules::webhook::forwarded,
};

rule! {
    /// ## What it finds
    ///
    /// An application behind `mtls listen --forward-to` that closed the connection before its
    /// answer was whole. Before the first byte of it the sender got HTTP 502; after that the
    /// connection to the sender was closed too, so that nobody takes half an answer for a whole one.
    ///
    /// ## Why it matters
    ///
    /// The request may have been worked on: a sender that tries again has it done twice.
    ///
    /// ## How to fix it
    ///
    /// Check the application's log for this request: a crash, a worker that was killed, a
    /// Content-Length that is larger than the body.
    ///
    /// ```text
    /// curl -i --json '{}' http://127.0.0.1:3000/hook
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9112 section 8 (handling incomplete messages)
    pub static RULE = MT542 {
        name: "forward-broke-off",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 9112 section 8", "2022-06")],
        faults: [],
        symptoms: [],
        check: Http(check),
        fires_on: || Fixture::good().http(|exchange| exchange.forward = Some(crate::rules::webhook::forwarded::failed(ForwardFault::BrokeOff))).done(),
        silent_on: || Fixture::good().http(|exchange| exchange.forward = Some(crate::rules::webhook::forwarded::answered(200, 12))).done(),
    }
}

fn check(exchange: &HttpExchange, _: &Context) -> Verdict {
    forwarded::failure(
        exchange,
        ForwardFault::BrokeOff,
        "the application broke off its answer",
        "check the application's log for this request",
    )
}

//! MT540.

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
    /// A request that `mtls listen --forward-to` could not pass on: there was no connection to the
    /// application. The sender got HTTP 502.
    ///
    /// ## Why it matters
    ///
    /// The certificate is fine and the call fails all the same. Dialogflow treats 502 as a failed
    /// call.
    ///
    /// ## How to fix it
    ///
    /// Start the application, or correct the address. `connection refused`: nothing listens there.
    /// A name that is found and refuses may listen on another address of the same name: some
    /// servers listen on `::1` only, some on `127.0.0.1` only. Inside a container `localhost` is
    /// the container.
    ///
    /// ```text
    /// curl -i http://127.0.0.1:3000/
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9110 section 15.6.3 (502 Bad Gateway)
    pub static RULE = MT540 {
        name: "forward-down",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 9110 section 15.6.3", "2022-06")],
        faults: [],
        symptoms: [],
        check: Http(check),
        fires_on: || Fixture::good().http(|exchange| exchange.forward = Some(crate::rules::webhook::forwarded::failed(ForwardFault::Down))).done(),
        silent_on: || Fixture::good().http(|exchange| exchange.forward = Some(crate::rules::webhook::forwarded::answered(200, 12))).done(),
    }
}

fn check(exchange: &HttpExchange, _: &Context) -> Verdict {
    forwarded::failure(
        exchange,
        ForwardFault::Down,
        "the application cannot be reached",
        "start the application, or correct --forward-to",
    )
}

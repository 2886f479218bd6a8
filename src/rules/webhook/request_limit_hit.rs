//! MT503.

use crate::{
    context::Context,
    facts::{HttpExchange, Place},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// An HTTP request that exceeded a limit of mtls: a header or body that is too long, or
    /// a request that is too slow.
    ///
    /// ## Why it matters
    ///
    /// The request is shown and checked only in part. Servers have their own limits (nginx accepts
    /// 1 MiB of body by default) and answer 413, 414 or 431 beyond them.
    ///
    /// ## How to fix it
    ///
    /// Send less, or raise the limit in the server.
    ///
    /// ```text
    /// # nginx    client_max_body_size 4m;  large_client_header_buffers 4 16k;
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9110, section 15.5.14 (413 Content Too Large)
    pub static RULE = MT503 {
        name: "request-limit-hit",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 9110 section 15.5.14", "2022-06")],
        faults: [],
        symptoms: [Says("413 request entity too large"), Says("client intended to send too large body")],
        check: Http(check),
        fires_on: || Fixture::good().http(|exchange| {
            exchange.limit = Some("the body is longer than 1048576 bytes".into());
            exchange.json_ok = Some(false);
        }).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(exchange: &HttpExchange, _: &Context) -> Verdict {
    let Some(limit) = &exchange.limit else {
        return Verdict::Pass;
    };
    Verdict::hit(
        Hit::new(
            format!("the request exceeded a limit: {limit}"),
            format!("{} {}", exchange.method, exchange.path),
            Place::http("request"),
            "send less, or raise the limit in the server",
        )
        .evidence("body read", format!("{} bytes", exchange.body_bytes)),
    )
}

//! MT513.

use crate::{
    context::Context,
    facts::{Abandoned, Case, Place},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A request whose client left before it was answered: it closed or reset the connection, or
    /// cancelled the request (HTTP/2 `RST_STREAM`). The time is given in milliseconds after the
    /// request's header section.
    ///
    /// ## Why it matters
    ///
    /// A client that gives up after a fixed time has a timeout, and the response took longer: `mtls
    /// listen --delay` finds the timeout. The webhook may have done its work all the same, and does
    /// it again when the client retries.
    ///
    /// ## How to fix it
    ///
    /// Respond sooner, or give the client a longer timeout. A half-closed connection is not an
    /// abandoned one (the client still reads): for HTTP/1.1 the finding needs a reset in reply to
    /// the response.
    ///
    /// ```text
    /// mtls listen --delay 3s
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9112 section 9.5 (failures and timeouts)
    /// - RFC 9113 section 5.4.2 (stream error handling)
    pub static RULE = MT513 {
        name: "request-abandoned",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 9112 section 9.5", "2022-06"), ("RFC 9113 section 5.4.2", "2022-06")],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || Fixture::good().http(|exchange| {
            exchange.answer = None;
            exchange.abandoned = Some(Abandoned { after_ms: 512, how: Left::Closed, within: false });
        }).done(),
        silent_on: || Fixture::good().http(|exchange| {
            exchange.answer = None;
            exchange.abandoned = Some(Abandoned { after_ms: 512, how: Left::Interrupted, within: false });
        }).done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    if case.accepted().is_none() {
        return Verdict::NotApplicable("no connection was seen");
    }
    let mut left = case.http().iter().filter_map(|exchange| {
        let abandoned = exchange.abandoned.filter(Abandoned::by_client)?;
        Some((exchange, abandoned))
    });
    let Some((exchange, first)) = left.next() else {
        return Verdict::Pass;
    };
    let more = match left.count() {
        0 => String::new(),
        more => format!("; and {more} more on this connection"),
    };
    Verdict::hit(
        Hit::new(
            format!("the request was abandoned: {}{more}", first.words()),
            format!("{} {}", exchange.method, exchange.path),
            Place::http("request"),
            "respond sooner, or give the client a longer timeout",
        )
        .evidence("left after", format!("{} ms", first.after_ms)),
    )
}

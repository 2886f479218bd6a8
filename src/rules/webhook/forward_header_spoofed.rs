//! MT543.

use crate::{
    context::Context,
    facts::{HttpExchange, Place},
    finding::{Hit, Verdict},
    rule,
    rules::webhook::forwarded,
};

rule! {
    /// ## What it finds
    ///
    /// A request that came with a header by which proxies tell an application of a verified client
    /// certificate (`X-Mtls-*`, `Client-Cert`, `X-Forwarded-Client-Cert`, `X-SSL-Client-*`,
    /// `X-Amzn-Mtls-*` and the like, an underscore counting as a hyphen). A listener with
    /// `--forward-to` removes it and writes its own.
    ///
    /// ## Why it matters
    ///
    /// Only whoever ends the TLS connection knows which certificate came. An application that
    /// believes such a header from outside believes anybody. The header may also come from a proxy
    /// of yours in front of `mtls listen`; then the certificate seen here is the proxy's.
    ///
    /// ## How to fix it
    ///
    /// Nothing has reached the application. Check that whatever ends TLS in production removes
    /// these headers too.
    ///
    /// ```text
    /// mtls lint /etc/nginx/nginx.conf
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9440 section 2.4 (sanitising Client-Cert)
    pub static RULE = MT543 {
        name: "forward-header-spoofed",
        severity: Warning,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 9440 section 2.4", "2023-07")],
        faults: [],
        symptoms: [],
        check: Http(check),
        fires_on: || Fixture::good().http(|exchange| exchange.forward = Some(Forward {
            removed: vec!["client-cert".to_owned()],
            ..crate::rules::webhook::forwarded::answered(200, 12)
        })).done(),
        silent_on: || Fixture::good().http(|exchange| exchange.forward = Some(crate::rules::webhook::forwarded::answered(200, 12))).done(),
    }
}

fn check(exchange: &HttpExchange, _: &Context) -> Verdict {
    let Some(forward) = &exchange.forward else {
        return Verdict::NotApplicable(forwarded::NOT_PASSED_ON);
    };
    let names = forward.removed.join(", ");
    let what = match forward.removed.len() {
        0 => return Verdict::Pass,
        1 => "1 header that only a proxy may set".to_owned(),
        more => format!("{more} headers that only a proxy may set"),
    };
    Verdict::hit(
        Hit::new(
            format!("the request came with {what}, removed before it was passed on: {names}"),
            format!("{} {}", exchange.method, exchange.path),
            Place::http("header"),
            "check that what ends TLS in production removes these headers too",
        )
        .evidence("removed", names),
    )
}

//! MT901.

use crate::{
    context::Context,
    facts::{Accepted, FirstBytes, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A connection that begins with a plain HTTP request instead of a TLS handshake.
    ///
    /// ## Why it matters
    ///
    /// The URL says `http://`, or something in between (a load balancer, a tunnel) terminates TLS
    /// and forwards plain HTTP. In the second case mutual TLS ends there, and no client certificate
    /// can arrive here. nginx answers "400 The plain HTTP request was sent to HTTPS port"; OpenSSL
    /// says `http request`, Go "client sent an HTTP request to an HTTPS server".
    ///
    /// ## How to fix it
    ///
    /// Use `https://` in the sender. If a proxy is in between, make it pass TLS through or
    /// re-encrypt, and check client certificates there.
    ///
    /// ```text
    /// # HAProxy  mode tcp;  server webhook 10.0.0.5:443
    /// # nginx    stream { server { listen 443; proxy_pass 10.0.0.5:443; } }
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9110, section 4.2.2 (https URI scheme)
    pub static RULE = MT901 {
        name: "plain-http-on-tls-port",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 9110 section 4.2.2", "2022-06")],
        faults: ["plain-http-to-https-port"],
        symptoms: [
            Says("http request"), Says("the plain http request was sent to https port"),
            Says("client sent an http request to an https server"), Says("invalidcontenttype"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good()
            .first_bytes(FirstBytes::PlainHttp { request_line: "POST /hook HTTP/1.1".into() }).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(handshake: &Accepted, _: &Context) -> Verdict {
    let seen = match &handshake.first_bytes {
        FirstBytes::PlainHttp { request_line } => request_line.clone(),
        FirstBytes::PlainHttp2 => "the HTTP/2 preface".to_owned(),
        FirstBytes::Nothing => return Verdict::NotApplicable("nothing was received"),
        _ => return Verdict::Pass,
    };
    Verdict::hit(
        Hit::new(
            format!("expected a TLS handshake, found plain HTTP (\"{seen}\")"),
            handshake.peer.clone(),
            Place::wire(Side::Client, "first bytes"),
            "use https:// in the sender; if a proxy in between terminates TLS, make it pass TLS through or check client certificates there",
        )
        .evidence("first bytes", seen)
        .check("curl -v --cert client.pem --key key.pem https://your-webhook.example/"),
    )
}

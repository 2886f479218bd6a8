//! MT304.

use crate::{
    context::Context,
    facts::{Accepted, Place, Side},
    finding::{Hit, Verdict},
    rule,
    rules::help::asked_host,
};

rule! {
    /// ## What it finds
    ///
    /// A ClientHello that offers application protocols (ALPN), but neither `http/1.1` nor `h2`.
    ///
    /// ## Why it matters
    ///
    /// A webhook speaks HTTP. A server that is strict about ALPN ends such a handshake with
    /// `no_application_protocol` (alert 120). `acme-tls/1` comes from a CA that validates a domain;
    /// other names come from clients for another protocol.
    ///
    /// ## How to fix it
    ///
    /// Add `http/1.1` to the client's list, or leave the extension out.
    ///
    /// ```text
    /// openssl s_client -connect your-webhook.example:443 -alpn http/1.1
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 7301, section 3.2 (protocol selection)
    pub static RULE = MT304 {
        name: "alpn-without-http",
        severity: Warning,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 7301 section 3.2", "2014-07")],
        faults: ["alpn-mismatch-client-only-bogus"],
        symptoms: [
            Alert(120), Says("no application protocol"), Says("client requested unsupported application protocols"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good().hello(|hello| hello.alpn = Some(vec!["mqtt".into()])).done(),
        silent_on: || Fixture::good().hello(|hello| hello.alpn = None).done(),
    }
}

fn check(handshake: &Accepted, context: &Context) -> Verdict {
    let Some(hello) = &handshake.hello else {
        return Verdict::NotApplicable("no complete ClientHello was read");
    };
    let Some(offered) = &hello.alpn else {
        return Verdict::NotApplicable("the client offers no application protocol");
    };
    if offered
        .iter()
        .any(|name| name == "h2" || name == "http/1.1")
    {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            format!(
                "expected http/1.1 or h2 in ALPN, found {}",
                offered.join(", ")
            ),
            handshake.peer.clone(),
            Place::wire(Side::Client, "ClientHello"),
            "add http/1.1 to the client's list of protocols, or send no list",
        )
        .check(format!(
            "openssl s_client -connect {}:443 -alpn http/1.1",
            asked_host(handshake, context)
        )),
    )
}

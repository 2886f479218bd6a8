//! MT423.

use crate::{
    context::Context,
    facts::{Call, Expected, Outcome, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A webhook that finished the handshake without asking for a client certificate, and answered.
    ///
    /// ## Why it matters
    ///
    /// There is no mutual TLS here: whoever reaches the port is served. A server may still ask later, for one path only (renegotiation in
    /// TLS 1.2, post-handshake authentication in TLS 1.3); no sender of webhooks is known to take part in that.
    ///
    /// ## How to fix it
    ///
    /// Let the server ask for a certificate and require it.
    ///
    /// ```text
    /// nginx: ssl_verify_client on;
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446 section 4.3.2, 2018-08
    pub static RULE = MT423 {
        name: "client-certificate-not-asked",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.3.2", "2018-08")],
        faults: [],
        symptoms: [],
        check: Call(check),
        fires_on: || super::fixture_call::CallFixture::good().call(|call| call.asked = Some(false)).done(),
        silent_on: || super::fixture_call::CallFixture::good().done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    if call.outcome() != Outcome::Accepted || call.expected == Expected::Reject {
        return Verdict::NotApplicable("not a call of a good client that was let in");
    }
    if call.asked != Some(false) {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            "the webhook never asked for a client certificate, wanted a CertificateRequest: this is no mutual TLS",
            call.url.clone(),
            Place::wire(Side::Server, "CertificateRequest"),
            "let the server ask for a client certificate, require it and verify it",
        )
        .command("nginx:   ssl_verify_client on; ssl_client_certificate clients.pem;")
        .command(format!("mtls simulate {} --matrix", call.url)),
    )
}

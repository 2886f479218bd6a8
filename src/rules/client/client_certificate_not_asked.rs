//! MT423.

use crate::{
    context::Context,
    facts::{Case, Expected, Outcome, Phase, Place, Side},
    finding::{Hit, Severity, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A webhook that finished the handshake without asking for a client certificate, and answered. `inspect`, which looks at any
    /// server, makes it a note.
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
        check: Case(check),
        fires_on: || CallFixture::good().call(|call| call.visit.asked = Some(false)).done(),
        silent_on: || CallFixture::good().done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    let probe = case.inspected.as_ref().and_then(|one| one.probe.as_ref());
    let (visit, severity) = match (&case.call, probe) {
        (Some(call), _)
            if call.outcome() == Outcome::Accepted && call.expected == Expected::Accept =>
        {
            (&call.visit, Severity::Warning)
        }
        (None, Some(probe)) if probe.visit.ending.phase >= Phase::Http => {
            (&probe.visit, Severity::Note)
        }
        _ => return Verdict::NotApplicable("not a client that was let in"),
    };
    if visit.asked != Some(false) {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            "the webhook never asked for a client certificate, wanted a CertificateRequest: this is no mutual TLS",
            visit.url.clone(),
            Place::wire(Side::Server, "CertificateRequest"),
            "let the server ask for a client certificate, require it and verify it",
        )
        .command("nginx:   ssl_verify_client on; ssl_client_certificate clients.pem;")
        .command(format!("mtls simulate {} --matrix", visit.url))
        .severity(severity),
    )
}

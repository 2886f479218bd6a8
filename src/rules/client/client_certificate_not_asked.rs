//! MT423.

use crate::{
    context::Context,
    facts::{Case, Expected, Outcome, Place, Side},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::help::shell,
};

rule! {
    /// ## What it finds
    ///
    /// A webhook that finished the handshake without requesting a client certificate, and answered.
    /// For `inspect`, which looks at any server, it is a note.
    ///
    /// ## Why it matters
    ///
    /// This is not mutual TLS: whoever reaches the port is served. A server may still request a
    /// certificate later, for one path only (renegotiation in TLS 1.2, post-handshake
    /// authentication in TLS 1.3); no webhook sender is known to support that.
    ///
    /// ## How to fix it
    ///
    /// Configure the server to request a client certificate and to require it.
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
        fires_on: || CallFixture::good().call(|call| call.dialled.asked = Some(false)).done(),
        silent_on: || CallFixture::good().done(),
    }
}

fn check(case: &Case, context: &Context) -> Verdict {
    let probe = case.probe();
    let (dialled, severity) = match (case.call(), probe) {
        (Some(call), _)
            if call.outcome() == Outcome::Accepted && call.expected == Expected::Accept =>
        {
            (&call.dialled, Severity::Warning)
        }
        (None, Some(probe)) if probe.dialled.tls.handshaken() => (&probe.dialled, Severity::Note),
        _ => return Verdict::NotApplicable("not a client that was accepted"),
    };
    if dialled.asked != Some(false) {
        return Verdict::Pass;
    }
    Verdict::hit(
        Hit::new(
            "server-only TLS: expected a CertificateRequest, the webhook sent none",
            dialled.url.clone(),
            Place::wire(Side::Server, "CertificateRequest"),
            "configure the server to request, require and verify a client certificate",
        )
        .setting("nginx:   ssl_verify_client on; ssl_client_certificate clients.pem;")
        .check(format!(
            "mtls simulate {}{} --matrix",
            shell(&dialled.url),
            context.reached_by
        ))
        .severity(severity),
    )
}

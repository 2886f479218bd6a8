//! MT420.

use crate::{
    context::Context,
    facts::{Call, Expected, Outcome, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A deliberately bad client certificate, or none at all, that the webhook accepted: it
    /// answered the request.
    ///
    /// ## Why it matters
    ///
    /// Mutual TLS that accepts everyone protects nothing, and looks exactly like mutual TLS that
    /// works: the sender notices no difference. Which bad client was accepted tells which setting
    /// is wrong. One without a certificate: verification is optional (nginx `optional`, Apache
    /// `optional`, Envoy without `require_client_certificate`, Python `CERT_OPTIONAL`, Go
    /// `VerifyClientCertIfGiven`). One that is self-signed or from an unknown CA: the certificate
    /// is requested but not verified (nginx and Apache `optional_no_ca`, HAProxy `ca-ignore-err
    /// all`, Node `rejectUnauthorized: false`, Go `RequireAnyClientCert`).
    ///
    /// ## How to fix it
    ///
    /// Configure the server to require and verify.
    ///
    /// ```text
    /// nginx: ssl_verify_client on;
    /// Apache: SSLVerifyClient require
    /// ```
    ///
    /// ## References
    ///
    /// - nginx documentation, ngx_http_ssl_module, ssl_verify_client, 2026-11
    /// - Apache httpd 2.4 documentation, mod_ssl, SSLVerifyClient, 2026-11
    pub static RULE = MT420 {
        name: "client-wrongly-accepted",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("nginx documentation, ngx_http_ssl_module", "2026-11"), ("RFC 8446 section 4.4.2.4", "2018-08")],
        faults: ["client-cert-not-sent", "client-self-signed", "client-unknown-ca"],
        symptoms: [],
        check: Call(check),
        fires_on: || CallFixture::good().bad("client-expired").done(),
        silent_on: || CallFixture::good().bad("client-expired").alert(45, "certificate_expired").done(),
    }
}

fn check(call: &Call, _: &Context) -> Verdict {
    if call.expected == Expected::Accept {
        return Verdict::NotApplicable("the client is to be accepted");
    }
    if call.differs.is_some() {
        return Verdict::NotApplicable("implementation-dependent for this client");
    }
    if call.outcome() != Outcome::Accepted {
        return Verdict::Pass;
    }
    let (cause, remedy) = cause(call);
    let mut hit = Hit::new(
        format!(
            "the webhook accepted `{}` ({}), expected a rejection: {cause}",
            call.client,
            call.how()
        ),
        call.dialled.url.clone(),
        Place::wire(Side::Client, "Certificate"),
        remedy,
    )
    .evidence(
        "certificate requested",
        match call.dialled.asked {
            Some(true) => "yes",
            Some(false) => "no",
            None => "unknown",
        },
    )
    .evidence("certificates sent", call.dialled.presented.to_string());
    for setting in ENFORCED {
        hit = hit.setting(*setting);
    }
    Verdict::hit(hit)
}

/// The settings of a server that enforces: with them it has none of the causes.
const ENFORCED: &[&str] = &[
    "nginx:   ssl_verify_client on;   (not optional, not optional_no_ca)",
    "Apache:  SSLVerifyClient require   (not optional, not optional_no_ca)",
    "HAProxy: verify required   (without ca-ignore-err, crt-ignore-err)",
    "Envoy:   require_client_certificate: true; trusted_ca, no ACCEPT_UNTRUSTED",
    "Caddy:   mode require_and_verify   (in client_auth)",
    "Node:    requestCert: true, rejectUnauthorized: true",
    "Go:      ClientAuth: tls.RequireAndVerifyClientCert",
];

/// The usual cause, and what to do about it.
fn cause(call: &Call) -> (&'static str, &'static str) {
    if call.dialled.asked == Some(false) {
        (
            "it never requested a client certificate",
            "request, require and verify client certificates, then repeat the call",
        )
    } else if call.dialled.presented == 0 {
        (
            "it requested a certificate and continued without one",
            "require a client certificate, then repeat the call",
        )
    } else {
        (
            "it requested a certificate and did not verify the one it received",
            "verify client certificates against the client-CA file, then repeat the call",
        )
    }
}

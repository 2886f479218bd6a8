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
    /// A client certificate that is bad on purpose, or none at all, and a webhook that answered the request all the same.
    ///
    /// ## Why it matters
    ///
    /// Mutual TLS that lets everybody in protects nothing, and looks exactly like mutual TLS that works: the sender notices no
    /// difference. Which bad client was let in tells which setting is at work. One without a certificate: verification is optional (nginx
    /// `optional`, Apache `optional`, Envoy without `require_client_certificate`, Python `CERT_OPTIONAL`, Go `VerifyClientCertIfGiven`).
    /// One that signed itself or comes from a strange authority: the certificate is asked for and not verified (nginx and Apache
    /// `optional_no_ca`, HAProxy `ca-ignore-err all`, Node `rejectUnauthorized: false`, Go `RequireAnyClientCert`).
    ///
    /// ## How to fix it
    ///
    /// Set the server to require and to verify.
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
        return Verdict::NotApplicable("the client is one that belongs in");
    }
    if call.differs.is_some() {
        return Verdict::NotApplicable("enforcing servers differ about this client");
    }
    if call.outcome() != Outcome::Accepted {
        return Verdict::Pass;
    }
    let (cause, settings) = cause(call);
    let mut hit = Hit::new(
        format!(
            "the webhook let `{}` in ({}), wanted a refusal: {cause}",
            call.client,
            call.how()
        ),
        call.visit.url.clone(),
        Place::wire(Side::Client, "Certificate"),
        "require a client certificate and verify it; then run the same call again",
    )
    .evidence(
        "asked for a certificate",
        match call.visit.asked {
            Some(true) => "yes",
            Some(false) => "no",
            None => "not seen",
        },
    )
    .evidence("certificates sent", call.visit.presented.to_string());
    for setting in settings {
        hit = hit.command(*setting);
    }
    Verdict::hit(hit)
}

/// The usual cause, and the settings that mend it.
fn cause(call: &Call) -> (&'static str, &'static [&'static str]) {
    const OPTIONAL: &[&str] = &[
        "nginx:   ssl_verify_client on;   (not optional)",
        "Apache:  SSLVerifyClient require   (not optional)",
        "HAProxy: verify required   (not optional)",
        "Envoy:   require_client_certificate: true",
        "Caddy:   client_auth { mode require_and_verify }",
        "Node:    requestCert: true, rejectUnauthorized: true",
        "Go:      ClientAuth: tls.RequireAndVerifyClientCert",
    ];
    const UNVERIFIED: &[&str] = &[
        "nginx:   ssl_verify_client on;   (not optional_no_ca)",
        "Apache:  SSLVerifyClient require   (not optional_no_ca)",
        "HAProxy: verify required   (without ca-ignore-err, crt-ignore-err)",
        "Envoy:   trusted_ca in validation_context, no ACCEPT_UNTRUSTED",
        "Caddy:   client_auth { mode require_and_verify }",
        "Node:    rejectUnauthorized: true",
        "Go:      ClientAuth: tls.RequireAndVerifyClientCert",
    ];
    if call.visit.asked == Some(false) {
        return ("it never asked for a client certificate", OPTIONAL);
    }
    if call.visit.presented == 0 {
        return (
            "it asked for a certificate and went on without one",
            OPTIONAL,
        );
    }
    (
        "it asked for a certificate and did not verify the one it got",
        UNVERIFIED,
    )
}

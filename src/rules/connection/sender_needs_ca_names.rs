//! MT460.

use crate::{
    context::Context,
    facts::{Place, Probe, Side},
    finding::{Hit, Verdict},
    profiles::Presented,
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A server that names no CA in its CertificateRequest, for a sender that presents its
    /// certificate only to a server that names one of its CAs.
    ///
    /// ## Why it matters
    ///
    /// Such a sender sends no certificate, and a server that requires one rejects the call. The
    /// server's own log shows only that no certificate came.
    ///
    /// ## How to fix it
    ///
    /// Have the server send the names of the CAs that it accepts. nginx sends those of
    /// `ssl_client_certificate`, and not those of `ssl_trusted_certificate`; Apache those of
    /// `SSLCADNRequestFile`, else of `SSLCACertificateFile`.
    ///
    /// ```text
    /// mtls inspect hook.example.com --profile docusign-connect
    /// ```
    ///
    /// ## References
    ///
    /// - developers.docusign.com/platform/webhooks/mutual-tls/tls-troubleshooting.md, read 2026-11-29
    /// - RFC 8446 sections 4.2.4 and 4.4.2.3
    /// - nginx.org/en/docs/http/ngx_http_ssl_module.html#ssl_trusted_certificate
    pub static RULE = MT460 {
        name: "sender-needs-ca-names",
        severity: Error,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 sections 4.2.4 and 4.4.2.3", "2018-08")],
        faults: [],
        symptoms: [],
        check: Probe(check),
        fires_on: || ProbeFixture::good().wanting_ca_names().names(0..0).done(),
        silent_on: || ProbeFixture::good().wanting_ca_names().names(0..1).done(),
    }
}

fn check(probe: &Probe, context: &Context) -> Verdict {
    let Some(profile) = context
        .profile
        .filter(|profile| profile.presented == Presented::IfCaNamesMatch)
    else {
        return Verdict::NotApplicable("no sender was named that needs the names of CAs");
    };
    let Some(request) = &probe.request else {
        return Verdict::NotApplicable("no client certificate was requested");
    };
    if !request.ca_names.is_empty() {
        return Verdict::Pass;
    }
    let mut hit = Hit::new(
        format!(
            "the server names no CA in its CertificateRequest: {} then presents no certificate",
            profile.title
        ),
        probe.dialled.url.clone(),
        Place::wire(Side::Server, "CertificateRequest"),
        "have the server send the names of the CAs that it accepts",
    );
    if let Some(fact) = profile.fact("needs-ca-names") {
        hit = hit.evidence(
            "fact",
            format!("{} ({}, read {})", fact.text, fact.source, fact.seen),
        );
    }
    Verdict::hit(hit)
}

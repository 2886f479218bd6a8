//! MT242.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::{Line, breaches},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate with an empty subject whose subjectAltName is not marked critical.
    ///
    /// ## Why it matters
    ///
    /// Its names are then its only identity, so RFC 5280 requires them to be critical. Java rejects
    /// the certificate. OpenSSL before 4.0 reports error 88 with -x509_strict, which Python's
    /// default contexts set since 3.13.
    ///
    /// ## How to fix it
    ///
    /// The CA marks the extension critical, or adds a subject, and reissues the certificate.
    ///
    /// ```text
    /// subjectAltName = critical,DNS:hook.example.com
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.6
    pub static RULE = MT242 {
        name: "alternative-names-not-critical",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.6", "2008-05")],
        faults: [],
        symptoms: [Verify(88), Breaks(Requirement::AlternativeNamesCritical)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AlternativeNamesCritical, Some(88), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AlternativeNamesCritical],
        "have it reissued with subjectAltName critical, or with a subject",
        Line::Setting("subjectAltName = critical,{names}"),
    )
}

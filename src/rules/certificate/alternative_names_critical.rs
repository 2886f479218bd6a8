//! MT243.

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
    /// A certificate with a subject whose subjectAltName is marked critical.
    ///
    /// ## Why it matters
    ///
    /// The Baseline Requirements forbid it in a server certificate. OpenSSL, Go, Java and rustls
    /// accept it; a verifier that enforces the web's profile, such as the one in Python's
    /// cryptography package, does not.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate with subjectAltName not critical.
    ///
    /// ```text
    /// subjectAltName = DNS:hook.example.com
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.12
    pub static RULE = MT243 {
        name: "alternative-names-critical",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 7.1.2.7.12", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::AlternativeNamesNotCritical)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AlternativeNamesNotCritical, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AlternativeNamesNotCritical],
        "have it reissued with subjectAltName not critical",
        Line::Setting("subjectAltName = {names}"),
    )
}

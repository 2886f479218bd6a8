//! MT243.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::breaches,
};

rule! {
    /// ## What it finds
    ///
    /// A certificate with a subject whose subjectAltName is marked critical.
    ///
    /// ## Why it matters
    ///
    /// The Baseline Requirements forbid it in a server's certificate. OpenSSL, Go, Java and rustls accept it; a verifier that keeps
    /// to the web's profile, as Python's cryptography package has one, does not.
    ///
    /// ## How to fix it
    ///
    /// The authority takes the mark away and signs again.
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
        "have it signed again without the critical mark",
        "printf '%s\\n' 'subjectAltName=DNS:hook.example.com' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

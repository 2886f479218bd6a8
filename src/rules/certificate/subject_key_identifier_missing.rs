//! MT217.

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
    /// A certificate without the subjectKeyIdentifier extension. In a CA certificate that violates
    /// RFC 5280; in a leaf it is only recommended, and a note. A server's leaf issued since
    /// 2023-09-15 is not checked: the web's rules advise against the extension there.
    ///
    /// ## Why it matters
    ///
    /// Without it CAs of the same name cannot be distinguished. OpenSSL checks it with -x509_strict,
    /// which Python's default contexts set since 3.13; OpenSSL's own default, Go, Java and rustls
    /// do not check.
    ///
    /// ## How to fix it
    ///
    /// The CA adds the extension and reissues the certificate.
    ///
    /// ```text
    /// subjectKeyIdentifier = hash
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.2
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.6
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.6 (it may be left out)
    pub static RULE = MT217 {
        name: "subject-key-identifier-missing",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [
            ("RFC 5280 section 4.2.1.2", "2008-05"),
            ("CA/B Forum Baseline Requirements 2.1, 7.1.2.7.6", "2025-04"),
            ("developers.google.com/public-key-infrastructure/profiles, read", "2026-11-24"),
        ],
        faults: [],
        symptoms: [Verify(86), Breaks(Requirement::AuthoritySubjectKeyId), Breaks(Requirement::LeafSubjectKeyId), Says("missing subject key identifier")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AuthoritySubjectKeyId, Some(86), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[
            Requirement::AuthoritySubjectKeyId,
            Requirement::LeafSubjectKeyId,
        ],
        "have it reissued with the extension",
        Line::Setting("subjectKeyIdentifier = hash"),
    )
}

//! MT217.

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
    /// A certificate without the subjectKeyIdentifier extension. In an authority that is against RFC 5280; in a leaf it is only not as
    /// recommended, and a note. Nothing is said of a server's leaf issued since 2023-09-15: the web's rules advise against the extension
    /// there.
    ///
    /// ## Why it matters
    ///
    /// Without it the authorities of the same name cannot be told apart. OpenSSL asks for it with -x509_strict, which Python's default
    /// contexts set since 3.13; OpenSSL's own default, Go, Java and rustls do not ask.
    ///
    /// ## How to fix it
    ///
    /// The authority adds the extension and signs again.
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
        "have it signed again with the extension",
        "printf '%s\\n' 'subjectKeyIdentifier=hash' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

//! MT219.

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
    /// An extension that must not be critical and is: a key identifier, authorityInfoAccess,
    /// subjectInfoAccess, freshestCRL, or the extended key usage of a server's leaf.
    ///
    /// ## Why it matters
    ///
    /// Verifiers that do not process the extension have to reject the certificate. OpenSSL, webpki
    /// (used by rustls), Go 1.27, Java and BoringSSL do so for the key identifiers and the access
    /// extensions: OpenSSL reports error 34, and 90 or 91 with -x509_strict. All of them accept a
    /// critical extended key usage, which is a note; the Baseline Requirements forbid it in public
    /// certificates.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate with the extension not critical.
    ///
    /// ```text
    /// authorityKeyIdentifier = keyid
    /// authorityInfoAccess = caIssuers;URI:http://ca.example/ca.cer
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, sections 4.2.1.1, 4.2.1.2, 4.2.1.15, 4.2.2.1 and 4.2.2.2
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.6
    pub static RULE = MT219 {
        name: "extension-wrongly-critical",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.2.1", "2008-05"), ("CA/B Forum Baseline Requirements 2.1, 7.1.2.7.6", "2025-04")],
        faults: [],
        symptoms: [Verify(90), Verify(91), Breaks(Requirement::NotCriticalWhereAsked), Says("authority key identifier marked critical")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::NotCriticalWhereAsked, Some(90), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::NotCriticalWhereAsked],
        "have it reissued with the extension not critical",
        Line::Show(""),
    )
}

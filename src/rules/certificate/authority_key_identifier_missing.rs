//! MT214.

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
    /// A certificate that is not self-signed and has no authorityKeyIdentifier extension.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 requires it, so that a verifier finds the right issuer among several with the same
    /// name. OpenSSL checks it with -x509_strict, which Python's default contexts set since 3.13;
    /// OpenSSL's own default, Go, Java and rustls do not check. The chain works with nearly all
    /// verifiers and fails in Python 3.13, with error 85.
    ///
    /// ## How to fix it
    ///
    /// The CA adds the extension and reissues the certificate.
    ///
    /// ```text
    /// authorityKeyIdentifier = keyid
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.1
    /// - OpenSSL 3.0, openssl-verification-options(1), -x509_strict
    /// - Python 3.13, What's New, ssl
    pub static RULE = MT214 {
        name: "authority-key-identifier-missing",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.1", "2008-05"), ("Python 3.13 What's New, ssl", "2024-10-07")],
        faults: [],
        symptoms: [Verify(85), Breaks(Requirement::AuthorityKeyId), Says("missing authority key identifier")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AuthorityKeyId, Some(85), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AuthorityKeyId],
        "have it reissued with the extension",
        Line::Setting("authorityKeyIdentifier = keyid"),
    )
}

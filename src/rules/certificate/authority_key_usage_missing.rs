//! MT222.

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
    /// A CA certificate without the keyUsage extension.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 requires it, with keyCertSign, in every CA certificate. OpenSSL reports error 92
    /// with -x509_strict, for roots too, which Python's default contexts set since 3.13, and
    /// wolfSSL rejects such an intermediate; others accept it. `openssl req -x509` adds none by
    /// default.
    ///
    /// ## How to fix it
    ///
    /// Reissue the CA certificate with the extension.
    ///
    /// ```text
    /// keyUsage = critical,keyCertSign,cRLSign
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.3
    pub static RULE = MT222 {
        name: "authority-key-usage-missing",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.3", "2008-05")],
        faults: [],
        symptoms: [Verify(92), Breaks(Requirement::AuthorityKeyUsage), Says("ca cert does not include key usage extension")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AuthorityKeyUsage, Some(92), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AuthorityKeyUsage],
        "have the CA certificate reissued with keyUsage",
        Line::Setting("keyUsage = critical,keyCertSign,cRLSign"),
    )
}

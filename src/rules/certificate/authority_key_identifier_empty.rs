//! MT215.

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
    /// An authorityKeyIdentifier with the issuer's name and serial number only, without the
    /// keyIdentifier field.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 requires the keyIdentifier; OpenSSL reports error 85 with -x509_strict, which
    /// Python's default contexts set since 3.13. Others accept it. Name and serial number tie the
    /// certificate to one certificate of its issuer: when the issuer is renewed with the same key,
    /// OpenSSL no longer accepts it as the issuer and reports error 20.
    ///
    /// ## How to fix it
    ///
    /// The CA writes the key identifier and reissues the certificate.
    ///
    /// ```text
    /// authorityKeyIdentifier = keyid
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.1
    pub static RULE = MT215 {
        name: "authority-key-identifier-empty",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.1", "2008-05")],
        faults: [],
        symptoms: [Verify(85), Breaks(Requirement::AuthorityKeyIdValue)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AuthorityKeyIdValue, Some(85), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AuthorityKeyIdValue],
        "have it reissued with keyid in the extension",
        Line::Setting("authorityKeyIdentifier = keyid"),
    )
}

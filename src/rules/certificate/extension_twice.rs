//! MT238.

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
    /// An extension that occurs twice.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 forbids it, since verifiers would choose differently. Go rejects the certificate
    /// ("x509: certificate contains duplicate extensions"); OpenSSL and webpki, which rustls uses,
    /// treat an extension that they process as invalid.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate. With openssl, copying a request's extensions beside those
    /// of the configuration causes this.
    ///
    /// ```text
    /// openssl x509 -in cert.pem -noout -text
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2
    pub static RULE = MT238 {
        name: "extension-twice",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2", "2008-05")],
        faults: [],
        symptoms: [Verify(41), Breaks(Requirement::ExtensionsOnce), Says("duplicate extensions")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::ExtensionsOnce, Some(41), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::ExtensionsOnce],
        "have it reissued with each extension once",
        Line::Show(""),
    )
}

//! MT238.

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
    /// An extension that comes twice.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 forbids it, since verifiers would choose differently. Go refuses the certificate ("x509: certificate contains
    /// duplicate extensions"); OpenSSL and webpki, which rustls uses, take an extension that they process for invalid.
    ///
    /// ## How to fix it
    ///
    /// The authority signs again. With openssl, a request's extensions copied beside those of the configuration do this.
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
        "have it signed again with each extension once",
        "openssl storeutl -noout -text -certs {file}",
    )
}

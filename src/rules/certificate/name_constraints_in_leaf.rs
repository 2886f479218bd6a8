//! MT240.

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
    /// nameConstraints in a certificate that is not a CA certificate.
    ///
    /// ## Why it matters
    ///
    /// They limit what a CA may issue and have no meaning elsewhere. RFC 5280 forbids them in a
    /// leaf; OpenSSL, Go, Java and rustls ignore them there, Mbed TLS and wolfSSL reject them.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate without the extension.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -ext nameConstraints
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.10
    pub static RULE = MT240 {
        name: "name-constraints-in-leaf",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.10", "2008-05")],
        faults: [],
        symptoms: [Breaks(Requirement::NameConstraintsPlace)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::NameConstraintsPlace, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::NameConstraintsPlace],
        "have it reissued without the extension",
        Line::Show(""),
    )
}

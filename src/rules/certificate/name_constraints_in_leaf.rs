//! MT240.

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
    /// nameConstraints in a certificate that is no authority.
    ///
    /// ## Why it matters
    ///
    /// They limit what an authority may issue, and have no meaning elsewhere. RFC 5280 forbids them in a leaf; OpenSSL, Go, Java
    /// and rustls pass over them there, Mbed TLS and wolfSSL refuse them.
    ///
    /// ## How to fix it
    ///
    /// The authority leaves the extension out and signs again.
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
        "have it signed again without the extension",
        "openssl storeutl -noout -text -certs {file}",
    )
}

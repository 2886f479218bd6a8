//! MT239.

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
    /// A known extension whose value cannot be read.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL 3.0 finds no issuer for the certificate (error 20). Go cannot read it at all.
    /// webpki, which rustls uses, rejects it when it reads the extension.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate with a current library.
    ///
    /// ```text
    /// openssl asn1parse -in cert.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2
    pub static RULE = MT239 {
        name: "extension-unreadable",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2", "2008-05")],
        faults: [],
        symptoms: [Verify(41), Breaks(Requirement::ExtensionsReadable), Says("invalid or inconsistent certificate extension")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::ExtensionsReadable, Some(41), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::ExtensionsReadable],
        "have it reissued with a current library",
        Line::Show(""),
    )
}

//! MT221.

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
    /// A path length constraint in a certificate that is not a CA certificate, or whose keyUsage
    /// does not allow signing certificates.
    ///
    /// ## Why it matters
    ///
    /// The constraint has no meaning there. Envoy and others with BoringSSL reject a leaf with it.
    /// OpenSSL reports error 80 or 81 with -x509_strict, which Python's default contexts set since
    /// 3.13. In a CA certificate it is a note.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate without pathlen.
    ///
    /// ```text
    /// basicConstraints = critical,CA:FALSE
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.9
    pub static RULE = MT221 {
        name: "path-length-without-authority",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.9", "2008-05")],
        faults: [],
        symptoms: [Verify(80), Verify(81), Breaks(Requirement::PathLength), Says("path length invalid for non-ca cert")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::PathLength, Some(80), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::PathLength],
        "have it reissued without the path length",
        Line::Setting("basicConstraints = critical,CA:FALSE"),
    )
}

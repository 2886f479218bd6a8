//! MT235.

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
    /// A notBefore or notAfter that is not encoded as RFC 5280 requires: without seconds, with an
    /// offset, or as GeneralizedTime before 2050.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL, rustls and BoringSSL reject what does not end in whole seconds and Z, OpenSSL with
    /// error 13 or 14. A GeneralizedTime before 2050 is a note: they, Go, Java and Node read it,
    /// and one public root has it.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate; current libraries encode it correctly.
    ///
    /// ```text
    /// openssl asn1parse -in cert.pem | grep TIME
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.5
    pub static RULE = MT235 {
        name: "validity-badly-encoded",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.5", "2008-05")],
        faults: [],
        symptoms: [Verify(13), Verify(14), Breaks(Requirement::TimeForm), Says("format error in certificate's notbefore field")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::TimeForm, Some(13), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::TimeForm],
        "have it reissued with a current library",
        Line::Show("Subject:|Not Before|Not After"),
    )
}

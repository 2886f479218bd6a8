//! MT225.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::{Line, breaches_where},
};

rule! {
    /// ## What it finds
    ///
    /// A keyUsage with keyCertSign in a certificate whose basicConstraints are not CA:TRUE.
    ///
    /// ## Why it matters
    ///
    /// The two contradict each other. OpenSSL reports error 82 with -x509_strict, which Python's
    /// default contexts set since 3.13. Others accept it in a leaf.
    ///
    /// ## How to fix it
    ///
    /// Decide whether it is a CA or a leaf, and have it reissued as that.
    ///
    /// ```text
    /// basicConstraints = critical,CA:FALSE
    /// keyUsage = critical,digitalSignature
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, sections 4.2.1.3 and 4.2.1.9
    pub static RULE = MT225 {
        name: "cert-sign-without-authority",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.9", "2008-05")],
        faults: [],
        symptoms: [Verify(82), Breaks(Requirement::CertSign), Says("key usage keycertsign invalid for non-ca cert")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::CertSign, Some(82), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches_where(
        at,
        &[Requirement::CertSign],
        |violation| violation.error == Some(82),
        "have it reissued, as a CA certificate or as a leaf",
        Line::Setting("keyUsage = critical,digitalSignature"),
    )
}

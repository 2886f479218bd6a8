//! MT220.

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
    /// A keyUsage that is not critical, or cRLDistributionPoints that are critical.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 recommends the opposite. No verifier is known to reject a keyUsage that is not
    /// critical; Java, Envoy, NSS and Mbed TLS reject critical cRLDistributionPoints.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done for keyUsage. In the next certificate:
    ///
    /// ```text
    /// keyUsage = critical,digitalSignature
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, sections 4.2.1.3 and 4.2.1.13
    pub static RULE = MT220 {
        name: "extension-criticality-unusual",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.3", "2008-05"), ("RFC 5280 section 4.2.1.13", "2008-05")],
        faults: [],
        symptoms: [Breaks(Requirement::CriticalityAdvice)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::CriticalityAdvice, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::CriticalityAdvice],
        "write it as RFC 5280 recommends in the next certificate",
        Line::Setting("keyUsage = critical,digitalSignature"),
    )
}

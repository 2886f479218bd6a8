//! MT236.

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
    /// A certificate whose notAfter is before its notBefore.
    ///
    /// ## Why it matters
    ///
    /// It is valid at no time.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate.
    ///
    /// ```text
    /// openssl x509 -in cert.pem -noout -dates
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.5
    pub static RULE = MT236 {
        name: "validity-negative",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.5", "2008-05")],
        faults: [],
        symptoms: [Breaks(Requirement::ValidityPositive)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::ValidityPositive, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::ValidityPositive],
        "have it reissued: send the CA a new request",
        Line::Request,
    )
}

//! MT241.

use super::help_conformance::breaches;
use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A subjectAltName extension without a name in it.
    ///
    /// ## Why it matters
    ///
    /// No client can match a host with it; OpenSSL reports error 87 with -x509_strict, Go and rustls refuse the host.
    ///
    /// ## How to fix it
    ///
    /// The authority adds the names and signs again.
    ///
    /// ```text
    /// subjectAltName = DNS:hook.example.com
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.6
    pub static RULE = MT241 {
        name: "alternative-names-empty",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.6", "2008-05")],
        faults: [],
        symptoms: [Verify(87), Breaks(Requirement::AlternativeNamesCount), Says("empty subject alternative name extension")],
        check: Certificate(check),
        fires_on: || super::fixture::Fixture::files().breach(crate::facts::Requirement::AlternativeNamesCount, Some(87), true).done(),
        silent_on: || super::fixture::Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AlternativeNamesCount],
        "have it signed again with its names",
        "printf '%s\\n' 'subjectAltName=DNS:hook.example.com' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

//! MT241.

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
    /// A subjectAltName extension that lists no name.
    ///
    /// ## Why it matters
    ///
    /// Go and rustls find no name for the host and reject the server. OpenSSL falls back to the
    /// common name and accepts; with -x509_strict, which Python's default contexts set since 3.13,
    /// it reports error 87. In a client certificate, where no host is compared, only that error
    /// remains, and it is a note.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate with its names.
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
        fires_on: || Fixture::files().breach(Requirement::AlternativeNamesCount, Some(87), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AlternativeNamesCount],
        "have it reissued with its names",
        Line::Setting("subjectAltName = {names}"),
    )
}

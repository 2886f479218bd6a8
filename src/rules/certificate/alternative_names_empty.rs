//! MT241.

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
    /// A subjectAltName extension without a name in it.
    ///
    /// ## Why it matters
    ///
    /// Go and rustls find no name that the host could match, and refuse the server. OpenSSL falls back to the common name and
    /// accepts; with -x509_strict, which Python's default contexts set since 3.13, it reports error 87. In a client's certificate,
    /// where no host is compared, that last is all there is, and it is a note.
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
        fires_on: || Fixture::files().breach(Requirement::AlternativeNamesCount, Some(87), true).done(),
        silent_on: || Fixture::files().done(),
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

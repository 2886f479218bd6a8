//! MT249.

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
    /// A wildcard that is not the whole leftmost label of a DNS name, or a bare wildcard.
    ///
    /// ## Why it matters
    ///
    /// RFC 9525 lets a client match the whole leftmost label only. Names such as www.*.com,
    /// f*.example.com or a bare * match nothing in browsers, Go and rustls. Beside a valid name it
    /// is a note, and so it is in a client certificate, where no host is compared.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate with the wildcard as the first label.
    ///
    /// ```text
    /// subjectAltName = DNS:*.example.com
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9525, section 6.3
    pub static RULE = MT249 {
        name: "wildcard-misplaced",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 9525 section 6.3", "2023-11")],
        faults: [],
        symptoms: [Breaks(Requirement::WildcardPlace)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::WildcardPlace, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::WildcardPlace],
        "have it reissued with the wildcard as the whole first label",
        Line::Show("Subject:|DNS:"),
    )
}

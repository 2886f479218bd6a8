//! MT249.

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
    /// A wildcard that is not the whole leftmost label of a DNS name, or stands alone.
    ///
    /// ## Why it matters
    ///
    /// RFC 9525 lets a client match the whole leftmost label only. Names such as www.*.com, f*.example.com or a bare * match
    /// nothing in browsers, Go and rustls. Beside a name that is in order it is a note, and in a client's certificate, where no
    /// host is compared.
    ///
    /// ## How to fix it
    ///
    /// The authority signs again with the wildcard as the first label.
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
        "have it signed again with the wildcard as the first label",
        "printf '%s\\n' 'subjectAltName=DNS:*.example.com' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

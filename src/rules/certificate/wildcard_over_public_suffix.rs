//! MT250.

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
    /// A wildcard directly under a public suffix, such as *.com or *.co.uk.
    ///
    /// ## Why it matters
    ///
    /// It would cover every domain under the suffix. Browsers reject it, and public CAs must not
    /// issue it.
    ///
    /// ## How to fix it
    ///
    /// Name the domain.
    ///
    /// ```text
    /// subjectAltName = DNS:*.example.co.uk
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 3.2.2.6
    /// - Public Suffix List, publicsuffix.org
    pub static RULE = MT250 {
        name: "wildcard-over-public-suffix",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 3.2.2.6", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::WildcardSuffix)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::WildcardSuffix, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::WildcardSuffix],
        "have it reissued with the domain before the public suffix",
        Line::Show("Subject:|DNS:"),
    )
}

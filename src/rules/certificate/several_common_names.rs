//! MT248.

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
    /// A subject with more than one common name.
    ///
    /// ## Why it matters
    ///
    /// It is an old way to name several hosts. Current clients do not read them.
    ///
    /// ## How to fix it
    ///
    /// List hosts as alternative names.
    ///
    /// ```text
    /// subjectAltName = DNS:one.example.com,DNS:two.example.com
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 7.1.4.3
    pub static RULE = MT248 {
        name: "several-common-names",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 7.1.4.3", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::OneCommonName)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::OneCommonName, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::OneCommonName],
        "nothing breaks; list hosts as alternative names",
        Line::Setting("subjectAltName = {names}"),
    )
}

//! MT224.

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
    /// A leaf whose keyUsage has keyCertSign or cRLSign.
    ///
    /// ## Why it matters
    ///
    /// These usages are for CAs. The Baseline Requirements forbid them in a server certificate;
    /// path validation does not check them there.
    ///
    /// ## How to fix it
    ///
    /// In the next certificate:
    ///
    /// ```text
    /// keyUsage = critical,digitalSignature
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.11
    pub static RULE = MT224 {
        name: "leaf-signs-certificates",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 7.1.2.7.11", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::LeafKeyUsage)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::LeafKeyUsage, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::LeafKeyUsage],
        "nothing breaks; leave the two usages out of the next certificate",
        Line::Setting("keyUsage = critical,digitalSignature"),
    )
}

//! MT224.

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
    /// A leaf whose keyUsage has keyCertSign or cRLSign.
    ///
    /// ## Why it matters
    ///
    /// These are for authorities. The Baseline Requirements forbid them in a server's certificate; path validation does not
    /// look at them there.
    ///
    /// ## How to fix it
    ///
    /// For the next edition:
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
        "nothing breaks; leave the two usages out of the next edition",
        "printf '%s\\n' 'keyUsage=critical,digitalSignature' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

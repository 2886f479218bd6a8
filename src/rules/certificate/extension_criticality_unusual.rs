//! MT220.

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
    /// A keyUsage that is not marked critical, or cRLDistributionPoints that are.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 recommends it the other way round. No verifier is known to refuse the certificate for it.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done. For the next edition:
    ///
    /// ```text
    /// keyUsage = critical,digitalSignature
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, sections 4.2.1.3 and 4.2.1.13
    pub static RULE = MT220 {
        name: "extension-criticality-unusual",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.3", "2008-05"), ("RFC 5280 section 4.2.1.13", "2008-05")],
        faults: [],
        symptoms: [Breaks(Requirement::CriticalityAdvice)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::CriticalityAdvice, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::CriticalityAdvice],
        "nothing breaks; write it as recommended in the next edition",
        "printf '%s\\n' 'keyUsage=critical,digitalSignature' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

//! MT229.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::breaches_where,
};

rule! {
    /// ## What it finds
    ///
    /// A server's certificate whose extendedKeyUsage lists purposes beside serverAuth and clientAuth.
    ///
    /// ## Why it matters
    ///
    /// The Baseline Requirements allow a public server certificate these two only. A key that signs code or mail as well is
    /// worth more to whoever steals it.
    ///
    /// ## How to fix it
    ///
    /// For the next edition:
    ///
    /// ```text
    /// extendedKeyUsage = serverAuth
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.10
    pub static RULE = MT229 {
        name: "server-usages-mixed",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 7.1.2.7.10", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::ServerUsages)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::ServerUsages, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches_where(
        at,
        &[Requirement::ServerUsages],
        |violation| !violation.decides,
        "use a key of its own for each purpose",
        "printf '%s\\n' 'extendedKeyUsage=serverAuth' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

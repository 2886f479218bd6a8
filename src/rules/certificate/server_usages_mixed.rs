//! MT229.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::{Line, breaches_where},
};

rule! {
    /// ## What it finds
    ///
    /// A server certificate whose extendedKeyUsage lists purposes other than serverAuth and
    /// clientAuth.
    ///
    /// ## Why it matters
    ///
    /// The Baseline Requirements allow only these two in a public server certificate. A key that
    /// also signs code or mail is worth more to a thief.
    ///
    /// ## How to fix it
    ///
    /// In the next certificate:
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
        "use a separate key for each purpose",
        Line::Setting("extendedKeyUsage = serverAuth"),
    )
}

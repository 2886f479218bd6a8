//! MT262.

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
    /// A server's leaf that is valid for longer than the Baseline Requirements allow for its date
    /// of issue: 825 days from 2018-03-01, 398 from 2020-09-01, 200 from 2026-03-15, 100 from
    /// 2027-03-15, 47 from 2029-03-15. Under a public root it is a warning.
    ///
    /// ## Why it matters
    ///
    /// Browsers reject a longer one under a public root; Apple rejects more than 398 days under any
    /// root that it ships. Under a private root no TLS stack checks; it decides how soon a stolen
    /// key stops working.
    ///
    /// ## How to fix it
    ///
    /// Request a shorter validity, and automate renewal.
    ///
    /// ```text
    /// openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -days 90 -out leaf.pem
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 6.3.2
    /// - CA/B Forum ballot SC-081v3
    /// - support.apple.com/HT211025
    pub static RULE = MT262 {
        name: "validity-too-long",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 6.3.2", "2025-04"), ("CA/B Forum ballot SC-081v3", "2025-04-11")],
        faults: [],
        symptoms: [Breaks(Requirement::ValidityLength)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::ValidityLength, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::ValidityLength],
        "request it with a shorter validity, and automate renewal",
        Line::Request,
    )
}

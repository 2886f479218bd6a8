//! MT247.

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
    /// A common name that looks like a host name or an IP address and is not among the alternative
    /// names. A wildcard among them covers it, and an international name counts in both forms,
    /// `xn--` and Unicode.
    ///
    /// ## Why it matters
    ///
    /// Verifiers look for a host in the alternative names only, and accept the certificate for
    /// those (ten of ten tested). The host in the common name does not count. The Baseline
    /// Requirements do not allow public CAs to issue such a certificate.
    ///
    /// ## How to fix it
    ///
    /// The CA adds the name to the alternative names and reissues the certificate.
    ///
    /// ```text
    /// subjectAltName = DNS:hook.example.com,DNS:www.example.com
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9525, section 2
    /// - CA/B Forum Baseline Requirements, section 7.1.4.3
    pub static RULE = MT247 {
        name: "common-name-not-listed",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 9525 section 2", "2023-11"), ("CA/B Forum Baseline Requirements 2.1, 7.1.4.3", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::CommonNameListed)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::CommonNameListed, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::CommonNameListed],
        "nothing breaks for the alternative names; if callers use the common name, have it reissued with that name among them",
        Line::Setting("subjectAltName = {names}"),
    )
}

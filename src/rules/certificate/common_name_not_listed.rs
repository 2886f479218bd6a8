//! MT247.

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
    /// A common name that looks like a host name or an address and is not among the alternative names. A wildcard among them covers it,
    /// and an international name counts in both ways of writing, `xn--` and its letters.
    ///
    /// ## Why it matters
    ///
    /// Verifiers look for a host among the alternative names only, and accept the certificate for those: ten of ten that were tried do. For the
    /// host in the common name it does not count, whatever its owner believes. The Baseline Requirements do not allow public
    /// authorities to issue it.
    ///
    /// ## How to fix it
    ///
    /// The authority lists the name and signs again.
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
        "nothing breaks for the alternative names; if callers use the common name, have it signed again with that among them",
        "printf '%s\\n' 'subjectAltName=DNS:hook.example.com' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

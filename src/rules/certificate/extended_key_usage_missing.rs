//! MT228.

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
    /// A leaf without the extendedKeyUsage extension.
    ///
    /// ## Why it matters
    ///
    /// Every verifier tested accepts it for any purpose, so a server certificate also works as a
    /// client certificate. The Baseline Requirements require the extension in public certificates.
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
    /// - RFC 5280, section 4.2.1.12
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.6
    pub static RULE = MT228 {
        name: "extended-key-usage-missing",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 7.1.2.7.6", "2025-04"), ("RFC 5280 section 4.2.1.12", "2008-05")],
        faults: [],
        symptoms: [Breaks(Requirement::ExtendedKeyUsage)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::ExtendedKeyUsage, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::ExtendedKeyUsage],
        "nothing breaks; name the purpose in the next certificate",
        Line::Setting("extendedKeyUsage = {purpose}"),
    )
}

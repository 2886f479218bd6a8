//! MT244.

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
    /// Alternative names in a server certificate that are neither DNS names nor IP addresses: URIs,
    /// mail addresses, directory names.
    ///
    /// ## Why it matters
    ///
    /// No TLS client compares a host with them. SPIFFE identities are URIs on purpose. The Baseline
    /// Requirements allow only DNS names and IP addresses in public certificates.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be done in a private PKI.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -ext subjectAltName
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.12
    pub static RULE = MT244 {
        name: "alternative-name-kind",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 7.1.2.7.12", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::AlternativeNameKinds)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AlternativeNameKinds, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AlternativeNameKinds],
        "nothing breaks; a public CA would not issue it",
        Line::Show(""),
    )
}

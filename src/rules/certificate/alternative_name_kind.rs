//! MT244.

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
    /// Alternative names in a server's certificate that are neither DNS names nor addresses: URIs, mail addresses, directory
    /// names.
    ///
    /// ## Why it matters
    ///
    /// No TLS client compares a host with them. SPIFFE identities are URIs on purpose. The Baseline Requirements allow public
    /// certificates DNS names and addresses only.
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
        "nothing breaks; a public authority would not issue it",
        "openssl storeutl -noout -text -certs {file}",
    )
}

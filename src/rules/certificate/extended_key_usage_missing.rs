//! MT228.

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
    /// A leaf without the extendedKeyUsage extension.
    ///
    /// ## Why it matters
    ///
    /// Every verifier that was tried takes it for any purpose, so that a server's certificate also serves as a client's. The
    /// Baseline Requirements ask for it in public certificates.
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
        "nothing breaks; name the purpose in the next edition",
        "printf '%s\\n' 'extendedKeyUsage=serverAuth' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

//! MT232.

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
    /// A root with the extendedKeyUsage extension.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL applies it to the whole chain, webpki and Go do not: below a root that lists only
    /// clientAuth, OpenSSL rejects servers and the others accept them. The Baseline Requirements
    /// forbid it in public roots.
    ///
    /// ## How to fix it
    ///
    /// Leave it out of roots; constrain intermediates instead.
    ///
    /// ```text
    /// openssl x509 -in root.pem -noout -ext extendedKeyUsage
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 7.1.2.1.2
    pub static RULE = MT232 {
        name: "root-with-extended-key-usage",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 7.1.2.1.2", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::RootUsage)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::RootUsage, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::RootUsage],
        "leave it out of roots; constrain intermediates instead",
        Line::Show(""),
    )
}

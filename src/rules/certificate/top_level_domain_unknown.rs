//! MT253.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::{Line, below_a_private_anchor, breaches},
};

rule! {
    /// ## What it finds
    ///
    /// A DNS name whose last label is not a public top-level domain. Below a private trust anchor
    /// it is not checked.
    ///
    /// ## Why it matters
    ///
    /// It may resolve in a private network, but not from outside. A misspelt ending looks like this
    /// too.
    ///
    /// ## How to fix it
    ///
    /// Make sure that the name is intended.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -ext subjectAltName
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 3.2.2.4
    /// - Public Suffix List, publicsuffix.org
    pub static RULE = MT253 {
        name: "top-level-domain-unknown",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 3.2.2.4", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::TopLevelDomain)],
        check: Certificate(check),
        fires_on: || Fixture::files().without_anchors().breach(Requirement::TopLevelDomain, None, false).done(),
        silent_on: || Fixture::files().breach(Requirement::TopLevelDomain, None, false).done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    if below_a_private_anchor(at) {
        return Verdict::NotApplicable("its trust anchor is private, and may certify such names");
    }
    breaches(
        at,
        &[Requirement::TopLevelDomain],
        "make sure that the name is intended",
        Line::Show(""),
    )
}

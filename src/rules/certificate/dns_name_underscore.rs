//! MT252.

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
    /// A DNS name with an underscore.
    ///
    /// ## Why it matters
    ///
    /// Resolvers and TLS clients accept it; a host name proper has none, and public CAs must not
    /// certify it since 2019.
    ///
    /// ## How to fix it
    ///
    /// Use a hyphen in new names.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -ext subjectAltName
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 7.1.4.2.1
    /// - RFC 1034, section 3.5
    pub static RULE = MT252 {
        name: "dns-name-underscore",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 7.1.4.2.1", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::Underscore)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::Underscore, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::Underscore],
        "nothing breaks; use a hyphen in new names",
        Line::Show(""),
    )
}

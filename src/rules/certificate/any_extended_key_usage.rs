//! MT230.

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
    /// A leaf with anyExtendedKeyUsage; in a client certificate it is a note, since RFC 5280 lets a
    /// CA list it. Or a CA certificate that lists it instead of the purpose.
    ///
    /// ## Why it matters
    ///
    /// Go accepts it for every purpose; OpenSSL does not count it, and reports error 26 where
    /// serverAuth or clientAuth is missing; the Baseline Requirements forbid it. In an
    /// intermediate, OpenSSL (nginx, Apache, HAProxy, Node), rustls, BoringSSL and NSS do not
    /// accept it for serverAuth or clientAuth, while Go and Java do; in a root OpenSSL and NSS do
    /// not.
    ///
    /// ## How to fix it
    ///
    /// The CA names the purpose and reissues the certificate.
    ///
    /// ```text
    /// extendedKeyUsage = serverAuth
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.12
    /// - CA/B Forum Baseline Requirements, section 7.1.2.7.10
    pub static RULE = MT230 {
        name: "any-extended-key-usage",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.12", "2008-05"), ("CA/B Forum Baseline Requirements 2.1, 7.1.2.7.10", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::AnyUsage)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AnyUsage, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AnyUsage],
        "have it reissued with the purpose named",
        Line::Setting("extendedKeyUsage = {purpose}"),
    )
}

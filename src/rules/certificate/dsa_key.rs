//! MT260.

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
    /// A DSA key.
    ///
    /// ## Why it matters
    ///
    /// TLS 1.3 has no signature scheme for it, and Go, rustls and browsers dropped it in TLS 1.2 too.
    ///
    /// ## How to fix it
    ///
    /// Make an EC or RSA key, and have a certificate issued for it.
    ///
    /// ```text
    /// openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out new-key.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.2.3
    /// - RFC 9155 and RFC 9325, section 4.2
    pub static RULE = MT260 {
        name: "dsa-key",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.2.3", "2018-08"), ("RFC 9325 section 4.2", "2022-11")],
        faults: [],
        symptoms: [Breaks(Requirement::NoDsa)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::NoDsa, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::NoDsa],
        "make an EC or RSA key, and have a certificate issued for it",
        Line::NewKey,
    )
}

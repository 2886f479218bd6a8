//! MT259.

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
    /// A key of a type that current TLS stacks do not support.
    ///
    /// ## Why it matters
    ///
    /// There is no signature scheme to prove possession of it in a handshake.
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
    /// - RFC 8446, section 4.2.3 (signature schemes)
    pub static RULE = MT259 {
        name: "key-type-unknown",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.2.3", "2018-08")],
        faults: [],
        symptoms: [Breaks(Requirement::KeyType)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::KeyType, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::KeyType],
        "make an EC or RSA key, and have a certificate issued for it",
        Line::NewKey,
    )
}

//! MT257.

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
    /// An elliptic-curve key on a curve other than P-256, P-384 or P-521.
    ///
    /// ## Why it matters
    ///
    /// TLS needs a signature scheme for the curve: TLS 1.3 has none for secp256k1, and Go, rustls
    /// and browsers support these three only.
    ///
    /// ## How to fix it
    ///
    /// Make a key on P-256, and have a certificate issued for it.
    ///
    /// ```text
    /// openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out new-key.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.2.3
    /// - CA/B Forum Baseline Requirements, section 6.1.5
    pub static RULE = MT257 {
        name: "curve-unusual",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.2.3", "2018-08"), ("CA/B Forum Baseline Requirements 2.1, 6.1.5", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::Curve)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::Curve, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::Curve],
        "make a key on P-256, and have a certificate issued for it",
        Line::NewKey,
    )
}

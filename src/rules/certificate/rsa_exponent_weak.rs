//! MT255.

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
    /// An RSA key with an even public exponent, or one below 3.
    ///
    /// ## Why it matters
    ///
    /// With exponent 1 every message is its own signature; with an even exponent no signature can
    /// be made, since it has no inverse.
    ///
    /// ## How to fix it
    ///
    /// Make a new key; the usual exponent is 65537.
    ///
    /// ```text
    /// openssl genrsa -out new-key.pem 3072
    /// ```
    ///
    /// ## References
    ///
    /// - CA/B Forum Baseline Requirements, section 6.1.6
    /// - NIST SP 800-89, section 5.3.3
    pub static RULE = MT255 {
        name: "rsa-exponent-weak",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CA/B Forum Baseline Requirements 2.1, 6.1.6", "2025-04"), ("NIST SP 800-89 section 5.3.3", "2006-11")],
        faults: [],
        symptoms: [Breaks(Requirement::RsaExponent)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::RsaExponent, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::RsaExponent],
        "make a new key, and have a certificate issued for it",
        Line::NewKey,
    )
}

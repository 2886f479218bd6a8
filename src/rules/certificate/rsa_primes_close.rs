//! MT256.

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
    /// An RSA key whose two primes are so close together that Fermat's method finds them within a hundred rounds.
    ///
    /// ## Why it matters
    ///
    /// Anyone who has the certificate can compute the private key. The random generators of a
    /// printer and of a FIPS module made such keys (CVE-2022-26320).
    ///
    /// ## How to fix it
    ///
    /// Make a new key with another generator, have a certificate issued for it, and revoke this
    /// one.
    ///
    /// ```text
    /// openssl genrsa -out new-key.pem 3072
    /// ```
    ///
    /// ## References
    ///
    /// - CVE-2022-26320
    /// - CA/B Forum Baseline Requirements, section 6.1.1.3
    pub static RULE = MT256 {
        name: "rsa-primes-close",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("CVE-2022-26320", "2022-03-14"), ("CA/B Forum Baseline Requirements 2.1, 6.1.1.3", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::RsaPrimes)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::RsaPrimes, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::RsaPrimes],
        "make a new key, have a certificate issued for it, and revoke this one",
        Line::NewKey,
    )
}

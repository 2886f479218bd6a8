//! MT226.

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
    /// A key usage that the key's algorithm does not support: keyEncipherment with an
    /// elliptic-curve key, keyAgreement with an RSA key.
    ///
    /// ## Why it matters
    ///
    /// The key cannot be used in that way. TLS 1.3 uses digitalSignature only, so nothing breaks.
    ///
    /// ## How to fix it
    ///
    /// In the next certificate, with an EC or Ed25519 key:
    ///
    /// ```text
    /// keyUsage = critical,digitalSignature
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 3279, section 2.3
    /// - RFC 8813, section 3
    pub static RULE = MT226 {
        name: "key-usage-unfit-for-key",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 3279 section 2.3.1", "2002-04"), ("RFC 8813 section 3", "2020-08")],
        faults: [],
        symptoms: [Breaks(Requirement::KeyUsageFitsKey)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::KeyUsageFitsKey, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::KeyUsageFitsKey],
        "nothing breaks; leave the usage out of the next certificate",
        Line::Setting("keyUsage = critical,digitalSignature"),
    )
}

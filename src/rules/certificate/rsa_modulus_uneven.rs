//! MT254.

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
    /// An RSA key whose size is not a multiple of eight bits.
    ///
    /// ## Why it matters
    ///
    /// Mozilla's root program does not allow it, and some hardware and older libraries cannot use
    /// it. Current TLS stacks can.
    ///
    /// ## How to fix it
    ///
    /// Make a key of a usual size, and have the certificate reissued.
    ///
    /// ```text
    /// openssl genrsa -out new-key.pem 3072
    /// ```
    ///
    /// ## References
    ///
    /// - Mozilla Root Store Policy, section 5.1
    pub static RULE = MT254 {
        name: "rsa-modulus-uneven",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("Mozilla Root Store Policy 3.0 section 5.1", "2025-03-15")],
        faults: [],
        symptoms: [Breaks(Requirement::RsaOctets)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::RsaOctets, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::RsaOctets],
        "make a key of a usual size, and have a certificate issued for it",
        Line::NewKey,
    )
}

//! MT258.

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
    /// An elliptic-curve key with explicit curve parameters instead of a named curve.
    ///
    /// ## Why it matters
    ///
    /// RFC 5480 forbids it: forged parameters have fooled verifiers (CVE-2020-0601). OpenSSL
    /// reports error 94 in a chain; Go and rustls cannot read the key.
    ///
    /// ## How to fix it
    ///
    /// Write the key with a named curve, and have the certificate reissued.
    ///
    /// ```text
    /// openssl ec -in key.pem -param_enc named_curve -out key-named.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5480, section 2.1.1
    /// - CVE-2020-0601
    pub static RULE = MT258 {
        name: "curve-spelled-out",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5480 section 2.1.1", "2009-03")],
        faults: [],
        symptoms: [Verify(94), Breaks(Requirement::NamedCurve), Says("certificate public key has explicit ecc parameters")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::NamedCurve, Some(94), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::NamedCurve],
        "write the key with a named curve, and have the certificate reissued for it",
        Line::NamedCurve,
    )
}

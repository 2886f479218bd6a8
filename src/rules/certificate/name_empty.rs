//! MT237.

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
    /// A certificate with an empty issuer name, a CA certificate with an empty subject name, or a
    /// client's leaf with neither a subject nor an alternative name.
    ///
    /// ## Why it matters
    ///
    /// Chains are built by these names. OpenSSL reports error 83 or 84 with -x509_strict.
    ///
    /// ## How to fix it
    ///
    /// Give the CA a name, and reissue the certificates below it.
    ///
    /// ```text
    /// openssl req -x509 -new -key ca.key -subj "/O=Example/CN=Example CA" -out ca.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, sections 4.1.2.4 and 4.1.2.6
    pub static RULE = MT237 {
        name: "name-empty",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.4", "2008-05")],
        faults: [],
        symptoms: [Verify(83), Verify(84), Breaks(Requirement::Names), Says("issuer name empty")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::Names, Some(83), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::Names],
        "have it reissued with a name",
        Line::Show(""),
    )
}

//! MT261.

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
    /// A signature algorithm that older stacks cannot read in a certificate (RSA-PSS), or one that
    /// mtls does not know.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL 1.1.1, Go and rustls read RSA-PSS; Java before 11 and older appliances do not.
    ///
    /// ## How to fix it
    ///
    /// If you have such peers, have the certificate signed with RSA PKCS #1 v1.5 or ECDSA.
    ///
    /// ```text
    /// openssl x509 -in cert.pem -noout -text | grep "Signature Algorithm"
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 4055, section 3
    /// - RFC 5756
    pub static RULE = MT261 {
        name: "signature-algorithm-uncommon",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 4055 section 3", "2005-06")],
        faults: [],
        symptoms: [Breaks(Requirement::SignatureCommon)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::SignatureCommon, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::SignatureCommon],
        "nothing breaks with current stacks",
        Line::Show("Subject:|Signature Algorithm"),
    )
}

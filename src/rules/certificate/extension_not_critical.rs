//! MT218.

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
    /// An extension that must be critical and is not: basicConstraints of a CA certificate,
    /// nameConstraints, policyConstraints or inhibitAnyPolicy.
    ///
    /// ## Why it matters
    ///
    /// A verifier that does not know the extension would ignore what limits the CA. For
    /// basicConstraints OpenSSL before 4.0 reports error 89 with -x509_strict, which Python's
    /// default contexts set since 3.13. nginx, Apache, HAProxy, Envoy, Go, Java, Node and rustls
    /// accept it. easy-rsa, keytool and older openssl configurations make such CA certificates.
    ///
    /// ## How to fix it
    ///
    /// Reissue the CA certificate with the extension marked critical.
    ///
    /// ```text
    /// basicConstraints = critical,CA:TRUE
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, sections 4.2.1.9, 4.2.1.10, 4.2.1.11 and 4.2.1.14
    pub static RULE = MT218 {
        name: "extension-not-critical",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.9", "2008-05"), ("RFC 5280 section 4.2.1.10", "2008-05")],
        faults: [],
        symptoms: [Verify(89), Breaks(Requirement::CriticalWhereAsked), Says("basic constraints of ca cert not marked critical")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::CriticalWhereAsked, Some(89), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::CriticalWhereAsked],
        "have it reissued with the extension marked critical",
        Line::Setting("basicConstraints = critical,CA:TRUE"),
    )
}

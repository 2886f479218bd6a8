//! MT233.

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
    /// A serial number of zero, or a negative one.
    ///
    /// ## Why it matters
    ///
    /// Go since 1.23 rejects a negative one ("x509: negative serial number"). OpenSSL, Java and
    /// webpki, which rustls uses, accept both. Zero is a note: nobody rejects it, and several
    /// public roots have it.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate with a random positive serial number.
    ///
    /// ```text
    /// openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 0x$(openssl rand -hex 16)
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.2
    /// - Go 1.23 release notes, crypto/x509
    pub static RULE = MT233 {
        name: "serial-number-not-positive",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.2", "2008-05"), ("Go 1.23 release notes", "2024-08-13")],
        faults: [],
        symptoms: [Breaks(Requirement::SerialPositive), Breaks(Requirement::SerialNotZero), Says("negative serial number")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::SerialPositive, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::SerialPositive, Requirement::SerialNotZero],
        "have it reissued with a positive serial number: send the CA a new request",
        Line::Request,
    )
}

//! MT234.

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
    /// A serial number of more than 20 octets.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 forbids it, and verifiers need not read it; current ones do. A random number of 20
    /// octets whose first bit is set needs a 21st octet, which is the usual cause.
    ///
    /// ## How to fix it
    ///
    /// The CA reissues the certificate with at most 159 random bits.
    ///
    /// ```text
    /// openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca.key -set_serial 0x$(openssl rand -hex 16)
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.1.2.2
    pub static RULE = MT234 {
        name: "serial-number-too-long",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.1.2.2", "2008-05")],
        faults: [],
        symptoms: [Breaks(Requirement::SerialLength)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::SerialLength, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::SerialLength],
        "have it reissued with a shorter serial number: send the CA a new request",
        Line::Request,
    )
}

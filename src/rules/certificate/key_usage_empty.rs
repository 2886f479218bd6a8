//! MT223.

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
    /// A keyUsage extension that names no usage.
    ///
    /// ## Why it matters
    ///
    /// Read literally, the certificate allows nothing. OpenSSL 3.0 treats the extension as invalid
    /// and finds no issuer for the certificate (error 20). Go accepts a server's leaf with it, and
    /// webpki, which rustls uses, does not check it there. The certificate works with one peer and
    /// fails with the next.
    ///
    /// ## How to fix it
    ///
    /// The CA names the usages and reissues the certificate.
    ///
    /// ```text
    /// keyUsage = critical,digitalSignature
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.3
    pub static RULE = MT223 {
        name: "key-usage-empty",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.3", "2008-05")],
        faults: [],
        symptoms: [Breaks(Requirement::KeyUsageBits)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::KeyUsageBits, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::KeyUsageBits],
        "have it reissued with a usage",
        Line::Setting("keyUsage = critical,digitalSignature"),
    )
}

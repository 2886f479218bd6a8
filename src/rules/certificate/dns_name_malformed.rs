//! MT251.

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
    /// A DNS name that cannot be looked up: an empty label, a label over 63 or a name over 253
    /// characters, a blank, a NUL, a leading period, non-ASCII letters or other characters; or an
    /// IP address of the wrong length.
    ///
    /// ## Why it matters
    ///
    /// It matches no host. For non-ASCII letters and for such an address Go rejects the whole
    /// certificate ("x509: SAN dNSName is malformed"). Otherwise verifiers ignore the name: beside
    /// a valid name it is a note, and so it is in a client certificate, where no host is compared.
    ///
    /// ## How to fix it
    ///
    /// The CA corrects the name and reissues the certificate; international names in their xn--
    /// form.
    ///
    /// ```text
    /// subjectAltName = DNS:xn--bcher-kva.example
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.6
    /// - RFC 1034, section 3.5 (preferred name syntax)
    /// - RFC 5890 (A-labels)
    pub static RULE = MT251 {
        name: "dns-name-malformed",
        severity: Warning,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.6", "2008-05"), ("RFC 1034 section 3.5", "1987-11")],
        faults: [],
        symptoms: [Breaks(Requirement::DnsName), Breaks(Requirement::NameEncoding), Says("san dnsname is malformed")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::DnsName, None, true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::DnsName, Requirement::NameEncoding],
        "have it reissued with the name corrected",
        Line::Show(""),
    )
}

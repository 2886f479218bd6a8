//! MT216.

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
    /// A certificate whose subject and issuer are the same name, but whose key identifiers differ.
    ///
    /// ## Why it matters
    ///
    /// Either it is not a root but a CA that certified its own new key, which is allowed, or a root
    /// was issued incorrectly, which the Baseline Requirements forbid. A verifier that follows the
    /// identifiers looks for another certificate above it. If it is self-signed and the trust
    /// anchor, it is a warning: OpenSSL without -partial_chain, as nginx, Apache, HAProxy and Node
    /// use it, finds no path to the trust anchor.
    ///
    /// ## How to fix it
    ///
    /// Make sure that it is intended: look for the certificate with the authority key identifier.
    ///
    /// ```text
    /// openssl x509 -in root.pem -noout -ext subjectKeyIdentifier,authorityKeyIdentifier
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 3.2 (self-issued certificates)
    /// - CA/B Forum Baseline Requirements, section 7.1.2.1.3
    pub static RULE = MT216 {
        name: "root-key-identifiers-differ",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 3.2", "2008-05"), ("CA/B Forum Baseline Requirements 2.1, 7.1.2.1.3", "2025-04")],
        faults: [],
        symptoms: [Breaks(Requirement::RootKeyIds)],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::RootKeyIds, None, false).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::RootKeyIds],
        "make sure that it is intended: a root has its own key identifier in both extensions",
        Line::Show(""),
    )
}

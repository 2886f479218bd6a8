//! MT216.

use crate::{
    context::Context,
    facts::Requirement,
    finding::{CertificateAt, Verdict},
    rule,
    rules::certificate::help::breaches,
};

rule! {
    /// ## What it finds
    ///
    /// A certificate whose subject and issuer are the same name, but whose key identifiers differ.
    ///
    /// ## Why it matters
    ///
    /// Either it is no root but an authority that certified its own new key, which is allowed, or a root was written wrongly,
    /// which the Baseline Requirements forbid. A verifier that goes by the identifiers looks for another certificate above
    /// it. Where it did sign itself and is the anchor, it is a warning: OpenSSL without -partial_chain, as nginx, Apache, HAProxy and
    /// Node use it, finds no way to the anchor then.
    ///
    /// ## How to fix it
    ///
    /// Make sure that it is meant: look for the certificate with the authority's identifier.
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
        "make sure that it is meant: a root names its own key",
        "openssl storeutl -noout -text -certs {file}",
    )
}

//! MT222.

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
    /// An authority without the keyUsage extension.
    ///
    /// ## Why it matters
    ///
    /// RFC 5280 wants it, with keyCertSign, in every authority. OpenSSL reports error 92 with -x509_strict, for roots too,
    /// which Python's default contexts set since 3.13, and wolfSSL refuses it in an intermediate; others accept it. The default of `openssl req -x509` adds none.
    ///
    /// ## How to fix it
    ///
    /// The authority is signed again with the extension.
    ///
    /// ```text
    /// keyUsage = critical,keyCertSign,cRLSign
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.3
    pub static RULE = MT222 {
        name: "authority-key-usage-missing",
        severity: Note,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.3", "2008-05")],
        faults: [],
        symptoms: [Verify(92), Breaks(Requirement::AuthorityKeyUsage), Says("ca cert does not include key usage extension")],
        check: Certificate(check),
        fires_on: || Fixture::files().breach(Requirement::AuthorityKeyUsage, Some(92), true).done(),
        silent_on: || Fixture::files().done(),
    }
}

fn check(at: CertificateAt<'_>, _: &Context) -> Verdict {
    breaches(
        at,
        &[Requirement::AuthorityKeyUsage],
        "have the authority signed again with keyUsage",
        "printf '%s\\n' 'keyUsage=critical,keyCertSign,cRLSign' >> extensions.cnf   # then sign again with -extfile extensions.cnf",
    )
}

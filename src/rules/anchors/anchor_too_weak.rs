//! MT416.

use crate::{
    context::Context,
    facts::Case,
    finding::{Severity, Verdict},
    rule,
    rules::{
        anchors::help::{each_set, together},
        chain::weak_key::weakness,
        chain::weak_signature_algorithm::weak_signature,
        help::show,
    },
};

rule! {
    /// ## What it finds
    ///
    /// A trust anchor in the client-CA file with an RSA key below 2048 bits or an elliptic-curve
    /// key below 224, or an intermediate there with a SHA-1 or MD5 signature. A root's signature on
    /// itself is not checked: it proves nothing.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL at its default security level 2 and rustls reject every client below such a key
    /// (error 67, "CA certificate key too weak"), and OpenSSL rejects such a signature (error 68).
    /// Others accept it; then whoever breaks the key can issue client certificates for any name.
    ///
    /// ## How to fix it
    ///
    /// Ask the sender for a CA with a current key.
    ///
    /// ```text
    /// openssl x509 -in anchor.pem -noout -text | grep -E "Public-Key|Signature Algorithm"
    /// ```
    ///
    /// ## References
    ///
    /// - NIST SP 800-131A Rev. 2, section 3
    /// - OpenSSL, SSL_CTX_set_security_level(3)
    pub static RULE = MT416 {
        name: "anchor-too-weak",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("NIST SP 800-131A Rev. 2 section 3", "2019-03"),
            ("OpenSSL 3.0 SSL_CTX_set_security_level(3)", "2021-09"),
        ],
        faults: [],
        symptoms: [Says("ca certificate key too weak"), Says("ca key too small")],
        check: Case(check),
        fires_on: || Fixture::client_ca().block(0, |root| root.key.bits = 1024).done(),
        silent_on: || Fixture::client_ca()
            .block(0, |root| root.signature_algorithm = fixture::sha1_with_rsa()).done(),
    }
}

fn check(case: &Case, _: &Context) -> Verdict {
    each_set(case, |file| {
        let weak_keys: Vec<_> = file
            .anchors()
            .filter_map(|(index, certificate)| Some((index, certificate, weakness(certificate)?)))
            .collect();
        let weak_signatures: Vec<_> = file
            .anchors()
            .filter_map(|(index, certificate)| {
                Some((index, certificate, weak_signature(certificate)?))
            })
            .collect();
        let remedy = "ask the sender for a CA with a current key";
        let keys = together(file, &weak_keys, "has a weak key", remedy);
        let signatures = together(file, &weak_signatures, "has a weak signature", remedy)
            .map(|hit| hit.severity(Severity::Warning));
        let hits = keys
            .into_iter()
            .chain(signatures)
            .map(|hit| hit.check(show(file.chain, "Subject:|Public-Key|Signature Algorithm")))
            .collect();
        Verdict::from_hits(hits)
    })
}

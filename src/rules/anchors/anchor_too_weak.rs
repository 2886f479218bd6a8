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
    },
};

rule! {
    /// ## What it finds
    ///
    /// An anchor in the client-CA file with an RSA key below 2048 bits or an elliptic-curve key below 224, or an intermediate there
    /// with a signature made with SHA-1 or MD5. The signature of a root on itself proves nothing and is not looked at.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL at security level 2, its usual one, and rustls refuse every client below such a key (error 67, "CA certificate key
    /// too weak"), and OpenSSL such a signature (error 68). Others take it, and then whoever breaks the key can make a client of any name.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook asks the sender for an authority of today.
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
        let remedy = "ask the sender for an authority of today";
        let keys = together(file, &weak_keys, "has too short a key", remedy);
        let signatures = together(file, &weak_signatures, "carries a weak signature", remedy)
            .map(|hit| hit.severity(Severity::Warning));
        let hits = keys
            .into_iter()
            .chain(signatures)
            .map(|hit| {
                hit.command(
                    "openssl x509 -in anchor.pem -noout -text | grep -E \"Public-Key|Signature Algorithm\"",
                )
            })
            .collect();
        Verdict::from_hits(hits)
    })
}

//! MT205.

use crate::{
    context::Context,
    facts::{Certificate, Chain, Digest},
    finding::Verdict,
    rule,
    rules::help::{show, suspects, verdict},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate below the root that is signed with MD5 or SHA-1.
    ///
    /// ## Why it matters
    ///
    /// Both hashes have practical collisions, so such a signature proves little. OpenSSL 3 at its
    /// default security level, Go since 1.18 and rustls reject it; Java's server sockets and Envoy
    /// accepted a SHA-1 leaf when tested in November 2026. A root's own signature does not count:
    /// it is trusted for its key.
    ///
    /// ## How to fix it
    ///
    /// Have the certificate reissued with SHA-256. With your own CA:
    ///
    /// ```text
    /// openssl x509 -req -in leaf.csr -CA ca.pem -CAkey ca-key.pem -sha256 -days 90 -out leaf.pem
    /// openssl x509 -in leaf.pem -noout -text | grep 'Signature Algorithm'
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 9155 (MD5 and SHA-1 in TLS 1.2)
    /// - Go 1.18 release notes, crypto/x509
    pub static RULE = MT205 {
        name: "weak-signature-algorithm",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 9155", "2021-12"), ("Go 1.18 release notes, crypto/x509", "2022-03")],
        faults: ["client-sha1-signed", "client-file-sha1", "server-sha1-signed", "server-file-sha1"],
        symptoms: [Breaks(Requirement::NoSha1), Breaks(Requirement::SignatureAlgorithm),
            Verify(68), Alert(42),
            Says("ca signature digest algorithm too weak"), Says("ca md too weak"), Says("insecure algorithm sha1"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good()
            .certificate(0, |leaf| leaf.signature_algorithm = fixture::sha1_with_rsa())
            .problem(0, 68).done(),
        silent_on: || Fixture::good()
            .certificate(0, |leaf| leaf.signature_algorithm = fixture::ecdsa_with_sha256()).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the chain is empty");
    }
    let weak = suspects(chain, &[68], |_, certificate| weak_signature(certificate));
    verdict(&weak, |suspect| {
        suspect
            .hit(
                format!("{} has a weak signature: {}", suspect.which(), suspect.why),
                "have the certificate reissued with SHA-256",
            )
            .check(show(chain, "Subject:|Signature Algorithm"))
    })
}

/// What is weak about the signature on a certificate; that of a root on itself proves nothing
/// anyway.
pub(in crate::rules) fn weak_signature(certificate: &Certificate) -> Option<String> {
    let weak = certificate
        .signature_algorithm
        .digest()
        .is_some_and(Digest::is_broken);
    (weak && !certificate.self_issued).then(|| {
        format!(
            "{}, expected SHA-256 or better",
            certificate.signature_algorithm
        )
    })
}

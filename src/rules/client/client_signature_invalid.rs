//! MT405.

use crate::{
    context::Context,
    facts::{Accepted, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A client whose handshake signature (CertificateVerify) does not verify with the key of the
    /// certificate it sent.
    ///
    /// ## Why it matters
    ///
    /// A certificate is public; only this signature shows that the client has the private key. If
    /// it does not verify, the certificate may belong to somebody else, or the client's certificate
    /// and key files do not match. A server must reject it, usually with alert 51. A signature with
    /// an algorithm that mtls cannot check (Ed448, DSA, brainpool curves) is rejected too,
    /// since nothing is known about it; the message names the algorithm.
    ///
    /// ## How to fix it
    ///
    /// Compare the public keys of the sender's two files; both commands must print the same.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -pubkey | openssl sha256
    /// openssl pkey -in key.pem -pubout | openssl sha256
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.3 (Certificate Verify)
    pub static RULE = MT405 {
        name: "client-signature-invalid",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.4.3", "2018-08")],
        faults: [],
        symptoms: [
            Alert(51), Alert(47), Says("bad signature"), Says("decrypt error"),
            Says("invalid signature by the client certificate"),
        ],
        check: Accepted(check),
        fires_on: || Fixture::good().handshake(|handshake| {
            handshake.tls.signature = Some(PeerSignature {
                scheme: 0x0804,
                checked: true,
                verified: false,
                problem: Some("it does not match the certificate's key".into()),
            });
        }).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(handshake: &Accepted, _: &Context) -> Verdict {
    let Some(signature) = &handshake.tls.signature else {
        return Verdict::NotApplicable("the client signed nothing");
    };
    if signature.verified {
        return Verdict::Pass;
    }
    let subject = handshake
        .tls
        .client_chain
        .as_ref()
        .and_then(|chain| chain.certificate(0))
        .map_or_else(|| handshake.peer.clone(), |leaf| leaf.label());
    let problem = signature.problem.as_deref().unwrap_or("unknown reason");
    let hit = |message: String, remedy: &str| {
        Hit::new(
            message,
            subject,
            Place::wire(Side::Client, "CertificateVerify"),
            remedy,
        )
        .evidence("signature scheme", format!("0x{:04X}", signature.scheme))
    };
    Verdict::hit(if signature.checked {
        hit(
            format!("the client's handshake signature does not verify with its certificate's key: {problem}"),
            "compare the public keys of the client's certificate and key files; if they match, somebody else is using the certificate",
        )
        .check("openssl x509 -in leaf.pem -noout -pubkey | openssl sha256")
        .check("openssl pkey -in key.pem -pubout | openssl sha256")
    } else {
        hit(
            format!("the client was rejected: its handshake signature could not be checked: {problem}"),
            "use a key that every stack supports (RSA, P-256, P-384), or test this client with OpenSSL",
        )
        .check("openssl s_server -accept 4433 -cert fullchain.pem -key key.pem -CAfile clients.pem -Verify 5 -verify_return_error")
    })
}

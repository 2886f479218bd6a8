//! MT405.

use crate::{
    context::Context,
    facts::{Handshake, Place, Side},
    finding::{Hit, Verdict},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A client whose signature over the handshake (CertificateVerify) does not hold under the key of the certificate it sent.
    ///
    /// ## Why it matters
    ///
    /// A certificate is public; only this signature shows that the client has the private key. If it does not hold, the
    /// certificate may be somebody else's, or certificate and key in the client's files do not belong together. A server must
    /// refuse, mostly with alert 51. An algorithm that this program cannot check (Ed448, DSA, brainpool curves) is refused as well,
    /// since nothing is known of such a signature; the message says which it was.
    ///
    /// ## How to fix it
    ///
    /// The sender compares the public keys of its two files; both commands must print the same.
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
        check: Handshake(check),
        fires_on: || Fixture::good().handshake(|handshake| {
            handshake.signature = Some(PeerSignature {
                scheme: 0x0804,
                checked: true,
                verified: false,
                problem: Some("it does not match the certificate's key".into()),
            });
        }).done(),
        silent_on: || Fixture::good().done(),
    }
}

fn check(handshake: &Handshake, _: &Context) -> Verdict {
    let Some(signature) = &handshake.signature else {
        return Verdict::NotApplicable("the client signed nothing");
    };
    if signature.verified {
        return Verdict::Pass;
    }
    let subject = handshake
        .client_chain
        .as_ref()
        .and_then(|chain| chain.certificate(0))
        .map_or_else(|| handshake.peer.clone(), |leaf| leaf.label());
    let problem = signature.problem.as_deref().unwrap_or("no reason is known");
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
            format!("the client's signature does not hold under its certificate's key: {problem}"),
            "compare the public keys of the client's certificate and key files; if they agree, the certificate is being used by somebody else",
        )
        .command("openssl x509 -in leaf.pem -noout -pubkey | openssl sha256")
        .command("openssl pkey -in key.pem -pubout | openssl sha256")
    } else {
        hit(
            format!("the client's signature could not be checked, so it was refused: {problem}"),
            "take a key that every stack knows (RSA, P-256, P-384), or let OpenSSL listen for this client",
        )
        .command("openssl s_server -accept 4433 -cert fullchain.pem -key key.pem -CAfile clients.pem -Verify 5 -verify_return_error")
    })
}

//! MT427.

use crate::{
    context::Context,
    facts::{Dialled, Place, Side},
    finding::{Hit, Verdict},
    rule,
    rules::help::host_port,
};

rule! {
    /// ## What it finds
    ///
    /// A server whose handshake signature does not verify with the key of the certificate it sent,
    /// or could not be checked.
    ///
    /// ## Why it matters
    ///
    /// A certificate is public; only this signature shows that the server has its private key. If
    /// it does not verify, somebody else may have answered, or the server's certificate and key
    /// files do not match. A signature with an algorithm that mtls cannot check (Ed448,
    /// DSA, brainpool curves) is rejected too, since nothing is known about it.
    ///
    /// ## How to fix it
    ///
    /// Compare the public keys of the server's two files; both commands must print the same.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -pubkey | openssl sha256
    /// openssl pkey -in key.pem -pubout | openssl sha256
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 8446, section 4.4.3 (Certificate Verify)
    /// - RFC 5246, section 7.4.3 (Server Key Exchange)
    pub static RULE = MT427 {
        name: "server-signature-invalid",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [("RFC 8446 section 4.4.3", "2018-08"), ("RFC 5246 section 7.4.3", "2008-08")],
        faults: [],
        symptoms: [Alert(51), Says("bad signature")],
        check: Dialled(check),
        fires_on: || CallFixture::good().signature_refused(true).done(),
        silent_on: || CallFixture::good()
            .ended(EndingKind::Refused, Phase::Handshake, Some(Party::Us)).done(),
    }
}

fn check(dialled: &Dialled, _: &Context) -> Verdict {
    let Some(signature) = &dialled.tls.signature else {
        return Verdict::NotApplicable("the handshake ended before the server's signature");
    };
    if signature.verified {
        return Verdict::Pass;
    }
    let problem = signature.problem.as_deref().unwrap_or("unknown reason");
    let hit = |message: String, remedy: &str| {
        Hit::new(
            message,
            dialled.url.clone(),
            Place::wire(Side::Server, "CertificateVerify"),
            remedy,
        )
        .evidence("signature scheme", format!("0x{:04X}", signature.scheme))
    };
    Verdict::hit(if signature.checked {
        hit(
            format!("the server's handshake signature does not verify with its certificate's key: {problem}"),
            "compare the public keys of the server's certificate and key files; if they match, another server answered in its name",
        )
        .check("openssl x509 -in fullchain.pem -noout -pubkey | openssl sha256")
        .check("openssl pkey -in key.pem -pubout | openssl sha256")
    } else {
        hit(
            format!("the server was rejected: its handshake signature could not be checked: {problem}"),
            "give the server a key that every stack supports (RSA, P-256, P-384), or check with OpenSSL",
        )
        .check(format!(
            "openssl s_client -connect {} -verify_return_error </dev/null",
            host_port(&dialled.url)
        ))
    })
}

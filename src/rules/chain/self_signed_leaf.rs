//! MT277.

use crate::{
    context::Context,
    facts::{Chain, Side},
    finding::Verdict,
    rule,
    rules::client::client_self_signed::self_signed,
};

rule! {
    /// ## What it finds
    ///
    /// A server's leaf that is self-signed and not among the trust anchors. If no trust anchors
    /// were given it is a warning.
    ///
    /// ## Why it matters
    ///
    /// No CA vouches for it. OpenSSL reports error 18, Node `DEPTH_ZERO_SELF_SIGNED_CERT`; Go,
    /// rustls and Java report it as an unknown issuer. Dialogflow CX accepts one that was uploaded
    /// for the webhook; Dialogflow ES cannot be given one.
    ///
    /// ## How to fix it
    ///
    /// Get a certificate from a CA that the callers trust, at no cost from an ACME CA, or have
    /// every caller trust this certificate.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -subject -issuer -fingerprint -sha256
    /// certbot certonly -d hook.example
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 6.1 (path validation ends at a trust anchor)
    /// - docs.cloud.google.com/dialogflow/cx/docs/concept/custom-ca, read 2026-11-23
    pub static RULE = MT277 {
        name: "self-signed-leaf",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("RFC 5280 section 6.1", "2008-05"),
            ("docs.cloud.google.com/dialogflow/cx/docs/concept/custom-ca, read", "2026-11-23"),
        ],
        faults: ["server-self-signed", "upstream-self-signed"],
        symptoms: [
            Verify(18), Alert(48), Alert(46), Alert(42),
            Says("self-signed certificate"), Says("self signed certificate"), Says("depth_zero_self_signed_cert"),
        ],
        check: Chain(check),
        fires_on: || Fixture::files().file_leaf_only()
            .block(0, |leaf| { leaf.issuer = leaf.subject.clone(); leaf.self_issued = true; })
            .file_problem(0, 18).done(),
        silent_on: || Fixture::files()
            .also(chain_fixture::server_root()).file_problem(2, 19).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Server {
        return Verdict::NotApplicable("not the server's chain");
    }
    self_signed(
        chain,
        context,
        "get a certificate from a CA that the callers trust, or have every caller trust this certificate",
    )
}

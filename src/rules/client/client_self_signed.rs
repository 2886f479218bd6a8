//! MT402.

use crate::{
    context::Context,
    facts::{Chain, Side},
    finding::{Hit, Severity, Verdict},
    rule,
    rules::{
        client::client_issuer_unknown::origin,
        help::{argument, judged, owner, place, problems, word},
    },
};

rule! {
    /// ## What it finds
    ///
    /// A client's leaf that is self-signed and not itself among the trust anchors.
    ///
    /// ## Why it matters
    ///
    /// No CA vouches for it. OpenSSL reports error 18 and sends alert 48; Go, rustls and Java
    /// report it as an unknown issuer.
    ///
    /// ## How to fix it
    ///
    /// Get a certificate from a CA that the webhook trusts. For a test the webhook may trust this
    /// certificate itself; compare the fingerprint over another channel first.
    ///
    /// ```text
    /// openssl x509 -in client.pem -noout -subject -issuer -fingerprint -sha256
    /// # nginx    ssl_client_certificate clients.pem;    (the certificate itself in that file)
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 6.1 (path validation ends at a trust anchor)
    pub static RULE = MT402 {
        name: "client-self-signed",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [("RFC 5280 section 6.1", "2008-05")],
        faults: ["client-self-signed"],
        symptoms: [
            Verify(18), Alert(48), Alert(46), Alert(42),
            Says("self-signed certificate"), Says("self signed certificate"), Says("depth_zero_self_signed_cert"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good().leaf_only()
            .certificate(0, |leaf| { leaf.issuer = leaf.subject.clone(); leaf.self_issued = true; })
            .problem(0, 18).done(),
        silent_on: || Fixture::good().root_sent().problem(2, 19).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Client {
        return Verdict::NotApplicable("not the client's chain");
    }
    self_signed(
        chain,
        context,
        "get a certificate from a CA that the webhook trusts; for a test, trust this certificate itself",
    )
}

/// The verdict on a self-signed leaf of either side.
pub(in crate::rules) fn self_signed(
    chain: &Chain,
    context: &Context,
    remedy: &'static str,
) -> Verdict {
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    let refused = judged(chain) && problems(chain, &[18]).next().is_some();
    // In a file it is reported even where no trust anchors were given: most peers will not have it
    // among theirs.
    let alone = !judged(chain) && chain.in_file() && leaf.self_issued;
    if !refused && !alone {
        return if judged(chain) || chain.in_file() {
            Verdict::Pass
        } else {
            Verdict::NotApplicable("no trust anchor to check against")
        };
    }
    let wanted = if refused {
        format!("not issued by a CA in {}", origin(context))
    } else {
        "accepted only by peers that trust this certificate itself".to_owned()
    };
    let side = word(chain.role);
    let hit = Hit::new(
        format!("the {side}'s leaf is self-signed: {wanted}"),
        leaf.label(),
        place(chain, chain.leaf),
        remedy,
    )
    .evidence("sha256", leaf.sha256.clone())
    .check(format!(
        "openssl x509 -in {} -noout -subject -issuer -fingerprint -sha256",
        argument(chain, &format!("{side}.pem"))
    ))
    .act(owner(chain.role));
    // A sender that no server can give a trust anchor of its own has nobody who trusts this very
    // certificate.
    let by_sender = chain.role == Side::Server
        && context.profile.is_some_and(|profile| {
            !profile.identity.is_empty() && profile.fact("custom-ca").is_none()
        });
    Verdict::hit(if refused || by_sender {
        hit
    } else {
        hit.severity(Severity::Warning)
    })
}

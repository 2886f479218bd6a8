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
    /// A client leaf that signed itself and is not itself among the trusted certificates.
    ///
    /// ## Why it matters
    ///
    /// No authority vouches for it. OpenSSL reports error 18 and sends alert 48; Go, rustls and Java use the same words as for
    /// an unknown authority.
    ///
    /// ## How to fix it
    ///
    /// The sender gets a certificate from an authority that the webhook trusts. For a test the webhook may trust this very
    /// certificate instead; compare the fingerprint over another channel first.
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
        "get a certificate from an authority that the webhook trusts; for a test, trust this very certificate",
    )
}

/// The verdict on a leaf of either side that signed itself.
pub(in crate::rules) fn self_signed(
    chain: &Chain,
    context: &Context,
    remedy: &'static str,
) -> Verdict {
    let Some(leaf) = chain.certificate(chain.leaf) else {
        return Verdict::NotApplicable("the chain is empty");
    };
    let refused = judged(chain) && problems(chain, &[18]).next().is_some();
    // In a file it is worth a word even where no anchors were given: most others will not have it
    // among theirs.
    let alone = !judged(chain) && chain.in_file() && leaf.self_issued;
    if !refused && !alone {
        return if judged(chain) || chain.in_file() {
            Verdict::Pass
        } else {
            Verdict::NotApplicable("nothing to judge against")
        };
    }
    let wanted = if refused {
        format!("wanted one issued by an authority in {}", origin(context))
    } else {
        "so only those accept it who trust this very certificate".to_owned()
    };
    let side = word(chain.role);
    let hit = Hit::new(
        format!("the {side}'s leaf signed itself, {wanted}"),
        leaf.label(),
        place(chain, chain.leaf),
        remedy,
    )
    .evidence("sha256", leaf.sha256.clone())
    .command(format!(
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

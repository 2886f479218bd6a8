//! MT404.

use crate::{
    context::Context,
    facts::{Certificate, Chain, Eku, KeyUsage, Side, listed},
    finding::{Severity, Verdict},
    rule,
    rules::help::{suspects, trusted},
};

rule! {
    /// ## What it finds
    ///
    /// A client chain with a certificate that is not for TLS clients: an extended key usage without
    /// `clientAuth` in the leaf or in an intermediate, or a key usage without `digitalSignature` in
    /// the leaf.
    ///
    /// ## Why it matters
    ///
    /// Public CAs are dropping `clientAuth` from server certificates: Chrome's root program
    /// requires that from March 2027, and some CAs stopped earlier ([MT280](#mt280)). A renewed
    /// certificate then stops working as a client certificate. OpenSSL reports error 26 with alert
    /// 43, Go "incompatible key usage". gnutls-serv does not check the extended key usage; Go,
    /// Caddy and rustls do not check the key usage. An absent extension allows everything.
    ///
    /// ## How to fix it
    ///
    /// Get a certificate with `clientAuth`, today usually from a private CA. If an intermediate is
    /// at fault, another leaf from it will not help.
    ///
    /// ```text
    /// openssl x509 -in leaf.pem -noout -ext extendedKeyUsage,keyUsage
    /// printf 'extendedKeyUsage=clientAuth\nkeyUsage=critical,digitalSignature\n' > client.ext
    /// openssl x509 -req -in client.csr -CA ca.pem -CAkey ca-key.pem -extfile client.ext -days 90 -out client.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.12 (extended key usage) and section 4.2.1.3 (key usage)
    /// - RFC 8446, section 4.4.2.2 and 4.4.2.3 (the certificate must allow signing)
    /// - pki.goog/updates/may2025-clientauth.html
    pub static RULE = MT404 {
        name: "client-purpose-wrong",
        severity: Error,
        certainty: Proven,
        act: Client,
        since: "0.1.0",
        cites: [
            ("RFC 5280 section 4.2.1.12", "2008-05"),
            ("RFC 8446 section 4.4.2.2", "2018-08"),
            ("pki.goog/updates/may2025-clientauth.html, read", "2026-11-23"),
        ],
        faults: ["client-eku-serverauth-only", "client-wrong-key-usage"],
        symptoms: [
            Verify(26), Alert(43), Alert(46), Alert(42),
            Says("unsuitable certificate purpose"), Says("unsupported certificate purpose"), Says("unsupported certificate"),
            Says("certificate specifies an incompatible key usage"), Says("invalidpurpose"),
            Says("extended key usage does not permit use for tls client authentication"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good()
            .certificate(0, |leaf| leaf.eku = Some(vec![Eku::ServerAuth])).problem(0, 26).done(),
        silent_on: || Fixture::good()
            .certificate(0, |leaf| { leaf.eku = None; leaf.key_usage = None; }).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.role != Side::Client {
        return Verdict::NotApplicable("not the client's chain");
    }
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the client sent no certificate");
    }
    let wrong = suspects(chain, &[26], |index, certificate| {
        why_not(index == chain.leaf, certificate)
    });
    Verdict::from_hits(
        wrong
            .iter()
            .map(|suspect| {
                let hit = suspect
                    .hit(
                        format!(
                            "{} is not for TLS clients: {}",
                            suspect.which(),
                            suspect.why
                        ),
                        "get a certificate with these extensions",
                    )
                    .setting("extendedKeyUsage = clientAuth")
                    .setting("keyUsage = critical,digitalSignature");
                let forbidden_by_usage_alone = suspect
                    .sent
                    .is_some_and(|(_, certificate)| purposes_allow(certificate));
                // Without trust anchors there is no verdict: half the stacks accept a wrong key usage.
                if suspect.problem.is_none() && (forbidden_by_usage_alone || trusted(chain)) {
                    hit.severity(Severity::Warning)
                } else {
                    hit
                }
            })
            .collect(),
    )
}

fn why_not(is_leaf: bool, certificate: &Certificate) -> Option<String> {
    // A root's own extensions bind nobody.
    if !is_leaf && certificate.self_issued {
        return None;
    }
    if !purposes_allow(certificate) {
        let purposes = listed(certificate.eku.iter().flatten(), ", ");
        return Some(format!(
            "expected extended key usage clientAuth, found {purposes}"
        ));
    }
    let usages = certificate.key_usage.as_ref().filter(|_| is_leaf)?;
    (!usages.contains(&KeyUsage::DigitalSignature)).then(|| {
        format!(
            "expected key usage digitalSignature, found {}",
            listed(usages, ", ")
        )
    })
}

fn purposes_allow(certificate: &Certificate) -> bool {
    certificate.eku.as_ref().is_none_or(|purposes| {
        purposes
            .iter()
            .any(|purpose| matches!(purpose, Eku::ClientAuth | Eku::Any))
    })
}

//! MT274.

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
    /// A server's chain with a certificate that is not for TLS servers: an extended key usage
    /// without `serverAuth` in the leaf or in an intermediate, or a key usage in the leaf without
    /// `digitalSignature`.
    ///
    /// ## Why it matters
    ///
    /// Every client but wget rejected a client-only leaf when tested: OpenSSL with error 26 and
    /// alert 43, Go with "certificate specifies an incompatible key usage", Java with "extended key
    /// usage does not permit use for TLS server authentication". OpenSSL, Node, Java and GnuTLS
    /// reject a wrong key usage; Go and rustls do not check it. With only `keyEncipherment` there
    /// is no TLS 1.3 and no ephemeral key exchange, which is a warning. An absent extension allows
    /// everything.
    ///
    /// ## How to fix it
    ///
    /// Have the certificate reissued for servers. If an intermediate is at fault, another leaf from
    /// it will not help.
    ///
    /// ```text
    /// openssl x509 -in fullchain.pem -noout -ext extendedKeyUsage,keyUsage
    /// printf 'extendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature\nsubjectAltName=DNS:hook.example\n' > server.ext
    /// openssl x509 -req -in server.csr -CA ca.pem -CAkey ca-key.pem -extfile server.ext -days 90 -out server.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.12 (extended key usage) and section 4.2.1.3 (key usage)
    /// - RFC 8446, section 4.4.2.2 (the certificate must allow signing)
    pub static RULE = MT274 {
        name: "purpose-wrong",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("RFC 5280 section 4.2.1.12", "2008-05"),
            ("RFC 8446 section 4.4.2.2", "2018-08"),
            ("sixteen clients, tried", "2026-11-23"),
        ],
        faults: ["server-eku-clientauth-only", "server-wrong-key-usage"],
        symptoms: [
            Verify(26), Alert(43), Alert(42), Alert(46),
            Says("unsuitable certificate purpose"), Says("unsupported certificate purpose"),
            Says("certificate specifies an incompatible key usage"), Says("invalidpurpose"),
            Says("extended key usage does not permit use for tls server authentication"),
            Says("keyusage does not allow digital signatures"), Says("key usage violation"),
        ],
        check: Chain(check),
        fires_on: || Fixture::files()
            .block(0, |leaf| leaf.eku = Some(vec![Eku::ClientAuth])).file_problem(0, 26).done(),
        silent_on: || Fixture::files()
            .block(0, |leaf| { leaf.eku = None; leaf.key_usage = None; }).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Server {
        return Verdict::NotApplicable("not the server's chain");
    }
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the chain is empty");
    }
    let wrong = suspects(chain, &[26], |index, certificate| {
        let is_leaf = index == chain.leaf;
        purposes(is_leaf, certificate).or_else(|| {
            // A profile that asks for more has its own rule for this.
            let strict = crate::rules::chain::custom_ca_key_usage::asked(chain, context).is_some();
            usages(is_leaf && !strict, certificate)
        })
    });
    let hits = wrong
        .iter()
        .map(|suspect| {
            let hit = suspect
                .hit(
                    format!(
                        "{} is not for TLS servers: {}",
                        suspect.which(),
                        suspect.why
                    ),
                    "have it reissued with these extensions",
                )
                .setting("extendedKeyUsage = serverAuth")
                .setting("keyUsage = critical,digitalSignature");
            let usage_alone = suspect.sent.is_some_and(|(index, certificate)| {
                purposes(index == chain.leaf, certificate).is_none()
            });
            if suspect.problem.is_none() && (usage_alone || trusted(chain)) {
                hit.severity(Severity::Warning)
            } else {
                hit
            }
        })
        .collect();
    Verdict::from_hits(hits)
}

fn purposes(is_leaf: bool, certificate: &Certificate) -> Option<String> {
    // A root's own extensions bind nobody.
    if !is_leaf && certificate.self_issued {
        return None;
    }
    let purposes = certificate.eku.as_ref()?;
    let fits = purposes
        .iter()
        .any(|purpose| matches!(purpose, Eku::ServerAuth | Eku::Any));
    (!fits).then(|| {
        format!(
            "expected extended key usage serverAuth, found {}",
            listed(purposes, ", ")
        )
    })
}

fn usages(is_leaf: bool, certificate: &Certificate) -> Option<String> {
    let usages = certificate.key_usage.as_ref().filter(|_| is_leaf)?;
    (!usages.contains(&KeyUsage::DigitalSignature)).then(|| {
        format!(
            "expected key usage digitalSignature, found {}",
            listed(usages, ", ")
        )
    })
}

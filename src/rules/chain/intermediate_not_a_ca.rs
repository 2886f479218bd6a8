//! MT208.

use crate::{
    context::Context,
    facts::{Certificate, Chain, KeyUsage},
    finding::Verdict,
    rule,
    rules::help::{suspects, verdict},
};

rule! {
    /// ## What it finds
    ///
    /// A certificate that issued another one in the chain but is not allowed to: no
    /// `basicConstraints` with `CA:TRUE`, or a key usage without `keyCertSign`.
    ///
    /// ## Why it matters
    ///
    /// Otherwise the owner of any leaf could issue certificates for anyone. Every verifier rejects
    /// it: OpenSSL with error 79 or 32 and alert 48, rustls with alert 46, Go with "parent
    /// certificate cannot sign this kind of certificate".
    ///
    /// ## How to fix it
    ///
    /// Have the CA certificate reissued, with the same key if the leaf is to stay:
    ///
    /// ```text
    /// printf 'basicConstraints=critical,CA:TRUE,pathlen:0\nkeyUsage=critical,keyCertSign,cRLSign\n' > ca.ext
    /// openssl x509 -req -in intermediate.csr -CA root.pem -CAkey root-key.pem -extfile ca.ext -out intermediate.pem
    /// ```
    ///
    /// ## References
    ///
    /// - RFC 5280, section 4.2.1.9 (basic constraints), section 4.2.1.3 (key usage), section 6.1.4 (k) and (n)
    pub static RULE = MT208 {
        name: "intermediate-not-a-ca",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [("RFC 5280 section 4.2.1.9", "2008-05")],
        faults: ["client-intermediate-not-ca", "server-intermediate-not-ca"],
        symptoms: [Breaks(Requirement::AuthorityBasicConstraints),
            Verify(79), Verify(32), Alert(48), Alert(46),
            Says("invalid ca certificate"), Says("key usage does not include certificate signing"),
            Says("parent certificate cannot sign this kind of certificate"), Says("endentityusedasca"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good()
            .certificate(1, |ca| ca.is_ca = false).problem(1, 79).problem(1, 32).done(),
        silent_on: || Fixture::good()
            .certificate(1, |ca| ca.key_usage = None).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the chain is empty");
    }
    let pretenders = suspects(chain, &[79, 32], |index, certificate| {
        if issued_another(chain, index, certificate) {
            why_not(certificate)
        } else {
            None
        }
    });
    verdict(&pretenders, |suspect| {
        suspect
            .hit(
                format!(
                    "{} issued a certificate and is not a CA, so what it signed is invalid: {}",
                    suspect.which(),
                    suspect.why
                ),
                "have the CA certificate reissued with these extensions",
            )
            .setting("basicConstraints = critical,CA:TRUE")
            .setting("keyUsage = critical,keyCertSign,cRLSign")
    })
}

fn issued_another(chain: &Chain, index: usize, certificate: &Certificate) -> bool {
    index != chain.leaf
        && !certificate.self_issued
        && chain
            .certificates()
            .enumerate()
            .any(|(other, child)| other != index && child.issuer == certificate.subject)
}

fn why_not(certificate: &Certificate) -> Option<String> {
    let signs = certificate
        .key_usage
        .as_ref()
        .is_none_or(|usages| usages.contains(&KeyUsage::KeyCertSign));
    if certificate.version < 3 {
        Some(format!(
            "a version {} certificate has no basicConstraints",
            certificate.version
        ))
    } else if !certificate.is_ca {
        Some("no CA:TRUE in its basicConstraints".into())
    } else if !signs {
        Some("no keyCertSign in its keyUsage".into())
    } else {
        None
    }
}

//! MT204.

use crate::{
    context::Context,
    facts::{Certificate, Chain, KeyAlgorithm},
    finding::{Severity, Verdict},
    rule,
    rules::help::{make_key, suspects, verdict},
    verify::conformance::OPENSSL_RSA_BITS,
};

/// What OpenSSL's security level 2 (112 bits, its usual one) asks of RSA.
const RSA_BITS: u32 = 2048;
/// And of elliptic curves.
const EC_BITS: u32 = 224;

rule! {
    /// ## What it finds
    ///
    /// An RSA key shorter than 2048 bits, or an elliptic-curve key shorter than 224 bits, in a certificate of the chain.
    ///
    /// ## Why it matters
    ///
    /// OpenSSL at security level 2 and rustls reject it, except RSA a few bits short of 2048, which
    /// is a note; Go, Java's server sockets, gnutls-serv and Envoy accepted RSA-1024 when tested in
    /// November 2026. The same certificate works with one webhook and fails with the next. OpenSSL
    /// clients refuse to load such a certificate of their own and report a misleading error ("no
    /// key found, wrong pass phrase").
    ///
    /// ## How to fix it
    ///
    /// Make a new key, and have a certificate issued for it. Lowering the security level
    /// (`DEFAULT@SECLEVEL=1`) only hides the problem.
    ///
    /// ```text
    /// openssl genpkey -algorithm EC -pkeyopt ec_paramgen_curve:P-256 -out new-key.pem
    /// openssl genrsa -out new-key.pem 3072
    /// ```
    ///
    /// ## References
    ///
    /// - NIST SP 800-131A Rev. 2, section 3 (RSA below 2048 bits disallowed for signing)
    /// - OpenSSL, SSL_CTX_set_security_level(3)
    pub static RULE = MT204 {
        name: "weak-key",
        severity: Error,
        certainty: Proven,
        act: Either,
        since: "0.1.0",
        cites: [
            ("NIST SP 800-131A Rev. 2 section 3", "2019-03"),
            ("OpenSSL 3.0 SSL_CTX_set_security_level(3)", "2021-09"),
        ],
        faults: ["client-rsa1024", "client-file-rsa1024", "server-rsa1024", "server-file-rsa1024"],
        symptoms: [Breaks(Requirement::RsaSize),
            Verify(66), Verify(67), Alert(42),
            Says("ee certificate key too weak"), Says("ca certificate key too weak"), Says("ee key too small"),
        ],
        check: Chain(check),
        fires_on: || Fixture::good()
            .certificate(0, |leaf| leaf.key.bits = 1024).problem(0, 66).done(),
        silent_on: || Fixture::good()
            .certificate(0, |leaf| { leaf.key.algorithm = KeyAlgorithm::Ec; leaf.key.bits = 256; }).done(),
    }
}

fn check(chain: &Chain, _: &Context) -> Verdict {
    if chain.links.is_empty() {
        return Verdict::NotApplicable("the chain is empty");
    }
    let weak = suspects(chain, &[66, 67], |_, certificate| weakness(certificate));
    verdict(&weak, |suspect| {
        let hit = suspect
            .hit(
                format!(
                    "the key of {} is too short: {}",
                    suspect.which(),
                    suspect.why
                ),
                "make a new key, and have a certificate issued for it",
            )
            .step(make_key(chain));
        match suspect.sent {
            Some((_, certificate)) if suspect.problem.is_none() && passes(certificate) => {
                hit.severity(Severity::Note)
            }
            _ => hit,
        }
    })
}

/// Whether OpenSSL takes its RSA key all the same, a few bits short of 2048: then nobody refuses
/// it.
fn passes(certificate: &Certificate) -> bool {
    certificate.key.algorithm != KeyAlgorithm::Ec && certificate.key.bits >= OPENSSL_RSA_BITS
}

/// What is too short about a certificate's key.
pub(in crate::rules) fn weakness(certificate: &Certificate) -> Option<String> {
    let key = &certificate.key;
    let wanted = match key.algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => RSA_BITS,
        KeyAlgorithm::Ec => EC_BITS,
        _ => return None,
    };
    // 0 stands for "could not be told".
    (key.bits != 0 && key.bits < wanted).then(|| {
        format!(
            "{} {} bits, expected at least {wanted}",
            key.algorithm, key.bits
        )
    })
}

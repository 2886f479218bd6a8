//! Clients whose chains and handshakes are signed in every way there is, good and forged, at a
//! listener that enforces.

use serde_json::Value;

use crate::{
    peers::{
        client::{VERSIONS, call},
        rustls_peer::{identity, key, present},
    },
    support::{Listen, Pki, Signed, SignedPki, peer},
};

const NAME: &str = "sender.signed.test";

fn listen(ours: &Pki, pki: &SignedPki, more: &[&str]) -> Listen {
    let (cert, key) = (
        ours.path("server/fullchain.pem"),
        ours.path("server/key.pem"),
    );
    let anchors = pki.path("anchors.pem");
    let own = ["--cert", &cert, "--key", &key, "--client-ca", &anchors];
    Listen::start([&own, more].concat())
}

/// The messages of the errors, and of warnings where they are asked for.
pub(crate) fn said(seen: &Value, code: &str, severity: &str) -> Option<String> {
    let mut findings = seen["findings"].as_array().unwrap().iter();
    let found = findings.find(|one| one["code"] == code && one["severity"] == severity)?;
    Some(found["message"].as_str().unwrap().to_owned())
}

pub(crate) fn has_error(seen: &Value) -> bool {
    let mut findings = seen["findings"].as_array().unwrap().iter();
    findings.any(|one| one["severity"] == "error")
}

#[test]
fn clients_good_and_forged() {
    if peer("openssl").is_none() {
        return;
    }
    let (ours, pki) = (Pki::new(), SignedPki::new("client", NAME));
    unknown_is_no_pass(&ours, &pki);
    let mut listen = listen(&ours, &pki, &["--client-auth", "require", "--enforce"]);
    let mut wrong = chains(&pki, &mut listen);
    wrong.extend(handshakes(&pki, &mut listen));
    wrong.extend(stolen(&pki, &mut listen));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    let report = listen.finish();
    assert_eq!(report.code, Some(1));
    assert_eq!(report.summary()["verdict"], "fail");
}

/// Where bad certificates are only shown, one that could not be judged is let in and not called
/// good.
fn unknown_is_no_pass(ours: &Pki, pki: &SignedPki) {
    let way = pki.ways.iter().find(|way| way.key == "ed448").unwrap();
    for (forged, more) in [(false, &[][..]), (true, &["--expect", "mtls"])] {
        let mut listen = listen(ours, pki, more);
        let (leaf, key) = (pki.leaf(way, forged), pki.path("leaf.key"));
        call(&listen, &["-cert", &leaf, "-key", &key]).ok();
        let seen = listen.next();
        assert_eq!(seen["trust"][0]["status"], "unknown");
        assert_eq!(seen["ending"]["kind"], "completed", "{seen:#}");
        let named = said(&seen, "MT426", "warning");
        assert!(
            named.is_some_and(|named| named.contains("ED448")),
            "{seen:#}"
        );
        let report = listen.finish();
        let verdict = &report.summary()["verdict"];
        assert_eq!((verdict.as_str(), report.code), (Some("unknown"), Some(1)));
    }
}

/// Every way to sign a chain, in one version of TLS or the other.
fn chains(pki: &SignedPki, listen: &mut Listen) -> Vec<String> {
    let mut wrong = Vec::new();
    for (index, way) in pki.ways.iter().enumerate() {
        for forged in [false, true] {
            let (option, protocol) = VERSIONS[(index + usize::from(forged)) % 2];
            let (leaf, key) = (pki.leaf(way, forged), pki.path("leaf.key"));
            let cipher = "DEFAULT@SECLEVEL=0";
            call(
                listen,
                &["-cipher", cipher, "-cert", &leaf, "-key", &key, option],
            );
            let seen = listen.next();
            let status = seen["trust"][0]["status"].as_str().unwrap_or("none");
            let refused = seen["ending"]["kind"] == "refused" && seen["ending"]["sent_by"] == "us";
            let broken = said(&seen, "MT211", "error").is_some();
            let right = match (way.signed_for_openssl, forged) {
                (Signed::Well | Signed::Oddly, false) => {
                    status == "trusted"
                        && seen["ending"]["kind"] == "completed"
                        && seen["protocol"] == protocol
                        && !has_error(&seen)
                }
                (Signed::Weakly, false) => {
                    status == "untrusted" && refused && has_error(&seen) && !broken
                }
                (Signed::Well | Signed::Oddly | Signed::Weakly, true) => {
                    status == "untrusted" && refused && broken
                }
                (Signed::Unchecked, _) => {
                    let names = |message: Option<String>| {
                        message.is_some_and(|message| message.contains(way.algorithm))
                    };
                    // SHA-1 and a short DSA key are too weak whoever signs.
                    let weak = status == "untrusted" && has_error(&seen);
                    let open = status == "unknown" && names(said(&seen, "MT428", "error"));
                    refused && (weak || open) && names(said(&seen, "MT426", "warning"))
                }
            };
            if !right {
                wrong.push(format!(
                    "{} forged {forged} {protocol}: {status}, {}, {:#}",
                    way.name, seen["ending"], seen["findings"]
                ));
            }
        }
    }
    wrong
}

/// A key, what it signs with as s_client takes it, and the scheme's name; only those of TLS 1.2
/// stand in both lists.
const HANDSHAKES: &[(&str, &str, &str, &[usize])] = &[
    ("p256", "ECDSA+SHA256", "ecdsa_secp256r1_sha256", &[0, 1]),
    ("p256", "ECDSA+SHA384", "ecdsa_secp384r1_sha384", &[0]),
    ("p256", "ECDSA+SHA512", "ecdsa_secp521r1_sha512", &[0]),
    ("p384", "ECDSA+SHA256", "ecdsa_secp256r1_sha256", &[0]),
    ("p384", "ECDSA+SHA384", "ecdsa_secp384r1_sha384", &[0, 1]),
    ("p384", "ECDSA+SHA512", "ecdsa_secp521r1_sha512", &[0]),
    ("p521", "ECDSA+SHA256", "ecdsa_secp256r1_sha256", &[0]),
    ("p521", "ECDSA+SHA384", "ecdsa_secp384r1_sha384", &[0]),
    ("p521", "ECDSA+SHA512", "ecdsa_secp521r1_sha512", &[0, 1]),
    ("rsa", "rsa_pss_rsae_sha256", "rsa_pss_rsae_sha256", &[0, 1]),
    ("rsa", "rsa_pss_rsae_sha384", "rsa_pss_rsae_sha384", &[0, 1]),
    ("rsa", "rsa_pss_rsae_sha512", "rsa_pss_rsae_sha512", &[0, 1]),
    ("rsa", "RSA+SHA256", "rsa_pkcs1_sha256", &[0]),
    ("rsa", "RSA+SHA384", "rsa_pkcs1_sha384", &[0]),
    ("rsa", "RSA+SHA512", "rsa_pkcs1_sha512", &[0]),
    ("pss", "rsa_pss_pss_sha256", "rsa_pss_pss_sha256", &[1]),
    ("pss", "rsa_pss_pss_sha384", "rsa_pss_pss_sha384", &[1]),
    ("pss", "rsa_pss_pss_sha512", "rsa_pss_pss_sha512", &[1]),
    ("pss256", "rsa_pss_pss_sha256", "rsa_pss_pss_sha256", &[1]),
    ("pss384", "rsa_pss_pss_sha384", "rsa_pss_pss_sha384", &[1]),
    ("pss512", "rsa_pss_pss_sha512", "rsa_pss_pss_sha512", &[1]),
    ("ed25519", "ed25519", "ed25519", &[0, 1]),
    ("ed448", "ed448", "ed448", &[0, 1]),
];

/// Every scheme of a handshake.
fn handshakes(pki: &SignedPki, listen: &mut Listen) -> Vec<String> {
    let mut wrong = Vec::new();
    for &(name, signs, scheme, versions) in HANDSHAKES {
        let (cert, key) = (pki.holder(name), pki.path(&format!("{name}.root.key")));
        for &version in versions {
            let (option, protocol) = VERSIONS[version];
            call(
                listen,
                &[
                    "-cert",
                    &cert,
                    "-key",
                    &key,
                    "-client_sigalgs",
                    signs,
                    option,
                ],
            );
            let seen = listen.next();
            let signature = &seen["signature"];
            let right = if name == "ed448" {
                let told = said(&seen, "MT405", "error");
                told.is_some_and(|told| told.contains("could not be checked"))
                    && signature["verified"] == false
                    && seen["ending"]["kind"] == "refused"
            } else {
                signature["verified"] == true
                    && seen["trust"][0]["status"] == "trusted"
                    && seen["ending"]["kind"] == "completed"
                    && seen["protocol"] == protocol
                    && !has_error(&seen)
            };
            if !right || signature["scheme"] != scheme {
                wrong.push(format!("{name} {signs} {protocol}: {seen:#}"));
            }
        }
    }
    wrong
}

/// A certificate that another's key signs for.
fn stolen(pki: &SignedPki, listen: &mut Listen) -> Vec<String> {
    let mut wrong = Vec::new();
    for name in ["p256", "p384", "p521", "rsa", "ed25519"] {
        for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
            let thief = identity(
                &pki.holder(name),
                key(&pki.path(&format!("{name}.twin.key"))),
            );
            present(listen, thief, version);
            let seen = listen.next();
            let told = said(&seen, "MT405", "error");
            let right = told.is_some_and(|told| told.contains("does not verify"))
                && seen["signature"]["verified"] == false
                && seen["trust"][0]["status"] == "trusted"
                && seen["ending"]["kind"] == "refused";
            if !right {
                wrong.push(format!("{name} stolen, {version:?}: {seen:#}"));
            }
        }
    }
    wrong
}

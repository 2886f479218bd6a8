//! Servers whose chains and handshakes are signed in every way there is, good and forged: what
//! `simulate` and `inspect` make of each.

use std::sync::Arc;

use rustls::SignatureScheme;
use serde_json::Value;

use crate::{
    peers::{
        rustls_peer::{Identities, OneScheme, identity, key},
        signatures::{has_error, said},
    },
    support::{Server, Signed, SignedPki, Way, clean, free_port, mtls, peer, run},
};

/// A document of this command about the servers of these names, and the exit code.
fn document(
    command: &str,
    pki: &SignedPki,
    names: &[String],
    port: u16,
    words: &[&str],
) -> (Value, i32) {
    let mut program = mtls();
    program.args([command, "--format", "json", "--no-default-roots"]);
    program
        .args(["--cacert", &pki.path("anchors.pem")])
        .args(words);
    for name in names {
        let host = format!("{name}.signed.test:{port}");
        program.args(["--resolve", &format!("{host}:127.0.0.1")]);
        program.arg(format!("https://{host}/hook"));
    }
    let finished = run(&mut program, 120);
    let document = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{names:?}: {error}: {}", finished.said()));
    (document, finished.code.unwrap())
}

/// What `inspect` says of each of these, and how it exits.
fn inspect(pki: &SignedPki, names: &[String], port: u16, words: &[&str]) -> (Vec<Value>, i32) {
    let (document, code) = document("inspect", pki, names, port, words);
    let targets = document["targets"].as_array().unwrap().clone();
    assert_eq!(targets.len(), names.len());
    (targets, code)
}

/// The call of `simulate`, with the trust that stands beside it, and how it exits.
fn simulate(pki: &SignedPki, name: &str, port: u16, words: &[&str]) -> (Value, i32) {
    let (cert, key) = (pki.leaf(&pki.ways[0], false), pki.path("leaf.key"));
    let own = [&["--cert", &cert, "--key", &key], words].concat();
    let (document, code) = document("simulate", pki, &[name.to_owned()], port, &own);
    let mut call = document["calls"][0].clone();
    call["trust"] = document["trust"].clone();
    call["verdict"] = document["verdict"].clone();
    (call, code)
}

fn status(seen: &Value) -> &str {
    seen["trust"][0]["status"].as_str().unwrap_or("none")
}

/// Whether all verifiers take it, or some: Envoy takes no key on P-521.
fn accepted(seen: &Value) -> bool {
    matches!(status(seen), "trusted" | "disputed")
}

fn broken(seen: &Value) -> bool {
    said(seen, "MT211", "error").is_some()
}

/// Whether `inspect` says of a server what there is to say.
fn inspected_well(seen: &Value, way: &Way, forged: bool) -> bool {
    let verdict = seen["verdict"].as_str().unwrap();
    match (way.signed, forged) {
        (Signed::Well, false) => status(seen) == "trusted" && !has_error(seen),
        (Signed::Oddly, false) => {
            status(seen) != "untrusted" && !broken(seen) && said(seen, "MT426", "warning").is_none()
        }
        (Signed::Weakly, false) => status(seen) != "unknown" && !broken(seen),
        (Signed::Well | Signed::Oddly | Signed::Weakly, true) => {
            status(seen) == "untrusted" && broken(seen) && verdict == "fail"
        }
        (Signed::Unchecked, _) => {
            let named = said(seen, "MT426", "warning");
            named.is_some_and(|named| named.contains(way.algorithm))
                && matches!(
                    (status(seen), verdict),
                    ("unknown", "unknown") | ("untrusted", "fail")
                )
        }
    }
}

/// Whether `simulate` did, which refuses what it cannot trust.
fn called_well(seen: &Value, code: i32, way: &Way, forged: bool) -> bool {
    let outcome = seen["outcome"].as_str().unwrap();
    let refused = code == 1
        && outcome == "unreachable"
        && seen["verdict"] == "fail"
        && said(seen, "MT424", "error").is_some();
    match (way.signed, forged) {
        (Signed::Well, false) => {
            status(seen) == "trusted" && code == 0 && outcome == "accepted" && !has_error(seen)
        }
        (Signed::Oddly, false) => status(seen) != "untrusted" && !broken(seen),
        (Signed::Weakly, false) => status(seen) != "unknown" && !broken(seen),
        (Signed::Well | Signed::Oddly | Signed::Weakly, true) => {
            status(seen) == "untrusted" && refused && broken(seen)
        }
        (Signed::Unchecked, _) => status(seen) != "trusted" && refused,
    }
}

#[test]
fn servers_good_and_forged() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = SignedPki::new("server", "*.signed.test");
    let mut wrong = chains(&pki);
    wrong.extend(handshakes(&pki));
    wrong.extend(handshakes_of_openssl(&pki));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Every way to sign a chain.
fn chains(pki: &SignedPki) -> Vec<String> {
    let mut identities = Identities::default();
    for (index, way) in pki.ways.iter().enumerate() {
        let leaf_key = key(&pki.path("leaf.key"));
        for (word, forged) in [("good", false), ("forged", true)] {
            let one = identity(&pki.leaf(way, forged), leaf_key.clone());
            identities.add(&format!("{word}{index}.signed.test"), one);
        }
    }
    let port = identities.serve();
    let version = |forged: bool| ["--tls-max", ["1.2", "1.3"][usize::from(forged)]];
    let mut wrong = Vec::new();
    for (word, forged) in [("good", false), ("forged", true)] {
        let names: Vec<String> = (0..pki.ways.len())
            .map(|index| format!("{word}{index}"))
            .collect();
        let (seen, code) = inspect(pki, &names, port, &version(forged));
        assert_eq!(code, 1, "there are bad ones among them");
        for (seen, way) in seen.iter().zip(&pki.ways) {
            if !inspected_well(seen, way, forged) {
                wrong.push(format!("inspect {} {word}: {seen:#}", way.name));
            }
        }
        for (way, name) in pki.ways.iter().zip(&names) {
            let (seen, code) = simulate(pki, name, port, &version(!forged));
            if !called_well(&seen, code, way, forged) {
                wrong.push(format!("simulate {} {word}: {code} {seen:#}", way.name));
            }
        }
    }
    // What is good exits with 0, and one that is not known is enough for 1.
    let of = |signed: Signed| -> Vec<String> {
        let ways = pki.ways.iter().enumerate();
        ways.filter(|(_, way)| way.signed == signed)
            .map(|(index, _)| format!("good{index}"))
            .collect()
    };
    assert_eq!(inspect(pki, &of(Signed::Well), port, &[]).1, 0);
    let unknown: Vec<String> = (0..pki.ways.len())
        .filter(|&index| pki.ways[index].key == "ed448")
        .map(|index| format!("good{index}"))
        .collect();
    let (seen, code) = inspect(pki, &unknown, port, &[]);
    assert_eq!((seen[0]["verdict"].as_str(), code), (Some("unknown"), 1));
    let (host, root) = (
        format!("{}.signed.test:{port}", unknown[0]),
        pki.path("anchors.pem"),
    );
    let plugin = run(
        mtls()
            .args(["inspect", "--format", "nagios", "--no-default-roots", &host])
            .args(["--cacert", &root, "--resolve", &format!("{host}:127.0.0.1")]),
        60,
    );
    assert_eq!(plugin.code, Some(3), "{}", plugin.said());
    assert!(
        plugin.stdout.starts_with("MTLS UNKNOWN - "),
        "{}",
        plugin.said()
    );
    wrong
}

/// A key, its scheme, and the versions that know it so.
const HANDSHAKES: &[(&str, SignatureScheme, &[&str])] = &[
    (
        "p256",
        SignatureScheme::ECDSA_NISTP256_SHA256,
        &["1.2", "1.3"],
    ),
    (
        "p384",
        SignatureScheme::ECDSA_NISTP384_SHA384,
        &["1.2", "1.3"],
    ),
    (
        "p521",
        SignatureScheme::ECDSA_NISTP521_SHA512,
        &["1.2", "1.3"],
    ),
    ("rsa", SignatureScheme::RSA_PSS_SHA256, &["1.2", "1.3"]),
    ("rsa", SignatureScheme::RSA_PSS_SHA384, &["1.2", "1.3"]),
    ("rsa", SignatureScheme::RSA_PSS_SHA512, &["1.2", "1.3"]),
    ("rsa", SignatureScheme::RSA_PKCS1_SHA256, &["1.2"]),
    ("rsa", SignatureScheme::RSA_PKCS1_SHA384, &["1.2"]),
    ("rsa", SignatureScheme::RSA_PKCS1_SHA512, &["1.2"]),
    ("ed25519", SignatureScheme::ED25519, &["1.2", "1.3"]),
];

/// Every scheme of a handshake.
fn handshakes(pki: &SignedPki) -> Vec<String> {
    let mut identities = Identities::default();
    for (index, (name, scheme, _)) in HANDSHAKES.iter().enumerate() {
        let holder = pki.holder(name);
        for (word, whose) in [("good", "root"), ("forged", "twin")] {
            let signing = key(&pki.path(&format!("{name}.{whose}.key")));
            let signing = Arc::new(OneScheme(signing, *scheme));
            let name = format!("{word}{index}.signed.test");
            identities.add(&name, identity(&holder, signing));
        }
    }
    let port = identities.serve();
    let mut wrong = Vec::new();
    for (index, (name, scheme, versions)) in HANDSHAKES.iter().enumerate() {
        for version in *versions {
            for forged in [false, true] {
                let host = format!("{}{index}", if forged { "forged" } else { "good" });
                let words = ["--tls-max", version];
                let (mut targets, code) = inspect(pki, std::slice::from_ref(&host), port, &words);
                let both = [
                    (targets.remove(0), code),
                    simulate(pki, &host, port, &words),
                ];
                for (seen, code) in both {
                    let told = said(&seen, "MT427", "error");
                    let right = if forged {
                        code == 1
                            && seen["verdict"] == "fail"
                            && told.is_some_and(|told| told.contains("does not verify"))
                            && said(&seen, "MT424", "error").is_none()
                    } else {
                        code == 0 && !has_error(&seen) && accepted(&seen)
                    };
                    if !right {
                        wrong.push(format!(
                            "{name} {scheme:?} {version} {host}: {code} {seen:#}"
                        ));
                    }
                }
            }
        }
    }
    wrong
}

/// What rustls does not sign with: hashes of other lengths than the curve, RSA-PSS keys, and an
/// algorithm that cannot be checked.
fn handshakes_of_openssl(pki: &SignedPki) -> Vec<String> {
    let mut wrong = Vec::new();
    for (name, signs, version, checked) in [
        ("p256", "ECDSA+SHA384", "1.2", true),
        ("p256", "ECDSA+SHA512", "1.2", true),
        ("p384", "ECDSA+SHA256", "1.2", true),
        ("pss256", "rsa_pss_pss_sha256", "1.3", true),
        ("pss384", "rsa_pss_pss_sha384", "1.3", true),
        ("pss512", "rsa_pss_pss_sha512", "1.3", true),
        ("ed448", "ed448", "1.3", false),
    ] {
        let port = free_port();
        let mut command = clean("openssl");
        command.args(["s_server", "-www", "-quiet", "-sigalgs", signs]);
        command.args(["-accept", &format!("127.0.0.1:{port}")]);
        command.args([
            "-cert",
            &pki.holder(name),
            "-key",
            &pki.path(&format!("{name}.root.key")),
        ]);
        let _server = Server::start(pki.root(), &mut command, port);
        let (seen, code) = inspect(pki, &["x".to_owned()], port, &["--tls-max", version]);
        let seen = &seen[0];
        let told = said(seen, "MT427", "error");
        let right = if checked {
            // Verifiers are not known to take every such key; the handshake is good all the same.
            !has_error(seen)
                && seen["ending"]["kind"] == "completed"
                && seen["trust"][0]["letter"]["status"] == "trusted"
        } else {
            code == 1
                && seen["verdict"] == "fail"
                && told.is_some_and(|told| {
                    told.contains("could not be checked") && told.contains("Ed448")
                })
        };
        if !right {
            wrong.push(format!("{name} {signs}: {code} {seen:#}"));
        }
    }
    wrong
}

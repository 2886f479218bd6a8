use std::path::Path;
use std::process::Command;

use super::*;

/// Runs openssl in a directory; `None` when there is none.
fn openssl(directory: &Path, arguments: &str) -> Option<bool> {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(directory)
        .output()
        .ok()?;
    if !output.status.success() {
        println!(
            "openssl {arguments}: {}",
            String::from_utf8_lossy(&output.stderr)
        );
    }
    Some(output.status.success())
}

/// A key as `openssl genpkey` takes it, and the curve of an EC key.
const KEYS: &[(&str, Option<&str>)] = &[
    ("EC -pkeyopt ec_paramgen_curve:P-256", Some("P-256")),
    ("EC -pkeyopt ec_paramgen_curve:P-384", Some("P-384")),
    ("EC -pkeyopt ec_paramgen_curve:P-521", Some("P-521")),
    ("EC -pkeyopt ec_paramgen_curve:secp256k1", Some("secp256k1")),
    ("RSA -pkeyopt rsa_keygen_bits:512", None),
    ("RSA -pkeyopt rsa_keygen_bits:1024", None),
    ("RSA -pkeyopt rsa_keygen_bits:1025", None),
    (
        "RSA -pkeyopt rsa_keygen_bits:1536 -pkeyopt rsa_keygen_pubexp:3",
        None,
    ),
    ("RSA -pkeyopt rsa_keygen_bits:2048", None),
    ("RSA-PSS -pkeyopt rsa_keygen_bits:1024", None),
    ("RSA-PSS -pkeyopt rsa_keygen_bits:2048", None),
    ("ED25519", None),
];

/// The hashes, and their HashAlgorithm octets (RFC 5246 section 7.4.1.4.1).
const HASHES: &[(&str, u16)] = &[
    ("sha1", 2),
    ("sha224", 3),
    ("sha256", 4),
    ("sha384", 5),
    ("sha512", 6),
];

/// A way to sign with a key.
struct How {
    /// For `dgst -sign` and `req -x509`.
    options: String,
    /// The SignatureScheme, where TLS has one.
    scheme: Option<u16>,
    /// Whether TLS 1.3 takes that scheme with a key on another curve only.
    only_tls12: bool,
}

/// Every way to sign with this key.
fn ways(kind: &str, curve: Option<&str>) -> Vec<How> {
    if kind == "ED25519" {
        return vec![How {
            options: String::new(),
            scheme: Some(0x0807),
            only_tls12: false,
        }];
    }
    let bits = kind
        .split("bits:")
        .nth(1)
        .and_then(|rest| rest.split(' ').next());
    let bits: usize = bits.map_or(0, |bits| bits.parse().unwrap());
    let mut ways = Vec::new();
    for &(hash, octet) in HASHES {
        let plain = |scheme: u16, only_tls12| How {
            options: format!("-{hash}"),
            scheme: Some(scheme),
            only_tls12,
        };
        if let Some(curve) = curve {
            let bound = match octet {
                4 => Some("P-256"),
                5 => Some("P-384"),
                6 => Some("P-521"),
                _ => None,
            };
            let elsewhere = bound.is_some_and(|bound| bound != curve);
            ways.push(plain(octet << 8 | 3, elsewhere));
            continue;
        }
        let length: usize = match octet {
            2 => 20,
            3 => 28,
            4 => 32,
            5 => 48,
            _ => 64,
        };
        // The DigestInfo of RFC 8017 section 9.2 around it, and at least 11 octets of padding.
        if kind.starts_with("RSA ") && bits / 8 >= length + 30 {
            ways.push(plain(octet << 8 | 1, false));
        }
        let family: u16 = if kind.starts_with("RSA-PSS") { 5 } else { 0 };
        for (salt, octets) in [("digest", length), ("0", 0), ("20", 20), ("max", length)] {
            // EMSA-PSS (RFC 8017 section 9.1.1) has room for both, and two octets more.
            if bits / 8 < length + octets + 2 {
                continue;
            }
            ways.push(How {
                options: format!(
                    "-{hash} -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:{salt}"
                ),
                scheme: (salt == "digest" && octet >= 4).then_some(0x0800 + octet + family),
                only_tls12: false,
            });
        }
    }
    ways
}

#[test]
fn checks_what_openssl_signed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let message = b"what was signed";
    std::fs::write(path.join("message"), message).unwrap();
    let mut checked = 0;
    for &(kind, curve) in KEYS {
        for name in ["key", "other"] {
            let Some(made) = openssl(path, &format!("genpkey -algorithm {kind} -out {name}.pem"))
            else {
                crate::parse::skipped("no openssl command here");
                return;
            };
            assert!(made, "{kind}");
            let public = format!("pkey -in {name}.pem -pubout -outform DER -out {name}.spki");
            assert_eq!(openssl(path, &public), Some(true));
        }
        let read = |name: &str| std::fs::read(path.join(name)).unwrap();
        let (spki, other) = (read("key.spki"), read("other.spki"));
        for how in ways(kind, curve) {
            let Some(scheme) = how.scheme else { continue };
            let options = &how.options;
            let sign = if options.is_empty() {
                "pkeyutl -sign -rawin -inkey key.pem -in message -out signature".to_owned()
            } else {
                format!("dgst {options} -sign key.pem -out signature message")
            };
            assert_eq!(openssl(path, &sign), Some(true), "{kind} {options}");
            let name = format!("{kind} {options} 0x{scheme:04x}");
            holds(
                &spki,
                scheme,
                message,
                &read("signature"),
                how.only_tls12,
                &name,
            );
            // Forged: another key of the same kind.
            let forged = verify_tls(&other, scheme, message, &read("signature"), true);
            assert_eq!(forged, Err(Bad), "{name}");
            let wrong: u16 = if curve.is_some() { 0x0804 } else { 0x0403 };
            let mismatch = verify_tls(&spki, wrong, message, &read("signature"), true);
            assert!(matches!(mismatch, Err(Mismatch(_))), "{name}");
            checked += 1;
        }
    }
    assert_eq!(checked, 59);
}

/// A good signature holds, and nothing that is nearly it.
fn holds(spki: &[u8], scheme: u16, message: &[u8], signature: &[u8], only_tls12: bool, name: &str) {
    let verify =
        |message: &[u8], signature: &[u8]| verify_tls(spki, scheme, message, signature, true);
    assert_eq!(verify(message, signature), Ok(()), "{name}");
    let tls13 = verify_tls(spki, scheme, message, signature, false);
    if only_tls12 {
        assert!(matches!(tls13, Err(Mismatch(_))), "{name}");
    } else {
        assert_eq!(tls13, Ok(()), "{name}");
    }
    assert_eq!(verify(b"something else", signature), Err(Bad), "{name}");
    assert_eq!(verify(message, &signature[1..]), Err(Bad), "{name}");
    for at in [0, signature.len() / 2, signature.len() - 1] {
        let mut changed = signature.to_vec();
        changed[at] ^= 1;
        assert_eq!(verify(message, &changed), Err(Bad), "{name} at {at}");
    }
}

/// The parts of a certificate that its signature is checked by.
struct Parts {
    tbs: Vec<u8>,
    algorithm: Vec<u8>,
    signature: Vec<u8>,
    spki: Vec<u8>,
}

fn parts(path: &Path, options: &str) -> Parts {
    let request =
        format!("req -x509 -new -key key.pem {options} -subj /CN=x -outform DER -out cert.der");
    assert_eq!(openssl(path, &request), Some(true), "{options}");
    let der = std::fs::read(path.join("cert.der")).unwrap();
    let layout = crate::parse::cert::der::layout(&der).unwrap();
    let part = |range: std::ops::Range<usize>| der[range].to_vec();
    Parts {
        tbs: part(layout.tbs),
        algorithm: part(layout.algorithm),
        signature: part(layout.signature),
        spki: part(layout.spki),
    }
}

#[test]
fn checks_certificates_that_openssl_signed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let restricted = |digest: &str, salt: usize| {
        format!(
            "RSA-PSS -pkeyopt rsa_keygen_bits:2048 -pkeyopt rsa_pss_keygen_md:{digest} -pkeyopt rsa_pss_keygen_mgf1_md:{digest} -pkeyopt rsa_pss_keygen_saltlen:{salt}"
        )
    };
    let mut cases: Vec<(String, Vec<String>)> = KEYS
        .iter()
        .map(|&(kind, curve)| {
            let mut options: Vec<String> = ways(kind, curve).into_iter().map(|how| how.options).collect();
            if kind == "RSA -pkeyopt rsa_keygen_bits:2048" {
                options.extend(["sha1", "sha224", "sha512"].map(|mask| {
                    format!("-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:17 -sigopt rsa_mgf1_md:{mask}")
                }));
            }
            (kind.to_owned(), options)
        })
        .collect();
    for (digest, salt) in [("sha256", 32), ("sha384", 48), ("sha512", 20)] {
        cases.push((restricted(digest, salt), vec![format!("-{digest}")]));
    }
    let mut checked = 0;
    for (kind, all) in cases {
        // The other key first, so that its certificate can be asked for.
        let make = format!("genpkey -algorithm {kind} -out key.pem");
        let Some(made) = openssl(path, &make) else {
            crate::parse::skipped("no openssl command here");
            return;
        };
        assert!(made, "{kind}");
        let other = parts(path, all[0].as_str()).spki;
        assert_eq!(openssl(path, &make), Some(true), "{kind}");
        for options in &all {
            let Parts {
                mut tbs,
                algorithm,
                signature,
                spki,
            } = parts(path, options);
            let name = format!("{kind} {options}");
            let check =
                |tbs: &[u8], spki: &[u8]| verify_certificate(tbs, &algorithm, &signature, spki);
            assert_eq!(check(&tbs, &spki), Ok(()), "{name}");
            assert_eq!(check(&tbs, &other), Err(Bad), "{name}: another key");
            let last = tbs.len() - 1;
            tbs[last] ^= 1;
            assert_eq!(check(&tbs, &spki), Err(Bad), "{name}");
            checked += 1;
        }
    }
    assert!(checked > 100, "{checked}");
}

#[test]
fn says_what_it_cannot_check() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    for (kind, schemes, algorithm) in [
        ("-algorithm ED448", &[0x0808][..], "ED448"),
        (
            "-algorithm EC -pkeyopt ec_paramgen_curve:brainpoolP256r1",
            &[0x081a, 0x0403, 0x0503],
            "ECDSA on brainpoolP256r1",
        ),
        ("-paramfile dsa.param", &[0x0202, 0x0402], "dsa_with_SHA256"),
    ] {
        if kind.ends_with("param") {
            let make = "genpkey -genparam -algorithm DSA -pkeyopt dsa_paramgen_bits:1024 -pkeyopt dsa_paramgen_q_bits:160 -out dsa.param";
            assert_eq!(openssl(path, make), Some(true));
        }
        if openssl(path, &format!("genpkey {kind} -out key.pem")).is_none() {
            crate::parse::skipped("no openssl command here");
            return;
        }
        let own = parts(path, if kind.ends_with("448") { "" } else { "-sha256" });
        let unsupported =
            |result: Result<(), SignatureError>| matches!(result, Err(Unsupported(_)));
        for &scheme in schemes {
            let result = verify_tls(&own.spki, scheme, b"", &[0; 114], true);
            assert!(unsupported(result), "{kind} 0x{scheme:04x}");
        }
        assert_eq!(
            verify_certificate(&own.tbs, &own.algorithm, &own.signature, &own.spki),
            Err(Unsupported(algorithm.to_owned()))
        );
    }
    assert!(matches!(
        verify_tls(&[], 0x0804, b"", b"", false),
        Err(Mismatch(_))
    ));
}

#[test]
fn enormous_keys_end_soon() {
    let number = |octets: Vec<u8>| {
        let mut value = vec![2, 0x84];
        value.extend(u32::try_from(octets.len()).unwrap().to_be_bytes());
        [value, octets].concat()
    };
    let sequence = |content: Vec<u8>| {
        let mut value = vec![0x30, 0x84];
        value.extend(u32::try_from(content.len()).unwrap().to_be_bytes());
        [value, content].concat()
    };
    let key = |modulus: usize, exponent: usize| {
        let modulus = number([vec![0], vec![0xff; modulus]].concat());
        sequence([modulus, number([vec![0], vec![0xff; exponent]].concat())].concat())
    };
    let verify = |key: &[u8], length: usize| {
        rsa::verify(key, Hash::Sha256, Padding::Pkcs1, b"", &vec![0x7f; length])
    };
    assert!(matches!(verify(&key(20_000, 3), 20_000), Err(Mismatch(_))));
    assert!(matches!(verify(&key(256, 9), 256), Err(Mismatch(_))));
    assert_eq!(verify(&key(2048, 8), 2048), Err(Bad));
    assert!(verify(&key(0, 1), 0).is_err());
    assert!(verify(&key(1, 0), 1).is_err());
}

#[test]
fn the_same_sum_is_done_once() {
    let octets = 2048;
    let number = |octets: &[u8]| {
        let mut value = vec![2, 0x82];
        value.extend(u16::try_from(octets.len() + 1).unwrap().to_be_bytes());
        [value, vec![0], octets.to_vec()].concat()
    };
    let content = [number(&vec![0xff; octets]), number(&[0xff; 8])].concat();
    let mut key = vec![0x30, 0x82];
    key.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
    key.extend(content);
    let time = |signature: &dyn Fn(u8) -> u8| {
        let started = std::time::Instant::now();
        for number in 0..12 {
            let signature = vec![signature(number); octets];
            let checked = rsa::verify(&key, Hash::Sha256, Padding::Pkcs1, b"", &signature);
            assert_eq!(checked, Err(Bad));
        }
        started.elapsed()
    };
    let apart = time(&|number| number + 1);
    let same = time(&|_| 0x7e);
    assert!(same * 3 < apart, "{same:?} and {apart:?}");
}

#[test]
fn what_a_signature_costs_grows_with_our_own_arithmetic() {
    let key = |octets: usize, exponent: &[u8]| {
        let number = |octets: &[u8]| {
            let mut value = vec![2, 0x82];
            value.extend(u16::try_from(octets.len()).unwrap().to_be_bytes());
            [value, octets.to_vec()].concat()
        };
        let modulus = [vec![0], vec![0xff; octets]].concat();
        let content = [number(&modulus), number(exponent)].concat();
        let length = u16::try_from(content.len()).unwrap().to_be_bytes();
        [vec![0x30, 0x82], length.to_vec(), content].concat()
    };
    assert_eq!(rsa::cost(&key(256, &[1, 0, 1])), 1);
    assert_eq!(rsa::cost(&key(1024, &[1, 0, 1])), 1);
    assert_eq!(rsa::cost(&key(2048, &[1, 0, 1])), 8);
    assert_eq!(rsa::cost(&key(2048, &[0x7f; 8])), 29);
    assert_eq!(rsa::cost(b"no key"), 1);
}

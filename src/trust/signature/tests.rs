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

/// Key to make, options for `dgst -sign` (empty: raw Ed25519), scheme, whether only under TLS 1.2.
const CASES: &[(&str, &str, u16, bool)] = &[
    ("RSA -pkeyopt rsa_keygen_bits:512", "-sha1", 0x0201, false),
    ("RSA -pkeyopt rsa_keygen_bits:512", "-sha256", 0x0401, false),
    (
        "RSA -pkeyopt rsa_keygen_bits:1024",
        "-sha256",
        0x0401,
        false,
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:1024",
        "-sha512",
        0x0601,
        false,
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:1024",
        "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest",
        0x0804,
        false,
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:1025",
        "-sha384 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest",
        0x0805,
        false,
    ),
    ("RSA -pkeyopt rsa_keygen_bits:2048", "-sha1", 0x0201, false),
    (
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha224",
        0x0301,
        false,
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha256",
        0x0401,
        false,
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha384",
        0x0501,
        false,
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha512 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest",
        0x0806,
        false,
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:1536 -pkeyopt rsa_keygen_pubexp:3",
        "-sha256",
        0x0401,
        false,
    ),
    (
        "RSA-PSS -pkeyopt rsa_keygen_bits:2048",
        "-sha256 -sigopt rsa_pss_saltlen:digest",
        0x0809,
        false,
    ),
    (
        "RSA-PSS -pkeyopt rsa_keygen_bits:1024",
        "-sha256 -sigopt rsa_pss_saltlen:digest",
        0x0809,
        false,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "-sha256",
        0x0403,
        false,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-384",
        "-sha384",
        0x0503,
        false,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-521",
        "-sha512",
        0x0603,
        false,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "-sha1",
        0x0203,
        false,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-384",
        "-sha1",
        0x0203,
        false,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-384",
        "-sha224",
        0x0303,
        false,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "-sha512",
        0x0603,
        true,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-256",
        "-sha384",
        0x0503,
        true,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-384",
        "-sha512",
        0x0603,
        true,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-384",
        "-sha256",
        0x0403,
        true,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:P-521",
        "-sha256",
        0x0403,
        true,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:secp256k1",
        "-sha256",
        0x0403,
        true,
    ),
    (
        "EC -pkeyopt ec_paramgen_curve:secp256k1",
        "-sha512",
        0x0603,
        true,
    ),
    ("ED25519", "", 0x0807, false),
];

#[test]
fn checks_what_openssl_signed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let message = b"what was signed";
    std::fs::write(path.join("message"), message).unwrap();
    for (kind, options, scheme, only_tls12) in CASES {
        let Some(made) = openssl(path, &format!("genpkey -algorithm {kind} -out key.pem")) else {
            crate::parse::skipped("no openssl command here");
            return;
        };
        assert!(made, "{kind}");
        assert_eq!(
            openssl(path, "pkey -in key.pem -pubout -outform DER -out key.spki"),
            Some(true)
        );
        let sign = if options.is_empty() {
            "pkeyutl -sign -rawin -inkey key.pem -in message -out signature".to_owned()
        } else {
            format!("dgst {options} -sign key.pem -out signature message")
        };
        assert_eq!(openssl(path, &sign), Some(true), "{kind} {options}");
        let spki = std::fs::read(path.join("key.spki")).unwrap();
        let mut signature = std::fs::read(path.join("signature")).unwrap();
        let name = format!("{kind} {options} 0x{scheme:04x}");
        assert_eq!(
            verify_tls(&spki, *scheme, message, &signature, true),
            Ok(()),
            "{name}"
        );
        let tls13 = verify_tls(&spki, *scheme, message, &signature, false);
        if *only_tls12 {
            assert!(matches!(tls13, Err(Mismatch(_))), "{name}");
        } else {
            assert_eq!(tls13, Ok(()), "{name}");
        }
        assert_eq!(
            verify_tls(&spki, *scheme, b"something else", &signature, true),
            Err(Bad),
            "{name}"
        );
        for at in [0, signature.len() / 2, signature.len() - 1] {
            signature[at] ^= 1;
            assert_eq!(
                verify_tls(&spki, *scheme, message, &signature, true),
                Err(Bad),
                "{name} at {at}"
            );
            signature[at] ^= 1;
        }
        assert_eq!(
            verify_tls(&spki, *scheme, message, &signature[1..], true),
            Err(Bad),
            "{name}"
        );
        // A scheme for another kind of key.
        let other = if kind.starts_with("EC") {
            0x0804
        } else {
            0x0403
        };
        assert!(
            matches!(
                verify_tls(&spki, other, message, &signature, true),
                Err(Mismatch(_))
            ),
            "{name}"
        );
    }
}

/// What `openssl x509 -req` signs with, and what the certificate must verify under.
const CERTIFICATES: &[(&str, &str)] = &[
    ("RSA -pkeyopt rsa_keygen_bits:1024", "-sha1"),
    ("RSA -pkeyopt rsa_keygen_bits:2048", "-sha1"),
    ("RSA -pkeyopt rsa_keygen_bits:2048", "-sha224"),
    ("RSA -pkeyopt rsa_keygen_bits:2048", "-sha256"),
    ("RSA -pkeyopt rsa_keygen_bits:2048", "-sha512"),
    (
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:digest",
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20",
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha1 -sigopt rsa_padding_mode:pss -sigopt rsa_pss_saltlen:20",
    ),
    (
        "RSA -pkeyopt rsa_keygen_bits:2048",
        "-sha256 -sigopt rsa_padding_mode:pss -sigopt rsa_mgf1_md:sha512",
    ),
    ("RSA-PSS -pkeyopt rsa_keygen_bits:2048", "-sha256"),
    ("EC -pkeyopt ec_paramgen_curve:P-256", "-sha1"),
    ("EC -pkeyopt ec_paramgen_curve:P-256", "-sha512"),
    ("EC -pkeyopt ec_paramgen_curve:P-384", "-sha1"),
    ("EC -pkeyopt ec_paramgen_curve:P-384", "-sha256"),
    ("EC -pkeyopt ec_paramgen_curve:P-521", "-sha512"),
    ("EC -pkeyopt ec_paramgen_curve:P-521", "-sha1"),
    ("EC -pkeyopt ec_paramgen_curve:secp256k1", "-sha256"),
    ("ED25519", ""),
];

#[test]
fn checks_certificates_that_openssl_signed() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    for (kind, options) in CERTIFICATES {
        let Some(made) = openssl(path, &format!("genpkey -algorithm {kind} -out key.pem")) else {
            crate::parse::skipped("no openssl command here");
            return;
        };
        assert!(made, "{kind}");
        let request =
            format!("req -x509 -new -key key.pem {options} -subj /CN=x -outform DER -out cert.der");
        assert_eq!(openssl(path, &request), Some(true), "{kind} {options}");
        let der = std::fs::read(path.join("cert.der")).unwrap();
        let layout = crate::parse::cert::der::layout(&der).unwrap();
        let check = |tbs: &[u8]| {
            let part = |range: &std::ops::Range<usize>| &der[range.clone()];
            verify_certificate(
                tbs,
                part(&layout.algorithm),
                part(&layout.signature),
                part(&layout.spki),
            )
        };
        let mut tbs = der[layout.tbs.clone()].to_vec();
        assert_eq!(check(&tbs), Ok(()), "{kind} {options}");
        let last = tbs.len() - 1;
        tbs[last] ^= 1;
        assert_eq!(check(&tbs), Err(Bad), "{kind} {options}");
    }
}

#[test]
fn says_what_it_cannot_check() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    if openssl(path, "genpkey -algorithm ED448 -out key.pem").is_none() {
        crate::parse::skipped("no openssl command here");
        return;
    }
    openssl(path, "pkey -in key.pem -pubout -outform DER -out key.spki");
    let spki = std::fs::read(path.join("key.spki")).unwrap();
    assert_eq!(
        verify_tls(&spki, 0x0808, b"", &[0; 114], false),
        Err(Unsupported("Ed448".to_owned()))
    );
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

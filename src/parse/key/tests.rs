use std::process::Command;

use super::*;
use crate::parse::pem;

/// Runs openssl in a directory; `None` when there is none.
fn openssl(directory: &std::path::Path, arguments: &str) -> Option<()> {
    let output = Command::new("openssl")
        .args(arguments.split_whitespace())
        .current_dir(directory)
        .output()
        .ok()?;
    assert!(
        output.status.success(),
        "openssl {arguments}: {}",
        String::from_utf8_lossy(&output.stderr)
    );
    Some(())
}

fn block(path: &std::path::Path) -> Block {
    pem::scan(&std::fs::read(path).unwrap())
        .into_iter()
        .find(|block| block.label != "EC PARAMETERS")
        .unwrap()
}

#[test]
fn compares_keys_that_openssl_made() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    let kinds = [
        ("RSA -pkeyopt rsa_keygen_bits:512", "RSA", 512),
        ("RSA -pkeyopt rsa_keygen_bits:2048", "RSA", 2048),
        ("RSA-PSS -pkeyopt rsa_keygen_bits:1024", "RSA-PSS", 1024),
        ("EC -pkeyopt ec_paramgen_curve:P-256", "EC", 256),
        ("EC -pkeyopt ec_paramgen_curve:P-384", "EC", 384),
        ("EC -pkeyopt ec_paramgen_curve:P-521", "EC", 521),
        ("EC -pkeyopt ec_paramgen_curve:secp256k1", "EC", 256),
        ("ED25519", "Ed25519", 256),
    ];
    let mut publics = Vec::new();
    let mut privates = Vec::new();
    for (index, (kind, algorithm, bits)) in kinds.iter().enumerate() {
        if openssl(path, &format!("genpkey -algorithm {kind} -out {index}.pem")).is_none() {
            crate::parse::skipped("no openssl command here");
            return;
        }
        openssl(
            path,
            &format!("pkey -in {index}.pem -pubout -outform DER -out {index}.spki"),
        )
        .unwrap();
        let private = block(&path.join(format!("{index}.pem")));
        let key = describe_block(&private).unwrap();
        assert_eq!(
            (key.algorithm.to_string().as_str(), key.bits),
            (*algorithm, *bits)
        );
        let public = std::fs::read(path.join(format!("{index}.spki"))).unwrap();
        assert_eq!(public_key(&public), key);
        publics.push(public);
        privates.push(private.der.unwrap());
    }
    for (one, private) in privates.iter().enumerate() {
        for (other, public) in publics.iter().enumerate() {
            assert_eq!(
                public_key_matches(private, public),
                Ok(one == other),
                "{one} {other}"
            );
        }
    }
    // The older encodings, and a compressed point.
    for index in [1, 3, 4, 5] {
        openssl(
            path,
            &format!("pkey -in {index}.pem -traditional -out old.pem"),
        )
        .unwrap();
        let old = block(&path.join("old.pem"));
        assert!(old.label.starts_with("RSA") || old.label.starts_with("EC"));
        assert_eq!(describe_block(&old).unwrap(), public_key(&publics[index]));
        assert_eq!(
            public_key_matches(old.der.as_ref().unwrap(), &publics[index]),
            Ok(true)
        );
    }
    openssl(
        path,
        "ec -in 3.pem -pubout -conv_form compressed -outform DER -out c.spki",
    )
    .unwrap();
    let public = std::fs::read(path.join("c.spki")).unwrap();
    assert_eq!(public_key_matches(&privates[3], &public), Ok(true));
    assert_eq!(public_key(&public).bits, 256);
}

#[test]
fn says_that_a_key_is_encrypted() {
    let directory = tempfile::tempdir().unwrap();
    let path = directory.path();
    if openssl(
        path,
        "genpkey -algorithm ED25519 -aes128 -pass pass:x -out a.pem",
    )
    .is_none()
    {
        crate::parse::skipped("no openssl command here");
        return;
    }
    assert!(matches!(
        describe_block(&block(&path.join("a.pem"))),
        Err(KeyError::Encrypted(_))
    ));
    openssl(
        path,
        "genrsa -traditional -aes128 -passout pass:x -out b.pem 1024",
    )
    .unwrap();
    assert!(matches!(
        describe_block(&block(&path.join("b.pem"))),
        Err(KeyError::Encrypted(_))
    ));
    assert!(matches!(
        describe("CERTIFICATE", &[]),
        Err(KeyError::NotAKey(_))
    ));
}

proptest::proptest! {
    #[test]
    fn never_panics(bytes: Vec<u8>, other: Vec<u8>) {
        let _ = describe("PRIVATE KEY", &bytes);
        let _ = public_key_matches(&bytes, &other);
        public_key(&bytes);
    }
}

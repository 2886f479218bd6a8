//! One file, one word about it: `lint`, `listen` and `simulate` name the same fault of the same
//! bytes.

use std::fs;

use super::{
    files::{Files, pem},
    run_in,
};

/// A DER value with this tag; long lengths in two octets.
fn der(tag: u8, parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    let mut value = vec![tag];
    match u8::try_from(content.len()) {
        Ok(short) if short < 0x80 => value.push(short),
        _ => {
            value.push(0x82);
            value.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
        }
    }
    value.extend(content);
    value
}

/// id-data and id-signedData (RFC 5652), as OIDs.
const DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
const SIGNED_DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 2];

/// The certificates as a PKCS #7 bag (RFC 5652 section 5.1).
fn bag(certificates: &[Vec<u8>]) -> Vec<u8> {
    let certificates: Vec<&[u8]> = certificates.iter().map(Vec::as_slice).collect();
    let content = der(
        0x30,
        &[
            &[2, 1, 1],
            &[0x31, 0],
            &der(0x30, &[DATA]),
            &der(0xa0, &certificates),
            &[0x31, 0],
        ],
    );
    der(0x30, &[SIGNED_DATA, &der(0xa0, &[&content])])
}

fn utf16(text: &str) -> Vec<u8> {
    let units = text.encode_utf16().flat_map(u16::to_le_bytes);
    [0xff, 0xfe].into_iter().chain(units).collect()
}

#[test]
fn lint_listen_and_simulate_say_the_same_of_the_same_bytes() {
    let files = Files::new();
    let chain = files.server.chain_pem();
    let leaf = &files.server.chain[0];
    let with_mark = [&b"\xef\xbb\xbf"[..], chain.as_bytes()].concat();
    let truncated = chain.split_at(300).0.to_owned();
    // What a file holds, the rule that `lint` finds, and whether the others refuse it.
    let certificates: [(&str, Vec<u8>, &str, bool); 11] = [
        ("DER", leaf.clone(), "der-in-place-of-pem", true),
        (
            "PKCS12",
            der(0x30, &[&[2, 1, 3], &der(0x30, &[DATA])]),
            "pkcs12-in-place-of-pem",
            true,
        ),
        (
            "PKCS7",
            pem("PKCS7", &bag(&files.server.chain)).into_bytes(),
            "pkcs7-in-place-of-pem",
            true,
        ),
        (
            "PKCS7 in DER",
            bag(&files.server.chain),
            "pkcs7-in-place-of-pem",
            true,
        ),
        ("UTF-16", utf16(&chain), "utf16-file", true),
        ("mark", with_mark, "byte-order-mark", false),
        (
            "key",
            files.server.key_pem().into_bytes(),
            "key-and-certificate-swapped",
            true,
        ),
        ("empty", Vec::new(), "file-empty", true),
        (
            "truncated",
            truncated.into_bytes(),
            "pem-block-broken",
            true,
        ),
        (
            "trusted",
            pem("TRUSTED CERTIFICATE", leaf).into_bytes(),
            "trusted-certificate-label",
            true,
        ),
        (
            "text",
            b"hello hello hello\n".repeat(600_000),
            "nothing-usable-in-file",
            true,
        ),
    ];
    for (name, bytes, rule, refused) in certificates {
        fs::write(files.path().join("tried"), bytes).unwrap();
        same(&files, name, rule, refused, "tried", "key.pem");
    }
    let keys = [
        (
            "encrypted key",
            fs::read(files.path().join("encrypted-key.pem")).unwrap(),
            "key-encrypted",
        ),
        (
            "legacy key",
            fs::read(files.path().join("legacy-key.pem")).unwrap(),
            "legacy-key-encryption",
        ),
        (
            "key in DER",
            files.server.key_pkcs8.clone(),
            "der-in-place-of-pem",
        ),
        (
            "certificate",
            chain.clone().into_bytes(),
            "key-and-certificate-swapped",
        ),
    ];
    for (name, bytes, rule) in keys {
        fs::write(files.path().join("tried"), bytes).unwrap();
        same(&files, name, rule, true, "fullchain.pem", "tried");
    }
}

fn same(files: &Files, name: &str, rule: &str, refused: bool, cert: &str, key: &str) {
    let run = |words: &[&str]| {
        let words = [words, &["--cert", cert, "--key", key]].concat();
        run_in(files.path(), &words)
    };
    let linted = run(&["lint", "--format", "json"]);
    let document: serde_json::Value = serde_json::from_str(&linted.stdout).unwrap();
    let message = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .find(|finding| finding["rule"] == rule || finding["name"] == rule)
        .unwrap_or_else(|| panic!("{name}: {rule} is not found: {}", linted.stdout))["message"]
        .as_str()
        .unwrap()
        .to_owned();
    let listened = run(&["listen", "--listen", "127.0.0.1:0", "--timeout", "10ms"]);
    let port = crate::support::free_port().to_string();
    let url = format!("https://localhost:{port}/");
    let called = run(&["simulate", &url]);
    for (command, said) in [("listen", listened), ("simulate", called)] {
        assert_eq!(
            said.stderr.contains(&message),
            refused,
            "{name}: {command}: wanted {message}\n{}",
            said.stderr
        );
        assert_eq!(said.code == Some(2), refused, "{name}: {command}");
    }
}

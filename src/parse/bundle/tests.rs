use super::*;
use crate::parse::{input, pem};
use crate::pki::Authority;

fn now() -> jiff::Timestamp {
    "2026-11-24T00:00:00Z".parse().unwrap()
}

/// A server's chain with its root, leaf first, and the leaf's key, as PEM.
fn made() -> (Vec<String>, String) {
    let authority = Authority::new(now()).unwrap();
    let server = authority.server(&["hook.example"]).unwrap();
    let mut chain: Vec<String> = server
        .chain
        .iter()
        .map(|der| pem::encode("CERTIFICATE", der))
        .collect();
    chain.push(authority.server_anchor_pem());
    (chain, pem::encode("PRIVATE KEY", &server.key_pkcs8))
}

fn file(path: &str, meant_as: FileRole, text: &str) -> FileFacts {
    input::read(path, meant_as, None, text.as_bytes()).remove(0)
}

#[test]
fn the_leaf_is_found_wherever_it_stands() {
    let (chain, key) = made();
    for order in [
        [0, 1, 2],
        [0, 2, 1],
        [1, 0, 2],
        [1, 2, 0],
        [2, 0, 1],
        [2, 1, 0],
    ] {
        let text: String = order.iter().map(|&index| chain[index].as_str()).collect();
        let at = order.iter().position(|&index| index == 0).unwrap();
        let files = [
            file("chain.pem", FileRole::Chain, &text),
            file("key.pem", FileRole::Key, &key),
        ];
        for files in [&files[..1], &files[..]] {
            let bundles = assemble(files, None);
            assert_eq!(bundles.len(), 1);
            assert_eq!(bundles[0].chain.leaf, at, "{order:?}");
            assert_eq!(bundles[0].chain.role, Side::Server);
            assert_eq!(bundles[0].chain.links.len(), 3);
        }
        let bundles = assemble(&files, None);
        let key = bundles[0].key.as_ref().unwrap();
        assert_eq!((key.matches.as_slice(), &key.problem), (&[at][..], &None));
    }
}

#[test]
fn a_key_of_another_certificate_of_the_file_is_told() {
    let authority = Authority::new(now()).unwrap();
    let one = authority.server(&["one.example"]).unwrap();
    let two = authority.server(&["two.example"]).unwrap();
    let text =
        pem::encode("CERTIFICATE", &one.chain[0]) + &pem::encode("CERTIFICATE", &two.chain[0]);
    let files = [
        file("chain.pem", FileRole::Chain, &text),
        file(
            "key.pem",
            FileRole::Key,
            &pem::encode("PRIVATE KEY", &two.key_pkcs8),
        ),
    ];
    let bundles = assemble(&files, None);
    assert_eq!(bundles[0].key.as_ref().unwrap().matches, [1]);
}

#[test]
fn a_folder_is_put_together_by_structure() {
    let (chain, key) = made();
    let files = [
        file("a/key.pem", FileRole::Anything, &key),
        file("a/root.pem", FileRole::Anything, &chain[2]),
        file("a/fullchain.pem", FileRole::Anything, &chain[..2].concat()),
    ];
    let bundles = assemble(&files, None);
    assert_eq!(bundles.len(), 2);
    assert_eq!(bundles[0].chain.holds, ChainUse::Anchors);
    assert_eq!(bundles[1].chain.holds, ChainUse::Identity);
    assert_eq!(bundles[1].key.as_ref().unwrap().matches, [0]);
}

#[test]
fn entries_of_two_secrets_do_not_mix() {
    use base64::Engine;
    let encode = |text: &str| base64::engine::general_purpose::STANDARD.encode(text);
    let (one, one_key) = made();
    let (two, two_key) = made();
    let secret = |name: &str, chain: &[String], key: &str| {
        format!(
            r#"{{"kind":"Secret","metadata":{{"name":"{name}"}},"data":{{"tls.crt":"{}","tls.key":"{}"}}}}"#,
            encode(&chain.concat()),
            encode(key)
        )
    };
    let list = format!(
        r#"{{"kind":"List","items":[{},{}]}}"#,
        secret("one", &one[..2], &one_key),
        secret("two", &two[..2], &two_key)
    );
    let files = input::read("-", FileRole::Anything, None, list.as_bytes());
    assert_eq!(files.len(), 4);
    assert_eq!(files[0].path, "-#one/tls.crt");
    let bundles = assemble(&files, None);
    assert_eq!(bundles.len(), 2);
    for bundle in &bundles {
        assert_eq!(bundle.key.as_ref().unwrap().matches, [0]);
    }
}

#[test]
fn a_file_without_a_certificate_gives_no_bundle() {
    for text in ["", "hello", "-----BEGIN CERTIFICATE-----\nAAAA\n"] {
        assert!(
            assemble(&[file("x", FileRole::Chain, text)], None).is_empty(),
            "{text}"
        );
    }
}

use serde_json::Value;

use super::*;
use crate::facts::ClientHello;
use crate::parse::hello::client_hello;

#[test]
fn grease_is_sixteen_values() {
    let all: Vec<u16> = (0..=u16::MAX).filter(|value| is_grease(*value)).collect();
    assert_eq!(all.len(), 16);
    assert_eq!(all.first(), Some(&0x0a0a));
    assert_eq!(all.last(), Some(&0xfafa));
}

#[test]
fn versions_and_point_formats() {
    assert_eq!(version_name(0x0304), "TLSv1.3");
    assert_eq!(version_name(0x0301), "TLSv1");
    assert_eq!(version_name(0x8a8a), "0x8A8A");
    assert_eq!(point_format_name(2), "ansiX962_compressed_char2");
    assert_eq!(point_format_name(9), "unknown(9)");
}

/// One line a connection: the hello and what `openssl s_server` 3.0.19 said about it;
/// `testdata/hellos/README.md` says how it was recorded.
const S_SERVER: &str = include_str!(concat!(
    env!("CARGO_MANIFEST_DIR"),
    "/testdata/hellos/s_server.jsonl"
));

fn hello_of(case: &Value) -> ClientHello {
    let hex = case["hello"].as_str().expect("a hello");
    let bytes: Vec<u8> = (0..hex.len())
        .step_by(2)
        .map(|at| u8::from_str_radix(&hex[at..at + 2], 16).expect("hexadecimal"))
        .collect();
    client_hello(&bytes).expect("a hello")
}

fn joined<T: Copy>(numbers: &[T], name: fn(T) -> String) -> Option<String> {
    let names: Vec<String> = numbers.iter().map(|number| name(*number)).collect();
    (!names.is_empty()).then(|| names.join(":"))
}

#[test]
fn every_line_is_what_s_server_printed() {
    let mut cases = 0;
    for line in S_SERVER.lines() {
        cases += 1;
        let case: Value = serde_json::from_str(line).expect("JSON");
        let hello = hello_of(&case);
        let printed = |key: &str| case["lines"][key].as_str().map(str::to_owned);
        let name = &case["name"];
        let tls13 = printed("CIPHER is").expect("a cipher").starts_with("TLS_");
        let signatures = hello.signature_algorithms.unwrap_or_default();
        let groups = hello.groups.unwrap_or_default();
        assert_eq!(
            joined(
                &openssl_shared_ciphers(&hello.cipher_suites),
                cipher_openssl_name
            ),
            printed("Shared ciphers"),
            "{name}"
        );
        assert_eq!(
            joined(&signatures, signature_scheme_openssl),
            printed("Signature Algorithms"),
            "{name}"
        );
        assert_eq!(
            joined(
                &openssl_shared_signature_algorithms(&signatures, tls13),
                signature_scheme_openssl
            ),
            printed("Shared Signature Algorithms"),
            "{name}"
        );
        assert_eq!(
            joined(&openssl_shared_groups(&groups, tls13), group_name),
            printed("Shared groups"),
            "{name}"
        );
        // s_server leaves the point formats out in TLS 1.3.
        if !tls13 {
            assert_eq!(
                joined(&hello.point_formats.unwrap_or_default(), point_format_name),
                printed("Supported Elliptic Curve Point Formats"),
                "{name}"
            );
        }
        // What it does not know it prints as `<NULL>`; we say what it is.
        let printed = printed("Supported groups").expect("groups");
        let printed: Vec<&str> = printed.split(':').collect();
        assert_eq!(printed.len(), groups.len(), "{name}");
        for (group, printed) in groups.into_iter().zip(printed) {
            match printed {
                "<NULL>" => assert!(is_grease(group) || group > 0x0104, "{name}"),
                printed => assert_eq!(group_name(group), printed, "{name}"),
            }
        }
    }
    assert_eq!(cases, 16);
}

use proptest::prelude::*;

use super::*;

/// The recorded hellos (`testdata/hellos/README.md` says how each was made), with the JA4 that two
/// other programs gave for each: huginn-net-tls 2.2.1 and ja4plus 1.4.0. Neither reassembles
/// `two-records`, which holds the bytes of `grease`.
macro_rules! recorded {
    ($($name:literal $ja4:literal,)*) => {
        const RECORDED: &[(&str, &[u8], &str)] = &[$((
            $name,
            include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/hellos/", $name, ".bin")),
            $ja4,
        ),)*];
    };
}

recorded! {
    "boringssl" "t13d1516h2_8daaf6152771_02713d6af862",
    "curl" "t13d3112h2_e8f1e7e78f70_b26ce05bbdd6",
    "go" "t13d1910h2_9dc949149365_97f8aa674fd9",
    "grease" "t13d1516h2_8daaf6152771_e5627efa2ab1",
    "java" "t13d371200_db35923f8641_7c76daad20ec",
    "node" "t13d591000_a33745022dd6_1f22a2ca17c4",
    "openssl-default" "t13d3111h2_e8f1e7e78f70_1f22a2ca17c4",
    "openssl-nosni" "t13i310900_e8f1e7e78f70_1f22a2ca17c4",
    "openssl-tls1" "t10d090600_c491f621fb4c_195413a0cc0f",
    "openssl-tls11" "t11d090600_c491f621fb4c_195413a0cc0f",
    "openssl-tls12" "t12d280700_d943125447b4_e7e480e5a997",
    "python" "t13d1812h1_85036bcba153_d41ae481755e",
    "two-records" "t13d1516h2_8daaf6152771_e5627efa2ab1",
}

fn recorded(name: &str) -> &'static [u8] {
    RECORDED
        .iter()
        .find(|(recorded, _, _)| *recorded == name)
        .expect("a recorded hello")
        .1
}

fn parsed(name: &str) -> ClientHello {
    client_hello(recorded(name)).expect("a hello")
}

/// Records of `size` bytes of content each.
fn records(message: &[u8], size: usize) -> Vec<u8> {
    let mut records = Vec::new();
    for fragment in message.chunks(size) {
        records.extend([22, 3, 1]);
        records.extend(
            u16::try_from(fragment.len())
                .expect("a short record")
                .to_be_bytes(),
        );
        records.extend(fragment);
    }
    records
}

/// A handshake message with its header.
fn message(body: &[u8]) -> Vec<u8> {
    let length = u32::try_from(body.len())
        .expect("a short message")
        .to_be_bytes();
    [&[1], &length[1..], body].concat()
}

/// A hello with one suite and these extensions.
fn with_extensions(extensions: &[(u16, &[u8])]) -> ClientHello {
    let mut list = Vec::new();
    for (id, body) in extensions {
        list.extend(id.to_be_bytes());
        list.extend(
            u16::try_from(body.len())
                .expect("a short body")
                .to_be_bytes(),
        );
        list.extend(*body);
    }
    let mut body = [&[3, 3][..], &[7; 32], &[0], &[0, 2, 0x13, 0x01], &[1, 0]].concat();
    body.extend(
        u16::try_from(list.len())
            .expect("a short list")
            .to_be_bytes(),
    );
    body.extend(list);
    client_hello(&records(&message(&body), 1 << 14)).expect("a hello")
}

#[test]
fn every_recorded_hello_has_the_fingerprint_that_others_gave_it() {
    for (name, bytes, ja4) in RECORDED {
        let hello = client_hello(bytes).expect(name);
        assert_eq!(hello.ja4, *ja4, "{name}");
        let sni = (*name != "openssl-nosni").then_some("webhook.example.test");
        assert_eq!(hello.sni.as_deref(), sni, "{name}");
        assert_eq!(hello.compression_methods, [0], "{name}");
        let record_version = if *name == "java" { 0x0303 } else { 0x0301 };
        assert_eq!(hello.record_version, record_version, "{name}");
    }
    assert_eq!(
        parsed("openssl-tls12").ja4_raw,
        "t12d280700_002f,0033,0035,0039,003c,003d,0067,006b,009c,009d,009e,009f,00ff,c009,c00a,c013,c014,c023,c024,c027,\
         c028,c02b,c02c,c02f,c030,cca8,cca9,ccaa_000a,000b,000d,0016,0017,0023_0403,0503,0603,0807,0808,0809,080a,080b,\
         0804,0805,0806,0401,0501,0601,0303,0301,0302,0402,0502,0602"
    );
}

#[test]
fn versions() {
    let versions = |name| parsed(name).versions();
    assert_eq!(
        versions("openssl-default"),
        [0x0304, 0x0303, 0x0302, 0x0301]
    );
    assert_eq!(versions("curl"), [0x0304, 0x0303, 0x0302, 0x0301]);
    assert_eq!(versions("python"), [0x0304, 0x0303]);
    assert_eq!(versions("openssl-tls12"), [0x0303]);
    assert_eq!(versions("openssl-tls11"), [0x0302]);
    assert_eq!(versions("openssl-tls1"), [0x0301]);
    assert_eq!(parsed("openssl-tls12").supported_versions, None);
}

#[test]
fn openssl_lists() {
    let hello = parsed("openssl-default");
    assert_eq!(
        hello.alpn.as_deref(),
        Some(&["h2".to_owned(), "http/1.1".to_owned()][..])
    );
    assert_eq!(
        hello.groups.as_deref(),
        Some(&[29, 23, 30, 25, 24, 0x100, 0x101, 0x102, 0x103, 0x104][..])
    );
    assert_eq!(hello.key_shares.as_deref(), Some(&[29][..]));
    assert_eq!(hello.psk_modes.as_deref(), Some(&[1][..]));
    assert_eq!(hello.point_formats.as_deref(), Some(&[0, 1, 2][..]));
    assert_eq!(hello.session_id_length, 32);
    assert_eq!(hello.cipher_suites.len(), 31);
    assert_eq!(hello.signature_algorithms.as_ref().map(Vec::len), Some(20));
    assert_eq!(hello.signature_algorithms_cert, None);
    let old = parsed("openssl-tls1");
    assert_eq!(
        (&old.signature_algorithms, &old.key_shares, &old.alpn),
        (&None, &None, &None)
    );
    assert!(parsed("java").signature_algorithms_cert.is_some());
}

#[test]
fn grease_stays() {
    let hello = parsed("grease");
    assert_eq!(hello.cipher_suites[0], 0x0a0a);
    assert_eq!(hello.groups.as_deref(), Some(&[0x6a6a, 29, 23, 24][..]));
    assert_eq!(hello.key_shares.as_deref(), Some(&[0x6a6a, 29][..]));
    assert_eq!(
        hello.supported_versions.as_deref(),
        Some(&[0x8a8a, 0x0304, 0x0303][..])
    );
    assert_eq!(
        hello.extensions[0],
        Extension {
            id: 0x2a2a,
            length: 0
        }
    );
    assert_eq!(hello.extensions.len(), 18);
    let real = parsed("boringssl");
    let grease = |numbers: &[u16]| crate::parse::ids::is_grease(numbers[0]);
    assert!(grease(&real.cipher_suites));
    assert!(grease(real.groups.as_deref().expect("groups")));
    assert!(grease(real.key_shares.as_deref().expect("key shares")));
    assert!(grease(
        real.supported_versions.as_deref().expect("versions")
    ));
    assert!(grease(&[real.extensions[0].id]));
}

#[test]
fn records_may_cut_anywhere() {
    let whole = parsed("grease");
    let message = &recorded("grease")[5..];
    for size in [1, 2, 3, 4, 5, 100, message.len() - 1, message.len()] {
        assert_eq!(
            client_hello(&records(message, size)),
            Ok(whole.clone()),
            "{size}"
        );
    }
    assert_eq!(parsed("two-records"), whole);
    let more = [recorded("grease"), b"\x14\x03\x03\x00\x01\x01 and more"].concat();
    assert_eq!(client_hello(&more), Ok(whole.clone()));
    // A second message in the same record, itself cut short.
    let both = records(&[message, &[11, 0, 1, 0]].concat(), 1 << 14);
    assert_eq!(client_hello(&both), Ok(whole.clone()));
    assert_eq!(client_hello(&both[..both.len() - 2]), Ok(whole));
}

#[test]
fn what_is_wanted_is_more_and_not_too_much() {
    for (name, bytes, _) in RECORDED {
        for have in 0..bytes.len() {
            match client_hello(&bytes[..have]) {
                Err(HelloError::Incomplete { have: said, want }) => {
                    assert_eq!(said, have, "{name}");
                    assert!(have < want && want <= bytes.len(), "{name}: {have} {want}");
                }
                other => panic!("{name}: {other:?} at {have}"),
            }
        }
    }
    assert_eq!(
        client_hello(&[]),
        Err(HelloError::Incomplete { have: 0, want: 9 })
    );
    assert_eq!(
        client_hello(&[22, 3, 1, 0, 2, 1]),
        Err(HelloError::Incomplete { have: 6, want: 7 })
    );
}

#[test]
fn what_is_no_hello() {
    let malformed = |bytes: &[u8]| matches!(client_hello(bytes), Err(HelloError::Malformed(_)));
    assert!(malformed(b"GET / HTTP/1.1\r\n"));
    assert!(malformed(&[21]));
    assert!(malformed(&[22, 2, 0, 0, 5]));
    assert!(malformed(&[22, 3, 1, 0, 0]));
    assert!(malformed(&[22, 3, 1, 0x40, 1]));
    assert!(malformed(&[22, 3, 1, 0, 4, 2]));
    assert!(malformed(&[22, 3, 1, 0, 4, 1, 1, 0, 1]));
    assert!(malformed(&[22, 3, 1, 0, 4, 1, 0, 0, 0]));
    assert!(!malformed(&[22, 3, 1, 0, 4, 1, 1, 0, 0]));
}

#[test]
fn a_hello_before_extensions() {
    let body = [&[3, 0][..], &[7; 32], &[0], &[0, 4, 0, 5, 0, 0x0a], &[1, 0]].concat();
    let hello = client_hello(&records(&message(&body), 1 << 14)).expect("a hello");
    assert_eq!(hello.legacy_version, 0x0300);
    assert_eq!(hello.cipher_suites, [5, 10]);
    assert!(hello.extensions.is_empty());
    assert!(hello.ja4.starts_with("ts3i020000_"));
}

#[test]
fn malformed_bodies_leave_their_field_empty() {
    let bodies: &[&[u8]] = &[
        &[],
        &[0],
        &[0, 9, 0],
        &[9, 0],
        &[0, 3, 0, 1, 2],
        &[0, 2, 0, 9, 9],
        &[3, 1, 2, 3, 4],
    ];
    for id in [0, 10, 11, 13, 16, 43, 45, 50, 51] {
        for body in bodies {
            let hello = with_extensions(&[(id, body), (id, body)]);
            assert_eq!(hello.extensions.len(), 2);
            assert_eq!(
                hello.extensions[0],
                Extension {
                    id,
                    length: body.len()
                }
            );
        }
    }
    let hello = with_extensions(&[
        (0, &[0, 9, 0]),
        (10, &[0, 3, 0, 1, 2]),
        (16, &[0, 3, 9, 1, 1]),
        (43, &[3, 3, 4, 3]),
    ]);
    assert_eq!(
        (
            hello.sni,
            hello.groups,
            hello.alpn,
            hello.supported_versions
        ),
        (None, None, None, None)
    );
}

#[test]
fn duplicates_and_hostile_names() {
    let hello = with_extensions(&[
        (0, b"\x00\x06\x00\x00\x03a\x1b\xff"),
        (0, b"\x00\x04\x00\x00\x01b"),
        (16, b"\x00\x03\x02\xab\xcd"),
    ]);
    assert_eq!(hello.sni.as_deref(), Some(r"a\x1b\xff"));
    assert_eq!(hello.alpn.as_deref(), Some(&[r"\xab\xcd".to_owned()][..]));
    assert_eq!(hello.extensions.len(), 3);
    // The fingerprint is made of the protocol's bytes, not of their escapes.
    assert!(hello.ja4.starts_with("t12d0103ad_"), "{}", hello.ja4);
}

#[test]
fn no_changed_byte_panics() {
    for (_, bytes, _) in RECORDED {
        for at in 0..bytes.len() {
            for change in [0x00, 0x01, 0x7f, 0x80, 0xff] {
                let mut changed = bytes.to_vec();
                changed[at] = change;
                drop(client_hello(&changed));
                changed[at] = bytes[at] ^ (1 << (at % 8));
                drop(client_hello(&changed));
            }
        }
    }
}

proptest! {
    #[test]
    fn no_bytes_panic(bytes in proptest::collection::vec(any::<u8>(), 0..400), size in 1_usize..100) {
        drop(client_hello(&bytes));
        drop(client_hello(&records(&message(&bytes), size)));
        // Random bytes where the extensions stand.
        let body = [&[3, 3][..], &[7; 32], &[0], &[0, 2, 0x13, 0x01], &[1, 0], &bytes].concat();
        drop(client_hello(&records(&message(&body), size)));
    }

    #[test]
    fn any_extension_body(id in proptest::sample::select(vec![0_u16, 10, 11, 13, 16, 43, 45, 50, 51]),
                          body in proptest::collection::vec(0_u8..8, 0..40)) {
        let hello = with_extensions(&[(id, &body)]);
        prop_assert_eq!(hello.extensions, [Extension { id, length: body.len() }]);
    }
}

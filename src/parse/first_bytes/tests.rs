use proptest::prelude::*;

use super::*;

fn known(bytes: &[u8], ended: bool) -> FirstBytes {
    match sniff(bytes, ended) {
        Sniff::Known(first) => first,
        other => panic!("{other:?} for {bytes:?}"),
    }
}

/// The number of bytes after which the answer is no longer `NeedMore`.
fn enough(bytes: &[u8]) -> usize {
    (0..=bytes.len())
        .find(|length| sniff(&bytes[..*length], false) != Sniff::NeedMore)
        .expect("an answer")
}

fn http(line: &str) -> FirstBytes {
    FirstBytes::PlainHttp {
        request_line: line.to_owned(),
    }
}

#[test]
fn nothing() {
    assert_eq!(known(b"", true), FirstBytes::Nothing);
    assert_eq!(sniff(b"", false), Sniff::NeedMore);
}

#[test]
fn tls_takes_three_bytes() {
    for version in [0, 1, 3, 4, 5, 0xfe, 0xff] {
        let bytes = [0x16, 3, version, 2, 0, 1];
        assert_eq!(enough(&bytes), 3);
        assert_eq!(known(&bytes, false), FirstBytes::Tls);
    }
    assert!(matches!(
        known(&[0x16, 2, 5], false),
        FirstBytes::Unknown { .. }
    ));
    assert_eq!(
        known(&[0x16, 3], true),
        FirstBytes::Unknown {
            hex: "1603".to_owned()
        }
    );
}

#[test]
fn ssl2_hello() {
    let bytes = [0x80, 0x2e, 0x01, 0x03, 0x01, 0x00, 0x15];
    assert_eq!(enough(&bytes), 5);
    assert_eq!(known(&bytes, false), FirstBytes::Ssl2Hello);
    assert_eq!(
        known(&[0x80, 0x2e, 0x01, 0x00, 0x02], false),
        FirstBytes::Ssl2Hello
    );
    assert!(matches!(
        known(&[0x80, 0x2e, 0x04], false),
        FirstBytes::Unknown { .. }
    ));
}

#[test]
fn http1_waits_for_its_line() {
    let bytes = b"POST /hook HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(enough(bytes), 21);
    assert_eq!(known(bytes, false), http("POST /hook HTTP/1.1"));
    assert_eq!(known(b"GET /a\n", false), http("GET /a"));
    assert_eq!(known(b"GET /a", true), http("GET /a"));
    assert_eq!(known(b"GET ", true), http("GET "));
    assert_eq!(
        known(b"GET /\x1b[2J\xff HTTP/1.1\r\n", false),
        http(r"GET /\x1b[2J\xff HTTP/1.1")
    );
}

#[test]
fn http1_is_cut() {
    let long = [b"GET /".as_slice(), &[b'a'; 9000]].concat();
    assert_eq!(enough(&long), 200);
    for (bytes, ended) in [
        (&long[..], false),
        (&long[..300], true),
        (&long[..203], false),
    ] {
        let FirstBytes::PlainHttp { request_line } = known(bytes, ended) else {
            panic!("not HTTP")
        };
        assert_eq!(request_line.len(), 200);
    }
    let wide = ["GET /", &"é".repeat(900)].concat();
    for length in [300, 408, 409, 410, 411, 800, 1700] {
        if let Sniff::Known(first) = sniff(&wide.as_bytes()[..length], false) {
            let FirstBytes::PlainHttp { request_line } = first else {
                panic!("not HTTP")
            };
            assert_eq!(request_line.chars().count(), 200);
            assert!(!request_line.contains('\\'), "{length}");
        }
    }
}

#[test]
fn words_that_are_no_method() {
    assert_eq!(sniff(b"GET", false), Sniff::NeedMore);
    assert!(matches!(known(b"GET", true), FirstBytes::Unknown { .. }));
    for bytes in [
        &b"get / HTTP/1.1\r\n"[..],
        b"HTTP/1.1 400 Bad Request\r\n",
        b" GET /\r\n",
        &[b'A'; 21],
    ] {
        assert!(
            matches!(known(bytes, false), FirstBytes::Unknown { .. }),
            "{bytes:?}"
        );
    }
}

#[test]
fn http2_preface() {
    let bytes = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";
    assert_eq!(enough(bytes), 16);
    assert_eq!(known(bytes, false), FirstBytes::PlainHttp2);
    assert_eq!(known(b"PRI * HTTP/2.0", true), http("PRI * HTTP/2.0"));
}

#[test]
fn ssh_banner() {
    let banner = |banner: &str| FirstBytes::Ssh {
        banner: banner.to_owned(),
    };
    assert_eq!(
        known(b"SSH-2.0-OpenSSH_9.2\r\nmore", false),
        banner("SSH-2.0-OpenSSH_9.2")
    );
    assert_eq!(known(b"SSH-2.0-a\x07", true), banner(r"SSH-2.0-a\x07"));
    assert_eq!(sniff(b"SSH-2.0", false), Sniff::NeedMore);
}

#[test]
fn unknown_shows_32_bytes() {
    let first = known(&[0xff; 100], false);
    assert_eq!(
        first,
        FirstBytes::Unknown {
            hex: "ff".repeat(32)
        }
    );
}

fn proxy(version: u8, source: &str, destination: &str, length: usize) -> Sniff {
    Sniff::Proxy {
        header: ProxyHeader {
            version,
            source: source.parse().ok(),
            destination: destination.parse().ok(),
        },
        length,
    }
}

#[test]
fn proxy_version1() {
    let bytes = b"PROXY TCP4 192.0.2.1 198.51.100.2 56324 443\r\n\x16\x03\x01";
    assert_eq!(enough(bytes), 45);
    assert_eq!(
        sniff(bytes, false),
        proxy(1, "192.0.2.1:56324", "198.51.100.2:443", 45)
    );
    assert_eq!(
        sniff(b"PROXY TCP6 2001:db8::1 ::1 1 65535\r\n", true),
        proxy(1, "[2001:db8::1]:1", "[::1]:65535", 36)
    );
    assert_eq!(sniff(b"PROXY UNKNOWN\r\nGET", false), proxy(1, "", "", 15));
    assert_eq!(
        sniff(b"PROXY UNKNOWN ff::1 x y\r\n", false),
        proxy(1, "", "", 25)
    );
    assert_eq!(sniff(b"PROXY TC", false), Sniff::NeedMore);
}

#[test]
fn proxy_version1_malformed() {
    let long = ["PROXY UNKNOWN ", &"a".repeat(200)].concat();
    for text in [
        "PROXY TCP5 ",
        "PROXY / HTTP/1.1",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 2 3\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 1 65536\r\n",
        "PROXY TCP4 192.0.2.1 192.0.2.2 01 +2\r\n",
        "PROXY TCP4 192.0.2.1  192.0.2.2 1 2\r\n",
        "PROXY TCP4 ::1 ::2 1 2\r\n",
        "PROXY TCP6 192.0.2.1 192.0.2.2 1 2\r\n",
        "PROXY UNKNOWNS\r\n",
        &long,
    ] {
        assert!(
            matches!(known(text.as_bytes(), false), FirstBytes::Unknown { .. }),
            "{text:?}"
        );
    }
    assert!(matches!(
        known(b"PROXY TCP4 192.0", true),
        FirstBytes::Unknown { .. }
    ));
}

fn version2(command: u8, family: u8, body: &[u8]) -> Vec<u8> {
    let mut bytes = b"\r\n\r\n\0\r\nQUIT\n".to_vec();
    bytes.extend([command, family]);
    bytes.extend(
        u16::try_from(body.len())
            .expect("a short body")
            .to_be_bytes(),
    );
    bytes.extend(body);
    bytes
}

#[test]
fn proxy_version2() {
    let tcp4 = [192, 0, 2, 1, 198, 51, 100, 2, 0x04, 0xd2, 0x01, 0xbb];
    let with_tlv = [&tcp4[..], &[0x04, 0x00, 0x01, 0x00]].concat();
    assert_eq!(
        sniff(&version2(0x21, 0x11, &tcp4), false),
        proxy(2, "192.0.2.1:1234", "198.51.100.2:443", 28)
    );
    let bytes = [version2(0x21, 0x11, &with_tlv), b"\x16\x03\x01".to_vec()].concat();
    assert_eq!(enough(&bytes), 32);
    assert_eq!(
        sniff(&bytes, false),
        proxy(2, "192.0.2.1:1234", "198.51.100.2:443", 32)
    );
    let mut tcp6 = [0; 36];
    (tcp6[15], tcp6[31], tcp6[33], tcp6[35]) = (1, 2, 3, 4);
    assert_eq!(
        sniff(&version2(0x21, 0x21, &tcp6), false),
        proxy(2, "[::1]:3", "[::2]:4", 52)
    );
    assert_eq!(
        sniff(&version2(0x21, 0x31, &[0; 216]), false),
        proxy(2, "", "", 232)
    );
    assert_eq!(
        sniff(&version2(0x21, 0x00, &[1, 2, 3]), false),
        proxy(2, "", "", 19)
    );
    assert_eq!(
        sniff(&version2(0x20, 0x11, &tcp4), false),
        proxy(2, "", "", 28)
    );
    assert_eq!(
        sniff(&version2(0x20, 0xff, &[]), false),
        proxy(2, "", "", 16)
    );
}

#[test]
fn proxy_version2_malformed() {
    for bytes in [
        version2(0x11, 0x11, &[0; 12]),
        version2(0x22, 0x11, &[0; 12]),
        version2(0x21, 0x11, &[0; 11]),
        version2(0x21, 0x21, &[0; 35]),
        version2(0x21, 0x31, &[0; 215]),
        version2(0x21, 0x41, &[0; 300]),
        version2(0x21, 0x13, &[0; 300]),
    ] {
        assert!(
            matches!(known(&bytes, false), FirstBytes::Unknown { .. }),
            "{bytes:?}"
        );
    }
    let cut = version2(0x21, 0x11, &[0; 12]);
    assert_eq!(sniff(&cut[..27], false), Sniff::NeedMore);
    assert!(matches!(
        known(&cut[..27], true),
        FirstBytes::Unknown { .. }
    ));
}

proptest! {
    #[test]
    fn an_end_brings_an_answer(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
        prop_assert_ne!(sniff(&bytes, true), Sniff::NeedMore);
        sniff(&bytes, false);
    }

    // Random bytes after each beginning reach the code behind it; what is known once stays known as
    // more bytes come.
    #[test]
    fn answers_stay(
        beginning in proptest::sample::select(vec![
            &b"PROXY "[..], b"PROXY TCP4 ", b"PROXY UNKNOWN", b"\r\n\r\n\0\r\nQUIT\n", b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00",
            b"GET ", b"PRI * HTTP/2.0", b"SSH-", b"\x16\x03", b"\x80\x2e\x01",
        ]),
        rest in proptest::collection::vec(any::<u8>(), 0..400),
    ) {
        let bytes = [beginning, &rest].concat();
        let answers: Vec<Sniff> = (0..=bytes.len()).map(|length| sniff(&bytes[..length], false)).collect();
        prop_assert_ne!(sniff(&bytes, true), Sniff::NeedMore);
        let mut kind = None;
        for answer in answers {
            match (&answer, kind) {
                (Sniff::NeedMore, kind) => prop_assert_eq!(kind, None),
                (Sniff::Proxy { .. }, kind) => prop_assert!(matches!(kind, None | Some("proxy"))),
                (Sniff::Known(first), Some(kind)) => prop_assert_eq!(first.word(), kind),
                (Sniff::Known(_), None) => {}
            }
            kind = match &answer {
                Sniff::NeedMore => None,
                Sniff::Proxy { .. } => Some("proxy"),
                Sniff::Known(first) => Some(first.word()),
            };
        }
    }
}

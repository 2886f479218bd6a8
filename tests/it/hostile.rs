//! Peers that mean no good, or are merely broken. After each of them a good client is still
//! answered at once, nothing has panicked and memory is bounded.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::{Duration, Instant},
};

use mtls::{dialogflow, net::dial::Seen, pki::recipe};
use serde_json::Value;

use crate::support::{self, Listen, Pki, descriptors};

/// A good client must be answered within this, whatever else is going on; on an idle machine it
/// takes milliseconds.
const AT_ONCE: Duration = Duration::from_secs(5);

/// The most memory that the listener may hold, in KiB.
const MEMORY: u64 = 150 * 1024;

/// A good Dialogflow call, with these bytes of body and headers more.
fn call(pki: &Pki, address: SocketAddr, headers: &[(&str, &str)], body: Vec<u8>) -> Seen {
    support::call(
        address,
        pki.authority.client(recipe("valid").unwrap()).unwrap(),
        headers,
        body,
    )
}

fn good(pki: &Pki, address: SocketAddr) {
    let started = Instant::now();
    let called = call(
        pki,
        address,
        &[],
        dialogflow::es_hi_request().to_string().into_bytes(),
    );
    assert_eq!(
        called.answer.map(|answer| answer.status),
        Some(200),
        "{:?}",
        called.dialled.tls.ending
    );
    assert!(
        started.elapsed() < AT_ONCE,
        "a good client waited {:?}",
        started.elapsed()
    );
}

/// The next connection object that is not the good client's.
fn next_bad(listen: &mut Listen) -> Value {
    loop {
        let seen = listen.next();
        let good = seen["ending"]["kind"] == "completed" && seen["http"]["kind"] == "es";
        if !good {
            return seen;
        }
    }
}

/// Ends the listener and looks at what it left behind.
#[track_caller]
fn unharmed(pki: &Pki, listen: Listen) {
    good(pki, listen.address());
    let status = std::fs::read_to_string(format!("/proc/{}/status", listen.pid()));
    if let Ok(status) = status {
        let resident = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .unwrap();
        let kib: u64 = resident.trim().trim_end_matches(" kB").parse().unwrap();
        assert!(kib < MEMORY, "{kib} KiB are held");
    }
    let report = listen.finish();
    assert!(!report.stderr.contains("panicked"), "{}", report.stderr);
}

fn connect(listen: &Listen) -> TcpStream {
    let stream = TcpStream::connect(listen.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    stream
}

/// Everything the other end says until it closes.
fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    bytes
}

/// A real ClientHello, as OpenSSL sends it (`testdata/hellos/README.md`).
fn hello() -> Vec<u8> {
    std::fs::read(concat!(
        env!("CARGO_MANIFEST_DIR"),
        "/testdata/hellos/openssl-default.bin"
    ))
    .unwrap()
}

fn codes(seen: &Value) -> Vec<&str> {
    let findings = seen["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

#[test]
fn five_hundred_silent_connections_hold_up_nobody() {
    let _alone = descriptors();
    let pki = Pki::new();
    let mut listen = pki.listen(&["--handshake-timeout", "3s"]);
    let silent: Vec<TcpStream> = (0..500).map(|_| connect(&listen)).collect();
    good(&pki, listen.address());
    for _ in 0..500 {
        let seen = next_bad(&mut listen);
        assert_eq!(seen["first_bytes"], "nothing", "{seen:#}");
        assert_eq!(seen["ending"]["kind"], "timed-out", "{seen:#}");
    }
    drop(silent);
    unharmed(&pki, listen);
}

#[test]
fn a_hello_that_trickles_in_is_cut_off_in_time() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--handshake-timeout", "2s"]);
    let mut slow = connect(&listen);
    let trickle = std::thread::spawn(move || {
        for byte in hello() {
            if slow.write_all(&[byte]).is_err() {
                break;
            }
            std::thread::sleep(Duration::from_millis(100));
        }
    });
    good(&pki, listen.address());
    let seen = next_bad(&mut listen);
    assert_eq!(seen["ending"]["kind"], "timed-out", "{seen:#}");
    assert_eq!(seen["ending"]["phase"], "client-hello", "{seen:#}");
    assert!(codes(&seen).contains(&"MT906"), "{seen:#}");
    trickle.join().unwrap();
    unharmed(&pki, listen);
}

#[test]
fn a_hello_and_then_nothing_is_cut_off_in_the_handshake() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--handshake-timeout", "1s"]);
    let mut half = connect(&listen);
    half.write_all(&hello()).unwrap();
    let seen = next_bad(&mut listen);
    assert_eq!(seen["ending"]["kind"], "timed-out", "{seen:#}");
    assert_eq!(seen["ending"]["phase"], "handshake", "{seen:#}");
    assert!(!seen["client_hello"].is_null());
    unharmed(&pki, listen);
}

/// An alert in the same segment as the ClientHello is the last that comes: it waits for nothing.
#[test]
fn what_comes_with_the_hello_is_read_with_it() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--handshake-timeout", "20s"]);
    let mut gone = connect(&listen);
    let mut both = hello();
    both.extend([21, 3, 3, 0, 2, 2, 40]);
    gone.write_all(&both).unwrap();
    let seen = next_bad(&mut listen);
    assert_eq!(seen["ending"]["kind"], "peer-alert", "{seen:#}");
    assert_eq!(seen["ending"]["alert"]["code"], 40, "{seen:#}");
    unharmed(&pki, listen);
}

/// Every version of a record is TLS whose first byte is 3 (RFC 5246 appendix E.1).
#[test]
fn a_hello_in_a_record_of_a_later_version_is_answered() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--handshake-timeout", "1s"]);
    let mut later = connect(&listen);
    let mut bytes = hello();
    bytes[2] = 0xfe;
    later.write_all(&bytes).unwrap();
    let seen = next_bad(&mut listen);
    assert_eq!(seen["first_bytes"], "tls", "{seen:#}");
    assert!(!seen["client_hello"].is_null(), "{seen:#}");
    assert_eq!(seen["ending"]["phase"], "handshake", "{seen:#}");
    unharmed(&pki, listen);
}

#[test]
fn bytes_that_are_no_handshake_are_named() {
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    let cut = hello()[..60].to_vec();
    let mut noise = vec![0x16, 3, 1, 2, 0, 1, 0, 1, 252];
    noise.extend((0..508_u16).map(|byte| (byte * 7) as u8));
    for (bytes, word, code) in [
        (b"SSH-2.0-OpenSSH_9.2\x1b[31m\r\n".to_vec(), "ssh", "MT903"),
        (
            b"GET /\x1b[2J HTTP/1.1\r\n\r\n".to_vec(),
            "plain-http",
            "MT901",
        ),
        (
            b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".to_vec(),
            "plain-http2",
            "MT901",
        ),
        (vec![0xde, 0xad, 0xbe, 0xef, 0, 1, 2, 3], "unknown", "MT905"),
        (cut, "tls", "MT906"),
        (noise, "tls", "MT908"),
    ] {
        let mut stream = connect(&listen);
        stream.write_all(&bytes).unwrap();
        let _ = stream.shutdown(std::net::Shutdown::Write);
        let answer = rest(&mut stream);
        let seen = next_bad(&mut listen);
        assert_eq!(seen["first_bytes"], word, "{seen:#}");
        assert!(codes(&seen).contains(&code), "{word}: {seen:#}");
        assert!(!seen.to_string().contains("\\u001b"), "{seen}");
        if word == "plain-http" {
            assert!(answer.starts_with(b"HTTP/1.1 400 "), "{answer:?}");
        }
    }
    unharmed(&pki, listen);
}

#[test]
fn a_proxy_header_is_noted_and_tls_goes_on() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--handshake-timeout", "1s"]);
    let mut v2 = b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c".to_vec();
    v2.extend([203, 0, 113, 7, 10, 0, 0, 1, 0x9c, 0xa8, 0x01, 0xbb]);
    let v1 = b"PROXY TCP4 203.0.113.7 10.0.0.1 40104 443\r\n".to_vec();
    for header in [v1, v2] {
        let mut stream = connect(&listen);
        stream.write_all(&header).unwrap();
        stream.write_all(&hello()).unwrap();
        let seen = next_bad(&mut listen);
        assert_eq!(seen["proxied"]["source"], "203.0.113.7:40104", "{seen:#}");
        assert_eq!(seen["first_bytes"], "tls", "{seen:#}");
        assert!(!seen["client_hello"].is_null(), "{seen:#}");
        assert!(codes(&seen).contains(&"MT902"), "{seen:#}");
    }
    unharmed(&pki, listen);
}

#[test]
fn a_body_over_the_bound_is_refused_and_named() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--max-body", "100000"]);
    let called = call(&pki, listen.address(), &[], vec![b'x'; 50_000_000]);
    // The refusal can be overtaken by the end of a connection whose body was still coming.
    if let Some(status) = called.answer.map(|answer| answer.status) {
        assert_eq!(status, 413);
    }
    let seen = next_bad(&mut listen);
    assert_eq!(seen["http"]["answer"]["status"], 413, "{seen:#}");
    assert!(
        seen["http"]["limit"]
            .as_str()
            .unwrap()
            .contains("50000000 bytes; at most 100000"),
        "{seen:#}"
    );
    assert!(codes(&seen).contains(&"MT503"), "{seen:#}");

    let bomb = {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(&vec![b' '; 50_000_000]).unwrap();
        encoder.finish().unwrap()
    };
    assert!(bomb.len() < 100_000);
    let called = call(
        &pki,
        listen.address(),
        &[("content-encoding", "gzip")],
        bomb,
    );
    assert!(called.answer.is_some());
    let seen = next_bad(&mut listen);
    assert!(
        seen["http"]["json_problem"]
            .as_str()
            .unwrap()
            .contains("unpacks to more than 100000 bytes"),
        "{:#}",
        seen["http"]["json_problem"]
    );
    unharmed(&pki, listen);
}

#[test]
fn a_header_section_over_the_bound_is_refused_and_named() {
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    let long = "x".repeat(1_000_000);
    call(&pki, listen.address(), &[("x-long", &long)], b"{}".to_vec());
    let seen = next_bad(&mut listen);
    assert_eq!(seen["ending"]["kind"], "limit", "{:#}", seen["ending"]);
    assert!(
        seen["ending"]["detail"]
            .as_str()
            .unwrap()
            .contains("65536 bytes"),
        "{:#}",
        seen["ending"]
    );
    assert!(
        !codes(&seen).is_empty(),
        "a limit that was hit is a finding"
    );

    let names: Vec<String> = (0..1000).map(|number| format!("x-{number}")).collect();
    let many: Vec<(&str, &str)> = names.iter().map(|name| (name.as_str(), "1")).collect();
    call(&pki, listen.address(), &many, b"{}".to_vec());
    let seen = next_bad(&mut listen);
    assert!(!codes(&seen).is_empty(), "{:#}", seen["ending"]);
    unharmed(&pki, listen);
}

#[test]
fn hostile_header_values_reach_no_terminal() {
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    let body = "{\"queryResult\":{\"queryText\":\"\u{1b}[31m\u{202e}\"}}";
    let headers = [
        ("x-odd", "a\tb"),
        ("authorization", "Bearer hunter2hunter2"),
        ("x-bidi", "a\u{202e}b"),
    ];
    call(&pki, listen.address(), &headers, body.as_bytes().to_vec());
    let seen = listen.next();
    let shown = seen["http"]["headers"].to_string();
    assert!(!shown.contains("hunter2"), "{shown}");
    assert!(!shown.contains('\u{202e}'), "{shown}");
    unharmed(&pki, listen);
}

#[test]
fn connections_beyond_the_limit_are_closed_and_recorded() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--max-connections", "5", "--handshake-timeout", "2s"]);
    let mut kept: Vec<TcpStream> = (0..5).map(|_| connect(&listen)).collect();
    for stream in &mut kept {
        // Who is silent would give way.
        stream.write_all(&[0x16, 3, 1]).unwrap();
    }
    std::thread::sleep(Duration::from_millis(500));
    let mut sixth = connect(&listen);
    assert!(rest(&mut sixth).is_empty());
    let seen = listen.next();
    assert_eq!(seen["ending"]["kind"], "limit", "{seen:#}");
    assert!(codes(&seen).contains(&"MT907"), "{seen:#}");
    drop(kept);
    for _ in 0..5 {
        listen.next();
    }
    unharmed(&pki, listen);
}

#[test]
fn what_is_not_http_after_the_handshake_is_named() {
    let Some(mut client) = support::peer("openssl") else {
        return;
    };
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    client.args([
        "s_client",
        "-connect",
        &listen.address().to_string(),
        "-ign_eof",
    ]);
    support::feed(
        &mut client,
        b"\x00\x01\x02 this is no HTTP \x1b[31m\r\n\r\n",
        20,
    );
    let seen = listen.next();
    assert_eq!(seen["ending"]["kind"], "protocol-error", "{seen:#}");
    assert_eq!(seen["ending"]["phase"], "http", "{seen:#}");
    assert!(
        seen["ending"]["detail"]
            .as_str()
            .unwrap()
            .contains("not HTTP"),
        "{seen:#}"
    );
    unharmed(&pki, listen);
}

#[test]
fn many_good_clients_at_once_are_all_answered() {
    let pki = Pki::new();
    let listen = pki.listen(&[]);
    let address = listen.address();
    std::thread::scope(|scope| {
        for _ in 0..40 {
            scope.spawn(|| good(&pki, address));
        }
    });
    let report = listen.finish();
    assert_eq!(report.connections().len(), 40);
    assert!(!report.stderr.contains("panicked"), "{}", report.stderr);
}

//! What becomes of requests whose client leaves, writes HTTP wrongly, or sends more of them than
//! are kept: none is lost without a word.

use std::{
    io::{Read as _, Write as _},
    net::{Shutdown, TcpStream},
    sync::Arc,
    thread,
    time::{Duration, Instant},
};

use rustls::{
    ClientConfig, ClientConnection, RootCertStore, StreamOwned, SupportedProtocolVersion,
    pki_types::pem::PemObject as _, version,
};
use serde_json::Value;

use crate::support::{self, Listen, Pki};

type Tls = StreamOwned<ClientConnection, TcpStream>;

/// A TLS connection of which the test writes every byte.
fn connect(
    pki: &Pki,
    listen: &Listen,
    version: &'static SupportedProtocolVersion,
    alpn: &[u8],
) -> Tls {
    let mut roots = RootCertStore::empty();
    roots
        .add(pki.authority.server_anchor().to_vec().into())
        .unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let mut config = ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(&[version])
        .unwrap()
        .with_root_certificates(roots)
        .with_no_client_auth();
    config.alpn_protocols = vec![alpn.to_vec()];
    let connection =
        ClientConnection::new(Arc::new(config), "localhost".try_into().unwrap()).unwrap();
    let stream = TcpStream::connect(listen.address()).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    StreamOwned::new(connection, stream)
}

fn http1(pki: &Pki, listen: &Listen) -> Tls {
    connect(pki, listen, &version::TLS13, b"http/1.1")
}

/// Says goodbye in TLS and in TCP, and reads no more.
fn leave(mut tls: Tls) {
    tls.conn.send_close_notify();
    let _ = tls.flush();
}

fn codes(seen: &Value) -> Vec<&str> {
    let findings = seen["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

const POST: &[u8] = b"POST /hook HTTP/1.1\r\nHost: localhost\r\nContent-Length: 2\r\n\r\n{}";

#[track_caller]
fn abandoned(seen: &Value, how: &str, after: std::ops::Range<u64>) {
    let left = &seen["http"]["abandoned"];
    assert_eq!(left["how"], how, "{seen:#}");
    let ms = left["after_ms"].as_u64().unwrap();
    assert!(after.contains(&ms), "{ms} ms: {seen:#}");
    assert!(seen["http"]["answer"].is_null(), "{seen:#}");
    assert!(codes(seen).contains(&"MT513"), "{seen:#}");
}

#[test]
fn a_client_that_leaves_before_the_answer_is_told_from_one_that_waits() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--delay", "1500ms"]);
    for version in [&version::TLS12, &version::TLS13] {
        let mut tls = connect(&pki, &listen, version, b"http/1.1");
        tls.write_all(POST).unwrap();
        thread::sleep(Duration::from_millis(400));
        leave(tls);
        let seen = listen.next();
        abandoned(&seen, "closed", 300..1400);
        assert_eq!(seen["http"]["path"], "/hook", "{seen:#}");
        assert_eq!(seen["http"]["body"], "{}", "{seen:#}");
        assert_eq!(seen["ending"]["kind"], "closed", "{seen:#}");
        assert_eq!(seen["ending"]["sent_by"], "peer", "{seen:#}");
        assert_eq!(seen["ending"]["phase"], "http", "{seen:#}");
    }
    // Half an end: it has said what it had to say, and reads on (RFC 8446 section 6.1).
    let mut tls = http1(&pki, &listen);
    tls.write_all(POST).unwrap();
    tls.conn.send_close_notify();
    tls.flush().unwrap();
    tls.sock.shutdown(Shutdown::Write).unwrap();
    let mut answer = Vec::new();
    let _ = tls.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
    let seen = listen.next();
    assert!(seen["http"]["abandoned"].is_null(), "{seen:#}");
    assert_eq!(seen["http"]["answer"]["status"], 200, "{seen:#}");
    assert_eq!(seen["ending"]["kind"], "completed", "{seen:#}");
    assert!(!codes(&seen).contains(&"MT513"), "{seen:#}");
    assert!(!listen.finish().stderr.contains("panicked"));
}

#[test]
fn a_client_that_leaves_in_the_middle_of_its_body_is_not_waited_for() {
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    let mut tls = http1(&pki, &listen);
    tls.write_all(b"POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 9\r\n\r\n{}")
        .unwrap();
    thread::sleep(Duration::from_millis(100));
    let began = Instant::now();
    leave(tls);
    let seen = listen.next();
    assert!(began.elapsed() < Duration::from_secs(5), "{seen:#}");
    assert_eq!(seen["http"]["path"], "/hook", "{seen:#}");
    let told = !seen["http"]["limit"].is_null() || !seen["http"]["abandoned"].is_null();
    assert!(told, "{seen:#}");
    listen.finish();
}

#[test]
fn every_request_of_one_write_is_answered_though_the_client_says_no_more() {
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    let mut tls = http1(&pki, &listen);
    tls.write_all(&POST.repeat(5)).unwrap();
    tls.conn.send_close_notify();
    tls.flush().unwrap();
    tls.sock.shutdown(Shutdown::Write).unwrap();
    let mut answers = Vec::new();
    let _ = tls.read_to_end(&mut answers);
    let text = String::from_utf8_lossy(&answers);
    assert_eq!(text.matches("HTTP/1.1 200").count(), 5, "{text}");
    let seen = listen.next();
    assert_eq!(seen["further_http"].as_array().unwrap().len(), 4);
    assert!(!codes(&seen).contains(&"MT513"), "{seen:#}");
    listen.finish();
}

/// A server that takes one call with mutual TLS out of it and gives this answer.
fn answers(pki: &Pki, answer: String) -> u16 {
    let pem = |name: &str| std::fs::read(pki.path(name)).unwrap();
    let chain = rustls::pki_types::CertificateDer::pem_slice_iter(&pem("server/fullchain.pem"))
        .map(Result::unwrap)
        .collect();
    let key = rustls::pki_types::PrivateKeyDer::from_pem_slice(&pem("server/key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let port = socket.local_addr().unwrap().port();
    thread::spawn(move || {
        let connection = rustls::ServerConnection::new(Arc::new(config)).unwrap();
        let mut tls = StreamOwned::new(connection, socket.accept().unwrap().0);
        let mut request = [0; 4096];
        let _ = tls.read(&mut request);
        let _ = tls.write_all(answer.as_bytes());
        tls.conn.send_close_notify();
        let _ = tls.flush();
        // What follows is read, so that no reset overtakes the answer.
        while tls.read(&mut request).is_ok_and(|read| read > 0) {}
    });
    port
}

#[test]
fn an_answer_that_is_malformed_is_named_with_its_rule() {
    let pki = Pki::new();
    let ok = |fields: &str| format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\n{{}}");
    let many: String = (0..101).map(|n| format!("X-{n}: a\r\n")).collect();
    for (answer, words) in [
        (
            ok("Content-Length: 2\r\nContent-Length: 3"),
            "RFC 9112 section 6.3",
        ),
        (ok("Content-Length: two"), "RFC 9110 section 8.6"),
        (ok("A: b\r\n c"), "RFC 9112 section 5.2"),
        (ok("A b: c"), "RFC 9112 section 5.1"),
        ("HTTP/1.1 2x0 OK\r\n\r\n".to_owned(), "RFC 9112 section 4"),
        (ok(many.trim_end()), "more than 100 fields"),
        ("220 mail ESMTP\r\n".to_owned(), "is not HTTP: 220 mail"),
    ] {
        let port = answers(&pki, answer.clone());
        let call = support::run(
            support::mtls()
                .args([
                    "simulate",
                    &format!("https://localhost:{port}/"),
                    "--format",
                    "json",
                ])
                .args(["--cacert", &pki.path("server-ca.pem"), "-m", "20s"]),
            60,
        );
        assert_eq!(call.code, Some(1), "{answer}: {call:?}");
        let document: Value = serde_json::from_str(&call.stdout).unwrap();
        let findings = document["findings"].as_array().unwrap().iter();
        let said: Vec<&str> = findings
            .filter(|finding| finding["code"] == "MT912")
            .map(|finding| finding["message"].as_str().unwrap())
            .collect();
        assert!(
            said.len() == 1 && said[0].contains(words),
            "{answer}: {said:?}"
        );
    }
}

const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// An HTTP/2 frame.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let mut frame = u32::try_from(payload.len()).unwrap().to_be_bytes()[1..].to_vec();
    frame.extend([kind, flags]);
    frame.extend(stream.to_be_bytes());
    frame.extend(payload);
    frame
}

/// GET / of https://a, whole.
fn get(stream: u32) -> Vec<u8> {
    frame(1, 0x5, stream, &[0x82, 0x87, 0x84, 0x41, 1, b'a'])
}

fn cancel(stream: u32) -> Vec<u8> {
    frame(3, 0, stream, &8_u32.to_be_bytes())
}

fn http2(pki: &Pki, listen: &Listen) -> Tls {
    let mut tls = connect(pki, listen, &version::TLS13, b"h2");
    tls.write_all(PREFACE).unwrap();
    tls.write_all(&frame(4, 0, 0, &[])).unwrap();
    tls.write_all(&frame(4, 1, 0, &[])).unwrap();
    tls
}

#[test]
fn a_request_cancelled_over_http2_is_recorded_and_holds_no_place() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--delay", "30s", "--max-connections", "3"]);
    let cancelled: Vec<Tls> = (0..3)
        .map(|_| {
            let mut tls = http2(&pki, &listen);
            tls.write_all(&get(1)).unwrap();
            thread::sleep(Duration::from_millis(200));
            tls.write_all(&cancel(1)).unwrap();
            tls
        })
        .collect();
    // They stay open, and are idle: after the usual 5 seconds their places are free again.
    let began = Instant::now();
    for _ in 0..3 {
        let seen = listen.next();
        assert!(began.elapsed() < Duration::from_secs(20), "{seen:#}");
        abandoned(&seen, "stream-reset", 100..10_000);
        assert_eq!(seen["http"]["version"], "HTTP/2", "{seen:#}");
    }
    drop(cancelled);
    // One that leaves altogether.
    let mut tls = http2(&pki, &listen);
    tls.write_all(&get(1)).unwrap();
    thread::sleep(Duration::from_millis(300));
    leave(tls);
    let seen = listen.next();
    abandoned(&seen, "closed", 200..10_000);
    assert_eq!(seen["ending"]["kind"], "closed", "{seen:#}");
    assert_eq!(seen["ending"]["sent_by"], "peer", "{seen:#}");
    let report = listen.finish();
    assert!(!report.stderr.contains("panicked"), "{}", report.stderr);
}

#[test]
fn a_request_that_the_end_of_the_run_cuts_off_blames_no_client() {
    let pki = Pki::new();
    for alpn in [b"h2".as_slice(), b"http/1.1"] {
        let listen = pki.listen(&["--delay", "30s"]);
        let mut tls = if alpn == b"h2" {
            let mut tls = http2(&pki, &listen);
            tls.write_all(&get(1)).unwrap();
            tls
        } else {
            let mut tls = http1(&pki, &listen);
            tls.write_all(POST).unwrap();
            tls
        };
        thread::sleep(Duration::from_millis(300));
        let report = listen.finish();
        let seen = report.connection();
        assert_eq!(seen["http"]["abandoned"]["how"], "interrupted", "{seen:#}");
        assert!(!codes(seen).contains(&"MT513"), "{seen:#}");
        let _ = tls.flush();
    }
}

#[test]
fn who_ended_http2_with_goaway_is_said() {
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    let data_on_stream_0 = frame(0, 0, 0, b"x");
    let flood: Vec<u8> = (0..3_000_u32)
        .flat_map(|n| [get(2 * n + 1), cancel(2 * n + 1)].concat())
        .collect();
    let gives_up = frame(7, 0, 0, &[0, 0, 0, 0, 0, 0, 0, 2]);
    for (bytes, kind, by, words, code) in [
        (data_on_stream_0, "protocol-error", "us", "GOAWAY 1 ", true),
        (flood, "protocol-error", "us", "GOAWAY 11 ", true),
        (gives_up, "closed", "peer", "GOAWAY 2 ", false),
    ] {
        let mut tls = http2(&pki, &listen);
        let _ = tls.write_all(&bytes);
        let _ = tls.flush();
        let mut rest = Vec::new();
        let _ = tls.read_to_end(&mut rest);
        drop(tls);
        let seen = listen.next();
        let ending = &seen["ending"];
        assert_eq!(ending["kind"], kind, "{seen:#}");
        assert_eq!(ending["sent_by"], by, "{seen:#}");
        assert!(
            ending["detail"].as_str().unwrap().contains(words),
            "{ending:#}"
        );
        assert_eq!(codes(&seen).contains(&"MT908"), code, "{seen:#}");
    }
    listen.finish();
}

#[test]
fn http_that_is_malformed_is_named_with_its_rule() {
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    let post = |fields: &str| format!("POST /hook HTTP/1.1\r\nHost: a\r\n{fields}\r\n\r\n{{}}");
    let behind = format!(
        "POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{{}}{}",
        post("A : b")
    );
    for (bytes, section) in [
        (
            post("Content-Length: 2\r\nContent-Length: 3"),
            "RFC 9112 section 6.3",
        ),
        (post("A: b\r\n c"), "RFC 9112 section 5.2"),
        (post("Content-Length : 2"), "RFC 9112 section 5.1"),
        (
            post("Content-Length: 18446744073709551615"),
            "RFC 9110 section 8.6",
        ),
        (post("Content-Length: two"), "RFC 9110 section 8.6"),
        (
            "POST /hook HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n".to_owned(),
            "RFC 9112 section 6.1",
        ),
        (
            "GET  /hook HTTP/1.1\r\nHost: a\r\n\r\n".to_owned(),
            "RFC 9112 section 3",
        ),
        (behind, "RFC 9112 section 5.1"),
    ] {
        let mut tls = http1(&pki, &listen);
        tls.write_all(bytes.as_bytes()).unwrap();
        let mut rest = Vec::new();
        let _ = tls.read_to_end(&mut rest);
        drop(tls);
        let seen = listen.next();
        let ending = &seen["ending"];
        assert_eq!(ending["kind"], "protocol-error", "{bytes}: {seen:#}");
        let detail = ending["detail"].as_str().unwrap();
        assert!(
            detail.contains("malformed") && detail.contains(section),
            "{detail}"
        );
        assert!(codes(&seen).contains(&"MT908"), "{seen:#}");
    }
    listen.finish();
}

#[test]
fn requests_beyond_those_that_are_kept_are_counted_and_told_in_every_format() {
    let pki = Pki::new();
    let page = pki.path("page.html");
    let notes = pki.path("notes.md");
    let suite = pki.path("suite.xml");
    let document = pki.path("document.json");
    let text = pki.path("page.txt");
    let outputs = [
        format!("html={page}"),
        format!("markdown={notes}"),
        format!("junit={suite}"),
        format!("json={document}"),
        format!("text={text}"),
    ];
    let mut flags: Vec<&str> = outputs.iter().flat_map(|output| ["-o", output]).collect();
    flags.extend(["--count", "1"]);
    let listen = pki.listen(&flags);
    let mut tls = http1(&pki, &listen);
    let mut requests = POST.repeat(129);
    requests.extend_from_slice(b"GET /last HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    tls.write_all(&requests).unwrap();
    let mut answers = Vec::new();
    let _ = tls.read_to_end(&mut answers);
    let answered = String::from_utf8_lossy(&answers)
        .matches("HTTP/1.1 200")
        .count();
    assert_eq!(answered, 130);
    let report = listen.wait();
    let seen = report.connection();
    assert_eq!(seen["http_not_kept"], 30, "{seen:#}");
    assert!(codes(seen).contains(&"MT514"), "{seen:#}");
    for file in [page, notes, suite, document, text] {
        let written = std::fs::read_to_string(&file).unwrap();
        assert!(written.contains("MT514"), "{file}: {written}");
    }
}

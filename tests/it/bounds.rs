//! What peers may cost: memory, disk, places and time. Each test is the smallest input of an attack
//! that once cost too much.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::{Duration, Instant},
};

use mtls::{dialogflow, net::dial::Seen, pki::recipe};
use rustls::{ClientConfig, ClientConnection, StreamOwned, pki_types::ServerName};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::Value;

use crate::support::{self, Listen, Pki, descriptors};

/// A client's end of a TLS connection.
type Tls = StreamOwned<ClientConnection, TcpStream>;

fn good(pki: &Pki, address: SocketAddr) -> Seen {
    let client = pki.authority.client(recipe("valid").unwrap()).unwrap();
    let body = dialogflow::es_hi_request().to_string().into_bytes();
    support::call(address, client, &[], body)
}

#[track_caller]
fn answered(called: &Seen) {
    let status = called.answer.as_ref().map(|answer| answer.status);
    assert_eq!(status, Some(200), "{:?}", called.dialled.tls.ending);
}

fn connect(address: SocketAddr) -> TcpStream {
    let stream = TcpStream::connect(address).unwrap();
    let patience = Some(Duration::from_secs(30));
    stream.set_read_timeout(patience).unwrap();
    stream
}

/// A configuration with the good client's certificate.
fn client(pki: &Pki) -> Arc<ClientConfig> {
    let mut roots = rustls::RootCertStore::empty();
    let anchor = pki.authority.server_anchor().to_vec();
    roots.add(CertificateDer::from(anchor)).unwrap();
    let identity = pki.authority.client(recipe("valid").unwrap()).unwrap();
    let identity = identity.unwrap();
    let chain = identity.chain.into_iter().map(CertificateDer::from);
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key_pkcs8));
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots)
        .with_client_auth_cert(chain.collect(), key)
        .unwrap();
    Arc::new(config)
}

/// A connection whose handshake is over.
fn handshake(config: &Arc<ClientConfig>, address: SocketAddr) -> Tls {
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(config.clone(), name).unwrap();
    let mut stream = StreamOwned::new(connection, connect(address));
    while stream.conn.is_handshaking() {
        stream.conn.complete_io(&mut stream.sock).unwrap();
    }
    stream
}

/// Sends a request over HTTP/1.1 and reads the head of its answer and what comes with it.
fn post(stream: &mut Tls, headers: &str, body: &[u8]) -> String {
    let head = format!(
        "POST /hook HTTP/1.1\r\nHost: localhost\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    stream.write_all(&[head.as_bytes(), body].concat()).unwrap();
    let mut answer = Vec::new();
    let mut piece = [0; 4096];
    while !complete(&answer) {
        match stream.read(&mut piece).unwrap() {
            0 => break,
            read => answer.extend_from_slice(&piece[..read]),
        }
    }
    String::from_utf8_lossy(&answer).into_owned()
}

fn complete(answer: &[u8]) -> bool {
    let text = String::from_utf8_lossy(answer).to_ascii_lowercase();
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .split("content-length: ")
        .nth(1)
        .and_then(|rest| rest.lines().next()?.parse::<usize>().ok());
    length.is_none_or(|length| body.len() >= length)
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Resident memory of the listener, in KiB; `None` where there is no `/proc`.
fn resident(listen: &Listen, field: &str) -> Option<u64> {
    let status = std::fs::read_to_string(format!("/proc/{}/status", listen.pid())).ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix(field))?;
    line.trim().trim_end_matches(" kB").trim().parse().ok()
}

fn exchanges(seen: &Value) -> Vec<Value> {
    let further = seen["further_http"].as_array().unwrap();
    std::iter::once(&seen["http"])
        .chain(further)
        .cloned()
        .collect()
}

/// 4 KB of gzip that unpack to 4 MB of bytes that are not UTF-8, each three bytes in a record: 60
/// of them held 1 GB and wrote as much.
#[test]
fn packed_bodies_cost_neither_memory_nor_disk() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--max-kept", "4000000"]);
    let before = resident(&listen, "VmRSS:");
    let bomb = gzip(&vec![0xff; 4 << 20]);
    let config = client(&pki);
    let mut stream = handshake(&config, listen.address());
    for _ in 0..60 {
        let answer = post(&mut stream, "Content-Encoding: gzip\r\n", &bomb);
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    drop(stream);
    let seen = listen.next();
    let record = seen.to_string().len();
    // A quarter of what the run may keep, and what a record has besides.
    assert!(record < 1_200_000, "a record of {record} bytes");
    let exchanges = exchanges(&seen);
    assert_eq!(exchanges.len(), 60);
    let last = &exchanges[59];
    assert_eq!(last["body"], "", "{last:#}");
    let unpacked = last["body_omitted"]["bytes"].as_u64().unwrap();
    assert_eq!(unpacked, 100 * bomb.len() as u64, "{last:#}");
    assert_eq!(last["body_omitted"]["sha256"].as_str().unwrap().len(), 64);
    let problem = last["json_problem"].as_str().unwrap();
    assert!(problem.contains("100 times"), "{problem}");
    if let (Some(before), Some(peak)) = (before, resident(&listen, "VmHWM:")) {
        assert!(peak < before + 60 * 1024, "{before} KiB became {peak}");
    }
    answered(&good(&pki, listen.address()));
    let report = listen.finish();
    let said = report.stderr.matches("is not kept").count();
    assert_eq!(said, 1, "{}", report.stderr);
}

/// Headers are not bodies: without a bound of their own, an index of HPACK would let three bytes
/// stand for 4 KB, a hundred times.
#[test]
fn the_header_fields_of_one_connection_are_kept_up_to_a_bound() {
    let pki = Pki::new();
    let mut listen = pki.listen(&[]);
    let config = client(&pki);
    let mut stream = handshake(&config, listen.address());
    let long = format!("X-Long: {}\r\n", "h".repeat(60_000));
    for _ in 0..8 {
        let answer = post(&mut stream, &long, b"{}");
        assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
    }
    drop(stream);
    let seen = listen.next();
    assert_eq!(exchanges(&seen).len(), 4, "of 256 KiB, 60,000 bytes each");
    listen.finish();
}

/// The answer to an ordinary client does not depend on what others hold.
#[test]
fn a_body_beyond_the_budget_is_still_judged_and_answered() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--max-kept", "0"]);
    answered(&good(&pki, listen.address()));
    let seen = listen.next();
    assert_eq!(seen["http"]["kind"], "es", "{seen:#}");
    assert_eq!(seen["http"]["json_ok"], true, "{seen:#}");
    assert_eq!(seen["http"]["body"], "", "{seen:#}");
    assert_eq!(
        seen["http"]["body_omitted"]["bytes"], seen["http"]["body_bytes"],
        "{seen:#}"
    );
    listen.finish();
}

#[test]
fn the_largest_bound_for_a_body_is_no_overflow() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--max-body", &u64::MAX.to_string()]);
    let mut stream = handshake(&client(&pki), listen.address());
    post(
        &mut stream,
        "Content-Encoding: gzip\r\n",
        &gzip(b"{\"a\":1}"),
    );
    drop(stream);
    let seen = listen.next();
    assert_eq!(seen["http"]["body"], "{\"a\":1}", "{seen:#}");
    listen.finish();
}

#[test]
fn no_time_at_all_is_refused_before_anyone_is_cut_off() {
    for flag in ["--request-timeout", "--handshake-timeout"] {
        let run = support::run(
            support::mtls().args([
                "listen",
                "--no-config",
                "--listen",
                "127.0.0.1:0",
                flag,
                "0",
            ]),
            20,
        );
        assert_eq!(run.code, Some(2), "{}", run.said());
        assert!(run.stderr.contains(flag), "{}", run.said());
    }
}

/// A connection idles after its handshake: what the handshake needed is given back. The bound is
/// for the program as tests build it.
#[test]
fn an_idle_connection_costs_little() {
    const IDLE: u64 = 400;
    let _alone = descriptors();
    let pki = Pki::new();
    let listen = pki.listen(&["--request-timeout", "120s"]);
    let config = client(&pki);
    let warm: Vec<Tls> = (0..50)
        .map(|_| handshake(&config, listen.address()))
        .collect();
    std::thread::sleep(Duration::from_millis(300));
    let Some(before) = resident(&listen, "VmRSS:") else {
        support::skipped("memory is read from /proc");
        return;
    };
    let held: Vec<Tls> = (0..IDLE)
        .map(|_| handshake(&config, listen.address()))
        .collect();
    std::thread::sleep(Duration::from_millis(500));
    let after = resident(&listen, "VmRSS:").unwrap();
    let each = after.saturating_sub(before) as f64 / IDLE as f64;
    assert!(each < 30.0, "{each:.1} KiB each");
    drop((warm, held));
    listen.finish();
}

#[test]
fn who_speaks_gets_the_place_of_the_longest_silent() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--max-connections", "20", "--handshake-timeout", "60s"]);
    let silent: Vec<TcpStream> = (0..20).map(|_| connect(listen.address())).collect();
    let first = silent[0].local_addr().unwrap().to_string();
    let started = Instant::now();
    answered(&good(&pki, listen.address()));
    assert!(started.elapsed() < Duration::from_secs(5));
    let gone = listen.next();
    assert_eq!(gone["peer"], first, "{gone:#}");
    assert_eq!(gone["first_bytes"], "nothing", "{gone:#}");
    assert_eq!(gone["ending"]["kind"], "limit", "{gone:#}");
    assert_eq!(gone["ending"]["sent_by"], "us", "{gone:#}");
    let detail = gone["ending"]["detail"].as_str().unwrap();
    assert!(detail.contains("had sent nothing"), "{detail}");
    let served = listen.next();
    assert_eq!(served["http"]["kind"], "es", "{served:#}");
    drop(silent);
    let report = listen.finish();
    // Each of them has its record, and none has two.
    assert_eq!(report.connections().len(), 21, "{}", report.stderr);
}

#[test]
fn who_has_begun_to_speak_keeps_the_place() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--max-connections", "2", "--handshake-timeout", "30s"]);
    let mut speaking: Vec<TcpStream> = (0..2).map(|_| connect(listen.address())).collect();
    for stream in &mut speaking {
        stream.write_all(&[0x16, 3, 1]).unwrap();
    }
    // Until both bytes are seen, the listener may take either for silent.
    std::thread::sleep(Duration::from_millis(500));
    let mut third = connect(listen.address());
    let _ = third.write_all(&[0x16, 3, 1]);
    let refused = listen.next();
    assert_eq!(
        refused["peer"],
        third.local_addr().unwrap().to_string(),
        "{refused:#}"
    );
    let detail = refused["ending"]["detail"].as_str().unwrap();
    assert!(detail.contains("closed unread"), "{detail}");
    drop(speaking);
    listen.finish();
}

/// PROXY headers without end cost processor time and were taken for nothing; a second one is
/// somebody behind the proxy who makes himself another.
#[test]
fn a_second_proxy_header_is_not_believed() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--handshake-timeout", "20s"]);
    let mut stream = connect(listen.address());
    let header = |host: u8| format!("PROXY TCP4 203.0.113.{host} 10.0.0.1 40104 443\r\n");
    stream
        .write_all((header(7) + &header(8)).as_bytes())
        .unwrap();
    let seen = listen.next();
    assert_eq!(seen["proxied"]["source"], "203.0.113.7:40104", "{seen:#}");
    assert_eq!(seen["ending"]["kind"], "not-tls", "{seen:#}");
    assert_eq!(seen["first_bytes"], "unknown", "{seen:#}");
    listen.finish();
}

#[test]
fn a_proxy_header_and_then_nothing_is_said_to_be_that() {
    let pki = Pki::new();
    let mut listen = pki.listen(&["--handshake-timeout", "1s"]);
    let mut stream = connect(listen.address());
    stream
        .write_all(b"PROXY TCP4 203.0.113.7 10.0.0.1 40104 443\r\n")
        .unwrap();
    let seen = listen.next();
    let detail = seen["ending"]["detail"].as_str().unwrap();
    assert!(detail.contains("after the PROXY header"), "{detail}");
    listen.finish();
}

/// A caller with Nagle's algorithm holds its request back until its certificate is acknowledged;
/// the kernel would take 40 ms for that.
#[test]
fn a_caller_with_nagles_algorithm_is_answered_at_once() {
    let pki = Pki::new();
    let listen = pki.listen(&[]);
    let config = client(&pki);
    let mut took: Vec<Duration> = (0..15)
        .map(|_| {
            let mut stream = handshake(&config, listen.address());
            let started = Instant::now();
            let answer = post(&mut stream, "", b"{}");
            assert!(answer.starts_with("HTTP/1.1 200"), "{answer}");
            started.elapsed()
        })
        .collect();
    took.sort();
    // Half of them, since a busy machine may take its time for any one; the kernel's wait is in
    // each.
    assert!(took[7] < Duration::from_millis(35), "{took:?}");
    listen.finish();
}

/// An answer that is too long has as many bytes as are read, and not as many as happened to have
/// come.
#[test]
fn an_answer_over_the_bound_is_called_as_long_as_the_bound() {
    let pki = Pki::new();
    let long = pki.write("long", vec![b'a'; 3 << 20]);
    let listen = pki.listen(&["--respond", &long]);
    let called = good(&pki, listen.address());
    let answer = called.answer.unwrap();
    assert!(answer.cut);
    // What `support::call` reads at the most.
    assert_eq!(answer.body_bytes, 1 << 20);
    listen.finish();
}

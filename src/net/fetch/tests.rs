use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpListener, TcpStream},
    sync::Arc,
    thread,
    time::Instant,
};

use rustls::{
    ServerConfig, ServerConnection, StreamOwned,
    pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer},
};

use super::*;
use crate::pki::Authority;

struct Server {
    address: SocketAddr,
    anchor: Vec<u8>,
}

/// A server for `localhost` that gives every caller the same bytes, a piece at a time.
fn server(pieces: &[&str], pause: Duration) -> Server {
    // The library judges by the real clock, so that the certificate has to be of today.
    let today = rustls::pki_types::UnixTime::now().as_secs();
    let now = jiff::Timestamp::from_second(today.try_into().unwrap()).unwrap();
    let authority = Authority::new(now).unwrap();
    let server = authority.server(&["localhost"]).unwrap();
    let pem = authority.server_anchor_pem();
    let anchor = crate::parse::pem::scan(pem.as_bytes())
        .remove(0)
        .der
        .unwrap();
    let chain = server.chain.into_iter().map(CertificateDer::from).collect();
    let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server.key_pkcs8));
    let config = ServerConfig::builder_with_provider(Arc::new(aws_lc_rs::default_provider()))
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let socket = TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    let pieces: Vec<String> = pieces.iter().map(|&piece| piece.to_owned()).collect();
    thread::spawn(move || {
        for stream in socket.incoming().map_while(Result::ok) {
            let _ = give(stream, &config, &pieces, pause);
        }
    });
    Server { address, anchor }
}

fn give(
    stream: TcpStream,
    config: &Arc<ServerConfig>,
    pieces: &[String],
    pause: Duration,
) -> std::io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let connection = ServerConnection::new(config.clone()).unwrap();
    let mut stream = StreamOwned::new(connection, stream);
    let _ = stream.read(&mut [0; 4096])?;
    for piece in pieces {
        stream.write_all(piece.as_bytes())?;
        stream.flush()?;
        thread::sleep(pause);
    }
    stream.conn.send_close_notify();
    stream.flush()
}

fn options(server: &Server) -> Options {
    Options {
        anchors: vec![server.anchor.clone()],
        proxy: None,
        accept: "application/json",
        most: 1000,
        time: Duration::from_secs(5),
    }
}

fn fetched(server: &Server, options: &Options) -> Result<Fetched, String> {
    let url = format!("https://localhost:{}/keys", server.address.port());
    run(get(&url, options, false))
}

fn run<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap()
        .block_on(work)
}

const OK: &str =
    "HTTP/1.1 200 OK\r\nConnection: close\r\nCache-Control: public, max-age=60\r\nAge: 10\r\n\r\n";

#[test]
fn it_is_fetched_whole_and_says_how_long_it_counts() {
    let server = server(&[OK, "{\"keys\"", ":[]}"], Duration::ZERO);
    let seen = fetched(&server, &options(&server)).unwrap();
    assert_eq!(seen.bytes, b"{\"keys\":[]}");
    assert_eq!(seen.fresh, Duration::from_secs(50));
}

#[test]
fn size_and_time_are_bounded() {
    let endless: Vec<&str> = std::iter::once(OK).chain(["0123456789"; 500]).collect();
    let large = server(&endless, Duration::ZERO);
    let error = fetched(&large, &options(&large)).unwrap_err();
    assert_eq!(error, "more than 1000 bytes");
    let slow = server(&[OK; 100], Duration::from_millis(200));
    let started = Instant::now();
    let error = fetched(
        &slow,
        &Options {
            time: Duration::from_millis(700),
            ..options(&slow)
        },
    )
    .unwrap_err();
    assert!(error.contains("within 700ms"), "{error}");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn redirects_are_told_and_not_followed() {
    let elsewhere = "HTTP/1.1 302 Found\r\nLocation: https://localhost/other\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";
    let server = server(&[elsewhere], Duration::ZERO);
    let error = fetched(&server, &options(&server)).unwrap_err();
    assert!(
        error.contains("found 302") && error.contains("https://localhost/other"),
        "{error}"
    );
}

#[test]
fn the_server_is_judged_and_plain_http_is_not_spoken() {
    let server = server(&[OK], Duration::ZERO);
    let strangers = Options {
        anchors: Vec::new(),
        ..options(&server)
    };
    let error = fetched(&server, &strangers).unwrap_err();
    assert_eq!(
        error,
        "no answer: the peer's certificate is not trusted: no path to a trusted root"
    );
    let plain = format!("http://localhost:{}/", server.address.port());
    assert!(run(get(&plain, &options(&server), false)).is_err());
    let other = format!("https://127.0.0.1:{}/", server.address.port());
    assert!(run(get(&other, &options(&server), false)).is_err());
}

#[test]
fn a_proxy_is_asked_but_for_the_hosts_that_need_none() {
    let server = server(&[OK, "{}"], Duration::ZERO);
    let proxy = TcpListener::bind("127.0.0.1:0").unwrap();
    let through = format!("http://{}", proxy.local_addr().unwrap());
    let asked = thread::spawn(move || {
        let (mut stream, _) = proxy.accept().unwrap();
        let mut seen = [0; 512];
        let length = stream.read(&mut seen).unwrap();
        String::from_utf8_lossy(&seen[..length]).into_owned()
    });
    let with = |without: &str| Options {
        proxy: Some((through.clone(), without.to_owned())),
        ..options(&server)
    };
    assert!(fetched(&server, &with("example.com,localhost")).is_ok());
    assert!(fetched(&server, &with("example.com")).is_err());
    let asked = asked.join().unwrap();
    assert!(
        asked.starts_with(&format!("CONNECT localhost:{}", server.address.port())),
        "{asked}"
    );
}

#[test]
fn cache_control_says_how_long_it_counts() {
    let of = |fields: &[(&'static str, &'static str)]| {
        let mut headers = HeaderMap::new();
        for (name, value) in fields {
            headers.append(*name, HeaderValue::from_static(value));
        }
        fresh(&headers).as_secs()
    };
    assert_eq!(of(&[]), USUAL.as_secs());
    assert_eq!(
        of(&[("cache-control", "public, max-age=21600, must-revalidate")]),
        21600
    );
    assert_eq!(of(&[("cache-control", "max-age=100"), ("age", "300")]), 0);
    assert_eq!(of(&[("cache-control", "max-age=100, No-Store")]), 0);
    assert_eq!(of(&[("cache-control", "no-cache")]), 0);
    assert_eq!(of(&[("cache-control", "max-age=never")]), 0);
    assert_eq!(
        of(&[("cache-control", "max-age=99999999999")]),
        LONGEST.as_secs()
    );
}

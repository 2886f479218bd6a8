//! `listen --forward-to`: what reaches the application, what reaches the sender, and what is said
//! where the application fails.

pub(crate) mod app;
mod failures;
mod identity;
mod late;
mod load;
mod peers;
mod tls;

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    sync::Arc,
    time::Duration,
};

use rustls::{ClientConfig, ClientConnection, RootCertStore, StreamOwned};
use rustls_pki_types::{CertificateDer, PrivateKeyDer, ServerName, pem::PemObject as _};

use self::app::App;
use crate::support::{Listen, Pki};

type Tls = StreamOwned<ClientConnection, TcpStream>;

/// A connection to the listener with this client's certificate, of which the test writes every
/// byte; none where no client is named.
pub(crate) fn connect(pki: &Pki, address: SocketAddr, client: Option<&str>) -> Tls {
    let mut roots = RootCertStore::empty();
    let anchor = pki.authority.server_anchor().to_vec();
    roots.add(CertificateDer::from(anchor)).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let builder = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_root_certificates(roots);
    let config = match client {
        None => builder.with_no_client_auth(),
        Some(client) => {
            let chain = CertificateDer::pem_file_iter(pki.client(client, "fullchain.pem"));
            let chain = chain.unwrap().map(Result::unwrap).collect();
            let key = PrivateKeyDer::from_pem_file(pki.client(client, "key.pem")).unwrap();
            builder.with_client_auth_cert(chain, key).unwrap()
        }
    };
    let name = ServerName::try_from("localhost").unwrap();
    let connection = ClientConnection::new(Arc::new(config), name).unwrap();
    let socket = TcpStream::connect(address).unwrap();
    socket.set_nodelay(true).unwrap();
    socket
        .set_read_timeout(Some(Duration::from_secs(30)))
        .unwrap();
    StreamOwned::new(connection, socket)
}

/// One request on a connection of its own, and everything that came back until it was closed.
pub(crate) fn call(pki: &Pki, listen: &Listen, client: Option<&str>, request: &[u8]) -> Vec<u8> {
    let mut tls = connect(pki, listen.address(), client);
    tls.write_all(request).unwrap();
    tls.flush().unwrap();
    let mut answer = Vec::new();
    let _ = tls.read_to_end(&mut answer);
    answer
}

/// A request of these fields and this body, the last of its connection.
pub(crate) fn post(path: &str, fields: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: hook.example\r\nConnection: close\r\n{fields}Content-Length: {length}\r\n\r\n"
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

/// The head and the body of an answer.
#[track_caller]
pub(crate) fn parts(answer: &[u8]) -> (String, &[u8]) {
    let at = answer
        .windows(4)
        .position(|here| here == b"\r\n\r\n")
        .unwrap_or_else(|| panic!("no answer: {:?}", String::from_utf8_lossy(answer)));
    let head = String::from_utf8_lossy(&answer[..at]).to_ascii_lowercase();
    (head, &answer[at + 4..])
}

/// A listener that passes requests on to `app`, with these flags more.
#[track_caller]
pub(crate) fn forward(pki: &Pki, to: &str, flags: &[&str]) -> Listen {
    let mut all = vec!["--forward-to", to];
    all.extend_from_slice(flags);
    pki.listen(&all)
}

/// Every byte there is, four times: no text in any encoding.
fn binary() -> Vec<u8> {
    (0..=255).cycle().take(1024).collect()
}

#[test]
fn bodies_fields_and_status_go_through_as_they_are() {
    let pki = Pki::new();
    let app = App::says(|came| {
        let mut answer = format!(
            "HTTP/1.1 418 I'm a teapot\r\nSet-Cookie: a=1\r\nSet-Cookie: b=2\r\nContent-Encoding: gzip\r\nX-Odd: {}\r\nKeep-Alive: timeout=5\r\nConnection: keep-alive, X-Hop\r\nX-Hop: 1\r\nContent-Length: {}\r\n\r\n",
            "caf\u{e9}", came.body.len()
        )
        .into_bytes();
        answer.extend_from_slice(&came.body);
        answer
    });
    let mut listen = forward(&pki, &app.url(), &[]);
    let request = post(
        "/hook/a%2Fb?x=1&y=%20",
        "Content-Encoding: gzip\r\nX-Two: a\r\nX-Two: b\r\nX-Hop: mine\r\nTE: gzip\r\nUpgrade: h2c\r\nConnection: X-Hop\r\n",
        &binary(),
    );
    let answer = call(&pki, &listen, Some("valid"), &request);
    let came = app.next();
    assert_eq!(came.line, "POST /hook/a%2Fb?x=1&y=%20 HTTP/1.1");
    assert_eq!(came.body, binary());
    assert_eq!(came.field("content-length"), Some("1024"));
    assert_eq!(came.field("content-encoding"), Some("gzip"));
    assert_eq!(came.field("host"), Some(app.address.to_string().as_str()));
    assert_eq!(came.field("x-forwarded-host"), Some("hook.example"));
    assert_eq!(came.field("x-forwarded-proto"), Some("https"));
    assert_eq!(came.field("x-forwarded-for"), Some("127.0.0.1"));
    let two = came.fields.iter().filter(|(name, _)| name == "x-two");
    assert_eq!(two.count(), 2, "{came:?}");
    for hop in ["x-hop", "te", "upgrade", "connection", "keep-alive"] {
        assert_eq!(came.field(hop), None, "{came:?}");
    }
    let (head, body) = parts(&answer);
    assert!(head.starts_with("http/1.1 418"), "{head}");
    assert_eq!(body, binary());
    assert_eq!(head.matches("set-cookie").count(), 2, "{head}");
    assert!(head.contains("content-encoding: gzip"), "{head}");
    assert!(
        !head.contains("x-hop") && !head.contains("keep-alive"),
        "{head}"
    );

    let seen = listen.next();
    let forward = &seen["http"]["forward"];
    assert_eq!(forward["status"], 418, "{seen:#}");
    assert_eq!(forward["error"], serde_json::Value::Null, "{seen:#}");
    assert_eq!(seen["http"]["answer"]["status"], 418, "{seen:#}");
    assert_eq!(seen["http"]["answer"]["body_bytes"], 1024, "{seen:#}");
    assert_eq!(seen["http"]["body_bytes"], 1024, "{seen:#}");
    listen.finish();
}

#[test]
fn what_is_kept_is_bounded_and_what_is_passed_on_is_not() {
    let pki = Pki::new();
    let app = App::says(|came| {
        let mut answer = format!(
            "HTTP/1.1 200 OK\r\nContent-Length: {}\r\n\r\n",
            came.body.len()
        )
        .into_bytes();
        answer.extend_from_slice(&came.body);
        answer
    });
    let mut listen = forward(&pki, &app.url(), &["--max-body", "1000"]);
    let body: Vec<u8> = (0..3_000_000_u32).map(|at| (at % 251) as u8).collect();
    let answer = call(&pki, &listen, Some("valid"), &post("/", "", &body));
    assert_eq!(app.next().body, body);
    assert_eq!(parts(&answer).1, body);
    let seen = listen.next();
    assert_eq!(seen["http"]["body_bytes"], body.len(), "{seen:#}");
    let text = seen.to_string();
    assert!(text.contains("max-body"), "{seen:#}");
    assert!(text.len() < 40_000, "{}", text.len());
    assert_eq!(seen["http"]["answer"]["status"], 200, "{seen:#}");
    listen.finish();
}

#[test]
fn both_ways_stream() {
    let pki = Pki::new();
    let app = App::does(|came, stream| {
        assert_eq!(came.line, "GET /events HTTP/1.1");
        let part = |text: &str| format!("{:x}\r\n{text}\r\n", text.len());
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(part("first").as_bytes()).unwrap();
        // The second part waits until the first is through.
        std::thread::sleep(Duration::from_millis(700));
        stream.write_all(part("second").as_bytes()).unwrap();
        stream.write_all(b"0\r\n\r\n").unwrap();
        true
    });
    let listen = forward(&pki, &app.url(), &[]);
    let mut tls = connect(&pki, listen.address(), Some("valid"));
    tls.write_all(b"GET /events HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    let began = std::time::Instant::now();
    let mut came = Vec::new();
    let mut bytes = [0; 4096];
    while !String::from_utf8_lossy(&came).contains("first") {
        let read = tls.read(&mut bytes).unwrap();
        assert!(read > 0, "{came:?}");
        came.extend_from_slice(&bytes[..read]);
    }
    assert!(
        began.elapsed() < Duration::from_millis(650),
        "it was held back"
    );
    assert!(!String::from_utf8_lossy(&came).contains("second"));
    let _ = tls.read_to_end(&mut came);
    assert!(String::from_utf8_lossy(&came).contains("second"));
    listen.finish();
}

#[test]
fn the_path_is_kept_or_replaced() {
    let pki = Pki::new();
    let app = App::says(|_| b"HTTP/1.1 204 No Content\r\n\r\n".to_vec());
    for (base, flags, expected) in [
        ("", &[][..], "/hook?x=1"),
        ("/", &[], "/hook?x=1"),
        ("/api", &[], "/api/hook?x=1"),
        ("/api/", &[], "/api/hook?x=1"),
        ("/api", &["--forward-path", "replace"], "/api?x=1"),
        ("/api?k=v", &["--forward-path", "replace"], "/api?k=v"),
    ] {
        let listen = forward(&pki, &format!("{}{base}", app.url()), flags);
        let answer = call(&pki, &listen, None, &post("/hook?x=1", "", b"{}"));
        assert!(parts(&answer).0.starts_with("http/1.1 204"));
        assert_eq!(app.next().line, format!("POST {expected} HTTP/1.1"));
        listen.finish();
    }
}

#[test]
fn a_person_reads_two_lines_a_call() {
    use crate::support::{Listener, mtls};
    let pki = Pki::new();
    let app = App::says(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec());
    let mut command = mtls();
    command
        .args(["listen", "--listen", "127.0.0.1:0", "--forward-to"])
        .arg(app.url())
        .args(["--cert", &pki.path("server/fullchain.pem")])
        .args(["--key", &pki.path("server/key.pem")])
        .args(["--client-ca", &pki.path("client-ca.pem")]);
    let listener = Listener::start(&mut command);
    let mut tls = connect(&pki, listener.address(), Some("valid"));
    for _ in 0..2 {
        tls.write_all(b"POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
            .unwrap();
        let mut bytes = [0; 4096];
        assert!(tls.read(&mut bytes).unwrap() > 0);
    }
    drop(tls);
    std::thread::sleep(Duration::from_millis(500));
    let said = listener.finish();
    let ready = format!("-> {} (^C to quit)", app.url());
    assert!(said.stderr.contains(&ready), "{}", said.stderr);
    let lines: Vec<&str> = said.stdout.lines().collect();
    let (came, went): (Vec<&str>, Vec<&str>) = (
        lines
            .iter()
            .copied()
            .filter(|line| line.contains(" --> "))
            .collect(),
        lines
            .iter()
            .copied()
            .filter(|line| line.contains(" <-- "))
            .collect(),
    );
    assert_eq!((came.len(), went.len()), (2, 2), "{}", said.stdout);
    assert!(
        came[0].contains("--> POST /hook  mTLS ok  CN = "),
        "{}",
        said.stdout
    );
    assert!(went[0].contains("<-- [200] "), "{}", said.stdout);
    assert!(
        went[0].contains(&format!("POST {}/hook", app.url())),
        "{}",
        said.stdout
    );
}

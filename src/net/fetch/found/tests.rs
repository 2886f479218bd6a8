use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpListener},
    thread,
    time::Instant,
};

use super::*;

/// A server on this address that answers every call with what `answer` makes of the request's first
/// line, and the calls it got.
fn server(
    address: &str,
    answer: impl Fn(&str) -> String + Send + 'static,
) -> (SocketAddr, std::sync::mpsc::Receiver<String>) {
    let socket = TcpListener::bind((address, 0)).unwrap();
    let own = socket.local_addr().unwrap();
    let (sender, calls) = std::sync::mpsc::channel();
    thread::spawn(move || {
        for mut stream in socket.incoming().map_while(Result::ok) {
            let mut head = [0; 2048];
            let length = stream.read(&mut head).unwrap_or(0);
            let head = String::from_utf8_lossy(&head[..length]).into_owned();
            let line = head.lines().next().unwrap_or_default().to_owned();
            let _ = stream.write_all(answer(&line).as_bytes());
            let _ = sender.send(line);
        }
    });
    (own, calls)
}

fn ok(body: &str) -> String {
    format!("HTTP/1.1 200 OK\r\nConnection: close\r\n\r\n{body}")
}

fn moved(to: &str) -> String {
    format!(
        "HTTP/1.1 302 Found\r\nConnection: close\r\nContent-Length: 0\r\nLocation: {to}\r\n\r\n"
    )
}

fn run(url: &str, allowed: Allowed) -> Result<Found, String> {
    let ask = Ask {
        url: url.to_owned(),
        body: None,
        accept: "*/*",
    };
    let bounds = Bounds {
        anchors: Vec::new().into(),
        allowed,
        most: 1000,
        time: Duration::from_millis(900),
    };
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .unwrap();
    runtime.block_on(fetch(&ask, &bounds))
}

const HERE: Allowed = Allowed::Also(IpAddr::V4(std::net::Ipv4Addr::LOCALHOST));

#[test]
fn a_private_address_is_not_called_by_whatever_name() {
    let (address, calls) = server("127.0.0.1", |_| ok("x"));
    let port = address.port();
    for host in [
        "127.0.0.1",
        "localhost",
        "2130706433",
        "0x7f.1",
        "[::ffff:127.0.0.1]",
        "[::ffff:7f00:1]",
    ] {
        let why = run(&format!("http://{host}:{port}/"), Allowed::Public).unwrap_err();
        assert!(why.contains("a private address; --fetch-private"), "{why}");
    }
    assert!(calls.try_recv().is_err(), "nothing was called");
    for host in ["127.0.0.1", "localhost"] {
        let found = run(&format!("http://{host}:{port}/"), HERE).unwrap();
        assert_eq!(found.bytes, b"x");
    }
}

/// Where a name leads is decided again with every call, and so is every redirect.
#[test]
fn a_redirect_to_a_private_address_is_not_followed() {
    let (inside, calls) = server("127.0.0.2", |_| ok("secret"));
    let to = format!("http://{inside}/latest/meta-data");
    let (outside, _) = server("127.0.0.1", move |_| moved(&to));
    let why = run(&format!("http://{outside}/a"), HERE).unwrap_err();
    assert!(why.starts_with("redirected to http://127.0.0.2"), "{why}");
    assert!(why.contains("127.0.0.2 is a private address"), "{why}");
    assert!(calls.try_recv().is_err(), "nothing was called");
}

#[test]
fn a_few_redirects_are_followed_and_no_more() {
    let (address, _) = server("127.0.0.1", |line| match line.split(' ').nth(1) {
        Some("/1") => moved("/2"),
        Some("/2") => ok("there"),
        _ => moved("/round"),
    });
    let found = run(&format!("http://{address}/1"), HERE).unwrap();
    let there = format!("http://{address}/2");
    assert_eq!(found.redirected_to.as_deref(), Some(there.as_str()));
    assert_eq!(found.bytes, b"there");
    let why = run(&format!("http://{address}/round"), HERE).unwrap_err();
    assert_eq!(why, "more than 3 redirects");
}

#[test]
fn only_http_is_spoken_and_no_credentials_are_sent() {
    for (url, expected) in [
        (
            "ldap://ldap.example/cn=CA",
            "expected http or https, found ldap",
        ),
        ("file:///etc/passwd", "expected http or https, found file"),
        (
            "gopher://a.example/",
            "expected http or https, found gopher",
        ),
        ("http://user:word@a.example/", "user name or a password"),
        ("not a url", "not a URL"),
        ("", "not a URL"),
    ] {
        let why = run(url, Allowed::Any).unwrap_err();
        assert!(why.contains(expected), "{url}: {why}");
    }
    let (address, _) = server("127.0.0.1", |_| moved("file:///etc/passwd"));
    let why = run(&format!("http://{address}/"), HERE).unwrap_err();
    assert!(why.contains("expected http or https, found file"), "{why}");
}

#[test]
fn size_and_time_are_bounded() {
    let (long, _) = server("127.0.0.1", |_| ok(&"x".repeat(100_000)));
    let why = run(&format!("http://{long}/"), HERE).unwrap_err();
    assert_eq!(why, "more than 1000 bytes");
    let (announced, _) = server("127.0.0.1", |_| {
        "HTTP/1.1 200 OK\r\nContent-Length: 99999999999\r\n\r\n".to_owned()
    });
    let why = run(&format!("http://{announced}/"), HERE).unwrap_err();
    assert_eq!(why, "more than 1000 bytes");
    // It accepts, and never answers.
    let silent = TcpListener::bind("127.0.0.1:0").unwrap();
    let started = Instant::now();
    let url = format!("http://{}/", silent.local_addr().unwrap());
    let why = run(&url, HERE).unwrap_err();
    assert_eq!(why, "no complete answer within 900ms");
    assert!(started.elapsed() < Duration::from_secs(4));
}

#[test]
fn what_is_posted_is_not_turned_into_a_get() {
    let (address, _) = server("127.0.0.1", |line| {
        match line.starts_with("POST /kept") {
        true => "HTTP/1.1 308 Permanent Redirect\r\nConnection: close\r\nContent-Length: 0\r\nLocation: /there\r\n\r\n".to_owned(),
        false if line.starts_with("POST /there") => ok("answer"),
        false => moved("/there"),
    }
    });
    let post = |path: &str| {
        let ask = Ask {
            url: format!("http://{address}{path}"),
            body: Some(("application/ocsp-request", vec![0x30, 0])),
            accept: "*/*",
        };
        let bounds = Bounds {
            anchors: Vec::new().into(),
            allowed: HERE,
            most: 1000,
            time: Duration::from_secs(5),
        };
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(fetch(&ask, &bounds))
    };
    assert_eq!(post("/kept").unwrap().bytes, b"answer");
    assert_eq!(
        post("/other").unwrap_err(),
        "expected status 200, found 302"
    );
}

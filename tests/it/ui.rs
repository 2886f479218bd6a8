//! `listen --ui` over raw HTTP: who gets it and who does not, what it shows, and that nothing of a
//! caller's is taken for markup.

use std::{
    io::{Read as _, Write as _},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use crate::{
    forward::{app::App, connect, post},
    support::{Listener, Pki, mtls},
};

/// A listener with its page.
struct Live {
    listener: Listener,
    page: SocketAddr,
    token: String,
}

fn start(pki: &Pki, flags: &[&str]) -> Live {
    let mut command = mtls();
    command
        .args([
            "listen",
            "--listen",
            "127.0.0.1:0",
            "--ui",
            "0",
            "--format",
            "jsonl",
        ])
        .args(["--cert", &pki.path("server/fullchain.pem")])
        .args(["--key", &pki.path("server/key.pem")])
        .args(["--client-ca", &pki.path("client-ca.pem")])
        .args(flags);
    let listener = Listener::start(&mut command);
    let until = std::time::Instant::now() + Duration::from_secs(30);
    let line = loop {
        let said = listener.said();
        if let Some(line) = said.lines().find(|line| line.starts_with("page: ")) {
            break line.to_owned();
        }
        assert!(std::time::Instant::now() < until, "{said}");
        std::thread::sleep(Duration::from_millis(20));
    };
    let url = line
        .trim_start_matches("page: http://")
        .split(' ')
        .next()
        .unwrap();
    let (host, token) = url.split_once("/?token=").unwrap();
    Live {
        page: host.parse().unwrap(),
        token: token.to_owned(),
        listener,
    }
}

impl Live {
    fn port(&self) -> u16 {
        self.page.port()
    }

    fn cookie(&self) -> String {
        format!("Cookie: mtls-ui-{}={}\r\n", self.port(), self.token)
    }

    /// What is answered to a request of this line and these fields; the connection ends with it.
    fn raw(&self, line: &str, fields: &str) -> String {
        let mut stream = TcpStream::connect(self.page).unwrap();
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .unwrap();
        write!(
            stream,
            "{line} HTTP/1.1\r\nConnection: close\r\n{fields}\r\n"
        )
        .unwrap();
        let mut answer = Vec::new();
        let _ = stream.read_to_end(&mut answer);
        String::from_utf8(answer).unwrap()
    }

    fn get(&self, path: &str) -> String {
        let host = format!("Host: 127.0.0.1:{}\r\n", self.port());
        self.raw(&format!("GET {path}"), &(host + &self.cookie()))
    }
}

#[track_caller]
fn is_nothing(answer: &str) {
    assert!(answer.starts_with("HTTP/1.1 404 "), "{answer}");
    let (head, body) = answer.split_once("\r\n\r\n").unwrap();
    assert_eq!(body, "");
    assert!(!head.to_lowercase().contains("mtls"), "{head}");
}

#[test]
fn only_who_has_the_token_and_calls_it_by_its_name_gets_anything() {
    let pki = Pki::new();
    let live = start(&pki, &[]);
    let (port, token, cookie) = (live.port(), live.token.clone(), live.cookie());
    assert_eq!(token.len(), 32);
    let host = format!("Host: 127.0.0.1:{port}\r\n");
    for (line, fields) in [
        ("GET /".to_owned(), host.clone()),
        ("GET /?token=".to_owned(), host.clone()),
        (format!("GET /?token={}", "0".repeat(32)), host.clone()),
        ("GET /events".to_owned(), host.clone()),
        ("GET /case/1".to_owned(), host.clone()),
        (format!("GET /events?token={token}"), host.clone()),
        ("GET /nothing".to_owned(), format!("{host}{cookie}")),
        ("GET /case/1".to_owned(), format!("{host}{cookie}")),
        // The cookie of another port's page.
        (
            "GET /".to_owned(),
            format!("{host}Cookie: mtls-ui-1={token}\r\n"),
        ),
        // A name of somebody else's that leads here: DNS rebinding.
        (
            "GET /".to_owned(),
            format!("Host: evil.example:{port}\r\n{cookie}"),
        ),
        (
            format!("GET /?token={token}"),
            format!("Host: evil.example:{port}\r\n"),
        ),
        ("GET /".to_owned(), format!("Host: 127.0.0.1\r\n{cookie}")),
        (
            "GET /".to_owned(),
            format!("{host}Host: evil.example\r\n{cookie}"),
        ),
        (
            "GET http://evil.example/".to_owned(),
            format!("{host}{cookie}"),
        ),
        // From another page.
        (
            "POST /replay/1".to_owned(),
            format!("{host}{cookie}Origin: http://evil.example\r\nContent-Length: 0\r\n"),
        ),
        (
            "POST /replay/1".to_owned(),
            format!("{host}{cookie}Sec-Fetch-Site: cross-site\r\nContent-Length: 0\r\n"),
        ),
        (
            "POST /".to_owned(),
            format!("{host}{cookie}Content-Length: 0\r\n"),
        ),
    ] {
        is_nothing(&live.raw(&line, &fields));
    }
    let welcome = live.raw(&format!("GET /?token={token}"), &host);
    assert!(welcome.starts_with("HTTP/1.1 303 "), "{welcome}");
    let lower = welcome.to_lowercase();
    assert!(lower.contains("location: /\r\n"), "{welcome}");
    for word in ["httponly", "samesite=strict", "path=/"] {
        assert!(lower.contains(word), "{welcome}");
    }
    for host in ["127.0.0.1", "localhost", "[::1]"] {
        let fields = format!("Host: {host}:{port}\r\n{cookie}");
        let page = live.raw("GET /", &fields);
        assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
        let head = page.split_once("\r\n\r\n").unwrap().0.to_lowercase();
        for field in [
            "cache-control: no-store",
            "referrer-policy: no-referrer",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "default-src 'none'",
            "frame-ancestors 'none'",
            "script-src 'sha256-",
        ] {
            assert!(head.contains(field), "{field}: {head}");
        }
        // Neither the address nor the page has the token.
        assert!(!page.contains(&token), "{page}");
    }
    live.listener.finish();
}

#[test]
fn a_call_is_there_within_a_second_and_after_a_break() {
    let pki = Pki::new();
    let live = start(&pki, &["--client-auth", "require", "--enforce"]);
    let mut stream = TcpStream::connect(live.page).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(20)))
        .unwrap();
    let request = format!(
        "GET /events?after=0 HTTP/1.1\r\nHost: localhost:{}\r\n{}\r\n",
        live.port(),
        live.cookie()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut text = String::new();
    let mut until = |text: &mut String, word: &str| {
        let mut bytes = [0; 8192];
        while !text.contains(word) {
            let read = stream.read(&mut bytes).unwrap();
            assert!(read > 0, "{text}");
            text.push_str(&String::from_utf8_lossy(&bytes[..read]));
        }
    };
    until(&mut text, "event: state");
    let address = live.listener.address();
    for (client, word) in [(Some("valid"), "badge pass"), (None, "badge fail")] {
        let mut tls = connect(&pki, address, client);
        let _ = tls.write_all(&post("/hook", "", b"{}"));
        let _ = tls.read_to_end(&mut Vec::new());
        let began = std::time::Instant::now();
        until(&mut text, word);
        assert!(
            began.elapsed() < Duration::from_secs(2),
            "{:?}",
            began.elapsed()
        );
    }
    assert!(
        text.contains("id=\"call-1\"") && text.contains("id=\"call-2\""),
        "{text}"
    );
    // A browser that was away gets what it missed, and no more.
    let last = text.split("id: ").last().unwrap();
    let last: u64 = last.lines().next().unwrap().trim().parse().unwrap();
    let mut stream = TcpStream::connect(live.page).unwrap();
    stream
        .set_read_timeout(Some(Duration::from_secs(5)))
        .unwrap();
    let request = format!(
        "GET /events?after=0 HTTP/1.1\r\nHost: localhost:{}\r\nLast-Event-ID: {}\r\n{}\r\n",
        live.port(),
        last - 1,
        live.cookie()
    );
    stream.write_all(request.as_bytes()).unwrap();
    let mut bytes = [0; 65536];
    let mut missed = String::new();
    while !missed.contains("event: state") {
        let read = stream.read(&mut bytes).unwrap();
        missed.push_str(&String::from_utf8_lossy(&bytes[..read]));
    }
    assert_eq!(missed.matches("event: call").count(), 1, "{missed}");
    let page = live.get("/");
    assert!(page.contains("POST /hook"), "{page}");
    // The filter works without the script.
    assert!(live.get("/?q=no-such-word").contains("No call yet"));
    assert!(live.get("/?q=%2FHOOK").contains("id=\"call-1\""));
    let one = live.get("/case/1");
    assert!(one.contains("ClientHello"), "{one}");
    live.listener.finish();
}

#[test]
fn nothing_of_a_callers_is_markup_anywhere() {
    let pki = Pki::new();
    let live = start(&pki, &["--show-secrets"]);
    let evil = "<img src=x onerror=alert(1)>\"'><script>alert(2)</script>";
    let request = format!(
        "POST /a?<script>alert(3)</script>={} HTTP/1.1\r\nHost: <b>\r\nX-Evil: {evil}\r\nConnection: close\r\nContent-Length: {}\r\n\r\n{evil}",
        "x",
        evil.len()
    );
    let mut tls = connect(&pki, live.listener.address(), Some("valid"));
    tls.write_all(request.as_bytes()).unwrap();
    let _ = tls.read_to_end(&mut Vec::new());
    // Names of certificates too.
    let mut tls = connect(&pki, live.listener.address(), Some("client-self-signed"));
    let _ = tls.write_all(&post(
        "/%3Cscript%3E",
        &format!("Cookie: {evil}\r\n"),
        evil.as_bytes(),
    ));
    let _ = tls.read_to_end(&mut Vec::new());
    std::thread::sleep(Duration::from_millis(500));
    let mut pages = vec![live.get("/"), live.get("/case/2")];
    let first = live.get("/case/1");
    if first.starts_with("HTTP/1.1 200") {
        pages.push(first);
    }
    let evil_q = "%3Cscript%3Ealert(4)%3C%2Fscript%3E%22%3E";
    pages.push(live.get(&format!("/?q={evil_q}")));
    for page in pages {
        assert!(page.starts_with("HTTP/1.1 200 "), "{page}");
        for bad in ["<img", "<script>alert", "<b>", "onerror=alert(1)>\"'>"] {
            assert!(!page.contains(bad), "{bad}: {page}");
        }
        assert!(page.matches("<script").count() <= 1, "{page}");
    }
    live.listener.finish();
}

#[test]
fn a_browser_that_does_not_read_holds_up_no_call() {
    let pki = Pki::new();
    let live = start(&pki, &[]);
    let mut deaf = Vec::new();
    for _ in 0..80 {
        let Ok(mut stream) = TcpStream::connect(live.page) else {
            break;
        };
        let request = format!(
            "GET /events HTTP/1.1\r\nHost: localhost:{}\r\n{}\r\n",
            live.port(),
            live.cookie()
        );
        let _ = stream.write_all(request.as_bytes());
        deaf.push(stream);
    }
    let began = std::time::Instant::now();
    for _ in 0..50 {
        let mut tls = connect(&pki, live.listener.address(), Some("valid"));
        tls.write_all(&post("/hook", "", b"{}")).unwrap();
        let mut answer = Vec::new();
        let _ = tls.read_to_end(&mut answer);
        assert!(answer.starts_with(b"HTTP/1.1 200"), "{answer:?}");
    }
    assert!(began.elapsed() < Duration::from_secs(30));
    drop(deaf);
    let said = live.listener.finish();
    assert_eq!(said.stdout.matches("\"kind\":\"connection\"").count(), 50);
}

#[test]
fn the_page_tells_how_the_application_is() {
    let pki = Pki::new();
    let port = crate::support::free_port();
    let live = start(&pki, &["--forward-to", &port.to_string()]);
    assert!(live.get("/").contains("not called yet"));
    let mut tls = connect(&pki, live.listener.address(), Some("valid"));
    tls.write_all(&post("/hook", "", b"{}")).unwrap();
    let _ = tls.read_to_end(&mut Vec::new());
    std::thread::sleep(Duration::from_millis(400));
    let page = live.get("/");
    assert!(page.contains("(is it running?)"), "{page}");
    assert!(page.contains("class=\"down\""), "{page}");
    live.listener.finish();
}

/// The button on a connection's page: the application gets the call once more, credentials and all,
/// and the page says what is different.
#[test]
fn a_request_that_was_passed_on_is_sent_again_by_its_button_and_by_nobody_else() {
    let pki = Pki::new();
    let counter = std::sync::atomic::AtomicUsize::new(0);
    let app = App::says(move |_| {
        let number = counter.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        let (status, body) = match number {
            0 | 1 => ("200 OK", "first"),
            _ => ("500 Internal Server Error", "another"),
        };
        let length = body.len();
        format!("HTTP/1.1 {status}\r\nContent-Length: {length}\r\n\r\n{body}").into_bytes()
    });
    let live = start(&pki, &["--forward-to", &app.url()]);
    let secret = "Authorization: Bearer abcdefgh12345678\r\n";
    let mut tls = connect(&pki, live.listener.address(), Some("valid"));
    let _ = tls.write_all(&post("/hook?token=hunter2hunter2", secret, b"{\"a\":1}"));
    let _ = tls.read_to_end(&mut Vec::new());
    let first = app.next();
    let page = loop {
        let page = live.get("/case/1");
        if page.contains("Send again") {
            break page;
        }
        std::thread::sleep(Duration::from_millis(20));
    };
    assert!(page.contains("action=\"/replay/1/0\""), "{page}");
    assert!(!page.contains("abcdefgh12345678") && !page.contains("hunter2hunter2"));
    let host = format!("Host: 127.0.0.1:{}\r\n", live.port());
    let cookie = live.cookie();
    let own = format!(
        "Origin: http://127.0.0.1:{}\r\nContent-Length: 0\r\n",
        live.port()
    );
    for fields in [
        format!("{host}{own}"),
        format!("{host}{cookie}Content-Length: 0\r\n"),
        format!("{host}{cookie}Origin: http://evil.example\r\nContent-Length: 0\r\n"),
    ] {
        is_nothing(&live.raw("POST /replay/1/0", &fields));
    }
    let fields = format!("{host}{cookie}{own}");
    is_nothing(&live.raw("POST /replay/2/0", &fields));
    is_nothing(&live.raw("POST /replay/1/1", &fields));
    for said in ["the same status, the same body", "answered 500"] {
        let answer = live.raw("POST /replay/1/0", &fields);
        assert!(answer.starts_with("HTTP/1.1 303 "), "{answer}");
        assert!(answer.contains("/case/1#again"), "{answer}");
        let again = app.next();
        assert_eq!((&again.line, &again.body), (&first.line, &first.body));
        assert_eq!(again.fields, first.fields);
        assert_eq!(
            again.field("authorization"),
            Some("Bearer abcdefgh12345678")
        );
        let page = live.get("/case/1");
        assert!(page.contains(said), "{page}");
    }
    let page = live.get("/case/1");
    assert!(
        page.contains("before 200, another body (7 bytes, before 5)"),
        "{page}"
    );
    let seen = live.listener.finish();
    // What is kept for the button is in no output.
    assert!(!seen.stdout.contains("abcdefgh12345678"), "{}", seen.stdout);
}

//! Credentials do not come out: of requests and answers, well formed or not, in any format, unless
//! `--show-secrets` asks for them.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
};

use crate::{
    cli::{files::Files, run_in},
    support::{self, Listen, Pki, feed, mtls, run},
};

/// Parts of the secrets below, and of the base64 of them.
const SECRETS: &[&str] = &["hunter2", "aHVudGVyM", "dTpod"];
const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.hunter2hunter2";

/// Sends these bytes over TLS, and waits for whatever comes.
fn send(pki: &Pki, listen: &Listen, bytes: &[u8]) {
    let mut stream = support::tls_stream(pki, listen.address());
    stream.write_all(bytes).unwrap();
    let _ = stream.read(&mut [0; 4096]);
    stream.conn.send_close_notify();
    let _ = stream.flush();
}

fn requests() -> Vec<String> {
    let headers = [
        "Authorization: Basic dTpodW50ZXIyaHVudGVy",
        "Authorization: Bearer hunter2hunter2",
        "X-Goog-Iap-Jwt-Assertion: JWT",
        "X-Serverless-Authorization: Bearer JWT",
        "X-Forwarded-Authorization: Bearer JWT",
        "X-Amzn-Oidc-Data: JWT",
        "Cf-Access-Jwt-Assertion: JWT",
        "Api_Key: hunter2",
        "X-Auth-Key: hunter2",
        "X-Access-Key: hunter2",
        "X-Passwd: hunter2",
        "Private-Key: hunter2",
        "X-Hub-Signature-256: sha256=hunter2",
        "Cookie: a=hunter2",
        "X-Anything: JWT",
        "X-Anything: Bearer hunter2hunter2",
        "Referer: https://example.com/?access_token=hunter2",
        "Referer: https://u:hunter2@example.com/",
    ]
    .map(|header| header.replace("JWT", JWT));
    let paths = [
        "/?access_token=hunter2",
        "/a?b=c&key=hunter2",
        "/?sig=hunter2&b=c",
        "/?hub.verify_token=hunter2",
        "/?%61ccess_token=hunter2",
        "/?%74%6f%6b%65%6e=hunter2",
    ];
    let bodies = [
        r#"{"queryResult":{"queryText":"hi"},"accessToken":"hunter2","n":{"client_secret":"hunter2"}}"#,
        r#"{"idToken":"JWT","api_key":"hunter2","password":"hunter2","private_key":"hunter2"}"#,
        "grant_type=password&client_secret=hunter2&password=hunter2",
        r#"{"pw":"hunter2","credentials":{"user":"a","value":["hunter2"]},"p\u0061ssword":"hunter2"}"#,
        r#"{"message":"{\"client_secret\":\"hunter2\"}","passwords":[{"a":"hunter2"}]}"#,
    ]
    .map(|body| body.replace("JWT", JWT));
    // Each well formed, and with a fault that no HTTP library takes.
    let whole = |first: &str, header: &str, body: &str| {
        let length = body.len();
        [
            format!(
                "{first} HTTP/1.1\r\n{header}\r\nHost: b\r\nContent-Length: {length}\r\n\r\n{body}"
            ),
            format!(
                "{first} HTTP/1.1\r\n{header}\r\nHost : b\r\nContent-Length: {length}\r\n\r\n{body}"
            ),
        ]
    };
    let headers = headers.iter().flat_map(|header| whole("GET /", header, ""));
    let paths = paths
        .iter()
        .flat_map(|path| whole(&format!("GET {path}"), "A: b", ""));
    let bodies = bodies.iter().flat_map(|body| whole("POST /", "A: b", body));
    headers.chain(paths).chain(bodies).collect()
}

#[test]
fn no_format_shows_a_credential_of_a_request() {
    let pki = Pki::new();
    let formats = ["concise", "html", "json", "junit", "markdown", "text"];
    let outputs: Vec<String> = formats
        .iter()
        .map(|format| format!("{format}={}", pki.path(&format!("out.{format}"))))
        .collect();
    let mut flags = vec!["--client-auth", "none"];
    for output in &outputs {
        flags.extend(["-o", output]);
    }
    let listen = pki.listen(&flags);
    let requests = requests();
    for request in &requests {
        send(&pki, &listen, request.as_bytes());
    }
    // Without TLS too.
    let mut plain = TcpStream::connect(listen.address()).unwrap();
    plain
        .write_all(b"GET /?access_token=hunter2 HTTP/1.1\r\nHost: b\r\n\r\n")
        .unwrap();
    let _ = plain.read(&mut [0; 1024]);
    drop(plain);
    let report = listen.finish();
    assert_eq!(report.connections().len(), requests.len() + 1);
    for line in &report.lines {
        let line = line.to_string();
        for secret in SECRETS {
            assert!(!line.contains(secret), "{secret}: {line}");
        }
    }
    for format in formats {
        let shown = fs::read_to_string(pki.path(&format!("out.{format}"))).unwrap();
        for secret in SECRETS {
            let at = shown.find(secret);
            let near = at.map(|at| &shown[at.saturating_sub(200)..shown.len().min(at + 80)]);
            assert_eq!(near, None, "{format}: {secret}");
        }
    }
    // What is taken out is said to be.
    assert!(
        report
            .lines
            .iter()
            .any(|line| line.to_string().contains("[redacted: access_token]"))
    );
}

#[test]
fn show_secrets_shows_them() {
    let pki = Pki::new();
    let listen = pki.listen(&["--client-auth", "none", "--show-secrets"]);
    for request in requests() {
        send(&pki, &listen, request.as_bytes());
    }
    let report = listen.finish();
    // Of what is no HTTP only the beginning is shown.
    let connections = report.connections();
    let whole = connections.iter().filter(|one| one["http"].is_object());
    assert!(whole.clone().count() > 20);
    for connection in whole {
        let line = connection.to_string();
        assert!(SECRETS.iter().any(|secret| line.contains(secret)), "{line}");
    }
}

#[test]
fn no_format_shows_a_credential_of_an_answer_or_a_url() {
    let pki = Pki::new();
    let answer = format!(
        r#"{{"fulfillmentText":"hi","accessToken":"hunter2","note":"{JWT}","x":{{"password":"hunter2"}}}}"#
    );
    pki.write("answer.json", &answer);
    let listen = pki.listen(&[
        "--client-auth",
        "none",
        "--respond",
        &pki.path("answer.json"),
    ]);
    let url = listen.url("/hook?access_token=hunter2");
    for format in [
        "text", "json", "jsonl", "html", "markdown", "junit", "sarif", "github", "gitlab",
        "concise",
    ] {
        for (more, shown) in [(&[][..], false), (&["--show-secrets"], true)] {
            let mut command = mtls();
            command.args([
                "simulate", &url, "-k", "--client", "none", "--format", format,
            ]);
            command.args(["-H", "X-Api-Key: hunter2"]);
            let seen = run(command.args(more), 30);
            assert!(!seen.stdout.is_empty(), "{}", seen.said());
            let leaks = SECRETS.iter().any(|secret| seen.said().contains(secret));
            // Not every format has the answer in it.
            assert!(!leaks || shown, "{format}: {}", seen.said());
            if shown && ["json", "jsonl"].contains(&format) {
                assert!(leaks, "{format}: {}", seen.said());
            }
        }
    }
    drop(listen);
}

#[test]
fn messages_and_explanations_repeat_no_credential() {
    let files = Files::new();
    let folder = files.path();
    for words in [
        &["simulate", "https://u:hunter2@localhost/"][..],
        &["simulate", "https://localhost:x/?access_token=hunter2"],
        &[
            "simulate",
            "https://localhost:1/",
            "-H",
            "Authorization Bearer hunter2hunter2",
        ],
        &[
            "simulate",
            "https://localhost:1/",
            "-H",
            "Author ization: Bearer hunter2",
        ],
        &["inspect", "https://u:hunter2@localhost/"],
        &[
            "token",
            "verify",
            JWT,
            "--jwks",
            "https://u:hunter2@localhost/",
        ],
        &["lint", "--no-such-token=hunter2"],
    ] {
        let seen = run_in(folder, words);
        assert!(
            !seen.said().contains("hunter2"),
            "{words:?}: {}",
            seen.said()
        );
        assert!(!seen.said().is_empty());
    }
    let line = format!(
        "x509: certificate signed by unknown authority, Authorization: Bearer {JWT} for https://u:hunter2@h/?key=hunter2"
    );
    for format in ["text", "json"] {
        let asked = run_in(folder, &["explain", &line, "--format", format]);
        let log = feed(
            support::mtls().args(["explain", "-", "--format", format]),
            format!("{line}\n{line} again\n").as_bytes(),
            20,
        );
        for seen in [asked, log] {
            assert!(!seen.said().contains("hunter2"), "{}", seen.said());
            assert!(!seen.stdout.is_empty(), "{}", seen.said());
        }
    }
}

#[test]
fn no_json_has_a_raw_control_character_of_a_body() {
    let pki = Pki::new();
    let file = pki.path("out.json");
    let listen = pki.listen(&["--client-auth", "none", "-o", &format!("json={file}")]);
    let body = "{\"a\":\"\u{7f}\u{202e}\u{9b}##vso[task.x]\"}";
    let length = body.len();
    let request = format!("POST / HTTP/1.1\r\nHost: b\r\nContent-Length: {length}\r\n\r\n{body}");
    send(&pki, &listen, request.as_bytes());
    let report = listen.finish();
    // Escaped, and the value is what came.
    assert_eq!(report.connection()["http"]["body"], body);
    let shown = fs::read_to_string(file).unwrap();
    for hostile in ["\u{7f}", "\u{202e}", "\u{9b}", "##vso["] {
        assert!(!shown.contains(hostile), "{hostile:?}");
    }
}

//! Applications as people write them, in Node and in Python, called by curl.

use std::{
    io::{BufRead as _, BufReader, Read as _, Write as _},
    process::Stdio,
};

use aws_lc_rs::digest::{SHA256, digest};
use serde_json::Value;

use super::{connect, forward, parts, post};
use crate::support::{Child, Folder, Listen, Listener, Pki, clean, free_port, peer, run};

/// The application of this file, and where it listens; `None` where its language is not installed.
fn start(program: &str, file: &str) -> Option<(Child, String)> {
    let mut command = peer(program)?;
    command
        .arg(format!(
            "{}/tests/it/forward/{file}",
            env!("CARGO_MANIFEST_DIR")
        ))
        .stdout(Stdio::piped());
    let mut child = Child::spawn(&mut command);
    let mut line = String::new();
    BufReader::new(child.stdout()).read_line(&mut line).unwrap();
    let port: u16 = line.trim().parse().unwrap();
    Some((child, format!("http://127.0.0.1:{port}")))
}

fn sha256(bytes: &[u8]) -> String {
    let bytes = digest(&SHA256, bytes);
    bytes
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

/// The answer to curl with the valid client's certificate.
fn curl(pki: &Pki, listen: &Listen, path: &str, flags: &[&str]) -> Option<Vec<u8>> {
    let mut curl = peer("curl")?;
    let out = pki.path("answer.bin");
    curl.args(["-sS", "--max-time", "30", "-o", &out])
        .args(["--cacert", &pki.path("server-ca.pem")])
        .args(["--cert", &pki.client("valid", "fullchain.pem")])
        .args(["--key", &pki.client("valid", "key.pem")])
        .args(flags)
        .arg(listen.url(path));
    run(&mut curl, 60).ok();
    Some(std::fs::read(out).unwrap())
}

#[test]
fn python_gets_the_bytes_and_the_name() {
    let Some((_child, url)) = start("python3", "app.py") else {
        return;
    };
    let pki = Pki::new();
    let listen = forward(&pki, &url, &[]);
    let body: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    pki.write("body.bin", &body);
    let data = format!("@{}", pki.path("body.bin"));
    for version in ["--http1.1", "--http2"] {
        let Some(answer) = curl(
            &pki,
            &listen,
            "/hook?a=b",
            &[version, "--data-binary", &data],
        ) else {
            return;
        };
        let seen: Value = serde_json::from_slice(&answer).unwrap();
        assert_eq!(seen["sha256"], sha256(&body), "{seen:#}");
        assert_eq!(seen["url"], "/hook?a=b", "{seen:#}");
        assert_eq!(seen["headers"]["x-mtls-verified"], "true", "{seen:#}");
        assert!(!seen["headers"]["x-mtls-subject"].is_null(), "{seen:#}");
    }
    listen.finish();
}

#[test]
fn node_and_every_way_of_http() {
    let Some((_child, url)) = start("node", "app.js") else {
        return;
    };
    let pki = Pki::new();
    let listen = forward(&pki, &url, &[]);
    pki.write("body.bin", vec![0x80_u8; 2_000_000]);
    let data = format!("@{}", pki.path("body.bin"));
    for version in ["--http1.1", "--http2"] {
        // Node's own gzip, byte for byte: curl undoes it only where it is asked to.
        let Some(packed) = curl(&pki, &listen, "/gzip", &[version]) else {
            return;
        };
        assert!(packed.starts_with(&[0x1f, 0x8b]), "{packed:?}");
        let seen = curl(&pki, &listen, "/gzip", &[version, "--compressed"]).unwrap();
        let seen: Value = serde_json::from_slice(&seen).unwrap();
        assert!(!seen["headers"]["accept-encoding"].is_null(), "{seen:#}");
        let echoed = curl(&pki, &listen, "/echo", &[version, "--data-binary", &data]).unwrap();
        assert_eq!(echoed, vec![0x80_u8; 2_000_000]);
        // The body is sent once the listener says so.
        let flags = [
            version,
            "-H",
            "Expect: 100-continue",
            "--expect100-timeout",
            "20",
            "--data-binary",
            &data,
        ];
        let seen = curl(&pki, &listen, "/hook", &flags).unwrap();
        let seen: Value = serde_json::from_slice(&seen).unwrap();
        assert_eq!(seen["bytes"], 2_000_000, "{seen:#}");
        assert_eq!(seen["headers"]["expect"], Value::Null, "{seen:#}");
        for (path, flags) in [
            ("/204", &[version][..]),
            ("/304", &[version]),
            ("/hook", &[version, "-I"]),
        ] {
            let answer = curl(&pki, &listen, path, &[flags, &["-D", "-"]].concat()).unwrap();
            if path != "/hook" {
                assert!(answer.is_empty(), "{path}: {answer:?}");
            }
        }
    }
    // The length of what HEAD does not send.
    let mut tls = connect(&pki, listen.address(), Some("valid"));
    tls.write_all(b"HEAD /hook HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .unwrap();
    let mut answer = Vec::new();
    let _ = tls.read_to_end(&mut answer);
    let (head, body) = parts(&answer);
    assert!(
        head.contains("content-length: ") && !head.contains("content-length: 0"),
        "{head}"
    );
    assert!(body.is_empty(), "{body:?}");
    listen.finish();
}

#[test]
fn trailers_go_both_ways() {
    let Some((_child, url)) = start("node", "app.js") else {
        return;
    };
    let pki = Pki::new();
    let listen = forward(&pki, &url, &[]);
    let mut tls = connect(&pki, listen.address(), Some("valid"));
    tls.write_all(
        b"POST /trailers HTTP/1.1\r\nHost: a\r\nTE: trailers\r\nConnection: close, TE\r\nTrailer: x-mine\r\nTransfer-Encoding: chunked\r\n\r\n3\r\nabc\r\n0\r\nx-mine: 42\r\n\r\n",
    )
    .unwrap();
    let mut answer = Vec::new();
    let _ = tls.read_to_end(&mut answer);
    let (head, body) = parts(&answer);
    assert!(head.starts_with("http/1.1 200"), "{head}");
    let text = String::from_utf8_lossy(body);
    assert!(text.contains(r#""trailers":{"x-mine":"42"}"#), "{text}");
    assert!(
        text.contains(&format!("x-checksum: {}", sha256(b"abc"))),
        "{text}"
    );
    // Without TE: trailers they are left out (RFC 9110 section 6.5.1), and the body is whole.
    let mut tls = connect(&pki, listen.address(), Some("valid"));
    tls.write_all(&post("/trailers", "", b"abc")).unwrap();
    let mut answer = Vec::new();
    let _ = tls.read_to_end(&mut answer);
    assert!(parts(&answer).0.starts_with("http/1.1 200"));
    listen.finish();
}

/// The page's application and the page's commands as they are written, in an empty folder; the
/// ports alone are others.
#[test]
fn the_how_to_works_as_it_is_written() {
    if peer("node").is_none() {
        return;
    }
    let page = include_str!("../../../docs/howto/forward.md");
    let block = |text: &str, kind: &str| -> String {
        let start = text.split(&format!("```{kind}\n")).nth(1).unwrap();
        start.split("```").next().unwrap().to_owned()
    };
    let folder = Folder::new();
    std::fs::write(folder.path("app.js"), block(page, "js")).unwrap();
    let (port, behind) = (free_port(), free_port());
    let bin = std::path::Path::new(env!("CARGO_BIN_EXE_mtls"))
        .parent()
        .unwrap();
    let path = std::env::var("PATH").unwrap_or_default();
    let shell = |command: &str| {
        let placed = command
            .replace("'*:443'", &format!("127.0.0.1:{port}"))
            .replace("--forward-to 3000", &format!("--forward-to {behind}"))
            .replace("https://localhost/", &format!("https://localhost:{port}/"));
        let mut shell = clean("sh");
        shell
            .args(["-c", &format!("exec {placed}")])
            .current_dir(folder.path(""))
            .env("PORT", behind.to_string())
            .env("PATH", format!("{}:{path}", bin.display()));
        shell
    };
    let (mut application, mut listener) = (None, None);
    for command in block(page, "console").lines() {
        if let Some(command) = command.strip_suffix(" &") {
            application = Some(Child::spawn(&mut shell(command)));
            let until = std::time::Instant::now() + std::time::Duration::from_secs(30);
            while std::net::TcpStream::connect(("127.0.0.1", behind)).is_err() {
                assert!(
                    std::time::Instant::now() < until,
                    "the application does not listen"
                );
                std::thread::sleep(std::time::Duration::from_millis(50));
            }
        } else if command.starts_with("mtls listen") {
            listener = Some(Listener::start(&mut shell(command)));
        } else {
            run(&mut shell(command), 120).ok();
        }
    }
    assert!(application.is_some() && listener.is_some());
    let check = page.split("## Check it\n").nth(1).unwrap();
    let check = block(check, "console");
    run(&mut shell(check.trim()), 60).ok();
    let said = run(&mut shell(&format!("{} --format json", check.trim())), 60).ok();
    assert!(
        said.stdout.contains("Hello, ") && said.stdout.contains("CN = simulated sender"),
        "{}",
        said.stdout
    );
    let seen = listener.unwrap().finish();
    assert!(
        seen.stdout.contains("[200]") || seen.stderr.contains("[200]"),
        "{} {}",
        seen.stdout,
        seen.stderr
    );
}

//! The configurations of `docs/howto`, taken out of their pages and run: every client of the matrix
//! is treated as it should be there.

use std::{
    io::{Read as _, Write as _},
    net::TcpListener,
    thread,
};

use crate::{
    simulate::{run::Rehearsal, servers::ANSWER},
    support::{Server, clean, envoy_with, free_port, mtls, peer, run},
};

/// The blocks of a page in this language.
fn blocks(page: &str, language: &str) -> Vec<String> {
    let path = format!("{}/docs/howto/{page}.md", env!("CARGO_MANIFEST_DIR"));
    let text = std::fs::read_to_string(path).unwrap();
    let fence = format!("```{language}\n");
    let found: Vec<String> = text
        .split(&fence)
        .skip(1)
        .map(|rest| rest.split("```").next().unwrap_or_default().to_owned())
        .collect();
    assert!(!found.is_empty(), "{page} has no block of {language}");
    found
}

/// A page's text with the places of this test in it.
fn placed(text: &str, folder: &Rehearsal, port: u16, backend: u16) -> String {
    text.replace(
        "/etc/webhook/fullchain.pem",
        &folder.pki("server/fullchain.pem"),
    )
    .replace("/etc/webhook/key.pem", &folder.pki("server/key.pem"))
    .replace("/etc/webhook/clients.pem", &folder.pki("client-ca.pem"))
    .replace("8080", &backend.to_string())
    .replace(
        "address: 0.0.0.0, port_value: 443",
        &format!("address: 127.0.0.1, port_value: {port}"),
    )
    .replace("listen 443 ssl", &format!("listen 127.0.0.1:{port} ssl"))
    .replace("\":443\"", &format!("\"127.0.0.1:{port}\""))
    .replace("listen(443)", &format!("listen({port}, \"127.0.0.1\")"))
}

/// The application behind a proxy: it answers every request well.
fn application() -> u16 {
    let listener = TcpListener::bind("127.0.0.1:0").unwrap();
    let port = listener.local_addr().unwrap().port();
    thread::spawn(move || {
        for stream in listener.incoming() {
            let Ok(mut stream) = stream else { continue };
            thread::spawn(move || {
                let mut bytes = Vec::new();
                let mut part = [0; 4096];
                // Header section, then as much as it says.
                loop {
                    let Ok(read) = stream.read(&mut part) else {
                        return;
                    };
                    bytes.extend_from_slice(&part[..read]);
                    let text = String::from_utf8_lossy(&bytes).to_lowercase();
                    let Some(end) = text.find("\r\n\r\n") else {
                        if read == 0 {
                            return;
                        }
                        continue;
                    };
                    let length = text
                        .split("content-length: ")
                        .nth(1)
                        .and_then(|rest| rest.split("\r\n").next()?.parse::<usize>().ok())
                        .unwrap_or(0);
                    if bytes.len() >= end + 4 + length || read == 0 {
                        break;
                    }
                }
                let _ = write!(
                    stream,
                    "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: close\r\n\r\n{ANSWER}",
                    ANSWER.len()
                );
            });
        }
    });
    port
}

/// Every client there is, treated as it should be.
#[track_caller]
fn holds(folder: &Rehearsal, server: &Server) {
    let simulated = folder.simulate(server.port(), &["--matrix"]);
    let document = &simulated.document;
    assert_eq!(document["exit_code"], 0, "{document:#}\n{}", server.said());
    let calls = document["calls"].as_array().unwrap();
    assert!(
        calls.len() >= 18 && calls.iter().all(|call| call["as_expected"] == true),
        "{document:#}"
    );
    assert_eq!(
        simulated.call("valid")["http"]["valid_response"],
        true,
        "{document:#}"
    );
}

#[test]
fn nginx() {
    if peer("nginx").is_none() {
        return;
    }
    let [server, map] = &blocks("nginx", "nginx")[..] else {
        panic!("the page has a server and a map");
    };
    let folder = Rehearsal::new();
    let at = folder.path("");
    let start = |content: &str| {
        let (port, backend) = (free_port(), application());
        let conf = folder.write(
            format!("nginx-{port}.conf"),
            format!(
                "daemon off; master_process off; pid {at}/{port}.pid; error_log stderr; events {{}}
                http {{ access_log off; client_body_temp_path {at}/body; proxy_temp_path {at}/proxy; fastcgi_temp_path {at}/f;
                    uwsgi_temp_path {at}/u; scgi_temp_path {at}/s;
                    {} }}",
                placed(content, &folder, port, backend)
            ),
        );
        (
            conf.clone(),
            Server::start(
                folder.root(),
                clean("nginx").args(["-p", &at, "-c", &conf]),
                port,
            ),
        )
    };
    let (conf, strict) = start(server);
    holds(&folder, &strict);
    // Nothing in it that lint does not understand or would have otherwise, but for the name that is
    // not looked at.
    let linted = run(
        mtls().args(["lint", &conf, "--format", "json", "--exit-zero"]),
        60,
    )
    .ok();
    let seen: serde_json::Value = serde_json::from_str(&linted.stdout).unwrap();
    assert_eq!(seen["summary"]["error"], 0, "{seen:#}");
    // The names: both of the sender's pass, everybody else's do not.
    let named = server.replace(
        "proxy_set_header",
        "if ($is_dialogflow = 0) { return 403; } proxy_set_header",
    );
    let (_, named) = start(&format!("{map}{named}"));
    let rehearsed = folder.simulate(named.port(), &["--readiness"]);
    for client in ["sender-current", "sender-legacy"] {
        assert_eq!(
            rehearsed.call(client)["outcome"],
            "accepted",
            "{:#}",
            rehearsed.document
        );
    }
    let other = folder.simulate(named.port(), &["--client", "valid", "--exit-zero"]);
    assert_eq!(
        other.call("valid")["http"]["status"],
        403,
        "{:#}",
        other.document
    );
}

#[test]
fn node() {
    if peer("node").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    let port = free_port();
    let script = folder.write(
        "server.js",
        placed(&blocks("node", "js")[0], &folder, port, 0),
    );
    holds(
        &folder,
        &Server::start(folder.root(), clean("node").arg(&script), port),
    );
}

#[test]
fn go() {
    if peer("go").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    let port = free_port();
    let source = folder.write("main.go", placed(&blocks("go", "go")[0], &folder, port, 0));
    let program = folder.path("webhook");
    crate::simulate::servers::build_go(&folder, &source, &program);
    holds(
        &folder,
        &Server::start(folder.root(), &mut clean(&program), port),
    );
}

#[test]
fn envoy() {
    if peer("envoy").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    let (port, backend) = (free_port(), application());
    let conf = folder.write(
        "envoy.yaml",
        placed(&blocks("envoy", "yaml")[0], &folder, port, backend),
    );
    holds(
        &folder,
        &Server::start(folder.root(), &mut envoy_with(&conf), port),
    );
}

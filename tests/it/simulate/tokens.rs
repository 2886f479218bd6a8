//! `mtls token`, and the listener that checks tokens.

use std::{
    io::{Read as _, Write as _},
    process::Command,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use rustls_pki_types::{CertificateDer, PrivateKeyDer, pem::PemObject as _};
use serde_json::Value;

use crate::{
    simulate::run::{Rehearsal, files, text},
    support::{feed, mtls, run},
};

const AUDIENCE: &str = "https://webhook.example/hook";
const NOW: &str = "2026-11-24T12:00:00Z";

fn mint(folder: &Rehearsal, flags: &[&str]) -> String {
    let key = folder.path("key.pem");
    let mut command = mtls();
    command.args([
        "token",
        "mint",
        "--audience",
        AUDIENCE,
        "--project-number",
        "1234",
        "--at-time",
        NOW,
    ]);
    if std::path::Path::new(&key).exists() {
        command.args(["--key", &key]);
    } else {
        command.args(["--key-out", &key, "--jwks-out", &folder.path("jwks.json")]);
    }
    let finished = run(command.args(flags), 60).ok();
    finished.stdout.trim().to_owned()
}

fn verify(folder: &Rehearsal) -> Command {
    let mut command = mtls();
    command
        .args([
            "token",
            "verify",
            "-",
            "--jwks",
            &folder.path("jwks.json"),
            "--audience",
            AUDIENCE,
        ])
        .args([
            "--project-number",
            "1234",
            "--at-time",
            NOW,
            "--format",
            "json",
        ]);
    command
}

#[test]
fn only_the_good_token_is_valid() {
    let folder = Rehearsal::new();
    let good = mint(&folder, &[]);
    let part = |index: usize| good.split('.').nth(index).unwrap();
    // {"alg":"none"}
    let none = format!("eyJhbGciOiJub25lIn0.{}.", part(1));
    for (token, problem) in [
        (good.clone(), None),
        (format!("Authorization: Bearer {good}\n"), None),
        (
            mint(&folder, &["--at-time", "2026-11-24T10:00:00Z"]),
            Some("expired"),
        ),
        (
            mint(&folder, &["--at-time", "2026-11-24T14:00:00Z"]),
            Some("not-yet-valid"),
        ),
        (
            mint(&folder, &["--audience", "https://other.example/"]),
            Some("wrong-audience"),
        ),
        (
            mint(&folder, &["--issuer", "https://evil.example"]),
            Some("wrong-issuer"),
        ),
        (
            mint(&folder, &["--project-number", "9"]),
            Some("wrong-project"),
        ),
        (none, Some("algorithm-none")),
        (
            format!("{}.{}.AAAA", part(0), part(1)),
            Some("bad-signature"),
        ),
        (
            "ya29.a0AfH6SMBexample".to_owned(),
            Some("opaque-access-token"),
        ),
        (good[..40].to_owned(), Some("malformed")),
    ] {
        let finished = feed(&mut verify(&folder), token.as_bytes(), 60);
        let document: Value = serde_json::from_str(&finished.stdout).unwrap();
        let problems: Vec<&str> = document["problems"]
            .as_array()
            .unwrap()
            .iter()
            .map(|problem| text(&problem["problem"]))
            .collect();
        assert_eq!(problems, problem.into_iter().collect::<Vec<_>>(), "{token}");
        assert_eq!(document["valid"], problem.is_none());
        assert_eq!(finished.code, Some(i32::from(problem.is_some())), "{token}");
        assert!(
            !finished.said().contains(part(2)),
            "the signature is a secret"
        );
    }
    let stranger = run(
        mtls().args(["token", "mint", "--audience", AUDIENCE, "--at-time", NOW]),
        60,
    )
    .ok();
    let finished = feed(&mut verify(&folder), stranger.stdout.as_bytes(), 60);
    assert!(
        finished.stdout.contains("unknown-key"),
        "{}",
        finished.said()
    );
}

#[test]
fn the_listener_checks_tokens_and_parameters() {
    let folder = Rehearsal::new();
    let good = mint(&folder, &[]);
    let other = mint(&folder, &["--project-number", "9"]);
    let pki = files();
    let mut listen = pki.listen(&[
        "--verify-token",
        "--jwks",
        &folder.path("jwks.json"),
        "--audience",
        AUDIENCE,
        "--project-number",
        "1234",
        "--expect-parameter",
        "shared=s3cr3t",
        "--at-time",
        NOW,
        "--client-auth",
        "none",
    ]);
    let codes = |seen: &Value| -> Vec<String> {
        seen["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|finding| finding["severity"] == "error")
            .map(|finding| text(&finding["code"]).to_owned())
            // The certificates are of today, whatever the tokens' clock says.
            .filter(|code| code.starts_with("MT5"))
            .collect()
    };
    let with_parameter = ["--set", "/sessionInfo/parameters/shared=s3cr3t"];
    for (bearer, more, wanted) in [
        (good.as_str(), &with_parameter[..], &[][..]),
        (other.as_str(), &with_parameter, &["MT531"]),
        ("none", &with_parameter, &["MT520"]),
        ("ya29.a0AfH6SMBexample", &with_parameter, &["MT522"]),
        (good.as_str(), &[], &["MT532"]),
        (
            good.as_str(),
            &["--set", "/sessionInfo/parameters/shared=other"],
            &["MT532"],
        ),
    ] {
        run(
            mtls()
                .args([
                    "simulate",
                    &listen.url("/hook"),
                    "--cacert",
                    &pki.path("server-ca.pem"),
                    "--event",
                    "cx",
                ])
                .args([
                    "--client",
                    "none",
                    "--bearer",
                    bearer,
                    "--exit-zero",
                    "-k",
                    "--at-time",
                    NOW,
                ])
                .args(more),
            60,
        );
        let seen = listen.next();
        assert_eq!(
            codes(&seen),
            wanted,
            "{bearer} {more:?}: {:#}",
            seen["findings"]
        );
        assert_eq!(
            seen["token"]["verified"] == true,
            bearer == good,
            "{bearer}"
        );
        assert!(!seen.to_string().contains(good.rsplit('.').next().unwrap()));
    }
}

#[test]
fn keys_are_fetched_over_https_when_named() {
    let folder = Rehearsal::new();
    let good = mint(&folder, &[]);
    let pki = files();
    let listen = pki.listen(&[
        "--respond",
        &folder.path("jwks.json"),
        "--client-auth",
        "none",
    ]);
    let verify = |jwks: &str, flags: &[&str]| {
        let mut command = mtls();
        command.args(["token", "verify", &good, "--jwks", jwks, "--at-time", NOW]);
        command.args(["--audience", AUDIENCE, "--project-number", "1234"]);
        run(command.args(flags), 60)
    };
    // The token's clock stands apart; the server's certificate is judged by the real one.
    let anchors = pki.path("server-ca.pem");
    let finished = verify(&listen.url("/certs"), &["--cacert", &anchors]);
    assert!(finished.stdout.starts_with("PASS"), "{}", finished.said());
    assert_eq!(finished.code, Some(0));
    // Nobody vouches for that server otherwise, and nobody answers there.
    for (url, says) in [
        (listen.url("/certs"), "no path to a trusted root"),
        ("https://127.0.0.1:1/certs".to_owned(), "no answer"),
        ("http://127.0.0.1:1/certs".to_owned(), "https"),
    ] {
        let refused = verify(&url, &[]);
        assert_eq!(refused.code, Some(2), "{}", refused.said());
        assert!(refused.stderr.contains(says), "{}", refused.stderr);
    }
}

/// A server of key sets: the first answer, then the second, again and again; how often it was
/// asked.
fn key_server(
    pki: &crate::support::Pki,
    sets: [String; 2],
    cache: &'static str,
) -> (String, Arc<AtomicUsize>) {
    let pem = |name: &str| std::fs::read(pki.path(name)).unwrap();
    let chain = CertificateDer::pem_slice_iter(&pem("server/fullchain.pem"))
        .map(Result::unwrap)
        .collect();
    let key = PrivateKeyDer::from_pem_slice(&pem("server/key.pem")).unwrap();
    let provider = Arc::new(rustls::crypto::aws_lc_rs::default_provider());
    let config = rustls::ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .unwrap()
        .with_no_client_auth()
        .with_single_cert(chain, key)
        .unwrap();
    let config = Arc::new(config);
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let url = format!(
        "https://localhost:{}/keys",
        socket.local_addr().unwrap().port()
    );
    let asked = Arc::new(AtomicUsize::new(0));
    let counted = asked.clone();
    std::thread::spawn(move || {
        for stream in socket.incoming().map_while(Result::ok) {
            let _ = stream.set_read_timeout(Some(std::time::Duration::from_secs(10)));
            let connection = rustls::ServerConnection::new(config.clone()).unwrap();
            let mut stream = rustls::StreamOwned::new(connection, stream);
            if stream.read(&mut [0; 4096]).is_ok() {
                let set = &sets[counted.fetch_add(1, Ordering::SeqCst).min(1)];
                let length = set.len();
                let head = format!(
                    "HTTP/1.1 200 OK\r\nCache-Control: {cache}\r\nContent-Length: {length}\r\nConnection: close\r\n\r\n"
                );
                let _ = stream.write_all((head + set).as_bytes());
                stream.conn.send_close_notify();
                let _ = stream.flush();
            }
        }
    });
    (url, asked)
}

#[test]
fn a_key_that_is_not_known_is_asked_for_once_more() {
    let (folder, other) = (Rehearsal::new(), Rehearsal::new());
    let good = mint(&folder, &[]);
    let stranger = mint(&other, &[]);
    let read = |folder: &Rehearsal| std::fs::read_to_string(folder.path("jwks.json")).unwrap();
    let pki = files();
    let anchors = pki.path("server-ca.pem");
    // The sender changed its keys after the first answer.
    let (url, asked) = key_server(&pki, [read(&other), read(&folder)], "max-age=3600");
    let mut command = mtls();
    command.args([
        "token", "verify", &good, "--jwks", &url, "--cacert", &anchors,
    ]);
    command.args([
        "--at-time",
        NOW,
        "--audience",
        AUDIENCE,
        "--project-number",
        "1234",
    ]);
    run(&mut command, 60).ok();
    assert_eq!(asked.load(Ordering::SeqCst), 2);
    // One that nobody knows is asked for once, not for ever.
    let (url, asked) = key_server(&pki, [read(&folder), read(&folder)], "max-age=3600");
    let mut command = mtls();
    command.args([
        "token", "verify", &stranger, "--jwks", &url, "--cacert", &anchors,
    ]);
    command.args([
        "--at-time",
        NOW,
        "--audience",
        AUDIENCE,
        "--project-number",
        "1234",
    ]);
    assert_eq!(run(&mut command, 60).code, Some(1));
    assert_eq!(asked.load(Ordering::SeqCst), 2);
}

#[test]
fn a_token_of_anybody_is_no_pass() {
    let folder = Rehearsal::new();
    let good = mint(&folder, &[]);
    let call = |flags: &[&str]| {
        let mut command = mtls();
        let jwks = folder.path("jwks.json");
        command.args(["token", "verify", "-", "--jwks", &jwks]);
        command.args(["--audience", AUDIENCE, "--at-time", NOW, "--format", "json"]);
        let finished = feed(command.args(flags), good.as_bytes(), 60);
        let document: Value = serde_json::from_str(&finished.stdout).unwrap();
        (finished.code, document)
    };
    let (code, seen) = call(&[]);
    assert_eq!((code, &seen["valid"]), (Some(1), &false.into()), "{seen:#}");
    assert_ne!(seen["verdict"], "pass");
    assert!(
        text(&seen["problems"][0]["message"]).contains("not who sent it"),
        "{seen:#}"
    );
    for flags in [
        &["--project-number", "1234"][..],
        &["--profile", "dialogflow"],
    ] {
        let (code, seen) = call(flags);
        assert_eq!(
            (code, &seen["verdict"]),
            (Some(0), &"pass".into()),
            "{seen:#}"
        );
        assert!(seen["checked"].as_array().unwrap().len() >= 4, "{seen:#}");
    }
    // A listener that expects a token does not take it either, and says what it checked.
    let pki = files();
    for (flags, code) in [(&[][..], 1), (&["--profile", "dialogflow"], 0)] {
        let jwks = folder.path("jwks.json");
        let (page, lines) = (folder.path("out.html"), folder.path("out.txt"));
        let outputs = [format!("html={page}"), format!("text={lines}")];
        let mut words = vec!["--verify-token", "--jwks", &jwks, "--audience", AUDIENCE];
        words.extend(["--expect", "token", "--at-time", NOW, "--count", "1"]);
        words.extend([
            "--client-auth",
            "none",
            "-o",
            &outputs[0],
            "-o",
            &outputs[1],
        ]);
        words.extend(flags);
        let mut listen = pki.listen(&words);
        let mut call = mtls();
        call.args(["simulate", &listen.url("/"), "-k", "--client", "none"]);
        call.args(["--bearer", &good, "--exit-zero", "--at-time", NOW]);
        run(&mut call, 60);
        let seen = listen.next();
        assert_eq!(seen["token"]["verified"], code == 0, "{seen:#}");
        assert!(seen["token"]["check"]["checked"][0].is_string(), "{seen:#}");
        assert_eq!(listen.finish().code, Some(code));
        for file in [page, lines] {
            let shown = std::fs::read_to_string(&file).unwrap();
            assert!(shown.contains("checked: the signature"), "{shown}");
            assert!(!shown.contains("signature not checked"), "{shown}");
        }
    }
}

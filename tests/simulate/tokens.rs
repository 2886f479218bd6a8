//! `mtls token`, and the listener that checks tokens.

use std::process::Command;

use serde_json::Value;

use crate::{
    run::{Folder, files, text},
    support::{feed, mtls, run},
};

const AUDIENCE: &str = "https://webhook.example/hook";
const NOW: &str = "2026-11-24T12:00:00Z";

fn mint(folder: &Folder, flags: &[&str]) -> String {
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

fn verify(folder: &Folder) -> Command {
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
    let folder = Folder::new();
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
    let folder = Folder::new();
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
    let folder = Folder::new();
    let good = mint(&folder, &[]);
    let pki = files();
    let listen = pki.listen(&[
        "--respond",
        &folder.path("jwks.json"),
        "--client-auth",
        "none",
    ]);
    let mut command = mtls();
    command
        .args([
            "token",
            "verify",
            &good,
            "--jwks",
            &listen.url("/certs"),
            "--cacert",
            &pki.path("server-ca.pem"),
        ])
        .args(["--at-time", NOW, "--color", "never"]);
    // The listener's certificate is of today; the token's clock stands a little apart.
    let finished = run(&mut command, 60);
    assert!(
        finished.stdout.starts_with("PASS") || finished.stderr.contains("--jwks"),
        "{}",
        finished.said()
    );
    let refused = run(
        mtls().args([
            "token",
            "verify",
            &good,
            "--jwks",
            "https://127.0.0.1:1/certs",
        ]),
        60,
    );
    assert_eq!(refused.code, Some(2));
    assert!(refused.stderr.contains("no answer"), "{}", refused.stderr);
}

#[test]
fn a_token_of_anybody_is_no_pass() {
    let folder = Folder::new();
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
        text(&seen["problems"][0]["message"]).contains("from whom?"),
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

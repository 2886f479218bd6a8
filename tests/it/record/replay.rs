//! Cases sent again: filled, compared, and made a scenario of.

use std::fs;

use serde_json::{Value, json};

use super::{files, only, post, recorded};
use crate::{
    forward::{app::App, call, forward, post as raw_post},
    support::{Finished, Pki, mtls, run},
};

const ASKED: &str = r#"{"queryResult":{"queryText":"hi"},"session":"s","client_secret":"one two"}"#;

/// A case with two placeholders and an answer from a file.
fn case(pki: &Pki) -> String {
    let answer = pki.path("then.json");
    fs::write(
        &answer,
        r#"{"fulfillmentText":"Hello","payload":{"n":{"at":1}}}"#,
    )
    .unwrap();
    recorded(pki, &["--respond", &answer], |listen| {
        let fields = [
            ("authorization", "Bearer abcdefghijklmnopqrstuvwxyz"),
            ("x-kept", "as it is"),
        ];
        post(pki, listen, "valid", &fields, ASKED.as_bytes());
    });
    files(pki.path("cases"))[0].display().to_string()
}

/// Replays it to a listener that answers this, and what that one saw.
fn replayed(pki: &Pki, case: &str, answer: &str, flags: &[&str]) -> (Finished, Value) {
    let file = pki.path("now.json");
    fs::write(&file, answer).unwrap();
    let listen = pki.listen(&["--respond", &file, "--show-secrets"]);
    let mut command = mtls();
    command
        .args(["simulate", "--replay", case, "--to", &listen.url("/")])
        .args(["--cacert", &pki.path("server-ca.pem"), "--format", "json"])
        .args(["--cert", &pki.client("valid", "fullchain.pem")])
        .args(["--key", &pki.client("valid", "key.pem")])
        .args(flags)
        .env("SECRET", "three \"four\"")
        .env("TOKEN", "the-token");
    let seen = run(&mut command, 60);
    let report = listen.finish();
    (seen, report.connection()["http"].clone())
}

#[test]
fn a_replay_sends_what_came_and_fills_what_was_taken_out() {
    let pki = Pki::new();
    let case = case(&pki);
    let text = fs::read_to_string(&case).unwrap();
    assert!(
        !text.contains("one two") && !text.contains("abcdefghijkl"),
        "{text}"
    );
    let same = r#"{"payload":{"n":{"at":1}},"fulfillmentText":"Hello"}"#;
    let flags = [
        "--fill",
        "field:client_secret=env:SECRET",
        "--bearer",
        "env:TOKEN",
    ];
    let (seen, http) = replayed(&pki, &case, same, &flags);
    assert_eq!(seen.code, Some(0), "{}", seen.said());
    assert!(
        seen.stderr
            .contains("replaying 1 request to https://localhost:"),
        "{}",
        seen.stderr
    );
    assert!(!seen.stderr.contains("left empty"), "{}", seen.stderr);
    let sent: Value = serde_json::from_str(http["body"].as_str().unwrap()).unwrap();
    assert_eq!(sent["client_secret"], "three \"four\"");
    assert_eq!(http["path"], "/hook");
    let fields = http["headers"].as_array().unwrap();
    let field =
        |name: &str| fields.iter().find(|one| one["name"] == name).unwrap()["value"].clone();
    assert_eq!(field("authorization"), "Bearer the-token");
    assert_eq!(field("x-kept"), "as it is");
    assert!(field("host").as_str().unwrap().starts_with("localhost:"));
}

#[test]
fn a_changed_answer_is_told_where_it_differs() {
    let pki = Pki::new();
    let case = case(&pki);
    let other = r#"{"fulfillmentText":"Goodbye","payload":{"n":{"at":2}}}"#;
    let (seen, _) = replayed(&pki, &case, other, &[]);
    assert_eq!(seen.code, Some(1), "{}", seen.said());
    // What nobody filled is named before the call.
    assert!(
        seen.stderr
            .contains("left empty: <<field:client_secret>> (request.body, 7 characters)"),
        "{}",
        seen.stderr
    );
    for part in [
        "MT422",
        "expected \\\"Hello\\\" at /fulfillmentText as recorded, found \\\"Goodbye\\\"",
        "/payload/n/at",
    ] {
        assert!(seen.stdout.contains(part), "{part}: {}", seen.stdout);
    }
    for (flags, code) in [
        (&["--ignore-field", "/fulfillmentText"][..], 1),
        (
            &[
                "--ignore-field",
                "/fulfillmentText",
                "--ignore-field",
                "/payload",
            ],
            0,
        ),
        (&["--compare", "status"], 0),
        (&["--compare", "none"], 0),
        (&["--compare", "status,headers,body"], 1),
    ] {
        let (seen, _) = replayed(&pki, &case, other, flags);
        assert_eq!(seen.code, Some(code), "{flags:?}: {}", seen.said());
    }
}

#[test]
fn a_replay_never_calls_the_recorded_host_by_itself() {
    let pki = Pki::new();
    let case = case(&pki);
    let seen = run(mtls().args(["simulate", "--replay", &case]), 60);
    assert_eq!(seen.code, Some(2));
    assert!(
        seen.stderr.contains("--to https://HOST/"),
        "{}",
        seen.said()
    );
    for (flags, why) in [
        (&["--ignore-field", "a"][..], "JSON pointer"),
        (&["--compare", "all"], "status, headers or body"),
        (&["--fill", "field:client_secret=hunter2"], "env:VARIABLE"),
    ] {
        let mut command = mtls();
        command.args([
            "simulate",
            "--replay",
            &case,
            "--to",
            "https://localhost:1/",
        ]);
        let seen = run(command.args(flags), 60);
        assert_eq!(seen.code, Some(2), "{}", seen.said());
        assert!(
            seen.stderr.contains(why) && !seen.stderr.contains("hunter2"),
            "{}",
            seen.said()
        );
    }
}

#[test]
fn a_scenario_of_cases_runs_and_fails_when_the_answer_changes() {
    let pki = Pki::new();
    case(&pki);
    let bytes: Vec<u8> = (0..=255).collect();
    recorded(&pki, &[], |listen| post(&pki, listen, "valid", &[], &bytes));
    let scenario = pki.path("calls.toml");
    let answer = pki.path("then.json");
    for (text, code) in [
        (fs::read_to_string(&answer).unwrap(), 0),
        ("{}".to_owned(), 1),
    ] {
        fs::write(&answer, text).unwrap();
        let listen = pki.listen(&["--respond", &answer]);
        let _ = fs::remove_file(&scenario);
        let only_first = files(pki.path("cases"))[0].display().to_string();
        run(
            mtls().args([
                "scenario",
                "from",
                &only_first,
                "--to",
                &listen.url("/"),
                "--out",
                &scenario,
            ]),
            60,
        )
        .ok();
        let written = fs::read_to_string(&scenario).unwrap();
        assert!(written.contains("replay = \"cases/"), "{written}");
        let mut command = mtls();
        command
            .args([
                "simulate",
                "--scenario",
                &scenario,
                "--cacert",
                &pki.path("server-ca.pem"),
            ])
            .args(["--cert", &pki.client("valid", "fullchain.pem")])
            .args([
                "--key",
                &pki.client("valid", "key.pem"),
                "--format",
                "junit",
            ])
            .env("FIELD_CLIENT_SECRET", "five");
        let seen = run(&mut command, 60);
        let report = listen.finish();
        assert_eq!(seen.code, Some(code), "{}", seen.said());
        assert_eq!(
            seen.stdout.contains("as recorded, found nothing"),
            code == 1,
            "{}",
            seen.stdout
        );
        assert_eq!(report.connections().len(), 1);
    }
    let all = pki.path("cases");
    let every = run(mtls().args(["scenario", "from", &all]), 60).ok();
    assert_eq!(
        every.stdout.matches("[[call]]").count(),
        2,
        "{}",
        every.stdout
    );
}

#[test]
fn binary_bodies_are_sent_again_as_they_came() {
    let pki = Pki::new();
    let bytes: Vec<u8> = (0..=255).rev().collect();
    recorded(&pki, &[], |listen| post(&pki, listen, "valid", &[], &bytes));
    let digest = only(pki.path("cases"))["exchanges"][0]["request"]["body"]["sha256"].clone();
    let name = files(pki.path("cases"))[0].display().to_string();
    let again = pki.path("again");
    let listen = pki.listen(&["--record", &again]);
    run(
        mtls().args([
            "simulate",
            "--replay",
            &name,
            "--to",
            &listen.url("/other"),
            "-k",
            "--client",
            "none",
        ]),
        60,
    );
    listen.finish();
    let second = only(&again);
    assert_eq!(second["exchanges"][0]["request"]["body"]["sha256"], digest);
    assert_eq!(second["exchanges"][0]["request"]["target"], json!("/other"));
}

/// What was an error then, and is the same one now, is no difference; nor is a credential that the
/// answer repeats.
#[test]
fn the_same_error_and_an_echoed_credential_are_no_difference() {
    let pki = Pki::new();
    let app = App::says(|came| {
        let query = came.line.split(' ').nth(1).unwrap_or_default().to_owned();
        let body = format!(r#"{{"asked":"https://hook.example{query}&more=1"}}"#);
        format!(
            "HTTP/1.1 500 Oops\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n{body}",
            body.len()
        )
        .into_bytes()
    });
    let folder = pki.path("cases");
    let listen = forward(&pki, &app.url(), &["--record", &folder]);
    let request = raw_post(
        "/hook?token=abcdefghijklmnop1234",
        "Content-Type: application/json\r\n",
        b"{}",
    );
    call(&pki, &listen, Some("valid"), &request);
    listen.finish();
    let case = files(&folder)[0].display().to_string();
    let listen = forward(&pki, &app.url(), &[]);
    let mut command = mtls();
    command
        .args(["simulate", "--replay", &case, "--to", &listen.url("/")])
        .args(["--cacert", &pki.path("server-ca.pem"), "--format", "json"])
        .args(["--cert", &pki.client("valid", "fullchain.pem")])
        .args(["--key", &pki.client("valid", "key.pem")])
        .args(["--fill", "query:token=env:TOKEN"])
        .env("TOKEN", "zyxwvutsrqponmlk9876");
    let seen = run(&mut command, 60);
    listen.finish();
    let report: Value = serde_json::from_str(&seen.stdout).unwrap();
    let codes: Vec<&Value> = report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| &finding["code"])
        .collect();
    assert!(!codes.contains(&&json!("MT505")), "{}", seen.said());
    assert!(!codes.contains(&&json!("MT422")), "{}", seen.said());
}

//! What a call would send, and the curl command that makes it: both against a listener that says
//! what came.

use std::collections::BTreeMap;

use serde_json::Value;

use crate::{
    simulate::run::Rehearsal,
    support::{Listen, clean, mtls, now, peer, run},
};

const SECRET: &str = "s3cret-of-the-user";

/// A request as `listen` tells it: method, path, fields but those that the way adds, body.
type Seen = (String, String, BTreeMap<String, String>, String);

fn seen(connection: &Value) -> Seen {
    let http = &connection["http"];
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let fields = http["headers"].as_array().unwrap().iter().map(|field| {
        let name = text(&field["name"]).to_lowercase();
        (name, text(&field["value"]))
    });
    (
        text(&http["method"]),
        text(&http["path"]),
        fields.collect(),
        text(&http["body"]),
    )
}

fn printed(text: &str) -> Seen {
    let (head, body) = text.split_once("\n\n").unwrap();
    let mut lines = head.lines();
    let line: Vec<&str> = lines.next().unwrap().split(' ').collect();
    assert_eq!(line[2], "HTTP/1.1");
    let fields = lines.map(|line| {
        let (name, value) = line.split_once(": ").unwrap();
        (name.to_owned(), value.to_owned())
    });
    (
        line[0].to_owned(),
        line[1].to_owned(),
        fields.collect(),
        body.trim_end().to_owned(),
    )
}

fn listener(folder: &Rehearsal) -> Listen {
    Listen::start(vec![
        "--cert".to_owned(),
        folder.pki("server/fullchain.pem"),
        "--key".to_owned(),
        folder.pki("server/key.pem"),
        "--client-ca".to_owned(),
        folder.pki("client-ca.pem"),
        "--show-secrets".to_owned(),
    ])
}

fn call(folder: &Rehearsal, port: u16, flags: &[&str]) -> Vec<String> {
    [
        "simulate",
        &format!("https://localhost:{port}/hook?x=1"),
        "--resolve",
        &format!("localhost:{port}:127.0.0.1"),
        "--pki",
        &folder.path("pki"),
        "--cacert",
        &folder.pki("server-ca.pem"),
        // The token has its moment in it.
        "--at-time",
        &now().to_string(),
    ]
    .iter()
    .chain(flags)
    .map(|&word| word.to_owned())
    .collect()
}

/// Requests of every form: as they are printed, as they come, as curl sends them.
#[test]
fn what_is_printed_is_what_is_sent_and_what_curl_sends() {
    let curl = peer("curl").is_some();
    let folder = Rehearsal::new();
    for flags in [
        &["--client", "valid"][..],
        &[
            "--client",
            "client-expired",
            "--text",
            "it's 5 o'clock; $HOME `id` \"x\"",
        ],
        &[
            "--client", "none", "--event", "cx", "--tag", "a b", "--bearer", "none",
        ],
        &[
            "--client",
            "valid",
            "--event",
            "cx-flexible",
            "-X",
            "PUT",
            "-H",
            "X-Api-Key: s3cret-of-the-user",
        ],
        &[
            "--client",
            "valid",
            "--event",
            "cx-flexible",
            "-X",
            "GET",
            "-H",
            "accept:",
        ],
        &["--client", "valid", "--bearer", "s3cret-of-the-user"],
    ] {
        let mut listener = listener(&folder);
        let words = call(&folder, listener.address().port(), flags);
        let print = |flag: &str, shown: bool| {
            let more = shown.then_some("--show-secrets");
            run(mtls().args(&words).arg(flag).args(more), 60)
                .ok()
                .stdout
        };
        let request = printed(&print("--print-request", true));
        let hidden = print("--print-request", false) + &print("--print-curl", false);
        assert!(!hidden.contains(SECRET), "{hidden}");
        let _ = run(mtls().args(&words), 60);
        let came = listener.next();
        assert_eq!(seen(&came), request, "{flags:?}");
        if !curl {
            continue;
        }
        let command = print("--print-curl", true);
        let finished = run(clean("sh").args(["-c", &command]), 60);
        // A certificate that is expired is let in here, and shown.
        assert_eq!(finished.code, Some(0), "{command}: {}", finished.said());
        let by_curl = listener.next();
        assert_eq!(seen(&by_curl), request, "{command}");
        let leaf = |seen: &Value| seen["client_chain"][0]["sha256"].clone();
        assert_eq!(leaf(&by_curl), leaf(&came), "{command}");
    }
}

/// A credential is a variable of the shell's.
#[test]
fn a_curl_command_takes_the_credential_from_the_environment() {
    if peer("curl").is_none() {
        return;
    }
    let folder = Rehearsal::new();
    let mut listener = listener(&folder);
    let words = call(&folder, listener.address().port(), &["--bearer", SECRET]);
    let command = run(mtls().args(&words).arg("--print-curl"), 60).ok().stdout;
    assert!(
        command.contains("\"authorization: $AUTHORIZATION\""),
        "{command}"
    );
    run(
        clean("sh")
            .args(["-c", &command])
            .env("AUTHORIZATION", format!("Bearer {SECRET}")),
        60,
    )
    .ok();
    let (_, _, fields, _) = seen(&listener.next());
    assert_eq!(fields["authorization"], format!("Bearer {SECRET}"));
}

/// Nothing is sent, and no server is needed.
#[test]
fn printing_calls_nobody() {
    for flags in [
        &["--print-request"][..],
        &["--print-curl"],
        &["--print-curl", "--matrix"],
    ] {
        let finished = run(
            mtls()
                .args(["simulate", "https://nosuch.invalid/hook"])
                .args(flags),
            60,
        )
        .ok();
        assert_eq!(finished.stderr, "", "{flags:?}");
        assert!(finished.stdout.contains("/hook"), "{flags:?}");
    }
}

/// The CA that `mtls pki` wrote beside the clients is what the remedy names.
#[test]
fn the_anchor_at_hand_is_named() {
    let folder = Rehearsal::new();
    let listener = listener(&folder);
    let url = format!("https://localhost:{}/", listener.address().port());
    let resolve = format!("localhost:{}:127.0.0.1", listener.address().port());
    let finished = run(
        mtls().current_dir(folder.root()).args([
            "simulate",
            &url,
            "--pki",
            "pki",
            "--resolve",
            &resolve,
        ]),
        60,
    );
    assert_eq!(finished.code, Some(1), "{}", finished.said());
    assert!(
        finished.stdout.contains("--cacert pki/server-ca.pem"),
        "{}",
        finished.said()
    );
}

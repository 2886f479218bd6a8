//! Answers of a webhook, each judged as the facts say. The webhook is our own listener, told what
//! to answer.

use serde_json::json;

use crate::{
    simulate::run::{Rehearsal, files, text},
    support::{mtls, run},
};

/// What `simulate` finds when the webhook answers like this.
fn found(
    answer: &str,
    listen_flags: &[&str],
    flags: &[&str],
) -> (Vec<String>, i32, serde_json::Value) {
    let pki = files();
    let file = pki.write("answer", answer);
    let mut all = vec!["--respond", &file];
    all.extend(listen_flags);
    let listen = pki.listen(&all);
    let finished = run(
        mtls()
            .args([
                "simulate",
                &listen.url("/hook"),
                "--cacert",
                &pki.path("server-ca.pem"),
                "--format",
                "json",
            ])
            .args([
                "--cert",
                &pki.path("clients/valid/fullchain.pem"),
                "--key",
                &pki.path("clients/valid/key.pem"),
            ])
            .args(flags),
        60,
    );
    let document: serde_json::Value = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    let codes = document["findings"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| text(&finding["code"]).to_owned())
        .collect();
    (codes, finished.code.unwrap(), document["calls"][0].clone())
}

#[test]
fn a_list_where_a_string_belongs() {
    let (codes, code, call) = found(r#"{"fulfillmentText": []}"#, &[], &[]);
    assert_eq!((codes, code), (vec!["MT508".to_owned()], 1));
    assert_eq!(call["http"]["valid_response"], false);
    assert_eq!(call["http"]["problems"][0]["pointer"], "/fulfillmentText");
    assert_eq!(call["http"]["problems"][0]["kind"], "wrong-typed-empty");
    assert_eq!(call["outcome"], "accepted");
}

#[test]
fn an_html_page() {
    let (codes, code, call) = found("<!DOCTYPE html><html>502</html>", &[], &[]);
    assert_eq!((codes, code), (vec!["MT507".to_owned()], 1));
    assert_eq!(call["http"]["valid_response"], false);
}

#[test]
fn seventy_kibibytes() {
    let large = json!({"fulfillmentText": "x".repeat(70 * 1024)}).to_string();
    let (codes, code, call) = found(&large, &[], &[]);
    assert_eq!((codes, code), (vec!["MT509".to_owned()], 1));
    assert_eq!(call["http"]["body_bytes"], large.len());
    let fits = json!({"fulfillmentText": "x".repeat(64 * 1024 - 22)}).to_string();
    assert_eq!(fits.len(), 64 * 1024);
    assert_eq!(found(&fits, &[], &[]).1, 0);
}

#[test]
fn six_seconds() {
    let (codes, code, call) = found("{}", &["--delay", "6s"], &[]);
    // An answer without a field is one that nobody reads.
    assert_eq!((codes, code), (vec!["MT510".into(), "MT515".into()], 1));
    assert_eq!(call["http"]["status"], 200);
    assert!(call["timings_ms"]["total"].as_f64().unwrap() >= 6000.0);
    // A CX webhook may have been given more time.
    assert_eq!(
        found(
            "{}",
            &["--delay", "1s"],
            &["--event", "cx", "--time-limit", "500ms"]
        )
        .0,
        ["MT510", "MT515"]
    );
    // Nobody waits for ever.
    let (codes, code, call) = found("{}", &["--delay", "30s"], &["--max-time", "1s"]);
    assert_eq!((codes, code), (vec!["MT510".to_owned()], 1));
    // The client was let in, and nobody answered it.
    assert_eq!(call["outcome"], "accepted");
}

#[test]
fn a_redirect() {
    let pki = files();
    let _ = &pki;
    // The listener's --status begins at 200 and sends no Location: the redirect itself is what
    // counts.
    let (codes, code, call) = found("{}", &["--status", "302"], &[]);
    assert_eq!((codes, code), (vec!["MT506".to_owned()], 1));
    assert_eq!(call["http"]["valid_response"], false);
}

#[test]
fn snake_case_is_fine() {
    let (codes, code, call) = found(
        r#"{"fulfillment_messages":[{"text":{"text":["Hi"]}}],"new_field":1}"#,
        &[],
        &[],
    );
    assert_eq!((codes, code), (vec![], 0), "{call:#}");
    assert_eq!(call["http"]["valid_response"], true);
    assert_eq!(call["http"]["spelling"], "snake");
    assert_eq!(call["http"]["unknown_fields"][0], "/new_field");
    assert_eq!(call["http"]["says"], "Hi");
}

#[test]
fn other_faults() {
    assert_eq!(found("{}", &["--status", "500"], &[]).0, ["MT505"]);
    assert_eq!(found("{}", &["--status", "403"], &[]).0, ["MT421"]);
    assert_eq!(found("", &[], &[]).0, ["MT507"]);
    assert_eq!(found("[]", &[], &[]).0, ["MT507"]);
    assert_eq!(
        found(
            r#"{"targetPage":"a","targetFlow":"b"}"#,
            &[],
            &["--event", "cx"]
        )
        .0,
        ["MT508"]
    );
    assert_eq!(found("plain words", &[], &["--event", "cx-flexible"]).1, 0);
}

#[test]
fn every_kind_of_request_is_answered_by_its_own_answer() {
    let pki = files();
    let mut listen = pki.listen(&["--client-auth", "none"]);
    for (event, kind) in [
        ("es", "es"),
        ("es-beta", "es"),
        ("cx", "cx"),
        ("cx-flexible", "other"),
    ] {
        for flags in [
            &["--text", "Hi"][..],
            &["--text", "Pizza", "--language", "de"],
            &["--event-name", "WELCOME"],
        ] {
            let finished = run(
                mtls()
                    .args([
                        "simulate",
                        &listen.url("/hook"),
                        "--cacert",
                        &pki.path("server-ca.pem"),
                        "--event",
                        event,
                    ])
                    .args(["--client", "none", "--format", "json", "--fail-on", "never"])
                    .args(flags),
                60,
            );
            let document: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
            assert_eq!(
                document["calls"][0]["http"]["problems"],
                json!([]),
                "{event} {flags:?}"
            );
            let seen = listen.next();
            assert_eq!(seen["http"]["kind"], kind, "{event} {flags:?}");
            assert_eq!(seen["http"]["method"], "POST");
            assert_eq!(seen["http"]["version"], "HTTP/1.1");
            assert_eq!(seen["token"]["issuer"], "https://accounts.google.com");
        }
    }
}

#[test]
fn a_scenario_is_a_test() {
    let folder = Rehearsal::new();
    let pki = files();
    let listen = pki.listen(&[
        "--client-ca",
        &folder.pki("client-ca.pem"),
        "--client-auth",
        "require",
        "--enforce",
    ]);
    let scenario = |status: u16| {
        folder.write(
            "webhook.toml",
            format!(
                "url = \"{}\"\npki = \"pki\"\ncacert = \"{}\"\n
                [[call]]\nname = \"hello\"\nclient = \"valid\"\nset = {{ \"/queryResult/queryText\" = \"Hello\" }}
                expect = {{ outcome = \"accepted\", status = {status}, within = \"4s\" }}\n
                [[call]]\nname = \"nobody\"\nclient = \"none\"\nexpect = {{ outcome = \"rejected\", alert = \"certificate_required\" }}\n",
                listen.url("/hook"),
                pki.path("server-ca.pem")
            ),
        )
    };
    let good = run(mtls().args(["simulate", "--scenario", &scenario(200)]), 60).ok();
    assert!(good.stdout.contains("hello (valid)"), "{}", good.stdout);
    let bad = run(mtls().args(["simulate", "--scenario", &scenario(204)]), 60);
    assert_eq!(bad.code, Some(1));
    assert!(
        bad.stdout.contains("expected status 204, found 200"),
        "{}",
        bad.stdout
    );
    let typo = folder.write(
        "typo.toml",
        "url = \"https://localhost/\"\n[[call]]\nname = \"a\"\nstatsu = 1\n",
    );
    let typo = run(mtls().args(["simulate", "--scenario", &typo]), 60);
    assert_eq!(typo.code, Some(2));
    assert!(typo.stderr.contains("statsu"), "{}", typo.stderr);
}

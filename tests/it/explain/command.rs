//! The command as its user meets it.

use serde_json::Value;

use crate::support::{Finished, feed, mtls, run};

const QUESTION: &str =
    "Failed to verify client's certificate: x509: certificate signed by unknown authority";

fn explain(words: &[&str]) -> Finished {
    run(
        mtls()
            .arg("explain")
            .args(words)
            .args(["--at-time", "2026-11-24"])
            .env("COLUMNS", "80"),
        20,
    )
}

fn json(words: &[&str]) -> Value {
    let finished = explain(&[words, &["--format", "json"]].concat());
    serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.stdout))
}

#[test]
fn the_question_that_started_it() {
    insta::assert_snapshot!(explain(&[QUESTION]).stdout);
}

#[test]
fn after_the_day_the_answer_is_another() {
    let finished = run(
        mtls().args(["explain", QUESTION, "--at-time", "2026-12-02"]),
        20,
    );
    assert!(
        finished
            .stdout
            .contains("2026-12-01, 1 day ago: the last day"),
        "{}",
        finished.stdout
    );
    let finished = run(
        mtls().args(["explain", QUESTION, "--at-time", "2026-12-01"]),
        20,
    );
    assert!(
        finished.stdout.contains("2026-12-01, today: the last day"),
        "{}",
        finished.stdout
    );
}

#[test]
fn pages() {
    for (name, words) in [
        ("alert", vec!["48"]),
        ("rule", vec!["MT277"]),
        (
            "curl",
            vec!["curl: (60) SSL certificate verification failed"],
        ),
        ("local", vec!["tls: private key does not match public key"]),
        ("unknown", vec!["nothing", "of", "the", "kind"]),
        ("not_assigned", vec!["alert 99"]),
    ] {
        insta::assert_snapshot!(name, explain(&words).stdout);
    }
}

/// Readable at 80 columns; commands stay whole, so that they can be copied.
#[test]
fn pages_fit_into_eighty_columns() {
    let mut asked: Vec<String> = mtls::rules::ALL
        .iter()
        .map(|rule| rule.code.to_owned())
        .collect();
    asked.extend((0..=120).map(|number| number.to_string()));
    asked.extend([QUESTION.to_owned(), "nothing of the kind".to_owned()]);
    for asked in asked {
        for line in explain(&[&asked, "--all"]).stdout.lines() {
            let command =
                line.starts_with("      ") || line.contains("mtls ") || !line.trim().contains(' ');
            assert!(command || line.chars().count() <= 80, "{asked}: {line}");
        }
    }
}

/// A message cut in two by the end of a piece is found, and lines are counted as lines.
#[test]
fn a_line_longer_than_a_piece_is_one_line() {
    let filler = "x ".repeat(32 * 1024 - 8);
    let log = format!(
        "first\n{filler}tlsv1 alert unknown ca {filler}{filler}\nlast: certificate has expired\n"
    );
    let finished = feed(
        mtls().args(["explain", "-", "--format", "json"]),
        log.as_bytes(),
        20,
    );
    let document: Value = serde_json::from_str(&finished.stdout).unwrap();
    let lines: Vec<(&str, u64)> = document["matches"]
        .as_array()
        .unwrap()
        .iter()
        .map(|found| {
            (
                found["id"].as_str().unwrap(),
                found["line"].as_u64().unwrap(),
            )
        })
        .collect();
    assert_eq!(lines, [("verify 10", 3), ("alert 48", 2)]);
    assert_eq!(document["lines"], 3);
}

#[test]
fn a_log_on_standard_input() {
    let log = "nginx: starting\n2026/11/23 21:29:47 [info] 7#7: *12 client SSL certificate verify error: (21:unable to verify the first certificate) while reading client request headers, client: 127.0.0.1, server: hook\n127.0.0.1 - - \"POST /hook HTTP/1.1\" 400 215\n";
    let finished = feed(
        mtls().args(["explain", "-", "--at-time", "2026-11-24"]),
        log.as_bytes(),
        20,
    );
    assert_eq!(finished.code, Some(0));
    insta::assert_snapshot!(finished.stdout);
    let finished = feed(mtls().args(["explain", "-"]), b"a\nb\n", 20);
    assert_eq!(finished.code, Some(1));
    assert!(finished.stdout.contains("Unknown: "), "{}", finished.stdout);
}

/// The machine contract: the keys, the words, the exit codes.
#[test]
fn json_keeps_its_contract() {
    let document = json(&[QUESTION]);
    assert_eq!(document["command"], "explain");
    assert_eq!(document["query"], QUESTION);
    assert_eq!(document["known"], true);
    assert_eq!(document["exit_code"], 0);
    let first = &document["matches"][0];
    for key in ["text", "stack", "kind", "meaning", "refused_by", "causes"] {
        assert!(!first[key].is_null(), "{key}");
    }
    assert_eq!(
        (first["stack"].as_str(), first["refused_by"].as_str()),
        (Some("Go"), Some("server"))
    );
    let cause = &first["causes"][0];
    for key in [
        "fault",
        "likelihood",
        "side_to_act",
        "how_to_tell",
        "remedy",
        "rules",
    ] {
        assert!(!cause[key].is_null(), "{key}");
    }
    assert_eq!(cause["fault"], "client-unknown-ca");
    assert_eq!(first["causes"][1]["fault"], "client-missing-intermediate");
    assert_eq!(document["root_cause"]["fault"], "client-unknown-ca");
    let sender = &document["senders"][0];
    assert_eq!(sender["days_left"], 7);
    assert_eq!(sender["identities"].as_array().unwrap().len(), 2);
    for envelope in [
        "schema_version",
        "tool",
        "verdict",
        "summary",
        "findings",
        "passed",
        "skipped",
        "trust",
        "cases",
    ] {
        assert!(!document[envelope].is_null(), "{envelope}");
    }
    let unknown = json(&["nothing of the kind"]);
    assert_eq!(
        (unknown["known"].as_bool(), unknown["root_cause"].is_null()),
        (Some(false), true)
    );
    assert_eq!(unknown["exit_code"], 1);
}

/// "You refused them" against "they refused you": the commonest confusion.
#[test]
fn the_side_is_told() {
    for (text, by) in [
        (
            "http: TLS handshake error from 1.2.3.4:5: remote error: tls: bad certificate",
            "client",
        ),
        (
            "http: TLS handshake error from 1.2.3.4:5: tls: failed to verify certificate: x509: certificate signed by unknown authority",
            "server",
        ),
        (
            "Get \"https://h/\": remote error: tls: certificate required",
            "server",
        ),
        (
            "Get \"https://h/\": tls: failed to verify certificate: x509: certificate signed by unknown authority",
            "client",
        ),
        (
            "curl: (60) SSL certificate problem: unable to get local issuer certificate",
            "client",
        ),
        ("curl: (60) SSL certificate verification failed", "server"),
        (
            "curl: (56) OpenSSL SSL_read: OpenSSL/3.0.19: error:0A000418:SSL routines::tlsv1 alert unknown ca, errno 0",
            "server",
        ),
        ("* TLSv1.3 (OUT), TLS alert, unknown CA (560):", "client"),
        ("* TLSv1.3 (IN), TLS alert, unknown CA (560):", "server"),
        (
            "client SSL certificate verify error: (10:certificate has expired) while reading client request headers, client: 127.0.0.1",
            "server",
        ),
        (
            "SSL_do_handshake() failed (SSL: error:0A000418:SSL routines::tlsv1 alert unknown ca:SSL alert number 48) while SSL handshaking, client: 127.0.0.1",
            "client",
        ),
        (
            "nginx: [emerg] cannot load certificate \"x.pem\": PEM_read_bio_X509_AUX() failed (SSL: error:0480006C:PEM routines::no start line:Expecting: TRUSTED CERTIFICATE)",
            "local",
        ),
        ("local error: tls: bad record MAC", "client"),
    ] {
        let document = json(&[text]);
        let seen = document["matches"][0]["refused_by"].as_str().unwrap();
        assert_eq!(seen, by, "{text}");
    }
}

#[test]
fn words_that_begin_with_a_dash_and_words_without_quotes() {
    assert_eq!(
        json(&["- Status: The certificate is NOT trusted. The certificate issuer is unknown."])["known"],
        true
    );
    assert_eq!(
        json(&["certificate", "has", "expired"])["matches"][0]["id"],
        "verify 10"
    );
    let finished = run(mtls().args(["explain"]), 20);
    assert_eq!(finished.code, Some(2));
    let finished = run(mtls().args(["explain", " "]), 20);
    assert_eq!(finished.code, Some(2));
}

/// What is asked comes back harmless, whichever list answers: an alert that is not assigned has no
/// causes, and a text all the same.
#[test]
fn what_is_asked_reaches_no_terminal_unescaped() {
    let asked = "[\u{13}{\u{1b}1";
    let seen = run(mtls().args(["explain", asked, "--format", "json"]), 20);
    let document: serde_json::Value = serde_json::from_str(&seen.stdout).unwrap();
    let matches = document["matches"].as_array().unwrap();
    assert!(matches.len() >= 2, "{document:#}");
    for found in matches {
        let text = found["text"].as_str().unwrap();
        assert!(!text.contains(mtls::parse::escape::is_hostile), "{text:?}");
    }
    let page = run(mtls().args(["explain", asked, "--color", "always"]), 20);
    assert!(!page.stdout.contains("{\u{1b}1"), "{:?}", page.stdout);
}

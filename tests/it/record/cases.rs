//! What is in a case, and who reads it.

use std::{fs, os::unix::fs::PermissionsExt as _};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use mtls::pki::recipe;
use serde_json::json;

use super::{as_valid, files, only, post, read, recorded};
use crate::support::{self, Pki, mtls, run};

fn sha256(bytes: &[u8]) -> String {
    let digest = aws_lc_rs::digest::digest(&aws_lc_rs::digest::SHA256, bytes);
    digest
        .as_ref()
        .iter()
        .map(|byte| format!("{byte:02x}"))
        .collect()
}

#[test]
fn a_request_is_recorded_byte_for_byte() {
    let pki = Pki::new();
    let text = "{\"queryResult\": {\"queryText\": \"h\u{e9}\"} ,\n \"n\": 1.0}";
    let binary: Vec<u8> = (0..=255).collect();
    let identity = pki
        .authority
        .client(recipe("valid").unwrap())
        .unwrap()
        .unwrap();
    let sent = identity.chain_pem();
    let report = recorded(&pki, &[], |listen| {
        let fields = [("x-b", "2"), ("x-a", "1"), ("x-b", "3")];
        let address = listen.address();
        support::call(address, Some(identity), &fields, text.as_bytes().to_vec());
        post(&pki, listen, "valid", &[], &binary);
    });
    assert!(
        report.stderr.contains("2 cases recorded in"),
        "{}",
        report.stderr
    );
    let cases = files(pki.path("cases"));
    assert_eq!(cases.len(), 2);
    let first = read(&cases[0]);
    assert_eq!(
        (&first["schema_version"], &first["kind"]),
        (&json!("1"), &json!("case"))
    );
    let request = &first["exchanges"][0]["request"];
    assert_eq!(request["body"]["content"], text);
    assert_eq!(request["body"]["encoding"], "utf-8");
    assert_eq!(request["body"]["bytes"], text.len());
    assert_eq!(request["body"]["sha256"], sha256(text.as_bytes()));
    assert_eq!(
        (&request["method"], &request["target"]),
        (&json!("POST"), &json!("/hook"))
    );
    let fields = request["headers"].as_array().unwrap();
    for field in [
        json!(["x-b", "2"]),
        json!(["x-b", "3"]),
        json!(["x-a", "1"]),
    ] {
        assert!(fields.contains(&field), "{field} in {fields:?}");
    }
    let answer = &first["exchanges"][0]["answer"];
    assert_eq!(
        (&answer["status"], &answer["by"]),
        (&json!(200), &json!("mtls"))
    );
    assert!(answer["body"]["content"].as_str().unwrap().starts_with('{'));
    let second = read(&cases[1]);
    let body = &second["exchanges"][0]["request"]["body"];
    assert_eq!(body["encoding"], "base64");
    assert_eq!(
        STANDARD.decode(body["content"].as_str().unwrap()).unwrap(),
        binary
    );
    assert_eq!(body["sha256"], sha256(&binary));
    // What judges again: the chain that came, and the anchor of the client CAs.
    let evidence = &first["evidence"];
    let chain = evidence["client_chain"].as_array().unwrap();
    let whole: String = chain.iter().map(|one| one.as_str().unwrap()).collect();
    assert_eq!(whole, sent);
    let anchor = fs::read_to_string(pki.path("client-ca.pem")).unwrap();
    assert_eq!(evidence["anchors"][0]["pem"], anchor);
    let hello = STANDARD
        .decode(evidence["client_hello"].as_str().unwrap())
        .unwrap();
    assert_eq!(
        (hello[0], hello[5]),
        (22, 1),
        "a handshake record with a ClientHello"
    );
    assert_eq!(
        hello.len(),
        5 + usize::from(hello[3]) * 256 + usize::from(hello[4])
    );
    // For its owner alone.
    let mode = |path: &std::path::Path| fs::metadata(path).unwrap().permissions().mode() & 0o777;
    assert_eq!(
        (mode(&cases[0]), mode(pki.path("cases").as_ref())),
        (0o600, 0o700)
    );
}

#[test]
fn a_refused_handshake_is_recorded_with_what_it_was_refused_for() {
    let pki = Pki::new();
    recorded(&pki, &["--enforce", "--record-only", "failed"], |listen| {
        post(&pki, listen, "valid", &[], b"{}");
        post(&pki, listen, "client-expired", &[], b"{}");
    });
    let case = only(pki.path("cases"));
    assert_eq!(case["exchanges"], json!([]));
    assert_eq!(case["connection"]["ending"]["kind"], "refused");
    assert!(
        !case["evidence"]["client_chain"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    let name = files(pki.path("cases"))[0].display().to_string();
    assert!(name.ends_with("-fail.case.json"), "{name}");

    // Judged again: the same now, and trusted while it was valid.
    let now = run(mtls().args(["lint", &name]), 60);
    assert_eq!(now.code, Some(1), "{}", now.said());
    assert!(
        now.stdout.contains("then") && now.stdout.contains("not trusted"),
        "{}",
        now.said()
    );
    assert!(now.stdout.contains("expired"), "{}", now.said());
    let leaf = &case["connection"]["client_chain"][0];
    let day = leaf["not_before"].as_str().unwrap();
    let before = run(
        mtls().args(["lint", &name, "--at-time", day, "--format", "json"]),
        60,
    );
    let document: serde_json::Value = serde_json::from_str(&before.stdout).unwrap();
    let file = &document["cases"][0];
    assert_eq!(file["then"]["status"], "untrusted", "{}", before.said());
    let codes: Vec<_> = file["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["code"].clone())
        .collect();
    assert!(!codes.contains(&json!("MT201")), "{codes:?}");
    assert_eq!(file["trust"][0]["role"], "client");

    // Whoever explains the error takes it for evidence.
    let explained = run(
        mtls().args(["explain", "certificate expired", "--with", &name]),
        60,
    );
    assert_eq!(explained.code, Some(0), "{}", explained.said());
    let inspected = run(mtls().args(["inspect", &name]), 60);
    assert!(inspected.stdout.contains("expired"), "{}", inspected.said());
    let shown = run(mtls().args(["case", "show", &name]), 60).ok();
    assert!(shown.stdout.contains("none arrived"), "{}", shown.stdout);
    // There is nothing to replay.
    let replayed = run(
        mtls().args([
            "simulate",
            "--replay",
            &name,
            "--to",
            "https://localhost:1/",
        ]),
        60,
    );
    assert_eq!(replayed.code, Some(2), "{}", replayed.said());
    assert!(
        replayed.stderr.contains("no case has a request to replay"),
        "{}",
        replayed.said()
    );
}

#[test]
fn a_case_without_a_certificate_is_no_pass() {
    let pki = Pki::new();
    recorded(&pki, &["--client-auth", "none"], |listen| {
        drop(std::net::TcpStream::connect(listen.address()).unwrap());
    });
    let name = files(pki.path("cases"))[0].display().to_string();
    let seen = run(mtls().args(["lint", &name, "--format", "json"]), 60);
    let document: serde_json::Value = serde_json::from_str(&seen.stdout).unwrap();
    assert_eq!(document["verdict"], "unknown", "{}", seen.said());
}

#[test]
fn files_that_are_no_cases_are_refused_in_words() {
    let pki = Pki::new();
    for (text, why) in [
        ("{}", "expected \"kind\": \"case\", found none"),
        ("[1]", "expected \"kind\": \"case\""),
        ("{", "not a case"),
        (
            r#"{"schema_version":"2","kind":"case","tool":{"name":"mtls","version":"9.1.0"}}"#,
            "a case of version \"2\", written by mtls 9.1.0; mtls reads version \"1\"",
        ),
        (
            r#"{"schema_version":"1","kind":"case","connection":{},"exchanges":[{"started":"x"}]}"#,
            "written by",
        ),
    ] {
        let path = pki.path("bad.case.json");
        fs::write(&path, text).unwrap();
        let seen = run(mtls().args(["case", "show", &path]), 60);
        assert_eq!(seen.code, Some(2), "{}", seen.said());
        assert!(seen.stderr.contains(why), "{}", seen.said());
    }
    // Keys that are not known are passed over; what is missing is empty.
    let path = pki.path("new.case.json");
    let text = r#"{"schema_version":"1","kind":"case","new":{"a":[1]},"connection":{"peer":"\u001b[31mx"},
        "exchanges":[{"started":"2026-11-29T13:50:45Z","new":1,"request":{"method":"GET","target":"/"}}]}"#;
    fs::write(&path, text).unwrap();
    let seen = run(mtls().args(["case", "show", &path]), 60).ok();
    assert!(
        seen.stdout.contains("GET /") && !seen.stdout.contains('\u{1b}'),
        "{}",
        seen.stdout
    );
}

#[test]
fn the_certificates_that_came_are_saved_once_and_stand_in_the_lines() {
    let pki = Pki::new();
    let folder = pki.path("certs");
    let listen = pki.listen(&["--save-certs", &folder]);
    as_valid(&pki, &listen);
    as_valid(&pki, &listen);
    post(&pki, &listen, "client-expired", &[], b"{}");
    let report = listen.finish();
    let sent = fs::read_to_string(pki.client("valid", "leaf.pem")).unwrap();
    let line = report.connections()[0];
    assert_eq!(line["client_chain"][0]["pem"], sent);
    let saved: Vec<String> = fs::read_dir(&folder)
        .unwrap()
        .map(|entry| fs::read_to_string(entry.unwrap().path()).unwrap())
        .collect();
    assert_eq!(saved.len(), 2, "{saved:?}");
    assert!(
        saved
            .iter()
            .any(|text| text.contains(&sent) && text.contains("it verified"))
    );
    assert!(saved.iter().any(|text| text.contains("did not verify")));
}

/// Written by 0.1.0 and kept as they are: later versions have to read them.
#[test]
fn cases_of_earlier_versions_stay_readable() {
    let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/cases");
    let shown = run(mtls().args(["case", "show", folder]), 60).ok();
    for part in [
        "CN = simulated sender (2 certificates)",
        "--> POST /hook?token=<<query:token>> HTTP/1.1",
        "<-- 200 by mtls, from a file",
        "2 credentials taken out",
        "error MT201",
    ] {
        assert!(shown.stdout.contains(part), "{part}: {}", shown.stdout);
    }
    let refused = format!("{folder}/refused.case.json");
    let judged = |day: &str| run(mtls().args(["lint", &refused, "--at-time", day]), 60).code;
    assert_eq!(
        (judged("2026-11-30"), judged("2026-11-01")),
        (Some(1), Some(0))
    );
}

//! Cases for other programs, read back by them.

use std::{fs, io::Write as _};

use serde_json::Value;

use super::{files, post, recorded};
use crate::support::{Pki, clean, mtls, peer, run};

fn cases(pki: &Pki) {
    let bytes: Vec<u8> = (0..=255).collect();
    recorded(pki, &[], |listen| {
        let fields = [
            ("authorization", "Bearer abcdefghijklmnopqrstuvwxyz"),
            ("content-type", "application/json"),
        ];
        post(
            pki,
            listen,
            "valid",
            &fields,
            b"{\"queryResult\":{\"queryText\":\"it's `{{x}}` $HOME\"},\"password\":\"hunter2\"}",
        );
        post(pki, listen, "valid", &[], &bytes);
        post(pki, listen, "none", &[], b"@/etc/passwd");
    });
}

/// The fields that HAR 1.2 requires of each object (w3c.github.io/web-performance/specs/HAR).
const REQUIRED: &[(&str, &[&str])] = &[
    ("/log", &["version", "creator", "entries"]),
    ("/log/creator", &["name", "version"]),
    (
        "/log/entries/0",
        &[
            "startedDateTime",
            "time",
            "request",
            "response",
            "cache",
            "timings",
        ],
    ),
    (
        "/log/entries/0/request",
        &[
            "method",
            "url",
            "httpVersion",
            "cookies",
            "headers",
            "queryString",
            "headersSize",
            "bodySize",
        ],
    ),
    ("/log/entries/0/request/postData", &["mimeType", "text"]),
    (
        "/log/entries/0/response",
        &[
            "status",
            "statusText",
            "httpVersion",
            "cookies",
            "headers",
            "content",
            "redirectURL",
            "headersSize",
            "bodySize",
        ],
    ),
    ("/log/entries/0/response/content", &["size", "mimeType"]),
    ("/log/entries/0/timings", &["send", "wait", "receive"]),
];

#[test]
fn a_har_has_what_its_readers_require() {
    let pki = Pki::new();
    cases(&pki);
    let out = pki.path("calls.har");
    run(
        mtls().args(["case", "export", "har", &pki.path("cases"), "--out", &out]),
        60,
    )
    .ok();
    let text = fs::read_to_string(&out).unwrap();
    let document: Value = serde_json::from_str(&text).unwrap();
    for (at, names) in REQUIRED {
        let object = document.pointer(at).and_then(Value::as_object).unwrap();
        for name in *names {
            assert!(object.contains_key(*name), "{at}/{name}");
        }
    }
    let entries = document["log"]["entries"].as_array().unwrap();
    assert_eq!(entries.len(), 3);
    let first = &entries[0];
    assert_eq!(first["request"]["httpVersion"], "HTTP/1.1");
    assert!(
        first["request"]["url"]
            .as_str()
            .unwrap()
            .starts_with("https://localhost:")
    );
    let sent = &first["request"]["postData"];
    assert_eq!(sent["mimeType"], "application/json");
    assert!(
        sent["text"]
            .as_str()
            .unwrap()
            .contains("<<field:password>>")
    );
    assert_eq!(first["response"]["status"], 200);
    assert_eq!(entries[1]["request"]["postData"]["_encoding"], "base64");
    // Numbers are numbers: a NaN or a null breaks Chromium's importer.
    for entry in entries {
        assert!(
            entry["time"].is_number() && entry["timings"]["wait"].is_number(),
            "{entry}"
        );
    }
}

/// What curl sends is what came, credentials apart.
#[test]
fn a_curl_command_makes_the_call_again() {
    if peer("curl").is_none() {
        return;
    }
    let pki = Pki::new();
    cases(&pki);
    let again = pki.path("again");
    for (number, case) in files(pki.path("cases")).iter().enumerate() {
        let folder = format!("{again}-{number}");
        let listen = pki.listen(&["--record", &folder]);
        let printed = run(
            mtls().args(["case", "export", "curl", &case.display().to_string()]),
            60,
        )
        .ok();
        let authority = super::read(case)["exchanges"][0]["request"]["authority"].clone();
        let command = printed.stdout.replace(
            authority.as_str().unwrap(),
            &format!("localhost:{}", listen.port()),
        );
        let script = pki.path("again.sh");
        let mut file = fs::File::create(&script).unwrap();
        writeln!(
            file,
            "curl() {{ command curl --silent --cacert {} \"$@\"; }}",
            pki.path("server-ca.pem")
        )
        .unwrap();
        file.write_all(command.as_bytes()).unwrap();
        drop(file);
        let seen = run(
            clean("sh")
                .arg(&script)
                .env("BEARER", "abcdefghijklmnopqrstuvwxyz")
                .env("FIELD_PASSWORD", "hunter2"),
            60,
        );
        assert_eq!(seen.code, Some(0), "{}\n{command}", seen.said());
        listen.finish();
        let (before, after) = (super::read(case), super::only(&folder));
        let body = |case: &Value| case["exchanges"][0]["request"]["body"].clone();
        assert_eq!(body(&before), body(&after), "{command}");
    }
}

#[test]
fn a_hurl_file_names_what_was_taken_out() {
    let pki = Pki::new();
    cases(&pki);
    let seen = run(
        mtls().args(["case", "export", "hurl", &pki.path("cases")]),
        60,
    )
    .ok();
    assert!(
        seen.stdout.contains("authorization: Bearer {{bearer}}"),
        "{}",
        seen.stdout
    );
    assert_eq!(
        seen.stdout.matches("\nHTTP 200\n").count(),
        3,
        "{}",
        seen.stdout
    );
    assert!(seen.stdout.contains("base64,"), "{}", seen.stdout);
}

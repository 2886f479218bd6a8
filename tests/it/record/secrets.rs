//! No credential in a recorded folder: forty of them, planted wherever a call can have one.

use std::fs;

use super::{files, post, recorded};
use crate::support::{Pki, mtls, run};

const JWT: &str = "eyJhbGciOiJSUzI1NiJ9.eyJpc3MiOiJhIn0.s3cr3ts3cr3ts3cr3t";

/// Header fields, each with a secret that has `s3cr3t` or its base64 in it.
fn headers() -> Vec<(&'static str, String)> {
    vec![
        ("authorization", format!("Bearer {JWT}")),
        (
            "proxy-authorization",
            "Basic dTpzM2NyM3RzM2NyM3Q=".to_owned(),
        ),
        ("x-serverless-authorization", format!("Bearer {JWT}")),
        ("x-goog-iap-jwt-assertion", JWT.to_owned()),
        ("x-amzn-oidc-data", JWT.to_owned()),
        ("cookie", "a=s3cr3t; b=s3cr3t".to_owned()),
        ("x-auth", "s3cr3t".to_owned()),
        ("x-auth-token", "s3cr3t".to_owned()),
        ("x-api-key", "s3cr3t".to_owned()),
        ("x-hub-signature-256", "sha256=s3cr3t".to_owned()),
        ("x-twilio-signature", "s3cr3t".to_owned()),
        ("stripe-signature", "t=1,v1=s3cr3t".to_owned()),
        ("x-session", "s3cr3t".to_owned()),
        ("x-anything", JWT.to_owned()),
        ("x-other", "ghp_s3cr3ts3cr3ts3cr3t".to_owned()),
        (
            "referer",
            "https://e.example/?access_token=s3cr3t".to_owned(),
        ),
        ("x-url", "https://u:s3cr3t@e.example/".to_owned()),
    ]
}

fn bodies() -> Vec<(&'static str, Vec<u8>)> {
    let json = format!(
        r#"{{"queryResult":{{"queryText":"hi"}},"accessToken":"s3cr3t","n":{{"client_secret":"s3cr3t"}},
        "password":"s3cr3t","pw":"s3cr3t","private_key":"s3cr3t","credentials":{{"user":"a","value":["s3cr3t"]}},
        "p\u0061ssword":"s3cr3t","passwords":["s3cr3t",{{"a":"s3cr3t"}}],"idToken":"{JWT}",
        "message":"{{\"client_secret\":\"s3cr3t\"}}","callback":"https://e.example/?sig=s3cr3t",
        "text":"password=s3cr3t","pem":"-----BEGIN PRIVATE KEY-----\nc3czM3Q s3cr3t\n-----END PRIVATE KEY-----"}}"#
    );
    let form = "grant_type=password&client_secret=s3cr3t&password=s3cr3t&code=s3cr3t&refresh%5Ftoken=s3cr3t";
    let part = "--x\r\nContent-Disposition: form-data; name=\"api_key\"\r\n\r\ns3cr3t\r\n--x--\r\n";
    let xml = "<a><password>s3cr3t</password></a>";
    let payload = "payload=%7B%22token%22%3A%22s3cr3t%22%2C%22a%22%3A%7B%22password%22%3A%22s3cr3t%22%7D%7D&b=1";
    let pairs =
        r#"{"headers":[{"name":"X-Api-Key","value":"s3cr3t"},{"value":"s3cr3t","key":"token"}]}"#;
    let nested = "<r><Secret type='x'><part>s3cr3t</part></Secret></r>";
    let lines = "user: me\npassword: s3cr3t\nlist:\n  - client_secret: s3cr3t\n";
    let binary = [b"\xff\xfe\x00".as_slice(), b"api_key=s3cr3t&b=\xfe"].concat();
    vec![
        ("", json.into_bytes()),
        ("", form.as_bytes().to_vec()),
        ("", part.as_bytes().to_vec()),
        ("", xml.as_bytes().to_vec()),
        ("", payload.as_bytes().to_vec()),
        ("", pairs.as_bytes().to_vec()),
        ("", nested.as_bytes().to_vec()),
        ("", lines.as_bytes().to_vec()),
        ("", binary),
    ]
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use std::io::Write as _;
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}

/// Every form in which a secret of these could stand in a file.
fn leaks(text: &str) -> Option<String> {
    let found = ["s3cr3t", "czNjcjN0", "M2NyM3", "zY3IzdH", "PRIVATE KEY"]
        .iter()
        .find_map(|secret| text.find(secret));
    found.map(|at| {
        let bytes = text.as_bytes();
        let near = &bytes[at.saturating_sub(120)..bytes.len().min(at + 40)];
        String::from_utf8_lossy(near).into_owned()
    })
}

#[test]
fn a_recorded_folder_has_none_of_forty_planted_secrets() {
    let pki = Pki::new();
    let answer = pki.path("answer.json");
    fs::write(
        &answer,
        format!(r#"{{"token":"s3cr3t","fulfillmentText":"see https://e.example/?key=s3cr3t","j":"{JWT}"}}"#),
    )
    .unwrap();
    recorded(&pki, &["--respond", &answer], |listen| {
        let headers = headers();
        let fields: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        post(&pki, listen, "valid", &fields, b"{}");
        for (coding, body) in bodies() {
            post(&pki, listen, "valid", &[("x-coding", coding)], &body);
            post(
                &pki,
                listen,
                "valid",
                &[("content-encoding", "gzip")],
                &gzip(&body),
            );
            // What cannot be looked into is not kept.
            post(
                &pki,
                listen,
                "valid",
                &[("content-encoding", "zstd")],
                &body,
            );
        }
        for target in [
            "/hook?access_token=s3cr3t&a=1",
            "/hook?key=s3cr3t",
            "/hook?hub.verify_token=s3cr3t",
            "/hook?sig=s3cr3t",
            "/hook?%74%6f%6b%65%6e=s3cr3t",
        ] {
            let url = listen.url(target);
            run(
                mtls().args([
                    "simulate", &url, "-k", "--client", "none", "--bearer", "none",
                ]),
                60,
            );
        }
    });
    let cases = files(pki.path("cases"));
    assert!(cases.len() >= 20, "{}", cases.len());
    for entry in fs::read_dir(pki.path("cases")).unwrap() {
        let text = fs::read_to_string(entry.unwrap().path()).unwrap();
        assert_eq!(leaks(&text), None);
    }
    // Nor in anything that is made of it.
    let folder = pki.path("cases");
    for words in [
        &["case", "show", &folder, "-v"][..],
        &["case", "export", "har", &folder],
        &["case", "export", "curl", &folder],
        &["case", "export", "hurl", &folder],
        &["scenario", "from", &folder],
    ] {
        let seen = run(mtls().args(words), 60).ok();
        assert_eq!(leaks(&seen.stdout), None, "{words:?}");
    }
}

#[test]
fn what_was_recorded_with_secrets_can_be_redacted_later() {
    let pki = Pki::new();
    recorded(&pki, &["--show-secrets"], |listen| {
        let headers = headers();
        let fields: Vec<(&str, &str)> = headers
            .iter()
            .map(|(name, value)| (*name, &**value))
            .collect();
        for (_, body) in bodies() {
            post(&pki, listen, "valid", &fields, &body);
            post(
                &pki,
                listen,
                "valid",
                &[("content-encoding", "gzip")],
                &gzip(&body),
            );
        }
    });
    for (number, case) in files(pki.path("cases")).iter().enumerate() {
        let before = fs::read_to_string(case).unwrap();
        let out = pki.path(&format!("redacted-{number}.case.json"));
        run(
            mtls().args(["case", "redact", &case.display().to_string(), "--out", &out]),
            60,
        )
        .ok();
        let after = fs::read_to_string(&out).unwrap();
        assert_eq!(leaks(&after), None);
        let case: serde_json::Value = serde_json::from_str(&after).unwrap();
        let taken = case["redactions"].as_array().unwrap();
        assert!(before.len() > 1000 && !taken.is_empty(), "{after}");
        // Once more changes nothing.
        let again = run(mtls().args(["case", "redact", &out]), 60).ok();
        assert_eq!(again.stdout, after);
        run(mtls().args(["case", "show", &out]), 60).ok();
    }
}

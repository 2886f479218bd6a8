//! curl: HTTP/1.1, HTTP/2 and the many ways a request can be written.

use std::{fs, io::Write as _, time::Instant};

use mtls::dialogflow;
use serde_json::Value;

use crate::support::{Finished, Listen, PATIENCE, Pki, clean, peer, run};

/// curl with our server's anchor and the good client certificate, about to call `path`; the
/// answer's body goes to stdout.
fn curl(pki: &Pki, listen: &Listen, path: &str, more: &[&str]) -> Finished {
    let mut command = clean("curl");
    command
        .args([
            "-sS",
            "--max-time",
            "30",
            "--cacert",
            &pki.path("server-ca.pem"),
        ])
        .args([
            "--cert",
            &pki.client("valid", "fullchain.pem"),
            "--key",
            &pki.client("valid", "key.pem"),
        ])
        .args(more)
        .arg(listen.url(path));
    run(&mut command, PATIENCE.as_secs())
}

/// Arguments of a POST of this JSON, written to a file of its own.
fn post(pki: &Pki, name: &str, body: &Value) -> Vec<String> {
    let path = pki.write(name, body.to_string());
    vec![
        "-H".into(),
        "Content-Type: application/json".into(),
        "--data-binary".into(),
        format!("@{path}"),
    ]
}

fn json(text: &str) -> Value {
    serde_json::from_str(text).unwrap_or_else(|error| panic!("{error}: {text}"))
}

fn has_http2() -> bool {
    let http2 = run(clean("curl").arg("-V"), 10).stdout.contains("HTTP2");
    if !http2 {
        crate::support::skipped("this curl has no HTTP/2");
    }
    http2
}

fn one_es_call(version: &str, alpn: &str, http: &str) {
    let pki = Pki::new();
    let listen = pki.listen(&["--count", "1"]);
    let mut arguments = post(&pki, "es.json", &dialogflow::es_hi_request());
    arguments.push(version.to_owned());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answer = curl(&pki, &listen, "/hook?a=b", &arguments).ok();
    assert!(
        json(&answer.stdout)["fulfillmentText"].is_string(),
        "{}",
        answer.stdout
    );
    assert!(
        json(&answer.stdout)["fulfillmentMessages"].is_array(),
        "{}",
        answer.stdout
    );

    let report = listen.wait();
    assert_eq!(report.code, Some(0), "{report:#?}");
    let seen = report.connection();
    assert_eq!(seen["first_bytes"], "tls");
    assert_eq!(seen["sni"], "localhost");
    assert_eq!(seen["protocol"], "TLSv1.3");
    assert!(
        seen["cipher"].as_str().unwrap().starts_with("TLS_"),
        "{}",
        seen["cipher"]
    );
    assert!(seen["group"].is_string());
    assert!(
        !seen["client_hello"]["groups"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert!(
        !seen["client_hello"]["signature_algorithms"]
            .as_array()
            .unwrap()
            .is_empty()
    );
    assert_eq!(seen["alpn"]["chosen"], alpn);
    assert_eq!(seen["client_chain"].as_array().unwrap().len(), 2);
    assert_eq!(
        seen["client_chain"][0]["sans"][0],
        "DNS:sender.simulated.test"
    );
    assert_eq!(seen["trust"][0]["status"], "trusted", "{:#}", seen["trust"]);
    assert_eq!(seen["verify"].as_array().unwrap().len(), 3);
    assert!(
        seen["verify"]
            .as_array()
            .unwrap()
            .iter()
            .all(|step| step["error"].is_null())
    );
    assert!(seen["profile_match"].is_null());
    assert_eq!(seen["signature"]["scheme"], "ecdsa_secp256r1_sha256");
    assert_eq!(seen["signature"]["digest"], "SHA256");
    assert_eq!(seen["signature"]["type"], "ECDSA");
    assert_eq!(seen["signature"]["verified"], true);
    assert_eq!(seen["http"]["method"], "POST");
    assert_eq!(seen["http"]["path"], "/hook?a=b");
    assert_eq!(seen["http"]["version"], http);
    assert_eq!(seen["http"]["kind"], "es");
    assert_eq!(seen["http"]["json_ok"], true);
    assert_eq!(
        json(seen["http"]["body"].as_str().unwrap()),
        dialogflow::es_hi_request()
    );
    assert_eq!(seen["ending"]["kind"], "completed", "{}", seen["ending"]);
    assert_eq!(seen["ending"]["phase"], "done");
    assert_eq!(seen["further_http"].as_array().unwrap().len(), 0);
}

#[test]
fn an_es_call_over_http_1() {
    if peer("curl").is_some() {
        one_es_call("--http1.1", "http/1.1", "HTTP/1.1");
    }
}

#[test]
fn an_es_call_over_http_2() {
    if peer("curl").is_some() && has_http2() {
        one_es_call("--http2", "h2", "HTTP/2");
    }
}

#[test]
fn a_cx_call_gets_a_cx_answer() {
    if peer("curl").is_none() {
        return;
    }
    let pki = Pki::new();
    let listen = pki.listen(&["--count", "1"]);
    let arguments = post(&pki, "cx.json", &dialogflow::cx_hi_request());
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
    let answer = curl(&pki, &listen, "/", &arguments).ok();
    assert!(
        json(&answer.stdout)["fulfillmentResponse"]["messages"].is_array(),
        "{}",
        answer.stdout
    );
    assert_eq!(listen.wait().connection()["http"]["kind"], "cx");
}

#[test]
fn bodies_come_in_every_wrapping() {
    if peer("curl").is_none() {
        return;
    }
    let pki = Pki::new();
    let mut big = dialogflow::es_hi_request();
    // More than 1 MiB: curl then waits for `100 Continue` before it sends the body.
    big["queryResult"]["queryText"] = Value::from("Hi ".repeat(400_000));
    let mut packed = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::default());
    packed
        .write_all(dialogflow::es_hi_request().to_string().as_bytes())
        .unwrap();
    let packed = packed.finish().unwrap();
    let packed_length = packed.len();
    let packed = format!("@{}", pki.write("es.json.gz", packed));
    let big_length = big.to_string().len();
    let big = post(&pki, "big.json", &big);
    let mut chunked = post(&pki, "es.json", &dialogflow::es_hi_request());
    chunked.extend(["-H".to_owned(), "Transfer-Encoding: chunked".to_owned()]);
    let gzip: Vec<String> = [
        "-H",
        "Content-Type: application/json",
        "-H",
        "Content-Encoding: gzip",
        "--data-binary",
        &packed,
    ]
    .map(str::to_owned)
    .into();

    let mut listen = pki.listen(&["--count", "3"]);
    for (name, arguments) in [("big", big), ("chunked", chunked), ("gzip", gzip)] {
        let mut arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        arguments.extend(["--http1.1", "-v"]);
        let answer = curl(&pki, &listen, "/", &arguments).ok();
        assert!(
            json(&answer.stdout)["fulfillmentText"].is_string(),
            "{name}: {}",
            answer.said()
        );
        let seen = listen.next();
        assert_eq!(seen["http"]["kind"], "es", "{name}: {seen:#}");
        assert_eq!(seen["http"]["json_ok"], true, "{name}");
        assert_eq!(
            seen["ending"]["kind"], "completed",
            "{name}: {}",
            seen["ending"]
        );
        match name {
            "big" => {
                assert!(answer.stderr.contains("100 Continue"), "{}", answer.stderr);
                assert_eq!(seen["http"]["body_bytes"], big_length);
            }
            "gzip" => {
                assert_eq!(seen["http"]["decoded"], "gzip");
                assert_eq!(seen["http"]["body_bytes"], packed_length);
                assert_eq!(
                    json(seen["http"]["body"].as_str().unwrap()),
                    dialogflow::es_hi_request()
                );
            }
            _ => assert!(seen["http"]["decoded"].is_null()),
        }
    }
    assert_eq!(listen.wait().summary()["cases"], 3);
}

#[test]
fn two_requests_on_one_connection_are_one_case() {
    if peer("curl").is_none() {
        return;
    }
    let pki = Pki::new();
    let mut versions = vec!["--http1.1"];
    if has_http2() {
        versions.push("--http2");
    }
    for version in versions {
        let listen = pki.listen(&["--count", "1"]);
        let first = listen.url("/first");
        curl(&pki, &listen, "/second", &[version, "-d", "{}", &first]).ok();
        let report = listen.wait();
        let seen = report.connection();
        assert_eq!(seen["http"]["path"], "/first");
        assert_eq!(seen["further_http"].as_array().unwrap().len(), 1);
        assert_eq!(seen["further_http"][0]["path"], "/second");
        assert_eq!(seen["ending"]["kind"], "completed", "{}", seen["ending"]);
    }
}

#[test]
fn the_answer_is_as_asked_for() {
    if peer("curl").is_none() {
        return;
    }
    let pki = Pki::new();
    let answer = pki.write("answer.json", r#"{"fulfillmentText":"from a file"}"#);
    let head = pki.path("head");
    let listen = pki.listen(&[
        "--count",
        "1",
        "--status",
        "503",
        "--delay",
        "300ms",
        "--respond",
        &answer,
    ]);
    let began = Instant::now();
    let got = curl(&pki, &listen, "/", &["-d", "{}", "-D", &head]).ok();
    // A lower bound only: how slow the machine is must not matter.
    assert!(began.elapsed().as_millis() >= 300);
    assert_eq!(got.stdout, r#"{"fulfillmentText":"from a file"}"#);
    let head = fs::read_to_string(head).unwrap();
    assert!(head.lines().next().unwrap().contains(" 503"), "{head}");
    assert!(head.contains("content-type: application/json"), "{head}");
    let report = listen.wait();
    assert_eq!(report.connection()["http"]["answer"]["status"], 503);
    assert!(
        report.connection()["timings_ms"]["answer"]
            .as_f64()
            .unwrap()
            >= 300.0
    );
}

#[test]
fn get_and_head_are_answered() {
    if peer("curl").is_none() {
        return;
    }
    let pki = Pki::new();
    for (flags, method) in [
        (&["--http1.1"][..], "GET"),
        (&["--http1.1", "--head"], "HEAD"),
    ] {
        let listen = pki.listen(&["--count", "1"]);
        let got = curl(&pki, &listen, "/", flags).ok();
        let report = listen.wait();
        let seen = report.connection();
        assert_eq!(seen["http"]["method"], method);
        assert!(seen["http"]["json_ok"].is_null());
        assert_eq!(
            seen["ending"]["kind"], "completed",
            "{method}: {}",
            seen["ending"]
        );
        if method == "HEAD" {
            assert!(got.stdout.starts_with("HTTP/1.1 200"), "{}", got.stdout);
        } else {
            assert!(json(&got.stdout)["message"].is_string());
        }
    }
}

#[test]
fn without_a_certificate_and_with_an_unknown_anchor() {
    if peer("curl").is_none() {
        return;
    }
    let pki = Pki::new();
    let mut listen = pki.listen(&["--count", "2"]);
    run(
        clean("curl").args([
            "-sS",
            "-d",
            "{}",
            "--cacert",
            &pki.path("server-ca.pem"),
            &listen.url("/"),
        ]),
        30,
    )
    .ok();
    let seen = listen.next();
    assert_eq!(seen["client_certificate"], "not-sent");
    assert_eq!(seen["client_chain"].as_array().unwrap().len(), 0);
    assert!(
        seen["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["name"] == "client-certificate-not-sent")
    );

    // The anchor of the clients is not the anchor of the server.
    let refused = run(
        clean("curl").args([
            "-sS",
            "--cacert",
            &pki.path("client-ca.pem"),
            &listen.url("/"),
        ]),
        30,
    );
    assert_eq!(refused.code, Some(60), "{}", refused.said());
    let seen = listen.next();
    assert_eq!(seen["ending"]["kind"], "peer-alert", "{:#}", seen["ending"]);
    assert_eq!(seen["ending"]["alert"]["code"], 48);
    assert_eq!(seen["ending"]["sent_by"], "peer");
    assert!(
        seen["findings"]
            .as_array()
            .unwrap()
            .iter()
            .any(|finding| finding["name"] == "server-certificate-rejected")
    );
    listen.wait();
}

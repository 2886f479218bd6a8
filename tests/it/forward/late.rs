//! What is looked into after its answer: however long that takes, every call is recorded as it
//! was, in its order, and the listener stops in time.

use std::{
    io::{Read as _, Write as _},
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{app::App, call, connect, forward, post};
use crate::{
    record::{files, read},
    support::{Pki, free_port},
};

/// JSON in which thousands of credentials have to be found.
fn heavy(bytes: usize) -> Vec<u8> {
    let mut body = String::from("[");
    let mut number = 0;
    while body.len() < bytes {
        let row = format!(
            r#"{{"id":{number},"url":"https://x.example/?token=abc{number}","nested":{{"password":"p{number}"}}}},"#
        );
        body.push_str(&row);
        number += 1;
    }
    body.push_str("0]");
    body.into_bytes()
}

fn request(path: &str, body: &[u8]) -> Vec<u8> {
    let mut request = format!(
        "POST {path} HTTP/1.1\r\nHost: a\r\nContent-Type: application/json\r\nContent-Length: {}\r\n\r\n",
        body.len()
    )
    .into_bytes();
    request.extend_from_slice(body);
    request
}

fn echoes_nothing() -> App {
    App::says(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok".to_vec())
}

/// The exchanges of a case: path, status of the answer, and what is said of the request's body.
fn exchanges(case: &Value) -> Vec<(String, Option<u64>, Value)> {
    let rows = case["exchanges"].as_array().unwrap().iter();
    rows.map(|row| {
        let target = row["request"]["target"].as_str().unwrap().to_owned();
        let status = row["answer"]["status"].as_u64();
        (target, status, row["request"]["body"].clone())
    })
    .collect()
}

#[test]
fn every_call_is_recorded_in_its_order() {
    let pki = Pki::new();
    let app = echoes_nothing();
    let folder = pki.path("cases");
    let listen = forward(&pki, &app.url(), &["--record", &folder]);
    let body = heavy(60_000);
    // Large and small ones by turns on each connection; none waits for what was before it.
    let connections = 8;
    for connection in 0..connections {
        let mut tls = connect(&pki, listen.address(), Some("valid"));
        for number in 0..6 {
            let body = if number % 2 == 0 { &body[..] } else { b"{}" };
            let path = format!("/{connection}/{number}");
            tls.write_all(&request(&path, body)).unwrap();
            tls.flush().unwrap();
            let mut answer = [0; 512];
            let read = tls.read(&mut answer).unwrap();
            assert!(answer[..read].starts_with(b"HTTP/1.1 200"), "{path}");
        }
    }
    let until = Instant::now() + Duration::from_secs(120);
    while files(&folder).len() < connections && Instant::now() < until {
        std::thread::sleep(Duration::from_millis(50));
    }
    listen.finish();
    let cases: Vec<Value> = files(&folder).iter().map(|path| read(path)).collect();
    assert_eq!(cases.len(), connections);
    for case in &cases {
        let rows = exchanges(case);
        let first = rows[0].0.trim_end_matches('0').to_owned();
        let came: Vec<&str> = rows.iter().map(|row| row.0.as_str()).collect();
        let sent: Vec<String> = (0..6).map(|number| format!("{first}{number}")).collect();
        assert_eq!(came, sent);
        assert!(rows.iter().all(|row| row.1 == Some(200)), "{rows:?}");
        let ending = &case["connection"]["ending"]["kind"];
        assert_eq!(ending, "completed", "{:#}", case["connection"]);
    }
}

#[test]
fn the_end_of_the_run_is_no_end_of_what_was_answered() {
    let pki = Pki::new();
    let app = echoes_nothing();
    let folder = pki.path("cases");
    let listen = forward(&pki, &app.url(), &["--record", &folder]);
    let body = heavy(200_000);
    let mut open = Vec::new();
    for number in 0..20 {
        let mut tls = connect(&pki, listen.address(), Some("valid"));
        tls.write_all(&request(&format!("/{number}"), &body))
            .unwrap();
        tls.flush().unwrap();
        let mut answer = [0; 512];
        let read = tls.read(&mut answer).unwrap();
        assert!(answer[..read].starts_with(b"HTTP/1.1 200"));
        open.push(tls);
    }
    let asked = Instant::now();
    listen.finish();
    // Two seconds, and what one body takes in a build that is not optimised.
    assert!(asked.elapsed() < Duration::from_secs(15));
    let cases: Vec<Value> = files(&folder).iter().map(|path| read(path)).collect();
    assert_eq!(cases.len(), 20);
    let mut hurried = 0;
    for case in &cases {
        let rows = exchanges(case);
        assert_eq!(rows.len(), 1, "{case:#}");
        assert_eq!(rows[0].1, Some(200), "{case:#}");
        assert_eq!(rows[0].2["bytes"], body.len(), "{case:#}");
        let why = rows[0].2["omitted"].as_str().unwrap_or_default();
        hurried += usize::from(why.contains("the run ended"));
    }
    println!("{hurried} of 20 by their size only");
    assert!(hurried > 0, "nothing waited");
}

#[test]
fn what_is_answered_here_is_recorded_as_that() {
    let pki = Pki::new();
    let folder = pki.path("cases");
    let listen = forward(&pki, &free_port().to_string(), &["--record", &folder]);
    call(&pki, &listen, Some("valid"), &post("/hook", "", b"{}"));
    listen.finish();
    let case = read(&files(&folder)[0]);
    let answer = &case["exchanges"][0]["answer"];
    assert_eq!(answer["status"], 502, "{case:#}");
    assert_eq!(answer["by"], "mtls", "{case:#}");
    assert!(
        answer["body"]["content"]
            .as_str()
            .unwrap()
            .contains("cannot be reached")
    );
}

/// Who leaves within its own body asked for nothing; who leaves within the answer had a status.
#[test]
fn a_client_that_leaves_is_told_from_one_that_exceeds_a_limit() {
    let pki = Pki::new();
    let app = App::does(|_, stream| {
        let head = b"HTTP/1.1 200 OK\r\nContent-Length: 100000000\r\n\r\n";
        let chunk = [b'a'; 4096];
        stream.write_all(head).is_ok() && (0..20_000).all(|_| stream.write_all(&chunk).is_ok())
    });
    let mut listen = forward(&pki, &app.url(), &[]);
    let mut tls = connect(&pki, listen.address(), Some("valid"));
    tls.write_all(b"POST /half HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\nhalf")
        .unwrap();
    tls.flush().unwrap();
    std::thread::sleep(Duration::from_millis(200));
    drop(tls);
    let seen = listen.next();
    assert_eq!(
        seen["http"]["abandoned"]["within"], false,
        "in its body: {seen:#}"
    );
    assert!(seen["http"]["limit"].is_null(), "{seen:#}");
    assert!(seen["http"]["answer"].is_null(), "{seen:#}");

    let mut tls = connect(&pki, listen.address(), Some("valid"));
    tls.write_all(&request("/large", b"{}")).unwrap();
    tls.flush().unwrap();
    let mut some = [0; 1000];
    tls.read_exact(&mut some).unwrap();
    drop(tls);
    let seen = listen.next();
    assert_eq!(seen["http"]["abandoned"]["within"], true, "{seen:#}");
    assert_eq!(seen["http"]["answer"]["status"], 200, "{seen:#}");

    let mut tls = connect(&pki, listen.address(), Some("valid"));
    tls.write_all(b"POST /odd HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nZZ\r\n")
        .unwrap();
    tls.flush().unwrap();
    let mut answer = Vec::new();
    let _ = tls.read_to_end(&mut answer);
    assert!(answer.starts_with(b"HTTP/1.1 400"), "{answer:?}");
    drop(tls);
    let seen = listen.next();
    assert_eq!(seen["http"]["answer"]["status"], 400, "{seen:#}");
    listen.finish();
}

//! The application is down, slow, or breaks off; the client does.

use std::{
    io::{Read as _, Write as _},
    thread,
    time::{Duration, Instant},
};

use super::{app::App, call, connect, forward, parts, post};
use crate::support::{Pki, free_port};

fn codes(seen: &serde_json::Value) -> Vec<&str> {
    let findings = seen["findings"].as_array().unwrap();
    findings
        .iter()
        .map(|finding| finding["code"].as_str().unwrap())
        .collect()
}

fn es() -> Vec<u8> {
    mtls::dialogflow::es_hi_request().to_string().into_bytes()
}

#[test]
fn an_application_that_is_down_is_502_and_said() {
    let pki = Pki::new();
    let port = free_port();
    let mut listen = forward(&pki, &port.to_string(), &[]);
    let answer = call(&pki, &listen, Some("valid"), &post("/hook", "", &es()));
    let (head, body) = parts(&answer);
    assert!(head.starts_with("http/1.1 502"), "{head}");
    // Where the application runs is no business of the sender's.
    assert!(!String::from_utf8_lossy(body).contains(&port.to_string()));
    let seen = listen.next();
    let error = &seen["http"]["forward"]["error"];
    assert_eq!(error["kind"], "down", "{seen:#}");
    let why = format!("connection refused localhost:{port} (is it running?)");
    assert_eq!(error["why"], why, "{seen:#}");
    assert_eq!(seen["http"]["answer"]["status"], 502, "{seen:#}");
    assert_eq!(seen["http"]["kind"], "es", "{seen:#}");
    assert!(codes(&seen).contains(&"MT540"), "{seen:#}");
    assert!(!codes(&seen).contains(&"MT544"), "{seen:#}");
    listen.finish();
}

#[test]
fn a_name_that_is_none_and_a_connection_that_never_comes_are_502() {
    let pki = Pki::new();
    // RFC 2606: this name has no address.
    let mut listen = forward(&pki, "http://nobody.invalid:3000", &[]);
    let answer = call(&pki, &listen, None, &post("/", "", b"{}"));
    assert!(parts(&answer).0.starts_with("http/1.1 502"));
    let seen = listen.next();
    assert_eq!(seen["http"]["forward"]["error"]["kind"], "down", "{seen:#}");
    listen.finish();
    // RFC 5737: nobody answers there, or the system has no way to it.
    let flags = ["--forward-connect-timeout", "300ms"];
    let mut listen = forward(&pki, "http://192.0.2.1:3000", &flags);
    let began = Instant::now();
    let answer = call(&pki, &listen, None, &post("/", "", b"{}"));
    assert!(parts(&answer).0.starts_with("http/1.1 502"));
    assert!(began.elapsed() < Duration::from_secs(10));
    let seen = listen.next();
    assert_eq!(seen["http"]["forward"]["error"]["kind"], "down", "{seen:#}");
    listen.finish();
}

#[test]
fn an_application_that_is_slow_is_504_and_its_sender_is_known() {
    let pki = Pki::new();
    let app = App::does(|_, _| {
        thread::sleep(Duration::from_secs(3));
        false
    });
    let mut listen = forward(&pki, &app.url(), &["--forward-timeout", "400ms"]);
    let began = Instant::now();
    let answer = call(&pki, &listen, Some("valid"), &post("/hook", "", &es()));
    assert!(parts(&answer).0.starts_with("http/1.1 504"));
    assert!(began.elapsed() < Duration::from_millis(2900));
    let seen = listen.next();
    assert_eq!(seen["http"]["forward"]["error"]["kind"], "slow", "{seen:#}");
    assert!(codes(&seen).contains(&"MT541"), "{seen:#}");
    listen.finish();
}

#[test]
fn an_answer_later_than_the_sender_waits_is_a_finding() {
    let pki = Pki::new();
    let app = App::says(|_| {
        thread::sleep(Duration::from_millis(5200));
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec()
    });
    let mut listen = forward(&pki, &app.url(), &[]);
    let answer = call(&pki, &listen, Some("valid"), &post("/hook", "", &es()));
    assert!(parts(&answer).0.starts_with("http/1.1 200"));
    let seen = listen.next();
    assert!(codes(&seen).contains(&"MT541"), "{seen:#}");
    let text = seen["findings"].to_string();
    assert!(text.contains("Dialogflow ES then gives up"), "{text}");
    listen.finish();
}

#[test]
fn an_answer_that_breaks_off_is_never_taken_for_a_whole_one() {
    let pki = Pki::new();
    // Before its first byte.
    let app = App::does(|_, _| false);
    let mut listen = forward(&pki, &app.url(), &[]);
    let answer = call(&pki, &listen, Some("valid"), &post("/hook", "", &es()));
    assert!(parts(&answer).0.starts_with("http/1.1 502"));
    let seen = listen.next();
    assert_eq!(
        seen["http"]["forward"]["error"]["kind"], "broke-off",
        "{seen:#}"
    );
    assert!(codes(&seen).contains(&"MT542"), "{seen:#}");
    listen.finish();
    // In the middle, by its length and in chunks.
    for head in [
        "HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nhalf",
        "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n4\r\nhalf\r\n",
    ] {
        let app = App::does(move |_, stream| {
            stream.write_all(head.as_bytes()).unwrap();
            thread::sleep(Duration::from_millis(200));
            false
        });
        let mut listen = forward(&pki, &app.url(), &[]);
        let answer = call(&pki, &listen, Some("valid"), &post("/hook", "", &es()));
        let (head, body) = parts(&answer);
        assert!(head.starts_with("http/1.1 200"), "{head}");
        assert!(!body.ends_with(b"0\r\n\r\n") && body.len() < 20, "{body:?}");
        let seen = listen.next();
        assert_eq!(
            seen["http"]["forward"]["error"]["kind"], "broke-off",
            "{seen:#}"
        );
        assert_eq!(seen["http"]["forward"]["status"], 200, "{seen:#}");
        assert!(codes(&seen).contains(&"MT542"), "{seen:#}");
        listen.finish();
    }
}

#[test]
fn a_status_that_dialogflow_takes_for_a_failure_is_a_finding() {
    let pki = Pki::new();
    let app = App::says(|_| b"HTTP/1.1 500 Oh\r\nContent-Length: 0\r\n\r\n".to_vec());
    let mut listen = forward(&pki, &app.url(), &[]);
    let answer = call(&pki, &listen, Some("valid"), &post("/hook", "", &es()));
    assert!(parts(&answer).0.starts_with("http/1.1 500"));
    assert!(codes(&listen.next()).contains(&"MT544"));
    // What others make of it is not known.
    call(&pki, &listen, Some("valid"), &post("/hook", "", b"{}"));
    assert!(!codes(&listen.next()).contains(&"MT544"));
    listen.finish();
}

#[test]
fn a_client_that_does_not_go_on_is_not_the_applications_fault() {
    let pki = Pki::new();
    let app = App::says(|_| b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n".to_vec());
    let mut listen = forward(&pki, &app.url(), &["--request-timeout", "700ms"]);
    let mut tls = connect(&pki, listen.address(), Some("valid"));
    tls.write_all(b"POST / HTTP/1.1\r\nHost: a\r\nContent-Length: 100\r\n\r\nhalf")
        .unwrap();
    let mut answer = Vec::new();
    let _ = tls.read_to_end(&mut answer);
    assert!(parts(&answer).0.starts_with("http/1.1 408"), "{answer:?}");
    let seen = listen.next();
    assert_eq!(
        seen["http"]["forward"]["error"],
        serde_json::Value::Null,
        "{seen:#}"
    );
    assert!(
        codes(&seen).contains(&"MT503") || !seen["http"]["limit"].is_null(),
        "{seen:#}"
    );
    listen.finish();
}

#[test]
fn a_client_that_leaves_before_the_answer_is_said_to_have_left() {
    let pki = Pki::new();
    let app = App::says(|_| {
        thread::sleep(Duration::from_millis(900));
        b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\n{}".to_vec()
    });
    let mut listen = forward(&pki, &app.url(), &[]);
    let mut tls = connect(&pki, listen.address(), Some("valid"));
    // One that is to be closed anyway is not read any more, so that nothing tells of a reset.
    tls.write_all(b"POST /hook HTTP/1.1\r\nHost: a\r\nContent-Length: 2\r\n\r\n{}")
        .unwrap();
    tls.flush().unwrap();
    app.next();
    thread::sleep(Duration::from_millis(200));
    tls.conn.send_close_notify();
    let _ = tls.flush();
    drop(tls);
    let seen = listen.next();
    assert!(!seen["http"]["abandoned"].is_null(), "{seen:#}");
    assert!(codes(&seen).contains(&"MT513"), "{seen:#}");
    assert_eq!(seen["http"]["forward"]["status"], 200, "{seen:#}");
    listen.finish();
}

/// The field that asks for another protocol is not passed on, so nobody asked the application.
#[test]
fn another_protocol_that_nobody_asked_for_is_502() {
    let pki = Pki::new();
    let app = App::says(|_| {
        b"HTTP/1.1 101 Switching Protocols\r\nUpgrade: other\r\nConnection: upgrade\r\n\r\n"
            .to_vec()
    });
    let mut listen = forward(&pki, &app.url(), &[]);
    let fields = "Upgrade: other\r\nConnection: upgrade\r\n";
    let answer = call(&pki, &listen, None, &post("/hook", fields, b"{}"));
    let (head, _) = parts(&answer);
    assert!(head.starts_with("http/1.1 502"), "{head}");
    let seen = listen.next();
    let error = &seen["http"]["forward"]["error"];
    assert_eq!(error["kind"], "broke-off", "{seen:#}");
    assert!(error["why"].as_str().unwrap().contains("101"), "{seen:#}");
    listen.finish();
}

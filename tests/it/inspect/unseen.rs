//! Servers with which no handshake comes about because the two have nothing in common: never a
//! PASS, and named for what it is.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener},
    thread,
    time::Duration,
};

use serde_json::Value;

use crate::{
    inspect::run::{inspect, loud, target},
    support::{mtls, run},
};

/// A server that answers every hello with a ServerHello of this version, without extensions, and
/// one RSA suite.
fn answers(version: u16) -> String {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let address = format!("localhost:{}", listener.local_addr().unwrap().port());
    thread::spawn(move || {
        for mut stream in listener.incoming().flatten() {
            let [high, low] = version.to_be_bytes();
            let mut hello = vec![22, 3, 1, 0, 42, 2, 0, 0, 38, high, low];
            hello.extend([b'r'; 32]);
            hello.extend([0, 0, 47, 0]);
            let mut read = [0; 4096];
            let _ = stream.read(&mut read);
            let _ = stream.write_all(&hello);
            thread::sleep(Duration::from_millis(300));
        }
    });
    address
}

#[test]
fn nothing_in_common_is_an_error_in_every_format_and_blames_no_certificate() {
    for (version, flags, words) in [
        (0x0300, [].as_slice(), "older than TLS 1.2"),
        (0x0301, &[], "older than TLS 1.2"),
        (0x0302, &[], "older than TLS 1.2"),
        (0x0303, &["--tlsv1.3"], "a flag excludes it"),
    ] {
        let address = answers(version);
        let with = |more: &[&'static str]| [&[address.as_str()], flags, more].concat();
        let (seen, exit) = target(&with(&[]));
        let ending = &seen["ending"];
        assert_eq!(ending["kind"], "incompatible", "{seen:#}");
        assert_eq!(ending["sent_by"], "us", "{seen:#}");
        assert_eq!(ending["alert"]["code"], 70, "{seen:#}");
        assert!(
            ending["detail"].as_str().unwrap().contains(words),
            "{seen:#}"
        );
        assert_eq!(loud(&seen), ["MT912"], "{seen:#}");
        assert_eq!(
            (seen["verdict"].as_str(), exit),
            (Some("fail"), 1),
            "{seen:#}"
        );
        let plugin = inspect(&with(&["--format", "nagios"]));
        assert_eq!(plugin.code, Some(2), "{plugin:?}");
        assert!(plugin.stdout.starts_with("MTLS CRITICAL"), "{plugin:?}");
        // Whoever leaves the rule out is told nothing, but not that all is well.
        let ignored = inspect(&with(&["--ignore", "MT912"]));
        assert_eq!(ignored.code, Some(1), "{ignored:?}");
        for format in ["text", "junit", "markdown"] {
            let page = inspect(&with(&["--format", format]));
            assert_eq!(page.code, Some(1), "{page:?}");
            assert!(!page.stdout.contains("PASS"), "{page:?}");
            assert!(
                !page.said().contains("certificate was rejected"),
                "{page:?}"
            );
        }
        let url = format!("https://{address}/");
        let call = run(
            mtls()
                .args(["simulate", &url, "--format", "json"])
                .args(flags),
            60,
        );
        assert_eq!(call.code, Some(1), "{call:?}");
        let document: Value = serde_json::from_str(&call.stdout).unwrap();
        let call = &document["calls"][0];
        assert_eq!(call["outcome"], "unreachable", "{call:#}");
        assert_eq!(loud(call), ["MT912"], "{call:#}");
    }
}

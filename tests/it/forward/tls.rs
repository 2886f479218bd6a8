//! The leg over TLS: one test over all of its flags.

use super::{call, forward, parts, post};
use crate::support::Pki;

#[test]
fn every_tls_flag_counts_on_the_leg() {
    let pki = Pki::new();
    // The application requires a client certificate itself.
    let mut behind = pki.listen(&["--client-auth", "require", "--enforce"]);
    let (cacert, cert, key) = (
        pki.path("server-ca.pem"),
        pki.client("valid", "fullchain.pem"),
        pki.client("valid", "key.pem"),
    );
    let port = behind.port();
    let elsewhere = format!("https://app.example:{port}");
    let led = format!("app.example:{port}:127.0.0.1");
    let identity = ["--forward-cert", &cert, "--forward-key", &key];
    let trusted = [&identity[..], &["--forward-cacert", &cacert]].concat();
    let here = format!("https://localhost:{port}");
    let good = [
        (here.as_str(), trusted.clone()),
        (&here, [&identity[..], &["--forward-skip-verify"]].concat()),
        // Its certificate is for localhost, by whatever name it is found.
        (
            &elsewhere,
            [
                &trusted[..],
                &["--forward-resolve", &led, "--forward-sni", "localhost"],
            ]
            .concat(),
        ),
    ];
    for (to, flags) in good {
        let mut listen = forward(&pki, to, &flags);
        let answer = call(&pki, &listen, None, &post("/hook", "", b"{}"));
        assert!(parts(&answer).0.starts_with("http/1.1 200"), "{flags:?}");
        assert_eq!(listen.next()["http"]["forward"]["status"], 200);
        let seen = behind.next();
        assert_eq!(seen["trust"][0]["status"], "trusted", "{seen:#}");
        assert_eq!(seen["sni"], "localhost", "{seen:#}");
        listen.finish();
    }
    let bad = [
        // The public roots do not know it.
        (
            here.as_str(),
            identity.to_vec(),
            "no path to a trusted root",
        ),
        // The name is another one.
        (
            &elsewhere,
            [&trusted[..], &["--forward-resolve", &led]].concat(),
            "does not cover the host name",
        ),
    ];
    for (to, flags, why) in bad {
        let mut listen = forward(&pki, to, &flags);
        let answer = call(&pki, &listen, None, &post("/hook", "", b"{}"));
        assert!(parts(&answer).0.starts_with("http/1.1 502"), "{flags:?}");
        let seen = listen.next();
        let error = &seen["http"]["forward"]["error"];
        assert_eq!(error["kind"], "down", "{seen:#}");
        assert!(error["why"].as_str().unwrap().contains(why), "{seen:#}");
        listen.finish();
        behind.next();
    }
    // Without the certificate that it requires.
    let mut listen = forward(&pki, &here, &["--forward-cacert", &cacert]);
    let answer = call(&pki, &listen, None, &post("/hook", "", b"{}"));
    assert!(parts(&answer).0.starts_with("http/1.1 502"));
    let why = listen.next()["http"]["forward"]["error"]["why"].clone();
    assert!(
        why.as_str().unwrap().to_lowercase().contains("certificate"),
        "{why}"
    );
    listen.finish();
    behind.finish();
}

#[test]
fn what_cannot_be_meant_is_refused_with_what_was_expected() {
    use crate::support::{mtls, run};
    for (flags, expected) in [
        (
            &["--forward-to", "ftp://a.example"][..],
            "expected http or https, found ftp",
        ),
        (
            &["--forward-to", "http://u:p@a.example"],
            "user name or password",
        ),
        (&["--forward-to", "http://a.example#x"], "fragment"),
        (
            &["--forward-to", "3000", "--forward-skip-verify"],
            "expected https://",
        ),
        (
            &["--forward-to", "3000", "--respond", "x.json"],
            "cannot be used with",
        ),
        (&["--forward-headers", "all"], "--forward-to"),
        (
            &["--forward-to", "3000", "--forward-resolve", "a:b"],
            "HOST:PORT:ADDRESS",
        ),
        (
            &["--forward-to", "3000", "--forward-timeout", "0"],
            "no time",
        ),
    ] {
        let finished = run(mtls().arg("listen").args(flags), 30);
        assert_eq!(finished.code, Some(2), "{flags:?}: {}", finished.said());
        assert!(
            finished.stderr.contains(expected),
            "{flags:?}: {}",
            finished.said()
        );
    }
}

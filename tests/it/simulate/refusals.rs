//! A refusal is told the same way every time.

use std::collections::BTreeMap;

use crate::{
    simulate::run::{Rehearsal, files, text},
    support::{Server, free_port, mtls, peer, run},
};

#[test]
fn a_hundred_calls_without_a_certificate_end_in_the_same_alert() {
    let Some(mut openssl) = peer("openssl") else {
        return;
    };
    let folder = Rehearsal::new();
    let port = free_port();
    openssl
        .args([
            "s_server",
            "-tls1_3",
            "-www",
            "-quiet",
            "-accept",
            &format!("127.0.0.1:{port}"),
        ])
        .args([
            "-cert",
            &folder.pki("server/fullchain.pem"),
            "-key",
            &folder.pki("server/key.pem"),
        ])
        .args([
            "-cert_chain",
            &folder.pki("server/fullchain.pem"),
            "-CAfile",
            &folder.pki("client-ca.pem"),
        ])
        .args(["-Verify", "2", "-verify_return_error"]);
    let _server = Server::start(folder.root(), &mut openssl, port);
    let simulated = folder.simulate(
        port,
        &["--client", "none", "--repeat", "100", "--jobs", "4"],
    );
    let rows = &simulated.document["repeat"]["rows"];
    assert_eq!(rows[0]["how"], "alert 116 certificate_required", "{rows:#}");
    assert_eq!(rows[0]["calls"], 100, "{rows:#}");
    assert_eq!(simulated.code, 0);
}

#[test]
fn a_hundred_calls_to_our_own_listener_too() {
    let pki = files();
    let listen = pki.listen(&["--client-auth", "require", "--enforce"]);
    let finished = run(
        mtls()
            .args([
                "simulate",
                &listen.url("/hook"),
                "--cacert",
                &pki.path("server-ca.pem"),
            ])
            .args([
                "--client", "none", "--repeat", "100", "--jobs", "8", "--format", "json",
            ]),
        60,
    )
    .ok();
    let document: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    let rows: BTreeMap<&str, u64> = document["repeat"]["rows"]
        .as_array()
        .unwrap()
        .iter()
        .map(|row| (text(&row["how"]), row["calls"].as_u64().unwrap()))
        .collect();
    assert_eq!(
        rows,
        BTreeMap::from([("alert 116 certificate_required", 100)])
    );
}

#[test]
fn what_is_no_webhook_is_named() {
    let folder = Rehearsal::new();
    let port = free_port();
    let simulated = folder.simulate(port, &["--client", "valid"]);
    assert_eq!(
        (simulated.found(), simulated.code),
        (vec!["MT910".to_owned()], 1)
    );
    assert_eq!(simulated.calls()[0]["outcome"], "unreachable");

    for (words, code) in [
        ("HTTP/1.1 400 Bad Request\r\n\r\n", "MT911"),
        ("SSH-2.0-OpenSSH_9.2\r\n", "MT911"),
        ("", "MT912"),
    ] {
        let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
        let port = socket.local_addr().unwrap().port();
        let answering = std::thread::spawn(move || {
            use std::io::{Read, Write};
            let (mut stream, _) = socket.accept().unwrap();
            let _ = stream.read(&mut [0; 4096]);
            let _ = stream.write_all(words.as_bytes());
        });
        let simulated = folder.simulate(port, &["--client", "valid"]);
        answering.join().unwrap();
        assert_eq!(
            (simulated.found(), simulated.code),
            (vec![code.to_owned()], 1),
            "{words:?}"
        );
    }
}

#[test]
fn bad_calls_are_one_line() {
    let folder = Rehearsal::new();
    for (words, said) in [
        (&["simulate", "http://localhost/"][..], "expected https"),
        (
            &["simulate", "https://localhost/", "--client", "nobody"],
            "no client is called `nobody`",
        ),
        (
            &["simulate", "https://localhost/", "--set", "x=1"],
            "begins with `/`",
        ),
        (
            &["simulate", "https://localhost/", "-H", "nocolon"],
            "no colon",
        ),
        (
            &["simulate", "https://localhost/", "--event", "fb"],
            "expected one of es",
        ),
        (
            &["simulate", "https://localhost/", "-X", "GET"],
            "only --event cx-flexible",
        ),
        (
            &["simulate", "https://localhost/", "--resolve", "x"],
            "--resolve x",
        ),
        (
            &["simulate", "https://localhost/", "-w", "%{nothing}"],
            "`nothing`",
        ),
        (
            &["simulate", "https://localhost/", "--cert", "/nothing.pem"],
            "no such file",
        ),
        (&["simulate", "--scenario", "/nothing.toml"], "no such file"),
        (&["simulate"], "URL"),
    ] {
        let finished = run(mtls().args(words), 60);
        assert_eq!(finished.code, Some(2), "{words:?}: {}", finished.said());
        assert!(
            finished.stderr.contains(said),
            "{words:?}: {}",
            finished.said()
        );
    }
    let again = run(mtls().args(["pki", &folder.path("pki")]), 60);
    assert_eq!(again.code, Some(2));
    assert!(again.stderr.contains("not empty"), "{}", again.stderr);
}

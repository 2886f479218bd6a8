//! One endpoint: what is asked, what is answered, what is resumed, whose certificate would be
//! taken.

use crate::{
    inspect::run::{inspect, loud, target},
    support::{Forge, Listen, Pki, Server, clean, free_port, mtls, peer, run},
};

fn listen(pki: &Pki, words: &[&str]) -> Listen {
    let (cert, key) = (pki.path("server/fullchain.pem"), pki.path("server/key.pem"));
    let mut all = vec!["--cert", &cert, "--key", &key];
    all.extend(words);
    Listen::start(&all)
}

#[test]
fn our_own_listener_in_each_mode() {
    let pki = Pki::new();
    let (ca, anchor) = (pki.path("client-ca.pem"), pki.path("server-ca.pem"));
    for (mode, wanted) in [
        ("none", "none"),
        ("request", "requested"),
        ("require", "required"),
    ] {
        let server = listen(&pki, &["--client-auth", mode, "--client-ca", &ca]);
        for words in [
            &[][..],
            &["--tls-max", "1.2"],
            &["--no-alpn"],
            &["--http1.1"],
        ] {
            let address = server.address().to_string();
            let mut all = vec![address.as_str(), "--cacert", &anchor];
            all.extend(words);
            let (seen, exit) = target(&all);
            assert_eq!(seen["client_auth"], wanted, "{words:?} {seen:#}");
            assert_eq!(exit, 0, "{words:?} {seen:#}");
            let group = seen["post_quantum"].as_bool();
            let tls12 = words.contains(&"1.2");
            // Of a handshake that was refused in TLS 1.2 the server's own hello tells.
            assert_eq!(group, Some(!tls12), "{words:?} {seen:#}");
            let version = if tls12 { "TLSv1.2" } else { "TLSv1.3" };
            assert_eq!(seen["protocol"], version, "{words:?} {seen:#}");
            let wanted = match words.first() {
                Some(&"--no-alpn") => None,
                Some(&"--http1.1") => Some("http/1.1"),
                _ => Some("h2"),
            };
            assert_eq!(seen["alpn"].as_str(), wanted, "{words:?} {seen:#}");
        }
    }
}

#[test]
fn a_second_handshake_shows_what_becomes_of_a_client() {
    let pki = Pki::new();
    let (ca, anchor) = (pki.path("client-ca.pem"), pki.path("server-ca.pem"));
    let server = listen(
        &pki,
        &["--client-auth", "require", "--client-ca", &ca, "--enforce"],
    );
    let address = server.address().to_string();
    let own = [
        "--cert",
        &pki.path("clients/valid/fullchain.pem"),
        "--key",
        &pki.path("clients/valid/key.pem"),
    ];
    let mut words = vec![address.as_str(), "--cacert", &anchor];
    words.extend(own);
    let (seen, exit) = target(&words);
    assert_eq!(seen["with_client"]["outcome"], "accepted", "{seen:#}");
    assert_eq!(seen["with_client"]["http_status"], 200);
    assert_eq!((seen["client_auth"].as_str(), exit), (Some("required"), 0));
    let (seen, _) = target(&[&address, "--cacert", &anchor, "--client", "expired"]);
    assert_eq!(seen["with_client"]["outcome"], "rejected", "{seen:#}");
    assert!(seen["with_client"]["alert"]["code"].is_number(), "{seen:#}");
    let refused = inspect(&[&address, "--client", "none"]);
    assert_eq!(refused.code, Some(2), "{}", refused.said());
}

/// The names in the request tell whether a sender is expected, and until when.
#[test]
fn the_senders_outlook_comes_from_the_names() {
    let pki = Pki::new();
    let pem = |ids: &[&str]| -> String {
        ids.iter()
            .map(|id| run(mtls().args(["profiles", "pem", id]), 60).ok().stdout)
            .collect()
    };
    let anchor = pki.path("server-ca.pem");
    let both = pem(&["dialogflow"]);
    let legacy = pem(&["gts-root-r1"]);
    for (content, day, outlook, findings) in [
        (&both, "2026-11-24", "ready", &[][..]),
        (&legacy, "2026-11-24", "breaks", &["MT425"]),
        (&legacy, "2026-12-02", "broken", &["MT425"]),
    ] {
        let file = pki.write("names.pem", content);
        let server = listen(&pki, &["--client-auth", "require", "--client-ca", &file]);
        let address = server.address().to_string();
        let words = [
            &address,
            "--cacert",
            &anchor,
            "--at-time",
            day,
            "--profile",
            "dialogflow",
        ];
        let (seen, _) = target(&words.map(|word: &str| word));
        assert_eq!(seen["readiness"][0]["outlook"], outlook, "{day} {seen:#}");
        assert_eq!(seen["readiness"][0]["grounds"]["kind"], "ca-names");
        // The server's certificate is of today, whatever day is asked about.
        let about_clients: Vec<String> = loud(&seen)
            .into_iter()
            .filter(|code| code.starts_with("MT4"))
            .collect();
        assert_eq!(about_clients, findings, "{day} {seen:#}");
        if outlook == "breaks" {
            assert_eq!(seen["readiness"][0]["breaks_on"], "2026-12-01");
        }
    }
    // A server of somebody else's, and nobody said that Dialogflow is to call it.
    let server = listen(
        &pki,
        &[
            "--client-auth",
            "require",
            "--client-ca",
            &pki.path("client-ca.pem"),
        ],
    );
    let address = server.address().to_string();
    let (seen, exit) = target(&[&address, "--cacert", &anchor]);
    assert_eq!((loud(&seen).len(), exit), (0, 0), "{seen:#}");
    let ticket = inspect(&[&address, "--cacert", &anchor, "--format", "markdown"]).stdout;
    assert!(!ticket.contains("does not work"), "{ticket}");
    let (seen, _) = target(&[&address, "--cacert", &anchor, "--profile", "dialogflow"]);
    assert_eq!(loud(&seen), ["MT425"], "{seen:#}");
}

/// A server that takes none of HTTP's protocols is looked at without any.
#[test]
fn other_application_protocols_are_no_end() {
    let Some(_) = peer("openssl") else {
        return;
    };
    let pki = Pki::new();
    let port = free_port();
    let mut command = clean("openssl");
    command.args(["s_server", "-quiet", "-alpn", "imap", "-accept"]);
    command.args([
        &format!("127.0.0.1:{port}"),
        "-cert",
        &pki.path("server/fullchain.pem"),
    ]);
    command.args([
        "-key",
        &pki.path("server/key.pem"),
        "-cert_chain",
        &pki.path("server/fullchain.pem"),
    ]);
    let _server = Server::start(pki.root(), &mut command, port);
    let address = format!("127.0.0.1:{port}");
    let anchor = pki.path("server-ca.pem");
    let (seen, exit) = target(&[&address, "--cacert", &anchor, "--answer-timeout", "200ms"]);
    assert_eq!(
        (seen["client_auth"].as_str(), exit),
        (Some("none"), 0),
        "{seen:#}"
    );
    assert!(seen["alpn"].is_null(), "{seen:#}");
    // It never answers, which is nobody's fault here.
    assert_eq!(seen["ending"]["kind"], "timed-out");
}

#[test]
fn staples_and_tickets_of_openssl() {
    let (Some(_), Some(_)) = (peer("openssl"), peer("nginx")) else {
        return;
    };
    let forge = Forge::new();
    let path = |name: &str| forge.path(name);
    let openssl = |words: &str| forge.run(words);
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout root.key -out root.pem -days 30 -subj /CN=root",
    );
    openssl(
        "req -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout leaf.key -out leaf.csr -subj /CN=localhost",
    );
    forge.write("leaf.ext", "subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth\nkeyUsage=critical,digitalSignature\nauthorityKeyIdentifier=keyid\nsubjectKeyIdentifier=hash\n");
    openssl(
        "x509 -req -in leaf.csr -CA root.pem -CAkey root.key -set_serial 4660 -out leaf.pem -days 60 -extfile leaf.ext",
    );
    openssl(
        "req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -keyout other.key -out other.pem -days 30 -subj /CN=root",
    );
    let server = |staple: &str, index: &str, signer: &str, days: &str| {
        forge.write("index.txt", index);
        openssl(&format!(
            "ocsp -index index.txt -CA root.pem -rsigner {signer}.pem -rkey {signer}.key -issuer root.pem -serial 0x1234 -respout {staple} -ndays {days} -noverify"
        ));
        let port = free_port();
        let mut command = clean("openssl");
        command.args([
            "s_server",
            "-www",
            "-quiet",
            "-accept",
            &format!("127.0.0.1:{port}"),
        ]);
        command.args(["-cert", &path("leaf.pem"), "-key", &path("leaf.key")]);
        command.args([
            "-cert_chain",
            &path("root.pem"),
            "-status_file",
            &path(staple),
        ]);
        let server = Server::start(forge.root(), &mut command, port);
        (server, format!("127.0.0.1:{port}"))
    };
    let good = "V\t301231235959Z\t\t1234\tunknown\t/CN=localhost\n";
    let revoked = "R\t301231235959Z\t261101000000Z\t1234\tunknown\t/CN=localhost\n";
    let anchor = path("root.pem");
    for (name, index, signer, status, code) in [
        ("good.der", good, "root", "good", None),
        ("revoked.der", revoked, "root", "revoked", Some("MT263")),
        ("foreign.der", good, "other", "good", Some("MT264")),
        ("unknown.der", "", "root", "unknown", Some("MT264")),
    ] {
        let (_server, address) = server(name, index, signer, "7");
        for version in ["1.2", "1.3"] {
            let (seen, _) = target(&[&address, "--cacert", &anchor, "--tls-max", version]);
            assert_eq!(
                seen["staple"]["status"], status,
                "{name} {version} {seen:#}"
            );
            let staple_codes: Vec<String> = loud(&seen)
                .into_iter()
                .filter(|code| code.starts_with("MT26") && code < &"MT265".to_owned())
                .collect();
            assert_eq!(
                staple_codes,
                code.into_iter().collect::<Vec<_>>(),
                "{name} {version} {seen:#}"
            );
            assert_eq!(
                seen["resumption"]["resumed"], true,
                "{name} {version} {seen:#}"
            );
        }
        let late = "2027-06-01";
        let (seen, _) = target(&[&address, "--cacert", &anchor, "--at-time", late]);
        let problem = seen["staple"]["problem"].as_str().unwrap();
        assert!(problem.contains("expired"), "{problem}");
    }
}

//! `listen --crlfile`: clients are looked up in revocation lists as `openssl s_server -crl_check_all`
//! looks them up, which is what nginx's ssl_crl sets.

use std::time::{Duration, Instant};

use crate::{
    peers::client::{VERSIONS, borrow, call, errors, names, present},
    support::{Listen, Pki, Server, clean, feed, free_port, peer, signal},
};

/// The alert that s_client was sent, in its words.
fn alert(said: &str) -> Option<&str> {
    let (_, rest) = said.split_once(" alert ")?;
    rest.split(':').next()
}

/// A client, the lists that the server has, OpenSSL's numbers, and the alert.
const CASES: &[(&str, &str, &[u64], Option<&str>)] = &[
    ("valid", "crl.pem", &[], None),
    (
        "client-revoked",
        "crl.pem",
        &[23],
        Some("certificate revoked"),
    ),
    ("valid", "one.pem", &[3], Some("unknown ca")),
    (
        "client-revoked",
        "one.pem",
        &[3, 23],
        Some("certificate revoked"),
    ),
    ("valid", "stale.pem", &[12], Some("certificate expired")),
    ("valid", "other.pem", &[3], Some("unknown ca")),
];

fn lists() -> Pki {
    let pki = Pki::new();
    let other = Pki::new();
    pki.write("crl.pem", pki.authority.crl_pem().unwrap());
    pki.write("one.pem", pki.authority.intermediate_crl_pem().unwrap());
    pki.write("stale.pem", pki.authority.stale_crl_pem().unwrap());
    pki.write("other.pem", other.authority.crl_pem().unwrap());
    pki
}

/// What `openssl s_server` with these lists answers.
fn by_openssl(pki: &Pki, list: &str, arguments: &[String], version: &str) -> Option<String> {
    let port = free_port();
    let mut server = clean("openssl");
    server.args(["s_server", "-accept", &port.to_string(), "-www", "-quiet"]);
    server.args([
        "-cert",
        &pki.path("server/fullchain.pem"),
        "-key",
        &pki.path("server/key.pem"),
    ]);
    // -CRL reads one list of a file; the store's file has room for all.
    let both = pki.read("client-ca.pem") + &pki.read(list);
    server.args([
        "-CAfile",
        &pki.write("both.pem", both),
        "-Verify",
        "5",
        "-verify_return_error",
    ]);
    server.args(["-crl_check", "-crl_check_all"]);
    let _server = Server::start(pki.root(), &mut server, port);
    let mut client = clean("openssl");
    client.args([
        "s_client",
        "-connect",
        &format!("127.0.0.1:{port}"),
        "-ign_eof",
        version,
    ]);
    let said = feed(client.args(arguments), b"GET / HTTP/1.0\r\n\r\n", 30).said();
    alert(&said).map(str::to_owned)
}

#[test]
fn clients_are_looked_up_as_openssl_looks_them_up() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = lists();
    for (fault, list, numbers, expected) in CASES {
        let arguments = present(&pki, fault);
        for (option, _) in VERSIONS {
            let file = pki.path(list);
            let flags = ["--crlfile", &file, "--enforce", "--count", "1"];
            let listen = pki.listen(&flags);
            let said = call(&listen, &[&[option], &*borrow(&arguments)].concat()).said();
            let report = listen.wait();
            let seen = report.connection();
            assert_eq!(errors(seen), *numbers, "{fault} {list} {option}: {seen:#}");
            assert_eq!(
                alert(&said),
                by_openssl(&pki, list, &arguments, option).as_deref(),
                "{fault} {list} {option}"
            );
            // Of several errors the first decides about the alert.
            if numbers.len() < 2 {
                assert_eq!(alert(&said), *expected, "{fault} {list} {option}: {said}");
            }
            assert_eq!(
                report.code == Some(0),
                numbers.is_empty(),
                "{fault} {list}: {seen:#}"
            );
        }
    }
}

#[test]
fn without_enforcing_a_revoked_client_is_shown_and_served() {
    let pki = lists();
    let file = pki.path("crl.pem");
    for (fault, revoked) in [("valid", false), ("client-revoked", true)] {
        let listen = pki.listen(&["--crlfile", &file, "--count", "1"]);
        let recipe = mtls::pki::recipe(fault).unwrap();
        let client = pki.authority.client(recipe).unwrap();
        crate::support::call(listen.address(), client, &[], b"{}".to_vec());
        let report = listen.wait();
        let seen = report.connection();
        let status = if revoked { "untrusted" } else { "trusted" };
        assert_eq!(seen["trust"][0]["status"], status, "{seen:#}");
        assert_eq!(seen["ending"]["kind"], "completed", "{seen:#}");
        let said: Vec<&str> = names(seen);
        assert_eq!(said.contains(&"chain-not-trusted"), revoked, "{said:?}");
    }
}

#[test]
fn lists_are_read_again_at_hangup() {
    let pki = lists();
    let current = pki.write("current.pem", pki.authority.stale_crl_pem().unwrap());
    let mut listen = pki.listen(&["--crlfile", &current, "--enforce"]);
    let ask = |listen: &Listen| {
        let client = pki
            .authority
            .client(mtls::pki::recipe("valid").unwrap())
            .unwrap();
        crate::support::call(listen.address(), client, &[], b"{}".to_vec());
    };
    ask(&listen);
    assert_eq!(errors(&listen.next()), [12]);
    pki.write("current.pem", pki.authority.crl_pem().unwrap());
    signal(listen.pid(), "HUP");
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        ask(&listen);
        if errors(&listen.next()).is_empty() {
            break;
        }
        assert!(Instant::now() < until, "still the old list");
        std::thread::sleep(Duration::from_millis(50));
    }
    // One that cannot be used changes nothing.
    pki.write("current.pem", "not a list\n");
    signal(listen.pid(), "HUP");
    std::thread::sleep(Duration::from_millis(300));
    ask(&listen);
    assert_eq!(errors(&listen.next()), [0; 0]);
    let report = listen.finish();
    assert!(
        report.stderr.contains("looked up in 2 revocation lists"),
        "{}",
        report.stderr
    );
    assert!(
        report.stderr.contains("nothing changed"),
        "{}",
        report.stderr
    );
}

#[test]
fn a_file_without_a_list_is_refused() {
    let pki = lists();
    let file = pki.path("client-ca.pem");
    let mut command = crate::support::mtls();
    command.args(["listen", "--listen", "127.0.0.1:0", "--crlfile", &file]);
    let finished = crate::support::run(&mut command, 30);
    assert_eq!(finished.code, Some(2), "{}", finished.said());
    assert!(
        finished.stderr.contains("revocation list"),
        "{}",
        finished.stderr
    );
}

//! SIGHUP: certificates are exchanged under a running listener, as after a rotation.

use std::{
    io::{Read, Write},
    net::SocketAddr,
    time::{Duration, Instant},
};

use mtls::{dialogflow, net::dial::Seen, pki::recipe};
use serde_json::Value;

use crate::support::{self, Listen, Pki, signal};

fn call(pki: &Pki, address: SocketAddr) -> Seen {
    let client = pki.authority.client(recipe("valid").unwrap()).unwrap();
    let body = dialogflow::es_hi_request().to_string().into_bytes();
    support::call(address, client, &[], body)
}

/// SHA-256 of the certificate that the server showed.
fn shown(called: &Seen) -> String {
    called.dialled.tls.server_chain.as_ref().unwrap().links[0]
        .certificate
        .sha256
        .clone()
}

fn hang_up(listen: &Listen) {
    signal(listen.pid(), "HUP");
}

/// Calls until what is shown is no longer `old`; the signal takes its moment.
fn renewed(pki: &Pki, listen: &Listen, old: &str) -> String {
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        let new = shown(&call(pki, listen.address()));
        if new != old {
            return new;
        }
        assert!(Instant::now() < until, "still the old certificate");
        std::thread::sleep(Duration::from_millis(50));
    }
}

fn trust(seen: &Value) -> &Value {
    &seen["trust"][0]["status"]
}

#[test]
fn new_connections_get_the_new_certificate_and_open_ones_go_on() {
    let pki = Pki::new();
    let listen = pki.listen(&[]);
    let old = shown(&call(&pki, listen.address()));

    // Open before, used before and after.
    let mut open = support::tls_stream(&pki, listen.address());
    let mut ask = || {
        open.write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
            .unwrap();
        let mut answer = [0; 4096];
        let read = open.read(&mut answer).unwrap();
        String::from_utf8_lossy(&answer[..read]).into_owned()
    };
    assert!(ask().starts_with("HTTP/1.1 200"));

    let identity = pki.authority.server(&["localhost", "127.0.0.1"]).unwrap();
    pki.write_identity("server", &identity);
    hang_up(&listen);
    let new = renewed(&pki, &listen, &old);
    assert_ne!(new, old);
    assert!(
        ask().starts_with("HTTP/1.1 200"),
        "the open connection goes on"
    );

    let report = listen.finish();
    assert!(
        report.stderr.contains("SIGHUP: new connections get"),
        "{}",
        report.stderr
    );
    assert!(!report.connections().is_empty());
    assert!(
        report
            .connections()
            .iter()
            .all(|seen| seen["ending"]["kind"] == "completed"),
        "{report:#?}"
    );
}

#[test]
fn clients_are_judged_by_the_new_authorities() {
    let pki = Pki::new();
    let other = Pki::new();
    // The authorities of somebody else, until the right ones come.
    let anchors = pki.write("trusted.pem", other.authority.client_anchor_pem());
    let mut listen = pki.listen_judging_by(&anchors, &["--enforce"]);
    call(&pki, listen.address());
    let refused = listen.next();
    assert_eq!(refused["ending"]["kind"], "refused", "{refused:#}");

    std::fs::write(&anchors, pki.authority.client_anchor_pem()).unwrap();
    hang_up(&listen);
    let until = Instant::now() + Duration::from_secs(20);
    loop {
        call(&pki, listen.address());
        let seen = listen.next();
        if trust(&seen) == "trusted" {
            break;
        }
        assert!(Instant::now() < until, "{seen:#}");
    }
    let report = listen.finish();
    assert!(
        report
            .stderr
            .contains("clients are verified against 1 certificates"),
        "{}",
        report.stderr
    );
}

#[test]
fn files_that_cannot_be_used_change_nothing() {
    let pki = Pki::new();
    let listen = pki.listen(&[]);
    let old = shown(&call(&pki, listen.address()));
    let key = std::fs::read(pki.path("server/key.pem")).unwrap();
    let chain = std::fs::read(pki.path("server/fullchain.pem")).unwrap();
    let other = pki.authority.server(&["localhost"]).unwrap();

    // A new certificate whose key has not come yet; half a file; none.
    let half = &chain[..chain.len() / 2];
    for (what, bytes) in [
        ("another key's", other.chain_pem().into_bytes()),
        ("half a", half.to_vec()),
        ("an empty", Vec::new()),
    ] {
        pki.write("server/fullchain.pem", &bytes);
        hang_up(&listen);
        std::thread::sleep(Duration::from_millis(300));
        assert_eq!(shown(&call(&pki, listen.address())), old, "{what} file");
    }
    std::fs::remove_file(pki.path("server/key.pem")).unwrap();
    pki.write("server/fullchain.pem", &chain);
    hang_up(&listen);
    std::thread::sleep(Duration::from_millis(300));
    assert_eq!(shown(&call(&pki, listen.address())), old);

    // And once they are good again, they are taken.
    pki.write("server/key.pem", &key);
    let identity = pki.authority.server(&["localhost", "127.0.0.1"]).unwrap();
    pki.write_identity("server", &identity);
    hang_up(&listen);
    renewed(&pki, &listen, &old);

    let report = listen.finish();
    let kept = report.stderr.matches("SIGHUP: nothing changed").count();
    assert_eq!(kept, 4, "{}", report.stderr);
}

#[test]
fn without_files_a_hangup_ends_the_run_in_good_order() {
    let pki = Pki::new();
    let listen = Listen::start(["--no-default-roots"]);
    assert!(!shown(&call(&pki, listen.address())).is_empty());
    hang_up(&listen);
    // A signal that nobody takes would leave no code.
    let report = listen.wait();
    assert!(report.code.is_some(), "{}", report.stderr);
}

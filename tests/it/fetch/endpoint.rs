//! `inspect --fetch`: what a server presents, and files.

use serde_json::Value;

use super::ca::Ca;
use crate::{
    inspect::run::{lines, loud, target},
    support::{Listen, mtls, run},
};

const FETCH: [&str; 2] = ["--fetch", "--fetch-private"];

/// A server that presents these certificates with the leaf's key.
fn server(ca: &Ca, file: &str) -> Listen {
    let key = ca.forge.path("leaf.key");
    Listen::start(["--cert", file, "--key", &key])
}

fn inspected(ca: &Ca, what: &str) -> (Value, i32) {
    let root = ca.path("root");
    target(&[&FETCH[..], &["--cacert", &root, what]].concat())
}

#[test]
fn the_intermediate_that_a_server_does_not_send_is_fetched() {
    let Some(ca) = Ca::new("OCSP;URI:WEB/ocsp") else {
        return;
    };
    ca.index(&[("leaf", "V")]);
    ca.responds("issuing", "-ndays 1");
    let server = server(&ca, &ca.path("leaf"));
    for what in [server.address().to_string(), ca.path("leaf")] {
        let (seen, exit) = inspected(&ca, &what);
        let got = &seen["fetched"][0];
        assert_eq!(got["completed"]["status"], "trusted", "{what}: {seen:#}");
        assert_eq!(got["revocation"][0]["status"], "good", "{what}: {got:#}");
        assert!(
            loud(&seen).contains(&"MT203".to_owned()),
            "{what}: {seen:#}"
        );
        assert_eq!(
            (seen["verdict"].as_str(), exit),
            (Some("fail"), 1),
            "{what}"
        );
    }
    let text = run(
        mtls().arg("inspect").args(FETCH).args([
            "--cacert",
            &ca.path("root"),
            &server.address().to_string(),
        ]),
        60,
    );
    let rows: Vec<&str> = text
        .stdout
        .lines()
        .filter(|line| line.starts_with("  fetched ") || line.starts_with("  revocation "))
        .collect();
    assert_eq!(rows.len(), 2, "{}", text.said());
}

#[test]
fn a_server_with_a_revoked_certificate_is_found() {
    let Some(ca) = Ca::new("OCSP;URI:WEB/ocsp") else {
        return;
    };
    ca.index(&[("leaf", "R261101120000Z,keyCompromise")]);
    ca.responds("issuing", "-ndays 1");
    let server = server(&ca, &ca.chain());
    for what in [server.address().to_string(), ca.chain()] {
        let (seen, exit) = inspected(&ca, &what);
        assert_eq!(loud(&seen), ["MT284"], "{what}: {seen:#}");
        assert_eq!(exit, 1, "{what}");
    }
}

#[test]
fn what_is_not_known_is_no_pass() {
    let Some(ca) = Ca::new("OCSP;URI:WEB/nobody") else {
        return;
    };
    let server = server(&ca, &ca.chain());
    let (seen, exit) = inspected(&ca, &server.address().to_string());
    assert_eq!(
        (seen["verdict"].as_str(), exit),
        (Some("unknown"), 1),
        "{seen:#}"
    );
    // Unasked, it is not asked.
    let (seen, exit) = target(&["--cacert", &ca.path("root"), &server.address().to_string()]);
    assert_eq!(
        (seen["verdict"].as_str(), exit),
        (Some("pass"), 0),
        "{seen:#}"
    );
    assert!(seen["fetched"].is_null());
}

/// Of a fleet, each address is asked once.
#[test]
fn what_many_name_is_fetched_once() {
    let Some(ca) = Ca::new("crlDistributionPoints=URI:WEB/list.crl") else {
        return;
    };
    ca.index(&[("leaf", "V")]);
    ca.web
        .bytes("/list.crl", ca.list("issuing", "-crldays 7", ""));
    let leaf = ca.path("leaf");
    let servers: Vec<Listen> = (0..4).map(|_| server(&ca, &leaf)).collect();
    let list: String = servers
        .iter()
        .map(|server| format!("{}\n", server.address()))
        .collect();
    let list = ca.forge.write("list.txt", list);
    let finished = run(
        mtls().arg("inspect").args(FETCH).args([
            "--cacert",
            &ca.path("root"),
            "--targets",
            &list,
            "--format",
            "jsonl",
        ]),
        60,
    );
    let seen = lines(&finished.stdout);
    let good = seen.iter().filter(|one| {
        one["fetched"][0]["revocation"][0]["status"] == "good"
            && one["fetched"][0]["completed"]["status"] == "trusted"
    });
    assert_eq!(good.count(), 4, "{}", finished.said());
    let mut asked = ca.web.asked();
    asked.sort();
    assert_eq!(asked, ["GET /issuing.der", "GET /list.crl"]);
}

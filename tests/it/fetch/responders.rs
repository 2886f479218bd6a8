//! OCSP: the openssl command is the responder.

use std::{
    fs::File,
    process::Stdio,
    thread,
    time::{Duration, Instant},
};

use serde_json::Value;

use super::{ca::Ca, document, leaf, lint, loud, web::Reply};
use crate::support::{Child, PATIENCE, clean, free_port, now};

const OCSP: &str = "OCSP;URI:WEB/ocsp";

/// A CA whose leaf names a responder and is good in its database.
#[track_caller]
fn ca() -> Option<Ca> {
    let ca = Ca::new(OCSP)?;
    ca.index(&[("leaf", "V")]);
    Some(ca)
}

fn judged(ca: &Ca, more: &[&str]) -> (Value, i32) {
    let (chain, root) = (ca.chain(), ca.path("root"));
    document(&[&["--cert", &chain, "--cacert", &root], more].concat())
}

/// It is unknown, for this reason, and no pass.
#[track_caller]
fn unknown(ca: &Ca, why: &str, more: &[&str]) {
    let (seen, exit) = judged(ca, more);
    let said = leaf(&seen)["problem"].as_str().unwrap_or_default();
    assert_eq!(leaf(&seen)["status"], "unknown", "{why}: {seen:#}");
    assert!(said.contains(why), "{why}: {said}");
    assert_eq!(
        (seen["verdict"].as_str(), exit),
        (Some("unknown"), 1),
        "{why}"
    );
    assert!(!loud(&seen).contains(&"MT284"), "{why}");
}

/// The openssl command as a server. It serves one caller at a time, so that it is not asked whether
/// it listens: it says so.
fn responder(ca: &Ca, port: u16) -> Child {
    let log = File::create(ca.forge.path("ocsp.log")).unwrap();
    let mut command = clean("openssl");
    command.current_dir(ca.forge.root()).args([
        "ocsp",
        "-index",
        "index.txt",
        "-CA",
        "issuing.crt",
        "-rsigner",
        "issuing.crt",
        "-rkey",
        "issuing.key",
        "-ndays",
        "1",
        "-port",
        &port.to_string(),
    ]);
    let child = Child::spawn(
        command
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(log),
    );
    let until = Instant::now() + PATIENCE;
    while !ca
        .forge
        .read("ocsp.log")
        .contains("waiting for OCSP client")
    {
        assert!(Instant::now() < until, "{}", ca.forge.read("ocsp.log"));
        thread::sleep(Duration::from_millis(20));
    }
    child
}

#[test]
fn a_responder_of_openssl_says_good_and_revoked() {
    let Some(ca) = ca() else { return };
    let port = free_port();
    // Its address has to be in the certificate: openssl serves one port, and the path is free.
    ca.leaf("leaf", &format!("OCSP;URI:http://127.0.0.1:{port}/"));
    for (state, status) in [("V", "good"), ("R261101120000Z,keyCompromise", "revoked")] {
        ca.index(&[("leaf", state)]);
        let server = responder(&ca, port);
        let (seen, exit) = judged(&ca, &[]);
        drop(server);
        let said = leaf(&seen);
        assert_eq!(
            said["status"],
            status,
            "{seen:#}\n{}",
            ca.forge.read("ocsp.log")
        );
        assert_eq!(said["signed_by"], "CN = Fetch Issuing CA");
        assert_eq!(said["by"], "ocsp");
        assert!(
            said["next_update"].is_string() && said["problem"].is_null(),
            "{said:#}"
        );
        match status {
            "good" => assert_eq!(
                (seen["verdict"].as_str(), exit),
                (Some("pass"), 0),
                "{seen:#}"
            ),
            _ => {
                assert_eq!(said["reason"], "keyCompromise");
                assert_eq!(said["revoked_at"], "2026-11-01T12:00:00Z");
                assert_eq!(loud(&seen), ["MT284"], "{seen:#}");
                assert_eq!((seen["verdict"].as_str(), exit), (Some("fail"), 1));
            }
        }
    }
}

#[test]
fn what_is_good_is_said_in_a_line_with_what_it_rests_on() {
    let Some(ca) = ca() else { return };
    ca.responds("issuing", "-ndays 1");
    let text = lint(&["--cert", &ca.chain(), "--cacert", &ca.path("root")]);
    let line = text
        .stdout
        .lines()
        .find(|line| line.contains("  revocation "));
    let line = line.unwrap_or_else(|| panic!("{}", text.said()));
    let wanted = "leaf good by OCSP, signed by Fetch Issuing CA, until ";
    assert!(line.contains(wanted), "{line}");
    assert_eq!(text.code, Some(0), "{}", text.said());
}

#[test]
fn a_delegated_responder_has_to_be_one() {
    let Some(ca) = ca() else { return };
    let signs = "extendedKeyUsage=OCSPSigning\n";
    ca.responder("delegated", "issuing", signs);
    ca.responds("delegated", "-ndays 1");
    let (seen, exit) = judged(&ca, &[]);
    assert_eq!(leaf(&seen)["status"], "good", "{seen:#}");
    assert_eq!(leaf(&seen)["signed_by"], "CN = delegated");
    assert_eq!(exit, 0);
    ca.responder("unfit", "issuing", "extendedKeyUsage=serverAuth\n");
    ca.responder("stranger", "root", signs);
    let subject = "/CN=late";
    let extensions = format!("basicConstraints=critical,CA:FALSE\n{signs}");
    ca.forge.dated(
        "late",
        subject,
        "issuing",
        &extensions,
        "20200101000000Z",
        "20210101000000Z",
    );
    ca.index(&[("leaf", "V")]);
    // Signed by the key of another CA of that name.
    ca.forge.make(
        "forged",
        "/CN=Fetch Issuing CA",
        "forged",
        "basicConstraints=critical,CA:TRUE\n",
        "",
    );
    for signer in ["unfit", "stranger", "late", "forged"] {
        ca.responds(signer, "-ndays 1");
        unknown(&ca, "its signature proves nothing", &[]);
    }
}

#[test]
fn an_answer_that_proves_nothing_is_unknown() {
    let Some(ca) = ca() else { return };
    ca.leaf("other", OCSP);
    ca.index(&[("leaf", "V"), ("other", "V")]);
    let set = |bytes: Vec<u8>| ca.web.bytes("/ocsp", bytes);
    set(ca.answer_for("leaf", "", "-ndays 1"));
    unknown(&ca, "its nonce is not the one that was sent", &[]);
    set(ca.answer_for("other", "-no_nonce", "-ndays 1"));
    unknown(&ca, "it is about another certificate", &[]);
    let mut forged = ca.answer_for("leaf", "-no_nonce", "-ndays 1 -resp_no_certs");
    *forged.last_mut().unwrap() ^= 1;
    set(forged);
    unknown(&ca, "its signature proves nothing", &[]);
    set(vec![0x30, 3, 0x0a, 1, 3]);
    unknown(&ca, "the responder asks to try later", &[]);
    set(vec![0x30, 3, 0x0a, 1, 6]);
    unknown(&ca, "the responder refused the request", &[]);
    set(b"<html><body>Sign in to the network</body></html>".to_vec());
    unknown(&ca, "not an OCSP response", &[]);
    set(Vec::new());
    unknown(&ca, "not an OCSP response", &[]);
    ca.web
        .set("/ocsp", Reply::Status("503 Service Unavailable"));
    unknown(&ca, "expected status 200, found 503", &[]);
    // Nobody is there.
    let gone = format!("OCSP;URI:http://127.0.0.1:{}/", free_port());
    ca.leaf("leaf", &gone);
    unknown(&ca, "no answer: connection refused", &[]);
}

#[test]
fn a_certificate_that_the_responder_does_not_know_is_unknown() {
    let Some(ca) = ca() else { return };
    ca.leaf("other", OCSP);
    ca.index(&[("other", "V")]);
    ca.responds("issuing", "-ndays 1");
    unknown(&ca, "its responder does not know the certificate", &[]);
}

/// Many responders answer from a store, without the nonce.
#[test]
fn an_answer_without_a_nonce_counts_for_as_long_as_it_says() {
    let Some(ca) = ca() else { return };
    ca.web
        .bytes("/ocsp", ca.answer_for("leaf", "-no_nonce", "-ndays 4"));
    let later = |hours: i64| (now() + Duration::from_secs(3600 * hours as u64)).to_string();
    let (seen, exit) = judged(&ca, &[]);
    assert_eq!(
        (leaf(&seen)["status"].as_str(), exit),
        (Some("good"), 0),
        "{seen:#}"
    );
    let (seen, _) = judged(&ca, &["--at-time", &later(90)]);
    assert_eq!(leaf(&seen)["status"], "good", "{seen:#}");
    unknown(&ca, "it expired", &["--at-time", &later(100)]);
    let (seen, _) = judged(&ca, &["--at-time", "2026-11-01"]);
    let said = leaf(&seen)["problem"].as_str().unwrap();
    assert!(said.contains("it is not valid before"), "{seen:#}");
    // One that says no end is not kept for ever.
    ca.web
        .bytes("/ocsp", ca.answer_for("leaf", "-no_nonce", ""));
    let (seen, _) = judged(&ca, &["--at-time", &later(20)]);
    assert_eq!(leaf(&seen)["status"], "good", "{seen:#}");
    unknown(&ca, "it has no nextUpdate", &["--at-time", &later(30)]);
}

//! Revocation lists, made by the openssl command.

use serde_json::Value;

use super::{ca::Ca, document, fetched, leaf, loud};
use crate::support::free_port;

const CRL: &str = "crlDistributionPoints=URI:WEB/list.crl";
const WEEK: &str = "-crldays 7";

#[track_caller]
fn ca(leaf: &str) -> Option<Ca> {
    let ca = Ca::new(leaf)?;
    ca.index(&[("leaf", "V")]);
    Some(ca)
}

fn judged(ca: &Ca) -> (Value, i32) {
    document(&["--cert", &ca.chain(), "--cacert", &ca.path("root")])
}

#[track_caller]
fn unknown(ca: &Ca, why: &str) {
    let (seen, exit) = judged(ca);
    let said = leaf(&seen)["problem"].as_str().unwrap_or_default();
    assert_eq!(leaf(&seen)["status"], "unknown", "{why}: {seen:#}");
    assert!(said.contains(why), "{why}: {said}");
    assert_eq!(
        (seen["verdict"].as_str(), exit),
        (Some("unknown"), 1),
        "{why}"
    );
}

#[test]
fn a_list_says_good_and_revoked() {
    let Some(ca) = ca(CRL) else { return };
    let good = ca.list("issuing", WEEK, "");
    for form in [good, ca.read("list.pem")] {
        ca.web.bytes("/list.crl", form);
        let (seen, exit) = judged(&ca);
        let said = leaf(&seen);
        assert_eq!(
            (said["status"].as_str(), exit),
            (Some("good"), 0),
            "{seen:#}"
        );
        assert_eq!(said["by"], "crl");
        assert_eq!(said["signed_by"], "CN = Fetch Issuing CA");
    }
    ca.index(&[("leaf", "R261101120000Z,superseded")]);
    ca.web.bytes("/list.crl", ca.list("issuing", WEEK, ""));
    let (seen, exit) = judged(&ca);
    assert_eq!(leaf(&seen)["status"], "revoked", "{seen:#}");
    assert_eq!(leaf(&seen)["reason"], "superseded");
    assert_eq!(leaf(&seen)["revoked_at"], "2026-11-01T12:00:00Z");
    assert_eq!((loud(&seen), exit), (vec!["MT284"], 1));
    let message = seen["findings"][0]["message"].as_str().unwrap();
    assert!(
        message.contains(
            "was revoked at 2026-11-01T12:00:00Z (superseded), according to the CRL of its CA"
        ),
        "{message}"
    );
}

#[test]
fn a_list_that_proves_nothing_leaves_it_unknown() {
    let Some(ca) = ca(CRL) else { return };
    let set = |bytes: Vec<u8>| ca.web.bytes("/list.crl", bytes);
    set(ca.list(
        "issuing",
        "-crl_lastupdate 20200101000000Z -crl_nextupdate 20200201000000Z",
        "",
    ));
    unknown(&ca, "it expired 2020-02-01");
    set(ca.list("root", WEEK, ""));
    unknown(&ca, "it is the list of another CA");
    ca.forge.make(
        "forged",
        "/CN=Fetch Issuing CA",
        "forged",
        "basicConstraints=critical,CA:TRUE\n",
        "",
    );
    set(ca.list("forged", WEEK, ""));
    unknown(&ca, "its signature proves nothing");
    let mut forged = ca.list("issuing", WEEK, "");
    *forged.last_mut().unwrap() ^= 1;
    set(forged);
    unknown(&ca, "its signature proves nothing");
    // The list of another part of what the CA issued says nothing of this one.
    let other =
        "issuingDistributionPoint=critical,@p\n[p]\nfullname=URI:http://ca.example/other.crl\n";
    set(ca.list("issuing", WEEK, other));
    unknown(
        &ca,
        "it is for another distribution point: http://ca.example/other.crl",
    );
    set(ca.list(
        "issuing",
        WEEK,
        "issuingDistributionPoint=critical,@p\n[p]\nonlyCA=TRUE\n",
    ));
    unknown(&ca, "it covers other certificates");
    set(ca.list("issuing", WEEK, "2.5.29.27=critical,DER:020101\n"));
    unknown(&ca, "it is a delta list");
    set(ca.read("issuing.der"));
    unknown(&ca, "not a revocation list");
    set(b"<html>not found</html>".to_vec());
    unknown(&ca, "not a revocation list");
}

#[test]
fn a_list_for_the_part_that_the_certificate_names_counts() {
    let Some(ca) = ca(CRL) else { return };
    let own = format!(
        "issuingDistributionPoint=critical,@p\n[p]\nfullname=URI:{}\nonlyuser=TRUE\n",
        ca.web.url("/list.crl")
    );
    ca.web.bytes("/list.crl", ca.list("issuing", WEEK, &own));
    let (seen, exit) = judged(&ca);
    assert_eq!(
        (leaf(&seen)["status"].as_str(), exit),
        (Some("good"), 0),
        "{seen:#}"
    );
}

#[test]
fn a_list_answers_where_the_responder_does_not() {
    let gone = format!("OCSP;URI:http://127.0.0.1:{}/\n{CRL}", free_port());
    let Some(ca) = ca(&gone) else { return };
    ca.web.bytes("/list.crl", ca.list("issuing", WEEK, ""));
    let (seen, exit) = judged(&ca);
    assert_eq!(
        (leaf(&seen)["status"].as_str(), exit),
        (Some("good"), 0),
        "{seen:#}"
    );
    assert_eq!(leaf(&seen)["by"], "crl");
    let requests = fetched(&seen)["requests"].as_array().unwrap();
    assert_eq!(requests.len(), 2, "{seen:#}");
    assert_eq!(requests[0]["problem"], "no answer: connection refused");
}

#[test]
fn only_http_is_spoken() {
    let Some(ca) = ca("crlDistributionPoints=URI:ldap://127.0.0.1/cn=list") else {
        return;
    };
    unknown(&ca, "expected http or https, found ldap");
}

/// A revoked intermediate is found too, and a missing one is fetched first.
#[test]
fn every_certificate_below_the_root_is_asked_about() {
    let Some(ca) = ca(CRL) else { return };
    let names = format!(
        "basicConstraints=critical,CA:TRUE\nkeyUsage=critical,keyCertSign,cRLSign\nsubjectKeyIdentifier=hash\n\
         authorityKeyIdentifier=keyid\ncrlDistributionPoints=URI:{}\n",
        ca.web.url("/root.crl")
    );
    ca.forge
        .make("issuing", "/CN=Fetch Issuing CA", "root", &names, "");
    ca.publish("issuing");
    ca.web.bytes("/list.crl", ca.list("issuing", WEEK, ""));
    ca.index(&[("issuing", "R261101120000Z,cACompromise")]);
    ca.web.bytes("/root.crl", ca.list("root", WEEK, ""));
    let (seen, exit) = document(&["--cert", &ca.path("leaf"), "--cacert", &ca.path("root")]);
    let both = fetched(&seen)["revocation"].as_array().unwrap();
    let status: Vec<_> = both
        .iter()
        .map(|one| one["status"].as_str().unwrap())
        .collect();
    assert_eq!(status, ["good", "revoked"], "{seen:#}");
    assert_eq!(both[1]["reason"], "cACompromise");
    assert_eq!((loud(&seen), exit), (vec!["MT203", "MT284"], 1));
}

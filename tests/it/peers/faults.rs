//! Every fault that a client certificate can have, sent by OpenSSL, which sends anything.

use std::fs;

use mtls::pki::recipes;
use serde_json::Value;

use crate::{
    peers::client::{VERSIONS, borrow, call, errors, explains, names, present, present_openssl},
    support::{Forge, Listen, Pki, openssl_clients, peer},
};

/// A client with a fault.
struct Case {
    fault: &'static str,
    arguments: Vec<String>,
    /// Certificates sent.
    sent: usize,
    /// The `X509_V_ERR_*` numbers that OpenSSL reports.
    verify: Vec<u64>,
    /// Whether a server that enforces lets it in.
    accepted: bool,
}

/// The alert that an OpenSSL server which enforces sends for these errors (`ssl_x509err2alert` on
/// the one that it meets first, which is that of an authority; runs of s_server, 2026-11-23).
fn alert(case: &Case) -> u64 {
    match case.verify.as_slice() {
        [.., 79] | [18 | 20 | 25, ..] => 48,
        [9 | 66 | 68] => 42,
        [26] => 43,
        [10] => 45,
        [34 | 47] => 46,
        [7] => 51,
        _ => panic!("{}: which alert?", case.fault),
    }
}

/// Both PKIs, their cases, and a file with the anchors of all.
fn cases() -> (Pki, Forge, Vec<Case>, String) {
    let (pki, made) = (Pki::new(), openssl_clients());
    let mut cases: Vec<Case> = recipes()
        .iter()
        .map(|recipe| Case {
            fault: recipe.fault,
            arguments: present(&pki, recipe.fault),
            sent: pki
                .authority
                .client(recipe)
                .unwrap()
                .map_or(0, |client| client.chain.len()),
            verify: recipe
                .verify
                .iter()
                .map(|&number| u64::from(number))
                .collect(),
            accepted: recipe.accepted
                || matches!(recipe.fault, "client-cert-not-sent" | "client-revoked"),
        })
        .collect();
    for (fault, number) in [("client-sha1-signed", 68), ("client-rsa1024", 66)] {
        cases.push(Case {
            fault,
            arguments: present_openssl(&made, fault),
            sent: 2,
            verify: vec![number],
            accepted: false,
        });
    }
    let mut anchors = pki.authority.client_anchor_pem();
    anchors += &fs::read_to_string(pki.client("client-root-expired", "anchor.pem")).unwrap();
    anchors += &fs::read_to_string(made.path("root.crt")).unwrap();
    let anchors = pki.write("anchors.pem", anchors);
    (pki, made, cases, anchors)
}

/// Calls once a case and version, and collects what `check` has against it.
fn each(flags: &[&str], check: impl Fn(&Case, &str, &Value, &str) -> Result<(), String>) {
    if peer("openssl").is_none() {
        return;
    }
    let (pki, _made, cases, anchors) = cases();
    let mut listen: Listen = pki.listen_judging_by(&anchors, flags);
    let mut wrong = Vec::new();
    for case in &cases {
        for (option, protocol) in VERSIONS {
            let mut arguments = borrow(&case.arguments);
            arguments.push(option);
            let said = call(&listen, &arguments).said();
            let seen = listen.next();
            if let Err(problem) = check(case, protocol, &seen, &said) {
                wrong.push(format!("{} {protocol}: {problem}", case.fault));
            }
        }
    }
    listen.finish();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

fn want(holds: bool, otherwise: impl FnOnce() -> String) -> Result<(), String> {
    if holds { Ok(()) } else { Err(otherwise()) }
}

#[test]
fn observing_shows_every_fault_and_answers_all_the_same() {
    each(&[], |case, protocol, seen, said| {
        want(seen["protocol"] == protocol, || seen["ending"].to_string())?;
        want(seen["ending"]["kind"] == "completed", || {
            seen["ending"].to_string()
        })?;
        want(said.contains("200 OK"), || said.to_owned())?;
        want(
            seen["client_chain"].as_array().unwrap().len() == case.sent,
            || "another chain".to_owned(),
        )?;
        if case.sent == 0 {
            return want(explains(seen, case.fault), || {
                format!("findings {:?}", names(seen))
            });
        }
        want(seen["signature"]["verified"] == true, || {
            seen["signature"].to_string()
        })?;
        // A step keeps one error a depth, where OpenSSL may report two.
        let errors = errors(seen);
        want(errors.is_empty() == case.verify.is_empty(), || {
            format!("errors {errors:?}, wanted {:?}", case.verify)
        })?;
        want(
            errors.iter().all(|number| case.verify.contains(number)),
            || format!("errors {errors:?}, wanted {:?}", case.verify),
        )?;
        let wanted = if case.verify.is_empty() {
            "trusted"
        } else {
            "untrusted"
        };
        want(seen["trust"][0]["status"] == wanted, || {
            seen["trust"].to_string()
        })?;
        if matches!(case.fault, "valid" | "client-revoked") {
            return want(seen["findings"].as_array().unwrap().is_empty(), || {
                format!("findings {:?}", names(seen))
            });
        }
        want(explains(seen, case.fault), || {
            format!("findings {:?}", names(seen))
        })?;
        let reasons = seen["trust"][0]["reasons"].as_array().unwrap();
        want(reasons.is_empty() == case.verify.is_empty(), || {
            format!("reasons {reasons:?}")
        })
    });
}

#[test]
fn enforcing_refuses_as_openssl_does_and_still_shows_the_chain() {
    each(&["--enforce"], |case, _, seen, said| {
        want(
            seen["client_chain"].as_array().unwrap().len() == case.sent,
            || "another chain".to_owned(),
        )?;
        if case.accepted {
            want(seen["ending"]["kind"] == "completed", || {
                seen["ending"].to_string()
            })?;
            return want(said.contains("200 OK"), || said.to_owned());
        }
        let ending = &seen["ending"];
        want(
            ending["kind"] == "refused" && ending["sent_by"] == "us",
            || ending.to_string(),
        )?;
        want(ending["phase"] == "handshake", || ending.to_string())?;
        want(seen["http"].is_null(), || {
            "it got to send a request".to_owned()
        })?;
        want(explains(seen, case.fault), || {
            format!("findings {:?}", names(seen))
        })?;
        let wanted = alert(case);
        want(ending["alert"]["code"] == wanted, || {
            format!("alert {}, wanted {wanted}", ending["alert"])
        })?;
        want(said.contains(&format!("SSL alert number {wanted}")), || {
            format!("the client did not see {wanted}: {said}")
        })
    });
}

//! Chains signed in every way there is, good and forged: what `lint` makes of each.

use std::thread;

use serde_json::Value;

use crate::support::{Finished, Signed, SignedPki, Way, mtls, peer, run};

fn lint(pki: &SignedPki, way: &Way, forged: bool, words: &[&str]) -> Finished {
    let mut command = mtls();
    command
        .args(["lint", "--role", "server", "--cert", &pki.leaf(way, forged)])
        .args(["--cacert", &pki.path("anchors.pem"), "--select", "MT2,MT4"])
        .args(words);
    run(&mut command, 60)
}

fn report(pki: &SignedPki, way: &Way, forged: bool) -> (Value, i32) {
    let finished = lint(pki, way, forged, &["--format", "json"]);
    let report = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{}: {error}: {}", way.name, finished.said()));
    (report, finished.code.unwrap())
}

/// The finding with this code.
fn finding<'a>(report: &'a Value, code: &str) -> Option<&'a Value> {
    let mut findings = report["findings"].as_array().unwrap().iter();
    findings.find(|finding| finding["code"] == code)
}

/// What is not as it has to be.
fn wrong(pki: &SignedPki, way: &Way) -> Vec<String> {
    let mut wrong = Vec::new();
    for forged in [false, true] {
        let (report, code) = report(pki, way, forged);
        let status = report["trust"][0]["status"].as_str().unwrap();
        let verdict = report["verdict"].as_str().unwrap();
        let broken = finding(&report, "MT211").is_some_and(|one| one["severity"] == "error");
        let unchecked = finding(&report, "MT426");
        let right = match (way.signed, forged) {
            (Signed::Well, false) => {
                status == "trusted" && code == 0 && !broken && matches!(verdict, "pass" | "warn")
            }
            (Signed::Oddly, false) => {
                let letter = report["trust"][0]["letter"]["status"] == "trusted";
                letter && status != "untrusted" && !broken && unchecked.is_none()
            }
            (Signed::Weakly, false) => status != "unknown" && !broken && unchecked.is_none(),
            (Signed::Well | Signed::Oddly | Signed::Weakly, true) => {
                status == "untrusted" && code == 1 && broken && verdict == "fail"
            }
            (Signed::Unchecked, _) => {
                let named = unchecked.is_some_and(|one| {
                    one["severity"] != "note"
                        && one["message"].as_str().unwrap().contains(way.algorithm)
                        && one["remedy"]["commands"][0]["line"]
                            .as_str()
                            .unwrap()
                            .starts_with("openssl verify")
                });
                named
                    && code == 1
                    && matches!(
                        (status, verdict),
                        ("unknown", "unknown") | ("untrusted", "fail")
                    )
            }
        };
        if !right {
            let name = &way.name;
            let found: Vec<String> = report["findings"]
                .as_array()
                .unwrap()
                .iter()
                .map(|one| format!("{} {} {}", one["code"], one["severity"], one["message"]))
                .collect();
            wrong.push(format!(
                "{name}, forged {forged}: exit {code}, {verdict}, {status}, {found:#?}"
            ));
        }
    }
    wrong
}

#[test]
fn every_algorithm_good_and_forged() {
    if peer("openssl").is_none() {
        return;
    }
    let pki = SignedPki::new("server", "signed.test");
    let halves = pki.ways.chunks(pki.ways.len().div_ceil(2));
    let wrong: Vec<String> = thread::scope(|scope| {
        let workers: Vec<_> = halves
            .map(|half| scope.spawn(|| half.iter().flat_map(|way| wrong(&pki, way)).collect()))
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| worker.join().unwrap_or_else(|_| vec!["a panic".to_owned()]))
            .collect()
    });
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    unknown_is_said(&pki);
}

/// Everywhere that a person or a machine looks first, and only where something was asked.
fn unknown_is_said(pki: &SignedPki) {
    let way = pki.ways.iter().find(|way| way.key == "ed448").unwrap();
    for (format, words) in [
        ("text", &["UNKNOWN ", "ED448", "could not be checked"][..]),
        ("markdown", &["mtls lint: **unknown**"]),
        ("html", &["badge unknown", "UNKNOWN"]),
        ("junit", &["failures=\"1\"", "type=\"unknown\""]),
        ("jsonl", &["\"verdict\":\"unknown\""]),
    ] {
        let finished = lint(pki, way, true, &["--format", format]);
        assert_eq!(finished.code, Some(1), "{format}: {}", finished.said());
        for word in words {
            assert!(
                finished.stdout.contains(word),
                "{format}: {word}: {}",
                finished.said()
            );
        }
        for said in ["no anchor", "PASS"] {
            assert!(
                !finished.stdout.contains(said),
                "{format}: {}",
                finished.said()
            );
        }
    }
    let quiet = lint(pki, way, true, &["--exit-zero"]);
    assert_eq!(quiet.code, Some(0), "{}", quiet.said());
    // Ignored is not answered.
    let ignored = lint(pki, way, true, &["--ignore", "MT426"]);
    assert_eq!(ignored.code, Some(1), "{}", ignored.said());
    // A private chain without an anchor: nothing was asked about trust.
    let p256 = pki
        .ways
        .iter()
        .find(|way| way.name == "p256-sha256")
        .unwrap();
    let alone = run(
        mtls().args(["lint", "--role", "server", "--cert", &pki.leaf(p256, false)]),
        60,
    );
    assert_eq!(alone.code, Some(0), "{}", alone.said());
    assert!(alone.stdout.contains("not checked"), "{}", alone.said());
}

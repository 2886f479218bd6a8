//! Configurations as they lie on real machines: what is said of each is what a careful engineer
//! says of it, or that it is not known; never a wrong PASS.
//!
//! The configurations are those of `../shared/data/wild/configs`; without them there is nothing to
//! do, and that is said. The files that they name are made here.

use std::{fs, path::Path};

use serde_json::Value;

use crate::{
    simulate::run::Rehearsal,
    support::{mtls, run, skipped},
};

const WILD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/wild/configs");

/// A configuration, and what is true of it.
struct Row {
    file: &'static str,
    /// What becomes of a good client; `-` where nothing is to be asked.
    valid: &'static str,
    /// What becomes of one without a certificate.
    without: &'static str,
    /// A rule that has to tell of it.
    code: Option<&'static str>,
    /// Whether nothing is wrong with it, so that it may pass.
    good: bool,
}

const fn row(
    file: &'static str,
    valid: &'static str,
    without: &'static str,
    code: Option<&'static str>,
    good: bool,
) -> Row {
    Row {
        file,
        valid,
        without,
        code,
        good,
    }
}

const ROWS: [Row; 19] = [
    // One path needs a certificate, `/` does not.
    row("ng2.conf", "accepted", "unknown", Some("MT430"), false),
    row("ap2x.conf", "-", "unknown", Some("MT430"), false),
    row("ap3.conf", "unknown", "unknown", Some("MT432"), false),
    row("apx.conf", "unknown", "unknown", Some("MT432"), false),
    // A redirection refuses.
    row("v3.conf", "accepted", "rejected", None, true),
    row("cl.cfg", "accepted", "rejected", None, true),
    row("a.conf", "accepted", "rejected", None, true),
    row("h.conf", "accepted", "rejected", None, true),
    row("v1.conf", "accepted", "rejected", None, true),
    row("tr.yml", "accepted", "accepted", Some("MT451"), false),
    row("cr.conf", "rejected", "rejected", Some("MT452"), false),
    row("m.conf", "accepted", "rejected", None, true),
    row("camel.yaml", "accepted", "rejected", None, true),
    row("apn.conf", "-", "rejected", Some("MT437"), false),
    row("apn2.conf", "-", "rejected", Some("MT437"), false),
    row("apm.conf", "-", "rejected", Some("MT438"), false),
    row("dup.conf", "-", "rejected", Some("MT450"), false),
    row("lua.conf", "unknown", "rejected", Some("MT438"), false),
    row("lds.yaml", "accepted", "accepted", Some("MT430"), false),
];

#[test]
fn real_configurations_are_told_as_they_are() {
    if !Path::new(WILD).is_dir() {
        skipped("the configurations as they lie on real machines are not here");
        return;
    }
    let folder = made();
    let mut said = Vec::new();
    for row in &ROWS {
        let text = fs::read_to_string(Path::new(WILD).join(row.file)).unwrap();
        folder.write(row.file, text);
        let report = lint(&folder, row.file);
        let mut wrong = |what: String| said.push(format!("{}: {what}", row.file));
        let cases = report["cases"].as_array().unwrap();
        for (client, wanted) in [("valid", row.valid), ("client-cert-not-sent", row.without)] {
            let found = outcome(&cases[0], client);
            if wanted != "-" && found != wanted && found != "unknown" {
                wrong(format!("{client} is {found}, wanted {wanted}"));
            }
        }
        if let Some(code) = row.code
            && !codes(&report).contains(&code)
        {
            wrong(format!("no {code} among {:?}", codes(&report)));
        }
        if !row.good && report["verdict"] == "pass" {
            wrong("passes".to_owned());
        }
        if row.good && report["verdict"] == "fail" {
            wrong(format!("fails: {:?}", codes(&report)));
        }
    }
    assert!(said.is_empty(), "{}", said.join("\n"));
}

#[test]
fn a_port_without_tls_is_told_apart() {
    if !Path::new(WILD).is_dir() {
        skipped("the configurations as they lie on real machines are not here");
        return;
    }
    let folder = made();
    for file in ["plain.conf", "hp2.cfg"] {
        folder.write(
            file,
            fs::read_to_string(Path::new(WILD).join(file)).unwrap(),
        );
    }
    let plain = lint(&folder, "plain.conf");
    assert!(codes(&plain).contains(&"MT451"), "{plain:#}");
    let pinned = lint(&folder, "hp2.cfg");
    let case = &pinned["cases"][0];
    assert_eq!(outcome(case, "valid"), "rejected");
    assert_eq!(outcome(case, "client-cert-not-sent"), "rejected");
}

/// A folder with the files that the configurations name.
fn made() -> Rehearsal {
    let folder = Rehearsal::new();
    let read = |name: &str| fs::read_to_string(folder.pki(name)).unwrap();
    let (chain, key) = (read("server/fullchain.pem"), read("server/key.pem"));
    for name in ["a.crt", "rsa.crt"] {
        folder.write(name, &chain);
    }
    for name in ["a.key", "rsa.key"] {
        folder.write(name, &key);
    }
    folder.write("a.pem", chain + &key);
    for name in ["ca.crt", "ca.pem", "2.crt", "trusted.crt"] {
        folder.write(name, read("client-ca.pem"));
    }
    folder.write("exp.crl", read("crl-stale.pem"));
    if let Ok(list) = fs::read_to_string(Path::new(WILD).join("l.list")) {
        folder.write("l.list", list);
    }
    folder
}

fn lint(folder: &Rehearsal, file: &str) -> Value {
    let finished = run(
        mtls()
            .current_dir(folder.root())
            .args(["lint", file, "--format", "json", "--exit-zero"]),
        60,
    );
    serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{file}: {error}: {}", finished.said()))
}

fn outcome<'a>(case: &'a Value, client: &str) -> &'a str {
    let rows = case["site"]["predicted"].as_array();
    rows.into_iter()
        .flatten()
        .find(|row| row["client"] == client)
        .and_then(|row| row["outcome"].as_str())
        .unwrap_or("nothing")
}

fn codes(report: &Value) -> Vec<&str> {
    let findings = report["findings"].as_array().into_iter().flatten();
    findings
        .filter_map(|finding| finding["code"].as_str())
        .collect()
}

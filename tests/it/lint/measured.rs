//! Findings against what verifiers in use were measured to do with the same chains (more than a
//! thousand, each an oddity or two of a good chain): no alarm about what all of them accept, an
//! error about what all of them refuse.
//!
//! The chains and the measured answers are read from the folder of shared data beside the checkout;
//! without it there is nothing to do.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::Mutex,
    thread,
};

use jiff::Timestamp;
use serde_json::Value;

use crate::support::{clean, mtls, run, skipped};

/// The columns that stand for what is in use.
const IN_USE: [&str; 5] = ["ossl30", "go127", "rustls", "java25", "node26"];

/// Alarms about chains that all accept, each for a reason: a wildcard that speaks for every domain
/// under a public suffix.
const MEANT: &[(&str, &str)] = &[("wildcard-suffix2", "MT250")];

/// Warnings about the days ahead and about the file, not about what anybody accepts today: an
/// expired certificate sent along, a leaf that outlives its issuer, an order of the chain that
/// older stacks do not take.
const HOUSEKEEPING: [&str; 3] = ["MT201", "MT267", "MT268"];

struct Measured {
    folder: PathBuf,
    case: Value,
    answers: Vec<char>,
}

#[test]
fn findings_agree_with_what_verifiers_do() {
    let archive = Path::new(env!("CARGO_MANIFEST_DIR")).join("../shared/data/stacks/chains.tar.xz");
    if !archive.exists() {
        skipped(&format!(
            "measured chains: {} is not there",
            archive.display()
        ));
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    run(
        clean("tar")
            .arg("-xJf")
            .arg(&archive)
            .current_dir(folder.path()),
        60,
    )
    .ok();
    let mut rows = Vec::new();
    for corpus in ["own", "combinations"] {
        rows.extend(read(&folder.path().join(corpus)));
    }
    assert!(rows.len() > 1000, "{} rows", rows.len());
    let failures = Mutex::new(Vec::new());
    thread::scope(|scope| {
        for part in rows.chunks(rows.len().div_ceil(4)) {
            scope.spawn(|| {
                let found: Vec<String> = part.iter().filter_map(check).collect();
                failures.lock().unwrap().extend(found);
            });
        }
    });
    let mut failures = failures.into_inner().unwrap();
    failures.sort();
    assert!(
        failures.is_empty(),
        "{} of {}:\n{}",
        failures.len(),
        rows.len(),
        failures.join("\n")
    );
}

/// The cases of a corpus with the answers of the columns in use, those that were not asked left
/// out.
fn read(folder: &Path) -> Vec<Measured> {
    let json = |name: &str| -> Value {
        serde_json::from_slice(&fs::read(folder.join(name)).unwrap()).unwrap()
    };
    let (cases, matrix) = (json("cases.json"), json("matrix.json"));
    let column = |name: &str| {
        let stacks = matrix["stacks"].as_array().unwrap();
        stacks.iter().position(|stack| stack == name).unwrap()
    };
    let cases = cases.as_array().unwrap().iter();
    cases
        .filter_map(|case| {
            let row = matrix["rows"].get(case["id"].as_str().unwrap())?;
            let verdicts: Vec<char> = row["v"].as_str().unwrap().chars().collect();
            let boringssl = match case["role"].as_str() {
                Some("client") => "live-envoy",
                _ => "live-curl-boringssl",
            };
            let answers = IN_USE.into_iter().chain([boringssl]).map(column);
            Some(Measured {
                folder: folder.join(case["dir"].as_str().unwrap()),
                case: case.clone(),
                answers: answers
                    .map(|index| verdicts[index])
                    .filter(|&verdict| verdict != '-')
                    .collect(),
            })
        })
        .collect()
}

/// What is not as it has to be.
fn check(row: &Measured) -> Option<String> {
    let all = |letter: char| {
        !row.answers.is_empty() && row.answers.iter().all(|&verdict| verdict == letter)
    };
    if !all('A') && !all('R') {
        return None;
    }
    let text = |key: &str| row.case[key].as_str().unwrap_or_default();
    let alarms = alarms(row);
    let meant = |severity: &str, code: &str| {
        let variation = text("id").split('.').next().unwrap_or_default();
        MEANT.contains(&(variation, code))
            || (severity == "warning" && HOUSEKEEPING.contains(&code))
    };
    let wrong = match all('A') {
        true => alarms.iter().any(|(severity, code)| !meant(severity, code)),
        false => !alarms.iter().any(|(severity, _)| severity == "error"),
    };
    let said = match all('A') {
        true => "accepted by all",
        false => "refused by all",
    };
    wrong.then(|| format!("{} ({}) {said}: {alarms:?}", text("id"), text("note")))
}

/// The errors and warnings about it, as severity and code.
fn alarms(row: &Measured) -> Vec<(String, String)> {
    let file = |name: &str| row.folder.join(name);
    let moment = Timestamp::from_second(row.case["time"].as_i64().unwrap()).unwrap();
    let mut chain = fs::read(file("leaf.pem")).unwrap();
    chain.extend(fs::read(file("intermediates.pem")).unwrap_or_default());
    fs::write(file("chain.pem"), chain).unwrap();
    let mut command = mtls();
    command
        .current_dir(&row.folder)
        .args(["lint", "--format", "json", "--cert", "chain.pem"])
        .args(["--cacert", "roots.pem"])
        .args(["--role", row.case["role"].as_str().unwrap()])
        .args(["--at-time", &moment.to_string()]);
    if row.case["crl"] == true {
        command.args(["--crlfile", "crls.pem"]);
    }
    if row.case["role"] == "server"
        && let Some(host) = row.case["host"].as_str()
    {
        command.args(["--host", host]);
    }
    let finished = run(&mut command, 60);
    let report: Value =
        serde_json::from_str(&finished.stdout).unwrap_or_else(|_| panic!("{}", finished.said()));
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    report["findings"]
        .as_array()
        .unwrap()
        .iter()
        .map(|finding| (word(&finding["severity"]), word(&finding["code"])))
        .filter(|(severity, _)| severity != "note")
        .collect()
}

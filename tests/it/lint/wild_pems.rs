//! Certificates and lists as they are found in public, each with a fault that is known: the finding
//! names it.
//!
//! They are those of `../shared/data/wild/pems`; without them there is nothing to do.

use std::{fs, path::Path};

use serde_json::Value;

use crate::support::{mtls, run, skipped};

const WILD: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../shared/data/wild/pems");

/// The beginning of a file's name, the rule that names its fault, and words of the finding.
const FAULTS: &[(&str, &str, &str)] = &[
    ("04-", "MT281", "1 unused bits"),
    ("04-", "MT282", "expected NULL"),
    ("05-", "MT233", "is negative"),
    ("08-", "MT201", "expired"),
    ("10-", "MT413", "expired"),
    ("10-", "MT261", "RSA-PSS"),
    ("11-", "MT206", "version 1"),
    ("11-", "MT201", "expired"),
    (
        "14-",
        "MT283",
        "every IP address and a DNS name that no host has",
    ),
    ("16-", "MT201", "expired"),
    ("18-", "MT201", "expired"),
    ("20-", "MT110", "nothing between BEGIN and END"),
    ("21-", "MT282", "BMPString"),
    ("22-", "MT282", "givenName before surname"),
    ("25-", "MT233", "is 0"),
    ("26-", "MT256", "even"),
    ("29-", "MT240", "nameConstraints"),
    ("30-", "MT260", "DSA"),
    ("4-certigo-example-bad-serial", "MT233", "is 0"),
    ("4-certigo-example-md5", "MT205", "md5"),
    ("4-certigo-example-root-bad-ku", "MT411", "no keyCertSign"),
    ("52-", "MT129", "expired"),
];

fn lint(path: &Path, words: &[&str]) -> Value {
    let finished = run(
        mtls()
            .args(["lint", "--format", "json"])
            .arg(path)
            .args(words),
        60,
    );
    serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()))
}

#[test]
fn each_fault_is_named() {
    let Ok(entries) = fs::read_dir(WILD) else {
        skipped("no ../shared/data/wild/pems here");
        return;
    };
    let files: Vec<_> = entries.map(|entry| entry.unwrap().path()).collect();
    for (begins, code, words) in FAULTS {
        let file = files.iter().find(|path| {
            let name = path.file_name().unwrap().to_string_lossy();
            name.starts_with(begins) && name.ends_with(".pem")
        });
        let file = file.unwrap_or_else(|| panic!("no file {begins}"));
        let report = lint(file, &[]);
        let findings = report["findings"].as_array().unwrap();
        assert!(
            findings.iter().any(|finding| finding["code"] == *code
                && finding["message"].as_str().unwrap().contains(words)),
            "{begins} {code} {words}: {findings:#?}"
        );
    }
    // With a host that this CA was not to certify it is a warning, and with an address an error: the
    // constraint on DNS names is two quotation marks.
    let people = files
        .iter()
        .find(|path| path.to_string_lossy().contains("/14-"));
    for (host, severity) in [("hook.example.com", "warning"), ("192.0.2.1", "error")] {
        let report = lint(people.unwrap(), &["--host", host]);
        let findings = report["findings"].as_array().unwrap();
        let said = findings.iter().find(|finding| finding["code"] == "MT283");
        assert_eq!(said.unwrap()["severity"], severity, "{report:#}");
    }
}

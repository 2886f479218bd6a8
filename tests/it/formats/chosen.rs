//! Which findings count: rules chosen by their codes, exceptions of a repository, baselines.

use std::{collections::BTreeSet, fs};

use serde_json::Value;

use super::{faulty, in_folder};

#[test]
fn rules_can_be_chosen() {
    let (_pki, folder) = faulty();
    let codes = |words: &[&str]| {
        let mut all = words.to_vec();
        all.extend(["--format", "json"]);
        let finished = in_folder(&folder, &all);
        let document: Value = serde_json::from_str(&finished.stdout).unwrap();
        let findings = document["findings"].as_array().unwrap().iter();
        let found: BTreeSet<String> = findings
            .map(|finding| finding["code"].as_str().unwrap().to_owned())
            .collect();
        (found, finished.code)
    };
    let own = |codes: &[&str]| {
        codes
            .iter()
            .map(|&code| code.to_owned())
            .collect::<BTreeSet<_>>()
    };
    assert_eq!(
        codes(&["lint", ".", "--select", "MT201,file-empty"]),
        (own(&["MT101", "MT201"]), Some(1))
    );
    assert_eq!(
        codes(&["lint", "expired.pem", "--ignore", "MT"]),
        (own(&[]), Some(0))
    );
    assert_eq!(
        codes(&[
            "inspect",
            "expired.pem",
            "--select",
            "MT2",
            "--ignore",
            "MT20,MT24",
            "--select=MT201"
        ])
        .0,
        own(&["MT201"])
    );
    // Nothing is said of it, and it does not pass for an endpoint that was seen.
    assert_eq!(
        codes(&["inspect", "127.0.0.1:1", "--ignore", "MT910"]),
        (own(&[]), Some(1))
    );
    let wrong = in_folder(&folder, &["lint", ".", "--ignore", "MT2x"]);
    assert_eq!(wrong.code, Some(2));
    assert!(
        wrong.stderr.contains("`MT2x` is not a rule's name"),
        "{}",
        wrong.stderr
    );
}

#[test]
fn a_repository_decides_about_findings() {
    let (pki, folder) = faulty();
    pki.write(
        "set/mtls.toml",
        "[[ignore]]\nrule = \"MT201\"\ntarget = \"expired.pem\"\nuntil = 9999-12-31\nreason = \"a rehearsal's\"\n[[ignore]]\nrule = \"file-empty\"\nuntil = 2020-01-01\nreason = \"over\"\n",
    );
    let run = |words: &[&str]| in_folder(&folder, words);
    let known = run(&["lint", "expired.pem", "--format", "json"]);
    let document: Value = serde_json::from_str(&known.stdout).unwrap();
    assert_eq!(known.code, Some(0), "{document:#}");
    assert_eq!(document["suppressed"][0]["reason"], "a rehearsal's");
    assert!(
        known
            .stderr
            .contains("the exception for MT101 ended on 2020-01-01 (over)"),
        "{}",
        known.stderr
    );
    let text = run(&["lint", "expired.pem"]).stdout;
    assert!(
        text.contains("ignored     MT201 certificate-expired until 9999-12-31: a rehearsal's"),
        "{text}"
    );
    let sarif: Value =
        serde_json::from_str(&run(&["lint", "expired.pem", "--format", "sarif"]).stdout).unwrap();
    let results = sarif["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|one| one["ruleId"] == "MT201").unwrap();
    let why = &result["suppressions"][0]["justification"];
    assert_eq!(why, "a rehearsal's", "{result:#}");
    // What is over holds no more, and another file is not meant.
    assert_eq!(run(&["lint", "empty.pem"]).code, Some(1));
    assert_eq!(run(&["lint", "expired.pem", "--no-config"]).code, Some(1));
    // From below it is found, not beyond the repository's root.
    fs::create_dir_all(format!("{folder}/below/.git")).unwrap();
    let below = |words: &[&str]| in_folder(&format!("{folder}/below"), words);
    assert_eq!(
        below(&["lint", "../expired.pem", "--config", "../mtls.toml"]).code,
        Some(1)
    );
    assert!(!below(&["lint", "../empty.pem"]).stderr.contains("ended on"));
    pki.write("set/mtls.toml", "[[ignore]]\nrule = \"MT2\"\n");
    let broken = run(&["lint", "expired.pem"]);
    assert_eq!(broken.code, Some(2));
    assert!(
        broken.stderr.contains("mtls.toml") && broken.stderr.contains("reason"),
        "{}",
        broken.stderr
    );
}

#[test]
fn only_what_is_new_counts_against_a_baseline() {
    let (pki, folder) = faulty();
    let run = |words: &[&str]| in_folder(&folder, words);
    assert_eq!(
        run(&[
            "lint",
            ".",
            "-o",
            "sarif=../base.sarif",
            "-o",
            "gitlab=../base.json"
        ])
        .code,
        Some(1)
    );
    for base in ["../base.sarif", "../base.json"] {
        let again = run(&[
            "lint",
            ".",
            "--baseline",
            base,
            "--fail-on",
            "note",
            "--format",
            "json",
        ]);
        let document: Value = serde_json::from_str(&again.stdout).unwrap();
        assert_eq!(again.code, Some(0), "{base} {document:#}");
        assert!(document["suppressed"].as_array().unwrap().len() > 6);
        assert_eq!(document["findings"].as_array().unwrap().len(), 0);
    }
    pki.write("set/new.pem", "");
    let more = run(&[
        "lint",
        ".",
        "--baseline",
        "../base.sarif",
        "--format",
        "json",
    ]);
    let document: Value = serde_json::from_str(&more.stdout).unwrap();
    let findings = document["findings"].as_array().unwrap();
    assert_eq!((findings.len(), more.code), (1, Some(1)), "{document:#}");
    assert_eq!(findings[0]["place"]["path"], "./new.pem");
    assert_eq!(run(&["lint", ".", "--baseline", "new.pem"]).code, Some(2));
    assert_eq!(run(&["lint", ".", "--baseline", "none"]).code, Some(2));
}

/// Fingerprints stay when lines move and days pass; that is what they are for.
#[test]
fn fingerprints_outlive_edits_and_days() {
    let (pki, folder) = faulty();
    let prints = |words: &[&str]| {
        let mut all = vec![
            "lint",
            "expired.pem",
            "--role",
            "client",
            "--format",
            "sarif",
        ];
        all.extend(words);
        let sarif: Value = serde_json::from_str(&in_folder(&folder, &all).stdout).unwrap();
        let results = sarif["runs"][0]["results"].as_array().unwrap().clone();
        let of = |result: &Value| {
            let print = result["partialFingerprints"]["mtls/v1"].as_str().unwrap();
            (
                result["ruleId"].as_str().unwrap().to_owned(),
                print.to_owned(),
            )
        };
        let moved = results[0]["locations"][0]["physicalLocation"]["region"]["startLine"].clone();
        (results.iter().map(of).collect::<BTreeSet<_>>(), moved)
    };
    let (before, line) = prints(&[]);
    let text = fs::read_to_string(format!("{folder}/expired.pem")).unwrap();
    pki.write("set/expired.pem", format!("# one\n# two\n{text}"));
    let later = (jiff::Timestamp::now() + jiff::SignedDuration::from_hours(240)).to_string();
    let (after, moved) = prints(&["--at-time", &later]);
    assert!(before.is_subset(&after), "{before:?} {after:?}");
    assert_ne!(line, moved);
}

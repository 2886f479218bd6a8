//! What `lint` prints, whole, on a private PKI that does not change (testdata/lint) at a moment
//! that does not either.

use std::{fs, path::Path};

use crate::{
    cli::{run_in, shown},
    support,
};

/// A day within the leaf's validity.
const DAY: &str = "2026-12-01T00:00:00Z";

fn testdata() -> &'static Path {
    Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/testdata/lint"))
}

fn lint(words: &[&str]) -> String {
    let all = [&["lint"], words, &["--at-time", DAY]].concat();
    let mut command = support::mtls();
    command
        .current_dir(testdata())
        .args(&all)
        .env("COLUMNS", "80");
    let finished = support::run(&mut command, 20);
    shown(&format!("mtls lint {}", words.join(" ")), &finished)
}

#[test]
fn a_good_chain_passes_in_a_few_lines() {
    insta::assert_snapshot!(lint(&[
        "--cert",
        "fullchain.pem",
        "--cacert",
        "root.pem",
        "--host",
        "hook.example.com",
        "--host",
        "v1.api.example.com",
    ]));
}

#[test]
fn a_chain_in_the_wrong_order_says_what_to_do_first() {
    insta::assert_snapshot!(lint(&["--cert", "reversed.pem", "--cacert", "root.pem"]));
}

#[test]
fn a_missing_intermediate_is_named() {
    insta::assert_snapshot!(lint(&["--cert", "leaf.pem", "--cacert", "root.pem"]));
}

#[test]
fn a_host_that_is_not_covered_is_told_with_those_that_are() {
    insta::assert_snapshot!(lint(&[
        "--cert",
        "fullchain.pem",
        "--cacert",
        "root.pem",
        "--host",
        "deep.v1.api.example.com",
    ]));
}

#[test]
fn several_files_get_a_line_each_and_a_count() {
    insta::assert_snapshot!(lint(&["fullchain.pem", "root.pem", "README.md"]));
}

#[test]
fn json_has_the_envelope() {
    let finished = run_in(
        testdata(),
        &[
            "lint",
            "--cert",
            "reversed.pem",
            "--cacert",
            "root.pem",
            "--format",
            "json",
            "--at-time",
            DAY,
        ],
    );
    let document: serde_json::Value = serde_json::from_str(&finished.stdout).unwrap();
    assert_eq!(finished.code, Some(1));
    for key in [
        "schema_version",
        "tool",
        "command",
        "verdict",
        "exit_code",
        "summary",
        "findings",
        "passed",
        "skipped",
        "trust",
        "cases",
    ] {
        assert!(document.get(key).is_some(), "{key}");
    }
    assert_eq!(document["trust"][0]["status"], "trusted");
    assert_eq!(document["findings"][0]["code"], "MT268");
    assert_eq!(document["findings"][0]["place"]["path"], "reversed.pem");
    assert_eq!(document["cases"][0]["kind"], "file");
    let finding = &document["findings"][0];
    assert!(!finding["remedy"]["text"].as_str().unwrap().is_empty());
    insta::assert_snapshot!(serde_json::to_string_pretty(&document["trust"]).unwrap());
}

#[test]
fn jsonl_has_an_object_a_file_and_a_summary() {
    let finished = run_in(
        testdata(),
        &["lint", ".", "--format", "jsonl", "--at-time", DAY],
    );
    let lines: Vec<serde_json::Value> = finished
        .stdout
        .lines()
        .map(|line| serde_json::from_str(line).unwrap())
        .collect();
    let kinds: Vec<&str> = lines
        .iter()
        .map(|line| line["kind"].as_str().unwrap())
        .collect();
    assert_eq!(
        kinds,
        ["file", "file", "file", "file", "summary"],
        "{}",
        finished.stdout
    );
    for line in &lines[..4] {
        for key in ["path", "certificates", "trust", "findings"] {
            assert!(line.get(key).is_some(), "{key}");
        }
    }
}

#[test]
fn the_repaired_chain_is_written_once_and_never_over_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let out = folder.path().join("fixed.pem");
    let words = [
        "lint",
        "--cert",
        "reversed.pem",
        "--cacert",
        "root.pem",
        "--at-time",
        DAY,
        "--fix",
        "--out",
        out.to_str().unwrap(),
    ];
    let finished = run_in(testdata(), &words);
    assert!(
        finished.stderr.contains("a root need not be sent"),
        "{}",
        finished.stderr
    );
    let wanted = fs::read_to_string(testdata().join("fullchain.pem")).unwrap();
    assert_eq!(fs::read_to_string(&out).unwrap(), wanted);
    let again = run_in(testdata(), &words);
    assert_eq!(again.code, Some(2), "{}", again.stderr);
    assert_eq!(fs::read_to_string(&out).unwrap(), wanted);
}

#[test]
fn bad_calls_are_told() {
    let calls: [&[&str]; 6] = [
        &["lint"],
        &["lint", "nowhere.pem"],
        &["lint", "--cert", "fullchain.pem", "--profile", "nobody"],
        &["lint", "--cert", "fullchain.pem", "--fix"],
        &["lint", "--cert", "fullchain.pem", "--at-time", "soon"],
        &["lint", "--cacert", "root.pem"],
    ];
    let mut text = String::new();
    for words in calls {
        let finished = run_in(testdata(), words);
        assert_eq!(finished.code, Some(2), "{words:?}");
        text.push_str(&shown(&words.join(" "), &finished));
    }
    insta::assert_snapshot!(text);
}

#[test]
fn a_hostile_name_reaches_no_terminal() {
    use rcgen::{CertificateParams, DnType, KeyPair};
    let mut params = CertificateParams::new(vec!["hook.example".to_owned()]).unwrap();
    params
        .distinguished_name
        .push(DnType::CommonName, "\u{1b}[2Jred\n::error::x\u{202e}");
    let certificate = params.self_signed(&KeyPair::generate().unwrap()).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let name = "c\u{1b}[31m.pem";
    fs::write(
        folder.path().join(name),
        mtls::parse::pem::encode("CERTIFICATE", certificate.der()) + "\u{1b}[2Jtext\n",
    )
    .unwrap();
    for format in ["text", "json", "jsonl"] {
        let finished = run_in(
            folder.path(),
            &[
                "lint", "--cert", name, "--format", format, "--color", "never",
            ],
        );
        let all = finished.stdout + &finished.stderr;
        assert!(!all.is_empty());
        assert!(
            !all.contains('\u{1b}') && !all.contains('\u{202e}'),
            "{format}: {all:?}"
        );
        assert!(
            !all.lines().any(|line| line.starts_with("::error")),
            "{format}"
        );
    }
}

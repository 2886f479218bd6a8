//! Running `inspect` and reading what it says.

use serde_json::Value;

use crate::support::{Finished, mtls, run};

/// `inspect` with these words.
pub(crate) fn inspect(words: &[&str]) -> Finished {
    run(mtls().arg("inspect").args(words), 120)
}

/// The document of `inspect --format json` with these words, and the exit code.
pub(crate) fn document(words: &[&str]) -> (Value, i32) {
    let finished = run(
        mtls().args(["inspect", "--format", "json"]).args(words),
        120,
    );
    let document = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    (document, finished.code.unwrap())
}

/// The only target of a document.
pub(crate) fn target(words: &[&str]) -> (Value, i32) {
    let (document, code) = document(words);
    let targets = document["targets"].as_array().unwrap();
    assert_eq!(targets.len(), 1, "{document:#}");
    (targets[0].clone(), code)
}

/// Codes of errors and warnings.
pub(crate) fn loud(target: &Value) -> Vec<String> {
    let findings = target["findings"].as_array().unwrap().iter();
    let mut found: Vec<String> = findings
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| finding["code"].as_str().unwrap().to_owned())
        .collect();
    found.sort();
    found.dedup();
    found
}

/// The lines of a `jsonl` output.
pub(crate) fn lines(text: &str) -> Vec<Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

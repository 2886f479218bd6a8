//! `--fetch` as its users run it, against servers of this machine: what certificates name is fetched
//! and judged, hostile answers end with a reason, and nothing is fetched unasked.

pub(crate) mod ca;
mod endpoint;
mod hostile;
mod issuers;
mod lists;
mod responders;
pub(crate) mod web;

use serde_json::Value;

use crate::support::{Finished, mtls, run};

/// `lint --fetch --fetch-private` with these words, as text.
fn lint(words: &[&str]) -> Finished {
    let flags = ["lint", "--fetch", "--fetch-private"];
    run(mtls().args(flags).args(words), 60)
}

/// The document of it, and the exit code.
fn document(words: &[&str]) -> (Value, i32) {
    let finished = lint(&[&["--format", "json"], words].concat());
    let document = serde_json::from_str(&finished.stdout)
        .unwrap_or_else(|error| panic!("{error}: {}", finished.said()));
    (document, finished.code.unwrap())
}

/// What was fetched for the only chain of a document.
fn fetched(document: &Value) -> &Value {
    &document["cases"][0]["fetched"][0]
}

/// The answer about the leaf.
fn leaf(document: &Value) -> &Value {
    &fetched(document)["revocation"][0]
}

/// Codes of errors and warnings.
fn loud(document: &Value) -> Vec<&str> {
    let findings = document["findings"].as_array().unwrap().iter();
    let mut codes: Vec<&str> = findings
        .filter(|finding| finding["severity"] != "note")
        .map(|finding| finding["code"].as_str().unwrap())
        .collect();
    codes.sort_unstable();
    codes.dedup();
    codes
}

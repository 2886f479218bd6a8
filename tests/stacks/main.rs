//! What verifiers make of chains, measured; and what `mtls lint` says they make of them.
//!
//! `UPDATE_STACKS=1 cargo test --test stacks` writes `tests/stacks/measured.toml` from the verifiers that are installed. Without it the file
//! is held to them, and `mtls` to the file.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::print_stdout,
    clippy::disallowed_methods,
    clippy::indexing_slicing,
    reason = "a test may fail loudly, and does read the clock and the environment"
)]

mod agreement;
mod chain;
mod corpus;
mod der;
mod forge;
mod judged;
mod keys;
mod measured;
mod shared;
#[path = "../support/mod.rs"]
mod support;
mod variations;
mod verifiers;

use std::collections::BTreeMap;

use agreement::Agreement;
use corpus::Corpus;
use judged::Parts;
use measured::Measured;
use support::{now, peer};
use verifiers::Answers;

/// 2026-11-15T12:00:00Z: when the cases are judged, so that the letters are the same on any day.
const MOMENT: i64 = 1_794_744_000;

fn updates() -> bool {
    std::env::var_os("UPDATE_STACKS").is_some_and(|value| value == "1")
}

/// Prints what a verifier says about the variations that `STACKS_WHY` lists, divided by commas.
fn tell_why(stack: &str, version: &str, said: &Answers) {
    let wanted = std::env::var("STACKS_WHY").unwrap_or_default();
    for (case, answer) in said {
        let (variation, _) = case.rsplit_once('.').unwrap();
        if wanted.split(',').any(|one| one == variation) {
            println!(
                "{case}: {stack} {version}: {} {}",
                answer.letter, answer.why
            );
        }
    }
}

/// The file says what the installed verifiers say.
#[test]
fn the_letters_are_those_of_the_installed_verifiers() {
    if peer("openssl").is_none() {
        return;
    }
    let work = tempfile::tempdir().unwrap();
    let fixed = Corpus::new(MOMENT, |_, _| true);
    let today = Corpus::new(now().as_second(), verifiers::fits);
    let mut measured = Measured::read();
    let mut wrong = Vec::new();
    let mut answers = Vec::new();
    for verifier in verifiers::installed(work.path()) {
        let said = verifier.ask(&fixed.cases);
        answers.push((verifier.stack, verifier.version, said));
    }
    answers.extend(verifiers::live(&today));
    let date = now().strftime("%Y-%m-%d").to_string();
    for (stack, version, said) in &answers {
        tell_why(stack, version, said);
        if updates() {
            measured.put(stack, version, &date, said);
            continue;
        }
        let same = measured.column(stack, version);
        let Some(column) = same.or_else(|| measured.latest(stack)) else {
            support::skipped(&format!("{stack} {version}: no version of it was measured"));
            continue;
        };
        let mut differing = measured.compare(column, said);
        if same.is_none() {
            // Another version may think otherwise: worth knowing, and no fault.
            let title = measured.columns[column].title();
            support::skipped(&format!("{stack} {version}: measured was {title}"));
            differing
                .drain(..)
                .for_each(|line| println!("another version: {line}"));
        }
        wrong.extend(differing);
    }
    if updates() {
        let cases: Vec<_> = fixed
            .cases
            .list
            .iter()
            .map(|case| case.name.clone())
            .collect();
        measured.write(&cases);
    }
    assert!(
        wrong.is_empty(),
        "{} letters differ:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}

const PARTS: Parts = Parts {
    chain: "chain.pem",
    anchors: "anchors.pem",
    lists: "lists.pem",
};

/// `lint` says of each stack what its verifier said when it was measured: of the newest version unasked, of older ones by `--stack`.
#[test]
fn lint_says_what_was_measured() {
    if peer("openssl").is_none() {
        return;
    }
    let corpus = Corpus::new(MOMENT, |_, _| true);
    let measured = Measured::read();
    // The newest of each unasked, the one before it in a second round, and so on.
    let mut rounds: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
    for (at, column) in measured.columns.iter().enumerate() {
        let newer = if column.library().is_some() {
            0
        } else {
            measured.newer(at)
        };
        rounds.entry(newer).or_default().push(at);
    }
    let mut agreement = Agreement::default();
    for (newer, columns) in rounds {
        let version = |at: &usize| {
            let column = &measured.columns[*at];
            format!("{}@{}", column.stack, column.version)
        };
        let asked: Vec<_> = columns.iter().filter(|_| newer > 0).map(version).collect();
        let judged = judged::all(&corpus.cases, &PARTS, &asked);
        for at in columns {
            let column = &measured.columns[at];
            for case in &corpus.cases.list {
                if let Some(letter) = measured.letter(at, &case.name) {
                    let (title, stack) = (column.title(), column.stands_under());
                    agreement.cell(&title, &case.name, letter, &judged[&case.name], stack);
                }
            }
        }
    }
    agreement.settle("our own cases");
}

//! What verifiers make of chains, measured; and what `mtls lint` says they make of them.
//!
//! `UPDATE_STACKS=1 cargo test --test it stacks::` writes `tests/it/stacks/measured.toml` from the
//! verifiers that are installed. Without it the file is held to them, and `mtls` to the file.

mod agreement;
pub(crate) mod chain;
pub(crate) mod corpus;
pub(crate) mod der;
pub(crate) mod forge;
pub(crate) mod judged;
pub(crate) mod keys;
mod measured;
mod shared;
pub(crate) mod variations;
mod verifiers;

use agreement::{Agreement, Said};
use corpus::Corpus;
use judged::Parts;
use measured::Measured;

use crate::support::{self, now, peer};
use verifiers::Answers;

/// 2026-11-15T12:00:00Z: when the cases are judged, so that the letters are the same on any day.
pub(crate) const MOMENT: i64 = 1_794_744_000;

/// How many combinations are drawn.
const COMBINATIONS: usize = 250;
/// The greatest share of cells that may be left open.
const OPEN: f64 = 0.03;
/// The same of combinations, where what one of two or three leaves open is open.
const OPEN_COMBINED: f64 = 0.06;

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

pub(crate) const PARTS: Parts = Parts {
    chain: "chain.pem",
    anchors: "anchors.pem",
    lists: "lists.pem",
};

/// `lint` says of each stack what its verifier said when it was measured.
#[test]
fn lint_says_what_was_measured() {
    if peer("openssl").is_none() {
        return;
    }
    let corpus = Corpus::new(MOMENT, |_, _| true);
    let measured = Measured::read();
    let said: Vec<Said> = (0..measured.columns.len())
        .map(|at| measured.said(at))
        .collect();
    Agreement::of(&corpus.cases, &PARTS, &said, false).settle("our own cases", OPEN);
}

/// `lint` says of two and three variations at once what the installed verifiers say: what was
/// measured one by one adds up.
#[test]
fn lint_says_of_combinations_what_verifiers_say() {
    if peer("openssl").is_none() {
        return;
    }
    let work = tempfile::tempdir().unwrap();
    let corpus = Corpus::combined(MOMENT, seed(), COMBINATIONS);
    let mut said = Vec::new();
    for verifier in verifiers::installed(work.path()) {
        let answers = verifier.ask(&corpus.cases);
        tell_why(verifier.stack, &verifier.version, &answers);
        let answers = answers.into_iter();
        said.push(Said {
            title: format!("{} {}", verifier.stack, verifier.version),
            stack: verifier.stack.to_owned(),
            letters: answers
                .map(|(case, answer)| (case, answer.letter))
                .filter(|(_, letter)| *letter != '-')
                .collect(),
            version: Some(verifier.version),
        });
    }
    Agreement::of(&corpus.cases, &PARTS, &said, true).settle("combinations", OPEN_COMBINED);
}

/// Which combinations are drawn: always the same ones, unless `STACKS_SEED` has another number.
fn seed() -> u64 {
    std::env::var("STACKS_SEED").map_or(1, |seed| seed.parse().unwrap())
}

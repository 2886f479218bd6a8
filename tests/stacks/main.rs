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

mod chain;
mod corpus;
mod der;
mod forge;
mod judged;
mod keys;
mod measured;
#[path = "../support/mod.rs"]
mod support;
mod variations;
mod verifiers;

use corpus::Corpus;
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
            println!("{case}: {stack} {version}: {} {}", answer.letter, answer.why);
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
        let Some(column) = measured.column(stack, version) else {
            support::skipped(&format!("{stack} {version}: another version was measured"));
            continue;
        };
        for (case, answer) in said {
            let kept = measured.letter(column, case).unwrap_or('-');
            if kept != answer.letter {
                wrong.push(format!(
                    "{case}: {stack} {version} says {}, measured was {kept}: {}",
                    answer.letter, answer.why
                ));
            }
        }
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

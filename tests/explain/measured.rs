//! `mtls explain` measured on runs that it did not count.

use std::collections::{BTreeMap, BTreeSet};

use mtls::explain::Weights;
use mtls::explain::dictionary::{Dictionary, FILES};

use crate::atlas::{self, Meaning, Run};
use crate::counts::count;

/// What came out for one stack.
#[derive(Clone, Debug, Default)]
struct Score {
    /// Texts, each counted once a run that printed it.
    printed: u32,
    known: u32,
    among: u32,
    first_two: u32,
    /// Different texts.
    texts: u32,
    /// Those of them whose first two causes hold a fault that was behind them.
    texts_first_two: u32,
    /// What stood first in place of the true fault.
    instead: BTreeMap<(String, String), u32>,
}

/// Parts the runs are split in: each is measured with what the others were counted in.
const PARTS: u64 = 5;

/// A run's part.
fn part(run: &Run, index: usize) -> u64 {
    // FNV-1a: a hash that stays what it is.
    let key = format!("{} {} {} {}", run.fault, run.server, run.client, index % 7);
    let hash = key.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    (hash >> 17) % PARTS
}

fn measure(weights: &Weights) -> BTreeMap<String, Score> {
    let runs = atlas::runs();
    let meaning = Meaning::of(&runs);
    let mut scores: BTreeMap<String, Score> = BTreeMap::new();
    for held_out in 0..PARTS {
        let mut dictionary = Dictionary::read(FILES);
        let others = runs
            .iter()
            .enumerate()
            .filter(|(index, run)| part(run, *index) != held_out);
        let seen = count(&dictionary, others.map(|(_, run)| run));
        for (entry, seen) in dictionary.entries.iter_mut().zip(seen) {
            entry.seen = seen;
        }
        let mut texts: BTreeMap<(&str, String), (bool, BTreeSet<&str>)> = BTreeMap::new();
        for (index, run) in runs.iter().enumerate() {
            if part(run, index) != held_out || !run.has_fault() {
                continue;
            }
            for (_, stack, lines) in run.prints() {
                for line in lines.iter().filter(|line| meaning.has(line)) {
                    let score = scores.entry(stack.to_owned()).or_default();
                    let text = texts.entry((stack, atlas::shape(line))).or_default();
                    score.printed += 1;
                    let found = dictionary.recognise(line);
                    let Some(first) = found.iter().find(|found| found.stands_in(line)) else {
                        dump(|| format!("UNKNOWN {stack} | {line}"));
                        continue;
                    };
                    score.known += 1;
                    let causes = dictionary.causes(first.entry, first.printer, weights);
                    let place = causes.iter().position(|cause| cause.fault == run.fault);
                    let id = &dictionary.entries[first.entry].id;
                    if place.is_some() {
                        score.among += 1;
                    } else {
                        dump(|| format!("NOT AMONG {} | {id} | {line}", run.fault));
                    }
                    if place.is_some_and(|place| place < 2) {
                        score.first_two += 1;
                        text.0 = true;
                    } else {
                        dump(|| format!("LOW {id} | {:?} | {} | {line}", first.printer, run.fault));
                    }
                    if let Some(cause) = causes.first().filter(|_| place != Some(0)) {
                        *score
                            .instead
                            .entry((run.fault.clone(), cause.fault.to_owned()))
                            .or_default() += 1;
                    }
                    text.1.insert(&run.fault);
                }
            }
        }
        for ((stack, _), (hit, _)) in texts {
            let score = scores.entry(stack.to_owned()).or_default();
            score.texts += 1;
            score.texts_first_two += u32::from(hit);
        }
    }
    scores
}

/// Prints a line when the misses are asked for.
#[allow(
    clippy::disallowed_methods,
    reason = "a test's switch, not the program's input"
)]
fn dump(line: impl Fn() -> String) {
    if std::env::var_os("MTLS_ATLAS_DUMP").is_some() {
        println!("{}", line().chars().take(240).collect::<String>());
    }
}

#[test]
fn the_true_fault_is_among_the_causes() {
    let scores = measure(&Weights::default());
    let sum = |of: fn(&Score) -> u32| -> u32 { scores.values().map(of).sum() };
    let share = |part: u32, of: u32| f64::from(part) / f64::from(of);
    let (printed, texts) = (sum(|s| s.printed), sum(|s| s.texts));
    for (stack, score) in &scores {
        println!(
            "{stack:<40} {:>5} {:>5} {:>5} {:>5} {:>5} {:>5}",
            score.printed,
            score.known,
            score.among,
            score.first_two,
            score.texts,
            score.texts_first_two
        );
    }
    println!(
        "printed {printed} known {:.4} among {:.4} first two {:.4}",
        share(sum(|s| s.known), printed),
        share(sum(|s| s.among), printed),
        share(sum(|s| s.first_two), printed)
    );
    println!(
        "texts {texts} first two {:.4}",
        share(sum(|s| s.texts_first_two), texts)
    );
}

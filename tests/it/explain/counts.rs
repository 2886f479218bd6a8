//! How often a fault stood behind a message: counted here, kept in the dictionary's files as
//! `seen`.
//!
//! `UPDATE_DICTIONARY=1 cargo test --test it explain::counts` writes them anew; without it the test
//! holds the files to the atlas.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;

use mtls::explain::dictionary::{Dictionary, FILES, Seen, dictionary};
use mtls::facts::Side;

use crate::explain::atlas::{self, Run};

/// Counts a run once for each message and side, however often it printed it.
pub(crate) fn count<'a>(dictionary: &Dictionary, runs: impl Iterator<Item = &'a Run>) -> Vec<Seen> {
    let mut seen = vec![Seen::default(); dictionary.entries.len()];
    for run in runs.filter(|run| run.has_fault()) {
        for (side, _, lines) in run.prints() {
            let mut found = BTreeSet::new();
            for line in lines {
                found.extend(dictionary.recognise(line).iter().map(|found| found.entry));
            }
            for entry in found {
                let counts = match side {
                    Side::Client => &mut seen[entry].client,
                    Side::Server => &mut seen[entry].server,
                };
                *counts.entry(run.fault.clone()).or_default() += 1;
            }
        }
    }
    seen
}

#[test]
fn the_counts_are_those_of_the_atlas() {
    assert_eq!(dictionary().problems, Vec::<String>::new());
    let runs = atlas::runs();
    // Which of two entries with the same words is taken depends on counts: settle it first.
    let mut settled = Dictionary::read(FILES);
    for _ in 0..2 {
        let seen = count(&settled, runs.iter());
        for (entry, seen) in settled.entries.iter_mut().zip(seen) {
            entry.seen = seen;
        }
    }
    let mut by_file: BTreeMap<&str, Vec<&Seen>> = BTreeMap::new();
    for entry in &settled.entries {
        by_file.entry(entry.file).or_default().push(&entry.seen);
    }
    for (name, text) in FILES {
        let wanted = with_counts(text, by_file.get(name).map_or(&[][..], |seen| seen));
        let path = format!(
            "{}/src/explain/dictionary/{name}.toml",
            env!("CARGO_MANIFEST_DIR")
        );
        if std::env::var_os("UPDATE_DICTIONARY").is_some() {
            fs::write(&path, &wanted).unwrap();
        } else {
            assert!(
                *text == wanted,
                "{name}.toml: its counts are not those of the atlas; run UPDATE_DICTIONARY=1 cargo test --test it explain::counts"
            );
        }
    }
}

/// The file with these counts, one for each of its messages, in place of the old ones.
fn with_counts(text: &str, seen: &[&Seen]) -> String {
    let mut out = String::new();
    let mut seen = seen.iter();
    let mut open: Option<&Seen> = None;
    let close = |out: &mut String, open: &mut Option<&Seen>| {
        let Some(seen) = open.take() else { return };
        let body = out.trim_end().len();
        let gap = out.split_off(body);
        for (side, counts) in [("client", &seen.client), ("server", &seen.server)] {
            if counts.is_empty() {
                continue;
            }
            let mut ordered: Vec<(&String, &u32)> = counts.iter().collect();
            ordered.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
            let pairs: Vec<String> = ordered
                .iter()
                .map(|(fault, runs)| format!("{fault} = {runs}"))
                .collect();
            out.push_str(&format!("\nseen.{side} = {{ {} }}", pairs.join(", ")));
        }
        out.push_str(&gap);
    };
    for line in text.lines() {
        if line.starts_with("seen.") {
            continue;
        }
        if line.starts_with("[[") {
            close(&mut out, &mut open);
            if line == "[[message]]" {
                open = seen.next().copied();
            }
        }
        out.push_str(line);
        out.push('\n');
    }
    close(&mut out, &mut open);
    out
}

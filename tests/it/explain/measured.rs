//! `mtls explain` measured on runs that it did not count.

use std::collections::{BTreeMap, BTreeSet};

use mtls::explain::Weights;
use mtls::explain::dictionary::{Dictionary, FILES};

use crate::explain::atlas::{self, Meaning, Run};
use crate::explain::counts::count;

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
    /// How often each fault was behind a text.
    behind: BTreeMap<String, BTreeMap<String, u32>>,
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
                    *score
                        .behind
                        .entry(atlas::shape(line))
                        .or_default()
                        .entry(run.fault.clone())
                        .or_default() += 1;
                    let found = dictionary.recognise(line);
                    let Some(first) = found.iter().find(|found| found.stands_in(line)) else {
                        dump(|| format!("UNKNOWN {stack} | {line}"));
                        continue;
                    };
                    score.known += 1;
                    let causes = dictionary.causes(first, weights);
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
fn dump(line: impl Fn() -> String) {
    if std::env::var_os("MTLS_ATLAS_DUMP").is_some() {
        println!("{}", line().chars().take(240).collect::<String>());
    }
}

#[test]
fn the_true_fault_is_among_the_causes() {
    let held_out = measure(&Weights::default());
    let whole = texts_of_the_whole();
    let sum = |of: fn(&Score) -> u32| -> u32 { held_out.values().map(of).sum() };
    println!(
        "held out: printed {} known {:.4} among {:.4} first two {:.4}",
        sum(|s| s.printed),
        share(sum(|s| s.known), sum(|s| s.printed)),
        share(sum(|s| s.among), sum(|s| s.printed)),
        share(sum(|s| s.first_two), sum(|s| s.printed))
    );
    println!("whole: {whole:?}");
    assert!(share(sum(|s| s.among), sum(|s| s.printed)) >= 0.97);
    assert!(share(whole.among, whole.texts) >= 0.97);
    assert!(share(whole.first_two, whole.texts) >= 0.80);
    current("docs/explain.md", &page(&held_out, &whole));
}

/// Lines whose fault is one of the two most frequent behind their text: the most that two causes a
/// text can reach, known beforehand.
fn reachable(scores: &BTreeMap<String, Score>) -> u32 {
    let texts = scores.values().flat_map(|score| score.behind.values());
    texts
        .map(|faults| {
            let mut counts: Vec<u32> = faults.values().copied().collect();
            counts.sort_unstable_by(|a, b| b.cmp(a));
            counts.iter().take(2).sum::<u32>()
        })
        .sum()
}

fn share(part: u32, of: u32) -> f64 {
    f64::from(part) / f64::from(of.max(1))
}

/// The different texts of the whole atlas, with counts from all of it: what the program that is
/// shipped answers.
#[derive(Debug, Default)]
struct Whole {
    /// Different lines, whether they carry a meaning or not.
    lines: u32,
    /// Known ones among those that do not.
    other_known: u32,
    texts: u32,
    known: u32,
    /// Every fault that was behind the text is among its causes.
    among: u32,
    /// One of them is first or second.
    first_two: u32,
    /// Texts behind which only one fault was, and those of them of which it is first or second.
    single: (u32, u32),
}

fn texts_of_the_whole() -> Whole {
    let runs = atlas::runs();
    let meaning = Meaning::of(&runs);
    let dictionary = Dictionary::read(FILES);
    let mut texts: BTreeMap<(&str, String), (&str, BTreeSet<&str>)> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.has_fault()) {
        for (_, stack, lines) in run.prints() {
            for line in lines.iter().filter(|line| meaning.has(line)) {
                let text = texts
                    .entry((stack, atlas::shape(line)))
                    .or_insert((line, BTreeSet::new()));
                text.1.insert(&run.fault);
            }
        }
    }
    let mut whole = Whole::default();
    let mut others: BTreeMap<(&str, String), &str> = BTreeMap::new();
    for run in runs.iter().filter(|run| run.has_fault()) {
        for (_, stack, lines) in run.prints() {
            for line in lines.iter().filter(|line| !meaning.has(line)) {
                others.entry((stack, atlas::shape(line))).or_insert(line);
            }
        }
    }
    others.retain(|key, _| !texts.contains_key(key));
    whole.lines = u32::try_from(texts.len() + others.len()).unwrap();
    for line in others.values() {
        let known = dictionary
            .recognise(line)
            .iter()
            .any(|found| found.stands_in(line));
        whole.other_known += u32::from(known);
    }
    for (line, faults) in texts.values() {
        whole.texts += 1;
        whole.single.0 += u32::from(faults.len() == 1);
        let found = dictionary.recognise(line);
        let Some(first) = found.iter().find(|found| found.stands_in(line)) else {
            dump(|| format!("UNKNOWN {line}"));
            continue;
        };
        let causes = dictionary.causes(first, &Weights::default());
        let hit = causes
            .iter()
            .take(2)
            .any(|cause| faults.contains(cause.fault));
        whole.known += 1;
        whole.among += u32::from(
            faults
                .iter()
                .all(|fault| causes.iter().any(|cause| cause.fault == *fault)),
        );
        whole.first_two += u32::from(hit);
        whole.single.1 += u32::from(hit && faults.len() == 1);
        if !hit {
            dump(|| {
                format!(
                    "MISS {} | {:?} | {faults:?} | {:?} | {line}",
                    dictionary.entries[first.entry].id,
                    first.printer,
                    causes.iter().take(2).map(|c| c.fault).collect::<Vec<_>>()
                )
            });
        }
    }
    whole
}

/// The report.
fn page(held_out: &BTreeMap<String, Score>, whole: &Whole) -> String {
    let sum = |of: fn(&Score) -> u32| -> u32 { held_out.values().map(of).sum() };
    let percent = |part: u32, of: u32| format!("{:.1} %", share(part, of) * 100.0);
    let runs = atlas::runs();
    let mut page = INTRODUCTION.replace(
        "{runs}",
        &format!("{},{:03}", runs.len() / 1000, runs.len() % 1000),
    );
    page.push_str(&format!(
        "\n## The program as it is\n\nOf {} different lines (a stack's, without numbers, times, paths) that runs with a fault printed, {} are meaningful by these tests; of the others, the program knows {}.\n\
         Counts from the whole atlas, asked about each of the {} texts.\n\n\
         | | texts | share |\n|---|---|---|\n| known | {} | {} |\n| every fault that was behind it is among the causes | {} | {} |\n| one of them is first or second | {} | {} |\n\
         | only one fault was seen behind it, and that one is first or second | {} of {} | {} |\n",
        whole.lines, whole.texts, whole.other_known, whole.texts, whole.known, percent(whole.known, whole.texts), whole.among, percent(whole.among, whole.texts), whole.first_two, percent(whole.first_two, whole.texts),
        whole.single.1, whole.single.0, percent(whole.single.1, whole.single.0),
    ));
    page.push_str(&format!(
        "\n## Cross-validation\n\nThe runs are split into five parts; each is tested with counts from the other four: {} printed lines. Known {}, true fault among the causes {}, first or second {}.\n\
         A line is counted as often as it was printed, so that an alert behind ten faults weighs more than a text behind one; always naming the two most frequent faults of each text would reach {}.\n\n\
         | stack | lines | known | among | first two | most frequent confusions |\n|---|---|---|---|---|---|\n",
        sum(|s| s.printed),
        percent(sum(|s| s.known), sum(|s| s.printed)),
        percent(sum(|s| s.among), sum(|s| s.printed)),
        percent(sum(|s| s.first_two), sum(|s| s.printed)),
        percent(reachable(held_out), sum(|s| s.printed)),
    ));
    for (stack, score) in held_out {
        let mut instead: Vec<_> = score.instead.iter().collect();
        instead.sort_by(|a, b| b.1.cmp(a.1).then(a.0.cmp(b.0)));
        let most: Vec<String> = instead
            .iter()
            .take(2)
            .map(|((of, taken), times)| format!("`{of}` for `{taken}` ({times})"))
            .collect();
        page.push_str(&format!(
            "| {stack} | {} | {} | {} | {} | {} |\n",
            score.printed,
            percent(score.known, score.printed),
            percent(score.among, score.printed),
            percent(score.first_two, score.printed),
            most.join(", "),
        ));
    }
    page.push_str(&confusion(held_out));
    page.push_str(LIFE);
    page
}

/// The faults that are taken for one another most often, over all stacks.
fn confusion(held_out: &BTreeMap<String, Score>) -> String {
    let mut all: BTreeMap<(&str, &str), u32> = BTreeMap::new();
    for ((of, taken), times) in held_out.values().flat_map(|score| &score.instead) {
        *all.entry((of, taken)).or_default() += times;
    }
    let mut all: Vec<_> = all.into_iter().collect();
    all.sort_by(|a, b| b.1.cmp(&a.1).then(a.0.cmp(&b.0)));
    let mut page = String::from(
        "\n## Which faults are confused\n\n| true fault | ranked first instead | lines |\n|---|---|---|\n",
    );
    for ((of, taken), times) in all.iter().take(30) {
        page.push_str(&format!("| `{of}` | `{taken}` | {times} |\n"));
    }
    page
}

const INTRODUCTION: &str = "# How well `explain` knows what it reads\n\n\
Written by `tests/it/explain/measured.rs` (`UPDATE_DOCS=1 cargo test --test it explain::measured`) from `testdata/atlas`, {runs} measured runs of 18 servers and 19 clients with\n\
135 faults. A line counts as meaningful when no successful run prints it, when it has words of failure, and when at most ten faults were\n\
behind it: with more it points to none. `client-rejects-server-cert-unknown-ca` and `server-unknown-ca` are the same fault seen from two sides, and count as two. The words of failure\n\
(`tests/it/explain/atlas.rs`) were chosen with this atlas in view: how many lines they leave out is said below.\n";

fn current(path: &str, wanted: &str) {
    let path = format!("{}/{path}", env!("CARGO_MANIFEST_DIR"));
    if std::env::var_os("UPDATE_DOCS").is_some() {
        std::fs::write(&path, wanted).unwrap();
    }
    let found = std::fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found == wanted,
        "{path} is stale: run UPDATE_DOCS=1 cargo test --test it explain::measured"
    );
}

const LIFE: &str = "\n## Texts that people pasted\n\n\
`tests/it/explain/wild.rs` tests 302 texts of public threads whose cause was found (they are not part of the program), each with weights that were counted in other\n\
threads only, and 47 texts with words such as certificate and handshake that are about something else. Measured 2026-11-30:\n\n\
| | known | cause | side that has to fix it |\n|---|---|---|---|\n\
| before the counts from threads, the messages of most products, and reading who printed a line | 80.5 % | 49.7 % | 41.4 % |\n\
| now | 100.0 % | 94.4 % | 90.1 % |\n\n\
The cause is the root cause of a log, one of the first two of a line. None of the 47 is explained. The weights are cross-validated, the texts are not: most of them were written\n\
with these threads in view, so new threads will be known less often. When they were added, the counts from threads alone changed the side from 77.2 % to 81.8 % and the cause from 90.1 % to 88.4 %;\n\
reading who printed a line brought the most. Of the 822 messages of the dictionary,\n\
183 that came with these threads were written from them and from memory and not compared with the sources that are named; `explain -v` says so of each.\n";

//! A log of any length: every known line, what happened to how many connections, and what is at the
//! bottom of it.
//!
//! Must not: keep lines. What is kept is one record for each message and printing side, and a count
//! for each failure, so that memory does not grow with the log.

use std::collections::{HashMap, VecDeque};

use super::{
    Explanation, Match, Specificity,
    answer::shown,
    connection::{self, Connections, Tally},
    dictionary::Dictionary,
    recognise::{Found, Line, Scratch, ToldBy},
    root::{most, root, table, unnamed},
};
use crate::facts::Side;

/// How many lines away a line may be that speaks of TLS, for a common phrase to count.
const NEAR: u64 = 10;
/// How many lines before a line may stand that tells who printed both, in a log of both sides.
const BESIDE: u64 = 5;
/// Lines at the beginning of a log that are read together with the next: what a person pasted is
/// often wrapped in the midst of a message.
const WRAPPED: u64 = 400;
/// Bytes at the beginning by which lines are alike.
const ALIKE: usize = 4;
/// So many lines of one text that name no connection are of several failures.
const MANY: u64 = 3;
/// Longer lines are not wrapped ones, in bytes.
const WRAPPED_BYTES: usize = 4096;

#[derive(Debug)]
struct Kept {
    /// The how manyth message this was: the order of what stands in one line.
    order: usize,
    first: u64,
    count: u64,
    text: String,
    told_by: ToldBy,
    /// Who printed a line shortly before it.
    beside: Option<Side>,
    /// The program whose words stand in the line.
    program: Option<&'static str>,
}

/// A message, and the side that printed it as far as its line tells.
pub(super) type Key = (usize, Option<Side>);

/// Where a side was told first, and the frame that tells.
type Told = (u64, Option<usize>);

/// Reads a log line by line.
#[derive(Debug)]
pub struct Log<'a> {
    dictionary: &'a Dictionary,
    scratch: Scratch,
    kept: HashMap<Key, Kept>,
    /// Common phrases of the last lines, until a line near them speaks of TLS.
    waiting: VecDeque<(u64, Found, String)>,
    /// The last line that spoke of TLS.
    spoke: Option<u64>,
    /// Where a client's and a server's print was seen first.
    told: [Option<Told>; 2],
    /// The last line that told who printed it.
    told_last: Option<(u64, Side)>,
    connections: Connections,
    /// A line that the next one may go on.
    held: Option<Vec<u8>>,
    lines: u64,
    /// Lines that go on with no other.
    begun: u64,
    filled: u64,
    /// Lines with something known in them, and the last of them.
    known: u64,
    known_last: u64,
    /// What stood in the first line that was not empty, for a log that is only that line.
    question: Option<(Vec<Found>, String)>,
}

impl<'a> Log<'a> {
    /// Nothing read yet.
    pub fn new(dictionary: &'a Dictionary) -> Self {
        Self {
            dictionary,
            scratch: Scratch::default(),
            kept: HashMap::new(),
            waiting: VecDeque::new(),
            spoke: None,
            told: [None; 2],
            told_last: None,
            connections: Connections::default(),
            held: None,
            lines: 0,
            begun: 0,
            filled: 0,
            known: 0,
            known_last: 0,
            question: None,
        }
    }

    /// Takes one line, without its line break.
    pub fn line(&mut self, raw: &[u8]) {
        if let Some(held) = self.held.take() {
            let line = if held.len() + raw.len() <= WRAPPED_BYTES && !alike(&held, raw) {
                self.dictionary.wrapped(&held, raw, &mut self.scratch)
            } else {
                self.dictionary.line(&held, &mut self.scratch)
            };
            self.take(&held, line);
        }
        self.lines += 1;
        if self.lines <= WRAPPED {
            self.held = Some(raw.to_vec());
        } else {
            let line = self.dictionary.line(raw, &mut self.scratch);
            self.take(raw, line);
        }
    }

    /// Takes more of the same line, for one that is too long to be taken at once.
    pub fn more(&mut self, raw: &[u8]) {
        self.release();
        let line = self.dictionary.line(raw, &mut self.scratch);
        self.take(raw, line);
    }

    /// Takes the line that was held back, without the next.
    fn release(&mut self) {
        if let Some(held) = self.held.take() {
            let line = self.dictionary.line(&held, &mut self.scratch);
            self.take(&held, line);
        }
    }

    fn take(&mut self, raw: &[u8], line: Line) {
        if raw.trim_ascii().is_empty() {
            return;
        }
        self.filled += 1;
        // What a trace says is indented, or begins as all do.
        let goes_on: [&[u8]; 4] = [b" ", b"\t", b"Traceback", b"Caused by"];
        let goes_on = goes_on.iter().any(|begin| raw.starts_with(begin));
        if !goes_on {
            self.begun += 1;
        }
        if let Some(name) = connection::heading(raw) {
            self.connections.heading(self.begun, name);
        } else if line.found.is_empty() && connection::ends_trace(raw) {
            self.connections.trace_ended();
        }
        if let Some((side, words)) = line.told {
            self.told[usize::from(side == Side::Server)].get_or_insert((self.lines, words));
            self.told_last = Some((self.lines, side));
        }
        if line.speaks_of_tls {
            self.spoke = Some(self.lines);
            for (at, found, text) in std::mem::take(&mut self.waiting) {
                if self.lines - at <= NEAR {
                    self.keep(at, found, || text);
                }
            }
        }
        if line.found.is_empty() {
            return;
        }
        if self.filled == 1 {
            self.question = Some((line.found.clone(), shown(&String::from_utf8_lossy(raw))));
        }
        let near = self.spoke.is_some_and(|spoke| self.lines - spoke <= NEAR);
        let mut counts: Vec<(Key, Specificity)> = Vec::new();
        for found in line.found {
            let text = || shown(&String::from_utf8_lossy(raw));
            if found.firm || near {
                counts.push((
                    (found.entry, found.printer),
                    self.dictionary.entries[found.entry].telling,
                ));
                self.keep(self.lines, found, text);
            } else {
                while self
                    .waiting
                    .front()
                    .is_some_and(|(at, ..)| self.lines - at > NEAR)
                {
                    self.waiting.pop_front();
                }
                self.waiting.push_back((self.lines, found, text()));
            }
        }
        if !counts.is_empty() {
            let at = (self.lines, self.begun);
            self.connections
                .line(at, connection::name(raw), &counts, goes_on, || {
                    shown(&String::from_utf8_lossy(raw))
                });
        }
    }

    fn keep(&mut self, line: u64, found: Found, text: impl FnOnce() -> String) {
        if line != self.known_last {
            self.known += 1;
            self.known_last = line;
        }
        let order = self.kept.len();
        let beside = self
            .told_last
            .filter(|(at, _)| line.abs_diff(*at) <= BESIDE)
            .map(|(_, side)| side);
        let kept = self
            .kept
            .entry((found.entry, found.printer))
            .or_insert_with(|| Kept {
                order,
                first: line,
                count: 0,
                text: text(),
                told_by: found.told_by,
                beside,
                program: found.program,
            });
        kept.count += 1;
    }

    /// The side that printed what does not tell by itself, by the lines around it.
    fn context(&self, kept: &Kept) -> Option<(Side, ToldBy)> {
        let side = match self.told {
            [Some(_), None] => Side::Client,
            [None, Some(_)] => Side::Server,
            [None, None] => return None,
            [Some(_), Some(_)] => kept.beside?,
        };
        let (line, words) = self.told[usize::from(side == Side::Server)]?;
        Some((side, ToldBy::Line { line, words }))
    }

    /// The answer.
    pub fn finish(mut self) -> Explanation {
        self.release();
        if self.filled == 1
            && self.kept.is_empty()
            && let Some((found, text)) = self.question.take()
        {
            for found in found.into_iter().filter(|found| found.stands_in(&text)) {
                self.keep(self.lines, found, || text.clone());
            }
        }
        let mut kept: Vec<(Key, &Kept)> =
            self.kept.iter().map(|(key, kept)| (*key, kept)).collect();
        kept.sort_by_key(|(_, kept)| kept.order);
        let tallies = std::mem::take(&mut self.connections).finish();
        let mut matches: Vec<Match> = Vec::new();
        let mut places: HashMap<Key, usize> = HashMap::new();
        let mut failures: Vec<Tally> = Vec::new();
        for ((entry, told), kept) in kept {
            let (printer, told_by) = match told {
                Some(side) => (Some(side), kept.told_by),
                None => self
                    .context(kept)
                    .map_or((None, ToldBy::Nothing), |(side, by)| (Some(side), by)),
            };
            let tally = tallies.get(&(entry, told)).cloned().unwrap_or_default();
            if let Some(&at) = places.get(&(entry, printer)) {
                matches[at].count += kept.count;
                add(&mut failures[at], tally);
                continue;
            }
            places.insert((entry, printer), matches.len());
            let found = Found {
                entry,
                printer,
                told_by,
                firm: true,
                covers: 0,
                program: kept.program,
            };
            matches.push(Match {
                line: Some(kept.first),
                count: kept.count,
                ..self.dictionary.describe(found, &kept.text)
            });
            failures.push(tally);
        }
        self.answer(matches, failures)
    }

    /// Orders what was found, and picks what is at the bottom of it.
    fn answer(&self, matches: Vec<Match>, tallies: Vec<Tally>) -> Explanation {
        let mut both: Vec<(Match, Tally)> = matches.into_iter().zip(tallies).collect();
        let failed: u64 = both.iter().map(|(_, tally)| tally.connections).sum();
        let kinds = both
            .iter()
            .filter(|(_, tally)| tally.connections > 0)
            .count();
        let many = kinds > 1;
        // The most telling first; of a log of many connections what most of them met, else of equals
        // one that has causes, then the earliest.
        both.sort_by_key(|(found, tally)| {
            (
                std::cmp::Reverse(found.telling),
                std::cmp::Reverse(if many { tally.connections } else { 0 }),
                found.causes.is_empty(),
                std::cmp::Reverse(precise(found)),
                found.line,
            )
        });
        let mut unnamed = unnamed(&both);
        let failures = match failed > 1 {
            true => table(&both),
            false => Vec::new(),
        };
        // Of one failure a text is often there twice, and in two wordings.
        if failed <= 1 && (unnamed.len() < 2 || unnamed[0].lines < MANY) {
            unnamed.clear();
        }
        let mut matches: Vec<Match> = both.into_iter().map(|(found, _)| found).collect();
        let root_cause = if failures.len() + unnamed.len() > 1 {
            most(&failures, &unnamed)
        } else {
            root(&mut matches)
        };
        Explanation {
            query: "-".to_owned(),
            rule: None,
            fault: None,
            known: !matches.is_empty(),
            matches,
            root_cause,
            failures,
            unnamed,
            lines: self.lines,
            known_lines: self.known,
        }
    }
}

/// Whether two lines begin alike, with a time or a field: neither goes on with the other.
fn alike(one: &[u8], other: &[u8]) -> bool {
    let same = one
        .iter()
        .zip(other)
        .take_while(|(one, other)| one == other);
    same.count() >= ALIKE && !one[..ALIKE].iter().all(|byte| *byte == b' ')
}

/// Whether a message stands for so few faults that it names the reason.
fn precise(found: &Match) -> bool {
    found.telling == Specificity::Reason && found.causes.len() <= 3
}

fn add(to: &mut Tally, mut other: Tally) {
    if other.loose > 0 {
        if to.loose == 0 || other.first_loose < to.first_loose {
            to.first_loose = other.first_loose;
            to.text = std::mem::take(&mut other.text);
        }
        to.loose += other.loose;
    }
    if other.connections == 0 {
        return;
    }
    to.line = if to.connections == 0 {
        other.line
    } else {
        to.line.min(other.line)
    };
    to.connections += other.connections;
    to.addresses.extend(other.addresses);
}

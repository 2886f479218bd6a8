//! What stands in a line: entries of the dictionary, and the side that printed it.
//!
//! Must not: say what an entry can stand for (that is `causes`).

use std::collections::BTreeSet;

use super::{
    Specificity,
    dictionary::{Dictionary, Entry, Meant},
    pattern::{Hit, plain},
};
use crate::facts::Side;

/// What tells which side printed a line.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash)]
pub enum ToldBy {
    /// Nothing.
    #[default]
    Nothing,
    /// The message itself: only that side prints it.
    Message,
    /// These words of the line, by the index of their frame.
    Words(usize),
    /// Words of another line.
    Line {
        /// Its number, from 1.
        line: u64,
        /// The index of their frame; none for a message that only one side prints.
        words: Option<usize>,
    },
}

/// An entry found in a line, and which side printed that line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Found {
    /// Index of the entry.
    pub entry: usize,
    /// The side that printed it, if the line, the lines around it or the entry tell.
    pub printer: Option<Side>,
    /// What tells.
    pub told_by: ToldBy,
    /// Whether it counts by itself: a common phrase needs a line, or a log, that speaks of TLS.
    pub firm: bool,
    /// How many bytes of the line known words cover.
    pub covers: usize,
    /// The program whose own words stand in the line, by the name of its file.
    pub program: Option<&'static str>,
}

/// Files of what many programs print: their words tell no program.
const COMMON: &[&str] = &["alerts", "verify", "openssl", "network", "programs"];

/// The program that a file of the dictionary is of. The codes are those of curl.
fn program(file: &'static str) -> Option<&'static str> {
    match file {
        "codes" => Some("curl"),
        file if COMMON.contains(&file) => None,
        file => Some(file),
    }
}

impl Found {
    /// Whether it counts in a text that stands alone: by itself, or as most of what was asked.
    pub fn stands_in(&self, text: &str) -> bool {
        self.firm || self.covers * 2 > text.trim().len()
    }
}

/// Buffers that lines share.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    line: Vec<u8>,
    hits: Vec<Hit<Meant>>,
}

/// What was found in a line.
#[derive(Debug, Default)]
pub(super) struct Line {
    pub(super) found: Vec<Found>,
    /// Whether something in it speaks of TLS.
    pub(super) speaks_of_tls: bool,
    /// The side that printed it, and the index of the frame that tells.
    pub(super) told: Option<(Side, Option<usize>)>,
}

/// Known words that are looked at in a line: one that repeats them without end says no more.
const MOST_HITS: usize = 512;

impl Dictionary {
    /// What is known in this line, the most telling first.
    pub fn recognise(&self, line: &str) -> Vec<Found> {
        self.line(line.as_bytes(), &mut Scratch::default()).found
    }

    pub(super) fn line(&self, raw: &[u8], scratch: &mut Scratch) -> Line {
        plain(raw, &mut scratch.line);
        self.within(scratch, usize::MAX)
    }

    /// What is known in a line that the next one may go on: of what begins behind the line itself
    /// nothing is taken.
    pub(super) fn wrapped(&self, raw: &[u8], next: &[u8], scratch: &mut Scratch) -> Line {
        plain(raw, &mut scratch.line);
        let end = scratch.line.len();
        let both = [raw, b" ", next].concat();
        plain(&both, &mut scratch.line);
        self.within(scratch, end)
    }

    fn within(&self, scratch: &mut Scratch, end: usize) -> Line {
        scratch.hits.clear();
        self.automaton.find(&scratch.line, &mut scratch.hits);
        scratch.hits.retain(|hit| hit.start < end);
        scratch.hits.truncate(MOST_HITS);
        if scratch.hits.is_empty() {
            return Line::default();
        }
        let mut entries: Vec<(Hit<Meant>, usize)> = Vec::new();
        let mut frames: Vec<(usize, usize)> = Vec::new();
        let mut numbered: BTreeSet<usize> = BTreeSet::new();
        for hit in &scratch.hits {
            match hit.meant {
                Meant::Entry(index) => entries.push((*hit, index)),
                Meant::Frame(index) => frames.push((hit.end - hit.start, index)),
                Meant::Marker(index) => {
                    if let Some((end, entry)) = self.numbered(index, &scratch.line, hit.end) {
                        entries.push((Hit { end, ..*hit }, entry));
                        if self.entries[entry].telling == Specificity::Reason {
                            numbered.insert(entry);
                        }
                    }
                }
            }
        }
        // The longest words tell best: `while SSL handshaking to upstream` is not `while SSL
        // handshaking`. A program's name tells less than words of TLS.
        let frame = frames
            .iter()
            .filter(|&&(_, index)| self.frames[index].printer.is_some())
            .max_by_key(|&&(length, index)| (self.frames[index].of_tls, length))
            .map(|&(_, index)| index);
        let by_frame = frame.and_then(|index| Some((self.frames[index].printer?, Some(index))));
        let files: BTreeSet<&str> = frames
            .iter()
            .map(|&(_, index)| self.frames[index].file)
            .collect();
        let of_tls = frames.iter().any(|&(_, index)| self.frames[index].of_tls);
        let mut kept = self.longest(&entries, &files);
        kept.sort_by_key(|&(hit, index)| {
            let entry = &self.entries[index];
            (
                std::cmp::Reverse(entry.telling),
                // A number says it better than the words of the program around it.
                std::cmp::Reverse(numbered.contains(&index)),
                std::cmp::Reverse(hit.end - hit.start),
                hit.start,
            )
        });
        let told_by_program = kept
            .iter()
            .map(|&(hit, index)| (hit.end - hit.start, self.entries[index].file))
            .chain(
                frames
                    .iter()
                    .map(|&(length, index)| (length, self.frames[index].file)),
            )
            .filter_map(|(length, file)| Some((length, program(file)?)))
            .max()
            .map(|(_, program)| program);
        let strong = kept.iter().any(|&(_, index)| !self.entries[index].weak);
        // What one message tells of the side that printed the line holds for the others in it.
        let told = by_frame.or_else(|| {
            kept.iter()
                .find_map(|&(_, index)| Some((self.entries[index].printer?, None)))
        });
        let mut concepts = BTreeSet::new();
        let covers = kept.iter().map(|(hit, _)| hit.end - hit.start).sum();
        let found = kept
            .into_iter()
            .filter(|&(_, index)| concepts.insert(self.entries[index].concept))
            .map(|(_, index)| {
                let entry = &self.entries[index];
                Found {
                    entry: index,
                    printer: entry.printer.or(told.map(|(side, _)| side)),
                    told_by: match (entry.printer, told) {
                        (None, Some((_, Some(words)))) => ToldBy::Words(words),
                        (None, None) => ToldBy::Nothing,
                        _ => ToldBy::Message,
                    },
                    firm: !entry.weak || strong || of_tls,
                    covers,
                    program: told_by_program,
                }
            })
            .collect();
        Line {
            found,
            speaks_of_tls: strong || of_tls,
            told: told.filter(|_| strong || frame.is_some()),
        }
    }

    /// The entry of the number that stands behind a marker, and where it ends.
    fn numbered(&self, marker: usize, line: &[u8], from: usize) -> Option<(usize, usize)> {
        let blank = line[from..]
            .iter()
            .take_while(|byte| **byte == b' ')
            .count();
        let start = from + blank;
        let digits = line[start..]
            .iter()
            .take_while(|byte| byte.is_ascii_digit())
            .count();
        let number = std::str::from_utf8(&line[start..start + digits]).ok()?;
        let of = &self.markers[marker].of;
        let entry = *self.by_id.get(&format!("{of} {number}"))?;
        Some((start + digits, entry))
    }

    /// Without what stands within longer words that tell as much, and one entry for the same words.
    fn longest(
        &self,
        entries: &[(Hit<Meant>, usize)],
        files: &BTreeSet<&str>,
    ) -> Vec<(Hit<Meant>, usize)> {
        let mut kept: Vec<(Hit<Meant>, usize)> = Vec::new();
        for (at, &(hit, index)) in entries.iter().enumerate() {
            let entry = &self.entries[index];
            let beaten = entries
                .iter()
                .enumerate()
                .any(|(other_at, &(other, other_index))| {
                    if other_at == at || other_index == index {
                        return false;
                    }
                    let rival = &self.entries[other_index];
                    let around = other.start <= hit.start && hit.end <= other.end;
                    let same = other.start == hit.start && hit.end == other.end;
                    if same {
                        // The file whose other words stand in the line knows best; then the one
                        // seen more often.
                        let rank = |entry: &Entry| (files.contains(entry.file), runs(entry));
                        let (ours, theirs) = (rank(entry), rank(rival));
                        return theirs > ours || (theirs == ours && other_at < at);
                    }
                    around && rival.telling >= entry.telling
                });
            if !beaten {
                kept.push((hit, index));
            }
        }
        kept
    }
}

/// How often an entry was seen.
fn runs(entry: &Entry) -> u32 {
    entry
        .seen
        .client
        .values()
        .chain(entry.seen.server.values())
        .sum()
}

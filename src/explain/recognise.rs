//! What stands in a line: entries of the dictionary, and the side that printed it.
//!
//! Must not: say what an entry can stand for (that is `causes`).

use std::collections::BTreeSet;

use super::{
    dictionary::{Dictionary, Entry, Meant},
    pattern::{Hit, plain},
};
use crate::facts::Side;

/// An entry found in a line, and which side printed that line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub struct Found {
    /// Index of the entry.
    pub entry: usize,
    /// The side that printed it, if the line or the entry tells.
    pub printer: Option<Side>,
    /// Whether it counts by itself: a common phrase needs a line, or a log, that speaks of TLS.
    pub firm: bool,
    /// How many bytes of the line known words cover.
    pub covers: usize,
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
}

impl Dictionary {
    /// What is known in this line, the most telling first.
    pub fn recognise(&self, line: &str) -> Vec<Found> {
        self.line(line.as_bytes(), &mut Scratch::default()).found
    }

    pub(super) fn line(&self, raw: &[u8], scratch: &mut Scratch) -> Line {
        plain(raw, &mut scratch.line);
        scratch.hits.clear();
        self.automaton.find(&scratch.line, &mut scratch.hits);
        if scratch.hits.is_empty() {
            return Line::default();
        }
        let mut entries: Vec<(Hit<Meant>, usize)> = Vec::new();
        let mut frames: Vec<(usize, usize)> = Vec::new();
        for hit in &scratch.hits {
            match hit.meant {
                Meant::Entry(index) => entries.push((*hit, index)),
                Meant::Frame(index) => frames.push((hit.end - hit.start, index)),
                Meant::Marker(index) => {
                    if let Some((end, entry)) = self.numbered(index, &scratch.line, hit.end) {
                        entries.push((Hit { end, ..*hit }, entry));
                    }
                }
            }
        }
        // The longest words tell best: `while SSL handshaking to upstream` is not `while SSL
        // handshaking`.
        let printer = frames
            .iter()
            .filter_map(|&(length, index)| Some((length, self.frames[index].printer?)))
            .max_by_key(|&(length, _)| length)
            .map(|(_, side)| side);
        let files: BTreeSet<&str> = frames
            .iter()
            .map(|&(_, index)| self.frames[index].file)
            .collect();
        let mut kept = self.longest(&entries, &files);
        kept.sort_by_key(|&(hit, index)| {
            let entry = &self.entries[index];
            (
                std::cmp::Reverse(entry.telling),
                std::cmp::Reverse(hit.end - hit.start),
                hit.start,
            )
        });
        let strong = kept.iter().any(|&(_, index)| !self.entries[index].weak);
        // What one message tells of the side that printed the line holds for the others in it.
        let printer = printer.or_else(|| {
            kept.iter()
                .find_map(|&(_, index)| self.entries[index].printer)
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
                    printer: entry.printer.or(printer),
                    firm: !entry.weak || strong || !frames.is_empty(),
                    covers,
                }
            })
            .collect();
        Line {
            found,
            speaks_of_tls: strong || !frames.is_empty(),
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

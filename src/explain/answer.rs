//! From a line to what it can stand for.

use std::collections::{BTreeMap, BTreeSet};

use super::{
    Cause, Explanation, Kind, Likelihood, Match, RefusedBy, RootCause, Telling, codes,
    dictionary::{Dictionary, Entry, Meant, Turned},
    evidence,
    fault::{self, Fault, fault},
    log,
    pattern::{Hit, plain},
};
use crate::{facts::Side, parse::escape, rules};

/// How near a cause has to come to the first one to be called likely too.
const LIKELY: f64 = 0.3;

/// The most characters of a line that an answer repeats.
const SHOWN: usize = 300;

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

/// What counting and declaring weigh against each other. Public for the test that measures them.
#[derive(Clone, Copy, Debug)]
pub struct Weights {
    /// A run in which this very wording was printed.
    pub own: f64,
    /// A run in which another wording of the same message was printed.
    pub family: f64,
    /// A fault that the dictionary declares, first place; the n-th weighs an n-th of it.
    pub declared: f64,
}

impl Default for Weights {
    fn default() -> Self {
        Self {
            own: 1.0,
            family: 0.1,
            declared: 6.0,
        }
    }
}

/// Buffers that lines share.
#[derive(Debug, Default)]
pub(super) struct Scratch {
    line: Vec<u8>,
    hits: Vec<Hit>,
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
        let mut entries: Vec<(Hit, usize)> = Vec::new();
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
        // The longest words tell best: `while SSL handshaking to upstream` is not `while SSL handshaking`.
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
    fn longest(&self, entries: &[(Hit, usize)], files: &BTreeSet<&str>) -> Vec<(Hit, usize)> {
        let mut kept: Vec<(Hit, usize)> = Vec::new();
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
                        // The file whose other words stand in the line knows best; then the one seen more often.
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

    /// What an entry can stand for when this side printed it, most likely first.
    pub fn causes(&self, entry: usize, printer: Option<Side>, weights: &Weights) -> Vec<Cause> {
        let of = &self.entries[entry];
        let sides: &[Side] = match printer {
            Some(Side::Client) => &[Side::Client],
            Some(Side::Server) => &[Side::Server],
            None => &[Side::Client, Side::Server],
        };
        let mut scores: BTreeMap<&str, f64> = BTreeMap::new();
        let mut counted: BTreeMap<&str, f64> = BTreeMap::new();
        for &side in sides {
            let mut of_side: BTreeMap<&str, f64> = BTreeMap::new();
            for other in self
                .entries
                .iter()
                .filter(|other| other.concept == of.concept)
            {
                let weight = if std::ptr::eq(other, of) {
                    weights.own
                } else {
                    weights.family
                };
                for (id, &runs) in other.seen.by(side) {
                    if let Some(fault) = fault(id) {
                        *of_side.entry(&fault.id).or_default() += weight * f64::from(runs);
                        *counted.entry(&fault.id).or_default() += f64::from(runs);
                    }
                }
            }
            let declared = of.faults.iter().flat_map(|template| meant(template, side));
            for (place, fault) in declared.chain(tail(of, side)).enumerate() {
                let nth = 1.0 + f64::from(u32::try_from(place).unwrap_or(u32::MAX));
                *of_side.entry(&fault.id).or_default() +=
                    weights.declared / nth * fits(fault, side);
            }
            // Where nobody knows who printed it, either side may have: both count the same.
            let all: f64 = of_side.values().sum();
            for (id, score) in of_side {
                *scores.entry(id).or_default() += score / all;
            }
        }
        let runs: f64 = counted.values().sum();
        let mut ordered: Vec<(&str, f64)> = scores.into_iter().collect();
        ordered.sort_by(|a, b| b.1.total_cmp(&a.1).then(a.0.cmp(b.0)));
        let alone = ordered.len() == 1;
        let best = ordered.first().map_or(0.0, |(_, score)| *score);
        ordered
            .into_iter()
            .enumerate()
            .filter_map(|(place, (id, score))| {
                let fault = fault(id)?;
                let likelihood = if alone && of.telling == Telling::Reason {
                    Likelihood::Certain
                } else if score >= best * LIKELY && place < 4 {
                    Likelihood::Likely
                } else {
                    Likelihood::Possible
                };
                Some(Cause {
                    fault: &fault.id,
                    title: &fault.title,
                    likelihood,
                    share: (runs > 0.0 && printer.is_some())
                        .then(|| counted.get(id).copied().unwrap_or(0.0) / runs),
                    side_to_act: &fault.act,
                    how_to_tell: &fault.tell,
                    remedy: &fault.remedy,
                    rules: fault.rules.clone(),
                })
            })
            .collect()
    }

    /// The answer about one thing found.
    pub(super) fn describe(&self, found: Found, text: &str) -> Match {
        let entry = &self.entries[found.entry];
        let causes = self.causes(found.entry, found.printer, &Weights::default());
        Match {
            text: shown(text),
            id: entry.id.clone(),
            stack: entry.stack.clone(),
            kind: match entry.telling {
                _ if self.entries[entry.concept].id.starts_with("alert ") => Kind::Alert,
                Telling::Code => Kind::Code,
                _ => Kind::Message,
            },
            telling: entry.telling,
            meaning: match &entry.name {
                Some(name) => format!("{name}: {}", entry.meaning),
                None => entry.meaning.clone(),
            },
            printed_by: found.printer,
            turned_away: entry.turned,
            refused_by: refused_by(entry.turned, found.printer, &causes),
            tell_apart: evidence::tell_apart(&causes),
            causes,
            struck: Vec::new(),
            line: None,
            count: 1,
            source: entry.source.clone(),
        }
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

/// How well it fits that this side prints of a fault: one that the other side's log shows first seldom speaks here.
fn fits(fault: &Fault, printer: Side) -> f64 {
    match fault.seen_by {
        Some(side) if side != printer => 0.2,
        _ => 1.0,
    }
}

/// The faults of a template: one, or all whose id begins so where it ends in `*`. `client-*` leaves out what is wrong with the client's files.
fn meant(template: &str, printer: Side) -> Vec<&'static Fault> {
    let id = fill(template, printer);
    let Some(start) = id.strip_suffix('*') else {
        return fault(&id).into_iter().collect();
    };
    let files = start.contains("-file-");
    // What the other side trusts does not change how its certificate looks from here.
    let trusted = template.starts_with("{self}") || start.contains("-file-ca-");
    fault::faults()
        .iter()
        .filter(|fault| fault.id.starts_with(start))
        .filter(|fault| files || !fault.id.contains("-file-"))
        .filter(|fault| !files || trusted || !fault.id.contains("-file-ca-"))
        .collect()
}

/// What a text that names no reason can stand for besides what is known of it: whatever can be wrong with the side that was turned away.
fn tail(entry: &Entry, printer: Side) -> Vec<&'static Fault> {
    let templates: &[&str] = match (entry.telling, entry.turned) {
        (Telling::Reason, _) | (_, Turned::Nobody) => &[],
        (Telling::Alert, Turned::Printer) => &["{self}-*", "{self}-file-*", "{peer}-file-ca-*"],
        (_, Turned::Peer) => &["{peer}-*", "{self}-file-ca-*", "{peer}-file-*"],
        (_, Turned::Local) => &["{self}-file-*"],
        (_, Turned::Printer | Turned::Either) => &[
            "{self}-*",
            "{peer}-*",
            "{self}-file-*",
            "{peer}-file-*",
            "no-common-*",
            "upstream-*",
            "peer-*",
            "sni-*",
            "alpn-*",
            "close-*",
        ],
    };
    templates
        .iter()
        .flat_map(|template| meant(template, printer))
        .collect()
}

/// `{self}` and `{peer}` by the side that prints.
fn fill(template: &str, printer: Side) -> String {
    let (own, other) = match printer {
        Side::Client => ("client", "server"),
        Side::Server => ("server", "client"),
    };
    template.replace("{self}", own).replace("{peer}", other)
}

/// Who refused whom. Where nobody knows who printed the text, the causes tell, if all the likely ones are at one side.
fn refused_by(turned: Turned, printer: Option<Side>, causes: &[Cause]) -> RefusedBy {
    let by = |side: Side| match side {
        Side::Client => RefusedBy::Client,
        Side::Server => RefusedBy::Server,
    };
    let other = |side: Side| match side {
        Side::Client => Side::Server,
        Side::Server => Side::Client,
    };
    match (turned, printer) {
        (Turned::Local, _) => RefusedBy::Local,
        (Turned::Peer, Some(side)) => by(side),
        (Turned::Printer, Some(side)) => by(other(side)),
        (Turned::Peer | Turned::Printer, None) => {
            let roles: BTreeSet<bool> = causes
                .iter()
                .filter_map(|cause| fault(cause.fault)?.role)
                .map(|side| side == Side::Client)
                .collect();
            match (roles.contains(&true), roles.contains(&false)) {
                (true, false) => RefusedBy::Server,
                (false, true) => RefusedBy::Client,
                _ => RefusedBy::Unknown,
            }
        }
        (Turned::Either | Turned::Nobody, _) => RefusedBy::Unknown,
    }
}

/// A line as an answer repeats it: harmless, and not too long.
pub(super) fn shown(text: &str) -> String {
    let text = text.trim();
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", escape::text(&text[..end])),
        None => escape::text(text),
    }
}

/// Explains what a person pasted: a code, a name, a number, a line, a few lines.
pub fn query(dictionary: &Dictionary, text: &str) -> Explanation {
    let text = text.trim();
    if text.lines().count() > 1 {
        let mut log = log::Log::new(dictionary);
        for line in text.lines() {
            log.line(line.as_bytes());
        }
        return Explanation {
            query: text.to_owned(),
            ..log.finish()
        };
    }
    let mut matches = Vec::new();
    if let Some(rule) = rules::find(text) {
        matches.push(codes::rule(rule));
    }
    if matches.is_empty() {
        matches = codes::numbers(dictionary, text);
    }
    if matches.is_empty() {
        matches = sentence(dictionary, text);
    }
    if matches.is_empty() {
        matches = codes::packed(dictionary, text);
    }
    Explanation {
        query: text.to_owned(),
        known: !matches.is_empty(),
        root_cause: matches.first().and_then(root),
        matches,
        lines: 1,
    }
}

/// What is known in one line that a person asks about. A common phrase counts when it is most of the question.
pub(super) fn sentence(dictionary: &Dictionary, text: &str) -> Vec<Match> {
    dictionary
        .recognise(text)
        .into_iter()
        .filter(|found| found.stands_in(text))
        .map(|found| dictionary.describe(found, text))
        .collect()
}

/// The root of a single match.
fn root(first: &Match) -> Option<RootCause> {
    let cause = first.causes.first()?;
    let why = match cause.likelihood {
        Likelihood::Certain => "the text stands for nothing else".to_owned(),
        _ if first.causes.len() == 1 => "it is the only fault known behind this text".to_owned(),
        _ => format!(
            "the most likely of {} faults that this text can stand for{}",
            first.causes.len(),
            cause.share.map_or(String::new(), |share| format!(
                "; it was behind {:.0} % of the runs in which it was printed",
                share * 100.0
            )),
        ),
    };
    Some(RootCause {
        fault: cause.fault,
        text: first.text.clone(),
        why,
    })
}

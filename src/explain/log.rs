//! A log of any length: every known line, and what is at the bottom of it.
//!
//! Must not: keep lines. What is kept is one record for each message and printing side, so that
//! memory does not grow with the log.

use std::collections::{HashMap, VecDeque};

use super::{
    Explanation, Match, RootCause, Specificity,
    answer::shown,
    dictionary::Dictionary,
    recognise::{Found, Scratch},
};
use crate::facts::Side;

/// How many lines away a line may be that speaks of TLS, for a common phrase to count.
const NEAR: u64 = 10;

#[derive(Debug)]
struct Kept {
    /// The how manyth message this was: the order of what stands in one line.
    order: usize,
    first: u64,
    count: u64,
    text: String,
}

type Key = (usize, Option<Side>);

/// Reads a log line by line.
#[derive(Debug)]
pub struct Log<'a> {
    dictionary: &'a Dictionary,
    scratch: Scratch,
    kept: HashMap<Key, Kept>,
    /// Common phrases of the last lines, until a line near them speaks of TLS.
    waiting: VecDeque<(u64, Key, String)>,
    /// The last line that spoke of TLS.
    spoke: Option<u64>,
    lines: u64,
    filled: u64,
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
            lines: 0,
            filled: 0,
            question: None,
        }
    }

    /// Takes one line, without its line break.
    pub fn line(&mut self, raw: &[u8]) {
        self.lines += 1;
        self.more(raw);
    }

    /// Takes more of the same line, for one that is too long to be taken at once.
    pub fn more(&mut self, raw: &[u8]) {
        if raw.trim_ascii().is_empty() {
            return;
        }
        self.filled += 1;
        let line = self.dictionary.line(raw, &mut self.scratch);
        if line.speaks_of_tls {
            self.spoke = Some(self.lines);
            for (at, key, text) in std::mem::take(&mut self.waiting) {
                if self.lines - at <= NEAR {
                    self.keep(at, key, || text);
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
        for found in line.found {
            let key = (found.entry, found.printer);
            let text = || shown(&String::from_utf8_lossy(raw));
            if found.firm || near {
                self.keep(self.lines, key, text);
            } else {
                while self
                    .waiting
                    .front()
                    .is_some_and(|(at, ..)| self.lines - at > NEAR)
                {
                    self.waiting.pop_front();
                }
                self.waiting.push_back((self.lines, key, text()));
            }
        }
    }

    fn keep(&mut self, line: u64, key: Key, text: impl FnOnce() -> String) {
        let order = self.kept.len();
        let kept = self.kept.entry(key).or_insert_with(|| Kept {
            order,
            first: line,
            count: 0,
            text: text(),
        });
        kept.count += 1;
    }

    /// The answer.
    pub fn finish(mut self) -> Explanation {
        if self.filled == 1
            && self.kept.is_empty()
            && let Some((found, text)) = self.question.take()
        {
            for found in found.iter().filter(|found| found.stands_in(&text)) {
                self.keep(self.lines, (found.entry, found.printer), || text.clone());
            }
        }
        let mut kept: Vec<(&Key, &Kept)> = self.kept.iter().collect();
        kept.sort_by_key(|(_, kept)| kept.order);
        let mut matches: Vec<Match> = kept
            .into_iter()
            .map(|(&(entry, printer), kept)| {
                let found = Found {
                    entry,
                    printer,
                    firm: true,
                    covers: 0,
                };
                Match {
                    line: Some(kept.first),
                    count: kept.count,
                    ..self.dictionary.describe(found, &kept.text)
                }
            })
            .collect();
        // The most telling first; of equals one that has causes, then the earliest.
        matches.sort_by_key(|found| {
            (
                std::cmp::Reverse(found.telling),
                found.causes.is_empty(),
                found.line,
            )
        });
        let root_cause = root(&mut matches);
        Explanation {
            query: "-".to_owned(),
            rule: None,
            known: !matches.is_empty(),
            matches,
            root_cause,
            lines: self.lines,
        }
    }
}

/// How much a message's word weighs when several speak.
fn weight(telling: Specificity) -> f64 {
    match telling {
        Specificity::Reason => 1.0,
        Specificity::Alert => 0.6,
        Specificity::Status | Specificity::Ending => 0.3,
        Specificity::Code | Specificity::Wrapper => 0.1,
    }
}

/// Orders the leading message's causes by what the others say too, and picks the first.
fn root(matches: &mut [Match]) -> Option<RootCause> {
    let lead = matches.iter().position(|found| !found.causes.is_empty())?;
    let agrees = |id: &str| -> f64 {
        matches
            .iter()
            .filter(|other| !other.causes.is_empty())
            .map(|other| {
                let place = other.causes.iter().position(|cause| cause.fault == id);
                // First place of n counts most; not being there counts against it.
                let says = place.map_or(-1.0, |place| {
                    1.0 / (1.0 + f64::from(u32::try_from(place).unwrap_or(u32::MAX)))
                });
                weight(other.telling) * says
            })
            .sum()
    };
    let best = matches[lead]
        .causes
        .iter()
        // Of equals `max_by` takes the last: the more likely one is to be that.
        .rev()
        .max_by(|a, b| agrees(a.fault).total_cmp(&agrees(b.fault)))?
        .fault;
    let (others, wrappers) = matches
        .iter()
        .enumerate()
        .filter(|(index, _)| *index != lead)
        .fold((0, 0), |(others, wrappers), (_, found)| {
            match found.telling {
                Specificity::Wrapper | Specificity::Code => (others, wrappers + 1),
                _ => (others + 1, wrappers),
            }
        });
    let found = &mut matches[lead];
    let at = found.causes.iter().position(|cause| cause.fault == best)?;
    let cause = found.causes.remove(at);
    found.causes.insert(0, cause);
    let says = match found.telling {
        Specificity::Reason => "names the reason",
        Specificity::Alert => "has the alert, which says who refused",
        Specificity::Ending => "tells how the connection ended, which is all that is known",
        Specificity::Status => "has the answer that the refused side got",
        Specificity::Code | Specificity::Wrapper => {
            "is all there is, and it only says that something failed"
        }
    };
    let mut why = format!("line {} ({}) {says}", found.line.unwrap_or(1), found.stack);
    if others > 0 {
        why.push_str(&format!(
            "; others that agree with it or follow from it: {others}"
        ));
    }
    if wrappers > 0 {
        why.push_str(&format!("; that only go around it: {wrappers}"));
    }
    if found.causes.len() > 1 {
        why.push_str(&format!(
            "; of {} faults this is the one they point to most",
            found.causes.len()
        ));
    }
    Some(RootCause {
        fault: best,
        text: found.text.clone(),
        why,
    })
}

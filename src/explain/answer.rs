//! From what was found to an answer: who refused whom, whose move it is.

use std::collections::BTreeSet;

use super::{
    Cause, Kind, Match, RefusedBy, Specificity,
    causes::Weights,
    dictionary::{ALERTS, Dictionary, Turned},
    evidence,
    fault::fault,
    recognise::{Found, ToldBy},
};
use crate::{
    facts::Side,
    parse::{escape, redact},
};

/// The most characters of a line that an answer repeats.
const SHOWN: usize = 300;

impl Dictionary {
    /// The answer about one thing found.
    pub(super) fn describe(&self, found: Found, text: &str) -> Match {
        let entry = &self.entries[found.entry];
        let causes = self.causes(&found, &Weights::default());
        Match {
            text: shown(text),
            id: entry.id.clone(),
            stack: entry.stack.clone(),
            program: found.program.filter(|program| *program != entry.file),
            kind: match entry.telling {
                _ if self.entries[entry.concept].file == ALERTS => Kind::Alert,
                Specificity::Code => Kind::Code,
                _ => Kind::Message,
            },
            telling: entry.telling,
            meaning: match &entry.name {
                Some(name) => format!("{name}: {}", entry.meaning),
                None => entry.meaning.clone(),
            },
            printed_by: found.printer,
            printed_because: self.because(found),
            printed_told: entry.page
                || matches!(found.told_by, ToldBy::Words(_) | ToldBy::Line { .. }),
            turned_away: entry.turned,
            refused_by: refused_by(entry.turned, found.printer, &causes),
            tell_apart: evidence::tell_apart(&causes),
            causes,
            struck: Vec::new(),
            line: None,
            count: 1,
            printed_as: Vec::new(),
            source: entry.source.clone(),
        }
    }
}

impl Dictionary {
    /// How it is known who printed a message.
    fn because(&self, found: Found) -> Option<String> {
        let said = |words: Option<usize>| match words.and_then(|index| self.frames.get(index)) {
            Some(frame) => format!("it says `{}`", frame.words.replace('*', "...")),
            None => "only that side prints this".to_owned(),
        };
        if self.entries[found.entry].page {
            return Some("it is the page that the server answers with".to_owned());
        }
        Some(match found.told_by {
            ToldBy::Nothing => return None,
            ToldBy::Message => said(None),
            ToldBy::Words(words) => said(Some(words)),
            ToldBy::Line { line, words } => format!("line {line}: {}", said(words)),
        })
    }
}

/// Who refused whom. Where nobody knows who printed the text, the causes tell, if all the likely
/// ones are at one side.
fn refused_by(turned: Turned, printer: Option<Side>, causes: &[Cause]) -> RefusedBy {
    let by = |side: Side| match side {
        Side::Client => RefusedBy::Client,
        Side::Server => RefusedBy::Server,
    };
    match (turned, printer) {
        (Turned::Local, _) => RefusedBy::Local,
        (Turned::Peer, Some(side)) => by(side),
        (Turned::Printer, Some(side)) => by(side.other()),
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
    let text = redact::text(text.trim());
    match text.char_indices().nth(SHOWN) {
        Some((end, _)) => format!("{}...", escape::text(&text[..end])),
        None => escape::text(&text),
    }
}

/// What is known in one line that a person asks about. A common phrase counts when it is most of
/// the question.
pub(super) fn sentence(dictionary: &Dictionary, text: &str) -> Vec<Match> {
    dictionary
        .recognise(text)
        .into_iter()
        .filter(|found| found.stands_in(text))
        .map(|found| dictionary.describe(found, text))
        .collect()
}

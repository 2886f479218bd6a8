//! What a tired person reads: the answer first, what to fix next, a summary last; the detail where it
//! is asked for.
//!
//! For: a terminal of any width, or a pipe, with or without colour. Must not: let a peer's text reach
//! the terminal unescaped, or say "fine" of something that was not observed.

mod call;
mod case;
mod chain;
mod connection;
mod explain;
mod fetched;
mod forwarded;
mod inspect;
mod lint;
mod listen;
mod page;
mod profile;
mod readiness;
mod remedy;
mod request;
mod table;
mod timeline;
mod token;
mod words;

use std::fmt::Write as _;

use jiff::Timestamp;

pub use self::{
    call::Calls,
    case::case,
    explain::{Beside, explained, explained_rule},
    inspect::{Inspection, InspectionDetail},
    lint::Lint,
    listen::Text,
    profile::{profile, profiles},
    token::TokenPage,
};

/// How much is printed.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Detail {
    /// The verdicts, a line each (`--quiet`).
    Verdict,
    /// The answer, findings in a few lines, what was looked at in a few more.
    #[default]
    Usual,
    /// Everything (`--verbose`).
    Full,
}

/// Each line of a text, continued under an indent where it is longer than `width`; `None` = lines
/// are not broken.
pub fn hanging(text: &str, width: Option<usize>, indent: usize) -> String {
    let Some(width) = width else {
        return text.to_owned();
    };
    let mut hung = String::new();
    for line in text.lines() {
        let mut first = words::wrap(line, width).into_iter();
        let _ = writeln!(hung, "{}", first.next().unwrap_or_default());
        let rest: Vec<String> = first.collect();
        if !rest.is_empty() {
            for line in words::wrap(&rest.join(" "), width.saturating_sub(indent)) {
                let _ = writeln!(hung, "{:indent$}{line}", "");
            }
        }
    }
    hung
}

/// How a page is to look.
#[derive(Clone, Copy, Debug)]
pub struct Look {
    /// The moment that "days left" is counted from.
    pub now: Timestamp,
    /// How much is printed.
    pub detail: Detail,
    /// Columns to fit into; `None` = lines are not broken.
    pub width: Option<usize>,
}

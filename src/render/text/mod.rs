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
mod forwarded;
mod inspect;
mod lint;
mod listen;
mod page;
mod profile;
mod readiness;
mod table;
mod timeline;
mod token;
mod words;

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

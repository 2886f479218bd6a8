//! Reports to text: one file a format, all pure, and the list of formats with the commands that have
//! each.
//!
//! For: `cli`, which hands over a stream. Must not: open files, read the clock or decide an exit
//! code.

mod answer;
pub mod ascii;
pub mod ci;
pub mod concise;
pub mod diff;
pub mod exported;
mod fetched;
mod gathered;
pub mod html;
pub mod json;
mod matrix;
pub mod nagios;
pub mod openssl;
pub mod page;
mod picture;
pub mod prometheus;
pub mod senders;
mod shown;
pub(crate) mod snippet;
pub mod stacks;
pub mod text;
mod verdict;
mod verifiers;
mod words;

use std::{
    io::{self, Write},
    path::PathBuf,
};

use clap::ValueEnum;
use jiff::Timestamp;

use crate::report::{Command, FailOn, Sink};

/// `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// For people: the answer, what to fix, a summary
    #[default]
    Text,
    /// One line for each finding: `file:line: severity[code] message`
    Concise,
    /// One JSON document at the end
    Json,
    /// JSON Lines: one object for each result, a summary last
    Jsonl,
    /// SARIF 2.1.0, for code scanning
    Sarif,
    /// JUnit XML, for build servers
    Junit,
    /// GitHub annotations, and the step summary if there is one
    Github,
    /// GitLab Code Quality
    Gitlab,
    /// Markdown, for tickets and pull requests
    Markdown,
    /// Self-contained HTML report with drawings, to share or print
    Html,
    /// Prometheus text format, for the textfile collector
    Prometheus,
    /// Monitoring plugin output: exit status 0 ok, 1 warning, 2 critical, 3 unknown
    Nagios,
    /// The lines that `openssl s_server` prints, on the same streams
    Openssl,
}

impl Format {
    /// Whether a command has it: a new format is one of no command until it is said here.
    pub fn fits(self, command: Command) -> bool {
        use Command::{Inspect, Lint, Listen, Simulate};
        let commands: &[Command] = match self {
            Self::Text
            | Self::Concise
            | Self::Json
            | Self::Jsonl
            | Self::Junit
            | Self::Markdown
            | Self::Html => &[Inspect, Lint, Listen, Simulate],
            // Connections stand in no file.
            Self::Sarif | Self::Github | Self::Gitlab => &[Inspect, Lint, Simulate],
            // What watches is run again and again, on what stays.
            Self::Prometheus | Self::Nagios => &[Inspect],
            Self::Openssl => &[Listen],
        };
        commands.contains(&command)
    }
}

/// What sinks depend on, each on a part of it.
pub struct How<'a> {
    /// What makes a run fail.
    pub fail_on: FailOn,
    /// The moment of the run.
    pub now: Timestamp,
    /// Whether credentials are kept (`--show-secrets`).
    pub secrets: bool,
    /// The directory that paths are told from, asked for by formats that tell paths.
    pub base: &'a dyn Fn() -> io::Result<PathBuf>,
}

/// The sink of a format; none of `text` and `openssl`, which the commands make: the one has their own
/// words, the other two streams.
///
/// # Errors
/// When the directory is not to be had.
pub fn sink(
    format: Format,
    out: Box<dyn Write>,
    how: &How<'_>,
) -> io::Result<Option<Box<dyn Sink>>> {
    let sink: Box<dyn Sink> = match format {
        Format::Text | Format::Openssl => return Ok(None),
        Format::Concise => Box::new(concise::Concise::new(out)),
        Format::Json => Box::new(json::Json::new(out)),
        Format::Jsonl => Box::new(json::Jsonl::new(out)),
        Format::Sarif => Box::new(ci::Sarif::new(out, (how.base)()?)),
        Format::Junit => Box::new(ci::Junit::new(out, how.fail_on)),
        Format::Github => Box::new(ci::Github::new(out, (how.base)()?)),
        Format::Gitlab => Box::new(ci::Gitlab::new(out, (how.base)()?)),
        Format::Markdown => Box::new(ci::Markdown::new(out)),
        Format::Html => Box::new(html::Html::new(out, how.secrets)),
        Format::Prometheus => Box::new(prometheus::Prometheus::new(out)),
        Format::Nagios => Box::new(nagios::Nagios::new(out, how.now)),
    };
    Ok(Some(sink))
}

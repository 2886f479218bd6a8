//! A whole run, and where its results go.
//!
//! For: `cli`, which runs, and the sinks of `render`. Must not: know any sink.

use std::io;

use jiff::Timestamp;
use serde::Serialize;

use super::{OverallVerdict, Summary, load};
use crate::{engine::Judged, facts::Readiness};

/// What a run was expected to see (`--expect`), and whether it did.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Expectation {
    /// As the user wrote it.
    pub wanted: String,
    /// Whether it was seen.
    pub met: bool,
    /// Why, or why not.
    pub why: String,
}

/// What a run over many endpoints counts besides findings.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Fleet {
    /// The part that was looked at, `m/n`; `None` = all.
    pub shard: Option<String>,
    /// Endpoints left out because an earlier run has them.
    pub resumed: u64,
    /// Endpoints to which no TCP connection could be made.
    pub unreachable: u64,
    /// Lines and targets that are none.
    pub malformed: u64,
}

/// A command whose cases are judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Command {
    /// Connections that came.
    Listen,
    /// Endpoints that were looked at, and files in the same way.
    Inspect,
    /// Files and server configurations.
    Lint,
    /// Calls that were made.
    Simulate,
    /// A bearer token.
    Token,
}

impl Command {
    /// Its name on the command line.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Listen => "listen",
            Self::Inspect => "inspect",
            Self::Lint => "lint",
            Self::Simulate => "simulate",
            Self::Token => "token",
        }
    }

    /// What one case of it is.
    pub fn case(self) -> &'static str {
        match self {
            Self::Listen => "connection",
            Self::Inspect => "target",
            Self::Lint => "file",
            Self::Simulate => "call",
            Self::Token => "case",
        }
    }
}

impl std::fmt::Display for Command {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}

/// A whole run, once it is over.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Run {
    /// What was asked for.
    pub command: Command,
    /// How many cases were judged.
    pub cases: u64,
    /// The findings of all of them.
    pub summary: Summary,
    /// The worst verdict among them.
    pub verdict: OverallVerdict,
    /// What the program exits with.
    pub exit_code: u8,
    /// What was expected, if anything was.
    pub expectation: Option<Expectation>,
    /// When the run began.
    #[schemars(with = "String")]
    pub started: Timestamp,
    /// When it ended.
    #[schemars(with = "String")]
    pub ended: Timestamp,
    /// Whether senders are accepted, by all that was seen.
    pub readiness: Vec<Readiness>,
    /// Of a run of `inspect`.
    pub fleet: Option<Fleet>,
    /// Results that standard output did not take, because nobody read it; files have them.
    pub not_printed: u64,
}

/// Where results go. One call of `case` a case, in the order in which they end; `finish` once, at
/// the end, even after an interrupt.
pub trait Sink {
    /// A case that is still open: what is known by now.
    fn progress(&mut self, _judged: &Judged) -> io::Result<()> {
        Ok(())
    }

    /// A case that is over.
    fn case(&mut self, judged: &Judged) -> io::Result<()>;

    /// Figures of many calls, after the cases that stand for them.
    fn load(&mut self, _load: &load::Load) -> io::Result<()> {
        Ok(())
    }

    /// The end of the run.
    fn finish(&mut self, run: &Run) -> io::Result<()>;
}

/// Hands everything to several sinks.
pub struct Several(pub Vec<Box<dyn Sink>>);

impl Sink for Several {
    fn progress(&mut self, judged: &Judged) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|sink| sink.progress(judged))
    }

    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|sink| sink.case(judged))
    }

    fn load(&mut self, load: &load::Load) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|sink| sink.load(load))
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        self.0.iter_mut().try_for_each(|sink| sink.finish(run))
    }
}

//! `jsonl`: one object a line.
//!
//! For: runs of any length. Must not: keep a case once its line is written.

use std::io::{self, Write};

use jiff::Timestamp;
use serde::Serialize;

use super::{SCHEMA_VERSION, TOOL, Tool, case, write};
use crate::{
    engine::Judged,
    facts::Readiness,
    report::{Expectation, Fleet, OverallVerdict, Run, Sink, Summary, load::Load},
};

/// The last line of a `jsonl` run.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct SummaryObject<'a> {
    kind: &'static str,
    schema_version: &'static str,
    tool: Tool,
    command: &'a str,
    #[schemars(with = "String")]
    started: Timestamp,
    #[schemars(with = "String")]
    ended: Timestamp,
    cases: u64,
    verdict: OverallVerdict,
    exit_code: u8,
    summary: Summary,
    expectation: Option<&'a Expectation>,
    readiness: &'a [Readiness],
    fleet: Option<&'a Fleet>,
    /// Results that standard output did not take, because nobody read it.
    not_printed: u64,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct LoadObject<'a> {
    kind: &'static str,
    #[serde(flatten)]
    load: &'a Load,
}

/// One object a connection, a summary last; each line is flushed as it is written.
pub struct Jsonl<W> {
    out: W,
    /// The line that is being made.
    line: Vec<u8>,
}

/// The most room that is kept from one line to the next, in bytes.
const ROOM: usize = 64 << 10;

impl<W: Write> Jsonl<W> {
    /// A sink that writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            line: Vec::new(),
        }
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.line.clear();
        self.line.shrink_to(ROOM);
        write::compact(&mut self.line, value)?;
        self.line.push(b'\n');
        self.out.write_all(&self.line)?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Jsonl<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.line(&case(judged))
    }

    fn load(&mut self, load: &Load) -> io::Result<()> {
        self.line(&LoadObject {
            kind: "repeat",
            load,
        })
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        self.line(&SummaryObject {
            kind: "summary",
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            command: run.command.as_str(),
            started: run.started,
            ended: run.ended,
            cases: run.cases,
            verdict: run.verdict,
            exit_code: run.exit_code,
            summary: run.summary,
            expectation: run.expectation.as_ref(),
            readiness: &run.readiness,
            fleet: run.fleet.as_ref(),
            not_printed: run.not_printed,
        })
    }
}

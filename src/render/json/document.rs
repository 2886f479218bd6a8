//! `json`: one document at the end, in the envelope that every command has.
//!
//! For: runs that are kept in memory as a whole. Must not: count a rule as passed that hit
//! somewhere.

use std::{
    collections::{BTreeSet, HashSet},
    io::{self, Write},
};

use serde::Serialize;

use super::{
    CallObject, CaseObject, FindingObject, SCHEMA_VERSION, TOOL, TargetObject, Tool, TrustObject,
    call, case, target, trust, write,
};
use crate::{
    engine::Judged,
    facts::{Place, Readiness},
    report::{Command, Expectation, Fleet, OverallVerdict, Run, Sink, Summary, load::Load},
};

/// A finding that is known to its owner.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct SuppressedObject<'a> {
    code: &'static str,
    name: &'static str,
    message: &'a str,
    place: &'a Place,
    reason: &'a str,
    #[schemars(with = "Option<String>")]
    until: Option<jiff::civil::Date>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct SkippedObject {
    code: &'static str,
    name: &'static str,
    reason: &'static str,
}

/// The verdict of a document.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub(super) enum DocumentVerdict {
    /// Nothing worse than a note.
    Pass,
    /// A warning at worst.
    Warn,
    /// Something that was asked could not be answered: neither good nor bad was proven.
    Unknown,
    /// At least one error.
    Fail,
    /// Nothing was judged: `explain` says what a text means.
    None,
}

impl From<OverallVerdict> for DocumentVerdict {
    fn from(verdict: OverallVerdict) -> Self {
        match verdict {
            OverallVerdict::Pass => Self::Pass,
            OverallVerdict::Warn => Self::Warn,
            OverallVerdict::Unknown => Self::Unknown,
            OverallVerdict::Fail => Self::Fail,
        }
    }
}

/// The common envelope of every JSON document.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Document<'a, E: Serialize = ()> {
    pub(super) schema_version: &'static str,
    pub(super) tool: Tool,
    pub(super) command: &'a str,
    pub(super) verdict: DocumentVerdict,
    pub(super) exit_code: u8,
    pub(super) summary: Summary,
    pub(super) expectation: Option<&'a Expectation>,
    pub(super) findings: Vec<FindingObject<'a>>,
    pub(super) suppressed: Vec<SuppressedObject<'a>>,
    pub(super) passed: Vec<&'static str>,
    pub(super) skipped: Vec<SkippedObject>,
    pub(super) trust: Vec<TrustObject<'a>>,
    /// Whether the sender is accepted, now and after the days on which it changes.
    pub(super) readiness: &'a [Readiness],
    /// The calls of `simulate` stand in `calls`.
    pub(super) cases: Vec<CaseObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) calls: Option<Vec<CallObject<'a>>>,
    /// The endpoints and files of `inspect`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) targets: Option<Vec<TargetObject<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) fleet: Option<&'a Fleet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(super) repeat: Option<&'a Load>,
    /// What this command alone has.
    #[serde(flatten)]
    pub(super) own: E,
}

impl<E: Serialize> Document<'_, E> {
    /// The envelope of a command that judges nothing.
    pub(super) fn of(command: &'static str, own: E) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            command,
            verdict: DocumentVerdict::Pass,
            exit_code: 0,
            summary: Summary::default(),
            expectation: None,
            findings: Vec::new(),
            suppressed: Vec::new(),
            passed: Vec::new(),
            skipped: Vec::new(),
            trust: Vec::new(),
            readiness: &[],
            cases: Vec::new(),
            calls: None,
            targets: None,
            fleet: None,
            repeat: None,
            own,
        }
    }
}

/// One document at the end. It keeps every case until then: for long runs use [`Jsonl`](super::Jsonl).
pub struct Json<W> {
    out: W,
    cases: Vec<Judged>,
    load: Option<Load>,
}

impl<W: Write> Json<W> {
    /// A sink that writes to `out` when the run is over.
    pub fn new(out: W) -> Self {
        Self {
            out,
            cases: Vec::new(),
            load: None,
        }
    }
}

impl<W: Write> Sink for Json<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.cases.push(judged.clone());
        Ok(())
    }

    fn load(&mut self, load: &Load) -> io::Result<()> {
        self.load = Some(load.clone());
        Ok(())
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        // Sets, since a run may have many thousand findings.
        let hit: HashSet<&str> = self
            .cases
            .iter()
            .flat_map(|judged| &judged.findings)
            .map(|finding| finding.rule.code)
            .collect();
        // A rule counts as passed when it passed somewhere and hit nowhere; as skipped when it
        // applied nowhere.
        let passed: BTreeSet<&'static str> = self
            .cases
            .iter()
            .flat_map(|judged| &judged.passed)
            .map(|rule| rule.code)
            .filter(|code| !hit.contains(code))
            .collect();
        let mut skipped: Vec<SkippedObject> = Vec::new();
        let mut told = HashSet::new();
        for (rule, reason) in self.cases.iter().flat_map(|judged| &judged.skipped) {
            let seen = hit.contains(rule.code) || passed.contains(rule.code);
            if !seen && told.insert(rule.code) {
                skipped.push(SkippedObject {
                    code: rule.code,
                    name: rule.name,
                    reason,
                });
            }
        }
        let document: Document<'_> = Document {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            command: run.command.as_str(),
            verdict: run.verdict.into(),
            exit_code: run.exit_code,
            summary: run.summary,
            expectation: run.expectation.as_ref(),
            findings: self
                .cases
                .iter()
                .flat_map(|judged| &judged.findings)
                .map(FindingObject::from)
                .collect(),
            suppressed: self
                .cases
                .iter()
                .flat_map(|judged| &judged.suppressed)
                .map(|known| SuppressedObject {
                    code: known.finding.rule.code,
                    name: known.finding.rule.name,
                    message: &known.finding.hit.message,
                    place: &known.finding.hit.place,
                    reason: &known.reason,
                    until: known.until,
                })
                .collect(),
            passed: passed.into_iter().collect(),
            skipped,
            trust: self.cases.iter().flat_map(trust).collect(),
            readiness: &run.readiness,
            cases: self
                .cases
                .iter()
                .filter(|judged| judged.case.call().is_none() && judged.case.inspected().is_none())
                .map(case)
                .collect(),
            calls: (run.command == Command::Simulate)
                .then(|| self.cases.iter().filter_map(call).collect()),
            targets: (run.command == Command::Inspect)
                .then(|| self.cases.iter().filter_map(target).collect()),
            fleet: run.fleet.as_ref(),
            repeat: self.load.as_ref(),
            own: (),
        };
        write::pretty(&mut self.out, &document)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

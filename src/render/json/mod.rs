//! The machine contract: `json` (one document) and `jsonl` (one object a line).
//!
//! For: scripts. Must not: leave a key out (what was not observed is null, what was observed and absent is empty), or use
//! dynamic keys, so that column stores can read the lines.

mod call;
mod connection;
mod explain;
mod file;
mod pki;
mod profile;
mod schema;
mod target;
#[cfg(test)]
mod tests;
mod token;
pub(super) mod write;

use std::{
    collections::{BTreeSet, HashSet},
    io::{self, Write},
};

use jiff::Timestamp;
use serde::Serialize;

use crate::{
    engine::Judged,
    facts::{
        Candidate, ChainFeature, PathPlace, Place, Problem, Purpose, Readiness, Side, Stack,
        StackAnswer, TrustFacts, TrustStatus,
    },
    finding::{Act, Certainty, Evidence, Finding, Remedy, Severity},
    report::{self, Expectation, Fleet, OverallVerdict, Run, Sink, Summary, load::Load},
};

pub use call::{CallObject, call};
pub use connection::{ConnectionObject, client_certificate, connection};
pub use explain::explained;
pub use file::{FileObject, file};
pub use pki::pki;
pub use profile::profiles;
pub use schema::schemas;
pub use target::{TargetObject, target};
pub use token::{decoded, token};

/// The version of every document's shape; additive changes keep it.
pub const SCHEMA_VERSION: &str = "1";

/// Name and version of this program.
#[derive(Clone, Copy, Debug, Serialize, schemars::JsonSchema)]
pub struct Tool {
    name: &'static str,
    version: &'static str,
}

/// This program.
pub const TOOL: Tool = Tool {
    name: env!("CARGO_PKG_NAME"),
    version: env!("CARGO_PKG_VERSION"),
};

/// A finding, as machines see it.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct FindingObject<'a> {
    code: &'static str,
    name: &'static str,
    severity: Severity,
    certainty: Certainty,
    side_to_act: Act,
    message: &'a str,
    subject: &'a str,
    place: &'a Place,
    evidence: &'a [Evidence],
    remedy: &'a Remedy,
    url: String,
}

impl<'a> From<&'a Finding> for FindingObject<'a> {
    fn from(finding: &'a Finding) -> Self {
        Self {
            code: finding.rule.code,
            name: finding.rule.name,
            severity: finding.severity,
            certainty: finding.certainty,
            side_to_act: finding.act,
            message: &finding.hit.message,
            subject: &finding.hit.subject,
            place: &finding.hit.place,
            evidence: &finding.hit.evidence,
            remedy: &finding.hit.remedy,
            url: super::page::url(finding.rule),
        }
    }
}

/// One chain's verdict. Shared by every command.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct TrustObject<'a> {
    role: Side,
    purpose: Purpose,
    status: TrustStatus,
    reasons: Vec<&'static str>,
    path: &'a [String],
    anchor: Option<&'a str>,
    anchor_public: Option<bool>,
    problems: &'a [Problem],
    candidates: &'a [Candidate],
    openssl_differs: Option<&'a str>,
    webpki_differs: Option<&'a str>,
    stacks: Vec<StackObject<'a>>,
    letter: Option<LetterObject>,
}

/// What one verifier does with a chain.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct StackObject<'a> {
    stack: Stack,
    versions: &'a str,
    stands_for: &'static [&'static str],
    verdict: StackAnswer,
    reasons: Vec<StackReasonObject<'a>>,
}

/// Why it refuses it, or why its answer is not known.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct StackReasonObject<'a> {
    /// The rule that knows the reason; null where none does.
    code: Option<&'static str>,
    /// The feature of the chain by the table of verifiers; null for what a verifier itself said.
    #[schemars(with = "Option<String>")]
    feature: Option<ChainFeature>,
    place: PathPlace,
    subject: &'a str,
    why: &'a str,
}

/// What RFC 5280 and the web PKI's rules say.
#[derive(Debug, Serialize, schemars::JsonSchema)]
pub struct LetterObject {
    status: TrustStatus,
    reasons: Vec<&'static str>,
}

fn stacks(trust: &TrustFacts) -> Vec<StackObject<'_>> {
    trust
        .stacks
        .iter()
        .map(|verdict| StackObject {
            stack: verdict.stack,
            versions: &verdict.version,
            stands_for: verdict.stack.stands_for(),
            verdict: verdict.answer,
            reasons: verdict
                .reasons
                .iter()
                .map(|reason| StackReasonObject {
                    code: report::stack_reason(reason, trust.role),
                    feature: reason.feature,
                    place: reason.place,
                    subject: &reason.subject,
                    why: &reason.why,
                })
                .collect(),
        })
        .collect()
}

/// The verdicts on a case's chains.
pub fn trust(judged: &Judged) -> Vec<TrustObject<'_>> {
    judged
        .case
        .chains()
        .enumerate()
        .filter_map(|(place, chain)| {
            let trust = chain.trust.as_ref()?;
            Some(TrustObject {
                role: trust.role,
                purpose: trust.purpose,
                status: trust.status,
                reasons: report::chain_reasons(judged, place),
                path: &trust.path,
                anchor: trust.anchor.as_deref(),
                anchor_public: trust.anchor_public,
                problems: &trust.problems,
                candidates: &trust.candidates,
                openssl_differs: trust.openssl_differs.as_deref(),
                webpki_differs: trust.webpki_differs.as_deref(),
                stacks: stacks(trust),
                letter: trust.letter.map(|status| LetterObject {
                    status,
                    reasons: report::letter_reasons(judged, place),
                }),
            })
        })
        .collect()
}

/// A case, as what it is about.
#[derive(Debug, Serialize, schemars::JsonSchema)]
#[serde(untagged)]
pub enum CaseObject<'a> {
    /// A connection.
    Connection(Box<ConnectionObject<'a>>),
    /// A call of ours.
    Call(Box<CallObject<'a>>),
    /// What was inspected.
    Target(Box<TargetObject<'a>>),
    /// The files of a deployment.
    File(FileObject<'a>),
}

/// A case as machines see it.
pub fn case(judged: &Judged) -> CaseObject<'_> {
    if let Some(object) = connection(judged) {
        return CaseObject::Connection(Box::new(object));
    }
    if let Some(object) = target(judged) {
        return CaseObject::Target(Box::new(object));
    }
    match call(judged) {
        Some(object) => CaseObject::Call(Box::new(object)),
        None => CaseObject::File(file(judged)),
    }
}

/// The last line of a `jsonl` run.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct SummaryObject<'a> {
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
struct LoadObject<'a> {
    kind: &'static str,
    #[serde(flatten)]
    load: &'a Load,
}

/// One object a connection, a summary last; each line is flushed as it is written.
pub struct Jsonl<W> {
    out: W,
}

impl<W: Write> Jsonl<W> {
    /// A sink that writes to `out`.
    pub fn new(out: W) -> Self {
        Self { out }
    }

    fn line(&mut self, value: &impl Serialize) -> io::Result<()> {
        write::compact(&mut self.out, value)?;
        self.out.write_all(b"\n")?;
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
            command: run.command,
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

/// A finding that is known to its owner.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct SuppressedObject<'a> {
    code: &'static str,
    name: &'static str,
    message: &'a str,
    place: &'a Place,
    reason: &'a str,
    #[schemars(with = "Option<String>")]
    until: Option<jiff::civil::Date>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct SkippedObject {
    code: &'static str,
    name: &'static str,
    reason: &'static str,
}

/// The common envelope of every JSON document.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct Document<'a, E: Serialize = ()> {
    schema_version: &'static str,
    tool: Tool,
    command: &'a str,
    verdict: OverallVerdict,
    exit_code: u8,
    summary: Summary,
    expectation: Option<&'a Expectation>,
    findings: Vec<FindingObject<'a>>,
    suppressed: Vec<SuppressedObject<'a>>,
    passed: Vec<&'static str>,
    skipped: Vec<SkippedObject>,
    trust: Vec<TrustObject<'a>>,
    /// Whether the sender is accepted, now and after the days on which it changes.
    readiness: &'a [Readiness],
    /// The calls of `simulate` stand in `calls`.
    cases: Vec<CaseObject<'a>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    calls: Option<Vec<CallObject<'a>>>,
    /// The endpoints and files of `inspect`.
    #[serde(skip_serializing_if = "Option::is_none")]
    targets: Option<Vec<TargetObject<'a>>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    fleet: Option<&'a Fleet>,
    #[serde(skip_serializing_if = "Option::is_none")]
    repeat: Option<&'a Load>,
    /// What this command alone has.
    #[serde(flatten)]
    own: E,
}

impl<E: Serialize> Document<'_, E> {
    /// The envelope of a command that judges nothing.
    fn of(command: &'static str, own: E) -> Self {
        Self {
            schema_version: SCHEMA_VERSION,
            tool: TOOL,
            command,
            verdict: OverallVerdict::Pass,
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

/// One document at the end. It keeps every case until then: for long runs use [`Jsonl`].
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
        // A rule counts as passed when it passed somewhere and hit nowhere; as skipped when it applied nowhere.
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
            command: run.command,
            verdict: run.verdict,
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
                .filter(|judged| judged.case.call.is_none() && judged.case.inspected.is_none())
                .map(case)
                .collect(),
            calls: (run.command == "simulate")
                .then(|| self.cases.iter().filter_map(call).collect()),
            targets: (run.command == "inspect")
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

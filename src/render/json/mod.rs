//! The machine contract: `json` (one document) and `jsonl` (one object a line).
//!
//! For: scripts. Must not: leave a key out (what was not observed is null, what was observed and
//! absent is empty), or use dynamic keys, so that column stores can read the lines.

mod call;
mod case;
mod connection;
mod diff;
mod document;
mod explain;
mod fetched;
mod file;
mod lines;
mod pki;
mod profile;
mod schema;
mod target;
#[cfg(test)]
mod tests;
mod token;
mod trust;
pub(super) mod write;

use serde::Serialize;

use crate::{
    engine::Judged,
    facts::Place,
    finding::{Act, Certainty, Evidence, Finding, Remedy, Severity},
};
use document::Document;
use lines::{LoadObject, SummaryObject};
use trust::stacks;

pub use call::{CallObject, call};
pub use case::{recorded, rewritten};
pub use connection::{ConnectionObject, client_certificate, connection};
pub use diff::diff;
pub use document::Json;
pub use explain::explained;
pub use fetched::FetchedObject;
pub use file::{FileObject, file};
pub use lines::Jsonl;
pub use pki::pki;
pub use profile::profiles;
pub use schema::schemas;
pub use target::{TargetObject, target};
pub use token::{decoded, token};
pub use trust::{LetterObject, StackObject, StackReasonObject, TrustObject, trust};

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

/// Its name and version, for the formats of others.
pub(super) const TOOL_NAME_AND_VERSION: [&str; 2] = [TOOL.name, TOOL.version];

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
    File(Box<FileObject<'a>>),
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
        None => CaseObject::File(Box::new(file(judged))),
    }
}

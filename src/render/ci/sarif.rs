//! SARIF 2.1.0 (OASIS, 2020-03-27), as code hosts take it.

use std::{
    collections::BTreeSet,
    io::{self, Write},
    path::PathBuf,
};

use serde::Serialize;
use serde_json::{Value, json};

use super::{Collector, Located, said, uri};
use crate::{
    engine::Judged,
    finding::{Rule, Severity},
    render::{json::write, page},
    report::{Run, Sink},
    rules,
};

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

/// The sink. It keeps the findings until the end.
pub struct Sarif<W> {
    out: W,
    collector: Collector,
    found: Vec<Located>,
    /// The codes of the rules that looked at something and found nothing wrong.
    passed: BTreeSet<&'static str>,
}

impl<W: Write> Sarif<W> {
    /// A sink that writes to `out` when the run is over; paths are made relative to `base`.
    pub fn new(out: W, base: PathBuf) -> Self {
        Self {
            out,
            collector: Collector::new(base),
            found: Vec::new(),
            passed: BTreeSet::new(),
        }
    }
}

#[derive(Serialize)]
struct Reported {
    #[serde(rename = "ruleId")]
    rule_id: &'static str,
    #[serde(rename = "ruleIndex")]
    rule_index: usize,
    level: &'static str,
    message: Value,
    locations: Value,
    #[serde(rename = "partialFingerprints")]
    fingerprints: Value,
    suppressions: Value,
    properties: Value,
}

impl<W: Write> Sink for Sarif<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.found.extend(self.collector.of(judged));
        self.found.extend(self.collector.known(judged));
        self.passed
            .extend(judged.passed.iter().map(|rule| rule.code));
        Ok(())
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let fired: BTreeSet<&str> = self
            .found
            .iter()
            .map(|located| located.finding.rule.code)
            .collect();
        // A rule that had nothing to look at has no place here: a reader would take it for checked.
        let told: Vec<&Rule> = rules::ALL
            .iter()
            .copied()
            .filter(|rule| fired.contains(rule.code) || self.passed.contains(rule.code))
            .collect();
        let descriptors = told
            .iter()
            .map(|rule| descriptor(rule, fired.contains(rule.code)));
        let document = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": env!("CARGO_PKG_NAME"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": descriptors.collect::<Vec<_>>(),
                }},
                "automationDetails": { "id": format!("mtls/{}/", run.command) },
                "invocations": [{
                    "executionSuccessful": run.exit_code != 2,
                    "exitCode": run.exit_code,
                    "startTimeUtc": run.started.to_string(),
                    "endTimeUtc": run.ended.to_string(),
                }],
                "columnKind": "unicodeCodePoints",
                "results": self.found.iter().map(|one| reported(one, &told)).collect::<Vec<_>>(),
            }],
        });
        write::pretty(&mut self.out, &document)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

/// A rule; its page only where it fired, which is where it is read.
fn descriptor(rule: &Rule, fired: bool) -> Value {
    let mut descriptor = json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.name.replace('-', " ") },
        "defaultConfiguration": { "level": level(rule.severity) },
    });
    if fired {
        let text = page::first_paragraph(rule);
        descriptor["fullDescription"] = json!({ "text": text });
        descriptor["help"] = json!({ "text": text, "markdown": page::section(rule) });
        descriptor["properties"] = json!({ "tags": ["security", "tls"], "precision": "high" });
    }
    descriptor
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn reported(located: &Located, told: &[&Rule]) -> Reported {
    let finding = &located.finding;
    let rule_index = told
        .iter()
        .position(|rule| rule.code == finding.rule.code)
        .unwrap_or_default();
    let logical = json!([{ "fullyQualifiedName": located.subject, "kind": "resource" }]);
    let location = match (&located.path, located.lines) {
        (Some(path), Some((first, last))) => json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri(path) },
                "region": { "startLine": first, "endLine": last.max(first) },
            },
            "logicalLocations": logical,
        }),
        _ => json!({ "logicalLocations": logical }),
    };
    Reported {
        rule_id: finding.rule.code,
        rule_index,
        level: level(finding.severity),
        message: json!({ "text": said(finding) }),
        locations: json!([location]),
        fingerprints: json!({ "mtls/v1": located.fingerprint }),
        // Empty: looked at, and not suppressed.
        suppressions: match &located.known {
            Some(reason) => json!([{ "kind": "external", "justification": reason }]),
            None => json!([]),
        },
        properties: json!({
            "certainty": finding.certainty,
            "sideToAct": finding.act,
            "commands": finding.hit.remedy.commands,
        }),
    }
}

//! SARIF 2.1.0 (OASIS, 2020-03-27), as code hosts take it.

use std::{
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
}

impl<W: Write> Sarif<W> {
    /// A sink that writes to `out` when the run is over; paths are made relative to `base`.
    pub fn new(out: W, base: PathBuf) -> Self {
        Self {
            out,
            collector: Collector::new(base),
            found: Vec::new(),
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
        Ok(())
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let document = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": { "driver": {
                    "name": env!("CARGO_PKG_NAME"),
                    "semanticVersion": env!("CARGO_PKG_VERSION"),
                    "rules": rules::ALL.iter().map(|rule| descriptor(rule)).collect::<Vec<_>>(),
                }},
                "automationDetails": { "id": format!("mtls/{}/", run.command) },
                "invocations": [{
                    "executionSuccessful": run.exit_code != 2,
                    "exitCode": run.exit_code,
                    "startTimeUtc": run.started.to_string(),
                    "endTimeUtc": run.ended.to_string(),
                }],
                "columnKind": "unicodeCodePoints",
                "results": self.found.iter().map(reported).collect::<Vec<_>>(),
            }],
        });
        write::pretty(&mut self.out, &document)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn descriptor(rule: &Rule) -> Value {
    json!({
        "id": rule.code,
        "name": rule.name,
        "shortDescription": { "text": rule.name.replace('-', " ") },
        "fullDescription": { "text": page::first_paragraph(rule) },
        "help": { "text": page::first_paragraph(rule), "markdown": page::section(rule) },
        "defaultConfiguration": { "level": level(rule.severity) },
        "properties": { "tags": ["security", "tls"], "precision": "high" },
    })
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Note => "note",
    }
}

fn reported(located: &Located) -> Reported {
    let finding = &located.finding;
    let rule_index = rules::ALL
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

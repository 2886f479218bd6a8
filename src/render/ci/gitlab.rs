//! GitLab Code Quality: an array of issues, each with a fingerprint that is its own.

use std::{
    io::{self, Write},
    path::PathBuf,
};

use serde_json::{Value, json};

use super::{Collector, Located, said};
use crate::{
    engine::Judged,
    finding::Severity,
    render::json::write,
    report::{Run, Sink},
};

/// The sink.
pub struct Gitlab<W> {
    out: W,
    collector: Collector,
    found: Vec<Located>,
}

impl<W: Write> Gitlab<W> {
    /// A sink that writes to `out` when the run is over; paths are made relative to `base`.
    pub fn new(out: W, base: PathBuf) -> Self {
        Self {
            out,
            collector: Collector::new(base),
            found: Vec::new(),
        }
    }
}

impl<W: Write> Sink for Gitlab<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.found.extend(self.collector.of(judged));
        Ok(())
    }

    fn finish(&mut self, _: &Run) -> io::Result<()> {
        let issues: Vec<Value> = self.found.iter().map(issue).collect();
        write::pretty(&mut self.out, &issues)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn issue(located: &Located) -> Value {
    let finding = &located.finding;
    let severity = match finding.severity {
        Severity::Error => "critical",
        Severity::Warning => "minor",
        Severity::Note => "info",
    };
    // An endpoint is in no file; its name is the best that the format has room for.
    let path = located.path.as_deref().unwrap_or(&located.subject);
    let (first, last) = located.lines.unwrap_or((1, 1));
    json!({
        "description": format!("{} {}: {}", finding.rule.code, finding.rule.name, said(finding)),
        "check_name": finding.rule.code,
        "fingerprint": located.fingerprint,
        "severity": severity,
        "location": { "path": path, "lines": { "begin": first, "end": last.max(first) } },
    })
}

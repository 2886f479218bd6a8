//! GitHub's workflow commands: annotations at the lines of files, the worst first, since a step
//! shows ten of each kind.

use std::{
    cmp::Reverse,
    io::{self, Write},
    path::PathBuf,
};

use super::{Collector, Located, said};
use crate::{
    engine::Judged,
    finding::Severity,
    parse::escape,
    report::{Run, Sink},
};

/// The sink.
pub struct Github<W> {
    out: W,
    collector: Collector,
    found: Vec<Located>,
}

impl<W: Write> Github<W> {
    /// A sink that writes to `out` when the run is over; paths are made relative to `base`.
    pub fn new(out: W, base: PathBuf) -> Self {
        Self {
            out,
            collector: Collector::new(base),
            found: Vec::new(),
        }
    }
}

impl<W: Write> Sink for Github<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.found.extend(self.collector.of(judged));
        Ok(())
    }

    fn finish(&mut self, _: &Run) -> io::Result<()> {
        self.found
            .sort_by_key(|located| Reverse(located.finding.severity));
        for located in &self.found {
            let finding = &located.finding;
            let level = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "notice",
            };
            let mut properties = Vec::new();
            if let (Some(path), Some((first, last))) = (&located.path, located.lines) {
                properties.push(format!("file={}", property(path)));
                properties.push(format!("line={first},endLine={}", last.max(first)));
            }
            let title = format!("{} {}", finding.rule.code, finding.rule.name);
            properties.push(format!("title={}", property(&title)));
            let text = match located.path {
                Some(_) if super::entry(&located.subject).is_none() => said(finding),
                _ => format!("{}: {}", located.subject, said(finding)),
            };
            writeln!(
                self.out,
                "::{level} {}::{}",
                properties.join(","),
                data(&text)
            )?;
        }
        self.out.flush()
    }
}

/// What a message may hold (actions/toolkit, command.ts `escapeData`).
fn data(text: &str) -> String {
    escape::text(text)
        .replace('%', "%25")
        .replace('\r', "%0D")
        .replace('\n', "%0A")
}

/// What a property may hold (`escapeProperty`).
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn nothing_of_a_peers_is_a_command(text in ".*") {
            let value = property(&text);
            prop_assert!(!value.contains([':', ',', '\n', '\r', '\x1b']));
            prop_assert!(!data(&text).contains(['\n', '\r']));
        }
    }
}

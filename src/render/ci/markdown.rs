//! Markdown for tickets, pull requests and step summaries.

use std::{
    cmp::Reverse,
    io::{self, Write},
};

use crate::{
    engine::Judged,
    facts::Place,
    finding::{Finding, Severity},
    parse::escape,
    report::{self, OverallVerdict, Run, Sink},
};

/// Findings with all that is said of them; more are counted.
const TOLD: usize = 50;

/// The sink.
pub struct Markdown<W> {
    out: W,
    rows: Vec<(String, OverallVerdict, report::Summary)>,
    told: Vec<(String, Finding)>,
    more: usize,
}

impl<W: Write> Markdown<W> {
    /// A sink that writes to `out` when the run is over.
    pub fn new(out: W) -> Self {
        Self {
            out,
            rows: Vec::new(),
            told: Vec::new(),
            more: 0,
        }
    }
}

impl<W: Write> Sink for Markdown<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        let title = judged.case.title.clone();
        self.rows.push((
            title.clone(),
            report::verdict(judged),
            report::Summary::of(&judged.findings),
        ));
        for finding in judged
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note)
        {
            if self.told.len() < TOLD {
                self.told.push((title.clone(), finding.clone()));
            } else {
                self.more += 1;
            }
        }
        Ok(())
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let out = &mut self.out;
        writeln!(out, "## mtls {}: {}\n", run.command, word(run.verdict))?;
        writeln!(out, "| what | verdict | errors | warnings | notes |")?;
        writeln!(out, "|---|---|---|---|---|")?;
        for (title, verdict, summary) in &self.rows {
            writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                text(title),
                word(*verdict),
                summary.error,
                summary.warning,
                summary.note
            )?;
        }
        for readiness in &run.readiness {
            writeln!(
                out,
                "\n**{}**: {}",
                text(&readiness.title),
                text(&readiness.sentence)
            )?;
        }
        self.told
            .sort_by_key(|(_, finding)| Reverse(finding.severity));
        for (title, finding) in &self.told {
            let severity = match finding.severity {
                Severity::Error => "error",
                Severity::Warning => "warning",
                Severity::Note => "note",
            };
            writeln!(
                out,
                "\n### {severity} {} {}: {}\n\n{}. (`mtls explain {}`)",
                finding.rule.code,
                finding.rule.name,
                text(title),
                text(&finding.hit.message),
                finding.rule.code
            )?;
            if let Place::File {
                path,
                first_line,
                last_line,
            } = &finding.hit.place
            {
                writeln!(out, "\nAt {}:{first_line}-{last_line}.", text(path))?;
            }
            for evidence in &finding.hit.evidence {
                writeln!(
                    out,
                    "- {}: {}",
                    text(&evidence.label),
                    text(&evidence.value)
                )?;
            }
            writeln!(out, "\nTo do: {}.", text(&finding.hit.remedy.text))?;
            if !finding.hit.remedy.commands.is_empty() {
                writeln!(out, "\n````text")?;
                for line in finding
                    .hit
                    .remedy
                    .commands
                    .iter()
                    .flat_map(|one| one.lines())
                {
                    // A fence of a hostile name's would end the block.
                    writeln!(out, "{}", escape::text(line).replace("````", "` ` ` `"))?;
                }
                writeln!(out, "````")?;
            }
        }
        if self.more > 0 {
            writeln!(out, "\nAnd {} more.", self.more)?;
        }
        out.flush()
    }
}

fn word(verdict: OverallVerdict) -> &'static str {
    match verdict {
        OverallVerdict::Pass => "pass",
        OverallVerdict::Warn => "warn",
        OverallVerdict::Fail => "**fail**",
        OverallVerdict::Unknown => "**unknown**",
    }
}

/// Text that is nothing but text: what Markdown and HTML give a meaning gets a backslash or an
/// entity.
fn text(text: &str) -> String {
    let mut out = String::new();
    for character in escape::text(text).chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '#' | '!' | '~' | '@' | '$' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn text_is_nothing_but_text(given in ".*") {
            let said = text(&given);
            prop_assert!(!said.contains(['<', '>', '\n', '\r']));
            let mut rest = said.chars();
            while let Some(character) = rest.next() {
                if character == '\\' {
                    rest.next();
                } else {
                    prop_assert!(!matches!(character, '`' | '|' | '[' | ']' | '*' | '_' | '#' | '@'));
                }
            }
        }
    }
}

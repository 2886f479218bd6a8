//! Markdown for tickets, pull requests and step summaries.

use std::{
    cmp::Reverse,
    io::{self, Write},
};

use jiff::Timestamp;

use crate::{
    engine::Judged,
    facts::Place,
    finding::{Finding, Severity},
    parse::escape,
    render::{
        answer::{self, Outlooks},
        matrix::{self, Treated},
        words::{amount, counts, fix, severity},
    },
    report::{self, OverallVerdict, Run, Sink},
};

/// Causes that are told; more are counted.
const TOLD: usize = 50;
/// Results that a cause names, and lines of the table.
const NAMED: usize = 20;
const ROWS: usize = 500;

/// The sink.
pub struct Markdown<W> {
    out: W,
    rows: Vec<Row>,
    clean: u64,
    causes: Vec<Cause>,
    more: usize,
    treated: Treated,
    answer: Vec<String>,
    outlooks: Outlooks,
    /// The moment that the results are evaluated for.
    at: Option<Timestamp>,
}

/// A result that is not clean.
struct Row {
    title: String,
    verdict: OverallVerdict,
    reason: String,
}

/// What was found, once for all results with the same remedy.
struct Cause {
    finding: Finding,
    titles: Vec<String>,
}

impl<W: Write> Markdown<W> {
    /// A sink that writes to `out` when the run is over.
    pub fn new(out: W) -> Self {
        Self {
            out,
            rows: Vec::new(),
            clean: 0,
            causes: Vec::new(),
            more: 0,
            treated: Treated::default(),
            answer: Vec::new(),
            outlooks: Outlooks::default(),
            at: None,
        }
    }

    fn add(&mut self, finding: &Finding, title: &str) {
        let same = |cause: &&mut Cause| {
            cause.finding.rule == finding.rule
                && cause.finding.severity == finding.severity
                && cause.finding.hit.remedy == finding.hit.remedy
        };
        if let Some(cause) = self.causes.iter_mut().find(same) {
            if cause.titles.last().is_none_or(|last| last != title) {
                cause.titles.push(title.to_owned());
            }
        } else if self.causes.len() < TOLD {
            self.causes.push(Cause {
                finding: finding.clone(),
                titles: vec![title.to_owned()],
            });
        } else {
            self.more += 1;
        }
    }
}

impl<W: Write> Sink for Markdown<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        let title = judged.case.title.clone();
        let verdict = report::verdict(judged);
        // The only one has its answer above the table.
        self.answer = answer::lines(judged, judged.judged_at);
        self.outlooks.add(judged);
        self.at = Some(judged.judged_at);
        if let Some(call) = judged.case.call() {
            self.treated.add(call);
        }
        if verdict == OverallVerdict::Pass {
            self.clean += 1;
        } else {
            self.rows.push(Row {
                title: title.clone(),
                verdict,
                reason: answer::of_a_row(judged, judged.judged_at),
            });
        }
        for finding in judged
            .findings
            .iter()
            .filter(|finding| finding.severity > Severity::Note)
        {
            self.add(finding, &title);
        }
        Ok(())
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let out = &mut self.out;
        writeln!(out, "## mtls {}: {}\n", run.command, word(run.verdict))?;
        let mut answers = match run.cases {
            1 => std::mem::take(&mut self.answer),
            _ => self.outlooks.lines(run, self.at.unwrap_or(run.ended)),
        };
        if self.treated.all() > 1 {
            let fault = matrix::fault(self.causes.iter().map(|cause| &cause.finding));
            answers.push(self.treated.sentence(run, fault.as_deref()));
        }
        for line in &answers {
            writeln!(out, "**{}**\n", text(line))?;
        }
        self.rows.sort_by_key(|row| Reverse(row.verdict));
        if !self.rows.is_empty() {
            writeln!(out, "| verdict | target | reason |\n|---|---|---|")?;
            for row in self.rows.iter().take(ROWS) {
                writeln!(
                    out,
                    "| {} | {} | {} |",
                    word(row.verdict),
                    text(&row.title),
                    text(&row.reason)
                )?;
            }
            writeln!(out)?;
        }
        if self.rows.len() > ROWS {
            writeln!(out, "And {} more.\n", self.rows.len() - ROWS)?;
        }
        writeln!(
            out,
            "{}, {} clean; {}.",
            amount(run.cases, run.command.case()),
            self.clean,
            counts(&run.summary)
        )?;
        self.causes
            .sort_by_key(|cause| Reverse(cause.finding.severity));
        for cause in &self.causes {
            told(out, cause)?;
        }
        if self.more > 0 {
            writeln!(out, "\nAnd {} more.", self.more)?;
        }
        out.flush()
    }
}

/// A cause, the results that show it, and its remedy.
fn told(out: &mut impl Write, cause: &Cause) -> io::Result<()> {
    let finding = &cause.finding;
    writeln!(
        out,
        "\n### {} {} {}\n\n{}. (`mtls explain {}`)",
        severity(finding.severity),
        finding.rule.code,
        finding.rule.name,
        text(&finding.hit.message),
        finding.rule.code
    )?;
    let named: Vec<String> = cause
        .titles
        .iter()
        .take(NAMED)
        .map(|one| text(one))
        .collect();
    let more = match cause.titles.len().saturating_sub(NAMED) {
        0 => String::new(),
        more => format!(" and {more} more"),
    };
    writeln!(out, "\nIn: {}{more}.", named.join(", "))?;
    if let (
        Place::File {
            path,
            first_line,
            last_line,
        },
        [_],
    ) = (&finding.hit.place, cause.titles.as_slice())
    {
        writeln!(out, "\nAt {}:{first_line}-{last_line}.", text(path))?;
    }
    if !finding.hit.evidence.is_empty() {
        writeln!(out)?;
    }
    for evidence in &finding.hit.evidence {
        writeln!(
            out,
            "- {}: {}",
            text(&evidence.label),
            text(&evidence.value)
        )?;
    }
    writeln!(
        out,
        "\n{}{}.",
        text(fix(finding.act)),
        text(&finding.hit.remedy.text)
    )?;
    if !finding.hit.remedy.commands.is_empty() {
        writeln!(out, "\n````text")?;
        for command in &finding.hit.remedy.commands {
            for line in format!("{}{}", command.lead(), command.line).lines() {
                // A fence of a hostile name's would end the block.
                writeln!(out, "{}", escape::text(line).replace("````", "` ` ` `"))?;
            }
        }
        writeln!(out, "````")?;
    }
    Ok(())
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

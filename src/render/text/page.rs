//! A page of text: a headline, findings, rows with their names in the margin.

use colored::{Color, Colorize};
use jiff::Timestamp;

use super::{
    Detail,
    words::{verdict_word, wrap},
};
use crate::{
    engine::Judged,
    finding::{Act, Certainty, Finding, Severity},
    parse::escape,
    render::verdict,
    report,
};

/// Columns to fit into.
pub(super) const WIDTH: usize = 80;
/// Where the values of the detail lines begin.
const COLUMN: usize = 14;

/// Text under construction.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) now: Timestamp,
    pub(super) detail: Detail,
}

impl Page {
    pub(super) fn new(now: Timestamp, detail: Detail) -> Self {
        Self {
            text: String::new(),
            now,
            detail,
        }
    }

    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    pub(super) fn head(&mut self, title: &str, note: &str, color: Color) {
        let used = title.chars().count() + note.chars().count() + 8;
        let rule = "-".repeat(WIDTH.saturating_sub(used).max(3));
        self.line(&format!(
            "-- {} {rule} {} --",
            title.bold(),
            note.color(color)
        ));
    }

    /// A detail line: a name in the margin, then the value, wrapped under itself.
    pub(super) fn row(&mut self, name: &str, value: &str) {
        let mut margin = format!("  {name:<width$}", width = COLUMN - 2);
        if !margin.ends_with(' ') {
            margin.push(' ');
        }
        let mut first = true;
        for line in wrap(value, WIDTH - COLUMN) {
            if first {
                self.line(&format!("{}{line}", margin.dimmed()));
            } else {
                self.line(&format!("{}{line}", " ".repeat(COLUMN)));
            }
            first = false;
        }
        if first {
            self.line(&margin.dimmed().to_string());
        }
    }

    pub(super) fn whole(&mut self, judged: &Judged) {
        let case = &judged.case;
        self.head(
            &case.title,
            &case.started.strftime("%Y-%m-%d %H:%M:%SZ").to_string(),
            Color::White,
        );
        let (word, color) = verdict_word(report::verdict(judged));
        self.verdict(word, color, &verdict::sentence(judged, self.now));
        for finding in &judged.findings {
            self.finding(finding);
        }
        self.known(judged);
        self.line("");
        if let Some(handshake) = &case.handshake {
            self.handshake(judged, handshake);
        }
        for exchange in &case.http {
            self.exchange(exchange);
        }
        if let Some(handshake) = &case.handshake {
            self.ended(case, handshake);
            self.hello(handshake);
        }
        self.line("");
    }

    /// The word, and the sentence wrapped beside it.
    pub(super) fn verdict(&mut self, word: &str, color: Color, sentence: &str) {
        let column = word.len().max(5);
        let mut lines = wrap(sentence, WIDTH - column - 1).into_iter();
        self.line(&format!(
            "{} {}",
            format!("{word:<column$}").color(color).bold(),
            lines.next().unwrap_or_default().bold()
        ));
        for line in lines {
            self.line(&format!("{:column$} {}", "", line.bold()));
        }
    }

    pub(super) fn finding(&mut self, finding: &Finding) {
        self.finding_head(finding);
        self.finding_body(finding);
    }

    /// Severity, code, name, message.
    pub(super) fn finding_head(&mut self, finding: &Finding) {
        let (word, color) = match finding.severity {
            Severity::Error => ("error", Color::Red),
            Severity::Warning => ("warn", Color::Yellow),
            Severity::Note => ("note", Color::Blue),
        };
        let likely = match finding.certainty {
            Certainty::Proven => "",
            Certainty::Likely => " (likely)",
        };
        self.line(&format!(
            "{} {} {}{likely}",
            format!("{word:<5}").color(color).bold(),
            finding.rule.code.bold(),
            finding.rule.name
        ));
        self.indented(&escape::text(&finding.hit.message));
    }

    /// Evidence and remedy.
    pub(super) fn finding_body(&mut self, finding: &Finding) {
        for evidence in &finding.hit.evidence {
            self.indented(&format!(
                "{}: {}",
                evidence.label,
                escape::text(&evidence.value)
            ));
        }
        let who = match finding.act {
            Act::Client => "the sender must act:",
            Act::Server => "do:",
            Act::Either => "either side:",
        };
        self.remedy(who, finding);
    }

    /// What to do, behind a word or two, and the commands for it.
    pub(super) fn remedy(&mut self, lead: &str, finding: &Finding) {
        self.indented(&format!(
            "{lead} {}",
            escape::text(&finding.hit.remedy.text)
        ));
        for command in &finding.hit.remedy.commands {
            // A command is never wrapped: it is there to be copied.
            for line in command.lines() {
                let line = escape::text(line);
                self.line(&format!("        {}{}", command.lead(), line.cyan()));
            }
        }
    }

    /// What its owner knows, each rule once for each reason.
    pub(super) fn known(&mut self, judged: &Judged) {
        let mut told: Vec<String> = Vec::new();
        for known in &judged.suppressed {
            let rule = known.finding.rule;
            let until = known
                .until
                .map_or_else(String::new, |day| format!(" until {day}"));
            let line = format!(
                "{} {}{until}: {}",
                rule.code,
                rule.name,
                escape::text(&known.reason)
            );
            if !told.contains(&line) {
                self.row("ignored", &line);
                told.push(line);
            }
        }
    }

    fn indented(&mut self, text: &str) {
        for line in wrap(text, WIDTH - 6) {
            self.line(&format!("      {line}"));
        }
    }
}

//! A page of text: the answer, findings, rows with their names in the margin, a summary.

use colored::{Color, Colorize};
use jiff::Timestamp;

use super::{
    Detail, Look,
    words::{cells, cut, severity_color, verdict_word, wrap},
};
use crate::{
    engine::Judged,
    facts::{FileFacts, Place},
    finding::{About, Certainty, Finding, Severity},
    parse::escape,
    render::{
        answer,
        gathered::{self, Gathered},
        snippet,
        words::{counts, severity},
    },
    report::{self, Summary},
};

/// Columns of a drawing or a rule across a page that is not broken into lines.
const WIDTH: usize = 80;
/// Columns of a page that is not broken into lines: more than any line has.
const UNBROKEN: usize = 1 << 24;
/// Where the values of the detail lines begin.
pub(super) const COLUMN: usize = 14;
/// Lines of a file that are worth a drawing by themselves: longer ones are whole blocks.
const DRAWN: usize = 3;
/// Places and messages of a group that are named.
const NAMED: usize = 3;

/// What is known around a group of findings.
#[derive(Clone, Debug, Default)]
pub(super) struct Beside<'a> {
    /// The case's title.
    pub(super) title: &'a str,
    /// The case's files, whose lines may be drawn.
    pub(super) files: &'a [FileFacts],
    /// Where the first line of the page has the message: what it leaves out, escaped.
    pub(super) said: Option<String>,
    /// A line with the clients that show it, escaped.
    pub(super) clients: Option<String>,
}

/// Text under construction.
pub(super) struct Page {
    pub(super) text: String,
    pub(super) now: Timestamp,
    pub(super) detail: Detail,
    /// Columns to fit into.
    pub(super) width: usize,
    /// What to do and the lines for it, as printed last.
    pub(super) fixed: Option<(String, String)>,
}

impl Page {
    /// A page as it was asked for.
    pub(super) fn of(look: Look) -> Self {
        Self {
            text: String::new(),
            now: look.now,
            detail: look.detail,
            width: look.width.unwrap_or(UNBROKEN),
            fixed: None,
        }
    }

    /// A page about no case: reference text, the same on every day.
    pub(super) fn reference(width: Option<usize>) -> Self {
        Self::of(Look {
            now: Timestamp::UNIX_EPOCH,
            detail: Detail::Full,
            width,
        })
    }

    /// A paragraph, wrapped.
    pub(super) fn paragraph(&mut self, text: &str) {
        for line in wrap(text, self.room(0)) {
            self.line(&line);
        }
    }

    /// Columns behind this one.
    pub(super) fn room(&self, column: usize) -> usize {
        self.width.saturating_sub(column).max(20)
    }

    /// Columns of a drawing or a rule across the page.
    pub(super) fn across(&self) -> usize {
        if self.width == UNBROKEN {
            WIDTH
        } else {
            self.width
        }
    }

    pub(super) fn line(&mut self, text: &str) {
        self.text.push_str(text);
        self.text.push('\n');
    }

    pub(super) fn head(&mut self, title: &str, note: &str, color: Color) {
        let used = cells(title) + cells(note) + 8;
        let rule = "-".repeat(self.across().saturating_sub(used).max(3));
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
        for line in wrap(value, self.room(COLUMN)) {
            if first {
                self.line(format!("{}{line}", margin.dimmed()).trim_end());
            } else {
                self.line(&format!("{}{line}", " ".repeat(COLUMN)));
            }
            first = false;
        }
    }

    /// A SHA-256 in hexadecimal as a value, in two lines where one is too narrow.
    pub(super) fn fingerprint(&mut self, sha256: &str) {
        const NAME: &str = "sha256 ";
        if self.room(COLUMN) >= NAME.len() + sha256.len() {
            self.row("", &format!("{NAME}{sha256}"));
        } else {
            let (first, second) = sha256.split_at(sha256.len() / 2);
            self.line(&format!("{:COLUMN$}{NAME}{first}", ""));
            self.line(&format!("{:1$}{second}", "", COLUMN + NAME.len()));
        }
    }

    /// The word, and the answer wrapped beside it.
    pub(super) fn verdict(&mut self, word: &str, color: Color, sentence: &str) {
        let column = word.len().max(5);
        let mut lines = wrap(sentence, self.room(column + 1)).into_iter();
        self.line(&format!(
            "{} {}",
            format!("{word:<column$}").color(color).bold(),
            lines.next().unwrap_or_default().bold()
        ));
        for line in lines {
            self.line(&format!("{:column$} {}", "", line.bold()));
        }
    }

    /// The first line of a case: its verdict, and the answer to what was asked; a name goes in
    /// front of an answer that has none. Without findings below it, the line says why.
    pub(super) fn answer(&mut self, judged: &Judged, name: Option<&str>) {
        let (word, color) = verdict_word(report::verdict(judged));
        let lines = match self.detail {
            Detail::Verdict => vec![answer::reason(judged, self.now)],
            Detail::Usual | Detail::Full => answer::lines(judged, self.now),
        };
        let named = !answer::has_outlook(judged);
        let mut word = word;
        for line in lines {
            let line = match name.filter(|_| named) {
                Some(name) => format!("{}: {line}", escape::text(name)),
                None => line,
            };
            self.verdict(word, color, &line);
            word = "";
        }
    }

    /// Lines of one thing, what begins them hanging in front.
    pub(super) fn hanging(&mut self, lead: &str, text: &str, indent: usize) {
        let text = format!("{lead}{text}");
        let mut lines = wrap(&text, self.room(0)).into_iter();
        self.line(&lines.next().unwrap_or_default());
        let rest: Vec<String> = lines.collect();
        // Below the first line there is less room.
        for line in wrap(&rest.join(" "), self.room(indent)) {
            if !line.is_empty() {
                self.line(&format!("{:indent$}{line}", ""));
            }
        }
    }

    /// All findings of a case, in the few lines that each has.
    pub(super) fn findings(&mut self, judged: &Judged) {
        for group in gathered::within(&judged.findings) {
            let beside = Beside {
                title: &judged.case.title,
                files: &judged.case.files,
                said: answer::said(judged, group.first),
                clients: None,
            };
            self.group(&group, &beside);
        }
        // What a finding says of the sender comes with what to do.
        if !judged.findings.iter().any(|one| answer::says(judged, one)) {
            self.next(judged);
        }
        self.known(judged);
    }

    /// What to do where the answer is open for want of a file.
    pub(super) fn next(&mut self, judged: &Judged) {
        if let Some((text, command)) = answer::next(judged) {
            self.hanging("  fix: ", &escape::text(&text), 7);
            self.line(&format!("      $ {}", escape::text(&command).cyan()));
        }
    }

    /// What was found and where, what to do, the command; a note is one line.
    pub(super) fn group(&mut self, group: &Gathered<'_>, beside: &Beside<'_>) {
        let finding = group.first;
        let word = severity(finding.severity);
        let color = severity_color(finding.severity);
        let lead = format!("{word}[{}]", finding.rule.code);
        let (path, message) = answer::message(finding);
        let note = finding.severity == Severity::Note;
        let place = match (path, &finding.hit.place) {
            // The first line names the file of a note.
            (Some(path), _) if note && path == beside.title => String::new(),
            (Some(path), Place::File { first_line, .. }) => {
                format!(" {}:{first_line} ", escape::text(path))
            }
            _ => String::new(),
        };
        let times = match group.count() {
            1 => String::new(),
            count => format!(" ({count} times)"),
        };
        if note {
            // Two lines at most: a note is no reason to scroll.
            let text = format!("{place} {}", escape::text(message));
            let room = self.room(cells(&lead) + 1).saturating_add(self.room(6));
            let text = cut(&text, room.saturating_sub(times.len()));
            let lead = lead.color(color).bold().to_string();
            self.hanging(&lead, &format!("{text}{times}"), 6);
            return;
        }
        let message = match &beside.said {
            Some(detail) => detail.clone(),
            None => escape::text(message),
        };
        self.hanging(
            &lead.color(color).bold().to_string(),
            &format!("{place} {message}{times}"),
            6,
        );
        self.others(group);
        if let Some(clients) = &beside.clients {
            self.line(clients);
        }
        if matches!(finding.about, About::File(_))
            && let Place::File {
                first_line,
                last_line,
                ..
            } = finding.hit.place
            && last_line.saturating_sub(first_line) < DRAWN
        {
            self.drawing(finding, beside.files, "here");
        }
        self.remedy_once(finding);
    }

    /// The places and the messages of a group's other findings, a few of them.
    fn others(&mut self, group: &Gathered<'_>) {
        let place = |finding: &Finding| match &finding.hit.place {
            Place::File {
                path, first_line, ..
            } => format!("{}:{first_line}", escape::text(path)),
            _ => String::new(),
        };
        let (first, message) = (place(group.first), &group.first.hit.message);
        let mut told: Vec<String> = Vec::new();
        let mut more = 0;
        for finding in &group.more {
            let at = place(finding);
            let text = if at != first && finding.hit.message == *message {
                at
            } else {
                escape::text(answer::message(finding).1)
            };
            match (told.contains(&text), told.len() < NAMED) {
                (true, _) => {}
                (false, true) => told.push(text),
                (false, false) => more += 1,
            }
        }
        let count = told.len();
        for (index, text) in told.into_iter().enumerate() {
            let rest = match more {
                more if more > 0 && index + 1 == count => format!(" (and {more} more: -v)"),
                _ => String::new(),
            };
            self.hanging("  also: ", &format!("{text}{rest}"), 8);
        }
    }

    /// The lines of a file that a finding is about.
    pub(super) fn drawing(&mut self, finding: &Finding, files: &[FileFacts], label: &str) -> bool {
        let look = snippet::Look {
            severity: finding.severity,
            styled: true,
            width: self.across().saturating_sub(4),
        };
        let Some(drawing) = snippet::draw(&finding.hit.place, files, label, look) else {
            return false;
        };
        for line in drawing.lines() {
            self.line(&format!("    {line}"));
        }
        true
    }

    /// A finding with all that supports it.
    pub(super) fn finding(&mut self, finding: &Finding) {
        self.finding_head(finding);
        self.finding_body(finding);
    }

    /// Severity, code, name, message.
    pub(super) fn finding_head(&mut self, finding: &Finding) {
        let likely = match finding.certainty {
            Certainty::Proven => "",
            Certainty::Likely => " (confidence: likely)",
        };
        let lead = format!("{}[{}]", severity(finding.severity), finding.rule.code);
        self.line(&format!(
            "{} {}{likely}",
            lead.color(severity_color(finding.severity)).bold(),
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
        self.remedy("      ", finding);
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

    /// The last line: how many of what, and where to read on.
    pub(super) fn summary(&mut self, what: &str, summary: &Summary, worst: Option<&str>) {
        let mut line = format!("{what}{}", counts(summary));
        if let Some(code) = worst {
            line.push_str(&format!("; mtls explain {code}"));
        }
        const MORE: &str = "; -v shows more";
        // The last line is to stay one.
        if self.detail == Detail::Usual && cells(&line) + MORE.len() <= self.width {
            line.push_str(MORE);
        }
        self.paragraph(&line);
    }

    fn indented(&mut self, text: &str) {
        for line in wrap(text, self.room(6)) {
            self.line(&format!("      {line}"));
        }
    }
}

/// The worst finding's code among those seen so far.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Worst(Option<(Severity, &'static str)>);

impl Worst {
    /// Looks at a case's findings.
    pub(super) fn add(&mut self, judged: &Judged) {
        if let Some(first) = judged.findings.first()
            && first.severity > Severity::Note
            && self.0.is_none_or(|(worst, _)| first.severity > worst)
        {
            self.0 = Some((first.severity, first.rule.code));
        }
    }

    /// The code.
    pub(super) fn code(self) -> Option<&'static str> {
        self.0.map(|(_, code)| code)
    }
}

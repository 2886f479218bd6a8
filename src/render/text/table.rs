//! Many results: those that are not clean, the worst first, in a table or each in its few lines; the
//! clean ones counted.

use colored::Colorize;

use super::{
    Detail, Look,
    page::Page,
    words::{amount, cells, cut, cut_front, padded, verdict_word},
};
use crate::{
    engine::Judged,
    finding::Severity,
    parse::escape,
    render::{
        answer::{self, Outlooks},
        gathered,
        verdict::worst,
        words::listing,
    },
    report::{self, OverallVerdict, Run},
};

/// Results that are told in full; of more only a line each.
const TOLD: usize = 5;

/// Columns beside a name that sentences want.
const SENTENCE: usize = 70;

/// What is kept of each result.
#[derive(Debug, Default)]
pub(super) struct Table {
    rows: Vec<Row>,
    clean: u64,
    /// Clean chains that there was no trust anchor for.
    unanchored: u64,
    /// Those that are servers of a configuration, not files.
    servers: u64,
    outlooks: Outlooks,
    /// The first results that are not clean, as they are printed by themselves.
    told: Vec<String>,
}

#[derive(Debug)]
struct Row {
    verdict: OverallVerdict,
    title: String,
    code: &'static str,
    name: &'static str,
    why: String,
    /// Further groups of errors and warnings.
    more: usize,
}

impl Table {
    /// Takes in a result.
    pub(super) fn add(&mut self, judged: &Judged, look: Look) {
        self.outlooks.add(judged);
        self.servers += u64::from(judged.case.site().is_some());
        let verdict = report::verdict(judged);
        if verdict == OverallVerdict::Pass {
            self.clean += 1;
            self.unanchored += u64::from(report::unanchored(judged));
            return;
        }
        if self.told.len() < TOLD && look.detail != Detail::Full {
            let mut page = Page::of(look);
            page.answer(judged, Some(&judged.case.title));
            if look.detail != Detail::Verdict {
                page.findings(judged);
            }
            self.told.push(page.text);
        }
        let loud = gathered::within(&judged.findings)
            .iter()
            .filter(|group| group.first.severity > Severity::Note)
            .count();
        let (code, name, why) = match worst(judged) {
            Some(finding) => (
                finding.rule.code,
                finding.rule.name,
                answer::message(finding).1,
            ),
            None => ("", "", report::open(judged).unwrap_or_default()),
        };
        self.rows.push(Row {
            verdict,
            title: escape::text(&judged.case.title),
            code,
            name,
            why: escape::text(why),
            more: loud.saturating_sub(1),
        });
    }

    fn count(&self, verdict: OverallVerdict) -> u64 {
        let rows = self.rows.iter();
        rows.filter(|row| row.verdict == verdict).count() as u64
    }

    /// How the results are spread over the verdicts.
    fn spread(&self, what: &str) -> String {
        let all = self.rows.len() as u64 + self.clean;
        let unanchored = match self.unanchored {
            0 => String::new(),
            count if count == all => {
                "; trust not checked: pass the issuing CA with --cacert".to_owned()
            }
            count => format!("; trust not checked for {count}: pass the issuing CA with --cacert"),
        };
        let what = match (all - self.servers, self.servers) {
            (_, 0) => amount(all, what),
            (0, servers) => amount(servers, "server"),
            (files, servers) => {
                format!("{}, {}", amount(files, what), amount(servers, "server"))
            }
        };
        if self.rows.is_empty() {
            return format!("{what}: all clean{unanchored}");
        }
        let parts: Vec<String> = [
            (self.count(OverallVerdict::Fail), "with errors"),
            (self.count(OverallVerdict::Unknown), "unknown"),
            (self.count(OverallVerdict::Warn), "with warnings"),
            (self.clean, "clean"),
        ]
        .into_iter()
        .filter(|(count, _)| *count > 0)
        .map(|(count, word)| format!("{count} {word}"))
        .collect();
        let parts: Vec<&str> = parts.iter().map(String::as_str).collect();
        format!("{what}: {}{unanchored}", listing(&parts))
    }
}

impl Page {
    /// The answer of all of them.
    pub(super) fn all_of(&mut self, table: &Table, run: &Run) {
        // What could not be read was not judged.
        let unread = run.exit_code > 1;
        let worst = table.rows.iter().map(|row| row.verdict).max();
        let verdict = match (worst.unwrap_or_default(), unread) {
            (verdict, true) => verdict.max(OverallVerdict::Unknown),
            (verdict, false) => verdict,
        };
        let (mut word, color) = verdict_word(verdict);
        let mut lines = table.outlooks.lines(run, self.now);
        let mut spread = table.spread(run.command.case());
        if unread {
            spread.push_str("; not everything that was named could be read");
        }
        // What is wrong comes before a sender that gets in all the same.
        match verdict != OverallVerdict::Pass && table.outlooks.in_order() {
            true => lines.insert(0, spread),
            false => lines.push(spread),
        }
        for line in lines {
            self.verdict(word, color, &escape::text(&line));
            word = "";
        }
    }

    /// The same, then each that is not clean.
    pub(super) fn table(&mut self, table: &Table, run: &Run) {
        if run.cases == 0 {
            return;
        }
        self.all_of(table, run);
        if table.rows.len() <= TOLD {
            for told in &table.told {
                if self.detail != Detail::Verdict {
                    self.line("");
                }
                self.text.push_str(told);
            }
        } else {
            self.rows(&table.rows);
        }
        if self.detail != Detail::Verdict {
            self.line("");
        }
    }

    fn rows(&mut self, rows: &[Row]) {
        let mut sorted: Vec<&Row> = rows.iter().collect();
        sorted.sort_by_key(|row| std::cmp::Reverse(row.verdict));
        let longest = rows.iter().map(|row| cells(&row.title)).max();
        let longest = longest.unwrap_or_default();
        let width = longest.min(self.room(0) / 2);
        // Where sentences would be cut to a few words, the rules' names say more.
        let named = self.room(0) < width + SENTENCE;
        for row in sorted {
            let (word, color) = verdict_word(row.verdict);
            let more = match row.more {
                0 => String::new(),
                more => format!(" (+{more})"),
            };
            let code = padded(row.code, 5);
            let lead = cells(word).max(5) + 1 + width + 2 + 5 + 2;
            let room = self.room(lead).saturating_sub(more.len());
            self.line(&format!(
                "{} {}  {code}  {}{more}",
                padded(word, 5).color(color).bold(),
                padded(&cut_front(&row.title, width), width),
                cut(
                    if named && !row.name.is_empty() {
                        row.name
                    } else {
                        &row.why
                    },
                    room
                ),
            ));
        }
    }
}

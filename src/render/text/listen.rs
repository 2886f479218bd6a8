//! What `listen` prints: each connection as it comes, its verdict in one line at the end.

use std::{
    collections::HashMap,
    io::{self, Write},
};

use colored::{Color, Colorize};

use super::{
    Detail, Look,
    page::{Beside, Page, Worst},
    words::{amount, verdict_word},
};
use crate::{
    engine::Judged,
    finding::Finding,
    parse::escape,
    render::{
        answer, gathered,
        shown::{News, Shown},
        verdict,
    },
    report::{self, OverallVerdict, Run, Sink},
    rules::webhook::{forward_broke_off, forward_down},
};

/// The text sink.
pub struct Text<W> {
    out: W,
    shown: Shown,
    /// The verdict and the code that an open connection's last line had, by title.
    lines: HashMap<String, (OverallVerdict, Option<&'static str>)>,
    worst: Worst,
    look: Look,
}

impl<W: Write> Text<W> {
    /// A sink that writes to `out`.
    pub fn new(out: W, look: Look) -> Self {
        Self {
            out,
            shown: Shown::default(),
            lines: HashMap::new(),
            worst: Worst::default(),
            look,
        }
    }

    fn print(&mut self, judged: &Judged, closed: bool) -> io::Result<()> {
        let news = self.shown.news(judged, closed);
        let mut page = Page::of(self.look);
        let title = &judged.case.title;
        let line = (
            report::verdict(judged),
            verdict::worst(judged).map(|finding| finding.rule.code),
        );
        let changed = self.lines.get(title) != Some(&line);
        let passed_on = judged.case.http().iter().any(|one| one.forward.is_some());
        match self.look.detail {
            Detail::Verdict => {}
            Detail::Usual if passed_on => page.calls(judged, &news),
            Detail::Usual if news.first => page.usual(judged),
            Detail::Full if news.first => page.whole(judged),
            Detail::Usual | Detail::Full => {
                let exchanges = judged.case.http().get(news.exchanges.clone());
                let exchanges = exchanges.unwrap_or_default();
                if !exchanges.is_empty() {
                    page.head(title, "again on the same connection", Color::White);
                } else if !news.findings.is_empty() {
                    page.head(title, "closed", Color::White);
                }
                page.found(&news.findings);
                for exchange in exchanges {
                    page.exchange(exchange);
                }
            }
        }
        if closed
            && self.look.detail == Detail::Full
            && let Some(handshake) = judged.case.accepted()
        {
            if !news.first {
                page.head(title, "message by message", Color::White);
            }
            page.timeline(handshake);
            page.line("");
        }
        // A line alone is printed again only where it says something else; a call that was passed on
        // has its two lines.
        let has_line = passed_on && self.look.detail == Detail::Usual;
        let alone = self.look.detail == Detail::Verdict;
        if !has_line && (changed || !alone && !page.text.is_empty()) {
            page.last(judged);
        }
        if closed {
            self.lines.remove(title);
        } else {
            self.lines.insert(title.clone(), line);
        }
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }
}

impl<W: Write> Sink for Text<W> {
    fn progress(&mut self, judged: &Judged) -> io::Result<()> {
        self.print(judged, false)
    }

    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        self.worst.add(judged);
        self.print(judged, true)
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let mut page = Page::of(self.look);
        for line in answer::outlooks(&run.readiness, self.look.now) {
            page.line(&escape::text(&line).bold().to_string());
        }
        if self.look.detail == Detail::Full {
            for readiness in &run.readiness {
                page.outlook(readiness);
            }
        }
        if let Some(expectation) = &run.expectation {
            let (word, color) = if expectation.met {
                ("as expected", Color::Green)
            } else {
                ("not as expected", Color::Red)
            };
            page.line(&format!(
                "{}: {}",
                word.color(color).bold(),
                escape::text(&expectation.why)
            ));
        }
        if self.look.detail != Detail::Verdict {
            let what = format!("{}, ", amount(run.cases, "connection"));
            page.summary(&what, &run.summary, self.worst.code());
        }
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }
}

impl Page {
    /// Who came and when, with the verdict's word.
    fn arrival(&mut self, judged: &Judged) {
        let case = &judged.case;
        let (word, color) = verdict_word(report::verdict(judged));
        let when = case.started.strftime("%Y-%m-%d %H:%M:%SZ");
        self.head(&case.title, &format!("{word} {when}"), color);
    }

    /// Findings that are news.
    fn found(&mut self, findings: &[&Finding]) {
        if self.detail == Detail::Full {
            for finding in findings {
                self.finding(finding);
            }
        } else {
            for group in gathered::within(findings.iter().copied()) {
                self.group(&group, &Beside::default());
            }
        }
    }

    /// Requests that were passed on, in two lines each, and what is wrong with them.
    fn calls(&mut self, judged: &Judged, news: &News<'_>) {
        let exchanges = judged.case.http().get(news.exchanges.clone());
        for exchange in exchanges.unwrap_or_default() {
            match &exchange.forward {
                Some(forward) => self.passed_on(&judged.case, exchange, forward),
                None => self.exchange(exchange),
            }
        }
        // These two are said in the second line.
        let said = [&forward_down::RULE, &forward_broke_off::RULE];
        let mut found = news.findings.clone();
        found.retain(|finding| !said.contains(&finding.rule));
        self.found(&found);
    }

    /// What matters of a connection.
    fn usual(&mut self, judged: &Judged) {
        self.arrival(judged);
        self.findings(judged);
        let case = &judged.case;
        if let Some(handshake) = case.accepted() {
            self.handshake_brief(judged, handshake);
        }
        for exchange in case.http() {
            self.exchange(exchange);
        }
        if let Some(handshake) = case.accepted() {
            self.ended(case, handshake);
        }
    }

    /// Everything about it.
    fn whole(&mut self, judged: &Judged) {
        self.arrival(judged);
        for finding in &judged.findings {
            self.finding(finding);
        }
        self.known(judged);
        self.line("");
        let case = &judged.case;
        if let Some(handshake) = case.accepted() {
            self.handshake(judged, handshake);
        }
        for exchange in case.http() {
            self.exchange(exchange);
        }
        if let Some(handshake) = case.accepted() {
            self.ended(case, handshake);
            self.hello(handshake);
        }
        self.line("");
    }

    /// The verdict in one line: which connection, when, why, whose certificate.
    fn last(&mut self, judged: &Judged) {
        let case = &judged.case;
        let (word, color) = verdict_word(report::verdict(judged));
        let reason = answer::reason(judged, self.now);
        let leaf = case
            .accepted()
            .and_then(|handshake| handshake.tls.client_chain.as_ref())
            .and_then(|chain| chain.certificate(0))
            .map(|leaf| match leaf.common_name() {
                Some(name) => format!("CN = {}", escape::text(name)),
                None => escape::text(&leaf.label()),
            })
            .filter(|label| !reason.contains(label.as_str()));
        let leaf = leaf.map_or_else(String::new, |label| format!("  {label}"));
        // The number is the first word of its title.
        let number = case.title.split(' ').next().unwrap_or_default();
        self.line(&format!(
            "{number} {} {} {reason}{leaf}",
            case.started.strftime("%H:%M:%SZ"),
            format!("{word:<5}").color(color).bold(),
        ));
    }
}

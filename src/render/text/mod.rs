//! The dump a tired person reads: the verdict first, what to do next, then the detail.
//!
//! For: a terminal of 80 columns, with or without colour. Must not: let a peer's text reach the
//! terminal unescaped, or say "fine" of something that was not observed.

mod call;
mod chain;
mod connection;
mod explain;
mod inspect;
mod lint;
mod page;
mod profile;
mod readiness;
mod timeline;
mod token;
mod words;

use std::io::{self, Write};

use colored::{Color, Colorize};
use jiff::Timestamp;

pub use self::{
    call::Calls,
    explain::{Beside, explained, explained_rule},
    inspect::{Inspection, InspectionDetail},
    lint::{Lint, LintDetail},
    profile::{profile, profiles},
    token::TokenPage,
};
use self::{page::Page, words::amount};
use super::shown::Shown;
use crate::{
    engine::Judged,
    parse::escape,
    report::{Run, Sink},
};

/// How much of a connection is printed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Detail {
    /// All of it.
    Full,
    /// Without the ClientHello's lists, the request's headers and its body: for one that came just
    /// like the one before.
    Short,
}

/// The text sink.
pub struct Text<W> {
    out: W,
    shown: Shown,
    now: Timestamp,
    detail: Detail,
}

impl<W: Write> Text<W> {
    /// A sink that writes to `out`; `now` is what "days left" is counted from.
    pub fn new(out: W, now: Timestamp, detail: Detail) -> Self {
        Self {
            out,
            shown: Shown::default(),
            now,
            detail,
        }
    }

    fn print(&mut self, judged: &Judged, closed: bool) -> io::Result<()> {
        let news = self.shown.news(judged, closed);
        let case = &judged.case;
        let mut page = Page::new(self.now, self.detail);
        if news.first {
            page.whole(judged);
        } else {
            if !news.exchanges.is_empty() {
                page.head(&case.title, "again on the same connection", Color::White);
            } else if !news.findings.is_empty() {
                page.head(&case.title, "closed", Color::White);
            }
            for finding in &news.findings {
                page.finding(finding);
            }
            for exchange in case.http.get(news.exchanges.clone()).unwrap_or_default() {
                page.exchange(exchange);
            }
        }
        if closed && let Some(handshake) = &case.handshake {
            if !news.first {
                page.head(&case.title, "message by message", Color::White);
            }
            page.timeline(handshake);
            page.line("");
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
        self.print(judged, true)
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let mut page = Page::new(self.now, self.detail);
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
        for readiness in &run.readiness {
            page.outlook(readiness);
        }
        page.line(&format!(
            "{}, {}, {}, {}",
            amount(run.cases, "connection"),
            amount(run.summary.error, "error"),
            amount(run.summary.warning, "warning"),
            amount(run.summary.note, "note")
        ));
        self.out.write_all(page.text.as_bytes())?;
        self.out.flush()
    }
}

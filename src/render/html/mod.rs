//! One page that shows a whole run to somebody who was not there: chains as trees, the handshake on
//! its time, certificates on a calendar, findings, and the evidence folded away.
//!
//! For: a ticket, a colleague, a printer. Self-contained: no script, no font, no address is loaded,
//! and its own policy forbids it. Must not: hold a private key or a credential (facts have none),
//! or take text of a peer's for markup: `maud` escapes every value, and `escape` what would mislead
//! its reader.

mod calendar;
mod case;
mod certificate;
mod connection;
mod finding;
mod matrix;
mod timeline;
mod tree;

use std::io::{self, Write};

use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{
    engine::Judged,
    facts::{Outlook, Readiness},
    parse::escape,
    report::{self, OverallVerdict, Run, Sink, Summary, load::Load},
};

/// Cases that are drawn; of more only the table tells.
const DRAWN: usize = 60;
/// Rows of that table; a page of a hundred thousand lines helps nobody.
const ROWS: usize = 5_000;
/// The look of the page.
const STYLE: &str = include_str!("style.css");

/// A case in the table.
struct Row {
    title: String,
    verdict: OverallVerdict,
    summary: Summary,
    sentence: String,
    /// Where it is drawn on the page, from 1.
    drawn: Option<usize>,
}

/// The sink.
pub struct Html<W> {
    out: W,
    secrets: bool,
    rows: Vec<Row>,
    more: u64,
    cases: Vec<Judged>,
    load: Option<Load>,
}

impl<W: Write> Html<W> {
    /// A sink that writes to `out` when the run is over; `secrets` says that credentials were asked
    /// to be kept.
    pub fn new(out: W, secrets: bool) -> Self {
        Self {
            out,
            secrets,
            rows: Vec::new(),
            more: 0,
            cases: Vec::new(),
            load: None,
        }
    }
}

impl<W: Write> Sink for Html<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        let verdict = report::verdict(judged);
        if self.rows.len() >= ROWS {
            self.more += 1;
            return Ok(());
        }
        let drawn = (self.cases.len() < DRAWN).then(|| {
            self.cases.push(judged.clone());
            self.cases.len()
        });
        self.rows.push(Row {
            title: judged.case.title.clone(),
            verdict,
            summary: Summary::of(&judged.findings),
            sentence: super::answer::reason(judged, judged.judged_at),
            drawn,
        });
        Ok(())
    }

    fn load(&mut self, load: &Load) -> io::Result<()> {
        self.load = Some(load.clone());
        Ok(())
    }

    fn finish(&mut self, run: &Run) -> io::Result<()> {
        let page = self.page(run).into_string();
        self.out.write_all(page.as_bytes())?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

impl<W> Html<W> {
    fn page(&self, run: &Run) -> Markup {
        let title = format!("mtls {}: {}", run.command, word(run.verdict));
        html! {
            (DOCTYPE)
            html lang="en" {
                head {
                    meta charset="utf-8";
                    meta name="viewport" content="width=device-width, initial-scale=1";
                    meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";
                    meta name="referrer" content="no-referrer";
                    meta name="color-scheme" content="light dark";
                    title { (title) }
                    style { (PreEscaped(STYLE)) }
                }
                body {
                    a.skip href="#findings" { "To the findings" }
                    (self.head(run))
                    main {
                        @if self.secrets {
                            p.loud role="note" { "This page holds credentials in full (--show-secrets). Do not pass it on." }
                        }
                        @for readiness in &run.readiness { (outlook(readiness)) }
                        @if let Some(load) = &self.load { (matrix::load(load)) }
                        (matrix::calls(&self.cases))
                        @if self.rows.len() > 1 && !matrix::is_one(&self.cases) { (self.table()) }
                        div #findings {
                            @for (index, judged) in self.cases.iter().enumerate() {
                                (case::case(judged, index + 1, self.cases.len() == 1))
                            }
                        }
                    }
                    (self.foot(run))
                }
            }
        }
    }

    fn head(&self, run: &Run) -> Markup {
        let only = match self.rows.as_slice() {
            [only] => Some(only),
            _ => None,
        };
        html! {
            header.top {
                p.kicker { "mtls " (run.command) }
                h1 {
                    (badge(run.verdict)) " "
                    @match only {
                        Some(only) => { (escape::text(&only.title)) }
                        None => { (count(run.cases, run.command.case())) }
                    }
                }
                @if let Some(only) = only { p.sentence { (only.sentence) } }
                @if let Some(expectation) = &run.expectation {
                    p.sentence {
                        strong { (if expectation.met { "As expected" } else { "Not as expected" }) } ": " (escape::text(&expectation.why))
                    }
                }
                ul.counts {
                    li { (count(run.summary.error, "error")) }
                    li { (count(run.summary.warning, "warning")) }
                    li { (count(run.summary.note, "note")) }
                    @if let Some(judged) = self.cases.first() { li { "judged for " (moment(judged.judged_at)) } }
                }
            }
        }
    }

    fn foot(&self, run: &Run) -> Markup {
        html! {
            footer {
                p {
                    "Made by mtls " (env!("CARGO_PKG_VERSION")) " from " (moment(run.started)) " to " (moment(run.ended))
                    ", exit status " (run.exit_code) "."
                }
                p {
                    "Private keys are never kept"
                    @if !self.secrets { ", and credentials were taken out when they were read" }
                    "; names, addresses, paths and bodies stand here as they were seen."
                }
            }
        }
    }

    fn table(&self) -> Markup {
        html! {
            section {
                h2 #all { "All of them" }
                div.scroll role="region" aria-labelledby="all" tabindex="0" {
                    table {
                        thead { tr {
                            th scope="col" { "Verdict" }
                            th scope="col" { "What" }
                            th scope="col" { "In a sentence" }
                            th.number scope="col" { "Errors" }
                            th.number scope="col" { "Warnings" }
                        } }
                        tbody {
                            @for row in &self.rows {
                                tr {
                                    td { (badge(row.verdict)) }
                                    th scope="row" {
                                        @match row.drawn {
                                            Some(place) => { a href={ "#case-" (place) } { (escape::text(&row.title)) } }
                                            None => { (escape::text(&row.title)) }
                                        }
                                    }
                                    td.how { (row.sentence) }
                                    td.number { (row.summary.error) }
                                    td.number { (row.summary.warning) }
                                }
                            }
                        }
                    }
                }
                @if self.more > 0 { p { "And " (self.more) " more, which are in no table of a page: use --format jsonl." } }
            }
        }
    }
}

/// Whether the sender goes on getting through.
fn outlook(readiness: &Readiness) -> Markup {
    let (class, said) = match readiness.outlook {
        Outlook::Ready => ("good", "ready"),
        Outlook::Uncertain => ("uncertain", "uncertain"),
        Outlook::Breaks => ("bad", "breaks"),
        Outlook::Broken => ("bad", "broken"),
    };
    html! {
        section.outlook.(class) {
            h2 { "Will it still work? " span.word { (said) } }
            p { (escape::text(&readiness.sentence)) }
            ul {
                @for identity in &readiness.identities {
                    li {
                        strong { (escape::text(&identity.identity)) } " CN = " (escape::text(&identity.common_name))
                        @if let Some(until) = identity.until {
                            @if identity.in_use { ", until " (until) } @else { ", ended " (until) }
                        }
                        ": "
                        (match identity.accepted {
                            Some(true) => "accepted",
                            Some(false) => "refused",
                            None => "not known",
                        })
                        ", " (escape::text(&identity.why))
                    }
                }
            }
            @for anchor in &readiness.add {
                p { "Add the root " (escape::text(&anchor.subject)) ", SHA-256 " code.long { (anchor.sha256) } ":" }
                (command(&format!("mtls profiles pem {} >> clients.pem", anchor.id)))
            }
            p.source { "How sure: " (readiness.certainty) ". Sources and days: " code { "mtls profiles show " (escape::text(&readiness.profile)) } }
        }
    }
}

/// A verdict as a badge that needs no colour to be read.
fn badge(verdict: OverallVerdict) -> Markup {
    html! { span.badge.(word(verdict)) { (word(verdict).to_uppercase()) } }
}

fn word(verdict: OverallVerdict) -> &'static str {
    match verdict {
        OverallVerdict::Pass => "pass",
        OverallVerdict::Warn => "warn",
        OverallVerdict::Fail => "fail",
        OverallVerdict::Unknown => "unknown",
    }
}

/// What a command has many of.
fn count(count: u64, what: &str) -> String {
    super::words::amount(count, what)
}

/// A moment, for readers and machines.
fn moment(moment: Timestamp) -> Markup {
    html! { time datetime=(moment) { (moment.strftime("%Y-%m-%d %H:%M:%SZ").to_string()) } }
}

/// A command, ready to be copied.
fn command(text: &str) -> Markup {
    let lines: Vec<String> = text.lines().map(escape::text).collect();
    // A long line scrolls; who reads with the keyboard has to reach it.
    html! { pre tabindex="0" role="group" aria-label="command" { code { (lines.join("\n")) } } }
}

/// Rows of names and values.
fn rows(rows: &[(&str, String)]) -> Markup {
    html! {
        dl {
            @for (name, value) in rows {
                div { dt { (name) } dd { (escape::text(value)) } }
            }
        }
    }
}

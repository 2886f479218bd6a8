//! One page that shows a whole run to somebody who was not there: the answer, findings with their
//! remedies, then chains as trees, the handshake on its time, certificates on a calendar; the
//! evidence folded away.
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
pub mod live;
mod matrix;
mod timeline;
mod tree;

use std::io::{self, Write};

use jiff::Timestamp;
use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::{
    engine::Judged,
    facts::{Outlook, Readiness, Subject},
    parse::escape,
    render::{
        answer::{self, Outlooks},
        matrix as calls,
        verdict::worst,
        words::counts,
    },
    report::{self, Command, OverallVerdict, Run, Sink, load::Load},
};

/// Cases that are drawn; of more only the table tells.
const DRAWN: usize = 60;
/// Rows of that table; a page of a hundred thousand lines helps nobody.
const ROWS: usize = 5_000;
/// Targets that the head names.
const TARGETS: usize = 3;
/// The look of the page.
const STYLE: &str = include_str!("style.css");

/// A case in the table.
struct Row {
    title: String,
    verdict: OverallVerdict,
    started: Timestamp,
    /// Why, without what the title says.
    reason: String,
    /// The rule of its worst finding.
    code: Option<&'static str>,
    /// Where it is drawn on the page, from 1.
    drawn: Option<usize>,
}

/// The sink.
pub struct Html<W> {
    out: W,
    secrets: bool,
    rows: Vec<Row>,
    more: u64,
    /// What was looked at: URLs, endpoints, files, names that clients asked for; each once.
    targets: Vec<String>,
    outlooks: Outlooks,
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
            targets: Vec::new(),
            outlooks: Outlooks::default(),
            cases: Vec::new(),
            load: None,
        }
    }
}

impl<W: Write> Sink for Html<W> {
    fn case(&mut self, judged: &Judged) -> io::Result<()> {
        let verdict = report::verdict(judged);
        if self.targets.len() <= TARGETS {
            let target = target(judged);
            self.targets
                .extend(target.filter(|one| !self.targets.contains(one)));
        }
        self.outlooks.add(judged);
        if self.rows.len() >= ROWS {
            self.more += 1;
            return Ok(());
        }
        let drawn = (self.cases.len() < DRAWN).then(|| {
            self.cases.push(judged.clone());
            self.cases.len()
        });
        let mut reason = answer::reason(judged, judged.judged_at);
        let code = worst(judged).map(|finding| finding.rule.code);
        // The code has a column of its own.
        let end = code.map_or_else(String::new, |code| format!(" ({code})"));
        reason.truncate(reason.strip_suffix(&end).map_or(reason.len(), str::len));
        self.rows.push(Row {
            title: judged.case.title.clone(),
            verdict,
            started: judged.case.started,
            reason,
            code,
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
        let title = format!(
            "{}: {} - mtls {}, {}",
            word(run.verdict).to_uppercase(),
            self.target(run),
            run.command,
            run.started.strftime("%Y-%m-%d %H:%M:%SZ")
        );
        let many = self.cases.len() > 1;
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
                        (matrix::calls(&self.cases))
                        @if self.rows.len() > 1 && !matrix::is_one(&self.cases) { (self.table(run)) }
                        @if many { (finding::remedies(&self.cases)) }
                        @for (index, readiness) in run.readiness.iter().enumerate() { (outlook(readiness, index)) }
                        @if let Some(load) = &self.load { (matrix::load(load)) }
                        div #findings .many[many] {
                            @if many { h2 { "Details" } }
                            @for (index, judged) in self.cases.iter().enumerate() {
                                (case::case(judged, index + 1, !many))
                            }
                        }
                    }
                    (self.foot(run))
                }
            }
        }
    }

    /// What was looked at, in a line.
    fn target(&self, run: &Run) -> String {
        let named: Vec<String> = self
            .targets
            .iter()
            .take(TARGETS)
            .map(|target| escape::text(target))
            .collect();
        let more = if self.targets.len() > TARGETS {
            ", …"
        } else {
            ""
        };
        match named.as_slice() {
            [] => count(run.cases, run.command.case()),
            named => format!("{}{more}", named.join(", ")),
        }
    }

    /// The answer, as text has it in its first lines.
    fn answer(&self, run: &Run) -> Vec<String> {
        if let ([only], [_]) = (self.cases.as_slice(), self.rows.as_slice()) {
            return answer::lines(only, only.judged_at);
        }
        let at = self.cases.first().map_or(run.ended, |one| one.judged_at);
        let mut lines = self.outlooks.lines(run, at);
        if matrix::is_one(&self.cases) {
            let all = self.cases.iter().filter_map(|one| one.case.call());
            let findings = self.cases.iter().flat_map(|one| &one.findings);
            let fault = calls::fault(findings);
            lines.push(calls::sentence(all, run, fault.as_deref()));
        }
        lines
    }

    fn head(&self, run: &Run) -> Markup {
        html! {
            header.top {
                p.kicker { "mtls " (run.command) ", " (moment(run.started)) }
                h1 { (badge(run.verdict)) " " (self.target(run)) }
                @for line in self.answer(run) { p.sentence { (escape::text(&line)) } }
                @if let Some(expectation) = &run.expectation {
                    p.sentence {
                        strong { (if expectation.met { "As expected" } else { "Not as expected" }) } ": " (escape::text(&expectation.why))
                    }
                }
                ul.counts {
                    li { (count(run.cases, run.command.case())) }
                    li { (counts(&run.summary)) }
                    @if let Some(judged) = self.cases.first() { li { "evaluated as of " (moment(judged.judged_at)) } }
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
                    @if !self.secrets { ", credentials are redacted as they are read" }
                    "; names, addresses, paths and bodies are shown as they were seen."
                }
            }
        }
    }

    fn table(&self, run: &Run) -> Markup {
        let what = match run.command {
            Command::Listen => "Connection",
            Command::Lint => "File",
            _ => "Target",
        };
        html! {
            section {
                h2 #all { "Results" }
                div.scroll role="region" aria-labelledby="all" tabindex="0" {
                    table {
                        thead { tr {
                            th scope="col" { "Verdict" }
                            th scope="col" { (what) }
                            th.at scope="col" { "Time" }
                            th scope="col" { "Reason" }
                            th.coded scope="col" { "Rule" }
                        } }
                        tbody {
                            @for row in &self.rows {
                                tr.wrong[row.verdict == OverallVerdict::Fail] {
                                    td { (badge(row.verdict)) }
                                    th scope="row" {
                                        @match row.drawn {
                                            Some(place) => { a href={ "#case-" (place) } { (escape::text(&row.title)) } }
                                            None => { (escape::text(&row.title)) }
                                        }
                                    }
                                    td.at { (row.started.strftime("%H:%M:%SZ").to_string()) }
                                    td.how { (row.reason) }
                                    td.coded { @if let Some(code) = row.code { a href={ "#fix-" (code) } { (code) } } }
                                }
                            }
                        }
                    }
                }
                @if self.more > 0 { p { "And " (self.more) " more: use --format jsonl." } }
            }
        }
    }
}

/// What a case is about, for the head of the page.
fn target(judged: &Judged) -> Option<String> {
    match &judged.case.subject {
        Subject::Call(call) => Some(call.dialled.url.clone()),
        Subject::Inspected(inspected) => Some(inspected.target.clone()),
        // The name of the server that the client asked for.
        Subject::Accepted(accepted) => {
            let hello = accepted.hello.as_ref();
            hello.and_then(|hello| hello.sni.clone())
        }
        Subject::Deployment(_) | Subject::Token(_) => Some(judged.case.title.clone()),
    }
}

/// Whether the sender goes on getting through.
fn outlook(readiness: &Readiness, index: usize) -> Markup {
    let (class, said) = match readiness.outlook {
        Outlook::Ready => ("good", "ready"),
        Outlook::Uncertain => ("uncertain", "uncertain"),
        Outlook::Breaks => ("bad", "breaks"),
        Outlook::Broken => ("bad", "broken"),
    };
    html! {
        section.outlook.(class) id={ "outlook-" (index + 1) } {
            h2 { (escape::text(&readiness.title)) ": " span.word { (said) } }
            p { (escape::text(&readiness.sentence)) }
            ul {
                @for identity in &readiness.identities {
                    li {
                        strong { (escape::text(&identity.identity)) } " " (escape::text(&identity.leaf))
                        @if let Some(until) = identity.until {
                            @if identity.in_use { ", " (until.as_last_day()) } @else { ", last day was " (until.words()) }
                        }
                        ": "
                        (match identity.accepted {
                            Some(true) => "accepted",
                            Some(false) => "rejected",
                            None => "unknown",
                        })
                        ", " (escape::text(&identity.why))
                    }
                }
            }
            @for anchor in &readiness.add {
                p { "Add the root " (escape::text(&anchor.subject)) ", SHA-256 " code.long { (anchor.sha256) } ":" }
                (command(&format!("mtls profiles pem {} >> {}", anchor.id, answer::client_ca(readiness))))
            }
            p.source { "Certainty: " (readiness.certainty) ". Sources and dates: " code { "mtls profiles show " (escape::text(&readiness.profile)) } }
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
    // Wrapped on the page, and still one line when it is copied.
    html! { pre.command role="group" aria-label="command" { code { (lines.join("\n")) } } }
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

//! The live page of a listener: a list that grows, and a page for each connection, drawn as the
//! report draws them.
//!
//! For: `cli`, which hands both to the server of the page. Must not: need the script: it only adds
//! what comes after the page was made. Every value is escaped, as in the report.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::{STYLE, badge, case};
use crate::{
    engine::Judged,
    facts::{Answered, HttpExchange, Resent},
    parse::escape,
    render::answer,
    report,
};

/// What makes the page live.
pub const SCRIPT: &str = include_str!("live.js");
/// The look of what the report has not.
const MORE_STYLE: &str = include_str!("live.css");
/// Seconds between two looks without the script.
const REFRESH: &str = "5";
/// Requests of a row.
const REQUESTS: usize = 3;
/// Requests of a connection that have a button.
const BUTTONS: usize = 20;
/// Characters of a path in a row.
const PATH: usize = 80;

/// The list.
#[derive(Clone, Copy, Debug)]
pub struct List<'a> {
    /// What listens, for the title.
    pub title: &'a str,
    /// The state in a line, HTML of [`state`].
    pub state: &'a str,
    /// The last news that the page shows.
    pub after: u64,
    /// Rows that the script keeps.
    pub keep: usize,
    /// The filter.
    pub filter: &'a str,
    /// Which page of the list, from 1.
    pub page: usize,
    /// How many pages there are.
    pub pages: usize,
}

/// The state of a listener.
#[derive(Clone, Debug, Default)]
pub struct State {
    /// Connections so far.
    pub connections: u64,
    /// When the last one came, `13:50:45Z`; `None` = none yet.
    pub last: Option<String>,
    /// How long ago that was, in words, where it is long.
    pub silent: Option<String>,
    /// The application behind, in words, and whether it answered last.
    pub application: Option<(String, bool)>,
}

/// The state in a line.
pub fn state(state: &State) -> String {
    let connections = match state.connections {
        1 => "1 connection".to_owned(),
        more => format!("{more} connections"),
    };
    html! {
        span { (connections) }
        @match (&state.last, &state.silent) {
            (None, _) => span { "no call yet" },
            (Some(last), None) => span { "last call at " (last) },
            (Some(last), Some(silent)) => span { "no call for " (silent) ", the last at " (last) },
        }
        @if let Some((words, good)) = &state.application {
            span.(if *good { "up" } else { "down" }) { (escape::text(words)) }
        }
    }
    .into_string()
}

/// The whole page of a list of rows.
pub fn list(rows: &[String], list: &List<'_>) -> String {
    let title = format!("{} - mtls listen", escape::text(list.title));
    let filter = escape::text(list.filter);
    let page = |number: usize| {
        let query: String = list
            .filter
            .bytes()
            .map(|byte| match byte {
                b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' => char::from(byte).to_string(),
                byte => format!("%{byte:02X}"),
            })
            .collect();
        format!("/?q={query}&page={number}")
    };
    frame(
        &title,
        html! { noscript { meta http-equiv="refresh" content=(REFRESH); } },
        html! {
            header.top {
                p.kicker { "mtls listen" }
                h1 { (escape::text(list.title)) }
                p #state .counts role="status" aria-live="off" { (PreEscaped(list.state)) }
            }
            main {
                form.filter action="/" method="get" role="search" {
                    label for="filter" { "Filter " }
                    input #filter type="search" name="q" value=(filter) autocomplete="off";
                    button type="submit" { "Filter" }
                    p #lag .small role="status" {}
                }
                div.scroll role="region" aria-label="connections" tabindex="0" {
                    table.live {
                        thead { tr {
                            th scope="col" { "Verdict" }
                            th scope="col" { "Connection" }
                            th scope="col" { "Time" }
                            th scope="col" { "Requests" }
                            th scope="col" { "Reason" }
                        } }
                        tbody #calls data-after=(list.after) data-keep=(list.keep) data-live=[(list.page == 1).then_some("yes")] {
                            @for row in rows { (PreEscaped(row)) }
                        }
                    }
                }
                @if rows.is_empty() { p #none { "No call yet. This page shows each as it comes." } }
                @if list.pages > 1 {
                    nav aria-label="pages" {
                        @if list.page > 1 { a href=(page(list.page - 1)) rel="prev" { "Newer" } " " }
                        "page " (list.page) " of " (list.pages)
                        @if list.page < list.pages { " " a href=(page(list.page + 1)) rel="next" { "Older" } }
                    }
                }
            }
        },
        true,
    )
}

/// The row of a connection.
pub fn row(judged: &Judged, number: u64) -> String {
    let verdict = report::verdict(judged);
    let http = judged.case.http();
    html! {
        tr id={ "call-" (number) } .wrong[verdict == report::OverallVerdict::Fail] {
            td { (badge(verdict)) }
            th scope="row" { a href={ "/case/" (number) } { (escape::text(&judged.case.title)) } }
            td.at { (judged.case.started.strftime("%H:%M:%SZ").to_string()) }
            td {
                @for exchange in http.iter().take(REQUESTS) { div { (request(exchange)) } }
                @if http.len() > REQUESTS { div.small { "and " (http.len() - REQUESTS) " more" } }
                @if http.is_empty() { span.small { "no request" } }
            }
            td.how { (answer::reason(judged, judged.judged_at)) (leaf(judged)) }
        }
    }
    .into_string()
}

fn request(exchange: &HttpExchange) -> Markup {
    let path: String = exchange.path.chars().take(PATH).collect();
    html! {
        code { (escape::text(&exchange.method)) " " (escape::text(&path)) }
        @match &exchange.answer {
            Some(answer) => { " " (answer.status) },
            None => " no answer",
        }
        @if let Some(forward) = &exchange.forward {
            @if let Some(error) = &forward.error { ", " (escape::text(&error.why)) }
            @else if let Some(ms) = forward.timings_ms.answer { ", " (ms) " ms" }
        }
    }
}

fn leaf(judged: &Judged) -> Markup {
    let handshake = judged.case.accepted();
    let chain = handshake.and_then(|handshake| handshake.tls.client_chain.as_ref());
    let leaf = chain.and_then(|chain| chain.certificate(0));
    html! { @if let Some(leaf) = leaf { div.small { (escape::text(&leaf.label())) } } }
}

/// What a connection says, for the filter; lower case.
pub fn text(judged: &Judged) -> String {
    let verdict = super::word(report::verdict(judged));
    let mut text = format!(
        "{verdict} {} {}",
        judged.case.title,
        answer::reason(judged, judged.judged_at)
    );
    for exchange in judged.case.http() {
        let status = exchange.answer.as_ref().map(|answer| answer.status);
        text.push_str(&format!(
            " {} {} {}",
            exchange.method,
            exchange.path,
            status.unwrap_or_default()
        ));
    }
    let chains = judged.case.chains();
    for leaf in chains.filter_map(|chain| chain.certificate(0)) {
        text.push(' ');
        text.push_str(&leaf.label());
    }
    text.to_lowercase()
}

/// The requests that can be sent again, and what came of those that were.
fn again(judged: &Judged, number: u64, resent: &dyn Fn(usize) -> Vec<Resent>) -> Markup {
    let kept = judged.case.http().iter().enumerate();
    let kept: Vec<_> = kept
        .filter_map(|(index, exchange)| Some((index, exchange, exchange.again.as_ref()?)))
        .collect();
    html! {
        @if !kept.is_empty() {
            section #again {
                h2 { "Send again" }
                p.small { "To the application, as the request was passed on. The client is not asked; the application sees another call." }
                @for (index, exchange, sent) in kept.iter().take(BUTTONS) {
                    form.again action={ "/replay/" (number) "/" (index) } method="post" {
                        button type="submit" { "Send again" }
                        " " (request(exchange))
                    }
                    @for one in resent(*index) {
                        p.result { (one.at.strftime("%H:%M:%SZ").to_string()) ": " (came(&one, &sent.answered)) }
                    }
                }
                @if kept.len() > BUTTONS { p.small { "and " (kept.len() - BUTTONS) " more requests" } }
            }
        }
    }
}

/// What came of it, beside the first answer.
fn came(resent: &Resent, first: &Answered) -> String {
    let ms = resent.ms;
    let answered = match &resent.came {
        Err(error) => return format!("no answer: {}", escape::text(&error.why)),
        Ok(answered) => answered,
    };
    let status = match answered.status == first.status {
        true => "the same status".to_owned(),
        false => format!("before {}", first.status),
    };
    let body = match answered.sha256 == first.sha256 {
        true => "the same body".to_owned(),
        false => format!(
            "another body ({} bytes, before {})",
            answered.bytes, first.bytes
        ),
    };
    format!(
        "answered {} after {ms} ms: {status}, {body}",
        answered.status
    )
}

/// The whole page of one connection; `resent` says what came of a request that was sent again.
pub fn one(judged: &Judged, number: u64, resent: &dyn Fn(usize) -> Vec<Resent>) -> String {
    let title = format!("{} - mtls listen", escape::text(&judged.case.title));
    let verdict = report::verdict(judged);
    frame(
        &title,
        html! {},
        html! {
            header.top {
                p.kicker { a href="/" { "All connections" } }
                h1 { (badge(verdict)) " " (escape::text(&judged.case.title)) }
                @for line in answer::lines(judged, judged.judged_at) { p.sentence { (line) } }
                ul.counts { li { (super::moment(judged.case.started)) } }
            }
            main #findings {
                (again(judged, number, resent))
                (case::case(judged, 1, true))
            }
        },
        false,
    )
}

fn frame(title: &str, head: Markup, body: Markup, script: bool) -> String {
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                (head)
                title { (title) }
                style { (PreEscaped(STYLE)) (PreEscaped(MORE_STYLE)) }
            }
            body {
                (body)
                @if script { script { (PreEscaped(SCRIPT)) } }
            }
        }
    }
    .into_string()
}

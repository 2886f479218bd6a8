//! Findings, each with what to do; evidence folded. Where there are many cases, a cause and its remedy
//! are told once.

use std::collections::HashSet;

use maud::{Markup, html};

use super::{command, rows};
use crate::{
    engine::Judged,
    facts::Place,
    finding::{Certainty, Finding, Severity},
    parse::escape,
    render::{
        answer,
        gathered::{self, Gathered},
        snippet,
        words::{amount, fix, severity},
    },
};

/// Findings of one rule that are told; the rest is counted.
const TOLD: usize = 10;
/// Columns of the lines of a file.
const COLUMNS: usize = 80;
/// Causes of a page that are told.
const CAUSES: usize = 60;
/// Cases of a cause that are named.
const NAMED: usize = 30;

/// All of a case; without `remedies` they lead to those of the page. Notes are folded.
pub(super) fn all(judged: &Judged, id: &str, remedies: bool) -> Markup {
    let groups = gathered::within(&judged.findings);
    let (loud, quiet): (Vec<_>, Vec<_>) = groups
        .iter()
        .partition(|group| group.first.severity > Severity::Note);
    let notes: usize = quiet.iter().map(|group| group.count()).sum();
    let told = |groups: &[&Gathered<'_>]| {
        let before = |index: usize| {
            let code = groups[index].first.rule.code;
            let earlier = groups[..index].iter();
            earlier
                .filter(|other| other.first.rule.code == code)
                .count()
        };
        html! {
            @for (index, group) in groups.iter().enumerate() {
                @match before(index) {
                    0 => { (one(group, judged, Some(format!("{id}-{}", group.first.rule.code)), remedies)) }
                    1..TOLD => { (one(group, judged, None, remedies)) }
                    TOLD => { p { "And more of " (group.first.rule.code) "." } }
                    _ => {}
                }
            }
        }
    };
    html! {
        section.findings {
            h3 { "Findings" }
            @if loud.is_empty() { p { "No errors, no warnings." } }
            (told(&loud))
            @if !quiet.is_empty() {
                details {
                    summary { (amount(notes as u64, "note")) }
                    (told(&quiet))
                }
            }
            @if !judged.suppressed.is_empty() {
                h4 { "Ignored" }
                ul {
                    @for known in &judged.suppressed {
                        li {
                            (known.finding.rule.code) " " (known.finding.rule.name)
                            @if let Some(until) = known.until { " until " (until) }
                            ": " (escape::text(&known.reason))
                        }
                    }
                }
            }
        }
    }
}

/// What to fix, each cause once with the cases that show it.
pub(super) fn remedies(cases: &[Judged]) -> Markup {
    let mut loud: Vec<&Finding> = cases
        .iter()
        .flat_map(|judged| &judged.findings)
        .filter(|finding| finding.severity > Severity::Note)
        .collect();
    loud.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then(a.rule.code.cmp(b.rule.code))
    });
    let groups = gathered::across(loud);
    if groups.is_empty() {
        return html! {};
    }
    let mut named: Vec<&str> = Vec::new();
    let groups: Vec<(&Gathered<'_>, Option<String>)> = groups
        .iter()
        .take(CAUSES)
        .map(|group| {
            let code = group.first.rule.code;
            let first = !named.contains(&code);
            named.push(code);
            (group, first.then(|| format!("fix-{code}")))
        })
        .collect();
    html! {
        section.remedies {
            h2 #fixes { "What to fix" }
            @for (group, id) in groups {
                @let finding = group.first;
                article.finding.(severity(finding.severity)) id=[id] {
                    h3 { (title(finding)) }
                    p { (escape::text(&finding.hit.message)) }
                    @let shown = showing(group, cases);
                    @if shown.len() > 1 {
                        p.small {
                            (shown.len()) " results: "
                            @for (index, (place, name)) in shown.iter().take(NAMED).enumerate() {
                                @if index > 0 { ", " }
                                a href={ "#case-" (place) } { (escape::text(name)) }
                            }
                            @if shown.len() > NAMED { " and " (shown.len() - NAMED) " more" }
                        }
                    }
                    (remedy(finding))
                }
            }
        }
    }
}

/// The cases that show a cause: their places on the page and their names.
fn showing<'a>(group: &Gathered<'_>, cases: &'a [Judged]) -> Vec<(usize, &'a str)> {
    let all: HashSet<*const Finding> = std::iter::once(&group.first)
        .chain(&group.more)
        .map(|finding| std::ptr::from_ref::<Finding>(finding))
        .collect();
    let shows = |judged: &Judged| {
        let mut findings = judged.findings.iter();
        findings.any(|own| all.contains(&std::ptr::from_ref(own)))
    };
    cases
        .iter()
        .enumerate()
        .filter(|(_, judged)| shows(judged))
        .map(|(index, judged)| {
            let name = match judged.case.call() {
                Some(call) => call.client.as_str(),
                None => judged.case.title.as_str(),
            };
            (index + 1, name)
        })
        .collect()
}

fn title(finding: &Finding) -> Markup {
    let severity = severity(finding.severity);
    html! {
        span.badge.(severity) { (severity) } " "
        (finding.rule.code) " " (finding.rule.name)
        @if finding.certainty == Certainty::Likely { " (confidence: likely)" }
    }
}

/// The lines of a remedy, those that only look marked as such.
fn lines(finding: &Finding) -> String {
    let commands = finding.hit.remedy.commands.iter();
    let lines: Vec<String> = commands
        .map(|command| format!("{}{}", command.lead(), command.line))
        .collect();
    lines.join("\n")
}

fn remedy(finding: &Finding) -> Markup {
    html! {
        p.remedy { strong { (fix(finding.act)) } (escape::text(&finding.hit.remedy.text)) }
        @if !finding.hit.remedy.commands.is_empty() { (command(&lines(finding))) }
    }
}

fn one(group: &Gathered<'_>, judged: &Judged, id: Option<String>, remedies: bool) -> Markup {
    let finding = group.first;
    let loud = finding.severity > Severity::Note;
    html! {
        article.finding.(severity(finding.severity)) id=[id] {
            h4 { (title(finding)) }
            @let outlook = answer::says(judged, finding);
            @if outlook { p { "See " a href="#outlook-1" { "the outlook" } " above." } }
            @else { p { (escape::text(&finding.hit.message)) } }
            @if !group.more.is_empty() {
                ul {
                    @for other in group.more.iter().take(TOLD) { li { (escape::text(&other.hit.message)) } }
                    @if group.more.len() > TOLD { li { "and " (group.more.len() - TOLD) " more" } }
                }
            }
            @if outlook && remedies {}
            @else if remedies || !loud { (remedy(finding)) }
            @else { p { a href={ "#fix-" (finding.rule.code) } { "What to fix" } } }
            details {
                summary { "Evidence and source" }
                (rows(&evidence(finding)))
                @if let Some(drawing) = snippet::draw(&finding.hit.place, &judged.case.files, "here", drawn(finding)) {
                    pre tabindex="0" role="group" aria-label="the lines" { code { (drawing) } }
                }
                p.source {
                    "Source: " (finding.rule.cites.iter().map(|cite| format!("{} ({})", cite.source, cite.date)).collect::<Vec<_>>().join("; "))
                    ". More: " code { "mtls explain " (finding.rule.code) }
                }
            }
        }
    }
}

fn drawn(finding: &Finding) -> snippet::Look {
    snippet::Look {
        severity: finding.severity,
        styled: false,
        width: COLUMNS,
    }
}

fn evidence(finding: &Finding) -> Vec<(&str, String)> {
    let place = match &finding.hit.place {
        Place::File {
            path,
            first_line,
            last_line,
        } => format!("{path}, lines {first_line} to {last_line}"),
        Place::Wire { from, message } => format!("{}, sent by the {from}", message.to_lowercase()),
        Place::Http { part } => part.clone(),
    };
    let mut rows = vec![("where", place)];
    if !finding.hit.subject.is_empty() {
        rows.push(("what", finding.hit.subject.clone()));
    }
    for evidence in &finding.hit.evidence {
        rows.push((&evidence.label, evidence.value.clone()));
    }
    rows
}

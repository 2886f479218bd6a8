//! Findings, each with what to do; evidence folded.

use maud::{Markup, html};

use super::{command, rows, tree};
use crate::{
    engine::Judged,
    facts::Place,
    finding::{Act, Certainty, Finding},
    parse::escape,
    render::snippet,
};

/// Findings of one rule that are told; the rest is counted.
const TOLD: usize = 10;

/// All of a case.
pub(super) fn all(judged: &Judged, id: &str) -> Markup {
    let before = |index: usize| {
        let code = judged.findings[index].rule.code;
        let earlier = judged.findings[..index].iter();
        earlier.filter(|other| other.rule.code == code).count()
    };
    html! {
        section.findings {
            h3 { "Findings" }
            @if judged.findings.is_empty() { p { "None." } }
            @for (index, finding) in judged.findings.iter().enumerate() {
                @match before(index) {
                    0 => { (one(finding, judged, Some(format!("{id}-{}", finding.rule.code)))) }
                    1..TOLD => { (one(finding, judged, None)) }
                    TOLD => { p { "And more of " (finding.rule.code) "." } }
                    _ => {}
                }
            }
            @if !judged.suppressed.is_empty() {
                h4 { "Known to their owner" }
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

fn one(finding: &Finding, judged: &Judged, id: Option<String>) -> Markup {
    let severity = tree::severity(finding.severity);
    html! {
        article.finding.(severity) id=[id] {
            h4 {
                span.badge.(severity) { (severity) } " "
                (finding.rule.code) " " (finding.rule.name)
                @if finding.certainty == Certainty::Likely { " (likely)" }
            }
            p { (escape::text(&finding.hit.message)) }
            p.remedy { strong { (whose_move(finding)) } (escape::text(&finding.hit.remedy.text)) }
            @for text in &finding.hit.remedy.commands { (command(&format!("{}{}", text.lead(), text.line))) }
            details {
                summary { "Evidence and source" }
                (rows(&evidence(finding)))
                @if let Some(drawing) = snippet::draw(&finding.hit.place, &judged.case.files, "here", false) {
                    pre tabindex="0" role="group" aria-label="the lines" { code { (drawing) } }
                }
                p.source {
                    "By " (finding.rule.cites.iter().map(|cite| format!("{} ({})", cite.source, cite.date)).collect::<Vec<_>>().join("; "))
                    ". More: " code { "mtls explain " (finding.rule.code) }
                }
            }
        }
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

/// Who has to act, as the beginning of what is to be done.
pub(super) fn whose_move(finding: &Finding) -> &'static str {
    match finding.act {
        Act::Client => "The sender must act: ",
        Act::Server => "Do: ",
        Act::Either => "Either side: ",
    }
}

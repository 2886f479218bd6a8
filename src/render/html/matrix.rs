//! Many calls of one webhook: who got in, and how fast it was.

use maud::{Markup, html};

use crate::{
    engine::Judged,
    facts::{Call, Expected, Outcome},
    parse::escape,
    render::verdict::worst,
    report::load::Load,
};

/// Whether these are calls enough for a table.
pub(super) fn is_one(cases: &[Judged]) -> bool {
    cases
        .iter()
        .filter(|judged| judged.case.call().is_some())
        .count()
        > 1
}

/// The table of the calls; nothing where there are fewer than two.
pub(super) fn calls(cases: &[Judged]) -> Markup {
    if !is_one(cases) {
        return html! {};
    }
    let calls = calls_of(cases);
    let either = || {
        let calls = calls.iter();
        calls.filter_map(|(_, _, call)| Some((call, call.differs.as_deref()?)))
    };
    html! {
        section {
            h2 #matrix { "Results" }
            div.scroll role="region" aria-labelledby="matrix" tabindex="0" {
                table {
                    thead { tr {
                        th scope="col" { "Client" }
                        th scope="col" { "Expected" }
                        th scope="col" { "Outcome" }
                        th scope="col" { "Reason" }
                        th.coded scope="col" { "Rule" }
                        th.number.took scope="col" { "ms" }
                    } }
                    tbody { @for (place, judged, call) in &calls { (row(*place, judged, call)) } }
                }
            }
            @if either().next().is_some() {
                p.legend { strong { "either" } ": implementation-dependent, never a failure." }
                details {
                    summary { "Which servers differ" }
                    ul { @for (call, why) in either() { li { (escape::text(&call.client)) ": " (escape::text(why)) } } }
                }
            }
        }
    }
}

/// The calls with their places on the page.
fn calls_of(cases: &[Judged]) -> Vec<(usize, &Judged, &Call)> {
    cases
        .iter()
        .enumerate()
        .filter_map(|(index, judged)| Some((index + 1, judged, judged.case.call()?)))
        .collect()
}

fn row(place: usize, judged: &Judged, call: &Call) -> Markup {
    let expected = match (call.differs.is_some(), call.expected) {
        (true, _) => "either",
        (false, Expected::Accept) => "accept",
        (false, Expected::Reject) => "reject",
    };
    let outcome = match call.outcome() {
        Outcome::Accepted => "accepted",
        Outcome::Rejected => "rejected",
        Outcome::Unreachable => "no answer",
    };
    let right = call.as_expected();
    let finding = worst(judged);
    html! {
        tr.wrong[!right] {
            th scope="row" { a href={ "#case-" (place) } { (escape::text(&call.client)) } }
            td { (expected) }
            td {
                @if right { (outcome) }
                @else { span.mark aria-hidden="true" { "✗ " } strong { (outcome) } span.hidden { ", which is wrong" } }
            }
            td.how {
                (call.how())
                @if let Some(finding) = finding { ", " (finding.rule.name.replace('-', " ")) }
            }
            td.coded { @if let Some(finding) = finding { a href={ "#fix-" (finding.rule.code) } { (finding.rule.code) } } }
            td.number.took { @if let Some(total) = call.dialled.timings.total { (format!("{total:.1}")) } }
        }
    }
}

/// The figures of a run of many calls.
pub(super) fn load(load: &Load) -> Markup {
    let most = load
        .latency
        .histogram
        .iter()
        .map(|bar| bar.calls)
        .max()
        .unwrap_or(1)
        .max(1);
    html! {
        section {
            h2 #load { (load.calls) " calls, " (load.jobs) " in parallel" }
            p {
                (format!("{:.0} per second; ", load.per_second))
                (load.as_expected) " of " (load.calls) " as expected; "
                (format!("p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, max {:.1} ms.", load.latency.p50, load.latency.p90, load.latency.p99, load.latency.max))
            }
            table.histogram {
                caption { "Duration of the calls" }
                thead { tr { th.number scope="col" { "up to, ms" } th.number scope="col" { "calls" } th scope="col" { span.hidden { "share" } } } }
                tbody {
                    @for bar in &load.latency.histogram {
                        tr {
                            th.number scope="row" { (format!("{:.1}", bar.up_to_ms)) }
                            td.number { (bar.calls) }
                            td.wide { div.share aria-hidden="true" style=(format!("width:{:.1}%", bar.calls as f64 / most as f64 * 100.0)) {} }
                        }
                    }
                }
            }
        }
    }
}

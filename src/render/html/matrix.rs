//! Many calls of one webhook: who got in, and how fast it was.

use maud::{Markup, html};

use crate::{
    engine::Judged,
    facts::{Call, Expected, Outcome},
    parse::escape,
    report::load::Load,
};

/// Whether these are calls enough for a table.
pub(super) fn is_one(cases: &[Judged]) -> bool {
    cases
        .iter()
        .filter(|judged| judged.case.call.is_some())
        .count()
        > 1
}

/// The table of the calls; nothing where there are fewer than two.
pub(super) fn calls(cases: &[Judged]) -> Markup {
    let calls: Vec<(usize, &Call)> = cases
        .iter()
        .enumerate()
        .filter_map(|(index, judged)| Some((index + 1, judged.case.call.as_deref()?)))
        .collect();
    if !is_one(cases) {
        return html! {};
    }
    let wrong = calls.iter().filter(|(_, call)| !call.as_expected()).count();
    html! {
        section {
            h2 #matrix { "Who gets in" }
            p {
                @match wrong {
                    0 => { "Each of " (calls.len()) " clients was treated as it should be." }
                    wrong => { strong { (wrong) " of " (calls.len()) } " clients were not treated as they should be." }
                }
            }
            div.scroll role="region" aria-labelledby="matrix" tabindex="0" {
                table {
                    thead { tr {
                        th scope="col" { "Client" }
                        th scope="col" { "Expected" }
                        th scope="col" { "Outcome" }
                        th scope="col" { "How" }
                        th.number scope="col" { "ms" }
                    } }
                    tbody { @for (place, call) in &calls { (row(*place, call)) } }
                }
            }
        }
    }
}

fn row(place: usize, call: &Call) -> Markup {
    let expected = match (call.differs.is_some(), call.expected) {
        (true, _) => "either",
        (false, Expected::Accept) => "accepted",
        (false, Expected::Reject) => "refused",
    };
    let outcome = match call.outcome() {
        Outcome::Accepted => "accepted",
        Outcome::Rejected => "refused",
        Outcome::Unreachable => "not asked",
    };
    let right = call.as_expected();
    html! {
        tr.wrong[!right] {
            th scope="row" { a href={ "#case-" (place) } { (escape::text(&call.client)) } }
            td { (expected) }
            td {
                @if right { (outcome) }
                @else { span.mark aria-hidden="true" { "✗ " } strong { (outcome) } span.hidden { ", which is wrong" } }
            }
            td.how { (call.how()) }
            td.number { @if let Some(total) = call.visit.timings.total { (format!("{total:.1}")) } }
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
            h2 #load { (load.calls) " calls, " (load.jobs) " at once" }
            p {
                (format!("{:.0} a second; ", load.per_second))
                (load.as_expected) " of " (load.calls) " as expected; "
                (format!("p50 {:.1} ms, p90 {:.1} ms, p99 {:.1} ms, longest {:.1} ms.", load.latency.p50, load.latency.p90, load.latency.p99, load.latency.max))
            }
            table.histogram {
                caption { "How long they took" }
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

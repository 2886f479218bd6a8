//! Certificates as bars over a stretch of time, with the days that matter across them.

use maud::{Markup, html};

use crate::{
    parse::escape,
    render::{picture::calendar::Calendar, words::day},
};

/// The drawing, and the same in words.
pub(super) fn calendar(calendar: &Calendar, title: &str) -> Markup {
    html! {
        figure.calendar {
            figcaption { "Validity of each certificate, from " (day(calendar.from)) " to " (day(calendar.to)) }
            div.bars role="list" aria-label=(format!("validity of the certificates of {title}")) {
                @for bar in &calendar.bars {
                    div.row role="listitem" {
                        p.label {
                            (escape::text(&bar.label)) ": "
                            span.dates { (day(bar.not_before)) " to " (day(bar.not_after)) }
                        }
                        div.track aria-hidden="true" {
                            div.bar.before[bar.before].behind[bar.behind] style=(format!("left:{:.2}%;width:{:.2}%", bar.from, (bar.to - bar.from).max(0.4))) {}
                            div.now style=(format!("left:{:.2}%", calendar.now)) {}
                            @for (index, (at, _)) in calendar.marks.iter().enumerate() {
                                div.day style=(format!("left:{at:.2}%")) { span { (index + 1) } }
                            }
                        }
                    }
                }
            }
            p.legend {
                span.key.now aria-hidden="true" {}
                " evaluation time"
            }
            @if !calendar.marks.is_empty() {
                ol.days {
                    @for (_, mark) in &calendar.marks {
                        li { time datetime=(mark.day) { (mark.day) } ": " (escape::text(&mark.what)) }
                    }
                }
            }
        }
    }
}

//! A connection on its time: its phases as one bar, its messages between two ends.

use maud::{Markup, html};

use crate::{
    facts::{Side, Stage, Step},
    parse::escape,
    render::picture::phases::Phase,
};

/// The figure; nothing where no message went.
pub(super) fn timeline(phases: &[Phase], steps: &[Step]) -> Markup {
    if steps.iter().all(|step| step.from.is_none()) {
        return html! {};
    }
    let end = phases.iter().filter_map(|(_, at)| *at).fold(0.0, f64::max);
    let mut before = 0.0;
    let mut parts = Vec::new();
    for (name, at) in phases {
        let Some(at) = *at else { continue };
        let share = if end > 0.0 {
            (at - before) / end * 100.0
        } else {
            0.0
        };
        parts.push((*name, at - before, share.max(0.0)));
        before = at;
    }
    html! {
        figure.timeline {
            figcaption { "The connection, message by message" }
            @if parts.len() > 1 {
                div.phases aria-hidden="true" {
                    @for (index, (_, _, share)) in parts.iter().enumerate() {
                        span.phase.(format!("p{}", index % 6)) style=(format!("flex-grow:{share:.2}")) {}
                    }
                }
                ul.phase-names {
                    @for (index, (name, took, _)) in parts.iter().enumerate() {
                        li { span.key.(format!("p{}", index % 6)) aria-hidden="true" {} " " (name) " " (format!("{took:.1} ms")) }
                    }
                }
            }
            div.ends aria-hidden="true" { span { "ms" } span { "client" } span { "server" } }
            ol.steps {
                @for step in steps { (one(step)) }
            }
        }
    }
}

fn one(step: &Step) -> Markup {
    let (way, arrow) = match step.from {
        Some(Side::Client) => ("to-server", "client to server: "),
        Some(Side::Server) => ("to-client", "server to client: "),
        None => ("nobody", ""),
    };
    let stage = match step.stage {
        Stage::Name => "name lookup",
        Stage::Tcp => "TCP",
        Stage::Tls => "TLS",
        Stage::Http => "HTTP",
    };
    html! {
        li.(way).fault[step.fault] {
            span.at { (format!("{:.1}", step.at_ms)) span.hidden { " ms, " (stage) ", " } }
            div.message {
                p {
                    span.hidden { (arrow) }
                    @if step.fault { span.mark aria-hidden="true" { "✗ " } span.hidden { "it broke here: " } }
                    @if step.messages.is_empty() { "encrypted data" } @else { (escape::text(&step.messages.join(", "))) }
                }
                @if step.from.is_some() { span.arrow aria-hidden="true" {} }
                @if step.bytes > 0 {
                    p.small { (step.bytes) " bytes" @if step.encrypted { ", encrypted" } }
                }
            }
        }
    }
}

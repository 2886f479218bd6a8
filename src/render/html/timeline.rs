//! A connection on its time: its phases as one bar, its messages between two ends.

use maud::{Markup, html};

use crate::{
    facts::{Side, Stage, Step},
    parse::escape,
    render::picture::phases::{self, Phase},
};

/// The figure; nothing where no message went. A refusal that was `wanted` is no fault of the
/// connection.
pub(super) fn timeline(phases: &[Phase], steps: &[Step], wanted: bool) -> Markup {
    if steps.iter().all(|step| step.from.is_none()) {
        return html! {};
    }
    let parts = phases::spans(phases);
    html! {
        figure.timeline {
            figcaption { "The connection, message by message" }
            @if parts.len() > 1 {
                div.phases aria-hidden="true" {
                    @for (index, part) in parts.iter().enumerate() {
                        span.phase.(format!("p{}", index % 6)) style=(format!("flex-grow:{:.4}", part.to - part.from)) {}
                    }
                }
                ul.phase-names {
                    @for (index, part) in parts.iter().enumerate() {
                        li { span.key.(format!("p{}", index % 6)) aria-hidden="true" {} " " (part.name) " " (format!("{:.1} ms", part.took)) }
                    }
                }
            }
            div.ends aria-hidden="true" { span { "ms" } span { "client" } span { "server" } }
            ol.steps {
                @for step in steps { (one(step, wanted)) }
            }
        }
    }
}

fn one(step: &Step, wanted: bool) -> Markup {
    let broke = step.fault && !wanted;
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
        li.(way).fault[broke] {
            span.at { (format!("{:.1}", step.at_ms)) span.hidden { " ms, " (stage) ", " } }
            div.message {
                p {
                    span.hidden { (arrow) }
                    @if broke { span.mark aria-hidden="true" { "✗ " } span.hidden { "it broke here: " } }
                    @else if step.fault { strong { "rejected, as expected: " } }
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

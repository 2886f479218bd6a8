//! A chain as a nested list: what a screen reader tells in order is what the eye sees as a tree.

use maud::{Markup, html};

use super::certificate;
use crate::{
    finding::Severity,
    parse::escape,
    render::{
        picture::tree::{Kind, Node},
        words::severity,
    },
};

/// Levels that are nested; a hostile chain may have thousands.
const LEVELS: usize = 12;
/// Certificates that are drawn.
const MOST: usize = 100;

/// The tree; `in_file` says what its numbers count, `id` begins the ids of findings that it leads
/// to.
pub(super) fn tree(nodes: &[Node<'_>], in_file: bool, id: &str) -> Markup {
    let shown = &nodes[..nodes.len().min(MOST)];
    html! {
        ol.tree { (level(shown, in_file, id, 0)) }
        @if nodes.len() > MOST { p { "And " (nodes.len() - MOST) " more." } }
    }
}

/// The first node and what hangs on it, then its neighbours.
fn level(nodes: &[Node<'_>], in_file: bool, id: &str, deep: usize) -> Markup {
    let Some((first, rest)) = nodes.split_first() else {
        return html! {};
    };
    // What hangs below the first: the nodes that are deeper than it, up to the next that is not.
    let below = rest
        .iter()
        .position(|node| node.depth <= first.depth)
        .unwrap_or(rest.len());
    let (below, beside) = rest.split_at(below);
    html! {
        li {
            (node(first, in_file, id))
            @if !below.is_empty() && deep < LEVELS { ol { (level(below, in_file, id, deep + 1)) } }
            @if !below.is_empty() && deep >= LEVELS { p { "and " (below.len()) " more above it" } }
        }
        (level(beside, in_file, id, deep))
    }
}

fn node(node: &Node<'_>, in_file: bool, id: &str) -> Markup {
    let state = match node.faults.iter().map(|fault| fault.severity).max() {
        Some(Severity::Error) => "bad",
        Some(_) => "uncertain",
        None if node.kind == Kind::Missing => "bad",
        None if matches!(node.kind, Kind::Aside | Kind::Again) => "aside",
        None => "good",
    };
    let missing = node.kind == Kind::Missing;
    html! {
        div.node.(state).missing[missing] {
            p.name { (escape::text(&node.label)) }
            p.tags {
                span.tag { (node.kind.words()) }
                @match (node.sent, in_file) {
                    (Some(place), true) => { span.tag { "no. " (place) " in the file" } }
                    (Some(place), false) => { span.tag { "sent as no. " (place) } }
                    (None, true) if missing && node.depth > 0 => { span.tag { "not in the file, not among the trust anchors" } }
                    (None, false) if missing => { span.tag { "not sent, not among the trust anchors" } }
                    (None, true) => { span.tag { "not in the file" } }
                    (None, false) => { span.tag { "not sent" } }
                }
                @if let Some(place) = node.path { span.tag { "depth " (place.saturating_sub(1)) } }
            }
            @for fault in &node.faults {
                p.fault.(severity(fault.severity)) {
                    span.mark aria-hidden="true" { "✗ " }
                    @match fault.rule {
                        Some((code, name)) => { a href={ "#" (id) "-" (code) } { (code) " " (name) } }
                        None => { (escape::text(&fault.why)) }
                    }
                }
            }
            @if let Some(certificate) = node.certificate { (certificate::folded(certificate)) }
        }
    }
}

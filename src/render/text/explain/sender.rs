//! Of an explanation: what is known of senders that it may be about, and where a server is told
//! whom to trust.

use colored::Colorize;

use super::Beside;
use crate::{
    explain::{IdentityNote, Match, SenderNote},
    render::text::{page::Page, words::amount},
};

/// Server software whose setting is told without being asked.
const COMMON: &[&str] = &["nginx", "Apache", "Go", "Envoy", "Node.js"];

/// `2026-12-01, 1 day from now: the last day`, of a certificate that ends.
pub(super) fn last_day(sender: &SenderNote) -> Option<String> {
    let (day, left) = (sender.changes_on?, sender.days_left?);
    let days = amount(u64::from(left.unsigned_abs()), "day");
    let when = match left {
        0 => "today".to_owned(),
        1.. => format!("{days} from now"),
        _ => format!("{days} ago"),
    };
    Some(format!("{day}, {when}: the last day"))
}

pub(super) fn this_sender(page: &mut Page, sender: &SenderNote) {
    page.line("");
    page.line(
        &format!("If the sender is {}", sender.title)
            .bold()
            .to_string(),
    );
    if let (Some(last_day), Some(left)) = (last_day(sender), sender.days_left) {
        let change = if left < 0 {
            "The sender no longer presents that certificate: a server that trusts only its root rejects every call."
        } else {
            "From the next day on, a server that trusts only the root of that certificate rejects every call."
        };
        page.row(
            "the date",
            &format!("{last_day} of the old certificate. {change}"),
        );
    }
    if let Some(fact) = sender.fallback {
        let still = if sender.days_left.is_some_and(|left| left >= 0) {
            " So until then a webhook may log this error and still work."
        } else {
            ""
        };
        page.row("known", &format!("{}{still}", fact.text));
        page.row("", &format!("source: {}; read {}", fact.source, fact.seen));
    }
    for identity in &sender.identities {
        this_identity(page, identity, sender.profile);
    }
}

fn this_identity(page: &mut Page, identity: &IdentityNote, profile: &str) {
    let until = identity.until.map_or(String::new(), |day| {
        format!(", {} {day}", if identity.ended { "ended" } else { "until" })
    });
    page.row(identity.name, &format!("{}{until}", identity.leaf));
    for (index, anchor) in identity.anchors.iter().enumerate() {
        // Of a certificate that ends one root is enough to recognise it by.
        if index > 0 && identity.until.is_some() {
            page.row(
                "",
                &format!(
                    "or one of {} more: mtls profiles show {profile}",
                    identity.anchors.len() - 1
                ),
            );
            break;
        }
        page.row("root", anchor.subject);
        page.fingerprint(anchor.sha256);
    }
    if identity.until.is_none() && identity.intermediates_sent.is_some_and(|sent| sent > 0) {
        for name in identity.intermediates {
            page.row("sends", &format!("its leaf and the intermediate {name}; if only the leaf arrives, something in between dropped the intermediate"));
        }
    }
    if let Some(source) = identity.sources.first() {
        page.row("source", &format!("{source}; read {}", identity.seen));
    }
}

pub(super) fn settings(page: &mut Page, found: &Match, beside: Beside<'_>) {
    let mut shown: Vec<&(String, String)> = beside
        .client_ca
        .iter()
        .filter(|(stack, _)| beside.all || *stack == found.stack)
        .collect();
    shown.sort_by_key(|(stack, _)| {
        let place = COMMON
            .iter()
            .position(|name| *name == short(stack))
            .unwrap_or(COMMON.len());
        (*stack != found.stack, place)
    });
    if shown.is_empty() {
        return;
    }
    page.line("");
    page.line(
        &"Where the server's client-CA file is set"
            .bold()
            .to_string(),
    );
    for (stack, setting) in &shown {
        page.row(short(stack), setting);
    }
}

/// A stack's name for the margin.
fn short(stack: &str) -> &str {
    stack.split(' ').next().unwrap_or(stack)
}

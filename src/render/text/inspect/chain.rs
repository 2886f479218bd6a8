//! Who trusts a chain, for what, and the keys and anchors beside it.

use colored::Colorize;

use super::super::{chain::key_words, page::Page, words::day};
use crate::{
    facts::{BundleKey, Chain, ChainView, Place, Purpose, TrustFacts, TrustStatus, common_name},
    parse::escape,
    render::{verdict::left, words::unknown},
};

impl Page {
    pub(super) fn judged_by(&mut self, view: &ChainView) {
        self.line("");
        for trust in &view.purposes {
            let name = match trust.purpose {
                Purpose::ServerAuth => "as a server",
                Purpose::ClientAuth => "as a client",
            };
            self.row(name, &trust_words(trust));
        }
        for store in &view.stores {
            let trust = &store.trust;
            let anchor = trust
                .anchor
                .as_deref()
                .map(|anchor| common_name(anchor).unwrap_or(anchor));
            let told = match (trust.status, anchor) {
                (TrustStatus::Trusted, Some(anchor)) => {
                    format!("{} by {}", "trusted".green(), escape::text(anchor))
                }
                (TrustStatus::Trusted, None) => "trusted".green().to_string(),
                (TrustStatus::Unknown, Some(anchor)) => format!(
                    "path to {}, {}",
                    escape::text(anchor),
                    "could not be checked".yellow()
                ),
                (_, Some(anchor)) => {
                    format!("path to {}, {}", escape::text(anchor), "not trusted".red())
                }
                (_, None) => "no path to a root in this store".to_owned(),
            };
            self.row("store", &format!("{}: {told}", escape::text(&store.store)));
        }
        if !view.stamps.is_empty() {
            let days: Vec<String> = view
                .stamps
                .iter()
                .map(|stamp| day(stamp.timestamp))
                .collect();
            self.row(
                "SCTs",
                &format!(
                    "{} in the leaf, of {}; signatures not checked",
                    view.stamps.len(),
                    days.join(", ")
                ),
            );
        }
    }

    pub(super) fn anchors_row(&mut self, anchors: &Chain) {
        self.row("trust anchors", &anchors.links.len().to_string());
        for certificate in anchors.certificates() {
            let left = left(certificate, self.now);
            self.row(
                "",
                &format!("{}, {left}", escape::text(&certificate.label())),
            );
        }
    }

    pub(super) fn key_row(&mut self, key: &BundleKey) {
        let kind = key
            .key
            .as_ref()
            .map_or_else(|| "of an unknown kind".to_owned(), key_words);
        let fits = match (key.matches.first(), &key.problem) {
            (Some(index), _) => format!("; matches certificate {}", index + 1),
            (None, Some(problem)) => format!("; {}", escape::text(&problem.to_string())),
            (None, None) => String::new(),
        };
        let at = match &key.place {
            Place::File { path, .. } => format!("{}: ", escape::text(path)),
            _ => String::new(),
        };
        self.row("private key", &format!("{at}{kind}{fits}"));
    }
}

fn trust_words(trust: &TrustFacts) -> String {
    let anchor = trust.anchor.as_deref().map_or_else(String::new, |anchor| {
        format!(" to {}", escape::text(anchor))
    });
    let why = trust.problems.first().map_or_else(String::new, |problem| {
        format!(", {}", escape::text(&problem.why))
    });
    match trust.status {
        TrustStatus::Trusted => format!("{}{anchor}", "trusted".green()),
        TrustStatus::Untrusted => format!("{}{why}", "not trusted".red()),
        TrustStatus::Disputed => {
            format!(
                "{}{anchor}",
                "accepted by some, rejected by others".yellow()
            )
        }
        TrustStatus::Unknown if trust.unanswered() => {
            format!("{}, path{anchor}{why}", "unknown".yellow())
        }
        TrustStatus::Unknown => unknown(trust).yellow().to_string(),
    }
}

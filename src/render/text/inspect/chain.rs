//! The chain as sent beside the one verified, and who trusts it.

use base64::Engine as _;
use colored::Colorize;

use super::super::{
    page::{Page, WIDTH},
    words::{amount, day, wrap},
};
use crate::{
    facts::{
        BundleKey, Certificate, Chain, ChainView, Key, Place, Purpose, TrustFacts, TrustStatus,
        common_name,
    },
    parse::escape,
};

impl Page {
    /// The chain as sent beside the one verified: where each certificate stands in both.
    pub(super) fn both_chains(&mut self, chain: &Chain, view: &ChainView) {
        let path: &[String] = chain.trust.as_ref().map_or(&[], |trust| &trust.path);
        let on_path = |certificate: &Certificate| {
            path.iter()
                .position(|sha256| *sha256 == certificate.sha256)
                .map_or_else(|| "-".to_owned(), |place| (place + 1).to_string())
        };
        self.line(&"  sent path  certificate".bold().to_string());
        for (index, certificate) in chain.certificates.iter().enumerate() {
            let place = on_path(certificate);
            if chain.certificates[..index]
                .iter()
                .any(|before| before.sha256 == certificate.sha256)
            {
                let label = escape::text(&certificate.label());
                self.line(&format!("  {:<4} {place:<4}  {label} (again)", index + 1));
                continue;
            }
            let remark = if place == "-" && !path.is_empty() {
                " (not on the verified path)"
            } else {
                ""
            };
            self.certificate_rows(&(index + 1).to_string(), &place, certificate, remark);
        }
        let anchored = chain
            .trust
            .as_ref()
            .is_some_and(|trust| trust.anchor.is_some());
        for certificate in &view.added {
            let place = on_path(certificate);
            let last = anchored && place == path.len().to_string();
            let remark = if last {
                " (anchor, not sent)"
            } else {
                " (not sent)"
            };
            self.certificate_rows("-", &place, certificate, remark);
        }
    }

    fn certificate_rows(
        &mut self,
        sent: &str,
        place: &str,
        certificate: &Certificate,
        remark: &str,
    ) {
        let mut lead = format!("  {sent:<4} {place:<4}  ");
        let mut row = |text: &str, page: &mut Self| {
            for line in wrap(text, WIDTH - 13) {
                page.line(&format!("{lead}{line}"));
                lead = " ".repeat(13);
            }
        };
        if let Some(unreadable) = &certificate.unreadable {
            row(
                &format!("unreadable: {}", escape::text(&unreadable.reason)),
                self,
            );
            return;
        }
        row(
            &format!("{}{remark}", escape::text(&certificate.label())),
            self,
        );
        let left = self.left(certificate);
        row(
            &format!(
                "{} to {}, {left}; {}, {}",
                day(certificate.not_before),
                day(certificate.not_after),
                key_words(&certificate.key),
                certificate.signature_algorithm
            ),
            self,
        );
        if !certificate.sans.is_empty() {
            let shown: Vec<String> = certificate
                .sans
                .iter()
                .take(4)
                .map(|san| escape::text(san))
                .collect();
            let more = match certificate.sans.len() {
                count if count > 4 => format!(" and {} more", count - 4),
                _ => String::new(),
            };
            row(&format!("{}{more}", shown.join(", ")), self);
        }
        let usage = match (&certificate.eku, certificate.is_ca) {
            (Some(eku), _) => format!("for {}; ", escape::text(&eku.join(", "))),
            (None, _) => String::new(),
        };
        row(
            &format!("{usage}serial {}", escape::text(&certificate.serial)),
            self,
        );
        // As curl's --pinnedpubkey takes it.
        row(&format!("pin sha256//{}", pin(certificate)), self);
        self.line(&format!("         sha256 {}", certificate.sha256));
    }

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
                (_, Some(anchor)) => format!(
                    "leads to {}, but is {}",
                    escape::text(anchor),
                    "not trusted".red()
                ),
                (_, None) => "leads to nothing in it".to_owned(),
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
        self.row(
            "anchors",
            &amount(anchors.certificates.len() as u64, "certificate"),
        );
        for certificate in &anchors.certificates {
            let left = self.left(certificate);
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
            .map_or_else(|| "of a kind that could not be told".to_owned(), key_words);
        let fits = match (key.matches.first(), &key.problem) {
            (Some(index), _) => format!("; belongs to certificate {}", index + 1),
            (None, Some(problem)) => format!("; {}", escape::text(problem)),
            (None, None) => String::new(),
        };
        let at = match &key.place {
            Place::File { path, .. } => format!("{}: ", escape::text(path)),
            _ => String::new(),
        };
        self.row("private key", &format!("{at}{kind}{fits}"));
    }
}

pub(super) fn key_words(key: &Key) -> String {
    match &key.curve {
        Some(curve) => format!("{} {}", key.algorithm, escape::text(curve)),
        None if key.bits > 0 => format!("{} {}", key.algorithm, key.bits),
        None => key.algorithm.clone(),
    }
}

fn trust_words(trust: &TrustFacts) -> String {
    let anchor = trust.anchor.as_deref().map_or_else(String::new, |anchor| {
        format!(" up to {}", escape::text(anchor))
    });
    let why = trust.problems.first().map_or_else(String::new, |problem| {
        format!(", {}", escape::text(&problem.why))
    });
    match trust.status {
        TrustStatus::Trusted => format!("{}{anchor}", "trusted".green()),
        TrustStatus::Untrusted => format!("{}{why}", "not trusted".red()),
        TrustStatus::Unknown => format!("{}: no anchor to judge by", "not known".yellow()),
    }
}

/// The SHA-256 of the key in base64.
fn pin(certificate: &Certificate) -> String {
    let digits = certificate.spki_sha256.as_bytes();
    let octets: Vec<u8> = digits
        .chunks(2)
        .filter_map(|pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok())
        .collect();
    base64::engine::general_purpose::STANDARD.encode(octets)
}

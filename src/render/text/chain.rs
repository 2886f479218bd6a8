//! A chain as a tree: where each certificate stands among those sent and on the verified path, what
//! it is, what is wrong with it.

use base64::Engine as _;
use colored::Colorize;

use super::{
    page::Page,
    words::{cells, day, wrap_all},
};
use crate::{
    facts::{Certificate, Chain, Key, common_name, listed},
    finding::Severity,
    parse::escape,
    render::{
        picture::tree::{Kind, Node},
        verdict::left,
    },
};

/// Columns before the tree: its two numbers.
const LEAD: usize = 15;
/// Levels that are indented; a chain may be longer than a page is wide.
const LEVELS: usize = 8;
/// What is before a whole fingerprint.
const SHA256: &str = "sha256 ";
/// A space at which no line is broken.
const NBSP: char = '\u{a0}';
/// Names of a certificate that are listed.
const NAMES: usize = 4;

/// How much is said of each certificate.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Depth {
    /// Its name and its last day, in a line.
    Names,
    /// Its dates and key, a leaf's names, the beginning of its fingerprint.
    Brief,
    /// All that identifies it.
    Full,
}

/// What the first number of a certificate counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Numbered {
    /// Its place among those sent.
    Sent,
    /// Its place in a file.
    InFile,
}

impl Numbered {
    /// That of this chain.
    pub(super) fn of(chain: &Chain) -> Self {
        if chain.in_file() {
            Self::InFile
        } else {
            Self::Sent
        }
    }
}

impl Page {
    /// The tree under its head; at most `most` certificates are drawn.
    pub(super) fn tree(&mut self, nodes: &[Node<'_>], place: Numbered, depth: Depth, most: usize) {
        let path = match nodes.iter().any(|node| node.path.is_some()) {
            true => "depth",
            false => "",
        };
        self.line(&format!("  pos. {path:<6}  certificate").bold().to_string());
        for (index, node) in nodes.iter().take(most).enumerate() {
            let next = nodes.get(index + 1).filter(|_| index + 1 < most);
            let goes_on = next.is_some_and(|next| next.depth == node.depth + 1);
            self.node(node, goes_on, place, depth);
        }
        if nodes.len() > most {
            self.line(&format!("{:LEAD$}and {} more", "", nodes.len() - most));
        }
    }

    fn node(&mut self, node: &Node<'_>, goes_on: bool, place: Numbered, depth: Depth) {
        let level = node.depth.min(LEVELS);
        let indent = "   ".repeat(level.saturating_sub(1));
        let branch = if level == 0 { "" } else { "└─ " };
        let number = |place: Option<usize>| place.map_or("-".to_owned(), |place| place.to_string());
        // As OpenSSL counts: the leaf's is 0.
        let depth_of = node.path.map(|place| place.saturating_sub(1));
        // Beside the path, or wanted by its end: then there is a path to stand beside.
        let path = match (node.path, node.kind) {
            (Some(_), _) | (None, Kind::Aside | Kind::Again) => number(depth_of),
            (None, Kind::Missing) if node.depth > 0 => number(None),
            (None, _) => String::new(),
        };
        let mut lead = format!("  {:<4} {path:<6}  {indent}{branch}", number(node.sent));
        let stem = if goes_on && level < LEVELS {
            "│  "
        } else {
            "   "
        };
        let stem = if goes_on || level > 0 { stem } else { "" };
        let rest = format!("{:LEAD$}{}{stem}", "", "   ".repeat(level));
        let room = self.room(LEAD + 3 * level + cells(stem));
        let mut name = headline(node, place, depth);
        if depth == Depth::Names {
            name.push_str(&self.in_a_line(node));
        }
        for line in wrap_all(&name, room) {
            self.line(&format!("{lead}{}", line.replace(NBSP, " ")));
            lead.clone_from(&rest);
        }
        if depth == Depth::Names {
            return;
        }
        for fault in &node.faults {
            let said = match fault.rule {
                Some((code, name)) => format!("{code} {name}"),
                None => escape::text(&fault.why),
            };
            let said = match fault.severity {
                Severity::Error => format!("✗ {said}").red().bold(),
                _ => format!("! {said}").yellow().bold(),
            };
            for line in wrap_all(&said.to_string(), room) {
                self.line(&format!("{lead}{line}"));
            }
        }
        let Some(certificate) = node.certificate else {
            return;
        };
        if node.kind == Kind::Again || certificate.unreadable.is_some() {
            return;
        }
        for detail in self.details(node, certificate, depth) {
            for line in wrap_all(&detail, room) {
                self.line(&format!("{lead}{line}"));
            }
        }
        if depth == Depth::Full {
            // In pieces of one length, where it does not fit into a line.
            let fits = |piece: &&usize| SHA256.len() + **piece <= room;
            let piece = [64, 32, 16].iter().find(fits).copied().unwrap_or(8);
            let mut name = SHA256.to_owned();
            for part in certificate.sha256.as_bytes().chunks(piece) {
                self.line(&format!("{lead}{name}{}", String::from_utf8_lossy(part)));
                name = " ".repeat(SHA256.len());
            }
        }
    }

    /// The last day of a node's certificate, and the codes of what is wrong with it.
    fn in_a_line(&self, node: &Node<'_>) -> String {
        let mut said = String::new();
        if let Some(certificate) = node.certificate.filter(|one| one.unreadable.is_none()) {
            said.push_str(&format!(", until {}", day(certificate.not_after)));
            if self.now < certificate.not_before || self.now > certificate.not_after {
                said.push_str(&format!(" ({})", left(certificate, self.now)));
            }
        }
        for fault in &node.faults {
            if let Some((code, _)) = fault.rule {
                // One word, so that no line ends between the mark and the code.
                said.push_str(&format!(" {}", format!("✗{NBSP}{code}").red().bold()));
            }
        }
        said
    }

    fn details(&self, node: &Node<'_>, certificate: &Certificate, depth: Depth) -> Vec<String> {
        let mut details = vec![format!(
            "{} to {}, {}; {}{}",
            day(certificate.not_before),
            day(certificate.not_after),
            left(certificate, self.now),
            key_words(&certificate.key),
            match depth {
                Depth::Names | Depth::Brief => String::new(),
                Depth::Full => format!(", {}", certificate.signature_algorithm),
            }
        )];
        let names = match depth {
            Depth::Names | Depth::Brief if node.kind != Kind::Leaf => 0,
            _ => certificate.sans.len(),
        };
        if names > 0 {
            let shown: Vec<String> = certificate
                .sans
                .iter()
                .take(NAMES)
                .map(|san| escape::text(san))
                .collect();
            let more = match names {
                count if count > NAMES => format!(" and {} more", count - NAMES),
                _ => String::new(),
            };
            details.push(format!("{}{more}", shown.join(", ")));
        }
        match depth {
            Depth::Names | Depth::Brief => details.push(format!(
                "sha256 {}…",
                certificate.sha256.get(..16).unwrap_or_default()
            )),
            Depth::Full => {
                let eku = match &certificate.eku {
                    Some(eku) => format!("EKU {}", listed(eku, ", ")),
                    None => "EKU absent (any use)".to_owned(),
                };
                let usage = certificate
                    .key_usage
                    .as_ref()
                    .map_or_else(String::new, |usage| format!("; KU {}", listed(usage, ", ")));
                let authority = if certificate.is_ca { "; CA" } else { "" };
                details.push(format!("{eku}{usage}{authority}"));
                details.push(format!("serial {}", escape::text(&certificate.serial)));
                // As curl's --pinnedpubkey takes it.
                details.push(format!("pin sha256//{}", pin(certificate)));
            }
        }
        details
    }
}

fn headline(node: &Node<'_>, place: Numbered, depth: Depth) -> String {
    let label = match common_name(&node.label).filter(|_| depth == Depth::Names) {
        Some(name) => format!("CN = {}", escape::text(name)),
        None => escape::text(&node.label),
    };
    if let Some(unreadable) = node.certificate.and_then(|one| one.unreadable.as_ref()) {
        return format!("{label}: unreadable: {}", escape::text(&unreadable.reason));
    }
    let nowhere = match place {
        Numbered::Sent => "not sent",
        Numbered::InFile => "not in the file",
    };
    match (node.kind, node.sent) {
        // A root that a sender needs hangs on nothing.
        (Kind::Missing, _) => {
            let missing = match node.depth {
                0 => format!("missing: {nowhere}"),
                _ => format!("missing: {nowhere}, not among the trust anchors"),
            };
            format!("{label} ({})", missing.red())
        }
        (Kind::Anchor, None) => format!("{label} (trust anchor, {nowhere})"),
        (Kind::Anchor, Some(_)) if node.path.is_some() => format!("{label} (trust anchor)"),
        (Kind::Aside | Kind::Again, _) => format!("{label} ({})", node.kind.words()),
        (_, None) => format!("{label} ({nowhere})"),
        _ => label,
    }
}

pub(super) fn key_words(key: &Key) -> String {
    match &key.curve {
        Some(curve) => format!("{} {curve}", key.algorithm),
        None if key.bits > 0 => format!("{} {}", key.algorithm, key.bits),
        None => key.algorithm.to_string(),
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

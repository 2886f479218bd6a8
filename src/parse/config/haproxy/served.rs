//! Which requests a section of HAProxy hands to which backend, and by which addresses.

use super::{
    super::{
        doors::{self, Plain},
        setting,
    },
    Line, Section,
};
use crate::facts::{Door, Served, Setting, Site};

/// The `bind` lines of a section that have no TLS. Where a rule of the section asks whether there is
/// TLS, it may turn their requests away: then nothing is claimed.
pub(super) fn plain_binds(section: &[Line]) -> Vec<Setting<Door>> {
    let asks = |line: &Line| line.text.contains("ssl_fc") || line.text.contains("dst_port");
    if section.iter().any(asks) {
        return Vec::new();
    }
    section
        .iter()
        .filter(|line| from_outside(line))
        .map(|line| {
            let door = Door::without_tls(line.words.get(1).cloned().unwrap_or_default());
            setting(door, &line.place, &line.text)
        })
        .collect()
}

/// A `bind` line without TLS that others than this machine reach.
fn from_outside(line: &Line) -> bool {
    let local = line
        .words
        .get(1)
        .is_some_and(|address| doors::local(address));
    line.words[0] == "bind" && !line.has("ssl") && !local
}

/// What a section hands its requests to.
pub(super) fn serves(section: &Section) -> Served {
    let rules = ["redirect", "http-request", "tcp-request"];
    let turns = |line: &Line| {
        let turned = ["deny", "reject", "redirect", "auth", "tarpit", "return"];
        rules.contains(&line.words[0].as_str()) && turned.iter().any(|word| line.has(word))
            || line.words[0] == "redirect"
    };
    let turned = section.lines.iter().any(turns);
    let mut targets: Vec<(String, bool)> = Vec::new();
    if section.kind == "listen" && section.lines.iter().any(|line| line.words[0] == "server") {
        targets.push((format!("listen {}", section.name), !turned));
    }
    let divided = section
        .lines
        .iter()
        .any(|line| line.words[0] == "use_backend");
    for line in &section.lines {
        if let ("default_backend" | "use_backend", Some(name)) =
            (line.words[0].as_str(), line.words.get(1))
        {
            let every = line.words[0] == "default_backend" && !divided && !turned;
            targets.push((format!("backend {name}"), every));
        }
    }
    Served {
        targets,
        ..Served::default()
    }
}

/// The `bind` lines without TLS of a section that has none with it.
pub(super) fn plain_ways(section: &Section, shared: &Site) -> Vec<Plain> {
    let with_tls = section
        .lines
        .iter()
        .any(|line| line.words[0] == "bind" && line.has("ssl"));
    let redirects = |line: &Line| line.has("redirect") || line.text.contains("ssl_fc");
    let asks = !shared.pins.is_empty() || !shared.partly.is_empty();
    if with_tls || asks || section.lines.iter().any(redirects) {
        return Vec::new();
    }
    let binds = section.lines.iter().filter(|line| from_outside(line));
    binds
        .map(|line| {
            let on = line.words.get(1).map_or("", String::as_str);
            let address = format!("{} {} on {on}", section.kind, section.name);
            Plain {
                address: setting(address, &line.place, &line.text),
                serves: shared.serves.clone(),
            }
        })
        .collect()
}

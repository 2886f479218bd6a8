//! Which requests a section of HAProxy hands to which backend, and by which addresses.

use super::{
    super::{
        doors::{self, Plain},
        setting,
    },
    Line, Section,
    backends::{self, Away, Backends},
    rules,
};
use crate::facts::{Door, Served, Setting, Site};

/// The `bind` lines of a section that have no TLS, unless whatever comes by them is sent away. Where
/// other rules ask whether there is TLS, or turn some requests away, it is no certainty.
pub(super) fn plain_binds(section: &Section) -> Vec<Setting<Door>> {
    let turned = turned(section);
    if turned
        .iter()
        .any(|away| matches!(away, Away::WithoutTls | Away::All))
    {
        return Vec::new();
    }
    let asks = |line: &Line| {
        let chooses = ["acl", "use_backend", "use-server"].contains(&line.words[0].as_str());
        chooses && (line.text.contains("ssl_fc") || line.text.contains("dst_port"))
    };
    let certain = !turned.contains(&Away::Some) && !section.lines.iter().any(asks);
    section
        .lines
        .iter()
        .filter(|line| from_outside(line))
        .map(|line| {
            let address = line.words.get(1).cloned().unwrap_or_default();
            let door = Door {
                certain,
                ..Door::without_tls(address)
            };
            setting(door, &line.place, &line.text)
        })
        .collect()
}

/// What the lines of a section send away.
fn turned(section: &Section) -> Vec<Away> {
    let acls = rules::acls(&section.lines);
    let all = section.lines.iter();
    all.map(|line| backends::away(line, &acls)).collect()
}

/// A `bind` line without TLS that others than this machine reach.
fn from_outside(line: &Line) -> bool {
    let local = line
        .words
        .get(1)
        .is_some_and(|address| doors::local(address));
    line.words[0] == "bind" && !line.has("ssl") && !local
}

/// What a section hands its requests to: backends, and the servers in them.
pub(super) fn serves(section: &Section, backends: &Backends<'_>) -> Served {
    let turned = turned(section);
    let turned = turned.contains(&Away::Some) || turned.contains(&Away::All);
    let mut targets: Vec<(String, bool)> = Vec::new();
    if section.kind == "listen" && section.lines.iter().any(|line| line.words[0] == "server") {
        targets.push((format!("listen {}", section.name), !turned));
        let servers = backends::servers(section);
        targets.extend(servers.into_iter().map(|server| (server, !turned)));
    }
    let divided = section
        .lines
        .iter()
        .any(|line| line.words[0] == "use_backend");
    let mut to: Vec<(&str, bool)> = Vec::new();
    for line in &section.lines {
        if let ("use_backend", Some(name)) = (line.words[0].as_str(), line.words.get(1)) {
            to.push((name, false));
        }
    }
    to.extend(
        backends
            .last(section)
            .map(|name| (name, !divided && !turned)),
    );
    for (name, every) in to {
        targets.push((format!("backend {name}"), every));
        let servers = backends.servers(name).into_iter();
        targets.extend(servers.map(|server| (server, every)));
    }
    Served {
        targets,
        ..Served::default()
    }
}

/// The `bind` lines without TLS of a section that has none with it, unless whatever comes by them is
/// sent away.
pub(super) fn plain_ways(section: &Section, shared: &Site) -> Vec<Plain> {
    let with_tls = section
        .lines
        .iter()
        .any(|line| line.words[0] == "bind" && line.has("ssl"));
    let asks = !shared.pins.is_empty() || !shared.partly.is_empty();
    let gone = |away: &Away| matches!(away, Away::WithoutTls | Away::All);
    if with_tls || asks || turned(section).iter().any(gone) {
        return Vec::new();
    }
    let binds = section.lines.iter().filter(|line| from_outside(line));
    binds
        .map(|line| {
            let on = line.words.get(1).map_or("", String::as_str);
            let address = format!("{} {} on {on}", section.kind, section.name);
            let mut serves = shared.serves.clone();
            serves.targets.extend(doors::itself(on));
            Plain {
                address: setting(address, &line.place, &line.text),
                serves,
            }
        })
        .collect()
}

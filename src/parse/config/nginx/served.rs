//! Which requests a server of nginx hands to which application.

use std::collections::HashMap;

use super::{
    super::{
        doors::{self, Plain},
        setting,
        tree::{self, Directive, named},
    },
    aliases::Aliases,
};
use crate::facts::Served;

/// Directives that hand a request on.
pub(super) const HANDING: [&str; 5] = [
    "proxy_pass",
    "fastcgi_pass",
    "uwsgi_pass",
    "scgi_pass",
    "grpc_pass",
];
/// Directives that may turn a request away, or elsewhere.
const TURNING: [&str; 8] = [
    "if",
    "return",
    "rewrite",
    "deny",
    "auth_basic",
    "auth_request",
    "auth_jwt",
    "limit_except",
];

/// What a server with TLS serves.
pub(super) fn serves(own: &[Directive]) -> Served {
    let names = named(own, "server_name").flat_map(|name| name.args.iter().cloned());
    let mut targets: Vec<(String, bool)> = Vec::new();
    let turned = turns(own);
    collect(own, !turned, &Aliases::of(own), &mut targets);
    Served {
        names: names
            .filter(|name| name != "_" && !name.is_empty())
            .collect(),
        targets,
    }
}

/// The servers of each `upstream` block, by its name.
pub(super) fn upstreams(top: &[Directive]) -> HashMap<String, Vec<String>> {
    let blocks = ["http", "stream"]
        .into_iter()
        .flat_map(|outer| named(top, outer));
    let within = blocks.flat_map(|block| named(block.children(), "upstream"));
    within
        .chain(named(top, "upstream"))
        .map(|block| {
            let servers = named(block.children(), "server");
            let all = servers.filter_map(|one| doors::target(one.arg(0)));
            (block.arg(0).to_ascii_lowercase(), all.collect())
        })
        .collect()
}

/// Puts the servers of an `upstream` to its name: one application may have two.
pub(super) fn resolve(serves: &mut Served, groups: &HashMap<String, Vec<String>>) {
    let mut found = Vec::new();
    for (target, every) in &serves.targets {
        let servers = groups.get(target).into_iter().flatten().take(8);
        found.extend(servers.map(|server| (server.clone(), *every)));
    }
    serves.targets.extend(found);
}

/// A server without TLS that is reached from outside and hands requests on.
pub(super) fn without_tls(server: &Directive) -> Option<Plain> {
    let own = server.children();
    let listens: Vec<&str> = named(own, "listen").map(|listen| listen.arg(0)).collect();
    if !listens.is_empty() && listens.iter().all(|listen| doors::local(listen)) {
        return None;
    }
    // Who is not listed stays out.
    let closed = named(own, "deny").any(|deny| deny.arg(0) == "all");
    if closed {
        return None;
    }
    let redirects = ["return", "rewrite"];
    if redirects
        .into_iter()
        .any(|name| named(own, name).next().is_some())
    {
        return None;
    }
    let serves = serves(own);
    let on = if listens.is_empty() {
        "80".to_owned()
    } else {
        listens.join(", ")
    };
    let address = match serves.names.first() {
        Some(name) => format!("server {name} on {on}"),
        None => format!("the server on {on}"),
    };
    let at = named(own, "listen").next().unwrap_or(server);
    (!serves.targets.is_empty()).then(|| Plain {
        address: setting(address, &at.place, &at.text),
        serves,
    })
}

/// The targets of a block; `every` is whether all that comes to it gets there.
fn collect(
    list: &[Directive],
    every: bool,
    aliases: &Aliases<'_>,
    targets: &mut Vec<(String, bool)>,
) {
    let inner = list.iter().any(|one| one.name == "location");
    for name in HANDING {
        let last = named(list, name).next_back();
        if let Some(target) = last.and_then(|one| doors::target(&aliases.filled(one.arg(0)))) {
            targets.push((target, every && !inner));
        }
    }
    let alone = named(list, "location").count() == 1;
    for location in named(list, "location") {
        let root = location.args.last().is_some_and(|path| path == "/");
        let own = location.children();
        let turned = turns(own) || !alone && blocked(list);
        collect(own, every && root && !turned, aliases, targets);
    }
}

/// Whether some location gives requests to no application.
fn blocked(list: &[Directive]) -> bool {
    named(list, "location").any(|location| {
        let hands = |one: &&Directive| HANDING.contains(&one.name.as_str());
        tree::all(location.children())
            .iter()
            .find(|one| hands(one))
            .is_none()
    })
}

/// Whether a block itself may turn requests away.
fn turns(list: &[Directive]) -> bool {
    // What was not read may do so too.
    list.iter().any(|one| {
        TURNING.contains(&one.name.as_str()) && one.arg(0) != "off" || tree::unread(one).is_some()
    })
}

//! Which requests a server of nginx hands to which application.

use super::super::{
    doors::{self, Plain},
    setting,
    tree::{self, Directive, named},
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
const TURNING: [&str; 9] = [
    "if",
    "return",
    "rewrite",
    "deny",
    "auth_basic",
    "auth_request",
    "auth_jwt",
    "limit_except",
    "include failed",
];

/// What a server with TLS serves.
pub(super) fn serves(own: &[Directive]) -> Served {
    let names = named(own, "server_name").flat_map(|name| name.args.iter().cloned());
    let mut targets: Vec<(String, bool)> = Vec::new();
    let turned = turns(own);
    collect(own, !turned, &mut targets);
    Served {
        names: names
            .filter(|name| name != "_" && !name.is_empty())
            .collect(),
        targets,
    }
}

/// A server without TLS that is reached from outside and hands requests on.
pub(super) fn without_tls(server: &Directive) -> Option<Plain> {
    let own = server.children();
    let listens: Vec<&str> = named(own, "listen").map(|listen| listen.arg(0)).collect();
    if !listens.is_empty() && listens.iter().all(|listen| doors::local(listen)) {
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
fn collect(list: &[Directive], every: bool, targets: &mut Vec<(String, bool)>) {
    let inner = list.iter().any(|one| one.name == "location");
    for name in HANDING {
        let last = named(list, name).next_back();
        if let Some(target) = last.and_then(|one| doors::target(one.arg(0))) {
            targets.push((target, every && !inner));
        }
    }
    let alone = named(list, "location").count() == 1;
    for location in named(list, "location") {
        let root = location.args.last().is_some_and(|path| path == "/");
        let own = location.children();
        let turned = turns(own) || !alone && blocked(list);
        collect(own, every && root && !turned, targets);
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
    list.iter()
        .any(|one| TURNING.contains(&one.name.as_str()) && one.arg(0) != "off")
}

//! The connection policies of one server in Caddy's JSON beside each other, and which of its
//! routes a client reaches by each: the first policy that matches is the one.
//!
//! Tried with Caddy 2.6.2.

use super::{
    super::{
        doors::{self, Plain},
        node::{Node, Value},
        setting,
    },
    served,
};
use crate::facts::Served;

/// Routes, handlers and names that are looked at.
const MOST: usize = 1_000;
/// Handlers within handlers that are followed.
const DEEPEST: usize = 32;

/// What a route at the top of a server is for, and what it hands requests to.
struct Route {
    hosts: Vec<String>,
    targets: Vec<(String, bool)>,
}

/// What the clients of each connection policy of a server reach.
pub(super) fn serves(server: &Node, policies: &[Node]) -> Vec<Served> {
    let routes = routes(server);
    let asks = |policy: &Node| policy.get("client_authentication").is_some();
    // Where a policy asks for certificates, the host of a request has to be the name of its
    // connection, unless somebody switched that off.
    let strict = match server.get("strict_sni_host").and_then(Node::text) {
        Some(word) => word == "true",
        None => policies.iter().any(asks),
    };
    policies
        .iter()
        .enumerate()
        .map(|(index, policy)| {
            let mut targets: Vec<(String, bool)> = Vec::new();
            for route in &routes {
                let reached = match asks(policy) {
                    // What it is meant for, whatever stands before it.
                    true => {
                        route.hosts.is_empty() || route.hosts.iter().any(|host| fits(policy, host))
                    }
                    false if !strict || route.hosts.is_empty() => leftover(policies, index),
                    false => route
                        .hosts
                        .iter()
                        .any(|host| fits(policy, host) && leads(policies, index, host)),
                };
                // By another name there has to be a certificate for it, which is not known here.
                let certain = asks(policy) || !further(policy) && takes(policies, index, route);
                if reached {
                    let all = route.targets.iter().cloned();
                    targets.extend(all.map(|(target, every)| (target, every && certain)));
                }
            }
            Served {
                names: Vec::new(),
                targets,
                ..Served::default()
            }
        })
        .collect()
}

/// Whether a policy takes requests of a route by the very names of a later one that asks for
/// certificates.
fn takes(policies: &[Node], index: usize, route: &Route) -> bool {
    let asking = policies[index + 1..]
        .iter()
        .filter(|policy| policy.get("client_authentication").is_some());
    asking.into_iter().any(|later| {
        let mut hosts: Vec<&str> = route.hosts.iter().map(String::as_str).collect();
        if hosts.is_empty() {
            hosts = names(later);
        }
        let any = hosts.is_empty() && names(&policies[index]).is_empty();
        any || hosts.iter().any(|host| {
            fits(later, host) && fits(&policies[index], host) && leads(policies, index, host)
        })
    })
}

/// A server without TLS that hands requests on.
pub(super) fn plain(name: &str, server: &Node, path: &str) -> Option<Plain> {
    let listens: Vec<&str> = texts(server.get("listen"));
    if listens.iter().all(|listen| doors::local(listen)) {
        return None;
    }
    let mut serves = Served::default();
    let routes = routes(server);
    let any = routes.iter().any(|route| route.hosts.is_empty());
    for route in routes {
        serves.targets.extend(route.targets);
        serves
            .names
            .extend(route.hosts.into_iter().filter(|_| !any));
    }
    if serves.targets.is_empty() {
        return None;
    }
    serves
        .targets
        .extend(listens.iter().filter_map(|listen| doors::itself(listen)));
    let address = format!("server {name} on {}", listens.join(", "));
    Some(Plain {
        address: setting(address, &server.place(path), name),
        serves,
    })
}

/// Whether some name comes to this policy and to none before it.
fn leftover(policies: &[Node], index: usize) -> bool {
    let names = names(&policies[index]);
    match names.is_empty() {
        true => policies[..index]
            .iter()
            .all(|before| !self::names(before).is_empty() || further(before)),
        false => names.iter().any(|name| leads(policies, index, name)),
    }
}

/// Whether a client that asks for this name comes to a policy that matches it, and not to one
/// before.
fn leads(policies: &[Node], index: usize, name: &str) -> bool {
    !policies[..index]
        .iter()
        .any(|before| fits(before, name) && !further(before))
}

/// The names that a policy is for; any when empty.
fn names(policy: &Node) -> Vec<&str> {
    texts(policy.at(&["match", "sni"]))
}

/// Whether a policy matches by something else than the name too.
fn further(policy: &Node) -> bool {
    let all = policy.get("match").map(Node::entries).unwrap_or_default();
    all.iter().any(|(key, ..)| key != "sni")
}

/// Whether a policy is for this name.
fn fits(policy: &Node, name: &str) -> bool {
    let names = names(policy);
    names.is_empty()
        || names
            .iter()
            .any(|own| covers(own, name) || covers(name, own))
}

/// Whether a name, perhaps with a `*` for its first label, is or has the other one.
fn covers(pattern: &str, name: &str) -> bool {
    let (pattern, name) = (pattern.to_ascii_lowercase(), name.to_ascii_lowercase());
    let below = pattern.strip_prefix("*.").zip(name.split_once('.'));
    pattern == name || below.is_some_and(|(end, (_, rest))| end == rest)
}

fn texts(list: Option<&Node>) -> Vec<&str> {
    let list = list.map(Node::list).unwrap_or_default();
    list.iter().filter_map(Node::text).take(MOST).collect()
}

/// The routes of a server, each with its hosts.
fn routes(server: &Node) -> Vec<Route> {
    let all = server.get("routes").map(Node::list).unwrap_or_default();
    let mut found = Vec::new();
    // What stands before a route may answer for it.
    let mut turned = false;
    for route in all.iter().take(MOST) {
        let matchers = route.get("match").map(Node::list).unwrap_or_default();
        let mut hosts = Vec::new();
        let (mut any, mut part) = (matchers.is_empty(), false);
        for matcher in matchers {
            let own = texts(matcher.get("host"));
            any |= own.is_empty();
            hosts.extend(own.into_iter().map(str::to_owned));
            part |= matcher.entries().iter().any(|(key, ..)| key != "host");
        }
        if any {
            hosts.clear();
        }
        let mut targets = Vec::new();
        handed(route.get("handle"), !part && !turned, 0, &mut targets);
        turned |= answers(route.get("handle"), 0);
        found.push(Route { hosts, targets });
    }
    found
}

/// The applications that handlers hand requests to.
fn handed(handlers: Option<&Node>, every: bool, depth: usize, targets: &mut Vec<(String, bool)>) {
    let every = every && !answers(handlers, 0);
    for handler in handlers.map(Node::list).unwrap_or_default() {
        if depth > DEEPEST || targets.len() > MOST {
            return;
        }
        for upstream in handler.get("upstreams").map(Node::list).unwrap_or_default() {
            let dial = upstream
                .get("dial")
                .and_then(Node::text)
                .unwrap_or_default();
            targets.extend(served::target(dial).map(|target| (target, every)));
        }
        let inner = handler.get("routes").map(Node::list).unwrap_or_default();
        for route in inner {
            let alone = inner.len() == 1 && route.get("match").is_none();
            handed(route.get("handle"), every && alone, depth + 1, targets);
        }
    }
}

/// Whether a handler may answer, or turn requests away, by itself.
fn answers(handlers: Option<&Node>, depth: usize) -> bool {
    let handlers = handlers.map(Node::list).unwrap_or_default();
    depth <= DEEPEST
        && handlers.iter().any(|handler| {
            let kind = handler.get("handler").and_then(Node::text);
            let inner = handler.get("routes").map(Node::list).unwrap_or_default();
            !matches!(
                kind,
                Some("reverse_proxy" | "subroute" | "headers" | "encode" | "vars" | "rewrite")
            ) || inner
                .iter()
                .any(|route| answers(route.get("handle"), depth + 1))
                || matches!(handler.value, Value::Scalar(_))
        })
}

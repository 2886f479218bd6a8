//! Which requests a filter chain of Envoy hands to which cluster.

use super::{
    super::{
        doors::{self, Plain},
        node::{Node, Value},
        setting,
    },
    CLIENT_SIDE, DECIDING, MOST_SITES,
};
use crate::facts::Served;

/// Parts of the names of filters that may turn a request away.
const TURNING: [&str; 4] = ["jwt_authn", "ext_authz", "oauth2", "basic_auth"];

/// The routes of a filter chain.
#[derive(Debug, Default)]
pub(super) struct Routes {
    /// The names that it is for and the clusters that it hands requests to.
    pub(super) served: Served,
    /// The domains of its virtual hosts; any when empty.
    pub(super) domains: Vec<String>,
    /// The statuses that it answers with by itself.
    pub(super) answers: Vec<u16>,
    /// Whether a filter may turn requests away.
    pub(super) filtered: bool,
}

/// What a filter chain serves.
pub(super) fn serves(chain: &Node) -> Served {
    routes(chain).served
}

/// The routes of a filter chain.
pub(super) fn routes(chain: &Node) -> Routes {
    let mut found = Routes::default();
    let (mut any, mut any_domain, mut turned) = (false, false, false);
    let without_tls = plain(chain);
    let mut open = vec![chain];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::List(nodes) => open.extend(nodes),
            Value::Map(entries) => {
                match node.get("require_tls").and_then(Node::text) {
                    // Without TLS it redirects whatever comes; with TLS it asks nothing.
                    Some("ALL" | "2") if without_tls => continue,
                    Some("EXTERNAL_ONLY" | "1") if without_tls => turned = true,
                    _ => {}
                }
                for (key, _, inner) in entries {
                    let text = inner.text().unwrap_or_default();
                    match key.as_str() {
                        // A cluster's name, in a route or a TCP proxy.
                        "cluster" if !text.is_empty() => {
                            let target = (format!("cluster {text}"), true);
                            found.served.targets.push(target);
                        }
                        "weighted_clusters" => clusters(inner, &mut found.served),
                        "domains" | "server_names" => {
                            let names = inner.list().iter().filter_map(Node::text);
                            let names: Vec<String> = names.map(str::to_owned).collect();
                            let all = names.iter().any(|name| name == "*");
                            any |= all;
                            if key == "domains" {
                                any_domain |= all;
                                found.domains.extend(names.iter().cloned());
                            }
                            found.served.names.extend(names);
                        }
                        "redirect" => turned = true,
                        "direct_response" => {
                            turned = true;
                            let status = inner.get("status").and_then(Node::text);
                            let status = status.and_then(|text| text.parse::<u16>().ok());
                            found.answers.extend(status);
                        }
                        "name" => {
                            let filters = DECIDING.iter().chain(&TURNING);
                            let filter = |part: &&str| text.contains(*part);
                            found.filtered |= filters.into_iter().any(filter);
                        }
                        _ => {}
                    }
                    open.push(inner);
                }
            }
            Value::Scalar(_) => {}
        }
    }
    if any {
        found.served.names.clear();
    }
    if any_domain {
        found.domains.clear();
    }
    if turned || found.filtered {
        for (_, every) in &mut found.served.targets {
            *every = false;
        }
    }
    found
}

fn clusters(weighted: &Node, served: &mut Served) {
    let all = weighted.get("clusters").map(Node::list).unwrap_or_default();
    let names = all.iter().filter_map(|one| one.get("name")?.text());
    served
        .targets
        .extend(names.map(|name| (format!("cluster {name}"), true)));
}

/// The filter chains without TLS of every listener that is reached from outside.
pub(super) fn without_tls(document: &Node, path: &str, found: &mut Vec<Plain>) {
    let mut open = vec![document];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::List(nodes) => open.extend(nodes),
            Value::Map(entries) => {
                if node.get("filter_chains").is_some() && found.len() < MOST_SITES {
                    found.extend(of_listener(node, path));
                    continue;
                }
                for (key, _, inner) in entries {
                    if !CLIENT_SIDE.contains(&key.as_str()) {
                        open.push(inner);
                    }
                }
            }
            Value::Scalar(_) => {}
        }
    }
}

fn of_listener(listener: &Node, path: &str) -> Vec<Plain> {
    let socket = |key: &str| listener.at(&["address", "socket_address", key])?.text();
    if listener.at(&["address", "pipe"]).is_some() || socket("address").is_some_and(doors::local) {
        return Vec::new();
    }
    let address = address(listener);
    let chains = listener
        .get("filter_chains")
        .map(Node::list)
        .unwrap_or_default();
    chains
        .iter()
        .filter(|chain| plain(chain) && !passes_through(chain))
        .map(|chain| Plain {
            address: setting(address.clone(), &chain.place(path), &address),
            serves: serves(chain),
        })
        .filter(|plain| !plain.serves.targets.is_empty())
        .map(|mut plain| {
            let port = socket("port_value").and_then(doors::itself);
            plain.serves.targets.extend(port);
            plain
        })
        .collect()
}

/// What a listener is called where no TLS ends.
pub(super) fn address(listener: &Node) -> String {
    let name = listener.get("name").and_then(Node::text);
    let port = listener.at(&["address", "socket_address", "port_value"]);
    let port = port.and_then(Node::text);
    let port = port.unwrap_or("a port that is not written");
    match name {
        Some(name) => format!("listener {name} on {port}"),
        None => format!("the listener on {port}"),
    }
}

/// Whether no TLS ends at a filter chain.
pub(super) fn plain(chain: &Node) -> bool {
    chain.get("transport_socket").is_none() && chain.get("tls_context").is_none()
}

/// Whether a filter chain without TLS of its own is for connections with TLS, which it hands on as
/// they are.
pub(super) fn passes_through(chain: &Node) -> bool {
    let of = |key: &str| chain.at(&["filter_chain_match", key]);
    of("server_names").is_some_and(|names| !names.list().is_empty())
        || of("transport_protocol").and_then(Node::text) == Some("tls")
}

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

/// What a filter chain serves.
pub(super) fn serves(chain: &Node) -> Served {
    let mut served = Served::default();
    let (mut any, mut turned) = (false, false);
    let mut open = vec![chain];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::List(nodes) => open.extend(nodes),
            Value::Map(entries) => {
                for (key, _, inner) in entries {
                    let text = inner.text().unwrap_or_default();
                    match key.as_str() {
                        // A cluster's name, in a route or a TCP proxy.
                        "cluster" if !text.is_empty() => {
                            served.targets.push((format!("cluster {text}"), true));
                        }
                        "weighted_clusters" => clusters(inner, &mut served),
                        "domains" | "server_names" => {
                            let names = inner.list().iter().filter_map(Node::text);
                            let names: Vec<&str> = names.collect();
                            any |= names.contains(&"*");
                            served
                                .names
                                .extend(names.iter().map(|name| (*name).to_owned()));
                        }
                        "redirect" | "direct_response" => turned = true,
                        "name" => {
                            let filters = DECIDING.iter().chain(&TURNING);
                            turned |= filters.into_iter().any(|part| text.contains(part));
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
        served.names.clear();
    }
    if turned {
        for (_, every) in &mut served.targets {
            *every = false;
        }
    }
    served
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
    let name = listener.get("name").and_then(Node::text);
    let port = socket("port_value").unwrap_or("a port that is not written");
    let address = match name {
        Some(name) => format!("listener {name} on {port}"),
        None => format!("the listener on {port}"),
    };
    let chains = listener
        .get("filter_chains")
        .map(Node::list)
        .unwrap_or_default();
    chains
        .iter()
        .filter(|chain| {
            chain.get("transport_socket").is_none() && chain.get("tls_context").is_none()
        })
        .map(|chain| Plain {
            address: setting(address.clone(), &chain.place(path), &address),
            serves: serves(chain),
        })
        .filter(|plain| !plain.serves.targets.is_empty())
        .collect()
}

//! The addresses of the applications behind each cluster: one application may have two names.

use std::collections::HashMap;

use super::super::{
    doors,
    node::{Node, Value},
};
use crate::facts::Served;

/// Addresses of a cluster that are looked at.
const MOST: usize = 8;

/// The addresses of the clusters, by their names.
#[derive(Debug, Default)]
pub(super) struct Clusters(HashMap<String, Vec<String>>);

impl Clusters {
    pub(super) fn of(documents: &[Node]) -> Self {
        let mut found = HashMap::new();
        let mut open: Vec<&Node> = documents.iter().collect();
        while let Some(node) = open.pop() {
            match &node.value {
                Value::List(nodes) => open.extend(nodes),
                Value::Map(entries) => {
                    let name = node.get("name").and_then(Node::text);
                    let own = ["load_assignment", "hosts"];
                    let assigned = own.iter().find_map(|key| node.get(key));
                    if let (Some(name), Some(assigned)) = (name, assigned) {
                        found.insert(name.to_owned(), addresses(assigned));
                        continue;
                    }
                    open.extend(entries.iter().map(|(_, _, inner)| inner));
                }
                Value::Scalar(_) => {}
            }
        }
        Self(found)
    }

    /// Puts the addresses of a cluster to its name.
    pub(super) fn resolve(&self, serves: &mut Served) {
        let mut found = Vec::new();
        for (target, every) in &serves.targets {
            let name = target.strip_prefix("cluster ");
            let all = name.and_then(|name| self.0.get(name)).into_iter().flatten();
            found.extend(all.map(|address| (address.clone(), *every)));
        }
        serves.targets.extend(found);
    }
}

/// The addresses below a node.
fn addresses(node: &Node) -> Vec<String> {
    let mut found = Vec::new();
    let mut open = vec![node];
    while let Some(node) = open.pop() {
        if found.len() >= MOST {
            break;
        }
        let of = |key: &str| node.at(&["socket_address", key]).and_then(Node::text);
        if let (Some(host), Some(port)) = (of("address"), of("port_value")) {
            found.extend(doors::target(&format!("{host}:{port}")));
            continue;
        }
        if let Some(path) = node.at(&["pipe", "path"]).and_then(Node::text) {
            found.extend(doors::target(&format!("unix:{path}")));
            continue;
        }
        match &node.value {
            Value::List(nodes) => open.extend(nodes),
            Value::Map(entries) => open.extend(entries.iter().map(|(_, _, inner)| inner)),
            Value::Scalar(_) => {}
        }
    }
    found
}

//! What was named to be judged and is the configuration of something that is not read: objects of
//! Kubernetes that decide who is asked for a certificate, and other texts.
//!
//! Must not: be a fault of the file. It was not understood, and that is said.

use super::manifest::{self, Entry};
use crate::{
    facts::{FileFacts, FileRole, Format, Item, ItemKind},
    parse::{
        config::node::{Node, Value},
        escape,
    },
};

/// Kinds of objects that say, or may say, who is asked for a client certificate.
const KINDS: [&str; 22] = [
    "AuthorizationPolicy",
    "BackendTLSPolicy",
    "ClientTrafficPolicy",
    "DestinationRule",
    "EnvoyFilter",
    "GRPCRoute",
    "Gateway",
    "HTTPProxy",
    "HTTPRoute",
    "Host",
    "Ingress",
    "IngressRoute",
    "Mapping",
    "PeerAuthentication",
    "Policy",
    "Route",
    "SecurityPolicy",
    "TLSContext",
    "TLSRoute",
    "VirtualHost",
    "VirtualServer",
    "VirtualService",
];

/// Endings of the names of texts that configure something; a certificate is not called so.
const ENDINGS: [&str; 14] = [
    ".yaml", ".yml", ".toml", ".conf", ".cfg", ".ini", ".hcl", ".tf", ".js", ".mjs", ".cjs", ".ts",
    ".py", ".go",
];

/// Notes an object that decides who is asked for a certificate.
pub(super) fn note(object: &Node, prefix: &str, found: &mut Vec<Entry>) {
    let kind = object.get("kind").and_then(Node::text).unwrap_or_default();
    if !KINDS.contains(&kind) || !matches!(object.value, Value::Map(_)) {
        return;
    }
    let name = object.at(&["metadata", "name"]).and_then(Node::text);
    let name = escape::text(name.unwrap_or("without a name"));
    let why = format!(
        "whom the {kind} {name} asks for a client certificate was not judged; test the running server"
    );
    manifest::push(format!("{prefix}{kind}"), FileRole::Config, Err(why), found);
}

/// Takes a text for what it is: not a certificate that is broken, but a configuration that is not
/// read.
pub fn not_read(file: &mut FileFacts) {
    let name = file.path.to_ascii_lowercase();
    let configures = ENDINGS.iter().any(|ending| name.ends_with(ending));
    let empty = file.items.is_empty() && file.format == Format::Text;
    if !configures || !empty || file.meant_as != FileRole::Anything {
        return;
    }
    file.meant_as = FileRole::Config;
    file.items.push(Item {
        kind: ItemKind::Other("configuration".to_owned()),
        label: String::new(),
        first_line: 1,
        last_line: 1,
        problem: Some(
            "the file holds neither a certificate nor the configuration of a server that mtls reads, and was not judged"
                .to_owned(),
        ),
    });
}

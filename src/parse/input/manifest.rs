//! Kubernetes documents as they are written and printed, YAML or JSON, one or many: the files that
//! are inside them, decoded.
//!
//! For: secrets, config maps, lists of them, kubeconfigs, and the CA bundles of webhooks. Must not:
//! render a template: a value that is one is said to be one.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::unjudged;
use crate::{
    facts::FileRole,
    parse::{
        config::{
            self,
            node::{self, Node, Value},
        },
        escape,
    },
};

/// Entries that are taken from one text.
const ENTRIES: usize = 10_000;
/// The longest text of YAML that is parsed, in octets: its tree takes some thirty times as much. An
/// API server takes objects of 1.5 MiB (etcd's limit of a request).
pub(super) const LONGEST_YAML: usize = 4 << 20;
/// How far into a text of YAML the first key of a Kubernetes document is looked for, in lines:
/// licences and comments stand above.
const LEAD: usize = 200;

/// One file inside a document.
pub(super) struct Entry {
    /// `tls.crt`; with the object's name in front where there are several objects.
    pub(super) name: String,
    /// What it is for, by its key.
    pub(super) meant_as: FileRole,
    /// Its bytes, or why they could not be decoded.
    pub(super) value: Result<Vec<u8>, String>,
}

/// The files inside; `None` when it is no Kubernetes document, or has no file in it.
pub(super) fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    let text = std::str::from_utf8(bytes).ok()?;
    let text = text.trim_start_matches('\u{feff}');
    if !looks_like_one(text) {
        return None;
    }
    let documents = if text.trim_start().starts_with('{') {
        vec![node::json(text)?]
    } else if text.len() > LONGEST_YAML {
        return None;
    } else {
        node::yaml(text).ok()?
    };
    let mut objects = Vec::new();
    for document in &documents {
        flatten(document, &mut objects);
    }
    let several = objects.len() > 1;
    let mut found = Vec::new();
    for object in objects {
        let prefix = if several {
            let name = object.at(&["metadata", "name"]).and_then(Node::text);
            format!("{}/", escape::text(name.unwrap_or("unnamed")))
        } else {
            String::new()
        };
        take(object, &prefix, &mut found);
    }
    found.truncate(ENTRIES);
    (!found.is_empty()).then_some(found)
}

/// `kind` is a key of every Kubernetes object; a text of something else is not parsed for it.
fn looks_like_one(text: &str) -> bool {
    if text.trim_start().starts_with('{') {
        return text.contains("\"kind\"");
    }
    let first = text
        .lines()
        .take(LEAD)
        .find(|line| !line.trim().is_empty() && !line.starts_with(['#', '-']));
    let is_key = |line: &str, key: &str| line.strip_prefix(key).is_some();
    // The keys of an object come in any order; its first is one of these.
    let has = |key: &str| text.lines().any(|line| is_key(line, key));
    // Anchors stand above what uses them, and other documents of a stream above an object.
    let begins = first.is_some_and(|line| {
        [
            "apiVersion:",
            "kind:",
            "metadata:",
            "data:",
            "items:",
            "stringData:",
            "clusters:",
        ]
        .iter()
        .any(|key| is_key(line, key))
    });
    has("kind:") && (begins || has("apiVersion:"))
}

/// The objects of a document: itself, or those of a list.
fn flatten<'a>(document: &'a Node, objects: &mut Vec<&'a Node>) {
    let kind = document.get("kind").and_then(Node::text);
    match (kind, document.get("items")) {
        (Some(kind), Some(items)) if kind.ends_with("List") => {
            for item in items.list().iter().take(ENTRIES) {
                objects.push(item);
            }
        }
        (Some(_), _) => objects.push(document),
        (None, _) => {}
    }
}

/// The files of one object, by its kind.
fn take(object: &Node, prefix: &str, found: &mut Vec<Entry>) {
    match object.get("kind").and_then(Node::text).unwrap_or_default() {
        "Secret" => {
            // "If a key appears in both the data and the stringData field, the value specified in the
            // stringData field takes precedence" (Kubernetes documentation, Secrets, read
            // 2026-11-30).
            data(object, ("data", true), "stringData", prefix, found);
            data(object, ("stringData", false), "", prefix, found);
            tls_keys(object, prefix, found);
        }
        "ConfigMap" => {
            data(object, ("data", false), "", prefix, found);
            data(object, ("binaryData", true), "", prefix, found);
        }
        "Config" => kubeconfig(object, prefix, found),
        // Whatever has webhooks: admission, conversion, an API service.
        _ => {
            ca_bundles(object, prefix, 0, found);
            unjudged::note(object, prefix, found);
        }
    }
}

/// What a Secret of type kubernetes.io/tls has to have and lacks (Kubernetes documentation, Secrets,
/// "TLS Secrets", read 2026-11-24).
fn tls_keys(object: &Node, prefix: &str, found: &mut Vec<Entry>) {
    if object.get("type").and_then(Node::text) != Some("kubernetes.io/tls") {
        return;
    }
    for (key, meant_as) in [("tls.crt", FileRole::Chain), ("tls.key", FileRole::Key)] {
        let has = |map: &str| object.at(&[map, key]).is_some();
        if !has("data") && !has("stringData") {
            let missing = format!(
                "no {key}: the API server refuses a Secret of type kubernetes.io/tls without it"
            );
            push(format!("{prefix}{key}"), meant_as, Err(missing), found);
        }
    }
}

/// The files of one map of an object, except those that the map called `over` has as well.
fn data(
    object: &Node,
    (key, in_base64): (&str, bool),
    over: &str,
    prefix: &str,
    found: &mut Vec<Entry>,
) {
    let Some(entries) = object.get(key) else {
        return;
    };
    let before = found.len();
    let mut stores = Vec::new();
    for (key, _, value) in entries.entries() {
        if object.at(&[over, key]).is_some() {
            continue;
        }
        let meant_as = match key.as_str() {
            "tls.crt" => FileRole::Chain,
            "tls.key" => FileRole::Key,
            "ca.crt" => FileRole::ClientCa,
            _ => FileRole::Anything,
        };
        let by_name = meant_as != FileRole::Anything
            || [".crt", ".pem", ".key"]
                .iter()
                .any(|ending| key.ends_with(ending));
        let value = match value.text() {
            Some(text) => decoded(text, in_base64),
            None => Err("its value is not text".to_owned()),
        };
        let holds_pem = value.as_ref().is_ok_and(|bytes| holds_marker(bytes));
        let configures = || {
            let text = value.as_ref().ok().map(|bytes| std::str::from_utf8(bytes));
            matches!(text, Some(Ok(text)) if config::software(key, text).is_some())
        };
        if by_name || holds_pem {
            push(format!("{prefix}{key}"), meant_as, value, found);
        } else if configures() {
            push(format!("{prefix}{key}"), FileRole::Config, value, found);
        } else if [".p12", ".pfx", ".jks"]
            .iter()
            .any(|end| key.ends_with(end))
        {
            stores.push((format!("{prefix}{key}"), meant_as, value));
        }
    }
    // A keystore beside PEM is another form of the same for other readers.
    if found.len() == before {
        for (name, meant_as, value) in stores {
            push(name, meant_as, value, found);
        }
    }
}

/// `client-certificate-data` and its key are what a client presents, `certificate-authority-data`
/// what it judges the server by.
fn kubeconfig(object: &Node, prefix: &str, found: &mut Vec<Entry>) {
    for (list, inner, keys) in [
        (
            "users",
            "user",
            [
                ("client-certificate-data", FileRole::ClientChain),
                ("client-key-data", FileRole::Key),
            ]
            .as_slice(),
        ),
        (
            "clusters",
            "cluster",
            [("certificate-authority-data", FileRole::Anything)].as_slice(),
        ),
    ] {
        let Some(entries) = object.get(list) else {
            continue;
        };
        for entry in entries.list().iter().take(ENTRIES) {
            let name = entry.get("name").and_then(Node::text).unwrap_or("unnamed");
            for (key, meant_as) in keys {
                if let Some(text) = entry.at(&[inner, key]).and_then(Node::text) {
                    let name = format!("{prefix}{list}/{name}/{key}");
                    push(name, *meant_as, decoded(text, true), found);
                }
            }
        }
    }
}

/// Every `caBundle` of an object: what the API server judges a webhook's server certificate by.
fn ca_bundles(node: &Node, prefix: &str, depth: usize, found: &mut Vec<Entry>) {
    /// `spec.conversion.webhook.clientConfig.caBundle`, and lists between.
    const DEEPEST: usize = 12;
    if depth > DEEPEST || found.len() >= ENTRIES {
        return;
    }
    for (key, _, value) in node.entries() {
        let below = match &node.get("name").and_then(Node::text) {
            Some(name) if depth > 0 => format!("{prefix}{name}/"),
            _ => prefix.to_owned(),
        };
        match (key.as_str(), value.text()) {
            ("caBundle", Some(text)) if !text.is_empty() => push(
                format!("{below}caBundle"),
                FileRole::Anything,
                decoded(text, true),
                found,
            ),
            _ => ca_bundles(value, &below, depth + 1, found),
        }
    }
    if let Value::List(items) = &node.value {
        for item in items {
            ca_bundles(item, prefix, depth + 1, found);
        }
    }
}

pub(super) fn push(
    name: String,
    meant_as: FileRole,
    value: Result<Vec<u8>, String>,
    found: &mut Vec<Entry>,
) {
    if found.len() < ENTRIES {
        found.push(Entry {
            name: escape::text(&name),
            meant_as,
            value,
        });
    }
}

pub(super) fn decoded(text: &str, in_base64: bool) -> Result<Vec<u8>, String> {
    if text.contains("{{") {
        return Err("its value is a template: render it first, then lint the result".to_owned());
    }
    if !in_base64 {
        return Ok(text.as_bytes().to_vec());
    }
    // Wrapped lines are folded to blanks by YAML; the API server passes over neither.
    let compact: String = text
        .chars()
        .filter(|character| !character.is_ascii_whitespace())
        .collect();
    STANDARD
        .decode(compact)
        .map_err(|error| format!("its value is not base64: {error}"))
}

pub(super) fn holds_marker(bytes: &[u8]) -> bool {
    const MARKER: &[u8] = b"-----BEGIN ";
    bytes.windows(MARKER.len()).any(|window| window == MARKER)
}

#[cfg(test)]
mod tests;

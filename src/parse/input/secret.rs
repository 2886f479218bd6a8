//! A Kubernetes secret as JSON (`kubectl get secret -o json`, also a List of them): its entries,
//! decoded.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};

use crate::{facts::FileRole, parse::escape};

/// Entries that are taken from one document.
const ENTRIES: usize = 10_000;

/// One entry.
pub(super) struct Entry {
    /// `tls.crt`; with the secret's name in front in a list.
    pub(super) name: String,
    /// What it is for, by its name.
    pub(super) meant_as: FileRole,
    /// Its bytes, or why they could not be decoded.
    pub(super) value: Result<Vec<u8>, String>,
}

#[derive(Deserialize)]
struct Object {
    kind: Option<String>,
    metadata: Option<Metadata>,
    #[serde(default)]
    items: Vec<Object>,
    data: Option<Map<String, Value>>,
    #[serde(rename = "stringData")]
    string_data: Option<Map<String, Value>>,
}

#[derive(Deserialize)]
struct Metadata {
    name: Option<String>,
}

/// The entries; `None` when it is no secret. A ConfigMap counts as well: CA files are often kept in
/// one.
pub(super) fn entries(bytes: &[u8]) -> Option<Vec<Entry>> {
    let document: Object = serde_json::from_slice(bytes).ok()?;
    let mut found = Vec::new();
    match document.kind.as_deref() {
        Some("List" | "SecretList" | "ConfigMapList") => {
            for object in &document.items {
                let name = object
                    .metadata
                    .as_ref()
                    .and_then(|metadata| metadata.name.as_deref())
                    .unwrap_or("unnamed");
                take(object, &format!("{}/", escape::text(name)), &mut found);
            }
        }
        Some("Secret" | "ConfigMap") => take(&document, "", &mut found),
        _ => return None,
    }
    (!found.is_empty()).then_some(found)
}

fn take(object: &Object, prefix: &str, found: &mut Vec<Entry>) {
    let in_base64 = object.kind.as_deref() == Some("Secret");
    let encoded = object.data.iter().flatten().map(|pair| (pair, in_base64));
    let plain = object
        .string_data
        .iter()
        .flatten()
        .map(|pair| (pair, false));
    for ((key, value), in_base64) in encoded.chain(plain) {
        let meant_as = match key.as_str() {
            "tls.crt" => FileRole::Chain,
            "tls.key" => FileRole::Key,
            "ca.crt" => FileRole::ClientCa,
            other
                if other.ends_with(".crt")
                    || other.ends_with(".pem")
                    || other.ends_with(".key") =>
            {
                FileRole::Anything
            }
            _ => continue,
        };
        let Some(text) = value.as_str() else {
            continue;
        };
        if found.len() >= ENTRIES {
            return;
        }
        let value = if in_base64 {
            STANDARD
                .decode(text)
                .map_err(|error| format!("its value is not base64: {error}"))
        } else {
            Ok(text.as_bytes().to_vec())
        };
        found.push(Entry {
            name: format!("{prefix}{}", escape::text(key)),
            meant_as,
            value,
        });
    }
}

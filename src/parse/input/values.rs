//! PEM texts among the values of a YAML file.

use super::manifest::{Entry, LONGEST_YAML, decoded, holds_marker, push};
use crate::{
    facts::FileRole,
    parse::config::node::{self, Node, Value},
};

/// The PEM texts of any other YAML file, by the keys that lead to them: values of a chart, an
/// inventory. There they are indented as YAML has it, and nobody reads the file as PEM.
pub(super) fn entries(path: &str, bytes: &[u8]) -> Option<Vec<Entry>> {
    let name = path.to_ascii_lowercase();
    let is_yaml = name.ends_with(".yaml") || name.ends_with(".yml");
    if !is_yaml || bytes.len() > LONGEST_YAML || !holds_marker(bytes) {
        return None;
    }
    let documents = node::yaml(std::str::from_utf8(bytes).ok()?).ok()?;
    let mut found = Vec::new();
    for document in &documents {
        below(document, "", 0, &mut found);
    }
    (!found.is_empty()).then_some(found)
}

fn below(node: &Node, path: &str, depth: usize, found: &mut Vec<Entry>) {
    const DEEPEST: usize = 32;
    if depth > DEEPEST {
        return;
    }
    let name = |key: &str| match path {
        "" => key.to_owned(),
        _ => format!("{path}.{key}"),
    };
    match &node.value {
        Value::Scalar(text) if depth > 0 && holds_marker(text.as_bytes()) => push(
            path.to_owned(),
            FileRole::Anything,
            decoded(text, false),
            found,
        ),
        Value::Scalar(_) => {}
        Value::List(items) => {
            for (index, item) in items.iter().enumerate() {
                below(item, &name(&index.to_string()), depth + 1, found);
            }
        }
        Value::Map(entries) => {
            for (key, _, value) in entries {
                below(value, &name(key), depth + 1, found);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pem_in_block_scalars_is_read_by_its_keys() {
        let text = "tls:\n  crt: |\n    -----BEGIN CERTIFICATE-----\n    AAAA\n    -----END CERTIFICATE-----\n  more:\n  - '-----BEGIN X-----'\nnote: x\n";
        let found = entries("values.yaml", text.as_bytes()).unwrap_or_default();
        let names: Vec<&str> = found.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["tls.crt", "tls.more.0"]);
        let first = found[0].value.as_deref().unwrap();
        assert!(first.starts_with(b"-----BEGIN CERTIFICATE-----\nAAAA\n"));
        // A PEM file is none, and neither is YAML without any.
        assert!(entries("values.pem", text.as_bytes()).is_none());
        assert!(entries("values.yaml", b"a: b\n").is_none());
        assert!(entries("values.yaml", b"-----BEGIN X-----\nAAAA\n").is_none());
    }
}

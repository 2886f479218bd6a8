//! Secrets that a context names and that stand elsewhere: in the same configuration or dump, or in
//! a file that SDS reads.

use std::collections::HashMap;

use super::super::{
    Include,
    node::{self, Node, Value},
};

/// Files of secrets that are read.
const MOST_FILES: usize = 200;
/// Levels that are followed.
const DEEPEST: usize = 64;

/// The secrets that were read, by name, each with the file that it stands in.
#[derive(Default)]
pub(super) struct Secrets {
    named: HashMap<String, (String, Node)>,
    files: usize,
}

impl Secrets {
    /// Those of these documents.
    pub(super) fn of(path: &str, documents: &[Node]) -> Self {
        let mut secrets = Self::default();
        for document in documents {
            secrets.collect(document, path, 0);
        }
        secrets
    }

    /// A secret has a name and beside it what it holds.
    fn collect(&mut self, node: &Node, path: &str, depth: usize) {
        if depth > DEEPEST {
            return;
        }
        match &node.value {
            Value::List(nodes) => {
                for inner in nodes {
                    self.collect(inner, path, depth + 1);
                }
            }
            Value::Map(entries) => {
                let holds = ["tls_certificate", "validation_context"]
                    .iter()
                    .any(|key| node.get(key).is_some());
                if holds && let Some(name) = node.get("name").and_then(Node::text) {
                    self.named
                        .entry(name.to_owned())
                        .or_insert_with(|| (path.to_owned(), node.clone()));
                    return;
                }
                for (_, _, inner) in entries {
                    self.collect(inner, path, depth + 1);
                }
            }
            Value::Scalar(_) => {}
        }
    }

    /// Those of the files that `path_config_source` (or the older `path`) beside an `sds_config`
    /// names.
    pub(super) fn read_files(
        &mut self,
        node: &Node,
        from: &str,
        include: &mut dyn Include,
        depth: usize,
    ) {
        if depth > DEEPEST {
            return;
        }
        match &node.value {
            Value::List(nodes) => {
                for inner in nodes {
                    self.read_files(inner, from, include, depth + 1);
                }
            }
            Value::Map(entries) => {
                for (key, _, inner) in entries {
                    if key != "sds_config" {
                        self.read_files(inner, from, include, depth + 1);
                        continue;
                    }
                    let file = inner
                        .at(&["path_config_source", "path"])
                        .or_else(|| inner.get("path"))
                        .and_then(Node::text);
                    let Some(file) = file.filter(|_| self.files < MOST_FILES) else {
                        continue;
                    };
                    self.files += 1;
                    for (path, text) in include.matching(file, from).unwrap_or_default() {
                        for document in node::yaml(&text).unwrap_or_default() {
                            self.collect(&document.snake_keys(), &path, 0);
                        }
                    }
                }
            }
            Value::Scalar(_) => {}
        }
    }

    /// What the secret that `named` names holds under `key`, and the file that it stands in. What a
    /// dump has redacted is not there.
    pub(super) fn get(&self, named: &Node, key: &str) -> Option<(&Node, &str)> {
        let (path, secret) = self.named.get(named.get("name")?.text()?)?;
        Some((secret.get(key)?, path))
    }
}

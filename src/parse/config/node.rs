//! YAML, JSON and TOML as one tree with lines: what Envoy's and Traefik's configurations are
//! written in.

use saphyr::{LoadableYamlNode, MarkedYaml, Scalar, YamlData};
use toml::de::{DeTable, DeValue};

use crate::facts::Place;

/// Levels that are followed; deeper ones are left out.
const DEEPEST: usize = 64;

/// A value and where it begins.
#[derive(Clone, Debug)]
pub(in crate::parse) struct Node {
    pub(in crate::parse) line: usize,
    pub(in crate::parse) value: Value,
}

#[derive(Clone, Debug)]
pub(in crate::parse) enum Value {
    Scalar(String),
    List(Vec<Node>),
    /// Keys in their order, each with its line.
    Map(Vec<(String, usize, Node)>),
}

impl Node {
    pub(in crate::parse) fn get(&self, key: &str) -> Option<&Node> {
        match &self.value {
            Value::Map(entries) => entries
                .iter()
                .find(|(own, _, _)| own == key)
                .map(|(_, _, node)| node),
            _ => None,
        }
    }

    /// The same, whatever the case of the key.
    pub(super) fn get_any_case(&self, key: &str) -> Option<&Node> {
        let mut entries = self.entries().iter();
        entries
            .find(|(own, _, _)| own.eq_ignore_ascii_case(key))
            .map(|(_, _, node)| node)
    }

    /// The value below these keys, whatever their case.
    pub(super) fn any_case(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter()
            .try_fold(self, |node, key| node.get_any_case(key))
    }

    /// The same with keys in snake case: proto JSON writes `requireClientCertificate` for
    /// `require_client_certificate`. Keys that are names and not fields (`@type`, a regular name
    /// with capitals) hardly ever look so.
    pub(super) fn snake_keys(self) -> Self {
        let value = match self.value {
            Value::List(nodes) => Value::List(nodes.into_iter().map(Self::snake_keys).collect()),
            Value::Map(entries) => Value::Map(
                entries
                    .into_iter()
                    .map(|(key, line, node)| (snake(&key), line, node.snake_keys()))
                    .collect(),
            ),
            scalar => scalar,
        };
        Self { value, ..self }
    }

    /// The value below these keys.
    pub(in crate::parse) fn at(&self, keys: &[&str]) -> Option<&Node> {
        keys.iter().try_fold(self, |node, key| node.get(key))
    }

    pub(in crate::parse) fn text(&self) -> Option<&str> {
        match &self.value {
            Value::Scalar(text) => Some(text),
            _ => None,
        }
    }

    pub(in crate::parse) fn list(&self) -> &[Node] {
        match &self.value {
            Value::List(nodes) => nodes,
            _ => &[],
        }
    }

    pub(in crate::parse) fn entries(&self) -> &[(String, usize, Node)] {
        match &self.value {
            Value::Map(entries) => entries,
            _ => &[],
        }
    }

    pub(in crate::parse) fn place(&self, path: &str) -> Place {
        Place::lines(path, self.line, self.line)
    }
}

/// `requireClientCertificate` as `require_client_certificate`; what does not begin with a small
/// letter stays.
fn snake(key: &str) -> String {
    if !key.starts_with(|first: char| first.is_ascii_lowercase()) {
        return key.to_owned();
    }
    let mut out = String::with_capacity(key.len() + 4);
    for character in key.chars() {
        if character.is_ascii_uppercase() {
            out.push('_');
        }
        out.push(character.to_ascii_lowercase());
    }
    out
}

/// The first line whose beginning of blanks and dashes is so long that the text may be nested more
/// deeply than the parser's own recursion bears; it bounds nesting by brackets itself.
fn too_deep(text: &str) -> Option<usize> {
    const LONGEST: usize = 1000;
    let before = |line: &str| {
        line.bytes()
            .take_while(|byte| matches!(byte, b' ' | b'-' | b'?' | b'\t'))
            .count()
    };
    let found = text.lines().position(|line| before(line) > LONGEST);
    found.map(|index| index + 1)
}

/// The documents of a YAML (or JSON) text.
///
/// # Errors
/// The line and what is wrong there.
pub(in crate::parse) fn yaml(text: &str) -> Result<Vec<Node>, (usize, String)> {
    let aliases = aliases(text);
    if aliases > MOST_ALIASES || aliases * text.len() > MOST_ALIASED {
        return Err((1, "more aliases than are followed".to_owned()));
    }
    if let Some(line) = too_deep(text) {
        return Err((line, "nested more deeply than is followed".to_owned()));
    }
    let documents = MarkedYaml::load_from_str(text)
        .map_err(|error| (error.marker().line(), error.info().to_owned()))?;
    Ok(documents
        .iter()
        .map(|document| of_yaml(document, 0))
        .collect())
}

/// Aliases that are followed: each stands for a copy, and copies of copies grow without bound.
const MOST_ALIASES: usize = 24;
/// Bytes that aliases may stand for, if each stood for the whole text.
const MOST_ALIASED: usize = 32 * 1024 * 1024;

/// How many words of a text may be aliases, `*name`; at least as many as there are.
fn aliases(text: &str) -> usize {
    if !text.contains('&') {
        return 0;
    }
    let bytes = text.as_bytes();
    let begins = |at: usize| at == 0 || b" \t\n\r[,{:-".contains(&bytes[at - 1]);
    let goes_on = |at: usize| {
        bytes
            .get(at + 1)
            .is_some_and(|next| !next.is_ascii_whitespace())
    };
    text.match_indices('*')
        .filter(|(at, _)| begins(*at) && goes_on(*at))
        .count()
}

fn of_yaml(node: &MarkedYaml<'_>, depth: usize) -> Node {
    let scalar = |text: String| Value::Scalar(text);
    let value = match &node.data {
        _ if depth > DEEPEST => scalar(String::new()),
        YamlData::Sequence(list) => {
            Value::List(list.iter().map(|inner| of_yaml(inner, depth + 1)).collect())
        }
        YamlData::Mapping(map) => Value::Map(merged(
            map.iter()
                .map(|(key, inner)| {
                    let name = of_yaml(key, depth + 1)
                        .text()
                        .unwrap_or_default()
                        .to_owned();
                    (name, key.span.start.line(), of_yaml(inner, depth + 1))
                })
                .collect(),
        )),
        YamlData::Representation(text, _, _) => scalar(text.to_string()),
        YamlData::Value(Scalar::String(text)) => scalar(text.to_string()),
        YamlData::Value(Scalar::Integer(number)) => scalar(number.to_string()),
        YamlData::Value(Scalar::Boolean(value)) => scalar(value.to_string()),
        YamlData::Value(Scalar::FloatingPoint(number)) => scalar(number.to_string()),
        YamlData::Tagged(_, inner) => return of_yaml(inner, depth + 1),
        _ => scalar(String::new()),
    };
    Node {
        line: node.span.start.line().max(1),
        value,
    }
}

/// The entries of a map with those that its key `<<` brings in: YAML 1.1's merge key, which the
/// libraries of Kubernetes and of most other programs follow. An entry of its own goes first.
fn merged(mut entries: Vec<(String, usize, Node)>) -> Vec<(String, usize, Node)> {
    let Some(at) = entries.iter().position(|(key, _, _)| key == "<<") else {
        return entries;
    };
    let more = match entries.remove(at).2.value {
        Value::Map(more) => vec![more],
        Value::List(maps) => maps
            .into_iter()
            .filter_map(|one| match one.value {
                Value::Map(more) => Some(more),
                _ => None,
            })
            .collect(),
        Value::Scalar(_) => Vec::new(),
    };
    let own = entries.iter().map(|(key, _, _)| key.clone());
    let mut known: std::collections::HashSet<String> = own.collect();
    for entry in more.into_iter().flatten() {
        if known.insert(entry.0.clone()) {
            entries.push(entry);
        }
    }
    entries
}

/// A JSON text; `None` when it is none. Its lines are not known: all are 1.
pub(in crate::parse) fn json(text: &str) -> Option<Node> {
    serde_json::from_str(text).ok().map(|value| of_json(&value))
}

fn of_json(value: &serde_json::Value) -> Node {
    use serde_json::Value as Json;
    let value = match value {
        Json::Null => Value::Scalar(String::new()),
        Json::Bool(value) => Value::Scalar(value.to_string()),
        Json::Number(number) => Value::Scalar(number.to_string()),
        Json::String(text) => Value::Scalar(text.clone()),
        Json::Array(items) => Value::List(items.iter().map(of_json).collect()),
        Json::Object(fields) => Value::Map(
            fields
                .iter()
                .map(|(key, inner)| (key.clone(), 1, of_json(inner)))
                .collect(),
        ),
    };
    Node { line: 1, value }
}

/// A TOML text.
///
/// # Errors
/// The line and what is wrong there.
pub(in crate::parse) fn toml(text: &str) -> Result<Node, (usize, String)> {
    let line = |at: usize| 1 + text[..at.min(text.len())].matches('\n').count();
    let table = DeTable::parse(text).map_err(|error| {
        let at = error.span().map_or(1, |span| line(span.start));
        (at, error.message().to_owned())
    })?;
    Ok(Node {
        line: 1,
        value: of_table(table.get_ref(), &line, 0),
    })
}

fn of_table(table: &DeTable<'_>, line: &dyn Fn(usize) -> usize, depth: usize) -> Value {
    Value::Map(
        table
            .iter()
            .map(|(key, value)| {
                let node = of_toml(value.get_ref(), line(value.span().start), line, depth + 1);
                (key.get_ref().to_string(), line(key.span().start), node)
            })
            .collect(),
    )
}

fn of_toml(value: &DeValue<'_>, at: usize, line: &dyn Fn(usize) -> usize, depth: usize) -> Node {
    let value = match value {
        _ if depth > DEEPEST => Value::Scalar(String::new()),
        DeValue::String(text) => Value::Scalar(text.to_string()),
        DeValue::Integer(number) => Value::Scalar(number.as_str().to_owned()),
        DeValue::Float(number) => Value::Scalar(number.as_str().to_owned()),
        DeValue::Boolean(value) => Value::Scalar(value.to_string()),
        DeValue::Datetime(time) => Value::Scalar(time.to_string()),
        DeValue::Array(list) => Value::List(
            list.iter()
                .map(|inner| of_toml(inner.get_ref(), line(inner.span().start), line, depth + 1))
                .collect(),
        ),
        DeValue::Table(table) => of_table(table, line, depth),
    };
    Node { line: at, value }
}

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

/// The documents of a YAML (or JSON) text.
///
/// # Errors
/// The line and what is wrong there.
pub(in crate::parse) fn yaml(text: &str) -> Result<Vec<Node>, (usize, String)> {
    let documents = MarkedYaml::load_from_str(text)
        .map_err(|error| (error.marker().line(), error.info().to_owned()))?;
    Ok(documents
        .iter()
        .map(|document| of_yaml(document, 0))
        .collect())
}

fn of_yaml(node: &MarkedYaml<'_>, depth: usize) -> Node {
    let scalar = |text: String| Value::Scalar(text);
    let value = match &node.data {
        _ if depth > DEEPEST => scalar(String::new()),
        YamlData::Sequence(list) => {
            Value::List(list.iter().map(|inner| of_yaml(inner, depth + 1)).collect())
        }
        YamlData::Mapping(map) => Value::Map(
            map.iter()
                .map(|(key, inner)| {
                    let name = of_yaml(key, depth + 1)
                        .text()
                        .unwrap_or_default()
                        .to_owned();
                    (name, key.span.start.line(), of_yaml(inner, depth + 1))
                })
                .collect(),
        ),
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

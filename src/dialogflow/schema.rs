//! The messages of the webhook APIs, and JSON measured against them.
//!
//! Source: googleapis at f8291d2b (2026-08-22); `scripts/webhook_schema.py` made `schema.json` of a
//! listing of it. The rules of the JSON form are proto3's: names in camelCase or as in the proto,
//! `null` is absent, enums by name or number, 32-bit numbers as texts too, `bytes` in base64.
//! Unknown fields are no fault: its documentation asks for them to be ignored, and what the sender
//! ignores itself is not documented.

use std::{
    collections::{BTreeMap, HashMap},
    sync::LazyLock,
};

use base64::Engine;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::{Api, snake_case};
use crate::{
    facts::{AnswerProblem, AnswerProblemKind, NearMiss, Spelling},
    parse::escape,
};

/// Problems and unknown fields that are told; the rest of a hostile answer is not worth listing.
const TOLD: usize = 50;
/// Characters of a value that are shown.
const SHOWN: usize = 60;

#[derive(Debug, Deserialize)]
struct Package {
    messages: BTreeMap<String, Vec<Vec<String>>>,
    enums: BTreeMap<String, HashMap<String, i64>>,
}

static PACKAGES: LazyLock<HashMap<String, Package>> = LazyLock::new(|| {
    // A broken file is a broken test, not a panic.
    serde_json::from_str(include_str!("schema.json")).unwrap_or_default()
});

/// What a walk found.
#[derive(Debug, Default)]
pub(super) struct Walk {
    pub(super) problems: Vec<AnswerProblem>,
    pub(super) unknown: Vec<String>,
    pub(super) near: Vec<NearMiss>,
    pub(super) spelling: Spelling,
}

/// Measures `value` against a message of `api`; a flexible webhook's body fits always.
pub(super) fn walk(api: Api, message: &str, value: &Value) -> Walk {
    let mut walk = Walk::default();
    if let Some(package) = api.package().and_then(|name| PACKAGES.get(name)) {
        walk.message(package, message, value, "");
    }
    walk
}

/// The name that `key` was probably meant to be: the same but for case, blanks and signs between
/// words, or at most two letters away, one in names of less than eight.
fn nearest<'a>(key: &str, known: impl Iterator<Item = &'a str>) -> Option<String> {
    let plain = |name: &str| -> String {
        name.chars()
            .filter(char::is_ascii_alphanumeric)
            .map(|letter| letter.to_ascii_lowercase())
            .collect()
    };
    let own = plain(key);
    let bound = if own.len() < 8 { 1 } else { 2 };
    known
        .map(|name| (strsim::damerau_levenshtein(&own, &plain(name)), name))
        .filter(|(distance, _)| *distance <= bound && own.len() > 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, name)| name.to_owned())
}

/// Whether an answer of `api` has an outermost field of this name.
pub(super) fn reads(api: Api, key: &str) -> bool {
    let package = api.package().and_then(|name| PACKAGES.get(name));
    let fields = package.and_then(|package| package.messages.get("WebhookResponse"));
    fields
        .into_iter()
        .flatten()
        .filter_map(|field| field.first())
        .any(|name| name == key || snake_case(name) == key)
}

impl Walk {
    fn problem(
        &mut self,
        pointer: &str,
        kind: AnswerProblemKind,
        wanted: impl Into<String>,
        seen: impl Into<String>,
    ) {
        if self.problems.len() < TOLD {
            self.problems.push(AnswerProblem {
                pointer: pointer.to_owned(),
                kind,
                wanted: wanted.into(),
                seen: seen.into(),
            });
        }
    }

    /// A value of another type, told apart by whether it is an empty one.
    fn mistyped(&mut self, pointer: &str, wanted: &str, value: &Value) {
        let empty = match value {
            Value::Array(items) => items.is_empty(),
            Value::Object(fields) => fields.is_empty(),
            Value::String(text) => text.is_empty(),
            _ => false,
        };
        let kind = if empty {
            AnswerProblemKind::WrongTypedEmpty
        } else {
            AnswerProblemKind::WrongType
        };
        self.problem(pointer, kind, wanted, shown(value));
    }

    fn spelled(&mut self, spelling: Spelling) {
        self.spelling = match self.spelling {
            Spelling::Either => spelling,
            known if known == spelling => known,
            _ => Spelling::Mixed,
        };
    }

    fn message(&mut self, package: &Package, name: &str, value: &Value, pointer: &str) {
        let Value::Object(fields) = value else {
            return self.mistyped(pointer, "an object", value);
        };
        let Some(known) = package.messages.get(name) else {
            return;
        };
        let mut set: HashMap<&str, &str> = HashMap::new();
        for field in known {
            let [name, kind, rest @ ..] = field.as_slice() else {
                continue;
            };
            let Some((key, value)) = self.field(fields, name, pointer) else {
                continue;
            };
            let pointer = child(pointer, key);
            if let Some(one_of) = rest.first()
                && let Some(other) = set.insert(one_of, name)
            {
                self.problem(
                    &pointer,
                    AnswerProblemKind::OneOf,
                    format!("one of the members of `{one_of}`"),
                    format!("`{name}` beside `{other}`"),
                );
            }
            match kind.strip_prefix('*') {
                None => self.value(package, kind, value, &pointer),
                Some(kind) => match value {
                    Value::Array(items) => {
                        for (index, item) in items.iter().enumerate() {
                            let pointer = child(&pointer, &index.to_string());
                            if item.is_null() {
                                self.problem(
                                    &pointer,
                                    AnswerProblemKind::WrongType,
                                    in_words(kind),
                                    "null",
                                );
                            } else {
                                self.value(package, kind, item, &pointer);
                            }
                        }
                    }
                    other => self.mistyped(
                        &pointer,
                        &format!(
                            "a list of {}",
                            in_words(kind)
                                .trim_start_matches("a ")
                                .trim_start_matches("an ")
                        ),
                        other,
                    ),
                },
            }
        }
        for key in fields.keys() {
            let is_known = known
                .iter()
                .filter_map(|field| field.first())
                .any(|name| name == key || snake_case(name) == *key);
            if !is_known && self.unknown.len() < TOLD {
                let names = known.iter().filter_map(|field| field.first());
                if let Some(meant) = nearest(key, names.map(String::as_str)) {
                    self.near.push(NearMiss {
                        pointer: child(pointer, key),
                        meant,
                    });
                }
                self.unknown.push(child(pointer, key));
            }
        }
    }

    /// The field under either spelling, `null` being absent, with the key it stands under.
    fn field<'a>(
        &mut self,
        fields: &'a Map<String, Value>,
        name: &str,
        pointer: &str,
    ) -> Option<(&'a str, &'a Value)> {
        let snake = snake_case(name);
        if snake == name {
            return fields
                .get_key_value(name)
                .filter(|(_, value)| !value.is_null())
                .map(|(key, value)| (key.as_str(), value));
        }
        let camel = fields.get_key_value(name);
        let snake = fields.get_key_value(&snake);
        if camel.is_some() {
            self.spelled(Spelling::Camel);
        }
        if snake.is_some() {
            self.spelled(Spelling::Snake);
        }
        if let (Some(_), Some((key, _))) = (camel, snake) {
            self.problem(
                &child(pointer, key),
                AnswerProblemKind::DuplicateField,
                format!("`{name}` once"),
                format!("`{name}` and `{key}`"),
            );
        }
        [camel, snake]
            .into_iter()
            .flatten()
            .find(|(_, value)| !value.is_null())
            .map(|(key, value)| (key.as_str(), value))
    }

    fn value(&mut self, package: &Package, kind: &str, value: &Value, pointer: &str) {
        if let Some(name) = kind.strip_prefix("message ") {
            return self.message(package, name, value, pointer);
        }
        if let Some(name) = kind.strip_prefix("enum ") {
            return self.enumeration(package, name, value, pointer);
        }
        let fits = match kind {
            "string" => value.is_string(),
            "bool" => value.is_boolean(),
            "struct" | "map" => value.is_object(),
            "bytes" => match value {
                Value::String(text) => {
                    let engine = &base64::engine::general_purpose::STANDARD_NO_PAD;
                    let standard: String = text
                        .trim_end_matches('=')
                        .chars()
                        .map(|letter| match letter {
                            '-' => '+',
                            '_' => '/',
                            other => other,
                        })
                        .collect();
                    if engine.decode(standard).is_err() {
                        self.problem(pointer, AnswerProblemKind::BadValue, "base64", shown(value));
                    }
                    true
                }
                _ => false,
            },
            "int32" => return self.integer(value, pointer),
            "float" => match value {
                Value::Number(_) => true,
                Value::String(text) => {
                    let number = matches!(text.as_str(), "NaN" | "Infinity" | "-Infinity")
                        || text.parse::<f32>().is_ok_and(f32::is_finite);
                    if !number && !text.is_empty() {
                        self.problem(
                            pointer,
                            AnswerProblemKind::BadValue,
                            "a number",
                            shown(value),
                        );
                        return;
                    }
                    number
                }
                _ => false,
            },
            // `value` and whatever a later schema may bring.
            _ => true,
        };
        if !fits {
            self.mistyped(pointer, &in_words(kind), value);
        }
    }

    fn integer(&mut self, value: &Value, pointer: &str) {
        let number = match value {
            Value::Number(number) => number.as_f64(),
            Value::String(text) if !text.is_empty() => match text.parse::<f64>() {
                Ok(number) => Some(number),
                Err(_) => {
                    return self.problem(
                        pointer,
                        AnswerProblemKind::BadValue,
                        "a whole number",
                        shown(value),
                    );
                }
            },
            _ => None,
        };
        match number {
            None => self.mistyped(pointer, "a whole number", value),
            Some(number) if number.fract() != 0.0 => {
                self.problem(
                    pointer,
                    AnswerProblemKind::BadValue,
                    "a whole number",
                    shown(value),
                );
            }
            Some(number) if number < f64::from(i32::MIN) || number > f64::from(i32::MAX) => {
                self.problem(
                    pointer,
                    AnswerProblemKind::OutOfRange,
                    "a number of 32 bits",
                    shown(value),
                );
            }
            Some(_) => {}
        }
    }

    fn enumeration(&mut self, package: &Package, name: &str, value: &Value, pointer: &str) {
        let Some(known) = package.enums.get(name) else {
            return;
        };
        let fits = match value {
            Value::String(text) if text.is_empty() => {
                return self.mistyped(pointer, "the name of an enum's value", value);
            }
            Value::String(text) => known.contains_key(text),
            // An unknown number is kept by proto3's readers.
            Value::Number(number) => number.is_i64() || number.is_u64(),
            _ => return self.mistyped(pointer, "the name of an enum's value", value),
        };
        if !fits {
            let mut names: Vec<(&i64, &String)> =
                known.iter().map(|(name, number)| (number, name)).collect();
            names.sort();
            let names: Vec<&str> = names
                .into_iter()
                .map(|(_, name)| name.as_str())
                .take(8)
                .collect();
            let more = if known.len() > names.len() {
                ", ..."
            } else {
                ""
            };
            self.problem(
                pointer,
                AnswerProblemKind::UnknownEnum,
                format!("one of {}{more}", names.join(", ")),
                shown(value),
            );
        }
    }
}

fn child(pointer: &str, key: &str) -> String {
    // RFC 6901 section 3; control characters are of no use in a message.
    let key = escape::text(&key.chars().take(100).collect::<String>());
    format!("{pointer}/{}", key.replace('~', "~0").replace('/', "~1"))
}

fn in_words(kind: &str) -> String {
    match kind {
        "string" => "a string",
        "bool" => "true or false",
        "struct" | "map" => "an object",
        "bytes" => "a string in base64",
        "int32" => "a whole number",
        "float" => "a number",
        _ if kind.starts_with("message ") => "an object",
        _ if kind.starts_with("enum ") => "the name of an enum's value",
        _ => "any value",
    }
    .to_owned()
}

/// A value in a few words.
pub(super) fn shown(value: &Value) -> String {
    match value {
        Value::Null => "null".to_owned(),
        Value::Array(items) if items.is_empty() => "an empty list, []".to_owned(),
        Value::Object(fields) if fields.is_empty() => "an empty object, {}".to_owned(),
        Value::String(text) if text.is_empty() => "an empty string, \"\"".to_owned(),
        Value::Array(items) => format!("a list of {}", items.len()),
        Value::Object(fields) => format!("an object with {} field(s)", fields.len()),
        Value::String(text) => {
            let cut: String = text.chars().take(SHOWN).collect();
            let more = if cut.len() < text.len() { "..." } else { "" };
            format!("the string \"{}{more}\"", escape::text(&cut))
        }
        Value::Bool(_) | Value::Number(_) => value.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_type_of_the_schema_exists() {
        assert_eq!(PACKAGES.len(), 3);
        for package in PACKAGES.values() {
            assert!(package.messages.contains_key("WebhookResponse"));
            for field in package.messages.values().flatten() {
                let kind = field[1].trim_start_matches('*');
                let known = match kind.split_once(' ') {
                    Some(("message", name)) => package.messages.contains_key(name),
                    Some(("enum", name)) => package.enums.contains_key(name),
                    Some(_) => false,
                    None => [
                        "string", "bool", "int32", "float", "bytes", "struct", "value", "map",
                    ]
                    .contains(&kind),
                };
                assert!(known, "{field:?}");
            }
        }
    }
}

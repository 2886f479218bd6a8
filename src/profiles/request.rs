//! What a sender sends and which answer it takes, as data.
//!
//! For: `simulate --sender`, and `listen --sender`, which answers by the same rule. Must not: hold a
//! field that the sender's documentation does not name.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value};

use super::Certainty;

/// One request of a sender. `{name}` in its query, body and answer rule stands for a value of
/// `values`.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RequestFormat {
    /// Kebab-case, unique in its profile.
    pub name: String,
    /// What it is, in words.
    pub title: String,
    /// The method.
    #[serde(default = "post")]
    pub method: String,
    /// What is added to the URL behind `?` (or `&`).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub query: Option<String>,
    /// Header fields.
    #[serde(default)]
    pub headers: BTreeMap<String, String>,
    /// The body; none for a request without one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub body: Option<String>,
    /// Values for the names in braces; made up for the rehearsal.
    #[serde(default)]
    pub values: BTreeMap<String, String>,
    /// Which answer the sender takes.
    pub answer: AnswerRule,
    /// How all this is known.
    pub certainty: Certainty,
    /// Where it stands.
    pub sources: Vec<String>,
    /// The day on which the sources were read.
    #[schemars(with = "String", extend("format" = "date"))]
    pub seen: Date,
}

/// Which answer a sender takes.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct AnswerRule {
    /// The status codes that it takes; any of 200 to 299 where none is given.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub status: Vec<u16>,
    /// How long it waits, seconds; `None` when not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub within_seconds: Option<u32>,
    /// The bodies that it takes, compared without white space around them. With `json` as well, one
    /// of the two is enough.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub text: Vec<String>,
    /// What a JSON body has to have, by JSON pointer: a text, or `true|false` for any boolean.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub json: BTreeMap<String, String>,
}

fn post() -> String {
    "POST".to_owned()
}

impl RequestFormat {
    /// A text with the values in place of their names.
    pub fn filled(&self, text: &str) -> String {
        self.values
            .iter()
            .fold(text.to_owned(), |text, (name, value)| {
                text.replace(&format!("{{{name}}}"), value)
            })
    }

    /// The first name in braces that has no value; braces of JSON hold no such name.
    pub fn unfilled(&self, text: &str) -> Option<String> {
        text.split('{').skip(1).find_map(|rest| {
            let name = rest.split_once('}')?.0;
            let is_name = !name.is_empty()
                && name
                    .chars()
                    .all(|letter| letter.is_ascii_lowercase() || letter == '-');
            (is_name && !self.values.contains_key(name)).then(|| name.to_owned())
        })
    }

    /// An answer that the sender takes to a request that came, and its media type; the values that
    /// the answer has to repeat are those of the request. `None` where it is not of this format, and
    /// where the sender takes any answer.
    pub fn answer_to(
        &self,
        method: &str,
        query: Option<&str>,
        body: Option<&Value>,
    ) -> Option<(String, &'static str)> {
        let AnswerRule { text, json, .. } = &self.answer;
        if self.method != method || (text.is_empty() && json.is_empty()) {
            return None;
        }
        let template: Option<Value> = match &self.body {
            Some(template) => Some(serde_json::from_str(template).ok()?),
            None => None,
        };
        let mut came = self.clone();
        for (name, value) in &mut came.values {
            let hole = format!("{{{name}}}");
            if !text
                .iter()
                .chain(json.values())
                .any(|one| one.contains(&hole))
            {
                continue;
            }
            *value = match &template {
                Some(template) => at_hole(template, body?, &hole)?.to_owned(),
                None => parameter(self.query.as_deref()?, query?, &hole)?,
            };
        }
        if json.is_empty() {
            return Some((came.filled(&text[0]), "text/plain; charset=utf-8"));
        }
        let mut answer = Value::Object(Map::new());
        for (pointer, wanted) in json {
            let value = match wanted.as_str() {
                "true|false" => Value::Bool(true),
                wanted => Value::String(came.filled(wanted)),
            };
            put(&mut answer, pointer, value)?;
        }
        Some((answer.to_string(), "application/json"))
    }
}

/// The text that stands in `came` where `template` has this hole; `None` where the two differ in
/// shape before it.
fn at_hole<'a>(template: &Value, came: &'a Value, hole: &str) -> Option<&'a str> {
    match template {
        Value::String(text) if text == hole => came.as_str(),
        Value::Object(fields) => fields
            .iter()
            .find_map(|(name, field)| at_hole(field, came.get(name)?, hole)),
        Value::Array(items) => items
            .iter()
            .enumerate()
            .find_map(|(index, item)| at_hole(item, came.get(index)?, hole)),
        _ => None,
    }
}

/// The value of the parameter that has this hole in the template of a query.
fn parameter(template: &str, came: &str, hole: &str) -> Option<String> {
    let pairs = |query: &str| -> Vec<(String, String)> {
        form_urlencoded::parse(query.as_bytes())
            .into_owned()
            .collect()
    };
    let (name, _) = pairs(template)
        .into_iter()
        .find(|(_, value)| value == hole)?;
    let (_, value) = pairs(came).into_iter().find(|(other, _)| *other == name)?;
    Some(value)
}

/// Puts a value where a JSON pointer of names leads to, making the objects on the way.
fn put(document: &mut Value, pointer: &str, value: Value) -> Option<()> {
    let mut place = document;
    for name in pointer.strip_prefix('/')?.split('/') {
        let fields = match place {
            Value::Object(fields) => fields,
            _ => return None,
        };
        place = fields
            .entry(name.replace("~1", "/").replace("~0", "~"))
            .or_insert_with(|| Value::Object(Map::new()));
    }
    *place = value;
    Some(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profiles;

    fn format(profile: &str) -> &'static RequestFormat {
        &profiles::find(profile).unwrap().request[0]
    }

    #[test]
    fn the_answer_repeats_what_came_and_is_what_the_sender_takes() {
        let (slack, meta) = (format("slack"), format("meta-webhooks"));
        let event: Value = serde_json::from_str(
            r#"{"token":"of theirs","challenge":"c1","type":"url_verification"}"#,
        )
        .unwrap();
        let json = "application/json";
        assert_eq!(
            slack.answer_to("POST", None, Some(&event)),
            Some((r#"{"challenge":"c1"}"#.to_owned(), json))
        );
        let query = "hub.verify_token=x&hub.challenge=a%2Bb&hub.mode=subscribe";
        assert_eq!(
            meta.answer_to("GET", Some(query), None),
            Some(("a+b".to_owned(), "text/plain; charset=utf-8"))
        );
        let review: Value = serde_json::from_str(r#"{"request":{"uid":"u1"}}"#).unwrap();
        let (answer, _) = format("kubernetes-admission")
            .answer_to("POST", None, Some(&review))
            .unwrap();
        let answer: Value = serde_json::from_str(&answer).unwrap();
        assert_eq!(answer.pointer("/response/uid"), Some(&Value::from("u1")));
        assert_eq!(
            answer.pointer("/response/allowed"),
            Some(&Value::from(true))
        );
    }

    #[test]
    fn another_request_has_no_such_answer() {
        let slack = format("slack");
        let other: Value = serde_json::from_str(r#"{"type":"event_callback"}"#).unwrap();
        assert_eq!(slack.answer_to("POST", None, Some(&other)), None);
        assert_eq!(slack.answer_to("POST", None, None), None);
        assert_eq!(slack.answer_to("GET", None, Some(&other)), None);
        let meta = format("meta-webhooks");
        assert_eq!(meta.answer_to("GET", Some("a=b"), None), None);
        // PagerDuty takes any answer of 200 to 299.
        let event: Value = serde_json::from_str("{}").unwrap();
        assert_eq!(
            format("pagerduty").answer_to("POST", None, Some(&event)),
            None
        );
    }
}

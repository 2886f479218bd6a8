//! What a sender sends and which answer it takes, as data.
//!
//! For: `simulate --sender`. Must not: hold a field that the sender's documentation does not name.

use std::collections::BTreeMap;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

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
}

//! An answer beside the one that was recorded: what differs, in words.
//!
//! For: `replay`. Must not: show a credential, or compare what nobody asked for.

use serde_json::Value;

use super::replay::{decoded, stands_for_any};
use crate::{
    facts::RecordedAnswer,
    net::dial::Answered,
    parse::{json, redact},
};

/// Differences of one answer that are told.
const TOLD: usize = 12;
/// How much of a value is shown, in characters.
const SHOWN: usize = 80;
/// Header fields that differ from answer to answer, or from hop to hop, and mean nothing by it.
const VOLATILE: &[&str] = &[
    "age",
    "alt-svc",
    "connection",
    "content-length",
    "date",
    "etag",
    "expires",
    "keep-alive",
    "last-modified",
    "server",
    "server-timing",
    "set-cookie",
    "traceparent",
    "transfer-encoding",
    "via",
    "x-request-id",
    "x-runtime",
];

/// What of two answers is compared.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Compare {
    /// The status.
    pub status: bool,
    /// The header fields, but for those that differ anyway.
    pub headers: bool,
    /// The body: JSON by its values, anything else by its bytes.
    pub body: bool,
    /// JSON pointers whose values may differ, with all that is below them.
    pub ignored: Vec<String>,
}

impl Compare {
    /// Status and body.
    pub fn usual() -> Self {
        Self {
            status: true,
            headers: false,
            body: true,
            ignored: Vec::new(),
        }
    }

    /// Reads `status,headers,body`, or `none`.
    ///
    /// # Errors
    /// When a word is none of these.
    pub fn read(words: &[String]) -> Result<Self, String> {
        let mut compare = Self::default();
        for word in words {
            match word.as_str() {
                "status" => compare.status = true,
                "headers" => compare.headers = true,
                "body" => compare.body = true,
                "none" if words.len() == 1 => {}
                other => {
                    return Err(format!(
                        "`{other}` is not status, headers or body, nor none by itself"
                    ));
                }
            }
        }
        Ok(compare)
    }

    /// What the new answer does not have as the recorded one had it.
    pub(super) fn differences(
        &self,
        then: Option<&RecordedAnswer>,
        now: Option<&Answered>,
        show_secrets: bool,
    ) -> Vec<String> {
        if !(self.status || self.headers || self.body) {
            return Vec::new();
        }
        let Some(then) = then else {
            return vec!["no answer was recorded: nothing can be compared".to_owned()];
        };
        let Some(now) = now else {
            return vec![format!(
                "expected an answer ({} as recorded), found none",
                then.status
            )];
        };
        let mut found = Vec::new();
        if self.status && then.status != now.status {
            found.push(format!(
                "expected status {} as recorded, found {}",
                then.status, now.status
            ));
        }
        if self.headers {
            headers(then, now, &mut found);
        }
        if self.body {
            self.body(then, now, show_secrets, &mut found);
        }
        let more = found.len().saturating_sub(TOLD);
        found.truncate(TOLD);
        if more > 0 {
            found.push(format!("{more} more differences"));
        }
        found
    }

    fn body(
        &self,
        then: &RecordedAnswer,
        now: &Answered,
        show_secrets: bool,
        found: &mut Vec<String>,
    ) {
        if let Some(why) = &then.body.omitted {
            found.push(format!("the recorded body cannot be compared: {why}"));
            return;
        }
        if then.body.truncated {
            found.push("the recorded body cannot be compared: it was cut".to_owned());
            return;
        }
        let Ok(before) = decoded(&then.body) else {
            found.push("the recorded body cannot be compared: it is not base64".to_owned());
            return;
        };
        let coding = then
            .headers
            .iter()
            .find(|field| field.0 == "content-encoding");
        let before = match coding.filter(|_| then.body.decoded.is_none()) {
            Some(field) => {
                match crate::net::dial::decoded(before, &field.1, now.body.len().max(4 << 20)) {
                    Ok(before) => before,
                    Err(why) => {
                        found.push(format!("the recorded body cannot be compared: {why}"));
                        return;
                    }
                }
            }
            None => before,
        };
        let parsed = |bytes: &[u8]| json::bounded(bytes).ok().flatten();
        match (parsed(&before), parsed(&now.body)) {
            (Some(before), Some(after)) => {
                let shown = |field: &str, value: &Value| shown(field, value, show_secrets);
                self.values("", &before, &after, &shown, found);
            }
            _ if before == now.body => {}
            _ if fits(&before, &now.body) => {}
            (before_json, after_json) => {
                let kind = |json: &Option<Value>| {
                    if json.is_some() {
                        "JSON"
                    } else {
                        "other bytes"
                    }
                };
                found.push(format!(
                    "expected the recorded body ({} bytes, {}), found another one ({} bytes, {})",
                    before.len(),
                    kind(&before_json),
                    now.body.len(),
                    kind(&after_json)
                ));
            }
        }
    }

    fn values(
        &self,
        at: &str,
        then: &Value,
        now: &Value,
        shown: &dyn Fn(&str, &Value) -> String,
        found: &mut Vec<String>,
    ) {
        if self.ignored.iter().any(|pointer| pointer == at) {
            return;
        }
        let place = if at.is_empty() { "the whole body" } else { at };
        match (then, now) {
            (Value::Object(before), Value::Object(after)) => {
                let added = after.keys().filter(|name| !before.contains_key(*name));
                for name in before.keys().chain(added) {
                    let below = format!("{at}/{}", name.replace('~', "~0").replace('/', "~1"));
                    match (before.get(name), after.get(name)) {
                        (Some(before), Some(after)) => {
                            self.values(&below, before, after, shown, found);
                        }
                        _ if self.ignored.contains(&below) => {}
                        (Some(before), None) => found.push(format!(
                            "expected {} at {below} as recorded, found nothing",
                            shown(name, before)
                        )),
                        (None, Some(after)) => found.push(format!(
                            "expected nothing at {below} as recorded, found {}",
                            shown(name, after)
                        )),
                        (None, None) => {}
                    }
                }
            }
            (Value::Array(before), Value::Array(after)) if before.len() == after.len() => {
                for (index, (before, after)) in before.iter().zip(after).enumerate() {
                    self.values(&format!("{at}/{index}"), before, after, shown, found);
                }
            }
            (Value::String(text), _) if stands_for_any(text) => {}
            (Value::String(text), Value::String(seen)) if redact::fits(text, seen) => {}
            _ if then == now => {}
            _ => {
                let field = at.rsplit('/').next().unwrap_or_default();
                found.push(format!(
                    "expected {} at {place} as recorded, found {}",
                    shown(field, then),
                    shown(field, now)
                ));
            }
        }
    }
}

/// Whether a body is the recorded one, but for what was taken out of that.
fn fits(recorded: &[u8], now: &[u8]) -> bool {
    let texts = (std::str::from_utf8(recorded), std::str::from_utf8(now));
    matches!(texts, (Ok(recorded), Ok(now)) if redact::fits(recorded, now))
}

fn headers(then: &RecordedAnswer, now: &Answered, found: &mut Vec<String>) {
    let counts = |name: &str| !VOLATILE.contains(&name);
    let names: std::collections::BTreeSet<&str> = then
        .headers
        .iter()
        .map(|field| field.0.as_str())
        .chain(now.headers.iter().map(|field| field.name.as_str()))
        .filter(|name| counts(name))
        .collect();
    for name in names {
        // Both as they may be shown: what is a credential is not compared.
        let before: Vec<String> = then
            .headers
            .iter()
            .filter(|field| field.0 == name)
            .map(|field| redact::header(name, &field.1))
            .collect();
        let after: Vec<&str> = now
            .headers
            .iter()
            .filter(|field| field.name == name)
            .map(|field| field.value.as_str())
            .collect();
        let secret = before.iter().any(|value| stands_for_any(value));
        if before != after && (!secret || after.is_empty()) {
            let list = |empty: bool, joined: String| {
                if empty {
                    "none".to_owned()
                } else {
                    format!("`{joined}`")
                }
            };
            found.push(format!(
                "expected header {name} {} as recorded, found {}",
                list(before.is_empty(), before.join(", ")),
                list(after.is_empty(), after.join(", "))
            ));
        }
    }
}

/// A value fit to be shown.
fn shown(field: &str, value: &Value, show_secrets: bool) -> String {
    let text = match value {
        Value::String(text) if !show_secrets => {
            Value::from(redact::field(field, text).into_owned()).to_string()
        }
        value if show_secrets => value.to_string(),
        value => redact::body(&value.to_string()).into_owned(),
    };
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}...", &text[..at]),
        None => text,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::facts::{RecordedBody, RecordedHeader};

    fn then(body: &str) -> RecordedAnswer {
        RecordedAnswer {
            status: 200,
            headers: vec![RecordedHeader(
                "content-type".to_owned(),
                "text/x".to_owned(),
            )],
            body: RecordedBody {
                content: body.into(),
                ..RecordedBody::default()
            },
            ..RecordedAnswer::default()
        }
    }

    fn now(body: &str) -> Answered {
        Answered {
            status: 200,
            version: "HTTP/1.1".to_owned(),
            headers: Vec::new(),
            body: body.as_bytes().to_vec(),
            body_bytes: body.len(),
            problem: None,
            cut: false,
        }
    }

    #[test]
    fn json_is_compared_by_its_values() {
        let before = json!({"a": 1, "b": {"c": [1, 2]}, "t": "<<field:token>>", "gone": true});
        let after = json!({"b": {"c": [1, 3]}, "a": 1, "t": "hunter2", "new/x": null, "password": "hunter2"});
        let compare = Compare::usual();
        let found = compare.differences(
            Some(&then(&before.to_string())),
            Some(&now(&after.to_string())),
            false,
        );
        assert_eq!(
            found,
            [
                "expected 2 at /b/c/1 as recorded, found 3",
                "expected true at /gone as recorded, found nothing",
                "expected nothing at /new~1x as recorded, found null",
                "expected nothing at /password as recorded, found \"[redacted: password]\"",
            ]
        );
        let ignoring = Compare {
            ignored: ["/b", "/gone", "/new~1x", "/password"]
                .map(str::to_owned)
                .to_vec(),
            ..compare
        };
        let found = ignoring.differences(
            Some(&then(&before.to_string())),
            Some(&now(&after.to_string())),
            false,
        );
        assert_eq!(found, Vec::<String>::new());
    }

    #[test]
    fn what_is_asked_for_is_compared_and_nothing_else() {
        let all = Compare::read(&["status".into(), "headers".into(), "body".into()]).unwrap();
        let found = all.differences(Some(&then("a")), Some(&now("b")), false);
        assert_eq!(found.len(), 2, "{found:?}");
        assert!(found[0].contains("content-type"), "{found:?}");
        let none = Compare::read(&["none".into()]).unwrap();
        assert_eq!(
            none.differences(Some(&then("a")), None, false),
            Vec::<String>::new()
        );
        assert!(Compare::read(&["none".into(), "body".into()]).is_err());
        assert_eq!(all.differences(Some(&then("a")), None, false).len(), 1);
    }
}

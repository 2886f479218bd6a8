//! What a request's body holds, and what is kept of it.
//!
//! For: `http`. Must not: outlive its turn with more than the budgets allow. Unpacked and parsed, a
//! body takes many times its size: all of that is gone when [`look`] returns.

use std::{collections::BTreeMap, sync::Arc};

use hyper::http::request::Parts;
use serde_json::Value;

use super::{
    body,
    budget::Share,
    record::{CallRecorder, Kept},
};
use crate::{
    dialogflow,
    facts::{BodyOmitted, RequestKind},
    parse::{json, redact},
    profiles::RequestFormat,
};

/// Bytes of session parameters kept, names and values.
const PARAMETERS: usize = 64 * 1024;

/// A body, as far as it is kept.
#[derive(Debug)]
pub(super) struct Payload {
    pub(super) body: Arc<str>,
    pub(super) omitted: Option<BodyOmitted>,
    /// The content coding that was undone.
    pub(super) coding: Option<String>,
    pub(super) json_ok: Option<bool>,
    /// What kept it from being unpacked or parsed.
    pub(super) json_problem: Option<String>,
    pub(super) kind: RequestKind,
    pub(super) parameters: Option<BTreeMap<String, String>>,
    /// What was not looked at because there is too much of it.
    pub(super) limit: Option<String>,
    /// The answer that fits, and its media type.
    pub(super) answer: (Vec<u8>, &'static str),
    /// The bytes as they came, where they are recorded.
    pub(super) recorded: Option<Kept>,
}

/// What a body is looked into with.
pub(super) struct Looking<'a> {
    /// Its content coding, as the header field says.
    pub(super) coding: Option<&'a str>,
    /// The most that is unpacked of it.
    pub(super) limit: usize,
    /// What may be kept of it.
    pub(super) share: &'a Share,
    /// Whether credentials stay readable.
    pub(super) show_secrets: bool,
    /// The request whose body it is, where it is answered here.
    pub(super) asked: Option<(&'a Parts, &'a [&'static RequestFormat])>,
    /// Who records it, and why it is not whole.
    pub(super) record: Option<(&'a CallRecorder, Option<&'a str>)>,
}

/// Unpacks a body within bounds and looks into it.
pub(super) fn look(bytes: Vec<u8>, looking: &Looking<'_>) -> Payload {
    let Looking {
        coding,
        limit,
        share,
        show_secrets,
        asked,
        record,
    } = *looking;
    let original = record.filter(|_| coding.is_some()).map(|_| bytes.clone());
    let decoded = body::decode(bytes, coding, limit);
    let recorded = record.map(|(record, problem)| {
        let original = original.as_deref().unwrap_or(&decoded.bytes);
        record.request_body(original, &decoded, problem)
    });
    drop(original);
    let mut over = None;
    let (json_ok, value, problem) = match decoded.bytes.as_slice() {
        [] => (None, None, None),
        bytes => match json::bounded(bytes) {
            Ok(Some(value)) => (Some(true), Some(value), None),
            Ok(None) => {
                over = Some(format!(
                    "the JSON holds more than {} values, the most that is looked into",
                    json::MOST_VALUES
                ));
                (Some(true), None, None)
            }
            Err(error) => (Some(false), None, Some(crate::failure::json(&error))),
        },
    };
    let kind = value
        .as_ref()
        .map_or(RequestKind::Other, dialogflow::request_kind);
    let parameters = value
        .as_ref()
        .and_then(|value| dialogflow::session_parameters(kind, value))
        .filter(|parameters| {
            let fits = length(parameters) <= PARAMETERS;
            if !fits {
                over = Some(format!(
                    "the session parameters are longer than {PARAMETERS} bytes, the most that is kept"
                ));
            }
            fits
        });
    let own = asked.and_then(|(head, formats)| {
        let (method, query) = (head.method.as_str(), head.uri.query());
        let mut formats = formats.iter();
        formats.find_map(|format| format.answer_to(method, query, value.as_ref()))
    });
    let (answer, kind_of_answer) = own.unwrap_or_else(|| {
        let answer = dialogflow::default_answer(kind, value.as_ref());
        (answer.to_string(), "application/json")
    });
    // The tree is let go of before the text is made.
    drop::<Option<Value>>(value);
    let (body, omitted) = share.keep(&decoded.bytes, |text| {
        redact::body_unless(show_secrets, text)
    });
    Payload {
        body,
        omitted,
        coding: decoded.coding,
        json_ok,
        // What kept the body from being unpacked is the cause of whatever JSON then says.
        json_problem: decoded.problem.or(problem),
        kind,
        parameters,
        limit: over,
        answer: (answer.into_bytes(), kind_of_answer),
        recorded,
    }
}

fn length(parameters: &BTreeMap<String, String>) -> usize {
    parameters
        .iter()
        .map(|(name, value)| name.len() + value.len())
        .sum()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::net::{budget::Budgets, plan::Limits};

    fn seen(body: String) -> Payload {
        let share = Share::new(&Budgets::new(&Limits::default()));
        let looking = Looking {
            coding: None,
            limit: 4 << 20,
            share: &share,
            show_secrets: false,
            asked: None,
            record: None,
        };
        look(body.into_bytes(), &looking)
    }

    #[test]
    fn session_parameters_are_kept_up_to_their_bound() {
        let request = |length: usize| {
            let value = "x".repeat(length);
            format!(
                r#"{{"fulfillmentInfo":{{"tag":"t"}},"sessionInfo":{{"parameters":{{"k":"{value}"}}}}}}"#
            )
        };
        let short = seen(request(1000));
        assert_eq!(short.kind, RequestKind::Cx);
        assert_eq!((short.parameters.unwrap().len(), short.limit), (1, None));
        let long = seen(request(PARAMETERS));
        assert_eq!(long.parameters, None);
        assert!(long.limit.unwrap().contains("65536 bytes"));
    }

    #[test]
    fn json_of_too_many_values_is_json_that_was_not_looked_into() {
        let payload = seen(format!("[{}0]", "0,".repeat(json::MOST_VALUES)));
        assert_eq!(
            (payload.json_ok, payload.kind),
            (Some(true), RequestKind::Other)
        );
        assert!(payload.limit.unwrap().contains("200000 values"));
    }
}

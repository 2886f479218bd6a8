//! The answer that a request gets when its owner gave none.

use serde_json::{Value, json};

use super::field;
use crate::facts::RequestKind;

/// How much of the request's own words an answer repeats, in characters.
const QUOTED: usize = 80;

/// A small answer that is valid for `kind`; the same request always gets the same one.
///
/// It says that `mtls listen` gave it and names the intent (ES) or the tag (CX) of `request`, so
/// that the person who typed "Hi" sees which call arrived. It does not claim that a client
/// certificate came: only the listener's report knows.
pub fn default_answer(kind: RequestKind, request: Option<&Value>) -> Value {
    let about = request.and_then(|request| subject(kind, request));
    let about = about.map_or_else(String::new, |about| format!(" for \"{about}\""));
    let text = format!(
        "This is mtls listen. It saw the handshake and the request{about}; its report says how mutual TLS went."
    );
    match kind {
        RequestKind::Es => json!({
            "fulfillmentText": text,
            "fulfillmentMessages": [{"text": {"text": [text]}}],
        }),
        RequestKind::Cx => json!({
            "fulfillmentResponse": {"messages": [{"text": {"text": [text]}}]},
        }),
        RequestKind::Other => json!({"message": text}),
    }
}

/// The display name of the matched intent, or the fulfillment's tag, made harmless: printable and
/// short.
fn subject(kind: RequestKind, request: &Value) -> Option<String> {
    let said = match kind {
        RequestKind::Es => field(
            field(field(request, "queryResult")?, "intent")?,
            "displayName",
        )?,
        RequestKind::Cx => field(field(request, "fulfillmentInfo")?, "tag")?,
        RequestKind::Other => return None,
    };
    let clean: String = said
        .as_str()?
        .chars()
        .filter(|letter| !letter.is_control())
        .take(QUOTED)
        .collect();
    (!clean.trim().is_empty()).then_some(clean)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogflow::{ANSWER_LIMIT, cx_hi_request, es_hi_request};

    /// The fields of `WebhookResponse` in google.cloud.dialogflow.v2 (googleapis f8291d2b,
    /// 2026-08-22).
    const ES: [&str; 7] = [
        "fulfillmentText",
        "fulfillmentMessages",
        "source",
        "payload",
        "outputContexts",
        "followupEventInput",
        "sessionEntityTypes",
    ];
    /// The fields of `WebhookResponse` in google.cloud.dialogflow.cx.v3 (the same commit).
    const CX: [&str; 6] = [
        "fulfillmentResponse",
        "pageInfo",
        "sessionInfo",
        "payload",
        "targetPage",
        "targetFlow",
    ];

    fn keys(value: &Value) -> Vec<&str> {
        value
            .as_object()
            .unwrap()
            .keys()
            .map(String::as_str)
            .collect()
    }

    /// `Intent.Message` (v2) and `ResponseMessage` (cx.v3): `text` is a `Text`, whose `text` is a
    /// list of strings.
    fn assert_text_message(messages: &Value) {
        let [message] = messages.as_array().unwrap().as_slice() else {
            panic!("one message");
        };
        assert_eq!(keys(message), ["text"]);
        assert_eq!(keys(&message["text"]), ["text"]);
        let texts = message["text"]["text"].as_array().unwrap();
        assert!(texts.iter().all(Value::is_string) && texts.len() == 1);
        assert!(texts[0].as_str().unwrap().contains("mtls listen"));
    }

    #[test]
    fn es_answers_are_webhook_responses() {
        for request in [None, Some(&es_hi_request())] {
            let answer = default_answer(RequestKind::Es, request);
            assert!(keys(&answer).iter().all(|key| ES.contains(key)), "{answer}");
            assert!(answer["fulfillmentText"].is_string());
            assert_text_message(&answer["fulfillmentMessages"]);
        }
    }

    #[test]
    fn cx_answers_are_webhook_responses() {
        for request in [None, Some(&cx_hi_request())] {
            let answer = default_answer(RequestKind::Cx, request);
            assert!(keys(&answer).iter().all(|key| CX.contains(key)), "{answer}");
            assert_eq!(keys(&answer["fulfillmentResponse"]), ["messages"]);
            assert_text_message(&answer["fulfillmentResponse"]["messages"]);
        }
    }

    #[test]
    fn the_answer_names_what_arrived() {
        let es = default_answer(RequestKind::Es, Some(&es_hi_request()));
        assert!(es.to_string().contains("Default Welcome Intent"), "{es}");
        let cx = default_answer(RequestKind::Cx, Some(&cx_hi_request()));
        assert!(cx.to_string().contains("simulated-hi"), "{cx}");
    }

    #[test]
    fn hostile_requests_get_a_small_answer() {
        let long = "\u{1b}[31m".repeat(100_000);
        let request = json!({
            "queryResult": {"intent": {"displayName": long}},
            "fulfillmentInfo": {"tag": long},
        });
        for kind in [RequestKind::Es, RequestKind::Cx, RequestKind::Other] {
            let answer = default_answer(kind, Some(&request)).to_string();
            assert!(answer.len() < ANSWER_LIMIT / 64, "{}", answer.len());
            assert!(!answer.contains("u001b"));
        }
        for request in [
            json!(null),
            json!([]),
            json!({"queryResult": {"intent": 7}}),
        ] {
            let plain = default_answer(RequestKind::Es, None);
            assert_eq!(default_answer(RequestKind::Es, Some(&request)), plain);
        }
    }
}

//! An answer's body, measured against the WebhookResponse of the request's own API.

use serde_json::Value;

use super::{Api, field, schema};
use crate::{
    facts::{AnswerFacts, AnswerProblem, AnswerProblemKind, BodyShape},
    parse::escape,
};

/// Characters of the answer's words that are kept.
const SAID: usize = 200;

/// Measures an answer's body. Any bytes are good enough to be looked at.
pub fn judge(api: Api, body: &[u8]) -> AnswerFacts {
    let text = String::from_utf8_lossy(body);
    let text = text.trim_start_matches('\u{feff}').trim();
    if text.is_empty() {
        return AnswerFacts {
            shape: BodyShape::Empty,
            ..AnswerFacts::default()
        };
    }
    let value = match serde_json::from_slice::<Value>(body) {
        Ok(value) => value,
        Err(error) => {
            let shape = if text.starts_with('<') {
                BodyShape::Html
            } else {
                BodyShape::Other
            };
            if api == Api::CxFlexible {
                // What its owner answers need not be JSON.
                return AnswerFacts {
                    shape,
                    ..AnswerFacts::default()
                };
            }
            let begins: String = text.chars().take(40).collect();
            return AnswerFacts {
                shape,
                problems: vec![AnswerProblem {
                    pointer: String::new(),
                    kind: AnswerProblemKind::NotJson,
                    wanted: "a JSON object".to_owned(),
                    seen: format!(
                        "`{}` ({})",
                        escape::text(&begins),
                        crate::failure::json(&error)
                    ),
                }],
                ..AnswerFacts::default()
            };
        }
    };
    let shape = if value.is_object() {
        BodyShape::Json
    } else {
        BodyShape::OtherJson
    };
    if shape == BodyShape::OtherJson && api != Api::CxFlexible {
        return AnswerFacts {
            shape,
            problems: vec![AnswerProblem {
                pointer: String::new(),
                kind: AnswerProblemKind::NotAnObject,
                wanted: "an object".to_owned(),
                seen: schema::shown(&value),
            }],
            ..AnswerFacts::default()
        };
    }
    let walk = schema::walk(api, "WebhookResponse", &value);
    let outermost: Vec<&str> = value
        .as_object()
        .into_iter()
        .flat_map(|fields| fields.keys().map(String::as_str))
        .collect();
    let read_fields = outermost
        .iter()
        .filter(|key| schema::reads(api, key))
        .count();
    AnswerFacts {
        shape,
        problems: walk.problems,
        unknown_fields: walk.unknown,
        near_misses: walk.near,
        read_fields,
        read_by: read_by(api, &outermost),
        spelling: walk.spelling,
        says: says(api, &value)
            .map(|said| escape::text(&said.chars().take(SAID).collect::<String>())),
    }
}

/// Outermost fields that answers of Dialogflow's former v1 API had and no later one reads
/// (dialogflow-fulfillment-nodejs at 18fed83, src/v1-agent.js, which writes them for v1 agents).
const V1: [&str; 3] = ["speech", "displayText", "contextOut"];

/// The API that reads one of these fields, where `api` does not.
fn read_by(api: Api, outermost: &[&str]) -> Option<String> {
    if api == Api::CxFlexible {
        return None;
    }
    let unread = || outermost.iter().filter(|key| !schema::reads(api, key));
    let other = Api::ALL
        .into_iter()
        .find(|other| unread().any(|key| schema::reads(*other, key)));
    match other {
        Some(other) => Some(other.sender().to_owned()),
        None => unread()
            .any(|key| V1.contains(key))
            .then(|| "the former v1 API of Dialogflow ES".to_owned()),
    }
}

/// The first words that a user would get to see: `fulfillmentText` or the first text message in ES,
/// the first text message in CX.
fn says(api: Api, value: &Value) -> Option<&str> {
    let messages = match api {
        Api::EsV2 | Api::EsV2Beta1 => {
            if let Some(text) = field(value, "fulfillmentText").and_then(Value::as_str)
                && !text.is_empty()
            {
                return Some(text);
            }
            field(value, "fulfillmentMessages")?
        }
        Api::CxV3 => field(field(value, "fulfillmentResponse")?, "messages")?,
        Api::CxFlexible => return None,
    };
    messages.as_array()?.iter().find_map(|message| {
        let texts = field(field(message, "text")?, "text")?.as_array()?;
        texts.iter().find_map(Value::as_str)
    })
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;
    use crate::{
        dialogflow::default_answer,
        facts::{RequestKind, Spelling},
    };
    use AnswerProblemKind::{
        BadValue, DuplicateField, NotAnObject, NotJson, OneOf, OutOfRange, UnknownEnum, WrongType,
        WrongTypedEmpty,
    };

    fn problems(api: Api, body: Value) -> Vec<(String, AnswerProblemKind)> {
        judge(api, body.to_string().as_bytes())
            .problems
            .into_iter()
            .map(|problem| (problem.pointer, problem.kind))
            .collect()
    }

    fn is_named(
        api: Api,
        answers: impl IntoIterator<Item = (Value, &'static str, AnswerProblemKind)>,
    ) {
        for (body, pointer, kind) in answers {
            assert_eq!(
                problems(api, body.clone()),
                [(pointer.to_owned(), kind)],
                "{body}"
            );
        }
    }

    /// It passed: nothing in them is wrong, and nothing is read.
    #[test]
    fn what_is_read_of_an_answer_is_counted_and_the_rest_is_placed() {
        let of = |api, body: Value| judge(api, body.to_string().as_bytes());
        let es = of(Api::EsV2, json!({"foo": 1}));
        assert_eq!((es.read_fields, &es.read_by), (0, &None));
        let v1 = of(Api::EsV2, json!({"speech": "Hi", "source": "me"}));
        assert_eq!(v1.read_fields, 1);
        assert!(v1.read_by.is_some_and(|api| api.contains("v1")));
        let es_for_cx = of(Api::CxV3, json!({"fulfillmentText": "Hi"}));
        assert_eq!(es_for_cx.read_by.as_deref(), Some("Dialogflow ES"));
        assert_eq!(es_for_cx.read_fields, 0);
        let cx_for_es = of(Api::EsV2, json!({"fulfillment_response": {"messages": []}}));
        assert_eq!(cx_for_es.read_by.as_deref(), Some("Dialogflow CX"));
        for (body, pointer, meant) in [
            (
                json!({"fulfilmentText": "Hi"}),
                "/fulfilmentText",
                "fulfillmentText",
            ),
            (
                json!({"FulfillmentText": "Hi"}),
                "/FulfillmentText",
                "fulfillmentText",
            ),
            (
                json!({"fulfillmentMessages": [{"text": {"txet": ["Hi"]}}]}),
                "/fulfillmentMessages/0/text/txet",
                "text",
            ),
        ] {
            let facts = of(Api::EsV2, body);
            let near: Vec<_> = facts
                .near_misses
                .iter()
                .map(|near| (near.pointer.as_str(), near.meant.as_str()))
                .collect();
            assert_eq!(near, [(pointer, meant)]);
        }
        let good = of(Api::EsV2, json!({"fulfillment_text": "Hi", "x-trace": 1}));
        assert_eq!((good.read_fields, good.near_misses.len()), (1, 0));
    }

    #[test]
    fn faults_of_es_answers_are_named_by_pointer() {
        is_named(
            Api::EsV2,
            [
                (
                    json!({"fulfillmentText": []}),
                    "/fulfillmentText",
                    WrongTypedEmpty,
                ),
                (
                    json!({"fulfillmentText": {}}),
                    "/fulfillmentText",
                    WrongTypedEmpty,
                ),
                (
                    json!({"fulfillment_text": 7}),
                    "/fulfillment_text",
                    WrongType,
                ),
                (
                    json!({"fulfillmentMessages": ""}),
                    "/fulfillmentMessages",
                    WrongTypedEmpty,
                ),
                (
                    json!({"fulfillmentMessages": {}}),
                    "/fulfillmentMessages",
                    WrongTypedEmpty,
                ),
                (
                    json!({"fulfillmentMessages": [null]}),
                    "/fulfillmentMessages/0",
                    WrongType,
                ),
                (
                    json!({"fulfillmentMessages": [{"text": {"text": "Hi"}}]}),
                    "/fulfillmentMessages/0/text/text",
                    WrongType,
                ),
                (
                    json!({"fulfillmentMessages": [{"text": {}, "card": {}}]}),
                    "/fulfillmentMessages/0/card",
                    OneOf,
                ),
                (
                    json!({"fulfillmentMessages": [{"platform": "FACEBOK"}]}),
                    "/fulfillmentMessages/0/platform",
                    UnknownEnum,
                ),
                (json!({"payload": []}), "/payload", WrongTypedEmpty),
                (
                    json!({"outputContexts": [{"lifespanCount": 1.5}]}),
                    "/outputContexts/0/lifespanCount",
                    BadValue,
                ),
                (
                    json!({"outputContexts": [{"lifespanCount": 1e12}]}),
                    "/outputContexts/0/lifespanCount",
                    OutOfRange,
                ),
                (
                    json!({"fulfillmentText": "a", "fulfillment_text": "b"}),
                    "/fulfillment_text",
                    DuplicateField,
                ),
                (json!([]), "", NotAnObject),
            ],
        );
    }

    #[test]
    fn faults_of_cx_answers_are_named_by_pointer() {
        is_named(
            Api::CxV3,
            [
                (
                    json!({"targetPage": "p", "targetFlow": "f"}),
                    "/targetFlow",
                    OneOf,
                ),
                (
                    json!({"fulfillmentResponse": {"mergeBehavior": "ADD"}}),
                    "/fulfillmentResponse/mergeBehavior",
                    UnknownEnum,
                ),
                (
                    json!({"sessionInfo": {"parameters": []}}),
                    "/sessionInfo/parameters",
                    WrongTypedEmpty,
                ),
                (json!({"sessionInfo": ""}), "/sessionInfo", WrongTypedEmpty),
                (json!("ok"), "", NotAnObject),
            ],
        );
    }

    #[test]
    fn what_the_json_form_allows_is_no_fault() {
        for (api, body) in [
            (Api::EsV2, json!({})),
            (Api::EsV2, json!({"fulfillmentText": null, "payload": null})),
            (
                Api::EsV2,
                json!({"fulfillment_messages": [{"text": {"text": ["Hi"]}}]}),
            ),
            (
                Api::EsV2,
                json!({"fulfillmentMessages": [{"platform": 3}, {"platform": 99}]}),
            ),
            (
                Api::EsV2,
                json!({"outputContexts": [{"lifespanCount": "5"}, {"lifespanCount": 5.0}]}),
            ),
            (
                Api::EsV2,
                json!({"somethingNew": 1, "followupEventInput": {"name": "e", "parameters": {"a": [1]}}}),
            ),
            (Api::EsV2Beta1, json!({"endInteraction": true})),
            (
                Api::CxV3,
                json!({"session_info": {"parameters": {"a": null, "b": [1]}}}),
            ),
            (Api::CxFlexible, json!([1, 2])),
            (Api::CxFlexible, json!("words")),
            (Api::CxFlexible, json!({"fulfillmentText": []})),
        ] {
            assert_eq!(problems(api, body.clone()), [], "{body}");
        }
        for (api, kind) in [
            (Api::EsV2, RequestKind::Es),
            (Api::EsV2Beta1, RequestKind::Es),
            (Api::CxV3, RequestKind::Cx),
        ] {
            assert_eq!(problems(api, default_answer(kind, None)), []);
        }
    }

    #[test]
    fn the_shape_and_the_words_are_told() {
        let html = judge(Api::EsV2, b"\n <br />\n<b>Warning</b>: mysqli");
        assert_eq!(html.shape, BodyShape::Html);
        assert_eq!(html.problems[0].kind, NotJson);
        assert_eq!(judge(Api::EsV2, b" \n").shape, BodyShape::Empty);
        assert_eq!(judge(Api::EsV2, b"ok").shape, BodyShape::Other);
        assert_eq!(judge(Api::EsV2, &[0xff; 100]).shape, BodyShape::Other);
        let snake = judge(
            Api::EsV2,
            br#"{"fulfillment_messages":[{"text":{"text":["Hi\u001b[31m"]}}],"unknown/field":1}"#,
        );
        assert_eq!(snake.spelling, Spelling::Snake);
        assert_eq!(snake.unknown_fields, ["/unknown~1field"]);
        assert!(!snake.says.unwrap().contains('\u{1b}'));
        assert_eq!(judge(Api::CxFlexible, b"plain words").problems, []);
        let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
        assert_eq!(judge(Api::EsV2, deep.as_bytes()).problems[0].kind, NotJson);
    }

    proptest! {
        #[test]
        fn any_bytes_are_looked_at(bytes in proptest::collection::vec(any::<u8>(), 0..400)) {
            for api in Api::ALL {
                let _ = judge(api, &bytes);
            }
        }

        #[test]
        fn a_hostile_answer_is_told_within_bounds(count in 0_usize..300) {
            let body = json!({"fulfillmentMessages": vec![Value::Null; count]});
            prop_assert!(judge(Api::EsV2, body.to_string().as_bytes()).problems.len() <= 50);
        }
    }
}

//! Whole requests to order: another text, an event, a language, parameters; everything else as in
//! the example.

use serde_json::{Map, Value, json};

use super::{Api, cx_hi_request, es_hi_request};

/// What a request is to say.
#[derive(Clone, Debug)]
pub struct RequestSpec {
    /// The API.
    pub api: Api,
    /// What the user said.
    pub text: String,
    /// An event in place of what the user said.
    pub event: Option<String>,
    /// The language, a BCP 47 tag.
    pub language: String,
    /// The session: an id, or a whole name.
    pub session: Option<String>,
    /// The tag of the fulfilment (CX).
    pub tag: Option<String>,
    /// A body to begin with in place of the example.
    pub base: Option<Value>,
    /// JSON pointers and what to put there, in order.
    pub set: Vec<(String, Value)>,
}

/// Builds the body.
///
/// # Errors
/// When a pointer of `set` leads nowhere; names the pointer and what stands in its way.
pub fn build(spec: &RequestSpec) -> Result<Value, String> {
    let mut body = match &spec.base {
        Some(base) => base.clone(),
        None => match spec.api {
            Api::EsV2 => es(spec),
            Api::EsV2Beta1 => es_beta(spec),
            Api::CxV3 => cx(spec),
            Api::CxFlexible => flexible(spec),
        },
    };
    for (pointer, value) in &spec.set {
        set(&mut body, pointer, value.clone())?;
    }
    Ok(body)
}

/// Whether this is the example's own text.
fn greets(spec: &RequestSpec) -> bool {
    spec.event.is_none() && spec.text == "Hi"
}

fn es(spec: &RequestSpec) -> Value {
    let mut body = es_hi_request();
    if let Some(session) = &spec.session {
        let session = full(session, "projects/simulated-project/agent");
        body["queryResult"]["outputContexts"][0]["name"] =
            json!(format!("{session}/contexts/__system_counters__"));
        body["session"] = json!(session);
    }
    let result = &mut body["queryResult"];
    result["languageCode"] = json!(spec.language);
    if !greets(spec) {
        // ES puts the event's name where the user's words would be.
        result["queryText"] = json!(spec.event.as_ref().unwrap_or(&spec.text));
        result["parameters"] = json!({"simulated-parameter": "simulated value"});
        result["action"] = json!("simulated.action");
        result["intent"]["displayName"] = json!("Simulated Intent");
    }
    body
}

/// v2beta1 has what v2 has, and the alternatives beside the result.
fn es_beta(spec: &RequestSpec) -> Value {
    let mut body = es(spec);
    let mut alternative = body["queryResult"].clone();
    alternative["intentDetectionConfidence"] = json!(0.5);
    body["alternativeQueryResults"] = json!([alternative]);
    body
}

fn cx(spec: &RequestSpec) -> Value {
    let mut body = cx_hi_request();
    let session = body["sessionInfo"]["session"].as_str().unwrap_or_default();
    let agent = session
        .split_once("/sessions/")
        .map_or("", |(agent, _)| agent)
        .to_owned();
    if let Some(session) = &spec.session {
        body["sessionInfo"]["session"] = json!(full(session, &agent));
    }
    if let Some(tag) = &spec.tag {
        body["fulfillmentInfo"]["tag"] = json!(tag);
    }
    body["languageCode"] = json!(spec.language);
    body["languageInfo"]["inputLanguageCode"] = json!(spec.language);
    body["languageInfo"]["resolvedLanguageCode"] = json!(spec.language);
    body["sentimentAnalysisResult"] = json!({"score": 0.2, "magnitude": 0.2});
    body["sessionInfo"]["parameters"] = json!({"simulated-parameter": "simulated value"});
    body["pageInfo"]["formInfo"] = json!({"parameterInfo": [{
        "displayName": "simulated-parameter",
        "required": true,
        "state": "FILLED",
        "value": "simulated value",
        "justCollected": true,
    }]});
    if let Some(event) = &spec.event {
        if let Some(fields) = body.as_object_mut() {
            fields.shift_remove("text");
        }
        body["triggerEvent"] = json!(event);
    } else {
        body["text"] = json!(spec.text);
    }
    if !greets(spec) {
        body["intentInfo"]["displayName"] = json!("Simulated Intent");
        body["intentInfo"]["parameters"] = json!({"simulated-parameter": {
            "originalValue": "simulated value",
            "resolvedValue": "simulated value",
        }});
    }
    body
}

/// The body of a flexible webhook is its owner's own; a small one stands for it.
fn flexible(spec: &RequestSpec) -> Value {
    json!({
        "text": spec.event.as_ref().unwrap_or(&spec.text),
        "languageCode": spec.language,
        "parameters": {"simulated-parameter": "simulated value"},
    })
}

fn full(session: &str, agent: &str) -> String {
    if session.contains('/') {
        session.to_owned()
    } else {
        format!("{agent}/sessions/{session}")
    }
}

/// Reads `/json/pointer=value`; a value that is not JSON is a text.
///
/// # Errors
/// When there is no `=` or the pointer does not begin with `/`.
pub fn parse_set(text: &str) -> Result<(String, Value), String> {
    let (pointer, value) = text
        .split_once('=')
        .ok_or("expected /json/pointer=value, found no `=`")?;
    if !pointer.starts_with('/') {
        return Err(
            "expected a JSON pointer that begins with `/`, as in /queryResult/queryText=Hi"
                .to_owned(),
        );
    }
    let value = serde_json::from_str(value).unwrap_or_else(|_| Value::String(value.to_owned()));
    Ok((pointer.to_owned(), value))
}

/// Puts `value` at `pointer` (RFC 6901), making objects on the way; `-` goes to the end of a list.
pub(super) fn set(body: &mut Value, pointer: &str, value: Value) -> Result<(), String> {
    let mut at = body;
    let mut path = String::new();
    for token in pointer.split('/').skip(1) {
        let key = token.replace("~1", "/").replace("~0", "~");
        if at.is_null() {
            *at = Value::Object(Map::new());
        }
        at = match at {
            Value::Object(fields) => fields.entry(key).or_insert(Value::Null),
            Value::Array(items) => {
                let length = items.len();
                let index = if key == "-" {
                    length
                } else {
                    key.parse().map_err(|_| {
                        format!("{pointer}: {path} is a list of {length}: expected an index or `-`, found `{key}`")
                    })?
                };
                if index == length {
                    items.push(Value::Null);
                }
                items.get_mut(index).ok_or_else(|| {
                    format!("{pointer}: {path} is a list of {length}: there is no index {index}")
                })?
            }
            other => {
                return Err(format!(
                    "{pointer}: {path} is {}, which has no members",
                    super::schema::shown(other)
                ));
            }
        };
        path.push('/');
        path.push_str(token);
    }
    *at = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::dialogflow::schema::walk;

    fn spec(api: Api) -> RequestSpec {
        RequestSpec {
            api,
            text: "Hi".to_owned(),
            event: None,
            language: "en".to_owned(),
            session: None,
            tag: None,
            base: None,
            set: Vec::new(),
        }
    }

    #[test]
    fn every_request_keeps_the_schema() {
        for api in Api::ALL {
            for (text, event) in [
                ("Hi", None),
                ("Bestell eine Pizza", None),
                ("Hi", Some("WELCOME")),
            ] {
                for session in [None, Some("abc"), Some("projects/p/agent/sessions/s")] {
                    let body = build(&RequestSpec {
                        text: text.to_owned(),
                        event: event.map(str::to_owned),
                        session: session.map(str::to_owned),
                        language: "de".to_owned(),
                        tag: Some("order".to_owned()),
                        ..spec(api)
                    })
                    .unwrap();
                    let walk = walk(api, "WebhookRequest", &body);
                    assert!(
                        walk.problems.is_empty() && walk.unknown.is_empty(),
                        "{api:?} {walk:?}"
                    );
                    assert!(body.to_string().contains("\"de\""));
                    if let (Some(session), true) = (session, api != Api::CxFlexible) {
                        assert!(body.to_string().contains(&format!(
                            "sessions/{}",
                            session.rsplit('/').next().unwrap()
                        )));
                    }
                }
            }
        }
    }

    #[test]
    fn the_examples_own_request_stays_as_it_is() {
        assert_eq!(build(&spec(Api::EsV2)).unwrap(), es_hi_request());
        let kind = crate::dialogflow::request_kind;
        assert_eq!(
            kind(&build(&spec(Api::EsV2Beta1)).unwrap()),
            crate::facts::RequestKind::Es
        );
        assert_eq!(
            kind(&build(&spec(Api::CxV3)).unwrap()),
            crate::facts::RequestKind::Cx
        );
        assert_eq!(
            kind(&build(&spec(Api::CxFlexible)).unwrap()),
            crate::facts::RequestKind::Other
        );
    }

    #[test]
    fn pointers_set_and_make() {
        let mut wanted = spec(Api::EsV2);
        for text in [
            "/queryResult/queryText=Bye",
            "/queryResult/parameters/city=\"Rome\"",
            "/a/b~1c=7",
            "/queryResult/outputContexts/-={\"name\":\"n\"}",
        ] {
            wanted.set.push(parse_set(text).unwrap());
        }
        let body = build(&wanted).unwrap();
        assert_eq!(body["queryResult"]["queryText"], "Bye");
        assert_eq!(body["queryResult"]["parameters"]["city"], "Rome");
        assert_eq!(body["a"]["b/c"], 7);
        assert_eq!(body["queryResult"]["outputContexts"][1]["name"], "n");
    }

    #[test]
    fn pointers_that_lead_nowhere_say_why() {
        for (text, why) in [
            ("/responseId/x=1", "which has no members"),
            ("/queryResult/outputContexts/9=1", "there is no index 9"),
            ("/queryResult/outputContexts/x=1", "expected an index"),
        ] {
            let mut wanted = spec(Api::EsV2);
            wanted.set.push(parse_set(text).unwrap());
            let problem = build(&wanted).unwrap_err();
            assert!(problem.contains(why), "{problem}");
        }
        assert!(
            parse_set("queryResult=1")
                .unwrap_err()
                .contains("begins with `/`")
        );
        assert!(parse_set("/a").unwrap_err().contains("no `=`"));
    }
}

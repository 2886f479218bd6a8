//! The session's parameters in a request.

use std::collections::BTreeMap;

use serde_json::Value;

use super::field;
use crate::facts::RequestKind;

/// The parameters that a request carries, their values as JSON texts; `None` for a body that is no
/// webhook request.
///
/// CX has them in `sessionInfo.parameters`. ES has no session parameters: what the owner's own
/// server gives to `detectIntent` comes back in `originalDetectIntentRequest.payload` and in the
/// parameters of the output contexts; the parameters of the intent itself count last.
pub fn session_parameters(kind: RequestKind, body: &Value) -> Option<BTreeMap<String, String>> {
    let mut found = BTreeMap::new();
    let mut add = |object: Option<&Value>| {
        for (name, value) in object.and_then(Value::as_object).into_iter().flatten() {
            found
                .entry(name.clone())
                .or_insert_with(|| value.to_string());
        }
    };
    match kind {
        RequestKind::Cx => {
            add(field(body, "sessionInfo").and_then(|session| field(session, "parameters")))
        }
        RequestKind::Es => {
            add(field(body, "originalDetectIntentRequest")
                .and_then(|original| field(original, "payload")));
            if let Some(result) = field(body, "queryResult") {
                let contexts = field(result, "outputContexts").and_then(Value::as_array);
                for context in contexts.into_iter().flatten() {
                    add(field(context, "parameters"));
                }
                add(field(result, "parameters"));
            }
        }
        RequestKind::Other => return None,
    }
    Some(found)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn parameters_are_found_where_each_api_has_them() {
        let cx = json!({"session_info": {"parameters": {"secret": "s", "n": 1}}});
        let found = session_parameters(RequestKind::Cx, &cx).unwrap();
        assert_eq!(found["secret"], "\"s\"");
        assert_eq!(found["n"], "1");
        let es = json!({
            "originalDetectIntentRequest": {"payload": {"secret": "a"}},
            "queryResult": {"outputContexts": [{"parameters": {"secret": "b", "x": true}}], "parameters": {"y": null}},
        });
        let found = session_parameters(RequestKind::Es, &es).unwrap();
        assert_eq!(
            (found["secret"].as_str(), found["x"].as_str()),
            ("\"a\"", "true")
        );
        assert!(session_parameters(RequestKind::Other, &cx).is_none());
        assert!(
            session_parameters(RequestKind::Cx, &json!([]))
                .unwrap()
                .is_empty()
        );
    }
}

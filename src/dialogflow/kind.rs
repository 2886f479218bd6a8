//! Which webhook request a body is.

use serde_json::Value;

use super::field;
use crate::facts::RequestKind;

/// Objects that only an ES request has.
const ES_OBJECTS: [&str; 2] = ["queryResult", "originalDetectIntentRequest"];
/// Objects that only a CX request has.
const CX_OBJECTS: [&str; 4] = ["fulfillmentInfo", "sessionInfo", "pageInfo", "intentInfo"];

/// Tells the requests apart. The first line that fits decides; a field counts only when its type is
/// the schema's, so that a stranger's `"pageInfo": 3` decides nothing, and unknown fields are
/// ignored, as its documentation asks for.
///
/// | the body | is |
/// |---|---|
/// | is no object | `Other` |
/// | has the object `queryResult` or `originalDetectIntentRequest` | `Es` |
/// | has the object `fulfillmentInfo`, `sessionInfo`, `pageInfo` or `intentInfo` | `Cx` |
/// | has the text `detectIntentResponseId` | `Cx` |
/// | has the texts `session` and `responseId` | `Es` |
/// | has none of these (a CX flexible webhook's body is its owner's own) | `Other` |
///
/// ES v2 and v2beta1 differ in optional fields only and are not told apart.
pub fn request_kind(body: &Value) -> RequestKind {
    let object = |name: &str| field(body, name).is_some_and(Value::is_object);
    let text = |name: &str| field(body, name).is_some_and(Value::is_string);
    if ES_OBJECTS.iter().any(|name| object(name)) {
        RequestKind::Es
    } else if CX_OBJECTS.iter().any(|name| object(name)) || text("detectIntentResponseId") {
        RequestKind::Cx
    } else if text("session") && text("responseId") {
        RequestKind::Es
    } else {
        RequestKind::Other
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;
    use crate::dialogflow::{cx_hi_request, es_hi_request};

    #[test]
    fn every_line_of_the_table_decides() {
        for (body, kind) in [
            (es_hi_request(), RequestKind::Es),
            (cx_hi_request(), RequestKind::Cx),
            (json!({"query_result": {}}), RequestKind::Es),
            (json!({"originalDetectIntentRequest": {}}), RequestKind::Es),
            (json!({"fulfillment_info": {"tag": "x"}}), RequestKind::Cx),
            (json!({"sessionInfo": {}}), RequestKind::Cx),
            (json!({"pageInfo": {}}), RequestKind::Cx),
            (json!({"intent_info": {}}), RequestKind::Cx),
            (json!({"detectIntentResponseId": "1"}), RequestKind::Cx),
            (json!({"detect_intent_response_id": "1"}), RequestKind::Cx),
            (json!({"session": "s", "responseId": "r"}), RequestKind::Es),
            (json!({"session": "s", "response_id": "r"}), RequestKind::Es),
            (json!({"session": "s"}), RequestKind::Other),
            (json!({"queryResult": null}), RequestKind::Other),
            (
                json!({"queryResult": "x", "pageInfo": 3}),
                RequestKind::Other,
            ),
            (
                json!({"queryResult": null, "pageInfo": {}}),
                RequestKind::Cx,
            ),
            (json!({}), RequestKind::Other),
            (json!([{"queryResult": {}}]), RequestKind::Other),
            (json!("queryResult"), RequestKind::Other),
            (json!(null), RequestKind::Other),
        ] {
            assert_eq!(request_kind(&body), kind, "{body}");
        }
    }
}

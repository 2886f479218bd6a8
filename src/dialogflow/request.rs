//! The requests that Dialogflow sends when somebody says "Hi".

use base64::{Engine, engine::general_purpose::URL_SAFE_NO_PAD};
use serde_json::{Value, json};

use crate::profiles::BearerToken;

/// The session of the example.
const SESSION: &str = "58ab33f3-b57a-aae9-fb23-8306242d4871";

/// The headers of the example call in "Mutual TLS authentication"
/// (cloud.google.com/dialogflow/docs/fulfillment-mtls, the version with the `s_server` output, seen
/// 2026-11-23), spelled as there. `Authorization`, which is a secret, and what the HTTP library
/// writes (`Host`, `Content-Length`, `Connection`) are left out. The call was HTTP/1.1.
pub fn headers() -> &'static [(&'static str, &'static str)] {
    &[
        ("content-type", "application/json"),
        ("Accept", "*/*"),
        ("User-Agent", "Google-Dialogflow"),
        ("Accept-Encoding", "gzip, deflate, br"),
    ]
}

/// An Authorization value shaped like the service identity token that Dialogflow sends by default
/// (claims: fulfillment-webhook page, updated 2026-04-13, and common verification code; `aud` is
/// not documented and stands here as the webhook's URL). It is not signed by anyone: its third part
/// says so. `now` is in seconds since 1970; the token's life is an hour.
pub fn simulated_bearer(sender: &BearerToken, audience: &str, now: i64) -> String {
    let part = |value: &[u8]| URL_SAFE_NO_PAD.encode(value);
    let header = json!({"alg": "RS256", "kid": "simulated-by-mtls", "typ": "JWT"});
    let claims = simulated_claims(sender, audience, now);
    format!(
        "Bearer {}.{}.{}",
        part(header.to_string().as_bytes()),
        part(claims.to_string().as_bytes()),
        part(b"simulated by mtls, not a signature")
    )
}

/// The claims of such a token, those of the profile; the project's number is all zeroes.
pub fn simulated_claims(sender: &BearerToken, audience: &str, now: i64) -> Value {
    json!({
        "iss": sender.issuers.first(),
        "aud": audience,
        "email": sender.email.replace("{project-number}", "000000000000"),
        "email_verified": true,
        "iat": now,
        "exp": now.saturating_add(3600),
    })
}

/// The ES v2 WebhookRequest of the same page, the agent of the quickstart greeted with "Hi". The
/// page shows it cut; the message of the intent was added after `QueryResult` in
/// `google/cloud/dialogflow/v2/session.proto` (2026-08-22). `simulated-project` stands where the
/// page has `PROJECT-ID`.
pub fn es_hi_request() -> Value {
    let session = format!("projects/simulated-project/agent/sessions/{SESSION}");
    let greeting = "Hi! How can I help?";
    json!({
        "responseId": "96c0029a-149d-4f5d-b225-0b0bb0f0c8d9-afbcf665",
        "queryResult": {
            "queryText": "Hi",
            "action": "input.welcome",
            "parameters": {},
            "allRequiredParamsPresent": true,
            "fulfillmentText": greeting,
            "fulfillmentMessages": [{"text": {"text": [greeting]}}],
            "outputContexts": [{
                "name": format!("{session}/contexts/__system_counters__"),
                "parameters": {"no-input": 0.0, "no-match": 0.0},
            }],
            "intent": {
                "name": "projects/simulated-project/agent/intents/399277d6-2ed7-4329-840d-8baa0f60480e",
                "displayName": "Default Welcome Intent",
            },
            "intentDetectionConfidence": 1.0,
            "languageCode": "en",
            "sentimentAnalysisResult": {"queryTextSentiment": {"score": 0.2, "magnitude": 0.2}},
        },
        "originalDetectIntentRequest": {"source": "DIALOGFLOW_CONSOLE", "payload": {}},
        "session": session,
    })
}

/// The same greeting as a CX v3 WebhookRequest of a standard webhook. No page shows one for mutual
/// TLS: this one is made after `WebhookRequest` in `google/cloud/dialogflow/cx/v3/webhook.proto`
/// (2026-08-22), identifiers included.
pub fn cx_hi_request() -> Value {
    let agent =
        "projects/simulated-project/locations/global/agents/5fa1d0c4-2f0b-4f6e-9d3a-6a1c8e7b9d10";
    json!({
        "detectIntentResponseId": "96c0029a-149d-4f5d-b225-0b0bb0f0c8d9",
        "text": "Hi",
        "languageCode": "en",
        "fulfillmentInfo": {"tag": "simulated-hi"},
        "intentInfo": {
            "lastMatchedIntent": format!("{agent}/intents/399277d6-2ed7-4329-840d-8baa0f60480e"),
            "displayName": "Default Welcome Intent",
            "confidence": 1.0,
        },
        "pageInfo": {
            "currentPage": format!("{agent}/flows/7c1b9a52-3e4d-4b8f-8a60-d2f5e7c91b34/pages/START_PAGE"),
            "displayName": "Start Page",
        },
        "sessionInfo": {"session": format!("{agent}/sessions/{SESSION}"), "parameters": {}},
        "messages": [{"text": {"text": ["Hi! How can I help?"]}}],
        "languageInfo": {
            "inputLanguageCode": "en",
            "resolvedLanguageCode": "en",
            "confidenceScore": 1.0,
        },
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn assert_only(value: &Value, allowed: &[&str]) {
        for key in value.as_object().unwrap().keys() {
            assert!(allowed.contains(&key.as_str()), "{key}");
        }
    }

    /// The names are those of googleapis f8291d2b (2026-08-22), google.cloud.dialogflow.v2.
    #[test]
    fn the_es_request_has_only_fields_of_the_schema() {
        let request = es_hi_request();
        assert_only(
            &request,
            &[
                "session",
                "responseId",
                "queryResult",
                "originalDetectIntentRequest",
            ],
        );
        assert_only(
            &request["queryResult"],
            &[
                "queryText",
                "languageCode",
                "speechRecognitionConfidence",
                "action",
                "parameters",
                "allRequiredParamsPresent",
                "cancelsSlotFilling",
                "fulfillmentText",
                "fulfillmentMessages",
                "webhookSource",
                "webhookPayload",
                "outputContexts",
                "intent",
                "intentDetectionConfidence",
                "diagnosticInfo",
                "sentimentAnalysisResult",
            ],
        );
        assert_only(
            &request["originalDetectIntentRequest"],
            &["source", "version", "payload"],
        );
        assert_only(
            &request["queryResult"]["outputContexts"][0],
            &["name", "lifespanCount", "parameters"],
        );
        assert_eq!(request["queryResult"]["queryText"], "Hi");
    }

    /// The names are those of the same commit, google.cloud.dialogflow.cx.v3.
    #[test]
    fn the_cx_request_has_only_fields_of_the_schema() {
        let request = cx_hi_request();
        assert_only(
            &request,
            &[
                "detectIntentResponseId",
                "text",
                "triggerIntent",
                "transcript",
                "triggerEvent",
                "dtmfDigits",
                "languageCode",
                "fulfillmentInfo",
                "intentInfo",
                "pageInfo",
                "sessionInfo",
                "messages",
                "payload",
                "sentimentAnalysisResult",
                "languageInfo",
            ],
        );
        assert_only(&request["fulfillmentInfo"], &["tag"]);
        assert_only(
            &request["intentInfo"],
            &[
                "lastMatchedIntent",
                "displayName",
                "parameters",
                "confidence",
            ],
        );
        assert_only(
            &request["pageInfo"],
            &["currentPage", "displayName", "formInfo"],
        );
        assert_only(&request["sessionInfo"], &["session", "parameters"]);
        assert_only(
            &request["languageInfo"],
            &[
                "inputLanguageCode",
                "resolvedLanguageCode",
                "confidenceScore",
            ],
        );
        assert_eq!(request["text"], "Hi");
    }

    #[test]
    fn requests_are_the_same_every_time() {
        assert_eq!(es_hi_request().to_string(), es_hi_request().to_string());
        assert_eq!(cx_hi_request().to_string(), cx_hi_request().to_string());
    }

    #[test]
    fn no_header_that_the_http_library_writes() {
        for (name, _) in headers() {
            for written in ["host", "content-length", "connection", "authorization"] {
                assert!(!name.eq_ignore_ascii_case(written));
            }
        }
    }
}

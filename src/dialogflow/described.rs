//! Requests that a profile describes (`[[request]]`): what is sent, and whether the answer is one
//! that the sender takes.
//!
//! Everything about the sender comes from the profile; Dialogflow's own requests are made by
//! `build` and measured against a schema, which a profile cannot hold.

use serde_json::Value;

use super::{Api, judge, set};
use crate::{
    facts::{AnswerFacts, AnswerProblem, AnswerProblemKind},
    parse::escape,
    profiles::{AnswerRule, RequestFormat},
};

/// Characters of an answer that a problem repeats.
const QUOTED: usize = 60;
/// In an answer rule: a boolean, whichever.
const ANY_BOOLEAN: &str = "true|false";

/// The path with the format's query behind it.
pub fn path(format: &RequestFormat, path: &str) -> String {
    match &format.query {
        Some(query) => {
            let between = if path.contains('?') { '&' } else { '?' };
            format!("{path}{between}{}", format.filled(query))
        }
        None => path.to_owned(),
    }
}

/// The body, with `set` put into it where it is JSON; `base` in its place where given.
///
/// # Errors
/// When a pointer of `set` leads nowhere, or the body is no JSON to set anything in.
pub fn body(
    format: &RequestFormat,
    base: Option<Value>,
    pointers: &[(String, Value)],
) -> Result<String, String> {
    let filled = format.body.as_deref().map(|body| format.filled(body));
    if pointers.is_empty() && base.is_none() {
        return Ok(filled.unwrap_or_default());
    }
    let mut value = match base {
        Some(base) => base,
        None => serde_json::from_str(&filled.unwrap_or_default())
            .map_err(|_| "the request's body is not JSON".to_owned())?,
    };
    for (pointer, new) in pointers {
        set(&mut value, pointer, new.clone())?;
    }
    Ok(value.to_string())
}

/// An answer against the rule of its format.
pub fn judge_described(format: &RequestFormat, status: u16, body: &[u8]) -> AnswerFacts {
    let mut facts = judge(Api::CxFlexible, body);
    facts.problems.clear();
    let rule = &format.answer;
    if !rule.status.is_empty() && (200..300).contains(&status) && !rule.status.contains(&status) {
        let wanted: Vec<String> = rule.status.iter().map(u16::to_string).collect();
        facts.problems.push(problem(
            "status",
            format!("status {}", wanted.join(" or ")),
            status.to_string(),
        ));
    }
    let text = String::from_utf8_lossy(body);
    facts.problems.extend(of_body(format, rule, text.trim()));
    facts
}

fn problem(pointer: &str, wanted: String, seen: String) -> AnswerProblem {
    AnswerProblem {
        pointer: pointer.to_owned(),
        kind: AnswerProblemKind::BadValue,
        wanted,
        seen,
    }
}

/// What is wrong with a body; nothing where one of the ways to say it is met.
fn of_body(format: &RequestFormat, rule: &AnswerRule, body: &str) -> Vec<AnswerProblem> {
    let texts: Vec<String> = rule.text.iter().map(|text| format.filled(text)).collect();
    if texts.iter().any(|text| text == body) || (texts.is_empty() && rule.json.is_empty()) {
        return Vec::new();
    }
    let json: Option<Value> = serde_json::from_str(body).ok();
    let mut misfits = Vec::new();
    for (pointer, wanted) in &rule.json {
        let wanted = format.filled(wanted);
        let found = json.as_ref().and_then(|json| json.pointer(pointer));
        let fits = match found {
            Some(Value::Bool(_)) if wanted == ANY_BOOLEAN => true,
            Some(Value::String(text)) => *text == wanted,
            _ => false,
        };
        if !fits {
            misfits.push(problem(pointer, said(&wanted), shown(found)));
        }
    }
    if !rule.json.is_empty() && (misfits.is_empty() || texts.is_empty()) {
        return misfits;
    }
    let quoted: Vec<String> = texts.iter().map(|text| format!("`{text}`")).collect();
    let start: String = body.chars().take(QUOTED).collect();
    let seen = if start.is_empty() {
        "an empty body".to_owned()
    } else {
        format!("`{}`", escape::text(&start))
    };
    vec![problem(
        "",
        format!("the body {}", quoted.join(" or ")),
        seen,
    )]
}

fn said(wanted: &str) -> String {
    if wanted == ANY_BOOLEAN {
        "true or false".to_owned()
    } else {
        format!("\"{wanted}\"")
    }
}

fn shown(found: Option<&Value>) -> String {
    match found {
        None => "nothing".to_owned(),
        Some(value) => escape::text(&value.to_string().chars().take(QUOTED).collect::<String>()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profiles;

    fn format(profile: &str) -> &'static RequestFormat {
        &profiles::find(profile).unwrap().request[0]
    }

    fn problems(profile: &str, status: u16, body: &str) -> Vec<String> {
        let facts = judge_described(format(profile), status, body.as_bytes());
        facts.problems.into_iter().map(|one| one.pointer).collect()
    }

    #[test]
    fn every_format_sends_what_it_says() {
        for profile in profiles::all() {
            for format in &profile.request {
                let sent = body(format, None, &[]).unwrap();
                let json = format.headers.values().any(|value| value.contains("json"));
                assert_eq!(
                    serde_json::from_str::<Value>(&sent).is_ok(),
                    json,
                    "{}",
                    profile.name
                );
                let all = path(format, "/hook") + &sent;
                assert_eq!(format.unfilled(&all), None, "{}", profile.name);
            }
        }
    }

    /// The words are those of the pages that the profiles name.
    #[test]
    fn each_sender_has_a_rule_of_its_own() {
        let review = |uid: &str, allowed: &str| {
            format!(
                r#"{{"apiVersion":"admission.k8s.io/v1","kind":"AdmissionReview","response":{{"uid":"{uid}","allowed":{allowed}}}}}"#
            )
        };
        let uid = &format("kubernetes-admission").values["uid"];
        let admission = "kubernetes-admission";
        assert!(problems(admission, 200, &review(uid, "false")).is_empty());
        assert_eq!(
            problems(admission, 200, &review("x", "true")),
            ["/response/uid"]
        );
        assert_eq!(
            problems(admission, 200, &review(uid, "1")),
            ["/response/allowed"]
        );
        assert_eq!(problems(admission, 200, "no").len(), 4);
        let challenge = &format("slack").values["challenge"];
        for good in [
            challenge.clone(),
            format!("challenge={challenge}"),
            format!(r#"{{"challenge":"{challenge}"}}"#),
        ] {
            assert!(problems("slack", 200, &good).is_empty(), "{good}");
        }
        assert_eq!(problems("slack", 200, r#"{"ok":true}"#), [""]);
        assert_eq!(problems("slack", 201, challenge), ["status"]);
        let echo = &format("meta-webhooks").values["challenge"];
        assert!(problems("meta-webhooks", 200, &format!("{echo}\n")).is_empty());
        assert_eq!(problems("meta-webhooks", 200, "ok"), [""]);
        assert!(problems("pagerduty", 202, "").is_empty());
    }

    #[test]
    fn hostile_answers_are_told_within_bounds() {
        let long = "\u{1b}[31m".repeat(100_000);
        let facts = judge_described(format("slack"), 200, long.as_bytes());
        assert!(facts.problems[0].seen.len() < 1_000);
        assert!(!facts.problems[0].seen.contains('\u{1b}'));
    }
}

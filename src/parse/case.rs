//! Recorded cases (`*.case.json`) as they are read: those of this version, of others, and of
//! strangers.
//!
//! For: `jobs`, whichever command is given one. Must not: take a file for a case because of its
//! name; read more than its bounds allow; hold a private key.

use std::sync::Arc;

use serde_json::Value;

use super::{cert, escape, json, pem};
use crate::{
    facts::{CASE_KIND, CaseFile, Certificate},
    failure,
};

/// The version of the shape that is read.
const VERSION: &str = "1";
/// How much of a text is looked at to tell whether it is a case.
const HEAD: usize = 512;
/// Exchanges, certificates of a chain, anchors and redactions that are read of a case.
const MOST: usize = 2_000;
/// The longest case, in bytes: `listen` keeps much less of a connection.
const LONGEST: usize = 64 << 20;

/// A case that was read.
pub type Read = CaseFile<Value>;

/// Whether a file is a recorded case, by its first keys.
pub fn is_case(bytes: &[u8]) -> bool {
    let head = &bytes[..bytes.len().min(HEAD)];
    let head = head.trim_ascii_start();
    let has = |key: &[u8], value: &[u8]| {
        let at = head.windows(key.len()).position(|window| window == key);
        at.is_some_and(|at| {
            let rest = head[at + key.len()..].trim_ascii_start();
            let rest = rest.strip_prefix(b":").map(<[u8]>::trim_ascii_start);
            rest.is_some_and(|rest| rest.starts_with(value))
        })
    };
    head.starts_with(b"{") && has(b"\"kind\"", b"\"case\"") && has(b"\"schema_version\"", b"\"")
}

/// Reads a case; `name` is what to call it.
///
/// # Errors
/// When it is none, in words that begin with its name.
pub fn read(name: &str, bytes: &[u8]) -> Result<Read, String> {
    let wrong = |why: String| format!("{name}: {why}");
    if bytes.len() > LONGEST {
        return Err(wrong(format!(
            "{} bytes are more than a case can need (at most {LONGEST})",
            bytes.len()
        )));
    }
    let value = match json::bounded(bytes) {
        Err(error) => return Err(wrong(format!("not a case: {}", failure::json(&error)))),
        Ok(None) => {
            return Err(wrong(format!(
                "not a case: more than {} values of JSON",
                json::MOST_VALUES
            )));
        }
        Ok(Some(value)) => value,
    };
    let text = |value: Option<&Value>| {
        let text = value.and_then(Value::as_str).unwrap_or_default();
        escape::text(&text.chars().take(40).collect::<String>())
    };
    let by = value.get("tool");
    let by = format!(
        "{} {}",
        text(by.and_then(|tool| tool.get("name"))),
        text(by.and_then(|tool| tool.get("version")))
    );
    let kind = text(value.get("kind"));
    if kind != CASE_KIND {
        return Err(wrong(format!(
            "not a case: expected \"kind\": \"{CASE_KIND}\", found {}",
            if kind.is_empty() {
                "none".to_owned()
            } else {
                format!("\"{kind}\"")
            }
        )));
    }
    let version = text(value.get("schema_version"));
    if version != VERSION {
        return Err(wrong(format!(
            "a case of version \"{version}\", written by {by}; mtls reads version \"{VERSION}\""
        )));
    }
    let case: Read = serde_json::from_value(value).map_err(|error| {
        wrong(format!(
            "not a case that mtls reads: {error}; written by {by}"
        ))
    })?;
    let evidence = &case.evidence;
    for (what, count) in [
        ("exchanges", case.exchanges.len()),
        ("client certificates", evidence.client_chain.len()),
        ("server certificates", evidence.server_chain.len()),
        ("anchors", evidence.anchors.len()),
        ("redactions", case.redactions.len()),
    ] {
        if count > MOST {
            return Err(wrong(format!("{count} {what}: at most {MOST} are read")));
        }
    }
    match unprintable(&case) {
        Some(what) => Err(wrong(format!(
            "{what} has a control character, which no recorded one has"
        ))),
        None => Ok(case),
    }
}

/// The first name or line of HTTP in which something stands that HTTP does not allow there: it
/// would end a line of what is made of the case.
fn unprintable(case: &Read) -> Option<&'static str> {
    let bad = |text: &str| text.chars().any(char::is_control);
    let bad_target = |text: &str| bad(text) || text.contains(' ');
    if bad(&case.id) {
        return Some("its id");
    }
    case.exchanges.iter().find_map(|exchange| {
        let request = &exchange.request;
        let answer = exchange.answer.iter().flat_map(|answer| &answer.headers);
        let mut fields = request.headers.iter().chain(answer);
        if bad_target(&request.method) {
            Some("a method")
        } else if bad_target(&request.target) {
            Some("a target")
        } else if bad(&request.authority) {
            Some("a host name")
        } else if fields.any(|field| bad_target(&field.0) || field.1.contains(['\r', '\n', '\0'])) {
            Some("a header field")
        } else {
            None
        }
    })
}

/// The certificates of a list of PEM texts, in its order; what is no certificate is passed over.
pub fn certificates<'a>(texts: impl Iterator<Item = &'a str>) -> Vec<Arc<Certificate>> {
    texts
        .flat_map(|text| pem::scan(text.as_bytes()))
        .filter(|block| block.label == "CERTIFICATE")
        .filter_map(|block| block.der.ok())
        .map(|der| Arc::new(cert::certificate(&der)))
        .collect()
}

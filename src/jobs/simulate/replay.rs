//! `--replay`: the requests of recorded cases, sent again, and their answers compared.
//!
//! For: `simulate` and scenarios. Must not: call the host that a case was recorded at by itself;
//! send a placeholder as if it were a credential; say that answers are alike of what it did not
//! compare.

use std::{
    collections::BTreeSet,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{CallRequest, Plan, compare::Compare};
use crate::{
    dialogflow::{self, Api},
    facts::{BodyEncoding, RecordedAnswer, RecordedBody, RecordedExchange, Redaction, RequestKind},
    jobs::cases::{self, Values},
    net::dial::{HeaderMap, Method, header},
    parse::{
        case::Read,
        json,
        redact::{self, is_placeholder},
    },
};

/// Header fields that a connection has for itself (RFC 9110 section 7.6.1), and those that are
/// made anew.
const NOT_SENT: &[&str] = &[
    "connection",
    "content-length",
    "expect",
    "host",
    "keep-alive",
    "proxy-connection",
    "te",
    "trailer",
    "transfer-encoding",
    "upgrade",
];
/// Replays of a run.
const MOST: usize = 100_000;

/// What of cases is sent again.
#[derive(Clone)]
pub struct ReplayRequest {
    /// Cases, and directories of them.
    pub cases: Vec<PathBuf>,
    /// What of the answers is compared.
    pub compare: Compare,
    /// Values for placeholders.
    pub values: Values,
}

/// A request that was recorded, ready to be sent.
#[derive(Clone)]
pub struct Replay {
    pub(super) method: Method,
    /// Path and query as they were recorded.
    pub(super) target: String,
    pub(super) headers: HeaderMap,
    pub(super) body: Vec<u8>,
    /// The answer that it had, and how it is compared with the new one.
    pub(super) answer: Option<RecordedAnswer>,
    pub(super) compare: Compare,
}

/// Calls that replay cases, and what there is to say about them beforehand.
pub struct Replays {
    /// The calls.
    pub plans: Vec<Plan>,
    /// What is not sent as it came, and what is not sent at all.
    pub notices: Vec<String>,
}

/// Makes a call of each request of the cases.
///
/// # Errors
/// When a case cannot be read or none has a request; when the target is none.
pub fn replays(asked: &ReplayRequest, request: &CallRequest) -> Result<Replays> {
    let mut plans = Vec::new();
    let mut notices = Vec::new();
    let mut bare = 0_usize;
    let mut open = BTreeSet::new();
    for path in cases::paths(&asked.cases)? {
        let case = cases::read(&path)?;
        if case.exchanges.is_empty() {
            bare += 1;
            continue;
        }
        for (index, exchange) in case.exchanges.iter().enumerate() {
            if plans.len() >= MOST {
                bail!("more than {MOST} requests: name fewer cases");
            }
            let name = match index {
                0 => case.id.clone(),
                index => format!("{} #{}", case.id, index + 1),
            };
            let replay = ready(
                exchange,
                &case,
                asked,
                request,
                &name,
                &mut notices,
                &mut open,
            )
            .with_context(|| path.display().to_string())?;
            let mut own = request.clone();
            own.event = event(&replay.body).unwrap_or(own.event);
            own.replay = Some(Arc::new(replay));
            plans.push(Plan::named(&own, name)?);
        }
    }
    if bare > 0 {
        notices.push(match bare {
            1 => "1 case has no request to replay: its connection came to none".to_owned(),
            bare => {
                format!("{bare} cases have no request to replay: their connections came to none")
            }
        });
    }
    if plans.is_empty() {
        bail!("no case has a request to replay");
    }
    notices.extend(open);
    Ok(Replays { plans, notices })
}

/// The request of a scenario's call.
///
/// # Errors
/// When the case cannot be read or has no request.
pub(super) fn of_scenario(
    path: &Path,
    compare: Compare,
    values: Values,
    request: &CallRequest,
) -> Result<(Replay, Vec<String>)> {
    let case = cases::read(path)?;
    let exchange = case.exchanges.first().with_context(|| {
        format!(
            "{}: has no request to replay: its connection came to none",
            path.display()
        )
    })?;
    let asked = ReplayRequest {
        cases: Vec::new(),
        compare,
        values,
    };
    let (mut notices, mut open) = (Vec::new(), BTreeSet::new());
    let name = case.id.clone();
    let replay = ready(
        exchange,
        &case,
        &asked,
        request,
        &name,
        &mut notices,
        &mut open,
    )
    .with_context(|| path.display().to_string())?;
    notices.extend(open);
    Ok((replay, notices))
}

/// Whose request a body is, where it is one of Dialogflow's; somebody else's answer is its own
/// affair.
pub(super) fn event(body: &[u8]) -> Option<Api> {
    let value = json::bounded(body).ok().flatten();
    let kind = value.as_ref().map(dialogflow::request_kind);
    match kind {
        Some(RequestKind::Es) => None,
        Some(RequestKind::Cx) => Some(Api::CxV3),
        _ => Some(Api::CxFlexible),
    }
}

/// What a request is filled from.
struct Filling<'a> {
    values: &'a Values,
    bearer: Option<&'a str>,
    taken: &'a [Redaction],
    open: &'a mut BTreeSet<String>,
}

impl Filling<'_> {
    /// The text with its placeholders filled; what nobody gave a value for is left out.
    fn fill(&mut self, text: &str, written: fn(&str) -> String) -> String {
        let mut open = Vec::new();
        let known = |name: &str| self.taken.iter().find(|one| one.name == name);
        let empty = std::cell::RefCell::new(&mut open);
        let filled = redact::fill(text, |name| {
            let redaction = known(name)?;
            let value = match self.values.get(name) {
                Some(value) => Some(value.as_str()),
                None if is_bearer(name) => self.bearer,
                None => None,
            };
            if value.is_none() {
                empty.borrow_mut().push(format!(
                    "left empty: <<{name}>> ({}, {}); fill it with --fill {name}=env:VARIABLE",
                    redaction.place, redaction.shape
                ));
            }
            Some(value.map_or_else(String::new, written))
        });
        self.open.extend(open);
        filled
    }
}

/// Whether a placeholder is one of a bearer token in its usual place.
fn is_bearer(name: &str) -> bool {
    let number = name.strip_prefix("bearer");
    number.is_some_and(|rest| rest.is_empty() || rest.starts_with('-'))
}

fn ready(
    exchange: &RecordedExchange,
    case: &Read,
    asked: &ReplayRequest,
    request: &CallRequest,
    name: &str,
    notices: &mut Vec<String>,
    open: &mut BTreeSet<String>,
) -> Result<Replay> {
    let recorded = &exchange.request;
    let method = Method::from_bytes(recorded.method.as_bytes())
        .ok()
        .with_context(|| {
            format!(
                "`{}` is not an HTTP method",
                recorded.method.escape_default()
            )
        })?;
    let token = super::call::bearer_token(request, request.url.as_deref().unwrap_or_default())?;
    let mut filling = Filling {
        values: &asked.values,
        bearer: token.as_deref(),
        taken: &case.redactions,
        open,
    };
    let target = filling.fill(&recorded.target, in_url);
    let (bytes, coded) = body(&recorded.body, &mut filling)?;
    if let Some(why) = &recorded.body.omitted {
        notices.push(format!("{name}: the body is not what came: {why}"));
    } else if recorded
        .body
        .sha256
        .as_deref()
        .is_some_and(|wanted| coded && wanted != sha256(&bytes))
    {
        notices.push(format!(
            "{name}: the body is not byte for byte what came: a signature over it does not fit"
        ));
    }
    let mut headers = HeaderMap::new();
    for field in &recorded.headers {
        let lower = field.0.to_ascii_lowercase();
        let undone = !coded && lower == "content-encoding";
        if NOT_SENT.contains(&lower.as_str()) || lower.starts_with(':') || undone {
            continue;
        }
        let value = filling.fill(&field.1, str::to_owned);
        let name = header::HeaderName::from_bytes(lower.as_bytes())
            .ok()
            .with_context(|| format!("`{}` is not a header name", field.0.escape_default()))?;
        let mut value = header::HeaderValue::from_bytes(value.trim().as_bytes())
            .ok()
            .with_context(|| {
                format!("the value of `{name}` has a character that no header may have")
            })?;
        value.set_sensitive(redact::header(name.as_str(), &field.1) != field.1);
        headers.append(name, value);
    }
    if !coded {
        notices.push(format!(
            "{name}: the body is sent without its content coding, which was undone to redact it"
        ));
    }
    Ok(Replay {
        method,
        target,
        headers,
        body: bytes,
        answer: exchange.answer.clone(),
        compare: asked.compare.clone(),
    })
}

/// The bytes of a body, and whether they have the content coding that they came with.
fn body(recorded: &RecordedBody, filling: &mut Filling<'_>) -> Result<(Vec<u8>, bool)> {
    let coded = recorded.decoded.is_none();
    Ok(match recorded.encoding {
        BodyEncoding::Base64 => {
            let bytes = decoded(recorded)?;
            // Placeholders are ASCII, wherever they stand: each octet as the character of its
            // number, there and back.
            let text: String = bytes.iter().copied().map(char::from).collect();
            if redact::fill(&text, |_| Some(String::new())) == text {
                return Ok((bytes, coded));
            }
            let filled = filling.fill(&text, |value| value.bytes().map(char::from).collect());
            let octet = |letter: char| u8::try_from(u32::from(letter)).unwrap_or(b'?');
            (filled.chars().map(octet).collect(), coded)
        }
        BodyEncoding::Utf8 => {
            let text = &*recorded.content;
            let written: fn(&str) -> String = if text.trim_start().starts_with(['{', '[']) {
                in_json
            } else if !text.contains(char::is_whitespace) && text.contains('=') {
                in_url
            } else {
                str::to_owned
            };
            (filling.fill(text, written).into_bytes(), coded)
        }
    })
}

/// The bytes that a recorded body has, placeholders and all.
///
/// # Errors
/// When it is not written as it says.
pub fn decoded(body: &RecordedBody) -> Result<Vec<u8>> {
    match body.encoding {
        BodyEncoding::Utf8 => Ok(body.content.as_bytes().to_vec()),
        BodyEncoding::Base64 => STANDARD
            .decode(body.content.as_bytes())
            .ok()
            .context("a body is not base64, as it says"),
    }
}

fn sha256(bytes: &[u8]) -> String {
    crate::parse::cert::sha256(bytes)
}

/// A value as it stands within a JSON string.
fn in_json(value: &str) -> String {
    let quoted = Value::from(value).to_string();
    quoted[1..quoted.len() - 1].to_owned()
}

/// A value as it stands in a query or a form.
fn in_url(value: &str) -> String {
    let mut written = String::new();
    for byte in value.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            written.push(char::from(byte));
        } else {
            written.push_str(&format!("%{byte:02X}"));
        }
    }
    written
}

/// The path to call: that of the target's URL where it has one of its own, else the recorded one.
pub(super) fn path(recorded: &str, of_url: &str) -> String {
    let (path, query) = of_url.split_once('?').unwrap_or((of_url, ""));
    let (own, own_query) = recorded.split_once('?').unwrap_or((recorded, ""));
    let path = if matches!(path, "" | "/") { own } else { path };
    let query = if query.is_empty() { own_query } else { query };
    let path = if path.starts_with('/') {
        path.to_owned()
    } else {
        format!("/{path}")
    };
    match query {
        "" => path,
        query => format!("{path}?{query}"),
    }
}

/// Whether a value of a recorded answer stands for a credential.
pub(super) fn stands_for_any(value: &str) -> bool {
    is_placeholder(value)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_path_is_the_recorded_one_unless_the_url_has_one() {
        for (recorded, url, wanted) in [
            ("/hook?a=1", "/", "/hook?a=1"),
            ("/hook?a=1", "", "/hook?a=1"),
            ("/hook?a=1", "/new", "/new?a=1"),
            ("/hook?a=1", "/new?b=2", "/new?b=2"),
            ("*", "/", "/*"),
        ] {
            assert_eq!(path(recorded, url), wanted, "{recorded} {url}");
        }
    }

    #[test]
    fn values_are_written_as_their_place_asks() {
        assert_eq!(in_json("a\"b\\"), "a\\\"b\\\\");
        assert_eq!(in_url("a b&c=\u{e9}"), "a%20b%26c%3D%C3%A9");
    }
}

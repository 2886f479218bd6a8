//! Recorded cases: found, read, judged again, filled.
//!
//! For: `lint`, `simulate --replay`, `mtls case` and `mtls scenario`. Must not: fill a placeholder
//! that nobody gave a value for; call anybody.

use std::{
    collections::BTreeMap,
    fs,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::Value;

use super::{files, simulate};
use crate::{
    facts::{BodyEncoding, RecordedBody, RecordedHeader, Then, TrustStatus},
    failure,
    net::dial,
    parse::{
        case::{self, Read},
        redact::{self, Placeholders},
    },
};

/// The most that a body is unpacked to, in bytes.
const UNPACKED: usize = 64 << 20;

/// What a case's file ends with.
const ENDING: &str = ".case.json";
/// Cases that are read of one directory.
const MOST: usize = 10_000;

/// Reads a case.
///
/// # Errors
/// When the file cannot be read, or is none.
pub(crate) fn read(path: &Path) -> Result<Read> {
    let bytes = files::read(path)?;
    case::read(&path.display().to_string(), &bytes).map_err(anyhow::Error::msg)
}

/// The cases that these paths name, in the order of their names within a directory.
///
/// # Errors
/// When a directory cannot be read, or has none in it.
pub(crate) fn paths(named: &[PathBuf]) -> Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for path in named {
        if !path.is_dir() {
            found.push(path.clone());
            continue;
        }
        let shown = path.display();
        let entries = match fs::read_dir(path) {
            Ok(entries) => entries,
            Err(error) => bail!("{shown}: {}", failure::io(&error)),
        };
        let mut cases: Vec<PathBuf> = entries
            .flatten()
            .map(|entry| entry.path())
            .filter(|path| path.to_string_lossy().ends_with(ENDING) && path.is_file())
            .collect();
        if cases.is_empty() {
            bail!("{shown}: no case in it; expected files whose names end with {ENDING}");
        }
        if cases.len() > MOST {
            bail!(
                "{shown}: {} cases; at most {MOST} are read at once: name some of them",
                cases.len()
            );
        }
        cases.sort();
        found.append(&mut cases);
    }
    Ok(found)
}

/// Values for placeholders, each behind its name.
pub type Values = BTreeMap<String, String>;

/// Reads `NAME=env:VARIABLE` or `NAME=file:PATH`, the value itself with `environment`.
///
/// # Errors
/// When it is neither, or the value is not there.
pub fn given(text: &str, environment: fn(&str) -> Option<String>) -> Result<(String, String)> {
    // The name may have a colon in it, and the value itself is not repeated.
    let Some((name, source)) = text.split_once('=') else {
        bail!("--fill: expected NAME=env:VARIABLE or NAME=file:PATH, found no =");
    };
    let name = name.trim_start_matches("<<").trim_end_matches(">>");
    let value = match source.split_once(':') {
        Some(("env", variable)) => environment(variable)
            .with_context(|| format!("--fill {name}: the variable {variable} is not set"))?,
        Some(("file", path)) => {
            let bytes = files::read(Path::new(path))?;
            let text = String::from_utf8(bytes)
                .ok()
                .with_context(|| format!("--fill {name}: {path}: not UTF-8"))?;
            text.trim_end_matches(['\r', '\n']).to_owned()
        }
        _ => bail!("--fill {name}: expected {name}=env:VARIABLE or {name}=file:PATH"),
    };
    Ok((name.to_owned(), value))
}

/// How the client's chain was judged when the case was recorded.
pub(crate) fn then(case: &Read) -> Then {
    let trust = case.connection.get("trust").and_then(Value::as_array);
    let of_client = trust
        .into_iter()
        .flatten()
        .find(|one| one.get("role").and_then(Value::as_str) == Some("client"));
    let text = |value: Option<&Value>| value.and_then(Value::as_str).map(str::to_owned);
    let status = of_client.and_then(|one| one.get("status")?.as_str());
    Then {
        id: case.id.clone(),
        by: case.tool.clone(),
        judged_at: case.evidence.judged_at,
        status: status.and_then(status_of),
        why: of_client.and_then(|one| text(one.pointer("/problems/0/why"))),
        ending: text(case.connection.pointer("/ending/kind")),
        exchanges: case.exchanges.len(),
    }
}

fn status_of(word: &str) -> Option<TrustStatus> {
    Some(match word {
        "trusted" => TrustStatus::Trusted,
        "untrusted" => TrustStatus::Untrusted,
        "disputed" => TrustStatus::Disputed,
        "unknown" => TrustStatus::Unknown,
        _ => return None,
    })
}

/// A case with its credentials taken out, wherever they stand.
pub fn redacted(mut case: Read, salt: [u8; 32]) -> Read {
    let places = Placeholders::new(&salt);
    let body = |place: &str, body: &mut RecordedBody| {
        let Ok(bytes) = simulate::decoded(body) else {
            return;
        };
        let (changed, safe) = places.body(place, &bytes);
        if let Some(changed) = changed {
            match String::from_utf8(changed) {
                Ok(text) if body.encoding == BodyEncoding::Utf8 => body.content = text.into(),
                Ok(text) => body.content = STANDARD.encode(text).into(),
                Err(octets) => body.content = STANDARD.encode(octets.as_bytes()).into(),
            }
            if !safe {
                body.sha256 = None;
            }
        }
    };
    for exchange in &mut case.exchanges {
        let request = &mut exchange.request;
        request.target = places.target("request.target", &request.target);
        fields(&places, "request.headers", &mut request.headers);
        coded(&request.headers, &mut request.body);
        body("request.body", &mut request.body);
        if let Some(leg) = &mut exchange.forward {
            leg.to = redact::text(&leg.to).into_owned();
        }
        if let Some(answer) = &mut exchange.answer {
            fields(&places, "answer.headers", &mut answer.headers);
            coded(&answer.headers, &mut answer.body);
            body("answer.body", &mut answer.body);
        }
    }
    value(None, &mut case.connection);
    case.redactions.extend(places.redactions());
    case
}

fn fields(places: &Placeholders, place: &str, fields: &mut [RecordedHeader]) {
    for field in fields {
        field.1 = places.header(place, &field.0, &field.1);
    }
}

/// Undoes the content coding of a body, so that what is in it can be seen; what cannot be undone is
/// not kept.
fn coded(fields: &[RecordedHeader], body: &mut RecordedBody) {
    let coding = fields.iter().find(|field| field.0 == "content-encoding");
    let (Some(coding), None) = (coding, &body.decoded) else {
        return;
    };
    if body.content.is_empty() {
        return;
    }
    let bytes = simulate::decoded(body).unwrap_or_default();
    match dial::decoded(bytes, &coding.1, UNPACKED) {
        Ok(bytes) => {
            body.decoded = Some(coding.1.clone());
            match String::from_utf8(bytes) {
                Ok(text) => (body.encoding, body.content) = (BodyEncoding::Utf8, text.into()),
                Err(octets) => {
                    let text = STANDARD.encode(octets.as_bytes());
                    (body.encoding, body.content) = (BodyEncoding::Base64, text.into());
                }
            }
        }
        Err(why) => {
            body.content = "".into();
            body.truncated = true;
            body.omitted = Some(format!(
                "the body is not kept: {why}, so credentials in it could not be found"
            ));
        }
    }
}

/// Takes credentials out of the texts of a value, by the names of its fields and by shape.
fn value(name: Option<&str>, of: &mut Value) {
    match of {
        Value::String(text) => {
            let seen = match name {
                Some(name) => redact::field(name, text).into_owned(),
                None => redact::text(text).into_owned(),
            };
            *text = redact::body(&seen).into_owned();
        }
        Value::Array(values) => values.iter_mut().for_each(|one| value(name, one)),
        Value::Object(fields) => {
            // A header field has its name in a field of its own.
            let header = fields
                .get("name")
                .and_then(Value::as_str)
                .map(str::to_owned);
            let is_field = header.is_some();
            if let (Some(header), Some(Value::String(text))) = (header, fields.get_mut("value")) {
                *text = redact::header(&header, text);
            }
            for (name, one) in fields.iter_mut() {
                // A certificate is no credential, whatever its fields are called.
                if name != "client_chain" && !(is_field && name == "value") {
                    value(Some(name), one);
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}

/// A file of calls for `simulate --scenario`, made of cases; they are named from `folder`.
///
/// # Errors
/// When a case cannot be read, or none has a request.
pub fn scenario(named: &[PathBuf], to: &str, ignored: &[String], folder: &Path) -> Result<String> {
    let text = |value: &str| toml::Value::from(value).to_string();
    let mut calls = String::new();
    let mut bare = String::new();
    for path in paths(named)? {
        let case = read(&path)?;
        let Some(exchange) = case.exchanges.first() else {
            let id = crate::parse::escape::text(&case.id);
            bare += &format!("# {id}: no request arrived, so there is none to replay\n");
            continue;
        };
        calls += &format!("\n[[call]]\nname = {}\n", text(&case.id));
        calls += &format!(
            "replay = {}\n",
            text(&from(folder, &path).display().to_string())
        );
        for one in &case.redactions {
            let variable: String = one
                .name
                .chars()
                .map(|letter| {
                    if letter.is_ascii_alphanumeric() {
                        letter.to_ascii_uppercase()
                    } else {
                        '_'
                    }
                })
                .collect();
            if one.place.starts_with("request.") && !one.name.starts_with("bearer") {
                calls += &format!(
                    "fill.{} = {}\n",
                    text(&one.name),
                    text(&format!("env:{variable}"))
                );
            }
        }
        if let Some(answer) = &exchange.answer {
            calls += &format!("expect = {{ status = {} }}\n", answer.status);
        }
    }
    if calls.is_empty() {
        bail!("no case has a request to make a call of");
    }
    let mut head = format!(
        "# Made of recorded cases: mtls simulate --scenario THIS\nurl = {}\n",
        text(to)
    );
    head += "# What of the answers is compared: status, headers, body\ncompare = [\"status\", \"body\"]\n";
    if !ignored.is_empty() {
        let list: Vec<String> = ignored.iter().map(|pointer| text(pointer)).collect();
        head += &format!("ignore-field = [{}]\n", list.join(", "));
    }
    Ok(head + &bare + &calls)
}

/// A path as it is named from a folder, where both are below one.
fn from(folder: &Path, path: &Path) -> PathBuf {
    let real = |path: &Path| fs::canonicalize(path).ok();
    let start = if folder == Path::new("") {
        Path::new(".")
    } else {
        folder
    };
    match (real(start), real(path)) {
        (Some(start), Some(path)) => match path.strip_prefix(&start) {
            Ok(below) => below.to_owned(),
            Err(_) => path,
        },
        _ => path.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_come_from_the_environment_or_a_file() {
        let environment = |name: &str| (name == "TOKEN").then(|| "t".to_owned());
        let pair = |text: &str| given(text, environment).map_err(|error| error.to_string());
        assert_eq!(
            pair("query:token=env:TOKEN"),
            Ok(("query:token".to_owned(), "t".to_owned()))
        );
        assert_eq!(pair("<<bearer>>=env:TOKEN").unwrap().0, "bearer");
        assert!(
            pair("bearer=env:NONE")
                .unwrap_err()
                .contains("NONE is not set")
        );
        for wrong in ["bearer", "bearer=hunter2"] {
            let said = pair(wrong).unwrap_err();
            assert!(
                said.contains("env:VARIABLE") && !said.contains("hunter2"),
                "{said}"
            );
        }
    }
}

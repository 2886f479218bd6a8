//! The requests of a recorded case for other programs: HAR, curl, Hurl.
//!
//! For: `mtls case export`. Must not: write a credential: what was taken out stays a placeholder, or
//! becomes a variable of the program that gets it.

use std::fmt::Write as _;

use base64::{Engine as _, engine::general_purpose::STANDARD};
use serde_json::{Value, json};

use super::json::TOOL_NAME_AND_VERSION;
use crate::{
    facts::{BodyEncoding, RecordedBody, RecordedExchange, RecordedHeader},
    parse::{case::Read, escape::shell_word, redact},
};

/// What a placeholder begins and ends with.
const OPEN: &str = "<<";
const CLOSE: &str = ">>";
/// The field that names the coding of a body.
const CODING: &str = "content-encoding";
/// What means something in a body of Hurl's.
const OF_HURL: &[&str] = &["```", "{{", "\\"];
/// Header fields that each program makes itself.
const MADE_ANEW: &[&str] = &["connection", "content-length", "host", "transfer-encoding"];

/// A HAR 1.2 document of these cases. TLS, which HAR has no place for, stands in `_tls`.
pub fn har(cases: &[Read]) -> Value {
    let entries: Vec<Value> = cases
        .iter()
        .flat_map(|case| case.exchanges.iter().map(|exchange| entry(case, exchange)))
        .collect();
    let [name, version] = TOOL_NAME_AND_VERSION;
    json!({"log": {
        "version": "1.2",
        "creator": {"name": name, "version": version},
        "pages": [],
        "entries": entries,
    }})
}

fn entry(case: &Read, exchange: &RecordedExchange) -> Value {
    let request = &exchange.request;
    let url = url(exchange);
    let query = request
        .target
        .split_once('?')
        .map_or("", |(_, query)| query);
    let pairs: Vec<Value> = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            json!({"name": name, "value": value})
        })
        .collect();
    let mut asked = json!({
        "method": request.method,
        "url": url,
        "httpVersion": version(&request.http_version),
        "cookies": [],
        "headers": headers(&request.headers),
        "queryString": pairs,
        "headersSize": -1,
        "bodySize": request.body.bytes,
    });
    if request.body.bytes > 0 {
        let mut data = json!({
            "mimeType": mime(&request.headers),
            "params": [],
            "text": &*request.body.content,
        });
        if request.body.encoding == BodyEncoding::Base64 {
            data["_encoding"] = json!("base64");
        }
        asked["postData"] = data;
    }
    let answer = exchange.answer.as_ref();
    let answered = match answer {
        Some(answer) => {
            let mut content = json!({
                "size": answer.body.bytes,
                "mimeType": mime(&answer.headers),
                "text": &*answer.body.content,
            });
            if answer.body.encoding == BodyEncoding::Base64 {
                content["encoding"] = json!("base64");
            }
            json!({
                "status": answer.status,
                "statusText": "",
                "httpVersion": version(&answer.http_version),
                "cookies": [],
                "headers": headers(&answer.headers),
                "content": content,
                "redirectURL": "",
                "headersSize": -1,
                "bodySize": answer.body.bytes,
            })
        }
        // As Chromium writes a request without an answer.
        None => json!({
            "status": 0,
            "statusText": "",
            "httpVersion": "",
            "cookies": [],
            "headers": [],
            "content": {"size": 0, "mimeType": "x-unknown", "text": ""},
            "redirectURL": "",
            "headersSize": -1,
            "bodySize": -1,
            "_error": "nobody waited for an answer",
        }),
    };
    let total = exchange
        .forward
        .as_ref()
        .and_then(|leg| leg.timings_ms.total);
    let wait = total.unwrap_or(0);
    json!({
        "startedDateTime": exchange.started.to_string(),
        "time": wait,
        "request": asked,
        "response": answered,
        "cache": {},
        "timings": {"send": 0, "wait": wait, "receive": 0},
        "_case": case.id,
        "_tls": {
            "protocol": case.connection.get("protocol"),
            "cipher": case.connection.get("cipher"),
            "sni": case.connection.get("sni"),
            "clientCertificate": case.connection.get("client_certificate"),
            "clientChain": &case.evidence.client_chain,
        },
    })
}

fn headers(fields: &[RecordedHeader]) -> Vec<Value> {
    fields
        .iter()
        .map(|field| json!({"name": field.0, "value": field.1}))
        .collect()
}

/// The version as HAR has it; HTTP/1.1 where it is not known.
fn version(version: &str) -> &str {
    match version {
        "" => "HTTP/1.1",
        version => version,
    }
}

fn mime(fields: &[RecordedHeader]) -> &str {
    let mut fields = fields.iter();
    fields
        .find(|field| field.0.eq_ignore_ascii_case("content-type"))
        .map_or("application/octet-stream", |field| &field.1)
}

/// The URL as it was called; what no URL may have is written with per cent.
fn url(exchange: &RecordedExchange) -> String {
    let request = &exchange.request;
    let authority = match request.authority.as_str() {
        "" => "localhost",
        authority => authority,
    };
    let mut url = format!("https://{authority}");
    for letter in request.target.chars() {
        match letter {
            '<' => url.push_str("%3C"),
            '>' => url.push_str("%3E"),
            ' ' => url.push_str("%20"),
            '"' => url.push_str("%22"),
            letter => url.push(letter),
        }
    }
    url
}

/// The placeholders of a text, in order, each with the text before it; then the rest.
fn pieces<'a>(text: &'a str, case: &Read) -> (Vec<(&'a str, &'a str)>, &'a str) {
    let mut found = Vec::new();
    let (mut from, mut at) = (0, 0);
    while let Some(open) = text[at..].find(OPEN).map(|open| at + open) {
        let name = text[open + 2..]
            .find(CLOSE)
            .map(|end| &text[open + 2..open + 2 + end]);
        match name.filter(|name| case.redactions.iter().any(|one| one.name == *name)) {
            Some(name) => {
                found.push((&text[from..open], name));
                from = open + 2 + name.len() + 2;
                at = from;
            }
            None => at = open + 1,
        }
    }
    (found, &text[from..])
}

/// The name of a variable for a placeholder.
fn variable(name: &str) -> String {
    let letter = |letter: char| {
        if letter.is_ascii_alphanumeric() {
            letter.to_ascii_uppercase()
        } else {
            '_'
        }
    };
    let name: String = name.chars().map(letter).collect();
    match name.chars().next() {
        Some(first) if first.is_ascii_digit() => format!("_{name}"),
        _ => name,
    }
}

/// A word of the shell in which placeholders are variables.
fn shell(text: &str, case: &Read, used: &mut Vec<String>) -> String {
    let (found, rest) = pieces(text, case);
    if found.is_empty() {
        return shell_word(text);
    }
    let mut word = String::new();
    let plain = |text: &str| match text {
        "" => String::new(),
        text => format!("'{}'", text.replace('\'', "'\\''")),
    };
    for (before, name) in found {
        let variable = variable(name);
        let _ = write!(word, "{}\"${variable}\"", plain(before));
        if !used.contains(&variable) {
            used.push(variable);
        }
    }
    word + &plain(rest)
}

/// The curl commands that send the requests again.
pub fn curl(cases: &[Read]) -> String {
    let mut text = String::new();
    for case in cases {
        for exchange in &case.exchanges {
            let mut used = Vec::new();
            let command = curl_of(case, exchange, &mut used);
            let _ = writeln!(text, "# {}", case.id);
            for variable in used {
                let _ = writeln!(
                    text,
                    "# set {variable} to the credential that was taken out"
                );
            }
            if let Some(why) = &exchange.request.body.omitted {
                let _ = writeln!(text, "# the body is not what came: {}", one_line(why));
            }
            text.push_str(
                "# add --cert client.pem --key client-key.pem to call with a certificate\n",
            );
            text.push_str(&command);
        }
    }
    text
}

fn curl_of(case: &Read, exchange: &RecordedExchange, used: &mut Vec<String>) -> String {
    let request = &exchange.request;
    let whole = format!("https://{}{}", authority(exchange), request.target);
    let mut options = vec![shell(&whole, case, used)];
    options.push(match request.http_version.as_str() {
        "HTTP/2" => "--http2 --globoff".to_owned(),
        _ => "--http1.1 --globoff".to_owned(),
    });
    match request.method.as_str() {
        "HEAD" => options.push("--head".to_owned()),
        method => options.push(format!("--request {}", shell_word(method))),
    }
    for field in sent(request.headers.iter(), &request.body) {
        let line = match field.1.as_str() {
            "" => format!("{};", field.0),
            value => format!("{}: {value}", field.0),
        };
        options.push(format!("--header {}", shell(&line, case, used)));
    }
    for name in ["accept", "user-agent"] {
        if request.headers.iter().all(|field| field.0 != name) {
            options.push(format!("--header '{name}:'"));
        }
    }
    let mut before = String::new();
    match request.body.encoding {
        _ if request.body.content.is_empty() => {}
        BodyEncoding::Utf8 => options.push(format!(
            "--data-binary {}",
            // What begins with @ is a file's name to curl.
            match request.body.content.strip_prefix('@') {
                Some(_) => {
                    let _ = write!(
                        before,
                        "printf %s {} | ",
                        shell(&request.body.content, case, used)
                    );
                    "@-".to_owned()
                }
                None => shell(&request.body.content, case, used),
            }
        )),
        BodyEncoding::Base64 => {
            let _ = write!(
                before,
                "printf %s {} | base64 -d | ",
                shell_word(&request.body.content)
            );
            options.push("--data-binary @-".to_owned());
        }
    }
    format!("{before}curl {}\n", options.join(" \\\n  "))
}

/// The fields that are sent again.
fn sent<'a>(
    fields: impl Iterator<Item = &'a RecordedHeader>,
    body: &RecordedBody,
) -> impl Iterator<Item = &'a RecordedHeader> {
    let undone = body.decoded.is_some();
    fields.filter(move |field| {
        !(MADE_ANEW.contains(&field.0.as_str()) || undone && field.0 == CODING)
    })
}

fn authority(exchange: &RecordedExchange) -> &str {
    match exchange.request.authority.as_str() {
        "" => "localhost",
        authority => authority,
    }
}

/// The requests as a Hurl file, with the status that was answered.
pub fn hurl(cases: &[Read]) -> String {
    let mut text = String::new();
    for case in cases {
        for exchange in &case.exchanges {
            let request = &exchange.request;
            let template = |text: &str, escaped: fn(&str) -> String| {
                let (found, rest) = pieces(text, case);
                let mut out = String::new();
                for (before, name) in found {
                    let variable = variable(name).to_ascii_lowercase();
                    let _ = write!(out, "{}{{{{{variable}}}}}", escaped(before));
                }
                out + &escaped(rest)
            };
            let _ = writeln!(text, "# {}", case.id);
            let _ = writeln!(
                text,
                "{} https://{}{}",
                request.method,
                authority(exchange),
                template(&request.target, in_hurl_url)
            );
            for field in sent(request.headers.iter(), &request.body) {
                let _ = writeln!(text, "{}: {}", field.0, template(&field.1, hurl_escaped));
            }
            let content = &*request.body.content;
            let (found, _) = pieces(content, case);
            let plain = !OF_HURL.iter().any(|mark| content.contains(*mark));
            match request.body.encoding {
                _ if content.is_empty() => {}
                BodyEncoding::Utf8
                    if plain && !content.contains('\n') && !content.contains('`') =>
                {
                    let mut line = String::new();
                    let (found, rest) = pieces(content, case);
                    for (before, name) in found {
                        let _ = write!(
                            line,
                            "{before}{{{{{}}}}}",
                            variable(name).to_ascii_lowercase()
                        );
                    }
                    let _ = writeln!(text, "`{line}{rest}`");
                }
                BodyEncoding::Utf8 => {
                    if !found.is_empty() {
                        text.push_str(
                            "# the body has placeholders that Hurl cannot fill in base64\n",
                        );
                    }
                    let _ = writeln!(text, "base64,{};", STANDARD.encode(content));
                }
                BodyEncoding::Base64 => {
                    let _ = writeln!(text, "base64,{content};");
                }
            }
            if let Some(answer) = &exchange.answer {
                let _ = writeln!(text, "HTTP {}", answer.status);
            }
            text.push('\n');
        }
    }
    text
}

/// What begins a comment, an escape or a variable in a value of Hurl's, escaped.
fn hurl_escaped(text: &str) -> String {
    let text = text.replace('\\', "\\\\").replace('#', "\\#");
    text.replace("{{", "\\u{7b}\\u{7b}")
}

/// The same for a URL, which has no escapes but its own.
fn in_hurl_url(text: &str) -> String {
    let text = text.replace('\\', "%5C").replace('#', "%23");
    text.replace("{{", "%7B%7B")
}

fn one_line(text: &str) -> String {
    redact::text(text).replace(['\r', '\n'], " ")
}

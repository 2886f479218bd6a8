//! A recorded case for people: who called, what was asked and answered, what was taken out.
//!
//! For: `mtls case show`. Must not: show what is in it unescaped: a case may be a stranger's.

use jiff::Timestamp;
use serde_json::Value;

use super::{Look, page::Page, words::amount};
use crate::{
    facts::{BodyEncoding, RecordedBody, RecordedExchange, RecordedHeader},
    parse::{case::Read, escape, json},
};

/// Characters of a body that are shown without `-v`.
const SHOWN: usize = 2_000;

/// A page about a case.
pub fn case(name: &str, case: &Read, look: Look) -> String {
    let mut page = Page::of(look);
    let connection = &case.connection;
    let text = |pointer: &str| -> Option<String> {
        let value = connection.pointer(pointer)?;
        let text = match value {
            Value::String(text) => text.clone(),
            Value::Null => return None,
            value => value.to_string(),
        };
        Some(escape::text(&text))
    };
    page.line(&escape::text(name));
    let at = text("/ts").unwrap_or_default();
    let by = format!("{} {}", case.tool.name, case.tool.version);
    page.row(
        "case",
        &escape::text(&format!("{}, recorded by {by}", case.id)),
    );
    page.row(
        "peer",
        &format!("{}  {at}", text("/peer").unwrap_or_default()),
    );
    let tls = ["/protocol", "/cipher", "/group", "/sni"].map(&text);
    let tls: Vec<String> = tls.into_iter().flatten().collect();
    if !tls.is_empty() {
        page.row("TLS", &tls.join("  "));
    }
    let subjects = connection.get("client_chain").and_then(Value::as_array);
    let subjects: Vec<String> = subjects
        .into_iter()
        .flatten()
        .filter_map(|one| one.get("subject")?.as_str().map(escape::text))
        .collect();
    let certificate = text("/client_certificate").unwrap_or_default();
    page.row(
        "client",
        &match subjects.first() {
            Some(leaf) => format!("{leaf} ({})", amount(subjects.len() as u64, "certificate")),
            None => format!("certificate {}", certificate.replace('-', " ")),
        },
    );
    if let Some(status) = text("/trust/0/status") {
        let why = text("/trust/0/problems/0/why").map_or(String::new(), |why| format!(": {why}"));
        page.row("then", &format!("{status}{why}"));
    }
    let ending = [
        text("/ending/kind").map(|kind| kind.replace('-', " ")),
        text("/ending/detail"),
    ];
    let ending: Vec<String> = ending
        .into_iter()
        .flatten()
        .filter(|one| !one.is_empty())
        .collect();
    page.row("ended", &ending.join(": "));
    let findings = connection.get("findings").and_then(Value::as_array);
    for finding in findings.into_iter().flatten() {
        let part = |name: &str| {
            finding
                .get(name)
                .and_then(Value::as_str)
                .unwrap_or_default()
        };
        let line = format!("{} {}  {}", part("severity"), part("code"), part("message"));
        page.row("found", &escape::text(&line));
    }
    if case.exchanges.is_empty() {
        page.row("requests", "none arrived");
    }
    for exchange in &case.exchanges {
        exchange_of(&mut page, exchange);
    }
    if !case.redactions.is_empty() {
        page.line("");
        let count = amount(case.redactions.len() as u64, "credential");
        page.line(&format!("{count} taken out; simulate --replay fills them"));
        for one in &case.redactions {
            let value = format!("{}, in {} ({})", one.shape, one.place, one.sha256_8);
            page.row(
                &escape::text(&format!("<<{}>>", one.name)),
                &escape::text(&value),
            );
        }
    }
    page.text
}

fn exchange_of(page: &mut Page, exchange: &RecordedExchange) {
    let request = &exchange.request;
    page.line("");
    page.line(&escape::text(&format!(
        "--> {} {} {}  {}",
        request.method,
        request.target,
        request.http_version,
        moment(exchange.started)
    )));
    headers(page, &request.headers);
    body(page, &request.body);
    if let Some(leg) = &exchange.forward {
        let came = match (leg.status, &leg.error) {
            (_, Some(error)) => error.why.clone(),
            (Some(status), None) => status.to_string(),
            (None, None) => "no answer".to_owned(),
        };
        page.row("forwarded", &escape::text(&format!("{}: {came}", leg.to)));
    }
    match &exchange.answer {
        Some(answer) => {
            let by = match answer.by {
                crate::facts::AnsweredBy::Application => "the application",
                crate::facts::AnsweredBy::Mtls => "mtls",
                crate::facts::AnsweredBy::File => "mtls, from a file",
            };
            page.line(&format!("<-- {} by {by}", answer.status));
            headers(page, &answer.headers);
            body(page, &answer.body);
        }
        None => page.line("<-- no answer: nobody waited for one"),
    }
}

fn moment(at: Timestamp) -> String {
    at.strftime("%Y-%m-%d %H:%M:%S%.3fZ").to_string()
}

fn headers(page: &mut Page, fields: &[RecordedHeader]) {
    for field in fields {
        page.line(&format!(
            "    {}: {}",
            escape::text(&field.0),
            escape::text(&field.1)
        ));
    }
}

fn body(page: &mut Page, body: &RecordedBody) {
    if let Some(why) = &body.omitted {
        page.line(&format!(
            "    [{} bytes: {}]",
            body.bytes,
            escape::text(why)
        ));
    }
    let content = &*body.content;
    match body.encoding {
        _ if content.is_empty() => return,
        BodyEncoding::Base64 => {
            page.line(&format!("    [{} bytes that are not UTF-8]", body.bytes));
        }
        BodyEncoding::Utf8 => {
            let text = json::pretty(content).unwrap_or_else(|| content.to_owned());
            let full = page.detail == super::Detail::Full;
            let end = text.char_indices().nth(SHOWN).filter(|_| !full);
            let shown = end.map_or(&text[..], |(at, _)| &text[..at]);
            for line in shown.lines() {
                page.line(&format!("    {}", escape::text(line)));
            }
            if end.is_some() {
                page.line(&format!(
                    "    [cut: {} bytes came; -v shows all]",
                    body.bytes
                ));
            }
        }
    }
    let exact = match (&body.sha256, &body.decoded) {
        (_, Some(coding)) => format!("{coding} was undone to take credentials out"),
        (Some(_), None) => "SHA-256 of what came is in the case".to_owned(),
        (None, None) => "without its digest, which would give a short credential away".to_owned(),
    };
    page.line(&format!("    [{} bytes; {exact}]", body.bytes));
}

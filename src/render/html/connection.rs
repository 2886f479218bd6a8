//! What was settled, asked and answered on a connection.

use maud::{Markup, html};

use super::rows;
use crate::{
    engine::Judged,
    facts::{Accepted, Call, Dialled, EndingKind, HttpExchange, Negotiated, Probe, Subject},
    parse::{escape, ids, json},
    render::words::{self, boundary, claims, ending_words},
};

/// Requests that are shown.
const REQUESTS: usize = 20;
/// Bytes of a body that are shown.
const BODY: usize = 64 * 1024;

/// The rows about a case's connection; nothing for files.
pub(super) fn facts(judged: &Judged) -> Markup {
    let mut found: Vec<(&str, String)> = Vec::new();
    match &judged.case.subject {
        Subject::Accepted(accepted) => of_handshake(accepted, &mut found),
        Subject::Call(call) => {
            of_dialled(&call.dialled, &mut found);
            of_call(call, &mut found);
        }
        Subject::Inspected(inspected) => {
            if let Some(probe) = &inspected.probe {
                of_dialled(&probe.dialled, &mut found);
                of_probe(probe, &mut found);
            }
        }
        Subject::Deployment(_) | Subject::Token(_) => {}
    }
    if found.is_empty() {
        return html! {};
    }
    html! { section { h3 { "The connection" } (rows(&found)) } }
}

fn settled(negotiated: &Negotiated) -> String {
    let group = negotiated.group.map(ids::group_name).unwrap_or_default();
    let alpn = negotiated.alpn.as_deref().unwrap_or("no ALPN");
    format!(
        "{}, {}, {group}, {alpn}",
        negotiated.protocol,
        ids::cipher_name(negotiated.cipher)
    )
}

fn of_dialled(dialled: &Dialled, found: &mut Vec<(&str, String)>) {
    found.push(("called", dialled.url.clone()));
    if let Some(address) = &dialled.address {
        let name = match &dialled.server_name {
            Some(name) => format!(", SNI {name}"),
            None => ", no SNI sent".to_owned(),
        };
        found.push(("address", format!("{address}{name}")));
    }
    if let Some(negotiated) = &dialled.tls.negotiated {
        found.push(("TLS", settled(negotiated)));
    }
    if dialled.tls.ending.kind != EndingKind::Completed {
        let detail = match dialled.tls.ending.detail.as_str() {
            "" => String::new(),
            detail => format!(": {detail}"),
        };
        found.push(("ended", format!("{}{detail}", dialled.how())));
    }
}

fn of_call(call: &Call, found: &mut Vec<(&str, String)>) {
    found.push(("as", call.sender.clone()));
    let asked = match call.dialled.asked {
        Some(true) => "requested",
        Some(false) => "not requested",
        None => "the handshake ended before one could be requested",
    };
    found.push((
        "client certificate",
        format!("{}: {} sent, {asked}", call.client, call.dialled.presented),
    ));
    if let Some(reply) = &call.reply {
        let kind = reply.header("content-type").unwrap_or("no content type");
        found.push((
            "answer",
            format!(
                "{} {}, {kind}, {} bytes",
                reply.version, reply.status, reply.body_bytes
            ),
        ));
    }
}

fn of_probe(probe: &Probe, found: &mut Vec<(&str, String)>) {
    let (mode, why) = probe.client_auth();
    found.push(("client certificate", format!("{}: {why}", mode.word())));
    if let Some(request) = &probe.request {
        let names: Vec<&str> = request
            .ca_names
            .iter()
            .map(|name| name.name.as_str())
            .collect();
        found.push((
            "CA names",
            if names.is_empty() {
                "none: the server does not say which CAs it accepts".to_owned()
            } else {
                names.join("; ")
            },
        ));
    }
    if let Some(shown) = &probe.shown {
        found.push(("as client", format!("{}: {}", shown.client, shown.how())));
    }
    if let Some(http) = &probe.http {
        found.push(("answer", format!("{} {}", http.version, http.status)));
    }
}

fn of_handshake(handshake: &Accepted, found: &mut Vec<(&str, String)>) {
    found.push(("from", handshake.peer.clone()));
    if let Some(negotiated) = &handshake.tls.negotiated {
        found.push(("TLS", settled(negotiated)));
    }
    if let Some(hello) = &handshake.hello {
        found.push((
            "SNI",
            hello.sni.clone().unwrap_or_else(|| "not sent".to_owned()),
        ));
    }
    if let Some(signature) = &handshake.tls.signature {
        let state = match &signature.problem {
            None => "valid, made by the certificate's key".to_owned(),
            Some(problem) => format!("not valid: {problem}"),
        };
        found.push((
            "signature",
            format!("{}: {state}", ids::signature_scheme_name(signature.scheme)),
        ));
    }
    let sender = handshake
        .tls
        .client_chain
        .as_ref()
        .map(|chain| match &chain.profile {
            Some(profile) => format!("{}, its {} certificate", profile.profile, profile.identity),
            None => "not a known sender (no profile matches)".to_owned(),
        });
    if let Some(sender) = sender {
        found.push(("sender", sender));
    }
    if handshake.tls.ending.kind != EndingKind::Completed {
        found.push(("ended", ending_words(handshake)));
    }
}

/// The requests, folded.
pub(super) fn exchanges(judged: &Judged) -> Markup {
    html! {
        @for exchange in judged.case.http().iter().take(REQUESTS) { (one(exchange)) }
        @if let Some(reply) = judged.case.call().and_then(|call| call.reply.as_ref()) {
            details {
                summary { "The answer as it came" }
                (rows(&reply.headers.iter().map(|header| (header.name.as_str(), header.value.clone())).collect::<Vec<_>>()))
                (body(&reply.body))
            }
        }
    }
}

fn one(exchange: &HttpExchange) -> Markup {
    let answer = exchange.answer.as_ref();
    html! {
        details {
            summary {
                "Request " code { (escape::text(&exchange.method)) " " (escape::text(&exchange.path)) }
                @if let Some(answer) = answer { ", answered " (answer.status) }
                @if let Some(abandoned) = &exchange.abandoned { ": " (abandoned.words()) }
            }
            (rows(&exchange.headers.iter().map(|header| (header.name.as_str(), header.value.clone())).collect::<Vec<_>>()))
            @if let Some(token) = &exchange.token { p { "Token: " (escape::text(&claims(token))) } }
            @if let Some(omitted) = &exchange.body_omitted {
                p { (words::omitted(omitted)) }
            } @else {
                (body(&exchange.body))
            }
        }
    }
}

/// A body, pretty where it is JSON.
fn body(text: &str) -> Markup {
    if text.is_empty() {
        return html! { p { "No body." } };
    }
    let pretty = json::pretty(text);
    let text = pretty.as_deref().unwrap_or(text);
    let cut = boundary(text, BODY);
    let lines: Vec<String> = text[..cut].lines().map(escape::text).collect();
    html! {
        pre tabindex="0" role="group" aria-label="body" { code { (lines.join("\n")) } }
        @if cut < text.len() { p { "And " (text.len() - cut) " bytes more." } }
    }
}

/// The ClientHello, folded.
pub(super) fn hello(judged: &Judged) -> Markup {
    let Some(hello) = judged.case.accepted().and_then(|one| one.hello.as_ref()) else {
        return html! {};
    };
    let names = |list: &[u16], name: fn(u16) -> String| {
        list.iter()
            .copied()
            .map(name)
            .collect::<Vec<_>>()
            .join(", ")
    };
    let or_absent = |list: &Option<Vec<u16>>, name: fn(u16) -> String| match list {
        Some(list) => names(list, name),
        None => "absent".to_owned(),
    };
    html! {
        details {
            summary { "ClientHello " code { (hello.ja4) } }
            (rows(&[
                ("versions", names(&hello.versions(), ids::version_name)),
                ("cipher suites", names(&hello.cipher_suites, ids::cipher_name)),
                ("groups", or_absent(&hello.groups, ids::group_name)),
                ("signature algorithms", or_absent(&hello.signature_algorithms, ids::signature_scheme_name)),
                ("ALPN", hello.alpn.as_ref().map_or_else(|| "absent".to_owned(), |names| names.join(", "))),
                ("JA4, raw", hello.ja4_raw.clone()),
            ]))
        }
    }
}

//! One request: its body is read, looked into and recorded, and it is answered.
//!
//! For: `http`. Must not: answer before what the answer rests on is recorded.

use std::{convert::Infallible, sync::Arc};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::{HeaderMap, Response, Version, body::Incoming, header, http::request::Parts};
use serde_json::Value;

use super::{pass, passed::Passed};
use crate::{
    facts::{AnsweredBy, HttpAnswer, HttpExchange},
    net::{
        body,
        event::Reporter,
        observed::Observed,
        payload::{self, Looking, Payload},
        plan::Plan,
        underway::Underway,
    },
    parse::jwt,
};

/// The body of an answer: one that was made here, or the application's as it comes.
pub(super) type Body = Either<Full<Bytes>, Passed>;

/// Answers one request.
pub(super) async fn answer(
    head: Parts,
    incoming: Incoming,
    mut underway: Underway,
    observed: Arc<Observed>,
    reporter: Reporter,
) -> Result<Response<Body>, Infallible> {
    let plan = &observed.plan;
    if let Some(target) = plan.forward.clone() {
        return Ok(pass::pass(head, incoming, underway, (observed, reporter), target).await);
    }
    let mut held = observed.share.reading();
    let (most, time) = (plan.limits.body_bytes, plan.limits.request);
    let read = body::read(incoming, most, time, &mut held).await;
    underway.whole();
    let first = {
        let mut state = observed.state();
        let first = state.timings.request.is_none();
        if first {
            state.timings.request = Some(observed.elapsed());
        }
        first
    };

    let body_bytes = read.bytes.len();
    let problem = read.limit.as_deref();
    let coding = coding(&head.headers);
    let payload = unpacked(
        read.bytes,
        problem,
        coding.as_deref(),
        Some(&head),
        &observed,
    )
    .await;
    drop(held);
    if payload.omitted.is_some() {
        say_left_out(&observed, &reporter).await;
    }
    let refused = read.status.map(|status| (status, read.limit.as_deref()));
    let content = content(plan, refused, payload.answer);
    underway.exchange = HttpExchange {
        body_bytes,
        decoded: payload.coding,
        json_ok: payload.json_ok,
        json_problem: payload.json_problem,
        body: payload.body,
        body_omitted: payload.omitted,
        kind: payload.kind,
        parameters: payload.parameters,
        limit: read.limit.clone().or(payload.limit),
        token: token(plan, &head.headers),
        answer: Some(HttpAnswer {
            status: content.status,
            body_bytes: content.bytes.len(),
            why: content.why.clone(),
            by: content.by,
        }),
        ..std::mem::take(underway.described())
    };
    // Where the rest of the body is still coming, the connection cannot carry another request.
    let last = read.status.is_some() && head.version < Version::HTTP_2;
    let by = content.by;
    let bytes = Bytes::from(content.bytes);
    let response = response(content.status, content.kind, bytes.clone(), last);
    if let (Some(record), Some(recorded)) = (&observed.record, &mut underway.exchange.recorded) {
        if let Some((body, room)) = payload.recorded {
            recorded.request.body = body;
            recorded.room.extend(room);
        }
        let plain = body::decode(bytes.to_vec(), None, usize::MAX);
        let seen = (response.status().as_u16(), head.version);
        let body = (&bytes[..], &plain, None);
        record.answer(recorded, seen, response.headers(), body, by);
    }
    if !plan.answer.delay.is_zero() {
        tokio::time::sleep(plan.answer.delay).await;
    }
    {
        let mut state = observed.state();
        if first {
            state.timings.answer = Some(observed.elapsed());
        }
        state.http_limit = state.http_limit.take().or(read.limit);
    }
    underway.answered();
    if plan.live {
        reporter.progress(&observed).await;
    }
    Ok(response)
}

/// Says once in a run that a body is not kept.
pub(super) async fn say_left_out(observed: &Observed, reporter: &Reporter) {
    if observed.share.first_left_out() {
        let most = observed.plan.limits.kept_bytes;
        let notice = format!(
            "a request body is not kept, only its length and SHA-256: bodies are kept up to {most} bytes in all and a quarter of that for a connection (--max-kept)"
        );
        reporter.notice(notice).await;
    }
}

/// The content coding of a body, as its header section has it.
pub(super) fn coding(fields: &HeaderMap) -> Option<String> {
    let coding = fields.get(header::CONTENT_ENCODING)?;
    coding.to_str().ok().map(str::to_owned)
}

/// The body with its content coding undone, in its turn; `head` is that of a request that is answered
/// here.
pub(super) async fn unpacked(
    bytes: Vec<u8>,
    problem: Option<&str>,
    coding: Option<&str>,
    head: Option<&Parts>,
    observed: &Observed,
) -> Payload {
    let plan = &observed.plan;
    let _turn = observed.share.unpacking().await;
    let looking = Looking {
        coding,
        limit: plan.limits.body_bytes,
        share: &observed.share,
        show_secrets: plan.show_secrets,
        asked: head.map(|head| (head, plan.answer.formats.as_slice())),
        record: observed.record.as_ref().map(|record| (record, problem)),
    };
    payload::look(bytes, &looking)
}

/// The bearer token of a request that has one, checked where that is wanted.
pub(super) fn token(plan: &Plan, fields: &HeaderMap) -> Option<crate::facts::Token> {
    let value = fields.get(header::AUTHORIZATION)?;
    let value = String::from_utf8_lossy(value.as_bytes());
    Some(match &plan.verify_token {
        Some(verify) => verify(&value),
        None => jwt::token(&value),
    })
}

/// What is answered.
struct Content {
    status: u16,
    bytes: Vec<u8>,
    kind: &'static str,
    by: AnsweredBy,
    /// Why it is this one; empty where it is the one that fits the request.
    why: String,
}

/// The answer: a refusal, the file that was given, or else the one that fits the request.
fn content(
    plan: &Plan,
    refused: Option<(u16, Option<&str>)>,
    fitting: (Vec<u8>, &'static str),
) -> Content {
    if let Some((status, limit)) = refused {
        let text = limit.unwrap_or_default().to_owned();
        return Content {
            status,
            bytes: format!("{text}\n").into_bytes(),
            kind: "text/plain; charset=utf-8",
            by: AnsweredBy::Mtls,
            why: text,
        };
    }
    let status = plan.answer.status;
    match &plan.answer.body {
        Some(fixed) => Content {
            status,
            bytes: fixed.clone(),
            kind: if serde_json::from_slice::<Value>(fixed).is_ok() {
                "application/json"
            } else {
                "text/plain; charset=utf-8"
            },
            by: AnsweredBy::File,
            why: "the file given with --respond".to_owned(),
        },
        None => Content {
            status,
            bytes: fitting.0,
            kind: fitting.1,
            by: AnsweredBy::Mtls,
            why: String::new(),
        },
    }
}

/// The answer as HTTP; `last` says that the connection ends with it.
fn response(status: u16, kind: &'static str, body: Bytes, last: bool) -> Response<Body> {
    let mut response = Response::new(Either::Left(Full::new(body)));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::OK);
    response
        .headers_mut()
        .insert(header::CONTENT_TYPE, header::HeaderValue::from_static(kind));
    if last {
        response.headers_mut().insert(
            header::CONNECTION,
            header::HeaderValue::from_static("close"),
        );
    }
    response
}

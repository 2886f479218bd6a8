//! The HTTP side of an accepted connection: read the request within bounds, record it, answer it.
//!
//! For: `accept`. Must not: keep a secret; header values are redacted before they become facts.

use std::{convert::Infallible, pin::pin, sync::Arc, time::Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, Version, body::Incoming, header, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use serde_json::Value;
use tokio::{sync::watch, time::timeout};
use tokio_rustls::server::TlsStream;

use super::{
    body, budget, ending, event::Reporter, listen, observed::Observed, payload, prompt::Prompt,
    tap::Tap,
};
use crate::{
    facts::{Ending, EndingKind, Header, HttpAnswer, HttpExchange, Party, Phase},
    parse::{escape, jwt},
};

/// Serves HTTP/1.1 or HTTP/2 until the peer, an idle time or `stop` ends it.
pub(super) async fn serve(
    stream: Box<TlsStream<Tap<Prompt>>>,
    observed: Arc<Observed>,
    reporter: Reporter,
    stopped: watch::Receiver<bool>,
) -> Ending {
    let limits = observed.plan.limits;
    let (plain, copy) = Tap::new(stream, bytes::BytesMut::new());
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(limits.request)
        .max_buf_size(limits.header_bytes)
        .half_close(true);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(64);
    let service = {
        let observed = observed.clone();
        let reporter = reporter.clone();
        service_fn(move |request| answer(request, observed.clone(), reporter.clone()))
    };
    let mut connection = pin!(builder.serve_connection(TokioIo::new(plain), service));
    let mut stop = pin!(listen::until(stopped));
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = idle(&observed) => None,
        () = stop.as_mut() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            connection.as_mut().graceful_shutdown();
            match timeout(std::time::Duration::from_secs(1), connection.as_mut()).await {
                Ok(ended) => ended,
                Err(_) => Ok(()),
            }
        }
    };
    let phase = observed.phase();
    match ended {
        Ok(()) => finished(&observed, phase, copy.lock().total_read),
        Err(error) => failed(error.as_ref(), &observed, phase, &copy.lock().read),
    }
}

/// An ending in good order, or one that was not a request's place to end.
fn finished(observed: &Observed, phase: Phase, bytes: u64) -> Ending {
    let limit = observed.state().http_limit.clone();
    if let Some(limit) = limit {
        return ending::plain(EndingKind::Limit, phase, Some(Party::Us), limit);
    }
    let detail = match (phase, bytes) {
        (Phase::Http, 0) => "the handshake was completed and no HTTP request followed".to_owned(),
        (Phase::Http, bytes) => {
            format!("bytes of an unfinished HTTP request that had come: {bytes}")
        }
        _ => String::new(),
    };
    let kind = if phase == Phase::Http && bytes > 0 {
        EndingKind::Closed
    } else {
        EndingKind::Completed
    };
    ending::plain(kind, phase, Some(Party::Peer), detail)
}

fn failed(
    error: &(dyn std::error::Error + 'static),
    observed: &Observed,
    phase: Phase,
    seen: &[u8],
) -> Ending {
    let mut source = Some(error);
    while let Some(cause) = source {
        if let Some(io) = cause.downcast_ref::<std::io::Error>()
            && io.get_ref().is_none_or(|inner| !inner.is::<hyper::Error>())
        {
            // A peer that goes away without close_notify after its answer broke nothing that matters here.
            if phase == Phase::Done {
                return ending::plain(
                    EndingKind::Completed,
                    phase,
                    Some(Party::Peer),
                    "closed without close_notify",
                );
            }
            if io.kind() == std::io::ErrorKind::UnexpectedEof && seen.is_empty() {
                return finished(observed, phase, 0);
            }
            return ending::from_io(io, phase, None);
        }
        if let Some(http) = cause.downcast_ref::<hyper::Error>() {
            if http.is_parse_too_large() {
                let limit = observed.plan.limits.header_bytes;
                return ending::plain(
                    EndingKind::Limit,
                    phase,
                    Some(Party::Us),
                    format!(
                        "the request's header section is larger than {limit} bytes or has more than 100 fields, the most that is read"
                    ),
                );
            }
            if http.is_timeout() {
                return ending::plain(
                    EndingKind::TimedOut,
                    phase,
                    Some(Party::Us),
                    format!("no whole request after {:?}", observed.plan.limits.request),
                );
            }
            if http.is_parse() {
                let shown = escape::line(&seen[..seen.len().min(60)]);
                return ending::plain(
                    EndingKind::ProtocolError,
                    phase,
                    Some(Party::Peer),
                    format!("what followed the handshake is not HTTP: {shown}"),
                );
            }
        }
        source = cause.source();
    }
    if phase == Phase::Done {
        return ending::plain(
            EndingKind::Completed,
            phase,
            Some(Party::Peer),
            escape::text(&error.to_string()),
        );
    }
    ending::plain(
        EndingKind::Closed,
        phase,
        Some(Party::Peer),
        escape::text(&error.to_string()),
    )
}

/// Ends when the connection has been idle for too long: after an answer, or before a first request.
async fn idle(observed: &Observed) {
    let limits = observed.plan.limits;
    loop {
        let due = {
            let state = observed.state();
            let patience = if state.exchanges.is_empty() {
                limits.request
            } else {
                limits.keep_alive
            };
            match state.idle_since {
                Some(since) if state.in_flight == 0 => since + patience,
                _ => Instant::now() + limits.keep_alive,
            }
        };
        if due <= Instant::now() {
            return;
        }
        tokio::time::sleep_until(due.into()).await;
    }
}

/// Answers one request.
async fn answer(
    request: Request<Incoming>,
    observed: Arc<Observed>,
    reporter: Reporter,
) -> Result<Response<Full<Bytes>>, Infallible> {
    observed.state().in_flight += 1;
    let plan = &observed.plan;
    let (head, incoming) = request.into_parts();
    let mut held = observed.share.reading();
    let (most, time) = (plan.limits.body_bytes, plan.limits.request);
    let read = body::read(incoming, most, time, &mut held).await;
    let first = {
        let mut state = observed.state();
        let first = state.timings.request.is_none();
        if first {
            state.timings.request = Some(observed.elapsed());
        }
        first
    };

    let body_bytes = read.bytes.len();
    let coding = head
        .headers
        .get(header::CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let payload = {
        let _turn = observed.share.unpacking().await;
        payload::look(read.bytes, coding, plan.limits.body_bytes, &observed.share)
    };
    drop(held);
    if payload.omitted.is_some() && observed.share.first_left_out() {
        let most = plan.limits.kept_bytes;
        let notice = format!(
            "a request body is not kept, only its length and SHA-256: bodies are kept up to {most} bytes in all and a quarter of that for a connection (--max-kept)"
        );
        reporter.notice(notice).await;
    }
    let status = read.status.unwrap_or(plan.answer.status);
    let (content, content_type, why) = match (read.status, &plan.answer.body) {
        (Some(_), _) => {
            let text = read.limit.clone().unwrap_or_default();
            (
                format!("{text}\n").into_bytes(),
                "text/plain; charset=utf-8",
                text,
            )
        }
        (None, Some(fixed)) => {
            let json = serde_json::from_slice::<Value>(fixed).is_ok();
            let content_type = if json {
                "application/json"
            } else {
                "text/plain; charset=utf-8"
            };
            (
                fixed.clone(),
                content_type,
                "the file given with --respond".to_owned(),
            )
        }
        (None, None) => (payload.answer, "application/json", String::new()),
    };
    if !plan.answer.delay.is_zero() {
        tokio::time::sleep(plan.answer.delay).await;
    }

    let authorization = head
        .headers
        .get(header::AUTHORIZATION)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
    let exchange = HttpExchange {
        method: escape::text(head.method.as_str()),
        path: escape::text(head.uri.path_and_query().map_or("/", |path| path.as_str())),
        version: version_name(head.version).to_owned(),
        headers: headers(&head.headers, plan.show_secrets),
        body_bytes,
        decoded: payload.coding,
        json_ok: payload.json_ok,
        json_problem: payload.json_problem,
        body: payload.body,
        body_omitted: payload.omitted,
        kind: payload.kind,
        parameters: payload.parameters,
        limit: read.limit.clone().or(payload.limit),
        token: authorization
            .as_deref()
            .map(|value| match &plan.verify_token {
                Some(verify) => verify(value),
                None => jwt::token(value),
            }),
        answer: Some(HttpAnswer {
            status,
            body_bytes: content.len(),
            why,
        }),
    };
    {
        let mut state = observed.state();
        if first {
            state.timings.answer = Some(observed.elapsed());
        }
        let heads = state.heads + budget::head(&exchange.path, &exchange.headers);
        let room = state.exchanges.len() < plan.limits.exchanges && heads <= plan.limits.heads;
        if room || state.exchanges.is_empty() {
            state.heads = heads;
            state.exchanges.push(exchange);
        } else {
            state.unrecorded += 1;
        }
        state.http_limit = state.http_limit.take().or(read.limit);
        state.in_flight -= 1;
        state.idle_since = Some(Instant::now());
    }
    if plan.live {
        reporter.progress(&observed).await;
    }

    let mut response = Response::new(Full::new(Bytes::from(content)));
    *response.status_mut() = hyper::StatusCode::from_u16(status).unwrap_or(hyper::StatusCode::OK);
    response.headers_mut().insert(
        header::CONTENT_TYPE,
        header::HeaderValue::from_static(content_type),
    );
    if read.status.is_some() && head.version < Version::HTTP_2 {
        // The rest of the body is still coming: the connection cannot carry another request.
        response.headers_mut().insert(
            header::CONNECTION,
            header::HeaderValue::from_static("close"),
        );
    }
    Ok(response)
}

pub(super) fn version_name(version: Version) -> &'static str {
    match version {
        Version::HTTP_10 => "HTTP/1.0",
        Version::HTTP_2 => "HTTP/2",
        _ => "HTTP/1.1",
    }
}

/// Header fields fit to keep, in their order.
pub(super) fn headers(fields: &header::HeaderMap, show_secrets: bool) -> Vec<Header> {
    fields
        .iter()
        .map(|(name, value)| Header {
            name: escape::text(name.as_str()),
            value: header_value(name, value, show_secrets),
        })
        .collect()
}

/// A header value fit to keep: credentials are described, everything else is escaped.
fn header_value(
    name: &header::HeaderName,
    value: &header::HeaderValue,
    show_secrets: bool,
) -> String {
    let text = String::from_utf8_lossy(value.as_bytes());
    if show_secrets {
        return escape::text(&text);
    }
    if name == header::AUTHORIZATION || name == header::PROXY_AUTHORIZATION {
        return jwt::redact(&text);
    }
    let lower = name.as_str();
    let secret = [header::COOKIE.as_str(), header::SET_COOKIE.as_str()].contains(&lower)
        || [
            "token", "secret", "password", "api-key", "apikey", "session",
        ]
        .iter()
        .any(|word| lower.contains(word));
    if secret {
        format!("<{} characters, not shown>", text.chars().count())
    } else {
        escape::text(&text)
    }
}

#[cfg(test)]
mod tests {
    use hyper::header::{HeaderName, HeaderValue};

    use super::*;

    fn shown(name: &'static str, value: &'static str, show_secrets: bool) -> String {
        header_value(
            &HeaderName::from_static(name),
            &HeaderValue::from_static(value),
            show_secrets,
        )
    }

    #[test]
    fn secrets_are_taken_out_of_headers() {
        for name in [
            "authorization",
            "cookie",
            "x-api-key",
            "x-goog-iap-jwt-token",
            "x-client-secret",
        ] {
            assert!(
                !shown(name, "Bearer hunter2hunter2", false).contains("hunter2"),
                "{name}"
            );
        }
    }

    #[test]
    fn ordinary_headers_and_asked_for_secrets_stay() {
        assert_eq!(
            shown("user-agent", "Google-Dialogflow", false),
            "Google-Dialogflow"
        );
        assert_eq!(shown("authorization", "Basic abc", true), "Basic abc");
    }
}

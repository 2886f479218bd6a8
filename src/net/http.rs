//! The HTTP side of an accepted connection: read the request within bounds, record it, answer it.
//!
//! For: `accept`. Must not: keep a secret; header values are redacted before they become facts.

use std::{convert::Infallible, future::Future, pin::pin, sync::Arc, time::Instant};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{Request, Response, Version, body::Incoming, header, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use serde_json::Value;
use tokio::{net::TcpStream, time::timeout};
use tokio_rustls::server::TlsStream;

use super::{body, ending, event::Reporter, observed::Observed, tap::Tap};
use crate::{
    dialogflow,
    facts::{Ending, EndingKind, Header, HttpAnswer, HttpExchange, Party, Phase, RequestKind},
    parse::{escape, jwt, redact},
};

/// Serves HTTP/1.1 or HTTP/2 until the peer, an idle time or `stop` ends it.
pub(super) async fn serve(
    stream: TlsStream<Tap<TcpStream>>,
    observed: Arc<Observed>,
    reporter: Reporter,
    stop: impl Future<Output = ()>,
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
    let mut stop = pin!(stop);
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
                let shown = redact::excerpt(seen, 60, observed.plan.show_secrets);
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
    let read = body::read(incoming, plan.limits.body_bytes, plan.limits.request).await;
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
    let decoded = body::decode(read.bytes, coding, plan.limits.body_bytes);
    let (json, json_problem) = if decoded.bytes.is_empty() {
        (None, None)
    } else {
        match serde_json::from_slice::<Value>(&decoded.bytes) {
            Ok(value) => (Some(value), None),
            Err(error) => (None, Some(error.to_string())),
        }
    };
    let kind = json
        .as_ref()
        .map_or(RequestKind::Other, dialogflow::request_kind);
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
        (None, None) => {
            let value = dialogflow::default_answer(kind, json.as_ref());
            (
                value.to_string().into_bytes(),
                "application/json",
                String::new(),
            )
        }
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
        path: {
            let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
            escape::text(&redact::text_unless(plan.show_secrets, path))
        },
        version: version_name(head.version).to_owned(),
        headers: headers(&head.headers, plan.show_secrets),
        body_bytes,
        decoded: decoded.coding,
        json_ok: (!decoded.bytes.is_empty()).then_some(json.is_some()),
        // What kept the body from being unpacked is the cause of whatever JSON then says.
        json_problem: decoded.problem.or(json_problem),
        body: redact::body_unless(plan.show_secrets, &String::from_utf8_lossy(&decoded.bytes)),
        kind,
        parameters: json
            .as_ref()
            .and_then(|json| dialogflow::session_parameters(kind, json)),
        limit: read.limit.clone(),
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
        if state.exchanges.len() < plan.limits.exchanges {
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
            value: {
                let text = String::from_utf8_lossy(value.as_bytes());
                if show_secrets {
                    escape::text(&text)
                } else {
                    redact::header(name.as_str(), &text)
                }
            },
        })
        .collect()
}

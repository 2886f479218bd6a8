//! The HTTP side of an accepted connection: read the request within bounds, record it, answer it.
//!
//! For: `accept`. Must not: keep a secret; header values are redacted before they become facts.

use std::{
    convert::Infallible,
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body_util::Full;
use hyper::{
    Request, Response, Version, body::Incoming, header, http::request::Parts, service::service_fn,
};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use serde_json::Value;
use tokio::{sync::watch, time::timeout};
use tokio_rustls::server::TlsStream;

use super::{
    body, ending,
    event::Reporter,
    leaving::Leaving,
    listen,
    observed::Observed,
    payload,
    prompt::Prompt,
    tap::{Copied, Tap},
    underway::Underway,
};
use crate::{
    facts::{Ending, EndingKind, Header, HttpAnswer, HttpExchange, Left, Party, Phase, Side},
    parse::{
        escape,
        http1::{self, Fault},
        jwt, redact,
    },
};

/// How long an exchange may take to finish once its connection is to end: within the listener's own grace.
const LAST: Duration = Duration::from_millis(800);

/// How long requests may take to be dropped with their connection.
const CALM: Duration = Duration::from_millis(200);

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
        .max_buf_size(limits.header_bytes);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_header_list_size(u32::try_from(limits.header_bytes).unwrap_or(u32::MAX))
        .max_concurrent_streams(64);
    let service = {
        let observed = observed.clone();
        let reporter = reporter.clone();
        service_fn(move |request: Request<Incoming>| {
            let (head, incoming) = request.into_parts();
            // Counted now, and not when the answer is first worked on: the next thing read may be the end.
            let underway = begin(&observed, &head);
            answer(head, incoming, underway, observed.clone(), reporter.clone())
        })
    };
    let plain = Leaving::new(plain, observed.clone());
    let mut connection = Box::pin(builder.serve_connection(TokioIo::new(plain), service));
    let mut stop = pin!(listen::until(stopped));
    let ended = tokio::select! {
        ended = connection.as_mut() => Some(ended),
        () = idle(&observed) => None,
        () = stop.as_mut() => None,
    };
    let ended = match ended {
        Some(ended) => ended,
        None => {
            observed.state().ending = true;
            connection.as_mut().graceful_shutdown();
            match timeout(LAST, connection.as_mut()).await {
                Ok(ended) => ended,
                Err(_) => Ok(()),
            }
        }
    };
    drop(connection);
    // Over HTTP/2 requests are tasks of their own, which end a moment later.
    let _ = timeout(CALM, calm(&observed)).await;
    let phase = observed.phase();
    if let Err(error) = &ended
        && let Some(ending) = goaway(error.as_ref(), phase)
    {
        return ending;
    }
    if let Some(abandoned) = observed.state().abandoned() {
        let kind = match abandoned.how {
            Left::Closed => EndingKind::Closed,
            Left::Reset => EndingKind::Reset,
            Left::StreamReset | Left::Interrupted => EndingKind::Completed,
        };
        return ending::plain(kind, Phase::Http, Some(Party::Peer), abandoned.words());
    }
    let copied = copy.lock();
    match ended {
        Ok(()) => finished(&observed, phase, &copied),
        Err(error) => failed(error.as_ref(), &observed, phase, &copied),
    }
}

/// Resolves when no request is under way.
async fn calm(observed: &Observed) {
    loop {
        let calm = observed.calm.notified();
        let mut calm = pin!(calm);
        calm.as_mut().enable();
        if observed.state().in_flight == 0 {
            return;
        }
        calm.await;
    }
}

/// An HTTP/2 connection that one of the two ended with GOAWAY (RFC 9113 section 6.8) for an error of the other's.
fn goaway(error: &(dyn std::error::Error + 'static), phase: Phase) -> Option<Ending> {
    let mut source = Some(error);
    while let Some(cause) = source {
        if let Some(error) = cause.downcast_ref::<h2::Error>() {
            let reason = error
                .reason()
                .filter(|reason| *reason != h2::Reason::NO_ERROR)?;
            let (number, words) = (u32::from(reason), reason.description());
            return Some(if error.is_remote() {
                let detail =
                    format!("it sent HTTP/2 GOAWAY {number} ({words}), RFC 9113 section 7");
                ending::plain(EndingKind::Closed, phase, Some(Party::Peer), detail)
            } else {
                let detail = format!(
                    "HTTP/2 was ended here with GOAWAY {number} ({words}), RFC 9113 section 7"
                );
                ending::plain(EndingKind::ProtocolError, phase, Some(Party::Us), detail)
            });
        }
        source = cause.source();
    }
    None
}

/// An ending in good order, or one that was not a request's place to end.
fn finished(observed: &Observed, phase: Phase, copied: &Copied) -> Ending {
    let bytes = copied.total_read;
    let limit = observed.state().http_limit.clone();
    if let Some(limit) = limit {
        return ending::plain(EndingKind::Limit, phase, Some(Party::Us), limit);
    }
    let detail = match (phase, bytes) {
        (Phase::Http, 0) => "the handshake was completed and no HTTP request followed".to_owned(),
        (Phase::Http, bytes) if copied.read.starts_with(PREFACE) => {
            format!("{bytes} bytes of HTTP/2 had come, and no whole request among them")
        }
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

/// What an HTTP/2 connection begins with (RFC 9113 section 3.4).
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

fn failed(
    error: &(dyn std::error::Error + 'static),
    observed: &Observed,
    phase: Phase,
    copied: &Copied,
) -> Ending {
    let seen = copied.read.as_slice();
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
                return finished(observed, phase, copied);
            }
            return ending::from_io(io, phase, None);
        }
        if let Some(http) = cause.downcast_ref::<hyper::Error>() {
            if http.is_parse()
                && let Some(detail) = malformed(seen)
            {
                return ending::plain(EndingKind::ProtocolError, phase, Some(Party::Peer), detail);
            }
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

/// What is wrong with a request that the library refused; `None` where nothing is, or what came is no HTTP at all.
fn malformed(seen: &[u8]) -> Option<String> {
    let fault = http1::fault(seen, Side::Client)?;
    let looks_like_http = seen
        .split(|byte| *byte == b'\n')
        .next()
        .is_some_and(|line| line.windows(5).any(|word| word == b"HTTP/"));
    (fault != Fault::RequestLine || looks_like_http)
        .then(|| format!("the request is malformed: {}", fault.words()))
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

/// A request of which the head was read.
fn begin(observed: &Arc<Observed>, head: &Parts) -> Underway {
    let begun = HttpExchange {
        method: escape::text(head.method.as_str()),
        path: {
            let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
            escape::text(&redact::text_unless(observed.plan.show_secrets, path))
        },
        version: version_name(head.version).to_owned(),
        headers: headers(&head.headers, observed.plan.show_secrets),
        ..HttpExchange::default()
    };
    Underway::begin(observed, head.version == Version::HTTP_2, begun)
}

/// Answers one request.
async fn answer(
    head: Parts,
    incoming: Incoming,
    mut underway: Underway,
    observed: Arc<Observed>,
    reporter: Reporter,
) -> Result<Response<Full<Bytes>>, Infallible> {
    let plan = &observed.plan;
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
    let coding = head
        .headers
        .get(header::CONTENT_ENCODING)
        .and_then(|value| value.to_str().ok());
    let payload = {
        let _turn = observed.share.unpacking().await;
        payload::look(
            read.bytes,
            coding,
            plan.limits.body_bytes,
            &observed.share,
            plan.show_secrets,
        )
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
    let authorization = head
        .headers
        .get(header::AUTHORIZATION)
        .map(|value| String::from_utf8_lossy(value.as_bytes()).into_owned());
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
        ..std::mem::take(&mut underway.exchange)
    };
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

//! The HTTP side of an accepted connection: read the request within bounds, record it, answer it.
//!
//! For: `accept`. Must not: keep a secret; header values are redacted before they become facts.

mod answer;
mod ended;
mod pass;
mod passed;

use std::{
    pin::pin,
    sync::Arc,
    time::{Duration, Instant},
};

use hyper::{Request, Version, body::Incoming, header, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use tokio::{sync::watch, time::timeout};
use tokio_rustls::server::TlsStream;

use self::{
    answer::answer,
    ended::{failed, finished, goaway},
};
use super::{
    ending, event::Reporter, leaving::Leaving, listen, observed::Observed, prompt::Prompt,
    tap::Tap, underway::Underway,
};
use crate::{
    facts::{Ending, EndingKind, Header, Left, Party, Phase},
    parse::{escape, redact},
};

/// How long an exchange may take to finish once its connection is to end: within the listener's own
/// grace.
const LAST: Duration = Duration::from_millis(800);

/// How long a piece of work that another thread has begun may take: the largest body.
const LOOKED_INTO: Duration = Duration::from_secs(20);

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
            // Counted now, and not when the answer is first worked on: the next thing read may be
            // the end.
            let underway = Underway::begin(&observed, &head);
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
    let mut cut_off = false;
    let ended = match ended {
        Some(ended) => ended,
        None => {
            observed.state().ending = true;
            connection.as_mut().graceful_shutdown();
            match timeout(LAST, connection.as_mut()).await {
                Ok(ended) => ended,
                Err(_) => {
                    cut_off = observed.state().in_flight > 0;
                    Ok(())
                }
            }
        }
    };
    drop(connection);
    // Over HTTP/2 requests are tasks of their own, which end a moment later.
    let patience = match observed.plan.forward {
        Some(_) => LOOKED_INTO,
        None => CALM,
    };
    observed.settled(patience).await;
    let phase = observed.phase();
    if cut_off {
        let detail = "the run ended before its last request was answered";
        return ending::plain(EndingKind::Interrupted, phase, Some(Party::Us), detail);
    }
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
        let now = Instant::now();
        if due <= now {
            return;
        }
        // A first request that comes meanwhile makes it due earlier.
        let look = due.min(now + limits.keep_alive);
        tokio::time::sleep_until(look.into()).await;
    }
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

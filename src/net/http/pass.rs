//! One request that is passed on: to the application as it comes, its answer back as it comes.
//!
//! For: `answer`. What went by is looked into and recorded once the answer is over, beside the way
//! of the request. Must not: hold back or change a byte of a body.

use std::{
    sync::Arc,
    time::{Duration, Instant},
};

use bytes::Bytes;
use http_body_util::{Either, Full};
use hyper::{
    HeaderMap, Response, StatusCode, Version,
    body::Incoming,
    header::{self, HeaderValue},
    http::request::Parts,
};
use tokio::time::timeout;

use super::{
    answer::{self, Body},
    passed::Passed,
};
use crate::{
    facts::{
        AnsweredBy, BodyOmitted, Forward, ForwardError, ForwardFault, HttpAnswer, HttpExchange,
        TrustStatus,
    },
    net::{
        body,
        event::Reporter,
        forward::{self, Copied, Outcome, Passed as Sent, Shown, Target, Tee},
        observed::Observed,
        payload::Payload,
        record::Kept,
        underway::{Underway, since},
    },
};

/// A status that says that the request did not come whole.
const UNFINISHED: u16 = 408;
/// What is said of a body that the application did not wait for.
const UNREAD: &str = "the application was done before the body was whole";
/// How long a body may take that the application never asked for.
const UNASKED: Duration = Duration::from_secs(2);
/// The application cannot be reached, or broke off.
const BAD_GATEWAY: u16 = 502;
/// The application took too long.
const GATEWAY_TIMEOUT: u16 = 504;

/// Passes one request on and answers it.
pub(super) async fn pass(
    mut head: Parts,
    incoming: Incoming,
    mut underway: Underway,
    (observed, reporter): (Arc<Observed>, Reporter),
    target: Arc<Target>,
) -> Response<Body> {
    let began = Instant::now();
    let limits = observed.plan.limits;
    let mut tee = Tee::new(incoming, limits.body_bytes, observed.share.reading());
    let (asked, rest) = (tee.copied(), tee.rest());
    let coding = answer::coding(&head.headers);
    underway.exchange.token = answer::token(&observed.plan, &head.headers);
    let (fields, removed) = fields(&mut head, &observed, &target);
    let (url, shown) = target.route(&head.uri);
    let again = observed.plan.again.as_ref();
    let again = again.map(|used| Sent::new(&head.method, &url, &fields, used));
    underway.goes_to(shown);
    underway.exchange.forward = Some(Forward {
        removed,
        ..Forward::default()
    });
    let mut request = reqwest::Request::new(head.method.clone(), url);
    *request.headers_mut() = fields;
    *request.body_mut() = Some(reqwest::Body::wrap(tee));
    let mut first = false;
    let outcome = forward::until_answered(
        target.client.execute(request),
        &asked,
        limits.request,
        &target,
        || first = whole(&mut underway, &observed),
    )
    .await;
    if let Outcome::Failed(_) = &outcome {
        // What the application never asked for is read all the same: it is what there is to show.
        let read = async {
            if let Ok(rest) = rest.await {
                asked.finish(rest).await;
            }
        };
        let _ = timeout(limits.request.min(UNASKED), read).await;
    }
    let passing = Passing {
        underway,
        observed,
        reporter,
        target,
        asked,
        coding,
        began,
        first,
        again,
        answer: None,
    };
    match outcome {
        Outcome::Answer(response) if response.status() == StatusCode::SWITCHING_PROTOCOLS => {
            let place = passing.target.place();
            passing.failed(ForwardError {
                kind: ForwardFault::BrokeOff,
                why: format!(
                    "{place} answered 101 Switching Protocols, which it was not asked for"
                ),
            })
        }
        Outcome::Answer(response) => passing.answered(*response, head.version),
        Outcome::Failed(error) => passing.failed(error),
        Outcome::Unfinished(why) => passing.unfinished(&why, head.version),
    }
}

/// The request has gone on whole; whether it is the first of its connection.
fn whole(underway: &mut Underway, observed: &Observed) -> bool {
    underway.whole();
    let mut state = observed.state();
    let first = state.timings.request.is_none();
    if first {
        state.timings.request = Some(observed.elapsed());
    }
    first
}

/// The header fields for the application, and the names of those that were taken out.
fn fields(head: &mut Parts, observed: &Observed, target: &Target) -> (HeaderMap, Vec<String>) {
    let from = {
        let state = observed.state();
        let source = state.proxy.as_ref().and_then(|proxy| proxy.source);
        source.map(|address| address.ip())
    };
    let from = from.or_else(|| {
        let address = observed.peer.parse::<std::net::SocketAddr>().ok()?;
        Some(address.ip().to_canonical())
    });
    let (chain, trusted, profile) = {
        let recorded = observed.recorder.lock();
        let signed = recorded.signature.as_ref().is_some_and(|one| one.verified);
        let trust = recorded.trust.as_ref();
        let trusted = trust.is_some_and(|trust| trust.status == TrustStatus::Trusted);
        let sender = recorded.sender.clone();
        (recorded.chain.clone(), trusted && signed, sender)
    };
    let shown = Shown {
        from,
        chain: &chain,
        verified: trusted,
        profile,
    };
    forward::request_headers(head, target, &shown)
}

/// A request that was passed on, until it is recorded.
pub(super) struct Passing {
    underway: Underway,
    observed: Arc<Observed>,
    reporter: Reporter,
    pub(super) target: Arc<Target>,
    asked: Copied,
    coding: Option<String>,
    began: Instant,
    first: bool,
    /// Kept for the live page, whose button sends it again.
    again: Option<Sent>,
    answer: Option<Answering>,
}

/// The application's answer.
struct Answering {
    status: u16,
    copied: Copied,
    /// Its version and header fields, where they are recorded.
    head: Option<(Version, HeaderMap)>,
}

/// How the way of an answer ended.
pub(super) enum Ended {
    /// It is out, whole.
    Whole,
    /// The application broke it off.
    Failed(ForwardError),
    /// The client did not wait for it.
    Left,
}

impl Passing {
    fn facts(&mut self) -> &mut Forward {
        self.underway.exchange.forward.get_or_insert_default()
    }

    /// The application's answer, on its way.
    fn answered(mut self, response: reqwest::Response, version: Version) -> Response<Body> {
        let (mut parts, body) = hyper::http::Response::<reqwest::Body>::from(response).into_parts();
        let status = parts.status.as_u16();
        let answer_ms = since(self.began);
        let facts = self.facts();
        facts.status = Some(status);
        facts.timings_ms.answer = Some(answer_ms);
        if self.first {
            let mut state = self.observed.state();
            state.timings.answer = Some(self.observed.elapsed());
        }
        parts.headers = forward::answer_headers(parts.headers, version);
        let recorded = self.observed.record.is_some();
        let limits = self.observed.plan.limits;
        let tee = Tee::new(body, limits.body_bytes, self.observed.share.reading());
        self.answer = Some(Answering {
            status,
            copied: tee.copied(),
            head: recorded.then(|| (parts.version, parts.headers.clone())),
        });
        let time = self.target.time;
        let mut response = Response::new(Either::Right(Passed::new(tee, time, self)));
        *response.status_mut() = parts.status;
        *response.headers_mut() = parts.headers;
        // Its HTTP version is the application's business, not the client's.
        *response.version_mut() = version;
        response
    }

    /// What we say for an application that does not answer. The reason is for whoever runs this,
    /// not for the sender.
    fn failed(mut self, error: ForwardError) -> Response<Body> {
        let (status, text) = match error.kind {
            ForwardFault::Down => (BAD_GATEWAY, "the application cannot be reached\n"),
            ForwardFault::BrokeOff => (BAD_GATEWAY, "the application did not answer\n"),
            ForwardFault::Slow => (GATEWAY_TIMEOUT, "the application did not answer in time\n"),
        };
        let why = error.why.clone();
        self.facts().error = Some(error);
        self.ours(status, text, why, false)
    }

    /// What we say to a client that did not go on with its request.
    fn unfinished(mut self, why: &str, version: Version) -> Response<Body> {
        self.underway.exchange.limit = Some(why.to_owned());
        self.observed.state().http_limit = Some(why.to_owned());
        self.ours(
            UNFINISHED,
            "the request did not come whole\n",
            why.to_owned(),
            version < Version::HTTP_2,
        )
    }

    /// An answer of ours; `last` says that the connection ends with it.
    fn ours(mut self, status: u16, text: &'static str, why: String, last: bool) -> Response<Body> {
        self.underway.exchange.answer = Some(HttpAnswer {
            status,
            body_bytes: text.len(),
            why,
            by: AnsweredBy::Mtls,
        });
        if self.first {
            let mut state = self.observed.state();
            state.timings.answer = Some(self.observed.elapsed());
        }
        self.over(Ended::Whole);
        let mut response =
            Response::new(Either::Left(Full::new(Bytes::from_static(text.as_bytes()))));
        *response.status_mut() = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_GATEWAY);
        let fields = response.headers_mut();
        fields.insert(
            header::CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        if last {
            fields.insert(header::CONNECTION, HeaderValue::from_static("close"));
        }
        response
    }

    /// The way of the request is over: what went by is looked into and recorded aside, since nobody
    /// waits for it.
    pub(super) fn over(mut self, ended: Ended) {
        self.underway.over(!matches!(ended, Ended::Left));
        let answer = self.answer.as_ref().map(|answer| &answer.copied);
        let copies = std::iter::once(&self.asked).chain(answer);
        let held = copies.map(|copied| copied.lock().bytes.len()).sum();
        let target = self.target.clone();
        target.aside.add(held, Box::pin(self.record(ended)));
    }

    async fn record(mut self, ended: Ended) {
        let began = self.began;
        self.underway.described();
        let again = match (self.again.take(), &self.answer) {
            (Some(sent), Some(answer)) if matches!(ended, Ended::Whole) => {
                sent.whole(&self.asked, answer.status, &answer.copied)
            }
            _ => None,
        };
        let (mut payload, body_bytes, sent) = self.look().await;
        let recorded = payload.recorded.take();
        if payload.omitted.is_some() {
            answer::say_left_out(&self.observed, &self.reporter).await;
        }
        let answer = self.answer.take();
        let facts = self.facts();
        facts.timings_ms.sent = sent;
        facts.timings_ms.total = Some(since(began));
        if let Ended::Failed(error) = ended {
            facts.error = Some(error);
        }
        let broken = facts.error.as_ref().map(|error| error.why.clone());
        let whole = broken.is_none();
        let (answer, answering) = match answer {
            Some(answering) => {
                let answer = HttpAnswer {
                    status: answering.status,
                    body_bytes: answering.copied.lock().total,
                    why: broken.unwrap_or_else(|| "the application's answer".to_owned()),
                    by: AnsweredBy::Application,
                };
                (Some(answer), Some(answering))
            }
            None => (self.underway.exchange.answer.take(), None),
        };
        self.keep(recorded, answering, whole).await;
        let exchange = std::mem::take(&mut self.underway.exchange);
        self.underway.exchange = HttpExchange {
            body_bytes,
            decoded: payload.coding,
            json_ok: payload.json_ok,
            json_problem: payload.json_problem,
            body: payload.body,
            body_omitted: payload.omitted,
            kind: payload.kind,
            parameters: payload.parameters,
            limit: exchange.limit.clone().or(payload.limit),
            answer,
            again: again.map(Arc::new),
            ..exchange
        };
        drop(self.underway);
        if self.observed.plan.live {
            self.reporter.progress(&self.observed).await;
        }
    }

    /// Puts what came and went into the recording, where there is one.
    async fn keep(&mut self, request: Option<Kept>, answering: Option<Answering>, whole: bool) {
        let forward = self.underway.exchange.forward.clone();
        let total = self.asked.lock().total;
        let Some(recorded) = &mut self.underway.exchange.recorded else {
            return;
        };
        recorded.forward = forward;
        if let Some((mut body, room)) = request {
            body.bytes = total as u64;
            recorded.request.body = body;
            recorded.room.extend(room);
        }
        let Some(answering) = answering else { return };
        let (Some(recorder), Some((version, fields))) = (&self.observed.record, answering.head)
        else {
            return;
        };
        let (bytes, total, cut) = {
            let mut copy = answering.copied.lock();
            let cut = copy.cut.clone();
            (std::mem::take(&mut copy.bytes), copy.total, cut)
        };
        // Half of it is none: nobody could look for credentials in it.
        let bytes = if cut.is_some() { Vec::new() } else { bytes };
        let problem = cut.or_else(|| (!whole).then(|| "the answer broke off".to_owned()));
        let limit = self.observed.plan.limits.body_bytes;
        let decoded = {
            let _turn = self.observed.share.unpacking().await;
            body::decode(bytes.clone(), answer::coding(&fields).as_deref(), limit)
        };
        let seen = (&bytes[..], &decoded, problem.as_deref());
        let status = (answering.status, version);
        recorder.answer(recorded, status, &fields, seen, AnsweredBy::Application);
        if let Some(answer) = &mut recorded.answer {
            answer.body.bytes = total as u64;
        }
    }

    /// What the request's body held, how long it was, and when it had gone on.
    async fn look(&self) -> (Payload, usize, Option<u64>) {
        let (bytes, total, omitted, sent) = {
            let mut copy = self.asked.lock();
            let omitted = copy.cut.clone().map(|why| BodyOmitted {
                bytes: copy.total,
                sha256: copy.sha256(),
                why: format!("passed on whole, not kept: {why}"),
            });
            let sent = copy.whole.map(|at| at.duration_since(self.began));
            let sent = sent.map(|time| u64::try_from(time.as_millis()).unwrap_or(u64::MAX));
            (std::mem::take(&mut copy.bytes), copy.total, omitted, sent)
        };
        let why = omitted.as_ref().map(|omitted| omitted.why.clone());
        let why = why.or_else(|| self.underway.exchange.limit.clone());
        let why = why.or_else(|| sent.is_none().then(|| UNREAD.to_owned()));
        let problem = why.as_deref();
        let payload = match omitted {
            // Half of it would be taken for broken JSON.
            Some(omitted) => Payload {
                omitted: Some(omitted),
                ..answer::unpacked(Vec::new(), problem, None, None, &self.observed).await
            },
            None => {
                let coding = self.coding.as_deref();
                answer::unpacked(bytes, problem, coding, None, &self.observed).await
            }
        };
        (payload, total, sent)
    }
}

//! One request that is passed on: to the application as it comes, its answer back as it comes.
//!
//! For: `answer`. What went by is looked into and recorded once the answer is over, beside the way
//! of the request. Must not: hold back or change a byte of a body.

mod record;

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
        underway::{Underway, Way, since},
    },
};

/// A status that says that the request cannot be read.
const MALFORMED: u16 = 400;
/// A status that says that the request did not come whole.
const UNFINISHED: u16 = 408;
/// What is said of a body that the application did not wait for.
const UNREAD: &str = "the application was done before the body was whole";
/// How long a body may take that the application never asked for.
const UNASKED: Duration = Duration::from_secs(2);
/// What is said of bodies that the end of the run left no time for.
const HURRIED: &str = "the run ended before it was looked into";
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
        ours: None,
    };
    match outcome {
        Outcome::Answer(response) if response.status() == StatusCode::SWITCHING_PROTOCOLS => {
            let place = passing.target.place();
            let error = ForwardError {
                kind: ForwardFault::BrokeOff,
                why: format!(
                    "{place} answered 101 Switching Protocols, which it was not asked for"
                ),
            };
            passing.failed(error, head.version)
        }
        Outcome::Answer(response) => passing.answered(*response, head.version),
        Outcome::Failed(error) => passing.failed(error, head.version),
        Outcome::Unfinished(why) => passing.unfinished(&why, head.version),
        Outcome::Malformed(why) => passing.malformed(why, head.version),
        Outcome::Left => passing.left(head.version),
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
    /// The answer that was made here in its place, where it is recorded.
    ours: Option<Ours>,
}

/// An answer that was made here.
struct Ours {
    status: u16,
    version: Version,
    text: &'static str,
    fields: HeaderMap,
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
        self.underway.answering();
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
    fn failed(mut self, error: ForwardError, version: Version) -> Response<Body> {
        let (status, text) = match error.kind {
            ForwardFault::Down => (BAD_GATEWAY, "the application cannot be reached\n"),
            ForwardFault::BrokeOff => (BAD_GATEWAY, "the application did not answer\n"),
            ForwardFault::Slow => (GATEWAY_TIMEOUT, "the application did not answer in time\n"),
        };
        let why = error.why.clone();
        self.facts().error = Some(error);
        self.ours((status, version), text, why, false)
    }

    /// What we say to a client that did not go on with its request.
    fn unfinished(mut self, why: &str, version: Version) -> Response<Body> {
        self.underway.exchange.limit = Some(why.to_owned());
        self.observed.state().http_limit = Some(why.to_owned());
        self.ours(
            (UNFINISHED, version),
            "the request did not come whole\n",
            why.to_owned(),
            version < Version::HTTP_2,
        )
    }

    /// What we say to a client whose body is not one.
    fn malformed(self, why: String, version: Version) -> Response<Body> {
        let text = "the body of the request is malformed\n";
        self.ours((MALFORMED, version), text, why, version < Version::HTTP_2)
    }

    /// The client left within its body: what is answered reaches nobody.
    fn left(mut self, version: Version) -> Response<Body> {
        self.underway.over(Way::Left);
        let text = "the request did not come whole\n";
        let why = "the client left within its body".to_owned();
        self.ours((UNFINISHED, version), text, why, version < Version::HTTP_2)
    }

    /// An answer of ours; `last` says that the connection ends with it.
    fn ours(
        mut self,
        (status, version): (u16, Version),
        text: &'static str,
        why: String,
        last: bool,
    ) -> Response<Body> {
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
        self.ours = self.observed.record.as_ref().map(|_| Ours {
            status,
            version,
            text,
            fields: fields.clone(),
        });
        self.over(Ended::Whole);
        response
    }

    /// The way of the request is over: what went by is looked into and recorded aside, since nobody
    /// waits for it.
    pub(super) fn over(mut self, ended: Ended) {
        let total = since(self.began);
        self.facts().timings_ms.total = Some(total);
        let left = matches!(ended, Ended::Left);
        self.underway.over(match (left, &self.answer) {
            (false, _) => Way::Answered,
            (true, Some(_)) => Way::LeftWithin,
            (true, None) => Way::Left,
        });
        let answer = self.answer.as_ref().map(|answer| &answer.copied);
        let copies = std::iter::once(&self.asked).chain(answer);
        let held = copies.map(|copied| copied.lock().bytes.len()).sum();
        let target = self.target.clone();
        target.aside.add(held, Box::pin(self.record(ended)));
    }
}

//! A request under way: counted while it lives, and recorded whatever becomes of it.
//!
//! For: `http`. HTTP libraries drop the future that answers a request when its client leaves; what
//! has to happen then happens as this is dropped. Must not: answer, or wait.

use std::{sync::Arc, time::Instant};

use hyper::{Version, http::request::Parts};
use jiff::Timestamp;
use reqwest::Url;

use super::{
    http::{headers, version_name},
    observed::{Observed, State, Waiting},
};
use crate::{
    facts::{Abandoned, HttpExchange, Left},
    parse::{escape, redact},
};

/// What came, until it is described: credentials are looked for in it, and an answer does not wait
/// for that.
struct Came {
    head: Parts,
    /// When, where it is recorded.
    at: Option<Timestamp>,
    /// Where it is passed on to.
    to: Option<Url>,
}

/// How the way of a request ended.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// It was answered.
    Answered,
    /// Its client left before the answer.
    Left,
    /// Its client left within the answer.
    LeftWithin,
}

/// One request, from its head to its answer.
pub(super) struct Underway {
    observed: Arc<Observed>,
    began: Instant,
    http2: bool,
    /// Which of the requests that came it is.
    index: usize,
    /// Whether its way is over, and how it was left by a client that did not take its answer.
    over: Option<Option<Abandoned>>,
    came: Option<Box<Came>>,
    /// What is known of it so far; its head once it is [`Self::described`].
    pub(super) exchange: HttpExchange,
}

impl Underway {
    /// A request of which the head is there.
    pub(super) fn begin(observed: &Arc<Observed>, head: &Parts) -> Self {
        let http2 = head.version == Version::HTTP_2;
        let index = {
            let mut state = observed.state();
            state.in_flight += 1;
            state.http2 |= http2;
            state.begun += 1;
            state.begun - 1
        };
        Self {
            observed: observed.clone(),
            began: Instant::now(),
            http2,
            index,
            over: None,
            came: Some(Box::new(Came {
                head: head.clone(),
                at: observed.record.as_ref().map(|_| (observed.plan.clock)()),
                to: None,
            })),
            exchange: HttpExchange::default(),
        }
    }

    /// It is passed on to this address.
    pub(super) fn goes_to(&mut self, url: Url) {
        if let Some(came) = &mut self.came {
            came.to = Some(url);
        }
    }

    /// What is known of it, its head and where it went with it; credentials taken out.
    pub(super) fn described(&mut self) -> &mut HttpExchange {
        let Some(came) = self.came.take() else {
            return &mut self.exchange;
        };
        let Came { head, at, to } = *came;
        let show_secrets = self.observed.plan.show_secrets;
        let path = head.uri.path_and_query().map_or("/", |path| path.as_str());
        let exchange = &mut self.exchange;
        exchange.method = escape::text(head.method.as_str());
        exchange.path = escape::text(&redact::text_unless(show_secrets, path));
        exchange.version = version_name(head.version).to_owned();
        exchange.headers = headers(&head.headers, show_secrets);
        if let Some(to) = to {
            let to = escape::text(&redact::text_unless(show_secrets, to.as_str()));
            exchange.forward.get_or_insert_default().to = to;
        }
        let record = self.observed.record.as_ref().zip(at);
        exchange.recorded = record.map(|(record, at)| record.begin(&head, at));
        exchange
    }

    /// Its body is there too: from here on a client that leaves does not wait for its answer.
    pub(super) fn whole(&mut self) {
        if !self.http2 {
            let mut state = self.observed.state();
            state.waiting = Some(Waiting {
                index: self.index,
                began: self.began,
                within: false,
            });
        }
    }

    /// Its answer begins to go out.
    pub(super) fn answering(&self) {
        let mut state = self.observed.state();
        if let Some(waiting) = &mut state.waiting
            && waiting.index == self.index
        {
            waiting.within = true;
        }
    }

    /// It is about to be answered.
    pub(super) fn answered(mut self) {
        self.over(Way::Answered);
    }

    /// Its way is over: it was answered, or its client left. The connection waits for it no more;
    /// what it held may still be looked into.
    pub(super) fn over(&mut self, way: Way) {
        if self.over.is_some() {
            return;
        }
        let mut state = self.observed.state();
        state.in_flight = state.in_flight.saturating_sub(1);
        state.looked_into += 1;
        state.idle_since = Some(Instant::now());
        state.waiting = None;
        self.over = Some((way != Way::Answered).then(|| Abandoned {
            after_ms: since(self.began),
            how: how(&state, self.http2),
            within: way == Way::LeftWithin,
        }));
    }
}

impl Drop for Underway {
    fn drop(&mut self) {
        self.over(Way::Left);
        let mut exchange = std::mem::take(self.described());
        if let Some(abandoned) = self.over.flatten() {
            exchange.not_taken(abandoned);
        }
        let mut state = self.observed.state();
        state.looked_into = state.looked_into.saturating_sub(1);
        state.keep(self.index, exchange, self.observed.plan.limits);
        drop(state);
        self.observed.calm.notify_waiters();
    }
}

/// How a request was left whose answer was dropped.
fn how(state: &State, http2: bool) -> Left {
    match (state.left, state.ending) {
        (Some(left), _) => left,
        (None, true) => Left::Interrupted,
        // The connection stands.
        (None, false) if http2 => Left::StreamReset,
        (None, false) => Left::Closed,
    }
}

/// Whole milliseconds since then.
pub(super) fn since(moment: Instant) -> u64 {
    u64::try_from(moment.elapsed().as_millis()).unwrap_or(u64::MAX)
}

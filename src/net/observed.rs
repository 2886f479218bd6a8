//! What is collected about one connection while it runs; becomes a [`Case`] at any moment.

use std::{
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    time::{Duration, Instant},
};

use jiff::Timestamp;
use tokio::{sync::Notify, time::timeout};

use super::{
    budget::{self, Budgets, Share},
    known::Known,
    plan::{Limits, Plan},
    record::{self, CallRecorder},
    tap::{CaptureHandle, milliseconds},
    timeline,
    verifier::{self, Recorded, Recorder},
};
use crate::{
    facts::{
        Abandoned, Accepted, Case, Chain, ChainUse, ClientAuth, Connection, Ending, EndingKind,
        FirstBytes, HttpExchange, Left, Link, Negotiated, Phase, ProxyHeader, Side, Stage, Step,
        Timings,
    },
    parse::hello,
};

/// The parts that change.
#[derive(Debug, Default)]
pub(super) struct State {
    pub(super) proxy: Option<ProxyHeader>,
    pub(super) first_bytes: Option<FirstBytes>,
    pub(super) negotiated: Option<Negotiated>,
    pub(super) handshaken: bool,
    pub(super) exchanges: Vec<HttpExchange>,
    /// Which of the requests that came each of them is.
    order: Vec<usize>,
    /// Bytes of the recorded exchanges, their bodies apart.
    pub(super) heads: usize,
    /// Exchanges beyond `Limits::exchanges` and `Limits::heads`.
    pub(super) unrecorded: u64,
    /// An answer that nobody took, of an exchange that is not recorded yet: of which request.
    pub(super) untaken: Option<(usize, Abandoned)>,
    /// Over HTTP/1.1: the request that is being answered.
    pub(super) waiting: Option<Waiting>,
    /// Whether a request came over HTTP/2.
    pub(super) http2: bool,
    /// How the client left, once it has.
    pub(super) left: Option<Left>,
    /// Whether the connection is being ended here.
    pub(super) ending: bool,
    pub(super) timings: Timings,
    /// Requests that came.
    pub(super) begun: usize,
    /// Requests that are not answered yet.
    pub(super) in_flight: usize,
    /// Requests whose way is over, and that are still being looked into.
    pub(super) looked_into: usize,
    /// When the last request ended, or the handshake.
    pub(super) idle_since: Option<Instant>,
    /// Whether a limit was hit inside HTTP, in words.
    pub(super) http_limit: Option<String>,
}

/// A whole request that waits for its answer.
#[derive(Clone, Copy, Debug)]
pub(super) struct Waiting {
    /// Which of the requests that came it is.
    pub(super) index: usize,
    /// When its head was there.
    pub(super) began: Instant,
    /// Whether its answer has begun.
    pub(super) within: bool,
}

impl State {
    /// Records the exchange of this request in the order in which they came, or counts it where there
    /// are enough.
    pub(super) fn keep(&mut self, index: usize, mut exchange: HttpExchange, limits: Limits) {
        if let Some((untaken, abandoned)) = self.untaken
            && index == untaken
        {
            self.untaken = None;
            exchange.not_taken(abandoned);
        }
        let heads = self.heads + budget::head(&exchange.path, &exchange.headers);
        let room = self.exchanges.len() < limits.exchanges && heads <= limits.heads;
        if room || self.exchanges.is_empty() {
            self.heads = heads;
            let at = self.order.partition_point(|other| *other < index);
            self.order.insert(at, index);
            self.exchanges.insert(at, exchange);
        } else {
            self.unrecorded += 1;
        }
    }

    /// The exchange of this request, where it is recorded by now.
    pub(super) fn exchange_of(&mut self, index: usize) -> Option<&mut HttpExchange> {
        let at = self.order.binary_search(&index).ok()?;
        self.exchanges.get_mut(at)
    }

    /// What the timeline is told of the first exchange and its moments.
    fn told(&self, asked: bool) -> timeline::Told<'static> {
        let exchange = self.exchanges.first();
        let answer = exchange.and_then(|exchange| exchange.answer.as_ref());
        timeline::Told {
            us: Side::Server,
            handshake_ms: self.timings.handshake,
            asked: Some(asked),
            server_certificates: None,
            client_certificates: None,
            request: exchange.zip(self.timings.request).map(|(exchange, at_ms)| {
                timeline::Exchanged {
                    what: format!("{} {}", exchange.method, exchange.path),
                    at_ms,
                }
            }),
            answer: answer
                .zip(self.timings.answer)
                .map(|(answer, at_ms)| timeline::Exchanged {
                    what: format!("answer {}", answer.status),
                    at_ms,
                }),
            ending: None,
            end_ms: self.timings.total,
        }
    }

    /// Whether no request is under way or being looked into.
    pub(super) fn is_calm(&self) -> bool {
        self.in_flight == 0 && self.looked_into == 0
    }

    /// How the last request was left by its client, if it was.
    pub(super) fn abandoned(&self) -> Option<Abandoned> {
        let last = self.exchanges.last()?;
        last.abandoned.filter(Abandoned::by_client)
    }
}

/// One connection under observation.
pub(super) struct Observed {
    pub(super) plan: Arc<Plan>,
    pub(super) number: u64,
    pub(super) peer: String,
    pub(super) started: Timestamp,
    pub(super) accepted: Instant,
    pub(super) wire: Mutex<CaptureHandle>,
    pub(super) recorder: Recorder,
    /// Notified when a request was looked into.
    pub(super) calm: Notify,
    /// The certificates that clients of this run presented last.
    pub(super) known: Arc<Known>,
    /// What may be held of what comes.
    pub(super) share: Share,
    /// Whether its end was reported; held while something is, so that nothing comes behind the end.
    pub(super) reported: tokio::sync::Mutex<bool>,
    /// What records it, where it is recorded.
    pub(super) record: Option<CallRecorder>,
    state: Mutex<State>,
}

impl Observed {
    pub(super) fn new(
        plan: Arc<Plan>,
        (budgets, known): (&Arc<Budgets>, &Arc<Known>),
        number: u64,
        peer: String,
    ) -> Self {
        Self {
            started: (plan.clock)(),
            record: CallRecorder::of(&plan),
            plan,
            number,
            peer,
            accepted: Instant::now(),
            wire: Mutex::default(),
            recorder: Recorder::default(),
            calm: Notify::new(),
            known: known.clone(),
            share: Share::new(budgets),
            reported: tokio::sync::Mutex::default(),
            state: Mutex::default(),
        }
    }

    pub(super) fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until no request is under way or being looked into, at most so long behind its own part
    /// in that.
    pub(super) async fn settled(&self, patience: Duration) {
        if let Some(target) = &self.plan.forward {
            while self.state().looked_into > 0
                && let Some(job) = target.aside.next()
            {
                // A task: it may be another connection's, and neither its panic is this one's end
                // nor this one's end its own.
                let _ = tokio::spawn(job).await;
            }
        }
        let _ = timeout(patience, self.calmed()).await;
    }

    /// Resolves when no request is under way or being looked into.
    async fn calmed(&self) {
        loop {
            let calm = self.calm.notified();
            let mut calm = std::pin::pin!(calm);
            calm.as_mut().enable();
            if self.state().is_calm() {
                return;
            }
            calm.await;
        }
    }

    /// Milliseconds since the connection was accepted.
    pub(super) fn elapsed(&self) -> f64 {
        milliseconds(self.accepted)
    }

    pub(super) fn set_wire(&self, copy: CaptureHandle) {
        *self.wire.lock().unwrap_or_else(PoisonError::into_inner) = copy;
    }

    fn wire(&self) -> CaptureHandle {
        self.wire
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// The plaintext alert we were seen to write.
    pub(super) fn alert_written(&self) -> Option<u8> {
        self.wire().lock().alert_written
    }

    /// How far the connection has come.
    pub(super) fn phase(&self) -> Phase {
        let state = self.state();
        if state
            .exchanges
            .iter()
            .any(|exchange| exchange.answer.is_some())
            && state.in_flight == 0
        {
            return Phase::Done;
        }
        if state.handshaken {
            return Phase::Http;
        }
        drop(state);
        let wire = self.wire();
        let copied = wire.lock();
        if copied.read.is_empty() {
            Phase::Connected
        } else if hello::client_hello(&copied.read).is_ok() {
            Phase::Handshake
        } else {
            Phase::ClientHello
        }
    }

    /// Our own chain, once it went out: in TLS 1.3 our Certificate is encrypted, so that how much
    /// was written shows it.
    fn server_chain(&self, written: u64) -> Option<Chain> {
        let own = &self.plan.server.chain;
        let chain_bytes: usize = own.iter().map(|certificate| certificate.der.len()).sum();
        (written > chain_bytes as u64).then(|| Chain {
            holds: ChainUse::Identity,
            leaf: 0,
            role: Side::Server,
            links: own.iter().cloned().map(Link::new).collect(),
            trust: None,
            profile: None,
            view: None,
            fetched: None,
            revocation: Vec::new(),
            key_path: None,
        })
    }

    /// The case as it stands; `ending` is `None` while the connection is open.
    pub(super) fn case(&self, ending: Option<Ending>) -> Case {
        let over = ending.is_some();
        let recording = self.record.as_ref().filter(|_| over);
        let (hello, written, records, read) = {
            let wire = self.wire();
            let copied = wire.lock();
            let hello = hello::client_hello(&copied.read).ok();
            let read = recording.map(|_| copied.read.clone());
            let records = copied.records.clone();
            (hello, copied.total_written, records, read)
        };
        let evidence = recording.zip(read).map(|(recording, read)| {
            let chain = self.recorder.lock().chain.clone();
            let at = (self.plan.judge_at)();
            Box::new(record::evidence(&self.plan, recording, &chain, &read, at))
        });
        let mut state = self.state();
        let recorded = self.recorder.lock();
        let asked = self.plan.client_auth != ClientAuth::None;
        let client_chain = client_chain(&recorded, asked && state.handshaken);
        let server_chain = hello.as_ref().and_then(|_| self.server_chain(written));
        let mut ending = ending.unwrap_or(Ending {
            kind: EndingKind::Completed,
            alert: None,
            sent_by: None,
            phase: if state.exchanges.is_empty() {
                Phase::Http
            } else {
                Phase::Done
            },
            detail: String::new(),
        });
        let refusal = recorded
            .refusal
            .as_ref()
            .filter(|_| ending.kind == EndingKind::Refused);
        if let Some((_, why)) = refusal {
            ending.detail.clone_from(why);
        }
        let told = timeline::Told {
            server_certificates: server_chain.as_ref().map(|chain| chain.links.len()),
            client_certificates: match (&client_chain, &ending.alert) {
                (Some(chain), _) => Some(chain.links.len()),
                // certificate_required: the list was empty (RFC 8446 section 4.4.2.4).
                (None, Some(alert)) if alert.code == 116 => Some(0),
                (None, _) => None,
            },
            ending: over.then_some(&ending),
            ..state.told(asked)
        };
        let steps = timeline::steps(&records, &told);
        let begun = timeline::plain(Stage::Tcp, 0.0, "the TCP connection was accepted");
        let timeline: Vec<Step> = std::iter::once(begun).chain(steps).collect();
        let accepted = Accepted {
            tls: Connection {
                seen_from: Side::Server,
                negotiated: state.negotiated.clone(),
                client_chain,
                server_chain,
                signature: recorded.signature.clone(),
                refusal: refusal.map(|(reason, _)| reason.clone()),
                ending,
                timeline,
            },
            peer: self.peer.clone(),
            proxy: state.proxy.clone(),
            first_bytes: state.first_bytes.clone().unwrap_or(FirstBytes::Nothing),
            client_auth: self.plan.client_auth,
            preceded_by: None,
            shared: hello.as_ref().map(verifier::shared),
            hello,
            timings: state.timings.clone(),
            http_not_kept: state.unrecorded,
            // Nothing comes after the ending: what was held goes with it.
            http: if over {
                std::mem::take(&mut state.exchanges)
            } else {
                // What is recorded is told once, at the end.
                let shown = state.exchanges.iter().cloned();
                shown
                    .map(|exchange| HttpExchange {
                        recorded: None,
                        ..exchange
                    })
                    .collect()
            },
            evidence,
        };
        Case::new(
            format!("#{} {}", self.number, self.peer),
            self.started,
            accepted,
        )
    }
}

/// The client's chain. An empty answer to our request is known once the handshake is over;
/// before that it is simply not observed.
fn client_chain(recorded: &Recorded, answered: bool) -> Option<Chain> {
    (!recorded.chain.is_empty() || answered).then(|| Chain {
        holds: ChainUse::Identity,
        leaf: 0,
        role: Side::Client,
        profile: recorded.sender.clone(),
        links: recorded.chain.iter().cloned().map(Link::new).collect(),
        trust: recorded.trust.clone(),
        view: None,
        fetched: None,
        revocation: Vec::new(),
        key_path: None,
    })
}

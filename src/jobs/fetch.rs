//! What a chain's certificates name, fetched: the issuers that are missing, and whether a
//! certificate is revoked (`--fetch`).
//!
//! For: `lint` and `inspect`. Bounded for each chain in number and time; of a run, each address is
//! asked once. Must not: fetch where nobody asked for it, take what came for a trust anchor, or
//! judge: `verify` does.

mod issuers;
mod revocation;

use std::{
    collections::HashMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
    time::Duration,
};

use jiff::Timestamp;
use tokio::{
    sync::{OnceCell, Semaphore},
    time::{Instant, timeout_at},
};

use crate::{
    facts::{Certificate, Fetched, FetchedFor, Fetching, TrustFacts},
    net::fetch::found::{self, Allowed, Ask, Bounds, Found},
    parse::cert,
    verify::{Anchors, public},
};

/// From the first packet to the last of one answer.
const TIME: Duration = Duration::from_secs(5);
/// All answers for one chain.
const TIME_IN_ALL: Duration = Duration::from_secs(20);
/// Addresses that are asked for one chain.
const REQUESTS: usize = 12;
/// Addresses of a kind that are asked for one certificate: a CA names one, or one more.
const OF_A_KIND: usize = 2;
/// Answers that are kept for the next chain, in bytes.
const KEPT: usize = 64 * 1024 * 1024;

/// Lists that are judged at once: one of 8 MiB takes some 100 MB meanwhile.
const LISTS: usize = 2;

/// What may be fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Fetch {
    /// Whether private addresses may be called.
    pub private: bool,
}

/// Fetches for the chains of a run.
pub(crate) struct Fetcher {
    allowed: Fetch,
    anchors: Arc<[Vec<u8>]>,
    kept: Mutex<HashMap<String, Arc<OnceCell<Answer>>>>,
    /// Bytes of the answers that are kept.
    size: AtomicUsize,
    /// Lists that are judged at once.
    lists: Semaphore,
}

type Answer = Result<Arc<Found>, String>;

/// A verdict on a chain with these certificates more, and the anchors of it.
pub(crate) type Judging<'a> =
    dyn Fn(&[Arc<Certificate>]) -> (TrustFacts, Anchors) + Send + Sync + 'a;

/// A chain to fetch for.
pub(crate) struct About<'a> {
    /// Its certificates, the leaf first, and others at hand.
    pub(crate) at_hand: &'a [Arc<Certificate>],
    /// Judges it with these certificates more; the anchors that it was judged by come along.
    pub(crate) judge: &'a Judging<'a>,
    /// The moment.
    pub(crate) now: Timestamp,
}

impl Fetcher {
    pub(crate) fn new(allowed: Fetch) -> Self {
        Self {
            allowed,
            anchors: public::all().collect(),
            kept: Mutex::default(),
            size: AtomicUsize::new(0),
            lists: Semaphore::new(LISTS),
        }
    }

    /// Fetches what there is to fetch for a chain.
    pub(crate) async fn look(&self, about: &About<'_>) -> Fetching {
        let mut visit = Visit {
            fetcher: self,
            until: Instant::now() + TIME_IN_ALL,
            requests: Vec::new(),
        };
        let completed = issuers::complete(&mut visit, about).await;
        let path = completed.path(about);
        let anchored = completed.trust.anchor.is_some();
        let revocation = revocation::of_path(&mut visit, &path, anchored, about.now).await;
        Fetching {
            requests: visit.requests,
            completed: (!completed.issuers.is_empty()).then_some(completed.trust),
            issuers: completed.issuers,
            revocation,
            private: self.allowed.private,
        }
    }

    /// The answer to a GET, from memory where it was asked before.
    async fn get(&self, url: &str, what: FetchedFor) -> Answer {
        let cell = {
            let mut kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
            match self.size.load(Ordering::Relaxed) > KEPT {
                true => Arc::default(),
                false => Arc::clone(kept.entry(url.to_owned()).or_default()),
            }
        };
        let answer = cell.get_or_init(|| async {
            let answer = self.ask(url, what, None).await;
            let length = answer.as_ref().map_or(0, |found| found.bytes.len());
            self.size.fetch_add(length, Ordering::Relaxed);
            answer
        });
        answer.await.clone()
    }

    async fn ask(&self, url: &str, what: FetchedFor, body: Option<Vec<u8>>) -> Answer {
        let (accept, most) = match what {
            FetchedFor::Issuer => (
                "application/pkix-cert, application/pkcs7-mime, */*",
                256 * 1024,
            ),
            FetchedFor::Ocsp => ("application/ocsp-response", 64 * 1024),
            // The largest public lists are smaller; some of governments are not.
            FetchedFor::Crl => ("application/pkix-crl, */*", 8 * 1024 * 1024),
        };
        let ask = Ask {
            url: url.to_owned(),
            body: body.map(|body| ("application/ocsp-request", body)),
            accept,
        };
        let bounds = Bounds {
            anchors: Arc::clone(&self.anchors),
            allowed: match self.allowed.private {
                true => Allowed::Any,
                false => Allowed::Public,
            },
            most,
            time: TIME,
        };
        found::fetch(&ask, &bounds).await.map(Arc::new)
    }
}

/// What is fetched for one chain.
struct Visit<'a> {
    fetcher: &'a Fetcher,
    until: Instant,
    requests: Vec<Fetched>,
}

impl Visit<'_> {
    /// The answer of an address that this certificate names, or why there is none.
    async fn fetch(
        &mut self,
        url: &str,
        what: FetchedFor,
        certificate: &Certificate,
        body: Option<Vec<u8>>,
    ) -> Answer {
        let answer = if self.requests.len() >= REQUESTS {
            Err(format!("not asked: {REQUESTS} addresses were asked before"))
        } else {
            let answer = async {
                match body {
                    Some(body) => self.fetcher.ask(url, what, Some(body)).await,
                    None => self.fetcher.get(url, what).await,
                }
            };
            let late = |_| Err(format!("not within {TIME_IN_ALL:?} for all addresses"));
            timeout_at(self.until, answer).await.unwrap_or_else(late)
        };
        let found = answer.as_ref().ok();
        // Beyond the bound nothing is counted up any more.
        if self.requests.len() <= REQUESTS {
            self.requests.push(Fetched {
                why: what,
                named_by: certificate.label(),
                url: url.to_owned(),
                redirected_to: found.and_then(|found| found.redirected_to.clone()),
                bytes: found.map(|found| found.bytes.len() as u64),
                sha256: found.map(|found| cert::sha256(&found.bytes)),
                problem: answer.as_ref().err().cloned(),
            });
        }
        answer
    }

    /// What was fetched last is of no use.
    fn useless(&mut self, why: String) {
        if let Some(last) = self.requests.last_mut() {
            last.problem.get_or_insert(why);
        }
    }
}

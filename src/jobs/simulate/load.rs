//! `--repeat`: many calls, some at once, and how long they took. Memory does not grow with the
//! number of calls.

use std::{
    collections::BTreeMap,
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

use anyhow::{Context as _, Result};
use hdrhistogram::Histogram;
use tokio::task::JoinSet;

use super::{call::Setup, clients::Client};
use crate::{
    facts::{Call, Outcome},
    report::load::{Latency, Load, LoadRow},
};

/// The longest latency that is told apart, in microseconds: an hour.
const LONGEST: u64 = 3_600_000_000;
/// How often progress is told.
const PROGRESS: Duration = Duration::from_secs(1);
/// The most calls that are kept whole.
const SAMPLES: usize = 20;

struct Counts {
    rows: BTreeMap<(Outcome, String), (u64, u64)>,
    latency: Histogram<u64>,
    /// The first call of each way to end: these are judged and shown.
    samples: Vec<Call>,
    as_expected: u64,
}

/// What the workers of a run share.
struct Shared {
    setup: Arc<Setup>,
    client: Client,
    counts: Mutex<Counts>,
    next: AtomicU64,
    done: AtomicU64,
}

impl Shared {
    async fn work(self: Arc<Self>, count: u64) {
        while self.next.fetch_add(1, Ordering::Relaxed) < count {
            let call = self.setup.call(&self.client).await;
            self.counts
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .add(call);
            self.done.fetch_add(1, Ordering::Relaxed);
        }
    }
}

impl Counts {
    fn add(&mut self, call: Call) {
        let microseconds = call.dialled.timings.total.unwrap_or_default() * 1000.0;
        self.latency.saturating_record(microseconds as u64);
        let expected = call.as_expected();
        self.as_expected += u64::from(expected);
        let row = self.rows.entry((call.outcome(), call.how())).or_default();
        row.0 += 1;
        row.1 += u64::from(expected);
        if row.0 == 1 && self.samples.len() < SAMPLES {
            self.samples.push(call);
        }
    }
}

/// How far a run is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// Calls made.
    pub done: u64,
    /// Calls to make.
    pub count: u64,
    /// Calls a second.
    pub rate: f64,
}

/// Calls `count` times, `jobs` at once. The answer is what came of them, and the first call of each
/// way to end.
pub(super) async fn run(
    setup: &Arc<Setup>,
    client: &Client,
    count: u64,
    jobs: u16,
    mut progress: impl FnMut(Progress),
) -> Result<(Load, Vec<Call>)> {
    let shared = Arc::new(Shared {
        setup: setup.clone(),
        client: client.clone(),
        counts: Mutex::new(Counts {
            rows: BTreeMap::new(),
            latency: Histogram::new_with_bounds(1, LONGEST, 3).context("no histogram")?,
            samples: Vec::new(),
            as_expected: 0,
        }),
        next: AtomicU64::new(0),
        done: AtomicU64::new(0),
    });
    let started = Instant::now();
    let mut workers = JoinSet::new();
    for _ in 0..u64::from(jobs).min(count) {
        workers.spawn(shared.clone().work(count));
    }
    let mut ticks = tokio::time::interval_at(tokio::time::Instant::now() + PROGRESS, PROGRESS);
    loop {
        tokio::select! {
            ended = workers.join_next() => match ended {
                Some(worker) => worker.context("mtls failed in a call: please report it")?,
                None => break,
            },
            _ = ticks.tick() => {
                let done = shared.done.load(Ordering::Relaxed);
                let rate = done as f64 / started.elapsed().as_secs_f64();
                progress(Progress { done, count, rate });
            }
        }
    }
    let seconds = started.elapsed().as_secs_f64();
    let mut counts = shared.counts.lock().unwrap_or_else(PoisonError::into_inner);
    let samples = std::mem::take(&mut counts.samples);
    let load = Load {
        client: client.name.clone(),
        calls: count,
        jobs: u64::from(jobs),
        seconds,
        per_second: count as f64 / seconds.max(f64::EPSILON),
        as_expected: counts.as_expected,
        rows: counts
            .rows
            .iter()
            .map(|((outcome, how), (calls, expected))| LoadRow {
                outcome: *outcome,
                how: how.clone(),
                calls: *calls,
                as_expected: expected == calls,
            })
            .collect(),
        latency: Latency::of(&counts.latency),
    };
    Ok((load, samples))
}

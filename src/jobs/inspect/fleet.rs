//! Many endpoints at once: bounded in number and pace, each on its own.
//!
//! For: `inspect`. Must not: know what is done with an endpoint, keep results, or let one
//! endpoint's panic touch another.

use std::{collections::HashMap, future::Future, time::Duration};

use anyhow::Result;
use tokio::{
    sync::mpsc::Receiver,
    task::{Id, JoinError, JoinSet},
    time::{Interval, MissedTickBehavior, interval},
};

/// How many at once and how fast.
#[derive(Clone, Copy, Debug)]
pub(super) struct Pace {
    /// Under way at once.
    pub(super) jobs: usize,
    /// Begun a second; `None` = as fast as it goes.
    pub(super) rate: Option<u16>,
}

/// Does `work` on each item that comes and hands what came of it to `done`, in the order in which
/// they end. A panic is handed on in words.
///
/// # Errors
/// What `done` fails with; then the rest is given up.
pub(super) async fn run<T, R, F>(
    mut items: Receiver<T>,
    pace: Pace,
    work: impl Fn(T) -> F,
    mut done: impl FnMut(T, Result<R, String>) -> Result<()>,
) -> Result<()>
where
    T: Clone + Send + 'static,
    R: Send + 'static,
    F: Future<Output = R> + Send + 'static,
{
    let mut ticks = pace.rate.map(ticks);
    let mut under_way: HashMap<Id, T> = HashMap::new();
    let mut tasks = JoinSet::new();
    let mut more = true;
    loop {
        tokio::select! {
            item = next(&mut items, &mut ticks), if more && tasks.len() < pace.jobs => {
                let Some(item) = item else {
                    more = false;
                    continue;
                };
                let task = tasks.spawn(work(item.clone()));
                under_way.insert(task.id(), item);
            }
            Some(ended) = tasks.join_next_with_id() => {
                let (id, result) = match ended {
                    Ok((id, result)) => (id, Ok(result)),
                    Err(error) => (error.id(), Err(words(error))),
                };
                if let Some(item) = under_way.remove(&id) {
                    done(item, result)?;
                }
            }
            else => return Ok(()),
        }
    }
}

fn ticks(rate: u16) -> Interval {
    let mut ticks = interval(Duration::from_secs_f64(1.0 / f64::from(rate)));
    // Catching up would begin more in a second than was asked for.
    ticks.set_missed_tick_behavior(MissedTickBehavior::Delay);
    ticks
}

/// The next item, not before its time. A tick that passes without an item is lost, never an item:
/// the tick comes first.
async fn next<T>(items: &mut Receiver<T>, ticks: &mut Option<Interval>) -> Option<T> {
    if let Some(ticks) = ticks {
        ticks.tick().await;
    }
    items.recv().await
}

fn words(error: JoinError) -> String {
    match error.try_into_panic() {
        Ok(panic) => {
            let said = panic
                .downcast_ref::<&str>()
                .map(|text| (*text).to_owned())
                .or_else(|| panic.downcast_ref::<String>().cloned());
            format!("it panicked: {}", said.unwrap_or_default())
        }
        Err(error) => error.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    };
    use std::time::Instant;
    use tokio::sync::mpsc;

    async fn of(count: usize, pace: Pace, panics: usize) -> (Vec<usize>, Vec<String>, usize) {
        let (sender, items) = mpsc::channel(4);
        tokio::spawn(async move {
            for number in 0..count {
                sender.send(number).await.unwrap();
            }
        });
        let now = Arc::new(AtomicUsize::new(0));
        let most = Arc::new(AtomicUsize::new(0));
        let (mut good, mut bad) = (Vec::new(), Vec::new());
        let work = |number: usize| {
            let (now, most) = (now.clone(), most.clone());
            async move {
                most.fetch_max(now.fetch_add(1, Ordering::SeqCst) + 1, Ordering::SeqCst);
                tokio::time::sleep(Duration::from_millis(2)).await;
                now.fetch_sub(1, Ordering::SeqCst);
                assert!(number != panics, "number {number}");
                number
            }
        };
        run(items, pace, work, |number, result| {
            match result {
                Ok(same) => {
                    assert_eq!(same, number);
                    good.push(number);
                }
                Err(why) => bad.push(format!("{number} {why}")),
            }
            Ok(())
        })
        .await
        .unwrap();
        good.sort_unstable();
        (good, bad, most.load(Ordering::SeqCst))
    }

    #[tokio::test]
    async fn a_panic_is_one_result_among_many() {
        let pace = Pace {
            jobs: 8,
            rate: None,
        };
        let (good, bad, most) = of(100, pace, 37).await;
        assert_eq!(good.len(), 99);
        assert_eq!(bad, ["37 it panicked: number 37"]);
        assert!((2..=8).contains(&most), "{most}");
    }

    #[tokio::test]
    async fn a_rate_is_kept() {
        let began = Instant::now();
        let pace = Pace {
            jobs: 8,
            rate: Some(100),
        };
        let (good, ..) = of(21, pace, 99).await;
        assert_eq!(good.len(), 21);
        assert!(
            began.elapsed() >= Duration::from_millis(195),
            "{:?}",
            began.elapsed()
        );
    }
}

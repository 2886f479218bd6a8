//! Work that nobody waits for, on a thread that the system lets wait for those that carry calls.
//!
//! For: `http`, which looks here into what went by. Must not: lose a piece of work, or put it off
//! for ever: what is more than [`MOST_JOBS`] or [`MOST_BYTES`] is done at once, beside the calls;
//! a connection that ends takes part; and at the end of the run there is a hurry.

use std::{
    collections::VecDeque,
    future::Future,
    io,
    pin::Pin,
    sync::{
        Arc, Mutex, MutexGuard, PoisonError,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

use tokio::{
    runtime::{Builder, Handle},
    sync::Notify,
};

/// Pieces of work that may wait: a burst of calls is looked into after it.
const MOST_JOBS: usize = 4096;
/// Bytes of bodies that may wait with them: a part of what bodies may hold (`Limits::bodies`).
const MOST_BYTES: usize = 8 << 20;
/// How much more the thread lets others go before it (nice(2)): it gets a tenth of a processor when
/// all are busy, so that it goes on all the same.
#[cfg(target_os = "linux")]
const NICE: i32 = 10;

/// A piece of work.
type Job = Pin<Box<dyn Future<Output = ()> + Send>>;

/// What waits, oldest first.
#[derive(Default)]
struct Queue {
    jobs: VecDeque<(usize, Job)>,
    bytes: usize,
    /// Whether nothing more will come.
    closed: bool,
}

#[derive(Default)]
struct Shared {
    queue: Mutex<Queue>,
    told: Notify,
    hurry: AtomicBool,
}

impl Shared {
    fn lock(&self) -> MutexGuard<'_, Queue> {
        self.queue.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn next(&self) -> Option<Job> {
        let mut queue = self.lock();
        let (bytes, job) = queue.jobs.pop_front()?;
        queue.bytes -= bytes;
        Some(job)
    }
}

/// The thread. It ends when this is dropped and everything is done.
pub(in crate::net) struct Aside(Arc<Shared>);

impl Aside {
    /// Starts it.
    pub(super) fn start() -> io::Result<Self> {
        let runtime = Builder::new_current_thread().enable_time().build()?;
        let shared = Arc::new(Shared::default());
        let own = shared.clone();
        thread::Builder::new()
            .name("aside".to_owned())
            .spawn(move || {
                give_way();
                runtime.block_on(work(&own));
            })?;
        Ok(Self(shared))
    }

    /// The oldest piece of work that waits: whoever needs it done does it.
    pub(in crate::net) fn next(&self) -> Option<Job> {
        self.0.next()
    }

    /// The run ends: from here on nothing is to take long.
    pub(in crate::net) fn hurry(&self) {
        self.0.hurry.store(true, Ordering::Relaxed);
    }

    /// Whether the run ends.
    pub(in crate::net) fn hurries(&self) -> bool {
        self.0.hurry.load(Ordering::Relaxed)
    }

    /// Takes a piece of work that holds so many bytes.
    pub(in crate::net) fn add(&self, bytes: usize, job: Job) {
        let mut queue = self.0.lock();
        queue.jobs.push_back((bytes, job));
        queue.bytes += bytes;
        let full = queue.jobs.len() > MOST_JOBS || queue.bytes > MOST_BYTES;
        drop(queue);
        self.0.told.notify_one();
        // Without a runtime the program is ending.
        if full && let Ok(runtime) = Handle::try_current() {
            let shared = self.0.clone();
            runtime.spawn(async move {
                if let Some(job) = shared.next() {
                    job.await;
                }
            });
        }
    }
}

impl Drop for Aside {
    fn drop(&mut self) {
        self.0.lock().closed = true;
        self.0.told.notify_one();
    }
}

async fn work(shared: &Shared) {
    loop {
        while let Some(job) = shared.next() {
            // A task, so that a panic in it is its end and not the thread's.
            let _ = tokio::spawn(job).await;
        }
        if shared.lock().closed {
            return;
        }
        shared.told.notified().await;
    }
}

/// Lets other threads go before this one, where the system does that a thread at a time.
fn give_way() {
    #[cfg(target_os = "linux")]
    {
        // Refused or not: the work is done either way.
        let _ = rustix::process::setpriority_process(None, NICE);
    }
}

#[cfg(test)]
mod tests {
    use std::{
        sync::{
            atomic::{AtomicUsize, Ordering},
            mpsc,
        },
        time::Duration,
    };

    use super::*;

    const PATIENCE: Duration = Duration::from_secs(20);

    #[test]
    fn work_is_done_in_its_order_and_to_its_end() {
        let aside = Aside::start().unwrap();
        let (sender, receiver) = mpsc::channel();
        for number in 0..100 {
            let sender = sender.clone();
            aside.add(
                1,
                Box::pin(async move {
                    assert_ne!(number, 50, "a panic takes nothing else with it");
                    let _ = sender.send(number);
                }),
            );
        }
        // What waits is done although nobody keeps the thread.
        drop((aside, sender));
        let done: Vec<i32> = std::iter::from_fn(|| receiver.recv_timeout(PATIENCE).ok()).collect();
        let expected: Vec<i32> = (0..100).filter(|&number| number != 50).collect();
        assert_eq!(done, expected);
    }

    #[test]
    fn what_is_too_much_to_wait_is_done_at_once() {
        let runtime = Builder::new_current_thread().enable_time().build().unwrap();
        let aside = Aside::start().unwrap();
        let (free, held) = tokio::sync::oneshot::channel::<()>();
        let done = Arc::new(AtomicUsize::new(0));
        runtime.block_on(async {
            // The thread is held up, and then more comes than may wait.
            aside.add(
                0,
                Box::pin(async move {
                    let _ = held.await;
                }),
            );
            while !aside.0.lock().jobs.is_empty() {
                tokio::time::sleep(Duration::from_millis(1)).await;
            }
            for _ in 0..3 {
                let done = done.clone();
                let job = async move {
                    done.fetch_add(1, Ordering::SeqCst);
                };
                aside.add(MOST_BYTES / 2 + 1, Box::pin(job));
            }
            let all = async {
                while done.load(Ordering::SeqCst) < 2 {
                    tokio::time::sleep(Duration::from_millis(1)).await;
                }
            };
            tokio::time::timeout(PATIENCE, all).await.unwrap();
            assert_eq!(aside.0.lock().bytes, MOST_BYTES / 2 + 1);
        });
        drop(free);
    }
}

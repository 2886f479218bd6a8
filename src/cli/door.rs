//! The two doors out of this program: its standard output and its standard error.
//!
//! For: everything in `cli` that prints. A reader that goes away ends printing and nothing else: no
//! writer here ever fails, and what became of the stream is asked at the end. Beside a listener a
//! reader that stands still must hold up nobody: [`Door::beside`] writes on a thread of its own,
//! from a queue with a bound; what does not fit is left out whole, and counted. Must not: format,
//! or decide an exit code.

use std::{
    collections::VecDeque,
    io::{self, Write},
    sync::{Condvar, LazyLock, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

use tokio::sync::Notify;

use super::common;
use crate::failure;

/// The most bytes that wait for a reader: some thousand results.
const BOUND: usize = 8 * 1024 * 1024;
/// A result longer than this is handed on in parts.
const PART: usize = 1024 * 1024;

/// Standard output.
pub(super) static STDOUT: LazyLock<Door> =
    LazyLock::new(|| Door::new("standard output", Box::new(io::stdout())));
/// Standard error.
pub(super) static STDERR: LazyLock<Door> =
    LazyLock::new(|| Door::new("standard error", Box::new(io::stderr())));

/// Why nothing more goes through a door.
#[derive(Debug)]
enum Shut {
    /// Nobody reads it any more: the reader's choice (`| head`).
    Gone,
    /// It cannot be written to: a full disk.
    Failed(io::Error),
}

impl From<io::Error> for Shut {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::BrokenPipe => Self::Gone,
            _ => Self::Failed(error),
        }
    }
}

#[derive(Default)]
struct State {
    /// What waits for the thread that writes; `None` while everything is written at once.
    queue: Option<VecDeque<Vec<u8>>>,
    /// Bytes in the queue, and those that are being written.
    waiting: usize,
    /// Results that did not fit.
    left_out: u64,
    /// Whether the last one did not.
    full: bool,
    /// Whether the run is over, and what is still to come is let in whatever waits.
    last: bool,
    shut: Option<Shut>,
}

/// A stream of this process.
pub(super) struct Door {
    name: &'static str,
    stream: Mutex<Box<dyn Write + Send>>,
    state: Mutex<State>,
    /// Something came to wait, or went out, or the door was shut: for threads,
    moved: Condvar,
    /// and for tasks.
    moved_too: Notify,
}

fn lock<T: ?Sized>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl Door {
    fn new(name: &'static str, stream: Box<dyn Write + Send>) -> Self {
        Self {
            name,
            stream: Mutex::new(stream),
            state: Mutex::default(),
            moved: Condvar::new(),
            moved_too: Notify::new(),
        }
    }

    /// A writer through this door; what lies between two flushes is one result.
    pub(super) fn writer(&'static self) -> Writer {
        Writer {
            door: self,
            pending: Vec::new(),
        }
    }

    /// From now on a thread of its own writes, and nobody waits for the reader.
    pub(super) fn beside(&'static self) {
        if lock(&self.state).queue.is_some() {
            return;
        }
        let started = thread::Builder::new()
            .name(self.name.to_owned())
            .spawn(move || self.write_on());
        // Without a thread everything is written at once, as before.
        if started.is_ok() {
            lock(&self.state).queue = Some(VecDeque::new());
        }
    }

    fn write_on(&self) {
        loop {
            let next = {
                let idle = |state: &mut State| state.queue.as_ref().is_none_or(VecDeque::is_empty);
                let state = lock(&self.state);
                let waited = self.moved.wait_while(state, idle);
                let mut state = waited.unwrap_or_else(PoisonError::into_inner);
                state.queue.as_mut().and_then(VecDeque::pop_front)
            };
            let Some(bytes) = next else { continue };
            self.write_now(&bytes);
            lock(&self.state).waiting -= bytes.len();
            self.tell();
        }
    }

    fn write_now(&self, bytes: &[u8]) {
        if lock(&self.state).shut.is_some() {
            return;
        }
        let mut stream = lock(&self.stream);
        let written = stream.write_all(bytes).and_then(|()| stream.flush());
        drop(stream);
        if let Err(error) = written {
            lock(&self.state).shut = Some(error.into());
            self.tell();
        }
    }

    fn tell(&self) {
        self.moved.notify_all();
        self.moved_too.notify_waiters();
    }

    /// Takes one result: writes it, or puts it into the queue, or leaves it out where there is no
    /// room.
    fn take(&self, bytes: Vec<u8>) {
        if bytes.is_empty() {
            return;
        }
        let mut state = lock(&self.state);
        if state.shut.is_some() {
            return;
        }
        let waiting = state.waiting;
        if state.queue.is_none() {
            drop(state);
            return self.write_now(&bytes);
        }
        // One that is longer than the bound goes through alone.
        if waiting > 0 && waiting + bytes.len() > BOUND && !state.last {
            state.left_out += 1;
            let first = !std::mem::replace(&mut state.full, true);
            drop(state);
            if first {
                self.complain();
            }
            return;
        }
        let length = bytes.len();
        if let Some(queue) = &mut state.queue {
            queue.push_back(bytes);
        }
        state.waiting += length;
        state.full = false;
        drop(state);
        self.tell();
    }

    /// Says that results are being left out; of standard error there is nobody to say it to.
    fn complain(&self) {
        if !std::ptr::eq(self, &*STDERR) {
            common::complain(&format!(
                "mtls: {} is not being read and {} MiB are waiting: further results are left out until it is read",
                self.name,
                BOUND >> 20
            ));
        }
    }

    /// The run is over: its summary goes in however much waits.
    pub(super) fn last_words(&self) {
        lock(&self.state).last = true;
    }

    /// How many results were left out, because nobody read what came before them.
    pub(super) fn left_out(&self) -> u64 {
        lock(&self.state).left_out
    }

    /// Why it could not be written to; a reader that went away is no such reason.
    pub(super) fn failure(&self) -> Option<String> {
        match &lock(&self.state).shut {
            Some(Shut::Failed(error)) => Some(format!(
                "cannot write to {}: {}",
                self.name,
                failure::io(error)
            )),
            Some(Shut::Gone) | None => None,
        }
    }

    /// Resolves when this holds of the state.
    async fn once(&self, holds: impl Fn(&State) -> bool) {
        loop {
            let moved = self.moved_too.notified();
            tokio::pin!(moved);
            // From here on no notice is missed.
            moved.as_mut().enable();
            if holds(&lock(&self.state)) {
                return;
            }
            moved.await;
        }
    }

    /// Resolves when nobody can read it any more.
    pub(super) async fn shut(&self) {
        self.once(|state| state.shut.is_some()).await;
    }

    /// Resolves when everything has gone out, or nothing more can.
    pub(super) async fn emptied(&self) {
        self.once(|state| state.waiting == 0 || state.shut.is_some())
            .await;
    }

    /// The same for a thread, within this time.
    fn empty_within(&self, time: Duration) {
        let until = Instant::now() + time;
        let mut state = lock(&self.state);
        while state.waiting > 0 && state.shut.is_none() {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return;
            }
            let waited = self.moved.wait_timeout(state, left);
            state = waited.unwrap_or_else(PoisonError::into_inner).0;
        }
    }
}

/// The last moments of the program: what is still to be said goes out, if it is read.
pub(super) fn close() {
    STDERR.empty_within(Duration::from_millis(200));
}

/// A writer through a door. It never fails.
pub(super) struct Writer {
    door: &'static Door,
    pending: Vec<u8>,
}

impl Write for Writer {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.pending.extend_from_slice(bytes);
        if self.pending.len() >= PART {
            self.flush()?;
        }
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.door.take(std::mem::take(&mut self.pending));
        Ok(())
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        let _ = self.flush();
    }
}

#[cfg(test)]
mod tests {
    use std::sync::{Arc, mpsc};

    use super::*;

    /// A stream that takes a write whenever the test lets it.
    struct Gate {
        open: mpsc::Receiver<io::Result<()>>,
        taken: Arc<Mutex<Vec<u8>>>,
    }

    impl Write for Gate {
        fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
            // An error of the channel: the test has opened it for good.
            if let Ok(may) = self.open.recv() {
                may?;
            }
            lock(&self.taken).extend_from_slice(bytes);
            Ok(bytes.len())
        }

        fn flush(&mut self) -> io::Result<()> {
            Ok(())
        }
    }

    type Key = mpsc::Sender<io::Result<()>>;

    fn gate() -> (&'static Door, Key, Arc<Mutex<Vec<u8>>>) {
        let (key, open) = mpsc::channel();
        let taken = Arc::new(Mutex::new(Vec::new()));
        let gate = Gate {
            open,
            taken: taken.clone(),
        };
        let door = Box::leak(Box::new(Door::new("a gate", Box::new(gate))));
        (door, key, taken)
    }

    #[test]
    fn a_reader_that_goes_away_is_no_failure_and_a_full_disk_is() {
        for (kind, failed) in [
            (io::ErrorKind::BrokenPipe, false),
            (io::ErrorKind::StorageFull, true),
        ] {
            for beside in [false, true] {
                let (door, key, taken) = gate();
                if beside {
                    door.beside();
                }
                key.send(Err(kind.into())).unwrap();
                drop(key);
                let mut out = door.writer();
                for _ in 0..2 {
                    out.write_all(b"a result\n").unwrap();
                    out.flush().unwrap();
                    door.empty_within(Duration::from_secs(20));
                }
                assert_eq!(door.failure().is_some(), failed, "{kind:?}");
                // The stream would take it by now: once shut is shut.
                assert_eq!(*lock(&taken), b"", "{kind:?}");
                assert_eq!(door.left_out(), 0);
            }
        }
    }

    #[test]
    fn a_reader_that_stands_still_holds_up_nobody_and_what_it_missed_is_counted() {
        let (door, key, taken) = gate();
        door.beside();
        let mut out = door.writer();
        let result = vec![b'x'; BOUND / 4];
        // PART by PART: each of these is one part or more.
        let began = Instant::now();
        for _ in 0..8 {
            out.write_all(&result).unwrap();
            out.flush().unwrap();
        }
        assert!(began.elapsed() < Duration::from_secs(10));
        assert_eq!(door.left_out(), 4);
        assert!(lock(&door.state).waiting <= BOUND);
        drop(key);
        door.empty_within(Duration::from_secs(20));
        assert_eq!(lock(&taken).len(), BOUND);
        // Read again, it takes results again.
        out.write_all(b"more").unwrap();
        out.flush().unwrap();
        door.empty_within(Duration::from_secs(20));
        assert!(lock(&taken).ends_with(b"more"));
        assert_eq!(door.left_out(), 4);
    }

    #[test]
    fn one_result_beyond_the_bound_goes_through_alone() {
        let (door, key, taken) = gate();
        door.beside();
        door.take(vec![b'x'; BOUND + 1]);
        drop(key);
        door.empty_within(Duration::from_secs(20));
        assert_eq!(lock(&taken).len(), BOUND + 1);
        assert_eq!(door.left_out(), 0);
    }
}

//! Child processes that cannot outlive their time.
//!
//! For: one child that dies with its owner, and whole runs of a command.
//! Must not: know which program it is.

use std::{
    io::{Read, Write},
    process::{self, ChildStderr, ChildStdin, ChildStdout, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

use super::PATIENCE;

/// What became of a process.
#[derive(Clone, Debug)]
pub(crate) struct Finished {
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
    pub(crate) stdout: String,
    pub(crate) stderr: String,
}

impl Finished {
    /// Everything it said, for searching and for panics.
    pub(crate) fn said(&self) -> String {
        format!("{}\n{}", self.stdout, self.stderr)
    }

    /// Panics with what it said unless it succeeded.
    #[track_caller]
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.said());
        self
    }
}

/// Runs a command without input to its end; panics when it cannot be started or takes longer than
/// `seconds`.
pub(crate) fn run(command: &mut Command, seconds: u64) -> Finished {
    feed(command, &[], seconds)
}

/// [`run`] with these bytes as its input, which then ends.
pub(crate) fn feed(command: &mut Command, input: &[u8], seconds: u64) -> Finished {
    let shown = format!("{command:?}");
    match whole(command, input, Duration::from_secs(seconds)) {
        Ok(finished) => finished,
        Err(error) => panic!("{shown}: {error}"),
    }
}

/// [`run`] that takes a missing program for an answer.
pub(super) fn try_run(command: &mut Command, limit: Duration) -> Option<Finished> {
    whole(command, &[], limit).ok()
}

fn whole(command: &mut Command, input: &[u8], limit: Duration) -> Result<Finished, String> {
    let started = Instant::now();
    command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped());
    let mut child = Child(command.spawn().map_err(|error| error.to_string())?);
    let stdout = collect(child.stdout());
    let stderr = collect(child.stderr());
    let mut stdin = child.stdin();
    let input = input.to_vec();
    // On a thread of its own: a process that does not read must not hold up the clock.
    thread::spawn(move || stdin.write_all(&input));
    let status = child.wait_until(started + limit);
    // The pipes may be held open by a grandchild; what was said so far is in the channel's sender,
    // so bound that too.
    let rest = Duration::from_secs(5);
    let stdout = stdout.recv_timeout(rest).unwrap_or_default();
    let stderr = stderr.recv_timeout(rest).unwrap_or_default();
    match status {
        Some(status) => Ok(Finished {
            code: status.code(),
            stdout,
            stderr,
        }),
        None => Err(format!("not over after {limit:?}\n{stdout}\n{stderr}")),
    }
}

/// Reads a pipe to its end on a thread; bytes that are not UTF-8 are replaced.
fn collect(mut pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

/// A child that dies with its owner.
pub(crate) struct Child(process::Child);

impl Child {
    /// Starts it; panics with the command when that fails.
    #[track_caller]
    pub(crate) fn spawn(command: &mut Command) -> Self {
        let shown = format!("{command:?}");
        Self(
            command
                .spawn()
                .unwrap_or_else(|error| panic!("{shown}: {error}")),
        )
    }

    /// Its process id.
    pub(crate) fn id(&self) -> u32 {
        self.0.id()
    }

    /// Its input, which has to be a pipe and is given once.
    pub(crate) fn stdin(&mut self) -> ChildStdin {
        self.0.stdin.take().unwrap()
    }

    /// Its output, which has to be a pipe and is given once.
    pub(crate) fn stdout(&mut self) -> ChildStdout {
        self.0.stdout.take().unwrap()
    }

    /// Its errors, which have to be a pipe and are given once.
    pub(crate) fn stderr(&mut self) -> ChildStderr {
        self.0.stderr.take().unwrap()
    }

    /// Kills it, now.
    pub(crate) fn kill(&mut self) {
        // Both are errors when it is over already, which is fine.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }

    /// The status once the child is over; `None` when it had to be killed at `deadline`.
    pub(crate) fn wait_until(&mut self, deadline: Instant) -> Option<ExitStatus> {
        loop {
            match self.0.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
                _ => break,
            }
        }
        self.kill();
        None
    }

    /// The exit code of a child that ends on its own; `None` when a signal ended it.
    #[track_caller]
    pub(crate) fn ended(&mut self) -> Option<i32> {
        let Some(status) = self.wait_until(Instant::now() + PATIENCE) else {
            panic!("not over after {PATIENCE:?}");
        };
        status.code()
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        self.kill();
    }
}

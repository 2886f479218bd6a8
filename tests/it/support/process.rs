//! Child processes that cannot outlive their time.

use std::{
    io::{Read, Write},
    net::{Ipv4Addr, TcpListener, TcpStream},
    process::{Child, Command, ExitStatus, Stdio},
    sync::mpsc::{self, Receiver},
    thread,
    time::{Duration, Instant},
};

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
    pub(crate) fn ok(self) -> Self {
        assert_eq!(self.code, Some(0), "{}", self.said());
        self
    }
}

/// Runs a command without input to its end; panics when it cannot be started or takes longer than `seconds`.
pub(crate) fn run(command: &mut Command, seconds: u64) -> Finished {
    feed(command, &[], seconds)
}

/// [`run`] with these bytes as its input, which then ends.
pub(crate) fn feed(command: &mut Command, input: &[u8], seconds: u64) -> Finished {
    let shown = format!("{command:?}");
    let limit = Duration::from_secs(seconds);
    match spawn(command, input, limit) {
        Ok(finished) => finished,
        Err(error) => panic!("{shown}: {error}"),
    }
}

/// [`run`] that takes a missing program for an answer.
pub(super) fn try_run(command: &mut Command, limit: Duration) -> Option<Finished> {
    spawn(command, &[], limit).ok()
}

fn spawn(command: &mut Command, input: &[u8], limit: Duration) -> Result<Finished, String> {
    let started = Instant::now();
    let mut child = Owned(
        command
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .map_err(|error| error.to_string())?,
    );
    let stdout = collect(child.0.stdout.take().unwrap());
    let stderr = collect(child.0.stderr.take().unwrap());
    let mut stdin = child.0.stdin.take().unwrap();
    let input = input.to_vec();
    // On a thread of its own: a process that does not read must not hold up the clock.
    thread::spawn(move || stdin.write_all(&input));
    let status = child.wait_until(started + limit);
    // The pipes may be held open by a grandchild; what was said so far is in the channel's sender, so bound that too.
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
pub(super) fn collect(mut pipe: impl Read + Send + 'static) -> Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut bytes = Vec::new();
        let _ = pipe.read_to_end(&mut bytes);
        let _ = sender.send(String::from_utf8_lossy(&bytes).into_owned());
    });
    receiver
}

/// A child that dies with its owner.
pub(crate) struct Owned(pub(crate) Child);

impl Owned {
    /// Starts a server without input; what it says goes to `log`, its errors to the same name with `.err`.
    pub(crate) fn serve(command: &mut Command, log: &std::path::Path) -> Self {
        let file = || std::fs::File::create(log).unwrap();
        let shown = format!("{command:?}");
        let child = command
            // An open pipe: s_server hangs up at the end of its input.
            .stdin(Stdio::piped())
            .stdout(file())
            .stderr(
                std::fs::OpenOptions::new()
                    .append(true)
                    .create(true)
                    .open(log.with_extension("err"))
                    .unwrap(),
            )
            .spawn();
        Self(child.unwrap_or_else(|error| panic!("{shown}: {error}")))
    }

    /// The status once the child is over; `None` when it had to be killed at `deadline`.
    pub(super) fn wait_until(&mut self, deadline: Instant) -> Option<ExitStatus> {
        loop {
            match self.0.try_wait() {
                Ok(Some(status)) => return Some(status),
                Ok(None) if Instant::now() < deadline => thread::sleep(Duration::from_millis(5)),
                _ => break,
            }
        }
        let _ = self.0.kill();
        let _ = self.0.wait();
        None
    }
}

impl Drop for Owned {
    fn drop(&mut self) {
        // Both are errors when it is over already, which is well.
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

/// A port that is free now. Another process could take it meanwhile; other people's servers cannot be told to choose one.
pub(crate) fn free_port() -> u16 {
    let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    socket.local_addr().unwrap().port()
}

/// Waits until something accepts on a port.
pub(crate) fn wait_for(port: u16) {
    let until = Instant::now() + super::PATIENCE;
    while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
        assert!(Instant::now() < until, "nothing listens on {port}");
        thread::sleep(Duration::from_millis(20));
    }
}

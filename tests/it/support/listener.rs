//! Servers that say where they listen: `mtls listen` in any format, and `openssl s_server`.
//!
//! For: one starter, which waits for that line; [`Listen`] reads `--format jsonl` on top of it.
//! Must not: judge what was said.

use std::{
    ffi::OsStr,
    io::{BufRead as _, BufReader, Read},
    net::SocketAddr,
    process::{ChildStdout, Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
    time::Instant,
};

use serde_json::Value;

use super::{Child, Finished, PATIENCE, clean, run};

/// The built program, with a clean environment.
pub(crate) fn mtls() -> Command {
    clean(env!("CARGO_BIN_EXE_mtls"))
}

/// Sends a signal to this process, with the shell's own `kill`: the command of that name is not on
/// every machine.
pub(crate) fn signal(pid: u32, name: &str) {
    run(clean("sh").args(["-c", &format!("kill -{name} {pid}")]), 10).ok();
}

/// What a stream says, read on a thread of its own.
struct Stream {
    /// All of it so far.
    text: Arc<Mutex<String>>,
    /// Its lines, one by one. Closed at the end of the stream.
    lines: Receiver<String>,
}

impl Stream {
    /// Reads this pipe to its end; the first address that a line names is announced.
    fn follow(pipe: impl Read + Send + 'static, announce: Sender<SocketAddr>) -> Self {
        let (sender, lines) = mpsc::channel();
        let text = Arc::new(Mutex::new(String::new()));
        let copy = text.clone();
        thread::spawn(move || {
            let mut pipe = BufReader::new(pipe);
            let mut bytes = Vec::new();
            while pipe
                .read_until(b'\n', &mut bytes)
                .is_ok_and(|read| read > 0)
            {
                let line = String::from_utf8_lossy(&bytes).into_owned();
                let place = ["listening on ", "ACCEPT "]
                    .iter()
                    .find_map(|word| line.strip_prefix(word));
                if let Some(address) = place.and_then(|place| place.trim().parse().ok()) {
                    let _ = announce.send(address);
                }
                copy.lock().unwrap().push_str(&line);
                let _ = sender.send(line);
                bytes.clear();
            }
        });
        Self { text, lines }
    }

    /// One that says nothing.
    fn silent() -> Self {
        Self {
            text: Arc::default(),
            lines: mpsc::channel().1,
        }
    }

    fn so_far(&self) -> String {
        self.text.lock().unwrap().clone()
    }

    /// Everything, once the stream is over.
    fn whole(&self) -> String {
        let until = Instant::now() + PATIENCE;
        while self
            .lines
            .recv_timeout(until.saturating_duration_since(Instant::now()))
            .is_ok()
        {}
        self.so_far()
    }
}

/// A running server that said where it listens, as a child that dies with the test.
pub(crate) struct Listener {
    child: Child,
    address: SocketAddr,
    stdout: Stream,
    stderr: Stream,
}

impl Listener {
    /// Starts it and waits until it accepts.
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::spawn(command, Stream::follow)
    }

    /// The same with a standard output that nobody reads any more.
    #[track_caller]
    pub(crate) fn start_deaf(command: &mut Command) -> Self {
        Self::spawn(command, |stdout, _| {
            drop(stdout);
            Stream::silent()
        })
    }

    /// The same with a standard output that stays open, for the test to read when it likes.
    #[track_caller]
    pub(crate) fn start_unread(command: &mut Command) -> (Self, ChildStdout) {
        let mut kept = None;
        let listener = Self::spawn(command, |stdout, _| {
            kept = Some(stdout);
            Stream::silent()
        });
        (listener, kept.unwrap())
    }

    #[track_caller]
    fn spawn(
        command: &mut Command,
        read: impl FnOnce(ChildStdout, Sender<SocketAddr>) -> Stream,
    ) -> Self {
        command
            // An open pipe: s_server hangs up at the end of its input.
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = Child::spawn(command);
        let (announce, announced) = mpsc::channel();
        let stderr = Stream::follow(child.stderr(), announce.clone());
        let stdout = read(child.stdout(), announce);
        let Ok(address) = announced.recv_timeout(PATIENCE) else {
            // Either it is over, or it is killed here: both end the reader.
            child.kill();
            panic!("{command:?} does not listen:\n{}", stderr.whole());
        };
        Self {
            child,
            address,
            stdout,
            stderr,
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The child's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    /// What it has said on stderr so far.
    pub(crate) fn said(&self) -> String {
        self.stderr.so_far()
    }

    /// Sends SIGTERM to this one child and collects what it said.
    #[track_caller]
    pub(crate) fn finish(self) -> Finished {
        signal(self.pid(), "TERM");
        self.wait()
    }

    /// Waits for it to end on its own and collects what it said.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Finished {
        let status = self.child.wait_until(Instant::now() + PATIENCE);
        // Its end closed the pipes, so the readers end too.
        let (stdout, stderr) = (self.stdout.whole(), self.stderr.whole());
        let Some(status) = status else {
            panic!("the server did not end; stderr:\n{stderr}\nstdout:\n{stdout}");
        };
        Finished {
            code: status.code(),
            stdout,
            stderr,
        }
    }
}

/// A running `mtls listen --format jsonl` on a free port of 127.0.0.1.
pub(crate) struct Listen(Listener);

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Report {
    /// Every line of stdout, parsed; the summary is the last.
    pub(crate) lines: Vec<Value>,
    pub(crate) stderr: String,
    /// The exit code; `None` when a signal ended it.
    pub(crate) code: Option<i32>,
}

impl Report {
    /// The connection objects.
    pub(crate) fn connections(&self) -> Vec<&Value> {
        self.lines
            .iter()
            .filter(|line| line["kind"] == "connection")
            .collect()
    }

    /// The only connection object.
    #[track_caller]
    pub(crate) fn connection(&self) -> &Value {
        let all = self.connections();
        assert_eq!(all.len(), 1, "{self:#?}");
        all[0]
    }

    /// The summary line, which is the last.
    #[track_caller]
    pub(crate) fn summary(&self) -> &Value {
        let last = self.lines.last().expect("a summary line");
        assert_eq!(last["kind"], "summary", "{self:#?}");
        last
    }
}

#[track_caller]
fn parsed(line: &str) -> Value {
    serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}"))
}

impl Listen {
    /// Starts it with these flags more and waits until it accepts.
    #[track_caller]
    pub(crate) fn start<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Self {
        let mut command = mtls();
        command
            .args(["listen", "--format", "jsonl", "--listen", "127.0.0.1:0"])
            .args(arguments);
        Self(Listener::start(&mut command))
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.0.address()
    }

    /// The child's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.0.pid()
    }

    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.address().port()
    }

    /// The URL of `path` there, by the name that the certificates of [`super::Pki`] hold.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port())
    }

    /// The next line of stdout, parsed.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Value {
        let line = self.0.stdout.lines.recv_timeout(PATIENCE);
        let stderr = || self.0.stderr.so_far();
        parsed(&line.unwrap_or_else(|_| panic!("no further line; stderr:\n{}", stderr())))
    }

    /// Sends SIGTERM to this one child.
    pub(crate) fn terminate(&self) {
        signal(self.pid(), "TERM");
    }

    /// Terminates it and collects.
    #[track_caller]
    pub(crate) fn finish(self) -> Report {
        self.terminate();
        self.wait()
    }

    /// Waits for it to end on its own (`--count`, `--timeout`) and collects.
    #[track_caller]
    pub(crate) fn wait(self) -> Report {
        let finished = self.0.wait();
        Report {
            lines: finished.stdout.lines().map(parsed).collect(),
            stderr: finished.stderr,
            code: finished.code,
        }
    }
}

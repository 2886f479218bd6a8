//! `mtls listen` as a child process.

use std::{
    ffi::OsStr,
    io::{BufRead, BufReader},
    net::SocketAddr,
    process::{Command, Stdio},
    sync::{
        Arc, Mutex,
        mpsc::{self, Receiver},
    },
    thread,
    time::Instant,
};

use serde_json::Value;

use super::{PATIENCE, clean, process::Owned, run};

/// The built program, with a clean environment.
pub(crate) fn mtls() -> Command {
    clean(env!("CARGO_BIN_EXE_mtls"))
}

/// Sends SIGTERM to this process, with the shell's own `kill`: the command of that name is not on every machine.
pub(crate) fn terminate(pid: u32) {
    run(clean("sh").args(["-c", &format!("kill -TERM {pid}")]), 10).ok();
}

/// A running `mtls listen --format jsonl` on a free port of 127.0.0.1.
pub(crate) struct Listen {
    child: Owned,
    address: SocketAddr,
    lines: Receiver<String>,
    seen: Vec<Value>,
    stderr: Arc<Mutex<String>>,
    readers: Vec<thread::JoinHandle<()>>,
}

/// What a run printed and how it ended.
#[derive(Debug)]
pub(crate) struct Report {
    /// Every line of stdout, parsed; the summary is the last.
    pub(crate) lines: Vec<Value>,
    pub(crate) stderr: String,
    /// The exit code; `None` when it had to be killed or a signal ended it.
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

impl Listen {
    /// Starts it with these flags more and waits until it accepts.
    #[track_caller]
    pub(crate) fn start<S: AsRef<OsStr>>(arguments: impl IntoIterator<Item = S>) -> Self {
        let mut command = mtls();
        command
            .args(["listen", "--format", "jsonl", "--listen", "127.0.0.1:0"])
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let shown = format!("{command:?}");
        let mut child = Owned(command.spawn().unwrap());

        let (sender, lines) = mpsc::channel();
        let stdout = BufReader::new(child.0.stdout.take().unwrap());
        let out = thread::spawn(move || {
            for line in stdout.lines().map_while(Result::ok) {
                if sender.send(line).is_err() {
                    break;
                }
            }
        });
        let (announce, announced) = mpsc::channel();
        let text = Arc::new(Mutex::new(String::new()));
        let stderr = BufReader::new(child.0.stderr.take().unwrap());
        let copy = text.clone();
        let err = thread::spawn(move || {
            for line in stderr.lines().map_while(Result::ok) {
                if let Some(address) = line.strip_prefix("listening on ") {
                    let _ = announce.send(address.to_owned());
                }
                let mut text = copy.lock().unwrap();
                text.push_str(&line);
                text.push('\n');
            }
        });
        let Ok(address) = announced.recv_timeout(PATIENCE) else {
            // Either it is over, or it is killed here: both end the reader.
            drop(child);
            let _ = err.join();
            panic!("{shown} does not listen:\n{}", text.lock().unwrap());
        };
        Self {
            child,
            address: address.parse().expect("an address after `listening on `"),
            lines,
            seen: Vec::new(),
            stderr: text,
            readers: vec![out, err],
        }
    }

    /// Where it listens.
    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// The child's process id.
    pub(crate) fn pid(&self) -> u32 {
        self.child.0.id()
    }

    /// The port it listens on.
    pub(crate) fn port(&self) -> u16 {
        self.address.port()
    }

    /// The URL of `path` there, by the name that the certificates of [`super::Pki`] hold.
    pub(crate) fn url(&self, path: &str) -> String {
        format!("https://localhost:{}{path}", self.port())
    }

    /// The next line of stdout, parsed.
    #[track_caller]
    pub(crate) fn next(&mut self) -> Value {
        let line = self.lines.recv_timeout(PATIENCE);
        let line = line.unwrap_or_else(|_| {
            panic!("no further line; stderr:\n{}", self.stderr.lock().unwrap())
        });
        let value: Value =
            serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}"));
        self.seen.push(value.clone());
        value
    }

    /// Sends SIGTERM to this one child.
    pub(crate) fn terminate(&self) {
        terminate(self.child.0.id());
    }

    /// Terminates it and collects.
    #[track_caller]
    pub(crate) fn finish(self) -> Report {
        self.terminate();
        self.wait()
    }

    /// Waits for it to end on its own (`--count`, `--timeout`) and collects.
    #[track_caller]
    pub(crate) fn wait(mut self) -> Report {
        let status = self.child.wait_until(Instant::now() + PATIENCE);
        // Its end closed the pipes, so the readers end too.
        for reader in self.readers.drain(..) {
            let _ = reader.join();
        }
        let mut lines = std::mem::take(&mut self.seen);
        for line in self.lines.try_iter() {
            lines.push(
                serde_json::from_str(&line).unwrap_or_else(|error| panic!("{error}: {line}")),
            );
        }
        let stderr = self.stderr.lock().unwrap().clone();
        let Some(status) = status else {
            panic!("mtls listen did not end; stderr:\n{stderr}\nstdout:\n{lines:#?}");
        };
        Report {
            lines,
            stderr,
            code: status.code(),
        }
    }
}

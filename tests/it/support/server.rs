//! Other people's servers: they listen where they are told to, and write their logs into files.

use std::{
    collections::BTreeSet,
    fs::File,
    net::{Ipv4Addr, TcpListener, TcpStream},
    path::{Path, PathBuf},
    process::{Command, Stdio},
    sync::Mutex,
    thread,
    time::{Duration, Instant},
};

use super::{Child, PATIENCE};

/// A server under test; it ends with the test.
pub(crate) struct Server {
    _child: Child,
    port: u16,
    log: PathBuf,
}

impl Server {
    /// Starts `command`, its logs in this folder, and waits until its port accepts.
    #[track_caller]
    pub(crate) fn start(folder: &Path, command: &mut Command, port: u16) -> Self {
        let log = folder.join(format!("{port}.log"));
        let file = |end: &str| File::create(log.with_extension(end)).unwrap();
        command
            // An open pipe: s_server hangs up at the end of its input.
            .stdin(Stdio::piped())
            .stdout(file("log"))
            .stderr(file("err"));
        let server = Self {
            _child: Child::spawn(command),
            port,
            log,
        };
        let until = Instant::now() + PATIENCE;
        while TcpStream::connect((Ipv4Addr::LOCALHOST, port)).is_err() {
            assert!(
                Instant::now() < until,
                "{command:?} does not listen: {}",
                server.said()
            );
            thread::sleep(Duration::from_millis(20));
        }
        server
    }

    pub(crate) fn port(&self) -> u16 {
        self.port
    }

    /// What it wrote so far, on both streams.
    pub(crate) fn said(&self) -> String {
        let read = |end: &str| std::fs::read(self.log.with_extension(end)).unwrap_or_default();
        String::from_utf8_lossy(&[read("log"), read("err")].concat()).into_owned()
    }
}

/// A port that is free now, and that no other test of this process was given. Another process could
/// take it meanwhile; other people's servers cannot be told to choose one.
pub(crate) fn free_port() -> u16 {
    static GIVEN: Mutex<BTreeSet<u16>> = Mutex::new(BTreeSet::new());
    loop {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
        let port = socket.local_addr().unwrap().port();
        if GIVEN.lock().unwrap().insert(port) {
            return port;
        }
    }
}

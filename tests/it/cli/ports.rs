//! Ports that cannot be had, and a listener in any format as a child.

use std::{
    fs,
    io::{BufRead, BufReader},
    net::{Ipv4Addr, SocketAddr, TcpListener},
    path::Path,
    process::{Child, ChildStdout, Command, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant},
};

use crate::{
    cli::run_in,
    support::{self, Finished, PATIENCE},
};

#[test]
fn a_port_in_use_is_named_with_the_way_to_its_owner() {
    let taken = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    let port = taken.local_addr().unwrap().port().to_string();
    for words in [
        ["listen", "--listen", &port],
        ["listen", "-accept", &format!("127.0.0.1:{port}")],
    ] {
        let finished = run_in(Path::new("."), &words);
        assert_eq!(finished.code, Some(2), "{finished:?}");
        // The notices about the throwaway certificate belong to a listener that runs.
        insta::assert_snapshot!("port_in_use", finished.stderr.replace(&port, "PORT"));
    }
}

/// The same program without the rights of root, copied to where anyone may run it.
#[test]
fn a_port_below_1024_without_rights_says_what_to_do() {
    let allowed =
        fs::read_to_string("/proc/sys/net/ipv4/ip_unprivileged_port_start").unwrap_or_default();
    if allowed.trim().parse().is_ok_and(|first: u16| first <= 443) {
        support::skipped("this machine lets anyone listen on port 443");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    let program = folder.path().join("mtls");
    fs::copy(env!("CARGO_BIN_EXE_mtls"), &program).unwrap();
    #[cfg(unix)]
    for path in [folder.path(), &program] {
        use std::os::unix::fs::PermissionsExt;
        fs::set_permissions(path, fs::Permissions::from_mode(0o755)).unwrap();
    }
    let root = support::run(support::clean("id").arg("-u"), 10)
        .stdout
        .trim()
        == "0";
    let mut command = if root {
        let Some(mut command) = support::peer("setpriv") else {
            return;
        };
        command.args([
            "--reuid=65534",
            "--regid=65534",
            "--clear-groups",
            "--inh-caps=-all",
            "--bounding-set=-all",
        ]);
        command.arg(&program);
        command
    } else {
        support::clean(&program)
    };
    let finished = support::run(
        command.current_dir("/").args(["listen", "-accept", "443"]),
        20,
    );
    assert_eq!(finished.code, Some(2), "{finished:?}");
    insta::assert_snapshot!("port_without_rights", finished.stderr);
}

/// A listener with any flags, as a child that dies with the test.
pub(crate) struct Running {
    child: Child,
    address: SocketAddr,
    stdout: mpsc::Receiver<String>,
    stderr: mpsc::Receiver<String>,
}

impl Running {
    /// Starts it and waits until it accepts.
    #[track_caller]
    pub(crate) fn start(command: &mut Command) -> Self {
        Self::spawn(command, |stdout| lines(stdout, None))
    }

    #[track_caller]
    fn spawn(
        command: &mut Command,
        read: impl FnOnce(ChildStdout) -> mpsc::Receiver<String>,
    ) -> Self {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let (announce, announced) = mpsc::channel();
        let stderr = lines(child.stderr.take().unwrap(), Some(announce));
        let address = announced
            .recv_timeout(PATIENCE)
            .expect("a line `listening on ADDRESS`");
        let stdout = read(child.stdout.take().unwrap());
        Self {
            child,
            address,
            stdout,
            stderr,
        }
    }

    /// The same with a standard output that nobody reads any more.
    #[track_caller]
    pub(crate) fn start_deaf(command: &mut Command) -> Self {
        Self::spawn(command, |stdout| {
            drop(stdout);
            let (sender, receiver) = mpsc::channel();
            let _ = sender.send(String::new());
            receiver
        })
    }

    /// The same with a standard output that stays open, for the test to read when it likes.
    #[track_caller]
    pub(crate) fn start_unread(command: &mut Command) -> (Self, ChildStdout) {
        let mut kept = None;
        let running = Self::spawn(command, |stdout| {
            kept = Some(stdout);
            let (sender, receiver) = mpsc::channel();
            let _ = sender.send(String::new());
            receiver
        });
        (running, kept.unwrap())
    }

    pub(crate) fn pid(&self) -> u32 {
        self.child.id()
    }

    pub(crate) fn address(&self) -> SocketAddr {
        self.address
    }

    /// Asks it to end and collects what it said.
    #[track_caller]
    pub(crate) fn finish(mut self) -> Finished {
        support::terminate(self.child.id());
        self.wait()
    }

    /// Waits for it to end on its own.
    #[track_caller]
    pub(crate) fn wait(&mut self) -> Finished {
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            match self.child.try_wait().unwrap() {
                Some(status) => break status,
                None => assert!(Instant::now() < deadline, "it does not end"),
            }
            thread::sleep(Duration::from_millis(5));
        };
        Finished {
            code: status.code(),
            stdout: self.stdout.recv_timeout(PATIENCE).unwrap(),
            stderr: self.stderr.recv_timeout(PATIENCE).unwrap(),
        }
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn lines(
    pipe: impl std::io::Read + Send + 'static,
    announce: Option<mpsc::Sender<SocketAddr>>,
) -> mpsc::Receiver<String> {
    let (sender, receiver) = mpsc::channel();
    thread::spawn(move || {
        let mut all = String::new();
        for line in BufReader::new(pipe).lines().map_while(Result::ok) {
            if let (Some(announce), Some(address)) = (&announce, line.strip_prefix("listening on "))
            {
                let _ = announce.send(address.parse().unwrap());
            }
            all.push_str(&line);
            all.push('\n');
        }
        let _ = sender.send(all);
    });
    receiver
}

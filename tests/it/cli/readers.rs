//! Readers that go away or stand still, and signals: the verdict and the files must outlive them.

use std::{
    fs,
    io::{Read, Write},
    net::TcpStream,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use crate::support::{self, Child, Listener, PATIENCE, Pki, signal};

/// Within this any signal ends the program. Signals are sent by a shell, on a machine with other
/// work.
const SOON: Duration = Duration::from_secs(4);

/// Starts it with a standard output whose reader is gone before the first byte, and waits for its
/// status.
fn deaf(command: &mut Command) -> Option<i32> {
    command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let mut child = Child::spawn(command);
    drop(child.stdout());
    child.ended()
}

#[test]
fn the_exit_status_is_the_verdicts_whatever_becomes_of_standard_output() {
    let pki = Pki::new();
    let expired = pki.path("clients/client-expired/fullchain.pem");
    let page = pki.path("page.html");
    let lint = ["lint", "--cert", &expired, "--role", "client"];
    for format in [
        "text", "json", "jsonl", "sarif", "junit", "markdown", "html", "gitlab", "github",
    ] {
        let mut command = support::mtls();
        command.args(lint).args(["--format", format]);
        assert_eq!(deaf(&mut command), Some(1), "lint --format {format}");
    }
    for (words, code) in [
        (["inspect", expired.as_str()].as_slice(), 1),
        (&["inspect", &expired, "--format", "nagios"], 2),
        (&["explain", "no stack says this"], 1),
        (&["explain", "unknown ca", "--format", "json"], 0),
        (&["token", "verify", "a.b.c"], 1),
        (&["simulate", "https://localhost:1/"], 1),
        (&["profiles", "--format", "json"], 0),
    ] {
        assert_eq!(deaf(support::mtls().args(words)), Some(code), "{words:?}");
    }
    // What goes to a file is finished all the same.
    let mut command = support::mtls();
    command.args(lint).args(["-o", &format!("html={page}")]);
    assert_eq!(deaf(&mut command), Some(1));
    assert!(fs::read_to_string(&page).unwrap().ends_with("</html>\n"));
}

#[test]
fn a_disk_that_is_full_is_named_and_is_no_success() {
    let Ok(full) = fs::OpenOptions::new().write(true).open("/dev/full") else {
        support::skipped("no /dev/full here");
        return;
    };
    let pki = Pki::new();
    let page = pki.path("page.html");
    let output = support::mtls()
        .args(["lint", "--cert", &pki.path("server/fullchain.pem")])
        .args([
            "--cacert",
            &pki.path("server-ca.pem"),
            "-o",
            &format!("html={page}"),
        ])
        .stdin(Stdio::null())
        .stdout(full)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(2), "{said}");
    assert!(
        said.contains("cannot write to standard output: no space left"),
        "{said}"
    );
    assert!(Path::new(&page).exists());
}

#[test]
fn a_listener_whose_reader_went_away_judges_on_and_writes_its_files() {
    let pki = Pki::new();
    for format in ["text", "jsonl", "openssl"] {
        let page = pki.path(&format!("{format}.html"));
        let mut command = support::mtls();
        command
            .args([
                "listen", "--listen", "0", "--count", "2", "--expect", "mtls",
            ])
            .args(["--format", format, "-o", &format!("html={page}")]);
        let running = Listener::start_deaf(&mut command);
        for _ in 0..2 {
            // Without a certificate: not what is expected.
            support::call(running.address(), None, &[], b"{}".to_vec());
        }
        let finished = running.wait();
        assert_eq!(finished.code, Some(1), "{format}: {finished:?}");
        let page = fs::read_to_string(&page).unwrap();
        assert!(page.ends_with("</html>\n"), "{format}");
    }
}

#[test]
fn a_listener_with_standard_output_alone_ends_with_its_reader_and_the_verdict() {
    let mut command = support::mtls();
    command.args([
        "listen", "--listen", "0", "--format", "jsonl", "--expect", "mtls",
    ]);
    let running = Listener::start_deaf(&mut command);
    support::call(running.address(), None, &[], b"{}".to_vec());
    assert_eq!(running.wait().code, Some(1));
}

/// A listener whose standard output nobody reads; it stays open.
fn unread(arguments: &[&str]) -> (Listener, std::process::ChildStdout) {
    let mut command = support::mtls();
    command
        .args(["listen", "--listen", "0", "--format", "jsonl"])
        .args(arguments);
    Listener::start_unread(&mut command)
}

/// A request that makes a long line: the queue is to be full soon.
fn long_call(running: &Listener) {
    let body = vec![b'x'; 600 * 1024];
    let called = support::call(running.address(), None, &[], body);
    let status = called.answer.map(|answer| answer.status);
    assert_eq!(status, Some(200), "{:?}", called.dialled.tls.ending);
}

#[test]
fn a_standard_output_that_nobody_reads_stalls_no_client_and_what_it_missed_is_counted() {
    let pki = Pki::new();
    let file = pki.path("all.jsonl");
    let (running, mut stdout) = unread(&["--count", "24", "-o", &format!("jsonl={file}")]);
    for _ in 0..24 {
        let began = Instant::now();
        long_call(&running);
        assert!(
            began.elapsed() < Duration::from_secs(5),
            "{:?}",
            began.elapsed()
        );
    }
    // It waits for its reader, its files written; the queue goes out when there is one.
    let until = Instant::now() + PATIENCE;
    while fs::read_to_string(&file).unwrap().lines().count() < 25 {
        assert!(Instant::now() < until, "the file is not finished");
        thread::sleep(Duration::from_millis(20));
    }
    let mut printed = String::new();
    stdout.read_to_string(&mut printed).unwrap();
    let finished = running.wait();
    let lines = |text: &str| -> Vec<serde_json::Value> {
        text.lines()
            .map(|line| serde_json::from_str(line).unwrap())
            .collect()
    };
    let (printed, kept) = (lines(&printed), lines(&fs::read_to_string(&file).unwrap()));
    assert_eq!(kept.len(), 25);
    let summary = printed.last().unwrap();
    assert_eq!(summary["kind"], "summary");
    let missed = summary["not_printed"].as_u64().unwrap();
    assert!(missed > 0, "the queue was never full");
    assert_eq!(printed.len() as u64 + missed, 25);
    assert!(
        finished
            .stderr
            .contains(&format!("{missed} results were not printed")),
        "{}",
        finished.stderr
    );
}

#[test]
fn every_signal_ends_a_listener_that_nobody_reads_with_its_files_written() {
    for name in ["INT", "TERM", "HUP"] {
        let pki = Pki::new();
        let folder = pki.path("out");
        fs::create_dir(&folder).unwrap();
        let temporary = pki.path("tmp");
        fs::create_dir(&temporary).unwrap();
        let mut command = support::mtls();
        command
            .args(["listen", "--listen", "0", "--format", "jsonl"])
            .args(["-o", &format!("html={folder}/x.html")])
            .env("TMPDIR", &temporary);
        let (running, _stdout) = Listener::start_unread(&mut command);
        long_call(&running);
        // One that is still open: it has sent the beginning of a handshake.
        let mut open = TcpStream::connect(running.address()).unwrap();
        open.write_all(b"\x16\x03\x01").unwrap();
        // The folder of the throwaway certificate's CA.
        let leftovers = || fs::read_dir(&temporary).unwrap().count();
        assert_eq!(leftovers(), 1);
        let began = Instant::now();
        signal(running.pid(), name);
        let finished = running.wait();
        assert!(began.elapsed() < SOON, "{name}: {:?}", began.elapsed());
        // A handshake that was cut short is an error: the verdict of what was seen.
        assert_eq!(finished.code, Some(1), "{name}: {finished:?}");
        assert_eq!(leftovers(), 0, "{name}");
        let left: Vec<_> = fs::read_dir(&folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name())
            .collect();
        assert_eq!(left, ["x.html"], "{name}");
        let page = fs::read_to_string(format!("{folder}/x.html")).unwrap();
        assert!(page.ends_with("</html>\n"), "{name}");
    }
}

#[test]
fn no_half_of_a_file_stays_behind_when_a_signal_ends_a_command() {
    let socket = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    let address = socket.local_addr().unwrap();
    for (name, code) in [("INT", 130), ("TERM", 143), ("HUP", 129)] {
        let folder = tempfile::tempdir().unwrap();
        // A server that says nothing: the command is busy until the signal.
        let mut command = support::mtls();
        command
            .args(["inspect", &format!("localhost:{}", address.port())])
            .args(["-o", "html=x.html"])
            .current_dir(folder.path())
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null());
        let mut child = Child::spawn(&mut command);
        let entries = || fs::read_dir(folder.path()).unwrap().count();
        let _peer = socket.accept().unwrap();
        assert_eq!(entries(), 1);
        let began = Instant::now();
        signal(child.id(), name);
        assert_eq!(child.ended(), Some(code), "{name}");
        assert!(began.elapsed() < SOON, "{name}: {:?}", began.elapsed());
        assert_eq!(entries(), 0, "{name}");
    }
}

//! What goes to which stream, in colour or not, and to a reader that goes away.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader, Read},
    net::TcpStream,
    path::Path,
    process::Stdio,
};

use crate::{
    cli::run_in,
    support::{self, Child, Listener, TIMES, run},
};

const ESC: char = '\x1b';

#[test]
fn demo_tells_the_whole_story() {
    let finished = run_in(Path::new("."), &["demo"]);
    assert_eq!((finished.code, finished.stderr.as_str()), (Some(0), ""));
    insta::with_settings!({filters => vec![
        (r"127\.0\.0\.1:\d+", "127.0.0.1:PORT"),
        (r"localhost:\d+", "localhost:PORT"),
        (r"-+ \d{4}-\d\d-\d\d \d\d:\d\d:\d\dZ --", "-- TIME --"),
        (r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z", "TIME"),
        (r"\d{4}-\d\d-\d\d", "DATE"),
        (r"\d\d:\d\d:\d\dZ", "TIME"),
        (r"\b\d+ days left", "N days left"),
        (r"(serial +)[0-9A-F]+", "${1}SERIAL"),
        (r"[0-9a-f]{64}", "SHA256"),
        TIMES[0], TIMES[1], TIMES[2],
        (r"JWT of \d+ characters", "JWT of N characters"),
    ]}, { insta::assert_snapshot!("demo", finished.stdout) });
}

#[test]
fn colour_is_for_terminals_and_for_who_asks() {
    let plain = run_in(Path::new("."), &["demo"]);
    let never = run_in(Path::new("."), &["demo", "--color", "never"]);
    let always = run_in(Path::new("."), &["demo", "--color", "always"]);
    let forced = run(support::mtls().arg("demo").env("CLICOLOR_FORCE", "1"), 20);
    let refused = run(support::mtls().arg("demo").env("NO_COLOR", "1"), 20);
    let asked = run(
        support::mtls()
            .args(["demo", "--color", "always"])
            .env("NO_COLOR", "1"),
        20,
    );
    for (name, finished, coloured) in [
        ("a pipe", &plain, false),
        ("--color never", &never, false),
        ("--color always", &always, true),
        ("CLICOLOR_FORCE", &forced, true),
        ("NO_COLOR", &refused, false),
        ("--color always before NO_COLOR", &asked, true),
    ] {
        assert_eq!(finished.code, Some(0), "{name}: {finished:?}");
        assert_eq!(finished.stdout.contains(ESC), coloured, "{name}");
        assert!(!finished.stderr.contains(ESC), "{name}");
    }
}

/// `script` of util-linux gives the program a terminal.
#[test]
fn no_color_holds_on_a_terminal() {
    let Some(mut script) = support::peer("script") else {
        return;
    };
    let line = format!("{} demo", env!("CARGO_BIN_EXE_mtls"));
    script
        .args(["-qec", &line, "/dev/null"])
        .env("TERM", "xterm");
    let coloured = run(&mut script, 20);
    let plain = run(script.env("NO_COLOR", "1"), 20);
    let never = run(
        script
            .env_remove("NO_COLOR")
            .args(["-c", &format!("{line} --color never")]),
        20,
    );
    assert!(coloured.stdout.contains(ESC), "{coloured:?}");
    assert!(!plain.stdout.contains(ESC), "{plain:?}");
    assert!(!never.stdout.contains(ESC), "{never:?}");
}

#[test]
fn stderr_in_a_file_has_no_escape_sequences() {
    let folder = tempfile::tempdir().unwrap();
    let log = folder.path().join("log");
    for words in [
        ["listen", "--cert", "missing.pem"].as_slice(),
        &["listne"],
        &["listen", "--color", "always", "-state"],
    ] {
        let status = support::mtls()
            .args(words)
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(File::create(&log).unwrap())
            .status()
            .unwrap();
        assert_eq!(status.code(), Some(2));
        let text = fs::read_to_string(&log).unwrap();
        assert!(!text.is_empty() && !text.contains(ESC), "{text:?}");
    }
}

#[test]
fn a_reader_that_goes_away_is_no_error() {
    // As `mtls demo | head -1` does, and as a reader that is gone before the first byte.
    for lines in [1, 0] {
        let mut command = support::mtls();
        command
            .arg("demo")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped());
        let mut child = Child::spawn(&mut command);
        let mut stdout = BufReader::new(child.stdout());
        for _ in 0..lines {
            let mut line = String::new();
            stdout.read_line(&mut line).unwrap();
            assert!(line.starts_with("A webhook on"), "{line}");
        }
        drop(stdout);
        let mut said = String::new();
        child.stderr().read_to_string(&mut said).unwrap();
        assert_eq!(said, "");
        assert_eq!(child.ended(), Some(0));
    }
}

#[test]
fn a_listener_whose_reader_went_away_ends_at_the_next_result() {
    // Not openssl: of a connection without a handshake it says nothing on stdout, as s_server.
    for format in ["text", "jsonl"] {
        let mut command = support::mtls();
        command.args(["listen", "--listen", "0", "--format", format]);
        let running = Listener::start_deaf(&mut command);
        drop(TcpStream::connect(running.address()).unwrap());
        let finished = running.wait();
        assert_eq!(finished.code, Some(0), "{format}: {finished:?}");
        assert!(
            !finished.stderr.contains("panicked"),
            "{format}: {finished:?}"
        );
    }
}

#[test]
fn a_terminal_without_utf_8_gets_ascii() {
    let demo = |locale: &str| {
        let mut command = support::mtls();
        run(command.args(["demo", "-v"]).env("LC_ALL", locale), 20)
            .ok()
            .stdout
    };
    let plain = demo("C");
    assert!(plain.is_ascii(), "{plain}");
    for drawn in [
        "`- O = simulated",
        "x MT201 certificate-expired",
        "client > server, client < server",
    ] {
        assert!(plain.contains(drawn), "{drawn}: {plain}");
    }
    assert!(demo("C.UTF-8").contains("└─ O = simulated"));
}

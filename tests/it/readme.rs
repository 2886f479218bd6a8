//! The README's examples, run as written: one after the other, in an empty directory, with the
//! built program on the path.
//!
//! A block of ```` ```console ```` whose lines begin with `$ ` is an example; the lines below such
//! a line are what it printed. The last command of a block that a picture follows has its answer in
//! the picture, which `docs.rs` draws. What differs from run to run (moments, fingerprints, how
//! long things took) is compared as a word. `UPDATE_DOCS=1 cargo test --test it readme::` writes
//! the outputs anew.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use regex::Regex;

use crate::support::{Child, TIMES, clean, free_port, peer, run, search_path};

/// What somebody reads in one go.
#[test]
fn the_readme_has_at_most_200_lines() {
    let lines = readme().lines().count();
    assert!(lines <= 200, "{lines} lines");
}

/// The port that the README speaks of.
const PORT: &str = "4433";
/// The day that the README is about, which has to stay readable.
const THE_DAY: &str = "2026-12-01";

/// One `$ ` line with what it printed.
#[derive(Debug)]
pub(crate) struct Example {
    pub(crate) command: String,
    printed: String,
    /// Where the document has its output, in lines.
    lines: std::ops::Range<usize>,
    /// The picture that has its output in the text's place.
    pub(crate) picture: Option<String>,
}

/// The README.
pub(crate) fn readme() -> String {
    fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md")).unwrap()
}

pub(crate) fn examples(document: &str) -> Vec<Example> {
    let mut found: Vec<Example> = Vec::new();
    let mut within = false;
    let mut open = false;
    // Whether the last block was of examples and nothing came after it.
    let mut ended = false;
    for (number, line) in document.lines().enumerate() {
        if line.starts_with("```") {
            ended = open;
            within = line == "```console";
            open = false;
        } else if !within && !line.is_empty() {
            let target = line.strip_prefix("![").and_then(|rest| {
                let (_, target) = rest.split_once("](")?;
                target.strip_suffix(')')
            });
            if let (true, Some(target), Some(last)) = (ended, target, found.last_mut()) {
                last.picture = Some(target.to_owned());
            }
            ended = false;
        } else if let (true, Some(command)) = (within, line.strip_prefix("$ ")) {
            open = true;
            found.push(Example {
                command: command.to_owned(),
                printed: String::new(),
                lines: number + 1..number + 1,
                picture: None,
            });
        } else if let (true, Some(last)) = (open, found.last_mut()) {
            last.printed.push_str(line);
            last.printed.push('\n');
            last.lines.end = number + 1;
        }
    }
    found
}

/// The lines of the blocks of commands that show no output.
fn plain_commands(document: &str) -> Vec<&str> {
    let mut lines = document.lines();
    let mut found = Vec::new();
    while let Some(line) = lines.next() {
        if line == "```console" {
            let block: Vec<&str> = lines.by_ref().take_while(|&line| line != "```").collect();
            if !block.iter().any(|line| line.starts_with("$ ")) {
                found.extend(block);
            }
        }
    }
    found
}

/// The text with everything that is another one each time replaced by a word for it.
fn masked(text: &str) -> String {
    let mut text = text.replace(THE_DAY, "THE DAY");
    let more = [
        (r"\d{4}-\d\d-\d\d([T ]\d\d:\d\d:\d\d(\.\d+)?Z)?", "DATE"),
        (r"127\.0\.0\.1:\d{5}", "127.0.0.1:PEER"),
        (r"-- #(\d+) (\S+) -+ (.*) --", "-- #$1 $2 -- $3 --"),
        (r"[0-9a-f]{16,64}", "HEX"),
        (r"serial [0-9A-F]+", "serial HEX"),
        (r"\d+(\.\d+)? ms\b", "N ms"),
        (r"\b\d+ (days|h|min|s) (left|ago|before)", "N $1 $2"),
        (r"\b\d+ days?,? (from now|ago|before)", "N days $1"),
        (r"curl says \d+", "curl says N"),
    ];
    for (pattern, word) in TIMES.iter().chain(&more) {
        text = Regex::new(pattern)
            .unwrap()
            .replace_all(&text, *word)
            .into_owned();
    }
    // Lines are broken anew where a figure is a digit longer.
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A shell's command in the folder, the program first on its path.
pub(crate) fn shell(folder: &Path, port: u16, command: &str) -> Command {
    let program = Path::new(env!("CARGO_BIN_EXE_mtls")).parent().unwrap();
    let path = search_path().into_string().unwrap();
    let mut shell = clean("sh");
    shell
        .current_dir(folder)
        .env("PATH", format!("{}:{path}", program.display()))
        .env("MTLS_LISTEN", format!("127.0.0.1:{port}"))
        .args(["-c", &command.replace(PORT, &port.to_string())]);
    shell
}

/// What a program in the background says when it is ready.
fn in_background(folder: &Path, port: u16, command: &str) -> (Child, String) {
    let mut command = shell(folder, port, &format!("exec {command}"));
    let mut child = Child::spawn(command.stderr(Stdio::piped()));
    let mut lines = BufReader::new(child.stderr()).lines();
    let ready = lines.next().unwrap().unwrap();
    thread::spawn(move || lines.for_each(drop));
    (child, format!("{ready}\n"))
}

#[test]
fn the_examples_print_what_is_shown() {
    if peer("curl").is_none() {
        return;
    }
    let document = readme();
    let examples = examples(&document);
    assert!(examples.len() >= 8, "the README has lost its examples");
    let folder = tempfile::tempdir().unwrap();
    let port = free_port();
    let mut background = Vec::new();
    let mut seen = Vec::new();
    for example in &examples {
        let printed = if let Some(command) = example.command.strip_suffix(" &") {
            let (child, printed) = in_background(folder.path(), port, command);
            background.push(child);
            printed
        } else {
            let began = Instant::now();
            loop {
                let command = format!("exec 2>&1\n{}", example.command);
                let finished = run(&mut shell(folder.path(), port, &command), 120);
                let printed = finished.stdout.replace(&port.to_string(), PORT);
                // What another program writes may be a moment late.
                let late = example.command.starts_with("head ")
                    && masked(&printed) != masked(&example.printed)
                    && began.elapsed() < Duration::from_secs(5);
                if !late {
                    break printed;
                }
                thread::sleep(Duration::from_millis(200));
            }
        };
        seen.push(printed.replace(&port.to_string(), PORT));
    }
    // What is shown without its output ends well too; a listener would wait for a caller.
    let mut run_plain = 0;
    for line in plain_commands(&document) {
        if line.starts_with("mtls ") && !line.starts_with("mtls listen ") {
            run(&mut shell(folder.path(), port, line), 120).ok();
            run_plain += 1;
        }
    }
    assert!(run_plain >= 4, "{run_plain}");
    drop(background);
    if std::env::var_os("UPDATE_DOCS").is_some() {
        let mut lines: Vec<&str> = document.lines().collect();
        for (example, printed) in examples.iter().zip(&seen).rev() {
            if example.picture.is_none() {
                lines.splice(example.lines.clone(), printed.lines());
            }
        }
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("README.md");
        fs::write(path, lines.join("\n") + "\n").unwrap();
        return;
    }
    for (example, printed) in examples.iter().zip(&seen) {
        if example.picture.is_some() {
            assert_eq!(example.printed, "", "its answer is in the picture");
            assert_ne!(printed, "", "{}", example.command);
            continue;
        }
        assert_eq!(
            masked(printed),
            masked(&example.printed),
            "\n$ {}\n{printed}\nprints something else than the README shows; \
             UPDATE_DOCS=1 cargo test --test it readme:: writes it anew",
            example.command
        );
    }
}

#[test]
fn an_example_is_a_dollar_in_a_console() {
    let document =
        "text\n```console\n$ one\nout\n\n$ two &\n```\n```console\ncargo test\n```\n$ no\n";
    let found = examples(document);
    assert_eq!(found.len(), 2, "{found:?}");
    assert_eq!(
        (found[0].command.as_str(), found[0].printed.as_str()),
        ("one", "out\n\n")
    );
    assert_eq!(found[1].printed, "");
    let pictured = "```console\n$ one\n$ two\n```\n\n![words](docs/a.svg)\n";
    let pictured: Vec<_> = examples(pictured)
        .into_iter()
        .map(|one| one.picture)
        .collect();
    assert_eq!(pictured, [None, Some("docs/a.svg".to_owned())]);
    let apart = "```console\n$ one\n```\nwords\n\n![words](docs/a.svg)\n";
    assert_eq!(examples(apart)[0].picture, None);
    assert_ne!(
        masked("breaks on 2026-12-01"),
        masked("breaks on 2026-12-02")
    );
    assert_eq!(
        masked("2026-01-02 to 2026-02-03, 5 days left"),
        masked("2025-01-02 to 2025-02-03, 77 days left")
    );
}

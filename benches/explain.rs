//! What `mtls explain -` costs on 100 MB of log, beside `grep -F` with every text of the
//! dictionary, in one run. Prints medians and ratios, and judges nothing: `cargo bench --bench
//! explain`.

#![allow(
    clippy::unwrap_used,
    clippy::print_stdout,
    reason = "a bench prints and may stop at the first surprise"
)]

use std::fs::{self, File};
use std::io::{BufWriter, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use mtls::explain::dictionary;

const ROUNDS: usize = 5;
const BYTES: usize = 100_000_000;

fn time(command: &mut Command, log: &Path) -> Duration {
    // A pipe, not /dev/null: grep stops at the first match when nobody reads.
    command
        .stdin(File::open(log).unwrap())
        .stdout(Stdio::piped())
        .stderr(Stdio::null());
    let began = Instant::now();
    command.output().unwrap();
    began.elapsed()
}

fn median(mut times: Vec<Duration>) -> Duration {
    times.sort();
    times[times.len() / 2]
}

/// A web server's log in which every n-th line is a message of the dictionary.
fn write_log(path: &Path, every: usize) {
    let texts: Vec<&String> = dictionary()
        .entries
        .iter()
        .flat_map(|entry| &entry.says)
        .collect();
    let mut out = BufWriter::new(File::create(path).unwrap());
    let mut written = 0;
    let mut line = 0;
    while written < BYTES {
        let text = if line % every == 0 {
            format!(
                "2026/11/23 21:29:47 [info] 7#7: *{line} {} while SSL handshaking\n",
                texts[line / every % texts.len()]
            )
        } else {
            format!(
                "10.0.0.{} - - [23/Nov/2026:10:00:00 +0000] \"GET /p/{line} HTTP/1.1\" 200 612 \"-\" \"Mozilla/5.0 (X11; Linux x86_64)\"\n",
                line % 250
            )
        };
        out.write_all(text.as_bytes()).unwrap();
        written += text.len();
        line += 1;
    }
    out.flush().unwrap();
}

fn main() {
    let folder = tempfile::tempdir().unwrap();
    let patterns = folder.path().join("patterns");
    let words: String = dictionary()
        .entries
        .iter()
        .flat_map(|entry| &entry.says)
        .flat_map(|says| says.split('*'))
        .map(|piece| format!("{}\n", piece.trim()))
        .filter(|piece| piece.len() > 3)
        .collect();
    fs::write(&patterns, words).unwrap();
    for (name, every) in [
        ("one line in a thousand known", 1000),
        ("every line known", 1),
    ] {
        let log = folder.path().join("log");
        write_log(&log, every);
        let ours: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                time(
                    Command::new(env!("CARGO_BIN_EXE_mtls")).args(["explain", "-"]),
                    &log,
                )
            })
            .collect();
        let grep: Vec<Duration> = (0..ROUNDS)
            .map(|_| {
                time(
                    Command::new("grep")
                        .env("LC_ALL", "C")
                        .args(["-c", "-i", "-F", "-f"])
                        .arg(&patterns),
                    &log,
                )
            })
            .collect();
        let (ours, grep) = (median(ours), median(grep));
        println!(
            "{name}: mtls explain {ours:?}, grep -F {grep:?}, ratio {:.2}",
            ours.as_secs_f64() / grep.as_secs_f64()
        );
    }
}

//! The program as its user meets it: words on the command line, files, streams, exit codes.
//!
//! The snapshots hold whole messages, so that a change of one is seen and read:
//! `INSTA_UPDATE=always cargo test --test it cli::`.

use crate::support;

mod bad_input;
mod checkout;
mod completion;
mod credentials;
mod files;
mod lint;
mod one_reader;
mod outputs;
mod ports;
mod readers;
mod residue;
mod settings;
mod streams;
mod words;

/// What a run printed, for a snapshot: the line, the exit code, both streams.
fn shown(line: &str, finished: &support::Finished) -> String {
    let code = finished
        .code
        .map_or("killed".to_owned(), |code| format!("exit {code}"));
    let mut text = format!("$ {line}\n{code}\n");
    for (name, stream) in [("stdout", &finished.stdout), ("stderr", &finished.stderr)] {
        if !stream.is_empty() {
            text.push_str(&format!("{name}:\n{stream}"));
        }
    }
    text
}

/// Runs `mtls` with these words in this folder.
fn run_in(folder: &std::path::Path, words: &[&str]) -> support::Finished {
    support::run(support::mtls().current_dir(folder).args(words), 20)
}

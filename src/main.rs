//! The `mtls` command: parses nothing itself, calls [`mtls::cli::run`] and exits with what it answers.

use std::process::ExitCode;

fn main() -> ExitCode {
    mtls::cli::run(std::env::args_os())
}

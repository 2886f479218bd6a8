//! Flags to plans, plans to reports, reports to streams.
//!
//! For: `main`, and tests that want the whole program in one process. The only place that prints, reads the clock and the
//! environment, and opens files. Must not: judge (that is `rules`) or know the wire (that is `net`).

mod anchors;
mod common;
mod demo;
mod files;
mod listen;
mod openssl_words;
mod output;

use std::{ffi::OsString, process::ExitCode};

use clap::{Parser, Subcommand};

/// Exit code for "the tool could not do its job".
const UNABLE: u8 = 2;

/// See, check, rehearse and explain mutual TLS between a webhook sender and a webhook.
#[derive(Debug, Parser)]
#[command(name = "mtls", version, about, max_term_width = 80, arg_required_else_help = true, after_help = EXIT_STATUS)]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

const EXIT_STATUS: &str =
    "Exit status: 0 as expected, 1 a negative diagnosis, 2 the program could not do its job.";

#[derive(Debug, Subcommand)]
enum Command {
    /// The whole story in one process: a throwaway PKI, a listener, three clients
    Demo(demo::Args),
    /// A TLS server that asks for a client certificate, shows what comes, and answers it
    Listen(Box<listen::Args>),
}

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments = match openssl_words::rewrite(arguments.into_iter().collect()) {
        Ok(rewritten) => rewritten,
        Err(problem) => return unable(&anyhow::Error::msg(problem)),
    };
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // clap prints help to stdout with 0, usage errors to stderr with 2.
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(UNABLE));
        }
    };
    let result = match cli.command {
        Command::Demo(args) => demo::run(&args),
        Command::Listen(args) => listen::run(*args),
    };
    match result {
        Ok(code) => ExitCode::from(code),
        // A closed pipe (`| head`) is the reader's choice, not an error.
        Err(error) if is_broken_pipe(&error) => ExitCode::SUCCESS,
        Err(error) => unable(&error),
    }
}

fn is_broken_pipe(error: &anyhow::Error) -> bool {
    error
        .chain()
        .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
        .any(|cause| cause.kind() == std::io::ErrorKind::BrokenPipe)
}

fn unable(error: &anyhow::Error) -> ExitCode {
    common::complain(&format!("mtls: {error:#}"));
    ExitCode::from(UNABLE)
}

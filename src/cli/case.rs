//! `mtls case`: recorded cases shown, redacted, handed to other programs; `mtls scenario`: a test
//! made of them.

use std::{
    io::Write as _,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use clap::{Subcommand, ValueEnum};

use super::{common, files::create_new, flags::ColorArgs, output};
use crate::{
    jobs::cases,
    parse::case::Read,
    render::{
        exported, json,
        text::{self, Detail, Look},
    },
};

/// Flags of `case`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls listen --record cases
  mtls case show cases/20261129T135045.123Z-000001-fail.case.json
  mtls case export curl cases/ > calls.sh
  mtls case export har cases/ --out calls.har
  mtls case redact old.case.json --out shared.case.json

A case is written by `listen --record`; lint, inspect, explain --with and
simulate --replay read it too.")]
pub(super) struct Args {
    #[command(subcommand)]
    command: Command,
}

#[derive(Debug, Subcommand)]
enum Command {
    /// Show a case: who called, what was asked and answered, what was taken out
    Show(ShowArgs),
    /// Remove credentials from a recorded case before sharing it
    Redact(RedactArgs),
    /// Write the requests of cases for another program
    Export(ExportArgs),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls case show cases/
  mtls case show a.case.json -v")]
struct ShowArgs {
    /// Cases, or directories of them
    #[arg(value_name = "CASE|DIR", required = true)]
    cases: Vec<PathBuf>,
    /// Print bodies in full
    #[arg(short = 'v', long)]
    verbose: bool,
    #[command(flatten)]
    colour: ColorArgs,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls case redact old.case.json --out shared.case.json")]
struct RedactArgs {
    /// Case to take credentials out of
    #[arg(value_name = "CASE")]
    case: PathBuf,
    /// Write to FILE, which must not exist, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// What cases are written for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Program {
    /// HTTP Archive 1.2, which browsers and proxies read
    Har,
    /// curl commands
    Curl,
    /// A Hurl file
    Hurl,
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls case export har cases/ --out calls.har
  mtls case export curl a.case.json
  mtls case export hurl cases/ > calls.hurl")]
struct ExportArgs {
    /// Format to write
    #[arg(value_enum, value_name = "PROGRAM")]
    program: Program,
    /// Cases, or directories of them
    #[arg(value_name = "CASE|DIR", required = true)]
    cases: Vec<PathBuf>,
    /// Write to FILE, which must not exist, instead of standard output
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Flags of `scenario`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls scenario from cases/ --to https://staging.example.com/ --out calls.toml
  mtls simulate --scenario calls.toml")]
pub(super) struct ScenarioArgs {
    #[command(subcommand)]
    command: ScenarioCommand,
}

#[derive(Debug, Subcommand)]
enum ScenarioCommand {
    /// Write a file of calls for simulate --scenario from recorded cases
    From(FromArgs),
}

#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls scenario from cases/ --to https://staging.example.com/ --out calls.toml
  mtls scenario from a.case.json --ignore-field /responseId")]
struct FromArgs {
    /// Cases, or directories of them
    #[arg(value_name = "CASE|DIR", required = true)]
    cases: Vec<PathBuf>,
    /// Webhook to call
    #[arg(long, value_name = "URL", default_value = "https://localhost/")]
    to: String,
    /// Value in a JSON answer that may differ, with all below it; may be repeated
    #[arg(long, value_name = "POINTER")]
    ignore_field: Vec<String>,
    /// Write to FILE, which must not exist, instead of standard output; cases are named from where
    /// it is
    #[arg(long, value_name = "FILE")]
    out: Option<PathBuf>,
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    match &args.command {
        Command::Show(args) => show(args)?,
        Command::Redact(args) => {
            let case = cases::redacted(cases::read(&args.case)?, random()?);
            let mut bytes = Vec::new();
            json::rewritten(&mut bytes, &case)?;
            write(args.out.as_deref(), &bytes)?;
        }
        Command::Export(args) => {
            let read = all(&args.cases)?;
            if read.iter().all(|case| case.exchanges.is_empty()) {
                anyhow::bail!("no case has a request to export");
            }
            let text = match args.program {
                Program::Har => serde_json::to_string_pretty(&exported::har(&read))? + "\n",
                Program::Curl => exported::curl(&read),
                Program::Hurl => exported::hurl(&read),
            };
            write(args.out.as_deref(), text.as_bytes())?;
        }
    }
    Ok(0)
}

/// Runs `scenario`; the answer is the exit code.
pub(super) fn scenario(args: &ScenarioArgs) -> Result<u8> {
    let ScenarioCommand::From(args) = &args.command;
    let folder = args
        .out
        .as_deref()
        .and_then(Path::parent)
        .unwrap_or(Path::new(""));
    let text = cases::scenario(&args.cases, &args.to, &args.ignore_field, folder)?;
    write(args.out.as_deref(), text.as_bytes())?;
    Ok(0)
}

fn show(args: &ShowArgs) -> Result<()> {
    let mut out = output::styled_stdout(args.colour.color);
    let look = Look {
        now: common::now(),
        detail: if args.verbose {
            Detail::Full
        } else {
            Detail::Usual
        },
        width: output::width(),
    };
    for (index, path) in cases::paths(&args.cases)?.iter().enumerate() {
        let page = text::case(&path.display().to_string(), &cases::read(path)?, look);
        if index > 0 {
            out.write_all(b"\n")?;
        }
        out.write_all(page.as_bytes())?;
    }
    out.flush()?;
    Ok(())
}

fn all(named: &[PathBuf]) -> Result<Vec<Read>> {
    cases::paths(named)?
        .iter()
        .map(|path| cases::read(path))
        .collect()
}

/// A value that nobody can guess.
fn random() -> Result<[u8; 32]> {
    let mut value = [0; 32];
    aws_lc_rs::rand::fill(&mut value)
        .ok()
        .context("the system gives no random numbers")?;
    Ok(value)
}

fn write(out: Option<&Path>, bytes: &[u8]) -> Result<()> {
    match out {
        Some(path) => create_new(path, bytes, true),
        None => {
            let mut out = output::stdout();
            out.write_all(bytes)?;
            out.flush()?;
            Ok(())
        }
    }
}

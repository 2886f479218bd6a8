//! Flags to plans, plans to reports, reports to streams.
//!
//! For: `main`, and tests that want the whole program in one process. The only place that prints,
//! reads the clock and the environment, and opens files. Must not: judge (that is `rules`) or know
//! the wire (that is `net`).

mod case;
mod common;
mod completions;
mod demo;
mod destination;
mod diff;
mod door;
mod early;
mod explain;
mod files;
mod flags;
mod generate;
mod inspect;
mod keys;
mod lint;
mod listen;
mod manual;
mod openssl_words;
mod output;
mod pki;
mod profile;
mod selection;
mod settings;
mod signals;
mod simulate;
mod sparing;
mod token;
mod verifiers;

use std::{ffi::OsString, io::Write as _, path::PathBuf, process::ExitCode};

use clap::{CommandFactory as _, FromArgMatches as _, Parser, Subcommand};

use self::{early::EarlyArgs, settings::Settings};
use crate::{failure, parse::redact, render::nagios, untrusted::Untrusted};

/// Exit code for "the tool could not do its job".
const UNABLE: u8 = 2;

/// See, check, rehearse and explain mutual TLS between a webhook sender and a webhook.
#[derive(Debug, Parser)]
#[command(name = "mtls", version, about, max_term_width = 80, arg_required_else_help = true, after_help = AFTER_HELP, next_help_heading = "Settings")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// Settings file: flag defaults, exceptions, severities [default: mtls.toml here or in a parent
    /// directory]
    // Read before the rest, by `settings`; here so that it is known.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Ignore mtls.toml
    #[arg(long, global = true, conflicts_with = "config")]
    no_config: bool,
}

const AFTER_HELP: &str = "Examples:
  mtls demo
  mtls explain \"x509: certificate signed by unknown authority\"
  mtls lint --cert fullchain.pem --key key.pem --host hook.example.com
  mtls lint --client-ca clients.pem --profile dialogflow
  mtls diff old-clients.pem clients.pem
  mtls listen --cert fullchain.pem --key key.pem --client-ca clients.pem
  mtls listen -E fullchain.pem -k key.pem --forward-to 3000 --record cases
  mtls case show cases
  mtls scenario from cases --to https://staging.example.com/ --out calls.toml
  mtls simulate https://hook.example.com/ --matrix

Exit status:
  0  as expected
  1  something is wrong, or UNKNOWN: something that was asked has no answer
  2  the program could not do its job";

#[derive(Debug, Subcommand)]
enum Command {
    /// Show it all in one process: a throwaway PKI, a listener, three clients
    #[command(after_help = "Examples:
  mtls demo
  mtls demo --color never > demo.txt")]
    Demo(demo::Args),
    /// Check a certificate, its key and the client-CA file before you deploy them
    Lint(Box<lint::Args>),
    /// Compare two chains, client-CA files, configurations or endpoints: who loses access
    Diff(Box<diff::Args>),
    /// Run a TLS server that asks for a client certificate, shows what arrives, and answers
    Listen(Box<listen::Args>),
    /// Show what an endpoint or a file presents, what it asks of clients, and what is wrong
    Inspect(Box<inspect::Args>),
    /// Call a webhook as its sender would, with valid and with faulty client certificates
    Simulate(Box<simulate::Args>),
    /// Explain an error of any TLS stack: its causes, who has to fix it, what to run next
    Explain(Box<explain::Args>),
    /// Write a throwaway PKI with valid and faulty certificates, for rehearsals
    Pki(pki::Args),
    /// Show what is known about each sender, with sources and dates, and what is unknown
    Profiles(profile::Args),
    /// Show, redact and export recorded cases (`listen --record`)
    Case(case::Args),
    /// Make a file of test calls from recorded cases
    Scenario(case::ScenarioArgs),
    /// Verify, decode and mint bearer tokens
    Token(Box<token::Args>),
    /// Print completions, manual pages, the rule reference and JSON Schemas
    Generate(generate::Args),
    /// Print the version
    #[command(hide = true)]
    Version,
}

/// Runs the program with these arguments, the program's name first.
pub fn run(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let code = run_command(arguments);
    door::close();
    code
}

fn run_command(arguments: impl IntoIterator<Item = OsString>) -> ExitCode {
    let arguments: Vec<OsString> = arguments.into_iter().collect();
    let early = EarlyArgs::of(&arguments);
    // A monitoring system knows no status but its own, whatever went wrong.
    let mut plugin = early.is_plugin();
    let arguments = match openssl_words::rewrite(early.command(), arguments) {
        Ok(rewritten) => rewritten,
        Err(problem) if plugin => return unknown(&problem),
        Err(problem) => return unable(&anyhow::Error::msg(problem)),
    };
    let (settings, parsed) = match parse(&early, arguments) {
        Ok(both) => both,
        Err(error) if plugin => return unknown(&failure::words(&error)),
        Err(error) => return unable(&error),
    };
    let cli = match parsed {
        Ok(cli) => cli,
        Err(error) if plugin && error.use_stderr() => {
            let error = safe(error);
            return unknown(error.to_string().lines().next().unwrap_or_default());
        }
        Err(error) => {
            if let Some(line) = bad_value(&error) {
                return unable(&anyhow::Error::msg(line));
            }
            // clap prints help to stdout with 0, usage errors to stderr with 2.
            let error = safe(error);
            let _ = error.print();
            return ExitCode::from(u8::try_from(error.exit_code()).unwrap_or(UNABLE));
        }
    };
    plugin |= matches!(&cli.command, Command::Inspect(args) if args.is_plugin());
    let result = match cli.command {
        Command::Demo(args) => demo::run(&args),
        Command::Diff(args) => diff::run(&args, &settings),
        Command::Explain(args) => explain::run(&args),
        Command::Inspect(args) => inspect::run(&args, &settings),
        Command::Lint(args) => lint::run(&args, &settings),
        Command::Listen(args) => listen::run(*args, &settings),
        Command::Pki(args) => pki::run(&args),
        Command::Simulate(args) => simulate::run(&args, &settings),
        Command::Profiles(args) => profile::run(&args),
        Command::Case(args) => case::run(&args),
        Command::Scenario(args) => case::scenario(&args),
        Command::Token(args) => token::run(&args),
        Command::Generate(args) => generate::run(&args),
        Command::Version => version(),
    };
    // A reader that went away (`| head`) changes no verdict; a disk that is full keeps it from its
    // reader.
    let result = result.and_then(|code| match door::STDOUT.failure() {
        None => Ok(code),
        Some(why) => Err(anyhow::Error::msg(why)),
    });
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if plugin => unknown(&failure::words(&error)),
        Err(error) => unable(&error),
    }
}

/// `mtls version`, as other programs have it.
fn version() -> anyhow::Result<u8> {
    let mut out = output::stdout();
    writeln!(out, "{}", Cli::command().render_version().trim_end())?;
    out.flush()?;
    Ok(0)
}

/// The settings that hold, and what the arguments come to with the defaults in them.
fn parse(
    early: &EarlyArgs,
    arguments: Vec<OsString>,
) -> anyhow::Result<(Settings, Result<Cli, clap::Error>)> {
    let with_defaults = || {
        let settings = Settings::of(early, &arguments)?;
        settings.check(&Cli::command())?;
        let program =
            settings::apply(Cli::command(), early.command(), &settings, common::variable)?;
        anyhow::Ok((settings, program))
    };
    let (settings, program) = match with_defaults() {
        Ok(both) => both,
        // Whoever mends the file needs help most.
        Err(error) if early.asks_for_help() => {
            common::report(&error);
            (Settings::default(), Cli::command())
        }
        Err(error) => return Err(error),
    };
    // As wide as the rest of the output; where that is not broken into lines, help still is.
    let columns = output::width().unwrap_or(80);
    let parsed = program
        .max_term_width(columns)
        .term_width(columns)
        .try_get_matches_from(arguments)
        .and_then(|matches| Cli::from_arg_matches(&matches));
    Ok((settings, parsed))
}

/// A value that one of our own parsers refused, on one line: the parser's words name what is
/// wanted.
fn bad_value(error: &clap::Error) -> Option<String> {
    use clap::error::{ContextKind, ErrorKind};
    if error.kind() != ErrorKind::ValueValidation {
        return None;
    }
    let flag = error.get(ContextKind::InvalidArg)?.to_string();
    let flag = flag.split(' ').next()?;
    let value = error.get(ContextKind::InvalidValue)?.to_string();
    let cause = std::error::Error::source(error)?;
    let why = match cause.downcast_ref::<std::num::ParseIntError>() {
        Some(error) if *error.kind() == std::num::IntErrorKind::Zero => {
            "expected 1 or more".to_owned()
        }
        Some(_) => "expected a whole number".to_owned(),
        None => cause.to_string(),
    };
    // Several parsers say the value themselves.
    Some(if why.contains(&value) {
        format!("{flag}: {why}")
    } else {
        format!("{flag} {value}: {why}")
    })
}

/// The words that clap repeats, made safe to show: an argument may come from a checkout too.
fn safe(mut error: clap::Error) -> clap::Error {
    use clap::error::ContextValue;
    let one = |text: &str| Untrusted::new(redact::text(text)).to_string();
    let hostile = |value: &ContextValue| match value {
        ContextValue::String(text) => one(text) != *text,
        ContextValue::Strings(texts) => texts.iter().any(|text| one(text) != *text),
        _ => false,
    };
    let any_hostile = error.context().any(|(_, value)| hostile(value));
    let values: Vec<_> = error
        .context()
        .filter_map(|(kind, value)| {
            let value = match value {
                ContextValue::String(text) => ContextValue::String(one(text)),
                ContextValue::Strings(texts) => {
                    ContextValue::Strings(texts.iter().map(|text| one(text)).collect())
                }
                // Advice, with the word in it as it came.
                ContextValue::StyledStrs(_) if any_hostile => ContextValue::None,
                _ => return None,
            };
            Some((kind, value))
        })
        .collect();
    for (kind, value) in values {
        error.insert(kind, value);
    }
    error
}

/// A plugin's fourth status.
fn unknown(why: &str) -> ExitCode {
    let mut out = output::stdout();
    let line = nagios::unknown(&redact::text(why));
    // Nobody is left to tell when even that fails.
    let _ = writeln!(out, "{line}").and_then(|()| out.flush());
    ExitCode::from(nagios::UNKNOWN)
}

fn unable(error: &anyhow::Error) -> ExitCode {
    common::report(error);
    ExitCode::from(UNABLE)
}

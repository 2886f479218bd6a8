//! Flags to plans, plans to reports, reports to streams.
//!
//! For: `main`, and tests that want the whole program in one process. The only place that prints,
//! reads the clock and the environment, and opens files. Must not: judge (that is `rules`) or know
//! the wire (that is `net`).

mod common;
mod demo;
mod destination;
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
use crate::{parse::redact, render::nagios, untrusted::Untrusted};

/// Exit code for "the tool could not do its job".
const UNABLE: u8 = 2;

/// See, check, rehearse and explain mutual TLS between a webhook sender and a webhook.
#[derive(Debug, Parser)]
#[command(name = "mtls", version, about, max_term_width = 80, arg_required_else_help = true, after_help = EXIT_STATUS, next_help_heading = "Settings")]
struct Cli {
    #[command(subcommand)]
    command: Command,
    /// The file with defaults of flags, exceptions and severities; mtls.toml here or above by
    /// default
    // Read before the rest, by `settings`; here so that it is known.
    #[arg(long, global = true, value_name = "FILE")]
    config: Option<PathBuf>,
    /// Look for no such file
    #[arg(long, global = true, conflicts_with = "config")]
    no_config: bool,
}

const EXIT_STATUS: &str =
    "Start with `mtls demo`, which needs no files; then `mtls explain \"THE ERROR\"`, `mtls lint --help`, `mtls listen --help`.\n
Exit status: 0 as expected, 1 a negative diagnosis, 2 the program could not do its job.";

#[derive(Debug, Subcommand)]
enum Command {
    /// The whole story in one process: a throwaway PKI, a listener, three clients
    Demo(demo::Args),
    /// Judge certificate, key and client-CA file before they are deployed
    Lint(Box<lint::Args>),
    /// A TLS server that asks for a client certificate, shows what comes, and answers it
    Listen(Box<listen::Args>),
    /// What an endpoint or a file presents, what it asks of clients, and what is wrong with it
    Inspect(Box<inspect::Args>),
    /// Call a webhook as the sender would, with client certificates good and bad on purpose
    Simulate(Box<simulate::Args>),
    /// What an error of any stack means, whose move it is, what to run next
    Explain(Box<explain::Args>),
    /// Write a throwaway PKI: certificates good and bad on purpose, for rehearsals
    Pki(pki::Args),
    /// What is known of each sender, with sources and dates, and what is not
    Profiles(profile::Args),
    /// Read, check and make bearer tokens
    Token(Box<token::Args>),
    /// Print completions, manual pages, the rules, the schema of profiles
    Generate(generate::Args),
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
        Err(error) if plugin => return unknown(&format!("{error:#}")),
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
        Command::Explain(args) => explain::run(&args),
        Command::Inspect(args) => inspect::run(&args, &settings),
        Command::Lint(args) => lint::run(&args, &settings),
        Command::Listen(args) => listen::run(*args, &settings),
        Command::Pki(args) => pki::run(&args),
        Command::Simulate(args) => simulate::run(&args, &settings),
        Command::Profiles(args) => profile::run(&args),
        Command::Token(args) => token::run(&args),
        Command::Generate(args) => generate::run(&args),
    };
    // A reader that went away (`| head`) changes no verdict; a disk that is full keeps it from its
    // reader.
    let result = result.and_then(|code| match door::STDOUT.failure() {
        None => Ok(code),
        Some(why) => Err(anyhow::Error::msg(why)),
    });
    match result {
        Ok(code) => ExitCode::from(code),
        Err(error) if plugin => unknown(&format!("{error:#}")),
        Err(error) => unable(&error),
    }
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
    let parsed = program
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
            "wanted 1 or more".to_owned()
        }
        Some(_) => "wanted a whole number".to_owned(),
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

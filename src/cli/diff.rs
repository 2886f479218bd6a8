//! `mtls diff`: two states of a deployment, what changed, and who loses access.

use std::{io::Write as _, path::PathBuf};

use anyhow::Result;
use clap::ValueEnum;

use super::{
    flags::{ColorArgs, PassArgs, TimeArgs},
    output,
    settings::Settings,
};
use crate::{
    jobs::diff::{self, DiffRequest},
    render::{diff as page, json},
};

/// `--format`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
enum DiffFormat {
    /// For people
    #[default]
    Text,
    /// One JSON document
    Json,
    /// For a pull request
    Markdown,
}

/// Flags of `diff`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls diff clients.pem clients.new.pem
  mtls diff fullchain.pem renewed/fullchain.pem
  mtls diff clients.pem clients.new.pem --would-accept partner-leaf.pem
  mtls diff nginx.conf nginx.conf.new --profile dialogflow
  mtls diff fullchain.pem hook.example.com:443 --format markdown

Exit status:
  0  nobody loses access
  1  somebody does, or it is not known
  2  the program could not do its job")]
pub(super) struct Args {
    /// Old state: a chain, a client-CA file, a folder, a server configuration, HOST:PORT, or the
    /// JSON report of lint
    #[arg(value_name = "OLD")]
    old: String,
    /// New state
    #[arg(value_name = "NEW")]
    new: String,
    /// Sender profile to look at; may be repeated [default: every sender whose certificate is known]
    #[arg(long, value_name = "NAME|FILE")]
    profile: Vec<String>,
    /// Client certificate, with its intermediates, to look at; may be repeated
    #[arg(long, value_name = "FILE")]
    would_accept: Vec<PathBuf>,
    /// Trust anchors for server chains [default: the public roots]
    #[arg(long, value_name = "FILE")]
    cacert: Option<PathBuf>,
    /// Server of a configuration that is the webhook, by one of its names; the others are skipped
    #[arg(long, value_name = "NAME")]
    server: Option<String>,
    #[command(flatten)]
    pass: PassArgs,
    #[command(flatten)]
    time: TimeArgs,
    /// Output format
    #[arg(long, value_enum, value_name = "FORMAT", default_value_t)]
    format: DiffFormat,
    #[command(flatten)]
    colour: ColorArgs,
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args, settings: &Settings) -> Result<u8> {
    let found = diff::diff(&DiffRequest {
        old: args.old.clone(),
        new: args.new.clone(),
        profiles: diff::named(&args.profile)?,
        would_accept: args.would_accept.clone(),
        cacert: args.cacert.clone(),
        password: args.pass.password()?,
        server: args.server.clone(),
        now: args.time.now(),
        said: settings.said_paths(),
    })?;
    let mut out = output::styled_stdout(args.colour.color);
    match args.format {
        DiffFormat::Text => out.write_all(page::text(&found, output::width()).as_bytes())?,
        DiffFormat::Markdown => out.write_all(page::markdown(&found).as_bytes())?,
        DiffFormat::Json => json::diff(&mut out, &found)?,
    }
    out.flush()?;
    Ok(found.exit_code())
}

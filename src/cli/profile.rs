//! Sender profiles by name or from a file of the user's, and the command that shows them.

use std::io::Write as _;

use anyhow::{Result, bail};
use clap::Subcommand;

use super::{
    common::{self, Color},
    flags::PlainFormat,
    output,
};
use crate::{
    jobs::profile::named,
    parse::pem,
    profiles::{self, Anchor, Profile},
    render,
};

/// Flags of `profiles`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  mtls profiles
  mtls profiles show dialogflow
  mtls profiles pem dialogflow > clients.pem
  mtls profiles show ./ours.toml")]
pub(super) struct Args {
    #[command(subcommand)]
    what: Option<What>,
    /// Output format
    #[arg(
        long,
        value_enum,
        value_name = "FORMAT",
        default_value_t,
        global = true
    )]
    format: PlainFormat,
    /// When to use colour
    #[arg(long, value_enum, value_name = "WHEN", default_value_t, global = true)]
    color: Color,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Show everything known about a sender, with sources and dates, and what is unknown
    #[command(after_help = "Examples:
  mtls profiles show dialogflow
  mtls profiles show ./ours.toml
  mtls profiles show dialogflow --format json")]
    Show {
        /// Sender profile: a name, or a file of your own
        #[arg(value_name = "NAME|FILE")]
        name: String,
    },
    /// Print the roots to trust for a sender, as PEM
    #[command(after_help = "Examples:
  mtls profiles pem dialogflow > clients.pem
  mtls profiles pem dialogflow --all > clients.pem")]
    Pem {
        /// Sender profile (a name, or a file of your own), or one trust anchor
        #[arg(value_name = "NAME|FILE|ANCHOR")]
        name: String,
        /// Include the roots of certificates that the sender is phasing out
        #[arg(long)]
        all: bool,
    },
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    let mut out = output::styled_stdout(args.color);
    match (&args.what, args.format) {
        (None, PlainFormat::Text) => {
            out.write_all(render::text::profiles(profiles::all(), output::width()).as_bytes())?
        }
        (None, PlainFormat::Json) => {
            let all: Vec<&Profile> = profiles::all().iter().collect();
            render::json::profiles(&mut out, &all)?;
        }
        (Some(What::Show { name }), PlainFormat::Text) => {
            out.write_all(render::text::profile(named(name)?, output::width()).as_bytes())?;
        }
        (Some(What::Show { name }), PlainFormat::Json) => {
            render::json::profiles(&mut out, &[named(name)?])?;
        }
        // The file that it is appended to may lack its last line break: without one of ours its END
        // line and our BEGIN line would become one line, which no server reads.
        (Some(What::Pem { name, all }), _) => write!(out, "\n{}", roots(name, *all)?)?,
    }
    out.flush()?;
    Ok(0)
}

fn roots(name: &str, all: bool) -> Result<String> {
    // What it is goes to stderr: some tools do not read a file with text around its PEM blocks.
    let block = |anchor: &Anchor| {
        common::complain(&anchor.subject);
        common::complain(&format!("  sha256 {}", anchor.sha256));
        pem::encode("CERTIFICATE", &anchor.der)
    };
    if let Some(anchor) = profiles::anchor(name) {
        return Ok(block(anchor));
    }
    let profile = named(name)?;
    let mut ids: Vec<&str> = Vec::new();
    let mut text = String::new();
    let identities = profile
        .identity
        .iter()
        .filter(|identity| all || identity.until.is_none());
    for anchor in identities.flat_map(|identity| &identity.roots) {
        if !ids.contains(&anchor.id.as_str()) {
            ids.push(&anchor.id);
            text.push_str(&block(anchor));
        }
    }
    if text.is_empty() {
        bail!(
            "{}: no certificate of this sender is known, so there is no root to trust; `mtls profiles show {name}` says why",
            profile.name
        );
    }
    Ok(text)
}

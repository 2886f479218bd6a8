//! `mtls generate`: reference material for packagers and readers.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::Subcommand;

use crate::{profiles, render::page, rules};

/// Flags of `generate`.
#[derive(Debug, clap::Args)]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// The rule reference, Markdown
    Rules {
        /// Write to this file instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// The JSON Schema of a sender profile
    ProfileSchema {
        /// Write to this file instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    match &args.what {
        What::Rules { out } => write(out.as_deref(), &page::reference(rules::ALL))?,
        What::ProfileSchema { out } => write(out.as_deref(), &profile_schema()?)?,
    }
    Ok(0)
}

fn profile_schema() -> Result<String> {
    Ok(serde_json::to_string_pretty(&profiles::schema())? + "\n")
}

fn write(out: Option<&Path>, text: &str) -> Result<()> {
    match out {
        Some(path) => {
            fs::write(path, text).with_context(|| format!("{}: cannot write it", path.display()))
        }
        None => Ok(std::io::stdout().write_all(text.as_bytes())?),
    }
}

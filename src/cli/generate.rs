//! `mtls generate`: reference material for packagers and readers.

use std::{fs, io::Write, path::PathBuf};

use anyhow::{Context, Result};
use clap::Subcommand;

use crate::{render::page, rules};

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
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    let What::Rules { out } = &args.what;
    let text = page::reference(rules::ALL);
    match out {
        Some(path) => {
            fs::write(path, text).with_context(|| format!("{}: cannot write it", path.display()))?
        }
        None => std::io::stdout().write_all(text.as_bytes())?,
    }
    Ok(0)
}

//! `mtls generate`: reference material for packagers and readers.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::{Subcommand, ValueEnum as _};
use clap_complete::{Generator as _, Shell};

use super::{completions, manual};
use crate::{
    profiles,
    render::{json, page, stacks},
    rules,
};

/// Flags of `generate`.
#[derive(Debug, clap::Args)]
#[command(after_help = "Examples:
  source <(mtls generate completions bash)
  mtls generate completions zsh > ~/.zfunc/_mtls
  mtls generate completions fish > ~/.config/fish/completions/mtls.fish
  mtls generate man lint | man -l -
  mtls generate rules --out rules.md")]
pub(super) struct Args {
    #[command(subcommand)]
    what: What,
}

#[derive(Debug, Subcommand)]
enum What {
    /// Print the rule reference, Markdown
    #[command(after_help = "Examples:
  mtls generate rules --out rules.md")]
    Rules {
        /// Write to FILE instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print the table of verifiers: which one rejects which chain, Markdown
    #[command(after_help = "Examples:
  mtls generate stacks --out stacks.md")]
    Stacks {
        /// Write to FILE instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Print completions for a shell: bash, zsh, fish, powershell, elvish
    #[command(after_help = "Examples:
  source <(mtls generate completions bash)
  mtls generate completions zsh > ~/.zfunc/_mtls
  mtls generate completions fish > ~/.config/fish/completions/mtls.fish
  mtls generate completions --dir completions")]
    Completions {
        /// Shell to complete in
        #[arg(value_enum, value_name = "SHELL", required_unless_present = "dir")]
        shell: Option<Shell>,
        /// Write the completions for every shell into DIR, each under the name its shell expects
        #[arg(long, value_name = "DIR", conflicts_with = "shell")]
        dir: Option<PathBuf>,
    },
    /// Print the manual page of the program, or of a command
    #[command(after_help = "Examples:
  mtls generate man lint | man -l -
  mtls generate man token verify > mtls-token-verify.1
  mtls generate man --dir docs/man")]
    Man {
        /// Command, and its subcommand
        #[arg(value_name = "COMMAND")]
        command: Vec<String>,
        /// Write the pages of all commands into DIR
        #[arg(long, value_name = "DIR", conflicts_with = "command")]
        dir: Option<PathBuf>,
    },
    /// Write the JSON Schemas of what `--format json` and `jsonl` print
    #[command(after_help = "Examples:
  mtls generate schemas --dir schemas")]
    Schemas {
        /// Directory to write them into
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
    },
    /// Print the JSON Schema of a sender profile
    #[command(after_help = "Examples:
  mtls generate profile-schema --out profile.schema.json")]
    ProfileSchema {
        /// Write to FILE instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
}

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args) -> Result<u8> {
    match &args.what {
        What::Rules { out } => write(out.as_deref(), &page::reference(rules::ALL))?,
        What::Stacks { out } => write(out.as_deref(), &stacks::page())?,
        What::Completions { shell, dir } => match (shell, dir) {
            (Some(shell), _) => write(None, &completions::script(*shell))?,
            (None, Some(dir)) => {
                for shell in Shell::value_variants() {
                    let file = dir.join(shell.file_name("mtls"));
                    write(Some(&file), &completions::script(*shell))?;
                }
            }
            (None, None) => {}
        },
        What::Man { command, dir } => match dir {
            Some(dir) => {
                for (name, page) in manual::pages() {
                    write(Some(&dir.join(format!("{name}.1"))), &page)?;
                }
            }
            None => {
                let words = ["mtls"]
                    .into_iter()
                    .chain(command.iter().map(String::as_str));
                let wanted = words.collect::<Vec<_>>().join("-");
                let all = manual::pages();
                let page = all.iter().find(|(name, _)| *name == wanted);
                let (_, page) = page.with_context(|| {
                    let names: Vec<&str> = all
                        .iter()
                        .filter_map(|(name, _)| name.strip_prefix("mtls-"))
                        .collect();
                    format!(
                        "no command is called `{}`; known: {}",
                        command.join(" "),
                        names.join(", ")
                    )
                })?;
                write(None, page)?;
            }
        },
        What::Schemas { dir } => {
            for (name, schema) in json::schemas() {
                let text = serde_json::to_string_pretty(&schema)? + "\n";
                write(Some(&dir.join(format!("{name}.schema.json"))), &text)?;
            }
        }
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
        None => Ok(super::output::stdout().write_all(text.as_bytes())?),
    }
}

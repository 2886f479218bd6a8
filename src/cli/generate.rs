//! `mtls generate`: reference material for packagers and readers.

use std::{
    fs,
    io::Write,
    path::{Path, PathBuf},
};

use anyhow::{Context, Result};
use clap::{CommandFactory as _, Subcommand, ValueEnum as _};
use clap_complete::{Generator as _, Shell};
use clap_mangen::Man;

use crate::{
    profiles,
    render::{json, page, stacks},
    rules,
};

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
    /// The table of verifiers: who refuses a chain for what, Markdown
    Stacks {
        /// Write to this file instead of standard output
        #[arg(long, value_name = "FILE")]
        out: Option<PathBuf>,
    },
    /// Completions for a shell: bash, zsh, fish, powershell, elvish
    Completions {
        /// Whose
        #[arg(value_enum, required_unless_present = "dir")]
        shell: Option<Shell>,
        /// Write those of all shells into this directory, each by the name that its shell looks for
        #[arg(long, value_name = "DIR", conflicts_with = "shell")]
        dir: Option<PathBuf>,
    },
    /// The manual page of the program, or of one command
    Man {
        /// The command
        command: Option<String>,
        /// Write the pages of all commands into this directory
        #[arg(long, value_name = "DIR", conflicts_with = "command")]
        dir: Option<PathBuf>,
    },
    /// The JSON Schemas of what `--format json` and `jsonl` print
    Schemas {
        /// Write them into this directory
        #[arg(long, value_name = "DIR")]
        dir: PathBuf,
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
        What::Stacks { out } => write(out.as_deref(), &stacks::page())?,
        What::Completions { shell, dir } => match (shell, dir) {
            (Some(shell), _) => write(None, &completions(*shell))?,
            (None, Some(dir)) => {
                for shell in Shell::value_variants() {
                    let file = dir.join(shell.file_name("mtls"));
                    write(Some(&file), &completions(*shell))?;
                }
            }
            (None, None) => {}
        },
        What::Man { command, dir } => match dir {
            Some(dir) => {
                for (name, page) in pages()? {
                    write(Some(&dir.join(format!("{name}.1"))), &page)?;
                }
            }
            None => {
                let wanted = command
                    .as_ref()
                    .map_or_else(|| "mtls".to_owned(), |command| format!("mtls-{command}"));
                let all = pages()?;
                let page = all.iter().find(|(name, _)| *name == wanted);
                let (_, page) = page.with_context(|| {
                    let names: Vec<&str> = all
                        .iter()
                        .filter_map(|(name, _)| name.strip_prefix("mtls-"))
                        .collect();
                    format!(
                        "no command is called `{}`; there are {}",
                        wanted.trim_start_matches("mtls-"),
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

fn completions(shell: Shell) -> String {
    let mut bytes = Vec::new();
    clap_complete::generate(shell, &mut super::Cli::command(), "mtls", &mut bytes);
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Every page by its name, the program's own first.
fn pages() -> Result<Vec<(String, String)>> {
    let mut whole = super::Cli::command();
    // Fills in what the commands inherit.
    whole.build();
    let mut pages = vec![page_of(whole.clone())?];
    for command in whole
        .get_subcommands()
        .filter(|one| one.get_name() != "help")
    {
        let name = format!("mtls-{}", command.get_name());
        pages.push(page_of(command.clone().name(name))?);
    }
    Ok(pages)
}

fn page_of(command: clap::Command) -> Result<(String, String)> {
    let name = command.get_name().to_owned();
    let mut bytes = Vec::new();
    Man::new(command).render(&mut bytes)?;
    // Columns of blanks at a line's end are nobody's content.
    let text: String = String::from_utf8_lossy(&bytes)
        .lines()
        .map(|line| format!("{}\n", line.trim_end()))
        .collect();
    Ok((name, text))
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

//! `mtls.toml`: what a repository has decided, once for everybody who runs the program in it.
//!
//! ```toml
//! fail-on = "warning"        # a flag's default, for every command that has the flag
//!
//! [lint]                     # and for one command
//! client-ca = ["deploy/clients.pem"]
//! warn-days = 30
//!
//! [[ignore]]
//! rule = "MT246"             # a code, the beginning of codes, or a name
//! target = "certs/dev/*"     # files or endpoints; all without it
//! until = 2026-12-31         # the last day
//! reason = "internal names, not reachable from outside"
//!
//! [severity]
//! MT262 = "error"
//! ```
//!
//! For: `run`, which gives flags their defaults before it reads them, and the commands that judge.
//! Must not: let a file that comes with a checkout decide where something is written or whether
//! secrets are shown.

mod check;
mod decisions;
mod defaults;
mod permitted;

use std::{ffi::OsString, ops::Range, path::PathBuf};

use anyhow::{Result, bail};
use toml::{Spanned, de::DeTable};

pub(super) use self::{decisions::baseline, defaults::apply};
use super::{
    common,
    early::{EarlyArgs, Named},
};
use crate::{jobs::files, render::snippet};

/// The name that is looked for.
const NAME: &str = "mtls.toml";

/// The file that holds here; without one, nothing is decided.
#[derive(Debug, Default)]
pub(super) struct Settings {
    file: Option<File>,
    /// The words of the command line.
    said: Vec<OsString>,
}

/// A file as it was read.
#[derive(Debug)]
struct File {
    path: PathBuf,
    text: &'static str,
    table: Spanned<DeTable<'static>>,
}

impl Settings {
    /// The file named by `--config`, else by MTLS_CONFIG, else `mtls.toml` in this directory or one
    /// above it, up to the repository's root. It is looked for before the arguments are understood,
    /// since it may have defaults for them.
    pub(super) fn of(early: &EarlyArgs, arguments: &[OsString]) -> Result<Self> {
        let path = match early.settings() {
            Named::File(path) => Some(path),
            Named::None => None,
            Named::Nothing => match common::variable("MTLS_CONFIG") {
                Some(path) if !path.is_empty() => Some(path.into()),
                _ => nearest()?,
            },
        };
        let Some(path) = path else {
            return Ok(Self {
                file: None,
                said: arguments.to_vec(),
            });
        };
        let bytes = files::read(&path)?;
        let text = String::from_utf8_lossy(&bytes);
        let text = text.trim_start_matches('\u{feff}').to_owned();
        Ok(Self {
            file: Some(File::new(path, text)?),
            said: arguments.to_vec(),
        })
    }
}

impl Settings {
    /// The file itself.
    pub(super) fn file(&self) -> Option<PathBuf> {
        self.file.as_ref().map(|file| file.path.clone())
    }

    /// The paths that the command line may name, its words and what stands behind an `=` in them:
    /// what a flag has and is not among them was not said by whoever made the call.
    pub(super) fn said_paths(&self) -> Vec<PathBuf> {
        let value = |word: &OsString| Some(word.to_str()?.split_once('=')?.1.into());
        let values = self.said.iter().filter_map(value);
        self.said.iter().map(PathBuf::from).chain(values).collect()
    }
}

/// The nearest file, not beyond the root of a repository.
fn nearest() -> Result<Option<PathBuf>> {
    let Ok(here) = std::env::current_dir() else {
        return Ok(None);
    };
    for folder in here.ancestors() {
        let path = folder.join(NAME);
        let shown = path.strip_prefix(&here).unwrap_or(&path).to_owned();
        // What is wrong in the file is drawn: a link in a checkout must not draw somebody's secrets
        // into a log.
        if path.is_symlink() {
            bail!(
                "{}: is a link, and is not followed; name the file with --config, or leave it out with --no-config",
                shown.display()
            );
        }
        if path.is_file() {
            return Ok(Some(shown));
        }
        if folder.join(".git").exists() {
            break;
        }
    }
    Ok(None)
}

impl File {
    /// Reads the text, once for the flags and the decisions.
    fn new(path: PathBuf, text: String) -> Result<Self> {
        let mut file = Self {
            path,
            // A run has one such file, and its end is the end of the run.
            text: Box::leak(text.into_boxed_str()),
            table: Spanned::new(0..0, DeTable::new()),
        };
        file.table = DeTable::parse(file.text).map_err(|error| file.toml(&error))?;
        Ok(file)
    }

    /// What is wrong at a place of the file: the line first, then the place drawn.
    fn wrong(&self, span: Option<Range<usize>>, message: &str) -> anyhow::Error {
        let path = self.path.display().to_string();
        let Some(span) = span else {
            return anyhow::anyhow!("{path}: {message}");
        };
        let line = 1 + self.text[..span.start.min(self.text.len())]
            .matches('\n')
            .count();
        let drawn = snippet::at(&path, self.text, span);
        anyhow::Error::new(common::Drawn {
            message: format!("{path}:{line}: {message}"),
            drawing: format!("{drawn}\n(--no-config leaves the file out)"),
        })
    }

    /// What the TOML library has to say.
    fn toml(&self, error: &toml::de::Error) -> anyhow::Error {
        let message = error.message().lines().next().unwrap_or_default();
        self.wrong(error.span(), message)
    }
}

//! Whose files may be quoted: text of a file is shown only where whoever made the call is known to
//! have meant that file.
//!
//! For: `collect` and `judge`. A checkout can hold settings, links and configurations that name any
//! file of the machine; what is in it is judged as ever, but none of its text is shown. Must not:
//! refuse a file, or judge one otherwise.

use std::{
    fs,
    path::{Component, Path, PathBuf},
};

/// How a file came to be looked at.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Within {
    /// A flag has it, whoever set the flag.
    Flag,
    /// It is a path of the command line, or lies beside one.
    Path,
    /// It was found in this folder, or a configuration in this folder names it.
    Folder(PathBuf),
}

/// What is known of the call.
#[derive(Debug, Default)]
pub(super) struct Reach {
    /// The paths that whoever made the call named: what is not among them was set by a file.
    said: Vec<PathBuf>,
}

impl Reach {
    pub(super) fn of(said: &[PathBuf]) -> Self {
        Self {
            said: said.to_vec(),
        }
    }

    /// Whether the text of this file may be shown. A link counts as what it leads to.
    pub(super) fn allows(&self, path: &Path, within: &Within) -> bool {
        if path == Path::new("-") {
            return true;
        }
        let Ok(real) = fs::canonicalize(path) else {
            return false;
        };
        let root = match within {
            Within::Flag if self.said.iter().all(|said| said != path) => here(),
            Within::Flag | Within::Path if below_here(path) => here(),
            Within::Flag | Within::Path => folder_of(path),
            Within::Folder(folder) => {
                let real = fs::canonicalize(or_here(folder)).ok();
                // The folder itself may be a link of a checkout.
                real.filter(|real| {
                    !below_here(folder) || here().is_some_and(|here| real.starts_with(here))
                })
            }
        };
        root.is_some_and(|root| real.starts_with(root))
    }
}

/// Whether a path, as it is written, leads to something below the current directory.
fn below_here(path: &Path) -> bool {
    path.is_relative() && !path.components().any(|part| part == Component::ParentDir)
}

fn here() -> Option<PathBuf> {
    fs::canonicalize(".").ok()
}

fn folder_of(path: &Path) -> Option<PathBuf> {
    fs::canonicalize(or_here(path.parent()?)).ok()
}

fn or_here(folder: &Path) -> &Path {
    if folder == Path::new("") {
        Path::new(".")
    } else {
        folder
    }
}

//! Files of a fleet: the number of a part in their names, the torn last line of a run that was
//! killed.

use std::{
    fs::{self, File, OpenOptions},
    io,
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};

use crate::{
    cli::destination::Destination,
    jobs::inspect::{list::Earlier, shard::Part},
};

/// A file's name with the number of the part in it.
pub(super) fn of_part(path: &Path, part: Option<Part>) -> PathBuf {
    match (path.to_str(), part) {
        (Some(text), Some(part)) => PathBuf::from(text.replace("{shard}", &part.index.to_string())),
        _ => path.to_owned(),
    }
}

/// Cuts the torn last line of the file to go on with, where results are added behind it.
pub(super) fn mend(resume: &Path, outputs: &[Destination], earlier: &Earlier) -> Result<()> {
    let torn = earlier.whole < earlier.length;
    let added_to = outputs.iter().any(|one| one.file() == resume) || is_stdout(resume);
    if !torn || !added_to {
        return Ok(());
    }
    let cut = OpenOptions::new()
        .write(true)
        .open(resume)
        .and_then(|file| file.set_len(earlier.whole));
    cut.with_context(|| format!("{}: cannot cut its torn last line", resume.display()))
}

/// Whether standard output goes to this file (`--resume out.jsonl >> out.jsonl`).
#[cfg(unix)]
fn is_stdout(path: &Path) -> bool {
    use std::os::{fd::AsFd as _, unix::fs::MetadataExt as _};
    let own = io::stdout()
        .as_fd()
        .try_clone_to_owned()
        .and_then(|fd| File::from(fd).metadata());
    match (own, fs::metadata(path)) {
        (Ok(own), Ok(other)) => (own.dev(), own.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_stdout(_: &Path) -> bool {
    false
}

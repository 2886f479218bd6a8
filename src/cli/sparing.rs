//! What an output must leave alone: files that are read, devices, pipes, links.
//!
//! For: `destination`. Must not: write.

use std::{
    fs::{self, File, Metadata, OpenOptions},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};

/// What stands where an output is to go.
pub(super) enum Place {
    /// Nothing, or a regular file: the new one takes its place when it is whole, with these
    /// permissions where there was one.
    File(Option<fs::Permissions>),
    /// A device, a pipe or a socket's end: it is written to, and stays.
    Through(File),
}

/// What stands at `path`, unless it must not be written to.
pub(super) fn look(path: &Path, inputs: &[PathBuf]) -> Result<Place> {
    let shown = path.display();
    let is_read = |input: &&PathBuf| is_same(path, input) || lies_in(path, input);
    if let Some(input) = inputs.iter().find(is_read) {
        bail!(
            "--output {shown}: {} is read by this run; name another file",
            input.display()
        );
    }
    let metadata = match fs::metadata(path) {
        Ok(metadata) => metadata,
        Err(_) if fs::symlink_metadata(path).is_ok() => {
            bail!("--output {shown}: is a link that leads nowhere; name the file itself")
        }
        // What is wrong with the folder is told when the file is made.
        Err(_) => return Ok(Place::File(None)),
    };
    if metadata.is_dir() {
        bail!("--output {shown}: is a directory; name a file in it");
    }
    if !metadata.is_file() {
        let through = OpenOptions::new().write(true).open(path);
        return through
            .map(Place::Through)
            .with_context(|| format!("{shown}: cannot write to it"));
    }
    if path.is_symlink() {
        // In a checkout it may lead to any file of its user.
        bail!(
            "--output {shown}: is a link to a file; name the file itself, or - for standard output"
        );
    }
    Ok(Place::File(Some(metadata.permissions())))
}

/// Whether a file that is there lies in a folder that is read.
fn lies_in(path: &Path, folder: &Path) -> bool {
    let real = fs::canonicalize(path).ok();
    let folder = folder.is_dir().then(|| fs::canonicalize(folder).ok());
    matches!((real, folder.flatten()), (Some(real), Some(folder)) if real.starts_with(&folder))
}

/// Whether two paths lead to one file, or would.
pub(super) fn is_same(one: &Path, other: &Path) -> bool {
    if one == other {
        return true;
    }
    match (fs::metadata(one), fs::metadata(other)) {
        (Ok(first), Ok(second)) => is_one(&first, &second, one, other),
        (Err(_), Err(_)) => one.file_name() == other.file_name() && folder(one) == folder(other),
        _ => false,
    }
}

/// Hard links too.
#[cfg(unix)]
fn is_one(first: &Metadata, second: &Metadata, _: &Path, _: &Path) -> bool {
    use std::os::unix::fs::MetadataExt as _;
    (first.dev(), first.ino()) == (second.dev(), second.ino())
}

#[cfg(not(unix))]
fn is_one(_: &Metadata, _: &Metadata, one: &Path, other: &Path) -> bool {
    fs::canonicalize(one).ok() == fs::canonicalize(other).ok()
}

fn folder(path: &Path) -> Option<PathBuf> {
    let folder = path.parent()?;
    let folder = if folder == Path::new("") {
        Path::new(".")
    } else {
        folder
    };
    fs::canonicalize(folder).ok()
}

//! What is judged together.

use std::{
    fs,
    path::{Path, PathBuf},
};

use super::reach::Within;
use crate::{
    facts::{FileFacts, FileRole, Site},
    parse::input::Password,
};

/// One deployment to judge: where it is, and the files to read, each with what it was meant to be.
pub(super) struct Job {
    pub(super) title: String,
    pub(super) files: Vec<(PathBuf, FileRole)>,
    /// Keys beside it, of which one may fit.
    pub(super) keys: Vec<PathBuf>,
    /// The key that belongs to it by its name, whether it fits or not: `privkey.pem` beside
    /// `fullchain.pem`, `web.key` beside `web.crt`.
    pub(super) paired: Option<PathBuf>,
    /// Whether it is a recorded case, whose client is judged again.
    pub(super) recorded: bool,
    /// Whether it was found in a directory: then it need not be a file of ours at all.
    pub(super) found: bool,
    /// A file beside it with the same leaf and more of its chain.
    pub(super) fuller: Option<PathBuf>,
    /// How its files came to be looked at.
    pub(super) within: Within,
    /// The configuration files that name the files, as far as they are shown.
    pub(super) configs: Vec<FileFacts>,
    /// The passphrases that the configuration names for its key.
    pub(super) pass: Option<Password>,
    /// What the configuration says.
    pub(super) site: Option<Box<Site>>,
}

impl Job {
    /// These files, and nothing known besides.
    pub(super) fn new(title: String, files: Vec<(PathBuf, FileRole)>, within: Within) -> Self {
        Self {
            title,
            files,
            within,
            keys: Vec::new(),
            paired: None,
            recorded: false,
            found: false,
            fuller: None,
            configs: Vec::new(),
            pass: None,
            site: None,
        }
    }
}

/// A key that was named beside one file is the key of what is in that file: its certificate, or the
/// request for one.
pub(super) fn with_key(jobs: &mut Vec<Job>, path: &Path, key: &Path) {
    let is_it = |job: &&mut Job| {
        matches!(&*job.files, [(own, FileRole::Anything)] if own == path) && !job.found
    };
    let Some(job) = jobs.iter_mut().find(is_it) else {
        return;
    };
    job.files.push((key.to_owned(), FileRole::Key));
    job.paired = None;
    jobs.retain(|job| !matches!(&*job.files, [(own, FileRole::Key)] if own == key));
}

/// The regular files of a directory, not of those in it.
pub(super) fn regular_files(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten();
    entries
        .filter_map(|entry| Some(entry.ok()?.path()))
        .filter(|path| path.is_file())
        .collect()
}

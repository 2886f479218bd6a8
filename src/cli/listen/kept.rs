//! The cases that lie in a folder, and the bounds on them.
//!
//! For: `record`. Must not: count or delete a file that no run of `listen` wrote.

use std::{
    collections::VecDeque,
    fs,
    path::{Path, PathBuf},
};

use jiff::Timestamp;

use crate::cli::common;

/// What a file is called until it is whole.
pub(super) const PARTIAL: &str = ".partial";
/// Its beginning.
pub(super) const PREFIX: &str = ".mtls-";
/// What a whole one is called.
pub(super) const ENDING: &str = ".case.json";
/// How old a partial file is that a run left behind when it was killed, seconds.
const LEFT_BEHIND: i64 = 600;

/// Whether a file is called as `record` calls them, a number for a second one behind it perhaps.
fn is_ours(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(ENDING) else {
        return false;
    };
    let parts: Vec<&str> = stem.split('-').collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let time = |text: &str| {
        text.len() == "20261129T135045.123Z".len()
            && text.ends_with('Z')
            && text.as_bytes().get(8) == Some(&b'T')
            && digits(&text[..8])
    };
    match parts.as_slice() {
        [at, number, verdict] | [at, number, verdict, _] => {
            time(at)
                && digits(number)
                && ["pass", "warn", "unknown", "fail"].contains(verdict)
                && parts.get(3).is_none_or(|again| digits(again))
        }
        _ => false,
    }
}

/// The cases of a folder, the oldest first, and the bounds on them.
pub(super) struct Kept {
    files: VecDeque<(PathBuf, u64)>,
    bytes: u64,
    most_files: u64,
    most_bytes: u64,
}

impl Kept {
    /// Those that are there already. Partial files of a run that was killed are removed.
    pub(super) fn found(folder: &Path, most_files: u64, most_bytes: u64) -> std::io::Result<Self> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if is_ours(&name) && metadata.is_file() {
                files.push((entry.path(), metadata.len()));
            } else if name.starts_with(PREFIX) && name.ends_with(PARTIAL) {
                let changed = metadata.modified().ok();
                let changed = changed.and_then(|time| Timestamp::try_from(time).ok());
                let now = common::now();
                if changed.is_some_and(|at| now.duration_since(at).as_secs() > LEFT_BEHIND) {
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
        files.sort();
        Ok(Self {
            bytes: files.iter().map(|(_, bytes)| bytes).sum(),
            files: files.into(),
            most_files,
            most_bytes,
        })
    }

    /// Adds one, and deletes the oldest where there are too many; how many that are.
    pub(super) fn add(&mut self, path: PathBuf, bytes: u64) -> u64 {
        self.files.push_back((path, bytes));
        self.bytes += bytes;
        let mut dropped = 0;
        while self.files.len() as u64 > self.most_files || self.bytes > self.most_bytes {
            let Some((path, bytes)) = self.files.pop_front() else {
                break;
            };
            self.bytes -= bytes;
            if fs::remove_file(&path).is_ok() {
                dropped += 1;
            }
        }
        dropped
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_its_own_are_counted_and_deleted() {
        for (name, ours) in [
            ("20261129T135045.123Z-000001-pass.case.json", true),
            ("20261129T135045.123Z-000001-fail-2.case.json", true),
            ("20261129T135045.123Z-000001-good.case.json", false),
            ("good.case.json", false),
            ("20261129T135045.123Z-000001-pass.json", false),
            (".mtls-x.partial", false),
        ] {
            assert_eq!(is_ours(name), ours, "{name}");
        }
        let folder = tempfile::tempdir().unwrap();
        let name = |number: u32| format!("20261129T135045.123Z-{number:06}-pass.case.json");
        for number in 1..=3 {
            fs::write(folder.path().join(name(number)), "0123456789").unwrap();
        }
        fs::write(folder.path().join("good.case.json"), "mine").unwrap();
        let mut kept = Kept::found(folder.path(), 3, 35).unwrap();
        assert_eq!((kept.files.len(), kept.bytes), (3, 30));
        let fourth = folder.path().join(name(4));
        fs::write(&fourth, "0123456789").unwrap();
        assert_eq!(kept.add(fourth, 10), 1);
        assert!(!folder.path().join(name(1)).exists());
        let fifth = folder.path().join(name(5));
        fs::write(&fifth, "01234567890123456789").unwrap();
        assert_eq!(kept.add(fifth, 20), 2);
        assert_eq!(kept.bytes, 30);
        assert!(folder.path().join("good.case.json").exists());
    }
}

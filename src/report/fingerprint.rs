//! What a finding is known again by: its rule, its file or target, and what it is about, and
//! neither lines nor days, which change while the finding stays.
//!
//! For: code hosts (`render::ci`), baselines (`policy`). Must not: change from one version of this
//! program to the next without a new name in SARIF (`mtls/v1`).

use std::{
    collections::HashMap,
    fmt::Write as _,
    path::{Component, Path, PathBuf},
};

use aws_lc_rs::digest::{SHA256, digest};

use crate::{facts::Place, finding::Finding};

/// The fingerprints of a run.
#[derive(Clone, Debug)]
pub struct Fingerprints {
    base: PathBuf,
    seen: HashMap<String, u32>,
}

impl Fingerprints {
    /// `base` is the directory that paths are made relative to.
    pub fn new(base: PathBuf) -> Self {
        Self {
            base,
            seen: HashMap::new(),
        }
    }

    /// The fingerprint of a finding in the case of this title. The same twice in a run has a number
    /// of its own.
    pub fn of(&mut self, finding: &Finding, title: &str) -> String {
        let at = match &finding.hit.place {
            Place::File { path, .. } => self.relative(path),
            Place::Wire { .. } | Place::Http { .. } => title.to_owned(),
        };
        let what = [finding.rule.code, &at, &finding.hit.subject].join("\0");
        let again = self.seen.entry(what.clone()).or_default();
        *again += 1;
        let print = digest(&SHA256, format!("{what}\0{again}").as_bytes());
        print.as_ref().iter().fold(String::new(), |mut hex, byte| {
            let _ = write!(hex, "{byte:02x}");
            hex
        })
    }

    /// A path as the checkout has it: without what leads to the base, and without `./`.
    pub fn relative(&self, path: &str) -> String {
        if path == "-" {
            return "stdin".to_owned();
        }
        let whole = Path::new(path);
        let below = whole.strip_prefix(&self.base).unwrap_or(whole);
        let mut parts = PathBuf::new();
        for part in below.components() {
            let within = matches!(parts.components().next_back(), Some(Component::Normal(_)));
            match part {
                Component::CurDir => {}
                Component::ParentDir if within => {
                    parts.pop();
                }
                part => parts.push(part),
            }
        }
        parts.to_string_lossy().replace('\\', "/")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_checkout() {
        let prints = Fingerprints::new("/repo".into());
        for (path, wanted) in [
            ("certs/full chain.pem", "certs/full chain.pem"),
            ("./certs/a.pem", "certs/a.pem"),
            ("/repo/certs/a.pem", "certs/a.pem"),
            ("/etc/ssl/a.pem", "/etc/ssl/a.pem"),
            ("../a.pem", "../a.pem"),
            ("ng/../x/a.pem", "x/a.pem"),
            ("../../x/../a.pem", "../../a.pem"),
            ("/etc/ssl/../a.pem", "/etc/a.pem"),
            ("-", "stdin"),
        ] {
            assert_eq!(prints.relative(path), wanted);
        }
    }
}

//! What lies in the directories of a call: which keys have their certificate there, and which
//! certificates their key.
//!
//! For: the rules about a key that fits nothing and a certificate whose key is not there. Must not:
//! be worked out where there is no directory, or no key in it.

use std::{
    collections::{BTreeSet, HashSet},
    path::PathBuf,
};

use super::{
    collect,
    job::Job,
    reach::Within,
    sniff::{self, Beginning},
};
use crate::{
    facts::{Bundle, ChainUse, FileFacts, FileRole, Neighbours, Side},
    parse::{bundle, input::Password, key},
};

/// Files that are read for it at the most: of more, nothing is said.
const MOST: usize = 5_000;

/// The public keys there, by their SHA-256.
pub(super) struct Around {
    /// Of certificates and requests.
    certified: HashSet<String>,
    /// Of leaves.
    leaves: HashSet<String>,
    /// Of private keys.
    keys: HashSet<String>,
    /// Private keys that could not be read.
    shut: usize,
    paired: HashSet<String>,
}

/// The files of the directories of a call.
#[derive(Default)]
pub(super) struct Beside {
    /// All of them; none where nobody named a directory, or no key is there.
    pub(super) paths: Vec<PathBuf>,
    /// The keys that belong to a chain by their name: whether they fit is said with that.
    paired: HashSet<String>,
}

impl Beside {
    /// Those of these deployments.
    pub(super) fn of(jobs: &[Job]) -> Self {
        // Files that are named together are as those of one directory.
        let several = jobs.len() > 1;
        let found = |job: &&Job| match job.within {
            Within::Folder(_) => !job.recorded,
            Within::Path => several && job.site.is_none() && !job.recorded,
            Within::Flag => false,
        };
        let (mut paths, mut paired) = (BTreeSet::new(), HashSet::new());
        let mut keys = false;
        for job in jobs.iter().filter(found) {
            paths.extend(job.files.iter().map(|(path, _)| path.clone()));
            paths.extend(job.keys.iter().cloned());
            // Of a mounted secret both have their role.
            let given = job.files.iter().filter(|(_, role)| *role == FileRole::Key);
            let given = given.map(|(path, _)| path).chain(&job.paired);
            paired.extend(given.map(|path| path.display().to_string()));
            keys |= !job.keys.is_empty();
        }
        // A file that is alone in its directory was not looked at yet.
        let begins = |path: &PathBuf| sniff::head(path).map(|head| sniff::beginning(&head));
        if paths.len() > MOST
            || !keys
                && !paths
                    .iter()
                    .any(|path| begins(path) == Some(Beginning::Key))
        {
            return Self::default();
        }
        Self {
            paths: paths.into_iter().collect(),
            paired,
        }
    }
}

impl Around {
    /// Reads them.
    pub(super) fn of(beside: &Beside, pass: Option<&Password>) -> Self {
        let mut around = Self {
            certified: HashSet::new(),
            leaves: HashSet::new(),
            keys: HashSet::new(),
            shut: 0,
            paired: beside.paired.clone(),
        };
        for path in &beside.paths {
            // What cannot be read says so itself.
            let files = collect::one(path, FileRole::Anything, pass, false).unwrap_or_default();
            for file in &files {
                around.add(file);
            }
            for bundle in bundle::assemble(&files, None) {
                around.leaves.extend(leaf(&bundle));
            }
        }
        around
    }

    fn add(&mut self, file: &FileFacts) {
        for (_, certificate) in file.certificates() {
            self.certified.extend(key::essence(certificate.spki_der()));
        }
        for (_, request) in file.requests() {
            self.certified
                .extend(key::essence(request.asked.spki_der()));
        }
        for (_, private) in file.private_keys() {
            match private.spki.as_deref().and_then(key::essence) {
                Some(key) => {
                    self.keys.insert(key);
                }
                None => self.shut += 1,
            }
        }
    }

    /// Notes on the files of a deployment what lies around them; of one that was `named` by itself
    /// no key has to be there.
    pub(super) fn note(&self, files: &mut [FileFacts], bundles: &[Bundle], named: bool) {
        let lonely = self.keys.difference(&self.certified).count();
        let bare = self.leaves.difference(&self.keys).count();
        for file in files {
            let lone_key = !self.paired.contains(&file.path)
                && file.certificates().next().is_none()
                && file.requests().next().is_none()
                && file
                    .private_keys()
                    .filter_map(|(_, private)| key::essence(private.spki.as_deref()?))
                    .any(|key| !self.certified.contains(&key));
            let without_key = bundles
                .iter()
                .filter(|bundle| !named && bundle.key.is_none() && bundle.chain.is_in(&file.path))
                .find(|bundle| leaf(bundle).is_some_and(|leaf| !self.keys.contains(&leaf)));
            file.neighbours = Some(Neighbours {
                lone_key,
                bare_leaf: without_key.and_then(|bundle| {
                    let chain = &bundle.chain;
                    Some((
                        chain.role == Side::Server,
                        chain.leaf,
                        chain.certificate(chain.leaf)?.label(),
                    ))
                }),
                certificates: self.certified.len(),
                lone_keys: lonely,
                bare_leaves: bare,
                shut_keys: self.shut,
            });
        }
    }
}

/// The public key of a bundle's leaf.
fn leaf(bundle: &Bundle) -> Option<String> {
    let chain = &bundle.chain;
    if chain.holds != ChainUse::Identity {
        return None;
    }
    let leaf = chain.certificate(chain.leaf)?;
    key::essence(leaf.spki_der())
}

//! All cases as files, a folder each.
//!
//! For: verifiers in any language, which read `leaf.pem`, `sent.pem`, `anchors.pem`, `lists.pem`
//! and one line a case. Must not: judge.

use std::{
    collections::BTreeMap,
    fmt::Write as _,
    fs,
    path::{Path, PathBuf},
};

use crate::stacks::{
    chain::{Chain, Role},
    der::pem,
    forge::Plan,
    keys::{Key, Keys},
    variations::{self, Random},
};

/// One question.
pub(crate) struct Case {
    /// `variation.role`, which is its folder too.
    pub(crate) name: String,
    pub(crate) variation: String,
    pub(crate) role: Role,
    /// What a server is asked for by.
    pub(crate) host: String,
    pub(crate) moment: i64,
    /// Whether revocation lists are given, so that the leaf's has to be there.
    pub(crate) lists: bool,
}

/// Cases, and where they are.
pub(crate) struct Cases {
    pub(crate) folder: PathBuf,
    pub(crate) list: Vec<Case>,
}

impl Cases {
    /// The lines that the verifiers read: name, role, host, moment, whether there are lists.
    pub(crate) fn lines(&self) -> String {
        let mut lines = String::new();
        for case in &self.list {
            let (role, lists) = (case.role.word(), u8::from(case.lists));
            writeln!(
                lines,
                "{} {role} {} {} {lists}",
                case.name, case.host, case.moment
            )
            .unwrap();
        }
        lines
    }

    /// A case's file.
    pub(crate) fn file(&self, case: &Case, part: &str) -> PathBuf {
        self.folder.join(&case.name).join(part)
    }
}

/// Our own cases; they go with it.
pub(crate) struct Corpus {
    pub(crate) cases: Cases,
    keys: Keys,
    leaves: Vec<Key>,
    _folder: tempfile::TempDir,
}

impl Corpus {
    /// Every variation that `wanted` wants, for both roles where both make sense, judged at this
    /// moment.
    pub(crate) fn new(moment: i64, wanted: impl Fn(&str, Role) -> bool) -> Self {
        let variations = variations::all();
        Self::of(variations.flat_map(move |variation| {
            let roles = Role::BOTH.into_iter();
            let roles = roles.filter(|role| wanted(variation.name, *role));
            let chains = roles.filter_map(|role| variation.of(role, moment));
            let chains: Vec<_> = chains
                .map(|chain| (variation.name.to_owned(), chain))
                .collect();
            chains
        }))
    }

    /// So many combinations of two or three variations.
    pub(crate) fn combined(moment: i64, seed: u64, count: usize) -> Self {
        let mut random = Random(seed);
        let mut found = BTreeMap::new();
        while found.len() < count {
            if let Some((name, chain)) = variations::drawn(&mut random, moment) {
                found.insert((name, chain.role), chain);
            }
        }
        let chains = found.into_iter();
        Self::of(chains.map(|((name, _), chain)| (name, chain)))
    }

    /// These chains, each with a name.
    pub(crate) fn of(chains: impl Iterator<Item = (String, Chain)>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let keys = Keys::new();
        let (mut list, mut leaves) = (Vec::new(), Vec::new());
        for (name, chain) in chains {
            leaves.push(chain.leaf.key);
            list.push(write(folder.path(), &keys, &name, &chain));
        }
        let cases = Cases {
            folder: folder.path().to_owned(),
            list,
        };
        Self {
            cases,
            keys,
            leaves,
            _folder: folder,
        }
    }

    /// The leaf's private key.
    pub(crate) fn key(&self, at: usize) -> PathBuf {
        self.keys.file(self.leaves[at])
    }
}

fn write(folder: &Path, keys: &Keys, variation: &str, chain: &Chain) -> Case {
    let name = format!("{variation}.{}", chain.role.word());
    let at = folder.join(&name);
    fs::create_dir(&at).unwrap();
    // An ECDSA signature is another one each time: a plan that stands twice has to be the same
    // certificate twice.
    let mut made: Vec<(Plan, String)> = Vec::new();
    let mut certificate = |plan: &Plan| -> String {
        if let Some((_, text)) = made.iter().find(|(other, _)| other == plan) {
            return text.clone();
        }
        let text = pem("CERTIFICATE", &plan.der(keys));
        made.push((plan.clone(), text.clone()));
        text
    };
    let leaf = certificate(&chain.leaf);
    let sent: String = chain.sent.iter().map(&mut certificate).collect();
    let anchors: String = chain.anchors.iter().map(&mut certificate).collect();
    let lists = chain.revocations.iter();
    let lists: String = lists.map(|list| pem("X509 CRL", &list.der(keys))).collect();
    fs::write(at.join("chain.pem"), leaf.clone() + &sent).unwrap();
    fs::write(at.join("leaf.pem"), &leaf).unwrap();
    fs::write(at.join("sent.pem"), sent).unwrap();
    fs::write(at.join("anchors.pem"), anchors).unwrap();
    if !lists.is_empty() {
        fs::write(at.join("lists.pem"), lists).unwrap();
    }
    Case {
        name,
        variation: variation.to_owned(),
        role: chain.role,
        host: chain.host.clone(),
        moment: chain.moment,
        lists: !chain.revocations.is_empty(),
    }
}

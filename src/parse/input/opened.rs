//! What a password opens: PKCS #12 and encrypted keys.
//!
//! For: `input`. Must not: keep a private byte or the password's length, or open one key twice.

use std::{
    collections::HashMap,
    sync::{Mutex, PoisonError},
};

use super::{keys, pkcs12};
use crate::{
    facts::{FileFacts, Format, ItemKind, KeyFormat, KeyProblem, PrivateKey, Shut},
    parse::{
        cert::{
            self,
            der::{self, Reader},
        },
        key::encrypted,
        pem,
    },
};

/// Work for the keys of one file, in rounds of PBKDF2.
const WORK: u64 = 2_000_000;
/// Keys whose public halves are remembered: a key beside a hundred chains is opened once.
const KNOWN: usize = 1_000;

/// A password, or several of which one may be it, and what is known of the keys that they were tried
/// on: their public halves.
pub struct Password {
    words: Vec<String>,
    known: Mutex<HashMap<String, PrivateKey>>,
}

impl Password {
    /// The password. An empty one is tried, and nothing is said of it where it opens nothing.
    pub fn new(word: String) -> Self {
        Self::one_of(vec![word])
    }

    /// These, in their order.
    pub fn one_of(words: Vec<String>) -> Self {
        Self {
            words,
            known: Mutex::default(),
        }
    }

    /// What the key says with the first of the passwords that opens it, or why the last does not.
    fn open(&self, bytes: &[u8], left: &mut u64) -> Option<Result<Vec<u8>, Shut>> {
        let mut last = None;
        for word in &self.words {
            match encrypted::open(bytes, word, left) {
                Err(Shut::Password) => last = Some(Err(Shut::Password)),
                done => return Some(done),
            }
        }
        last
    }

    /// What is known of an encrypted key with the password.
    fn key(&self, shut: &PrivateKey, bytes: &[u8], left: &mut u64) -> PrivateKey {
        let digest = cert::sha256(bytes);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known().get(&digest) {
            return key.clone();
        }
        let key = match self.open(bytes, left) {
            Some(Ok(plain)) => match keys::of_der(&plain) {
                Some(opened) => PrivateKey {
                    format: KeyFormat::EncryptedPkcs8,
                    encryption: shut.encryption.clone(),
                    ..opened
                },
                None => shut.clone(),
            },
            // Nobody gave one.
            None => shut.clone(),
            Some(Err(_)) if self.words.iter().all(String::is_empty) => shut.clone(),
            Some(Err(why)) => {
                let scheme = shut.encryption.clone().unwrap_or_default();
                PrivateKey {
                    problem: Some(KeyProblem::NotOpened {
                        scheme,
                        why: why.clone(),
                    }),
                    ..shut.clone()
                }
            }
        };
        let mut known = known();
        if known.len() < KNOWN
            && !matches!(
                key.problem,
                Some(KeyProblem::NotOpened {
                    why: Shut::Work(_),
                    ..
                })
            )
        {
            known.insert(digest, key.clone());
        }
        key
    }
}

/// Puts what the password opens in place of what was shut; where it does not, that says why.
pub(super) fn open(file: &mut FileFacts, bytes: &[u8], password: &Password) {
    if file.format == Format::Pkcs12 {
        let word = password.words.first().map_or("", String::as_str);
        return pkcs12::open(file, bytes, word);
    }
    let is_shut = |key: &PrivateKey| key.format == KeyFormat::EncryptedPkcs8;
    if !file.private_keys().any(|(_, key)| is_shut(key)) {
        return;
    }
    let mut blocks = HashMap::new();
    let mut values = Vec::new();
    if file.format == Format::Der {
        values.extend(Reader::new(bytes).filter(|value| encrypted::scheme(value.whole).is_some()));
    } else {
        let found = pem::scan(bytes).into_iter();
        blocks.extend(found.filter_map(|block| Some((block.first_line, block.der.ok()?))));
    }
    let mut values = values.into_iter();
    let mut left = WORK;
    for item in &mut file.items {
        let ItemKind::PrivateKey(key) = &mut item.kind else {
            continue;
        };
        if !is_shut(key) {
            continue;
        }
        let block = blocks.get(&item.first_line).map(Vec::as_slice);
        if let Some(bytes) = block.or_else(|| values.next().map(|value| value.whole)) {
            // What follows the value within its block is a remark of its own.
            let first = Reader::new(bytes).tagged(der::SEQUENCE);
            *key = password.key(key, first.map_or(bytes, |value| value.whole), &mut left);
        }
    }
}

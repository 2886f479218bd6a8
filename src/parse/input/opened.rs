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

/// A password, and what is known of the keys that it was tried on: their public halves.
pub struct Password {
    word: String,
    known: Mutex<HashMap<String, PrivateKey>>,
}

impl Password {
    /// The password. An empty one is tried, and nothing is said of it where it opens nothing.
    pub fn new(word: String) -> Self {
        Self {
            word,
            known: Mutex::default(),
        }
    }

    /// What is known of an encrypted key with the password.
    fn key(&self, shut: &PrivateKey, bytes: &[u8], left: &mut u64) -> PrivateKey {
        let digest = cert::sha256(bytes);
        let known = || self.known.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(key) = known().get(&digest) {
            return key.clone();
        }
        let key = match encrypted::open(bytes, &self.word, left) {
            Ok(plain) => match keys::of_der(&plain) {
                Some(opened) => PrivateKey {
                    format: KeyFormat::EncryptedPkcs8,
                    encryption: shut.encryption.clone(),
                    ..opened
                },
                None => shut.clone(),
            },
            // Nobody gave one.
            Err(_) if self.word.is_empty() => shut.clone(),
            Err(why) => {
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
        return pkcs12::open(file, bytes, &password.word);
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

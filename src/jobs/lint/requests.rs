//! Certificate signing requests among the files of a deployment: whether each bears the signature of
//! its own key, and whether the key at hand is that key.

use crate::{
    facts::{FileFacts, FileRole, ItemKind, PrivateKey, RequestKey, RequestSignature},
    parse::{key, request},
    verify::signature::{self, SignatureError},
};

/// Requests of a deployment whose signature is checked: of a hostile file not all.
const MOST: usize = 100;

/// Notes on each request what the files beside it say of it.
pub(super) fn note(files: &mut [FileFacts]) {
    if files.iter().all(|file| file.requests().next().is_none()) {
        return;
    }
    let keys: Vec<(String, bool, PrivateKey)> = files
        .iter()
        .flat_map(|file| {
            let named = file.meant_as == FileRole::Key;
            let keys = file.private_keys();
            keys.map(move |(_, key)| (file.path.clone(), named, key.clone()))
        })
        .collect();
    let mut left = MOST;
    for file in files {
        for item in &mut file.items {
            if let ItemKind::Request(request) = &mut item.kind {
                request.signature = match left.checked_sub(1) {
                    Some(less) => {
                        left = less;
                        signed(&request.der)
                    }
                    None => RequestSignature::NotChecked(format!("only the first {MOST} are")),
                };
                request.key = key_of(request.asked.spki_der(), &file.path, &keys);
            }
        }
    }
}

fn signed(bytes: &[u8]) -> RequestSignature {
    let Some(parts) = request::parts(bytes) else {
        return RequestSignature::Broken("it cannot be read".to_owned());
    };
    let checked =
        signature::verify_certificate(parts.signed, parts.algorithm, parts.signature, parts.spki);
    match checked {
        Ok(()) => RequestSignature::Holds,
        Err(SignatureError::Unsupported(what)) => RequestSignature::NotChecked(what),
        Err(error) => RequestSignature::Broken(error.to_string()),
    }
}

/// The key that was named decides, then that of the same file; of the keys beside it one that fits
/// is enough.
fn key_of(spki: &[u8], own: &str, keys: &[(String, bool, PrivateKey)]) -> RequestKey {
    let fits = |key: &PrivateKey| {
        let public = key.spki.as_deref();
        public.map(|public| key::same_public_key(public, spki))
    };
    let said = keys.iter().find(|(_, named, _)| *named);
    let said = said.or_else(|| keys.iter().find(|(path, ..)| path == own));
    match said {
        Some((path, _, key)) => match fits(key) {
            Some(true) => RequestKey::Fits(path.clone()),
            Some(false) => RequestKey::Differs(path.clone()),
            None => RequestKey::NotCompared {
                path: path.clone(),
                why: match &key.problem {
                    Some(problem) => problem.to_string(),
                    None => "its public half cannot be derived by mtls".to_owned(),
                },
            },
        },
        None => match keys.iter().find(|(.., key)| fits(key) == Some(true)) {
            Some((path, ..)) => RequestKey::Fits(path.clone()),
            None => RequestKey::NotGiven,
        },
    }
}

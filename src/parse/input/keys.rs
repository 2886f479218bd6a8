//! Private keys: how they are wrapped, what can be told of them, and why not more. Private bytes
//! are read where they lie.

use crate::{
    facts::{KeyFormat, KeyProblem, PrivateKey, Quirk, Remark},
    parse::{
        cert::der::{self, Reader},
        key::{self, KeyError, encrypted},
        pem::Block,
    },
};

/// The key of a PEM block.
pub(super) fn of_block(block: &Block) -> PrivateKey {
    let format = match block.label.as_str() {
        "PRIVATE KEY" => KeyFormat::Pkcs8,
        "RSA PRIVATE KEY" => KeyFormat::Pkcs1,
        "EC PRIVATE KEY" => KeyFormat::Sec1,
        "ENCRYPTED PRIVATE KEY" => KeyFormat::EncryptedPkcs8,
        "OPENSSH PRIVATE KEY" => KeyFormat::OpenSsh,
        _ => KeyFormat::Other,
    };
    let without = |format, problem| PrivateKey {
        format,
        key: None,
        problem: Some(problem),
        encryption: None,
        passphrase: None,
        spki: None,
    };
    let bytes = match &block.der {
        _ if block.encrypted => {
            return without(KeyFormat::LegacyEncrypted, KeyProblem::EncryptedByHeaders);
        }
        // What follows the value within its block is a remark of its own.
        Ok(bytes) => first_value(bytes),
        Err(problem) => return without(format, KeyProblem::Broken(problem.clone())),
    };
    match format {
        KeyFormat::OpenSsh => without(format, KeyProblem::OpenSsh),
        _ => match of_der(bytes) {
            Some(found) if found.format == KeyFormat::EncryptedPkcs8 => found,
            // The label says how it is wrapped, when the contents agree.
            Some(found) => PrivateKey {
                problem: found.problem.clone().or_else(|| {
                    // A label that no reader of keys knows names no wrapping at all.
                    let unknown = format == KeyFormat::Other && block.label != "DSA PRIVATE KEY";
                    let differs = unknown || format != KeyFormat::Other && found.format != format;
                    differs.then(|| KeyProblem::WrappedOtherwise {
                        label: block.label.clone(),
                        found: found.format,
                    })
                }),
                ..found
            },
            None => without(format, KeyProblem::NotAKey),
        },
    }
}

fn first_value(bytes: &[u8]) -> &[u8] {
    let value = Reader::new(bytes).any();
    value.map_or(bytes, |value| value.whole)
}

/// Bytes behind a key's value.
pub(super) fn behind(block: &Block) -> Option<Remark> {
    let bytes = block.der.as_ref().ok().filter(|_| !block.encrypted)?;
    let behind = bytes.len() - first_value(bytes).len();
    (behind > 0 && bytes.first() == Some(&der::SEQUENCE)).then(|| Remark {
        quirk: Quirk::TrailingBytes,
        first_line: block.first_line,
        last_line: block.last_line,
        seen: format!("{behind} bytes after the DER value"),
    })
}

/// The key of a DER value; `None` when it is none.
pub(super) fn of_der(bytes: &[u8]) -> Option<PrivateKey> {
    let content = der::only(bytes, der::SEQUENCE)?;
    let mut fields = Reader::new(content);
    match fields.any()?.tag {
        der::SEQUENCE => {
            let scheme = encrypted::scheme(bytes)?.name;
            return Some(PrivateKey {
                format: KeyFormat::EncryptedPkcs8,
                key: None,
                problem: Some(KeyProblem::Encrypted(scheme.clone())),
                encryption: Some(scheme),
                passphrase: None,
                spki: None,
            });
        }
        der::INTEGER => {}
        _ => return None,
    }
    let format = match fields.peek()? {
        der::SEQUENCE => KeyFormat::Pkcs8,
        der::INTEGER => KeyFormat::Pkcs1,
        der::OCTET_STRING => KeyFormat::Sec1,
        _ => return None,
    };
    match key::describe("PRIVATE KEY", bytes) {
        Ok(key) => {
            let spki = key::public_of(bytes);
            let problem = match &spki {
                Err(KeyError::Malformed(why)) => Some(KeyProblem::Malformed(why)),
                // Of a kind without arithmetic here, which is no problem of the key.
                Ok(_) | Err(_) => None,
            };
            Some(PrivateKey {
                format,
                key: Some(key),
                problem,
                encryption: None,
                passphrase: None,
                spki: spki.ok(),
            })
        }
        Err(KeyError::Unsupported(kind)) => Some(PrivateKey {
            format,
            key: None,
            problem: Some(KeyProblem::NotComparable(kind)),
            encryption: None,
            passphrase: None,
            spki: None,
        }),
        // Something else that begins with a number: CRL numbers, PFX, a broken key.
        Err(_) => None,
    }
}

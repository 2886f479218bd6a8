//! Private keys: how they are wrapped, what can be told of them, and why not more. Private bytes
//! are read where they lie.

use crate::{
    facts::{KeyFormat, KeyProblem, PrivateKey},
    parse::{
        cert::der::{self, Reader},
        key::{self, KeyError},
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
        spki: None,
    };
    let bytes = match &block.der {
        _ if block.encrypted => {
            return without(KeyFormat::LegacyEncrypted, KeyProblem::EncryptedByHeaders);
        }
        Ok(bytes) => bytes,
        Err(problem) => return without(format, KeyProblem::Broken(problem.clone())),
    };
    match format {
        KeyFormat::OpenSsh => without(format, KeyProblem::OpenSsh),
        _ => match of_der(bytes) {
            Some(found) if found.format == KeyFormat::EncryptedPkcs8 => found,
            // The label says how it is wrapped, when the contents agree.
            Some(found) => PrivateKey {
                problem: found.problem.clone().or_else(|| {
                    let differs = !matches!(format, KeyFormat::Other) && found.format != format;
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

/// The key of a DER value; `None` when it is none.
pub(super) fn of_der(bytes: &[u8]) -> Option<PrivateKey> {
    let content = der::only(bytes, der::SEQUENCE)?;
    let mut fields = Reader::new(content);
    match fields.any()?.tag {
        der::SEQUENCE => {
            // EncryptedPrivateKeyInfo (RFC 5958 section 3).
            let algorithm = Reader::new(content).tagged(der::SEQUENCE)?;
            let oid = Reader::new(algorithm.content).tagged(der::OID)?;
            fields.tagged(der::OCTET_STRING)?;
            return Some(PrivateKey {
                format: KeyFormat::EncryptedPkcs8,
                key: None,
                problem: Some(KeyProblem::Encrypted(cipher(oid.content))),
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
                spki: spki.ok(),
            })
        }
        Err(KeyError::Unsupported(kind)) => Some(PrivateKey {
            format,
            key: None,
            problem: Some(KeyProblem::NotComparable(kind)),
            spki: None,
        }),
        // Something else that begins with a number: CRL numbers, PFX, a broken key.
        Err(_) => None,
    }
}

/// The names of the encryption schemes that are met (RFC 8018 appendix A, RFC 7292 appendix C).
fn cipher(oid: &[u8]) -> String {
    match der::dotted(oid).as_str() {
        "1.2.840.113549.1.5.13" => "PBES2".to_owned(),
        "1.2.840.113549.1.5.3" => "PBE with MD5 and DES".to_owned(),
        "1.2.840.113549.1.5.10" => "PBE with SHA-1 and DES".to_owned(),
        "1.2.840.113549.1.12.1.3" => "PBE with SHA-1 and triple DES".to_owned(),
        "1.2.840.113549.1.12.1.6" => "PBE with SHA-1 and RC2-40".to_owned(),
        other => other.to_owned(),
    }
}

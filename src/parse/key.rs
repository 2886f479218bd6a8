//! Public and private keys: what kind they are, and whether two belong together.
//!
//! Private bytes are read where they lie and never copied into an answer.

pub(crate) mod encrypted;
mod pair;

use super::cert::der::{self, Reader};
use super::pem::Block;
use crate::facts::{Curve, Key, KeyAlgorithm};

pub use pair::{essence, public_key_matches, public_of, same_public_key};

/// Why nothing can be said about a private key.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum KeyError {
    /// A passphrase is needed first.
    #[error(
        "the key is encrypted ({0}); decrypt it first, for example with `openssl pkey -in … -out …`"
    )]
    Encrypted(&'static str),
    /// The block is something else.
    #[error("a \"{0}\" block is not a private key")]
    NotAKey(String),
    /// The bytes do not hold what they should.
    #[error("the key cannot be read: {0}")]
    Malformed(&'static str),
    /// A key type that this program cannot compute with.
    #[error("{0} keys cannot be compared by mtls")]
    Unsupported(String),
}

/// OID contents of the algorithms and curves that are told apart.
pub(crate) mod oid {
    /// rsaEncryption.
    pub(crate) const RSA: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1];
    /// id-RSASSA-PSS.
    pub(crate) const RSA_PSS: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 10];
    /// id-ecPublicKey.
    pub(crate) const EC: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1];
    /// id-dsa.
    pub(crate) const DSA: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x38, 4, 1];
    /// id-Ed25519.
    pub(crate) const ED25519: &[u8] = &[0x2b, 0x65, 112];
    /// id-Ed448.
    pub(crate) const ED448: &[u8] = &[0x2b, 0x65, 113];
}

/// A SubjectPublicKeyInfo taken apart (RFC 5280 section 4.1.2.7).
#[derive(Clone, Copy, Debug)]
pub(crate) struct Spki<'a> {
    /// The algorithm's OID contents.
    pub(crate) oid: &'a [u8],
    /// What follows the OID in the AlgorithmIdentifier.
    pub(crate) parameters: Option<der::Tlv<'a>>,
    /// The key's own bytes: RSAPublicKey, an EC point, an Edwards point.
    pub(crate) key: &'a [u8],
}

/// Takes a SubjectPublicKeyInfo apart.
pub(crate) fn spki(spki_der: &[u8]) -> Option<Spki<'_>> {
    let mut fields = Reader::new(der::only(spki_der, der::SEQUENCE)?);
    let mut algorithm = Reader::new(fields.tagged(der::SEQUENCE)?.content);
    let oid = algorithm.tagged(der::OID)?.content;
    let parameters = algorithm.any();
    let (_, key) = der::bits(fields.tagged(der::BIT_STRING)?.content)?;
    Some(Spki {
        oid,
        parameters,
        key,
    })
}

/// Modulus and exponent of an RSAPublicKey (RFC 8017 appendix A.1.1), without leading zeros.
pub(crate) fn rsa_numbers(key: &[u8]) -> Option<(&[u8], &[u8])> {
    let mut numbers = Reader::new(der::only(key, der::SEQUENCE)?);
    let modulus = der::unsigned(numbers.tagged(der::INTEGER)?.content)?;
    let exponent = der::unsigned(numbers.tagged(der::INTEGER)?.content)?;
    Some((modulus, exponent))
}

/// Describes the key of a SubjectPublicKeyInfo; `bits` is 0 where the size could not be told.
pub fn public_key(spki_der: &[u8]) -> Key {
    spki(spki_der)
        .as_ref()
        .map(describe_public)
        .unwrap_or_default()
}

/// Describes a bare RSAPublicKey (RFC 8017 appendix A.1.1); `None` when it is none.
pub(crate) fn rsa_public(key: &[u8]) -> Option<Key> {
    let (modulus, _) = rsa_numbers(key)?;
    Some(Key {
        bits: der::bit_length(modulus),
        ..by_algorithm(oid::RSA, None)
    })
}

/// The size of a key in bits, 0 where it could not be told.
pub(crate) fn bits(spki: &Spki<'_>) -> u32 {
    describe_public(spki).bits
}

fn describe_public(spki: &Spki<'_>) -> Key {
    let mut key = by_algorithm(spki.oid, spki.parameters);
    match spki.oid {
        oid::RSA | oid::RSA_PSS => {
            key.bits = rsa_numbers(spki.key).map_or(0, |(modulus, _)| der::bit_length(modulus));
        }
        oid::EC if key.bits == 0 => {
            // A curve without a name here: an uncompressed point is twice the field, a compressed
            // one once.
            let octets = match spki.key {
                [4, rest @ ..] => rest.len() / 2,
                [2 | 3, rest @ ..] => rest.len(),
                _ => 0,
            };
            key.bits = u32::try_from(octets).unwrap_or(0).saturating_mul(8);
        }
        oid::DSA => {
            key.bits = spki
                .parameters
                .and_then(|parameters| Reader::new(parameters.content).tagged(der::INTEGER))
                .and_then(|prime| der::unsigned(prime.content))
                .map_or(0, der::bit_length);
        }
        _ => {}
    }
    key
}

/// What algorithm and parameters alone tell.
fn by_algorithm(oid: &[u8], parameters: Option<der::Tlv<'_>>) -> Key {
    let algorithm = KeyAlgorithm::of_oid(&der::dotted(oid));
    let curve = parameters
        .filter(|_| algorithm == KeyAlgorithm::Ec)
        .and_then(|parameters| match parameters.tag {
            der::OID => Some(Curve::of_oid(&der::dotted(parameters.content))),
            der::SEQUENCE => Some(Curve::Explicit),
            _ => None,
        });
    Key {
        bits: match &curve {
            Some(curve) => curve.bits(),
            None => algorithm.bits().unwrap_or(0),
        },
        algorithm,
        curve,
    }
}

/// The curve of an EC key; `None` when it names none.
pub(crate) fn curve(spki: &Spki<'_>) -> Option<Curve> {
    by_algorithm(spki.oid, spki.parameters).curve
}

/// Describes the private key of a PEM block, legacy encryption headers included.
///
/// # Errors
/// When it is encrypted, not a private key, or cannot be read.
pub fn describe_block(block: &Block) -> Result<Key, KeyError> {
    if block.encrypted {
        return Err(KeyError::Encrypted("Proc-Type: 4,ENCRYPTED"));
    }
    match &block.der {
        Ok(der) => describe(&block.label, der),
        Err(_) => Err(KeyError::Malformed("its PEM block is broken")),
    }
}

/// Describes a private key by its PEM label and its DER.
///
/// # Errors
/// When it is encrypted, not a private key, or cannot be read.
pub fn describe(label: &str, der: &[u8]) -> Result<Key, KeyError> {
    match label {
        "ENCRYPTED PRIVATE KEY" => Err(KeyError::Encrypted("PKCS #8")),
        "PRIVATE KEY" | "RSA PRIVATE KEY" | "EC PRIVATE KEY" | "DSA PRIVATE KEY" => {
            let private = private(der)?;
            Ok(private.describe())
        }
        "OPENSSH PRIVATE KEY" => Err(KeyError::Unsupported("OpenSSH format".to_owned())),
        other => Err(KeyError::NotAKey(other.to_owned())),
    }
}

/// A private key where it lies.
pub(super) enum Private<'a> {
    /// RSAPrivateKey (RFC 8017 appendix A.1.2): modulus and exponent are all that is needed.
    Rsa {
        /// Whether PKCS #8 said RSASSA-PSS.
        pss: bool,
        modulus: &'a [u8],
        exponent: &'a [u8],
    },
    /// ECPrivateKey (RFC 5915).
    Ec {
        /// The curve's OID contents, from either wrapping.
        curve: Option<der::Tlv<'a>>,
        scalar: &'a [u8],
        point: Option<&'a [u8]>,
    },
    /// RFC 8410 and everything else that PKCS #8 can wrap.
    Other { algorithm: &'a [u8], key: &'a [u8] },
}

impl Private<'_> {
    fn describe(&self) -> Key {
        match self {
            Private::Rsa { pss, modulus, .. } => {
                let algorithm = if *pss { oid::RSA_PSS } else { oid::RSA };
                Key {
                    bits: der::bit_length(modulus),
                    ..by_algorithm(algorithm, None)
                }
            }
            Private::Ec { curve, .. } => by_algorithm(oid::EC, *curve),
            Private::Other { algorithm, .. } => by_algorithm(algorithm, None),
        }
    }
}

/// Tells the three encodings apart by what follows the version: an AlgorithmIdentifier, a modulus,
/// an octet string.
pub(super) fn private(der: &[u8]) -> Result<Private<'_>, KeyError> {
    const NOT_DER: KeyError = KeyError::Malformed("it is not DER of a private key");
    let mut fields = Reader::new(der::only(der, der::SEQUENCE).ok_or(NOT_DER)?);
    match fields.peek() {
        Some(der::INTEGER) => {}
        Some(der::SEQUENCE) => return Err(KeyError::Encrypted("PKCS #8")),
        _ => return Err(NOT_DER),
    }
    fields.any().ok_or(NOT_DER)?;
    match fields.peek() {
        Some(der::SEQUENCE) => {
            let algorithm = fields.any().ok_or(NOT_DER)?;
            let mut parts = Reader::new(algorithm.content);
            let algorithm = parts.tagged(der::OID).ok_or(NOT_DER)?.content;
            let parameters = parts.any();
            let key = fields.tagged(der::OCTET_STRING).ok_or(NOT_DER)?.content;
            match algorithm {
                oid::RSA | oid::RSA_PSS => match private(key)? {
                    Private::Rsa {
                        modulus, exponent, ..
                    } => Ok(Private::Rsa {
                        pss: algorithm == oid::RSA_PSS,
                        modulus,
                        exponent,
                    }),
                    _ => Err(KeyError::Malformed("PKCS #8 says RSA, its contents do not")),
                },
                oid::EC => match private(key)? {
                    Private::Ec {
                        curve,
                        scalar,
                        point,
                    } => Ok(Private::Ec {
                        curve: curve.or(parameters),
                        scalar,
                        point,
                    }),
                    _ => Err(KeyError::Malformed("PKCS #8 says EC, its contents do not")),
                },
                _ => Ok(Private::Other { algorithm, key }),
            }
        }
        Some(der::INTEGER) => {
            let numbers: Vec<_> = fields.collect();
            let [modulus, exponent, rest @ ..] = numbers.as_slice() else {
                return Err(NOT_DER);
            };
            // DSAPrivateKey has five numbers after the version, RSAPrivateKey eight.
            if rest.len() < 6 {
                return Err(KeyError::Unsupported("DSA".to_owned()));
            }
            Ok(Private::Rsa {
                pss: false,
                modulus: der::unsigned(modulus.content).ok_or(NOT_DER)?,
                exponent: der::unsigned(exponent.content).ok_or(NOT_DER)?,
            })
        }
        Some(der::OCTET_STRING) => {
            let scalar = fields.any().ok_or(NOT_DER)?.content;
            let curve = fields
                .tagged(0xa0)
                .and_then(|tagged| Reader::new(tagged.content).any());
            let point = fields
                .tagged(0xa1)
                .and_then(|tagged| der::only(tagged.content, der::BIT_STRING))
                .and_then(der::bits)
                .map(|(_, point)| point);
            Ok(Private::Ec {
                curve,
                scalar,
                point,
            })
        }
        _ => Err(NOT_DER),
    }
}

#[cfg(test)]
mod tests;

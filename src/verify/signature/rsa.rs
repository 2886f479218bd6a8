//! RSA signatures of every size: aws-lc for 2048 to 8192 bits, public-key arithmetic of our own for
//! the rest.
//!
//! Nothing here is secret, so nothing needs constant time.

use aws_lc_rs::signature::{
    RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY, RSA_PKCS1_2048_8192_SHA256,
    RSA_PKCS1_2048_8192_SHA384, RSA_PKCS1_2048_8192_SHA512, RSA_PSS_2048_8192_SHA256,
    RSA_PSS_2048_8192_SHA384, RSA_PSS_2048_8192_SHA512, RsaParameters, UnparsedPublicKey,
};
use num_bigint::BigUint;
use std::{
    collections::BTreeMap,
    sync::{Mutex, PoisonError},
};

use super::SignatureError::{self, Bad, Mismatch};
use super::algorithm::Hash;
use crate::parse::cert::der;
use crate::parse::key::rsa_numbers;
use crate::verify::memory::digest_of;

/// The largest modulus worked on, OpenSSL's own bound (`OPENSSL_RSA_MAX_MODULUS_BITS`).
const MAX_MODULUS_BITS: u32 = 16384;
/// The largest public exponent, OpenSSL's bound for large moduli (`OPENSSL_RSA_MAX_PUBEXP_BITS`).
const MAX_EXPONENT_BITS: u32 = 64;

/// The most results of our own arithmetic that are remembered; each is as long as its modulus, 2
/// KiB at most.
const REMEMBERED: usize = 256;

/// How the digest is wrapped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Padding {
    /// RSASSA-PKCS1-v1_5.
    Pkcs1,
    /// RSASSA-PSS.
    Pss {
        /// The hash of the mask generation function.
        mgf: Hash,
        /// The salt's length.
        salt: usize,
    },
}

/// Checks a signature by an RSAPublicKey (RFC 8017 sections 8.1.2 and 8.2.2).
pub(super) fn verify(
    public_key: &[u8],
    hash: Hash,
    padding: Padding,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let (modulus, exponent) = rsa_numbers(public_key)
        .ok_or_else(|| Mismatch("the RSA public key is not DER".to_owned()))?;
    let (modulus_bits, exponent_bits) = (der::bit_length(modulus), der::bit_length(exponent));
    let odd = |number: &[u8]| number.last().is_some_and(|octet| octet & 1 == 1);
    let ordinary = (2048..=8192).contains(&modulus_bits)
        && (2..=33).contains(&exponent_bits)
        && odd(modulus)
        && odd(exponent);
    if ordinary && let Some(parameters) = parameters(hash, padding) {
        return UnparsedPublicKey::new(parameters, public_key)
            .verify(message, signature)
            .map_err(|_| Bad);
    }
    if modulus_bits > MAX_MODULUS_BITS || exponent_bits > MAX_EXPONENT_BITS {
        return Err(Mismatch(format!(
            "an RSA key of {modulus_bits} bits with an exponent of {exponent_bits} bits is beyond what anyone accepts"
        )));
    }
    if modulus_bits < 2 || exponent_bits == 0 {
        return Err(Mismatch(
            "the RSA public key has no modulus or exponent".to_owned(),
        ));
    }
    let encoded = remembered(modulus, exponent, signature)?;
    match padding {
        Padding::Pkcs1 => pkcs1(&encoded, hash, message),
        Padding::Pss { mgf, salt } => pss(&encoded, modulus_bits - 1, hash, mgf, salt, message),
    }
}

/// aws-lc's algorithm for it, which wants mask hash and salt to follow the hash.
fn parameters(hash: Hash, padding: Padding) -> Option<&'static RsaParameters> {
    match (padding, hash) {
        (Padding::Pkcs1, Hash::Sha1) => Some(&RSA_PKCS1_2048_8192_SHA1_FOR_LEGACY_USE_ONLY),
        (Padding::Pkcs1, Hash::Sha256) => Some(&RSA_PKCS1_2048_8192_SHA256),
        (Padding::Pkcs1, Hash::Sha384) => Some(&RSA_PKCS1_2048_8192_SHA384),
        (Padding::Pkcs1, Hash::Sha512) => Some(&RSA_PKCS1_2048_8192_SHA512),
        (Padding::Pss { mgf, salt }, _) if mgf != hash || salt != hash.length() => None,
        (Padding::Pss { .. }, Hash::Sha256) => Some(&RSA_PSS_2048_8192_SHA256),
        (Padding::Pss { .. }, Hash::Sha384) => Some(&RSA_PSS_2048_8192_SHA384),
        (Padding::Pss { .. }, Hash::Sha512) => Some(&RSA_PSS_2048_8192_SHA512),
        _ => None,
    }
}

/// What checking a signature by this key costs, in ordinary signatures: those of the library are
/// one, our own arithmetic grows with the square of the modulus and with the exponent (measured:
/// 16384 bits take 1 ms with 65537, 4 ms with an exponent of 64 bits).
pub(super) fn cost(public_key: &[u8]) -> usize {
    let Some((modulus, exponent)) = rsa_numbers(public_key) else {
        return 1;
    };
    let (modulus, exponent) = (der::bit_length(modulus), der::bit_length(exponent));
    if modulus <= 8192 && exponent <= 33 || modulus > MAX_MODULUS_BITS {
        return 1;
    }
    let (modulus, exponent) = (modulus as usize / 2048, exponent.max(17) as usize);
    (modulus * modulus * exponent / 17 / 8).max(1)
}

/// [`recover`], of which the last results are remembered: the same bytes come to the same number,
/// whoever asks for it, and a chain is asked about by several judges and for each store. Good or
/// bad is not what is remembered.
fn remembered(
    modulus: &[u8],
    exponent: &[u8],
    signature: &[u8],
) -> Result<Vec<u8>, SignatureError> {
    type Results = BTreeMap<[u8; 32], Result<Vec<u8>, SignatureError>>;
    static RESULTS: Mutex<Results> = Mutex::new(BTreeMap::new());
    let lock = || RESULTS.lock().unwrap_or_else(PoisonError::into_inner);
    let asked = digest_of([modulus, exponent, signature]);
    if let Some(result) = lock().get(&asked) {
        return result.clone();
    }
    let result = recover(modulus, exponent, signature);
    let mut results = lock();
    if results.len() >= REMEMBERED {
        results.clear();
    }
    results.insert(asked, result.clone());
    result
}

/// RSAVP1 (RFC 8017 section 5.2.2), as many octets as the modulus has.
fn recover(modulus: &[u8], exponent: &[u8], signature: &[u8]) -> Result<Vec<u8>, SignatureError> {
    let number = BigUint::from_bytes_be(signature);
    let modulus_number = BigUint::from_bytes_be(modulus);
    if signature.len() != modulus.len() || number >= modulus_number {
        return Err(Bad);
    }
    let message = number
        .modpow(&BigUint::from_bytes_be(exponent), &modulus_number)
        .to_bytes_be();
    let missing = modulus.len().checked_sub(message.len()).ok_or(Bad)?;
    Ok([vec![0; missing].as_slice(), &message].concat())
}

/// EMSA-PKCS1-v1_5 (RFC 8017 section 9.2): the encoding is made anew and compared whole, so that
/// nothing can hide in it.
fn pkcs1(encoded: &[u8], hash: Hash, message: &[u8]) -> Result<(), SignatureError> {
    // DigestInfo up to the digest (RFC 8017 section 9.2, note 1).
    let prefix: &[u8] = match hash {
        Hash::Sha1 => &[
            0x30, 0x21, 0x30, 9, 6, 5, 0x2b, 0x0e, 3, 2, 0x1a, 5, 0, 4, 0x14,
        ],
        Hash::Sha224 => &[
            0x30, 0x2d, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 4, 5, 0, 4, 0x1c,
        ],
        Hash::Sha256 => &[
            0x30, 0x31, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 1, 5, 0, 4, 0x20,
        ],
        Hash::Sha384 => &[
            0x30, 0x41, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 2, 5, 0, 4, 0x30,
        ],
        Hash::Sha512 => &[
            0x30, 0x51, 0x30, 0x0d, 6, 9, 0x60, 0x86, 0x48, 1, 0x65, 3, 4, 2, 3, 5, 0, 4, 0x40,
        ],
    };
    let digest = hash.digest(message);
    let filling = encoded
        .len()
        .checked_sub(prefix.len() + digest.len() + 3)
        .filter(|&filling| filling >= 8)
        .ok_or_else(|| Mismatch("the RSA key is too small for this hash".to_owned()))?;
    let expected = [
        &[0, 1],
        vec![0xff; filling].as_slice(),
        &[0],
        prefix,
        &digest,
    ]
    .concat();
    if encoded == expected {
        Ok(())
    } else {
        Err(Bad)
    }
}

/// EMSA-PSS-VERIFY (RFC 8017 section 9.1.2).
fn pss(
    encoded: &[u8],
    bits: u32,
    hash: Hash,
    mgf: Hash,
    salt: usize,
    message: &[u8],
) -> Result<(), SignatureError> {
    let length = usize::try_from(bits.div_ceil(8)).map_err(|_| Bad)?;
    // With a modulus of 8n + 1 bits the first octet is outside the encoding and must be zero.
    let (outside, encoded) = encoded
        .split_at_checked(encoded.len().saturating_sub(length))
        .ok_or(Bad)?;
    if outside.iter().any(|&octet| octet != 0) {
        return Err(Bad);
    }
    let digest_length = hash.length();
    let masked = length
        .checked_sub(digest_length + 1)
        .filter(|masked| *masked > salt)
        .ok_or_else(|| Mismatch("the RSA key is too small for this hash and salt".to_owned()))?;
    let (masked_db, rest) = encoded.split_at_checked(masked).ok_or(Bad)?;
    let (seed, trailer) = rest.split_at_checked(digest_length).ok_or(Bad)?;
    if trailer != [0xbc] {
        return Err(Bad);
    }
    let unused = u32::try_from(length).map_err(|_| Bad)? * 8 - bits;
    let top = 0xffu8.checked_shr(unused).unwrap_or(0);
    if masked_db.first().is_none_or(|first| first & !top != 0) {
        return Err(Bad);
    }
    let mask = mgf1(mgf, seed, masked);
    let mut db: Vec<u8> = masked_db
        .iter()
        .zip(&mask)
        .map(|(one, other)| one ^ other)
        .collect();
    if let Some(first) = db.first_mut() {
        *first &= top;
    }
    let (padding, salt) = db.split_at_checked(masked - salt).ok_or(Bad)?;
    let Some((&1, zeros)) = padding.split_last() else {
        return Err(Bad);
    };
    if zeros.iter().any(|&octet| octet != 0) {
        return Err(Bad);
    }
    let again = hash.digest(&[&[0; 8], hash.digest(message).as_slice(), salt].concat());
    if again == seed { Ok(()) } else { Err(Bad) }
}

/// MGF1 (RFC 8017 appendix B.2.1).
fn mgf1(hash: Hash, seed: &[u8], length: usize) -> Vec<u8> {
    let mut mask = Vec::with_capacity(length + hash.length());
    let mut counter = 0u32;
    while mask.len() < length {
        mask.extend(hash.digest(&[seed, &counter.to_be_bytes()].concat()));
        counter += 1;
    }
    mask.truncate(length);
    mask
}

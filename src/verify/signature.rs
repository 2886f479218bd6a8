//! Signatures over certificates and handshakes, really checked for every key type the protocol lets
//! through.

mod algorithm;
mod rsa;

use aws_lc_rs::digest;
use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P256K1_SHA256_ASN1, ECDSA_P384_SHA384_ASN1,
    ECDSA_P521_SHA512_ASN1, ED25519, EcdsaVerificationAlgorithm, ML_DSA_44, ML_DSA_65, ML_DSA_87,
    UnparsedPublicKey, VerificationAlgorithm,
};

use crate::facts::{Certificate, Curve, Digest, SignatureFamily as Family};
use crate::parse::cert::der;
use crate::parse::key::{self, Spki, oid};
use algorithm::Hash;
use rsa::Padding;

pub(crate) use algorithm::{CertificateAlgorithm, certificate_algorithm};

/// Why a signature was not found good.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum SignatureError {
    /// It was checked and does not hold.
    #[error("the signature does not match the public key")]
    Bad,
    /// We have no implementation of this algorithm, so nothing is known about it.
    #[error("{0} cannot be checked by mtls")]
    Unsupported(String),
    /// The key and the algorithm do not belong together, or the key cannot be read.
    #[error("{0}")]
    Mismatch(String),
    /// The scheme may not be used here, whatever it signs.
    #[error("{0}")]
    Forbidden(String),
}

use SignatureError::{Bad, Mismatch, Unsupported};

/// Checks a TLS signature (RFC 8446 section 4.2.3 `SignatureScheme` numbers) by the key in
/// `spki_der`. With `tls12` an ECDSA scheme names only the hash, which any curve may go with (RFC
/// 8422 section 5.10); otherwise it names the curve too.
///
/// # Errors
/// When it does not hold or cannot be checked.
pub fn verify_tls(
    spki_der: &[u8],
    scheme: u16,
    message: &[u8],
    signature: &[u8],
    tls12: bool,
) -> Result<(), SignatureError> {
    let key = read_key(spki_der)?;
    match scheme {
        0x0201 | 0x0301 | 0x0401 | 0x0501 | 0x0601 => {
            let hash = Hash::of_tls(scheme >> 8)?;
            require(&key, &[oid::RSA], scheme)?;
            rsa::verify(key.key, hash, Padding::Pkcs1, message, signature)
        }
        0x0804..=0x0806 | 0x0809..=0x080b => {
            let (hash, wanted) = match scheme {
                0x0804 => (Hash::Sha256, oid::RSA),
                0x0805 => (Hash::Sha384, oid::RSA),
                0x0806 => (Hash::Sha512, oid::RSA),
                0x0809 => (Hash::Sha256, oid::RSA_PSS),
                0x080a => (Hash::Sha384, oid::RSA_PSS),
                _ => (Hash::Sha512, oid::RSA_PSS),
            };
            require(&key, &[wanted], scheme)?;
            check_pss_restriction(&key, Some(hash.into()))?;
            let padding = Padding::Pss {
                mgf: hash,
                salt: hash.length(),
            };
            rsa::verify(key.key, hash, padding, message, signature)
        }
        0x0203 | 0x0303 | 0x0403 | 0x0503 | 0x0603 => {
            require(&key, &[oid::EC], scheme)?;
            let curve = curve_of(&key)?;
            let bound = match scheme {
                0x0403 => Some(Curve::P256),
                0x0503 => Some(Curve::P384),
                0x0603 => Some(Curve::P521),
                _ => None,
            };
            if let Some(bound) = bound.filter(|bound| !tls12 && *bound != curve) {
                return Err(Mismatch(format!(
                    "TLS 1.3 signature scheme 0x{scheme:04x} needs a {bound} key, this one is on {curve}"
                )));
            }
            ecdsa(
                &curve,
                key.key,
                Hash::of_tls(scheme >> 8)?,
                message,
                signature,
            )
        }
        0x0807 => {
            require(&key, &[oid::ED25519], scheme)?;
            plain(&ED25519, key.key, message, signature)
        }
        0x0904 => plain(&ML_DSA_44, key.key, message, signature),
        0x0905 => plain(&ML_DSA_65, key.key, message, signature),
        0x0906 => plain(&ML_DSA_87, key.key, message, signature),
        0x0808 => Err(Unsupported("Ed448".to_owned())),
        0x0202 | 0x0302 | 0x0402 | 0x0502 | 0x0602 => Err(Unsupported("DSA".to_owned())),
        0x0101 | 0x0103 => Err(Unsupported("MD5".to_owned())),
        0x081a..=0x081c => Err(Unsupported("ECDSA on a brainpool curve".to_owned())),
        _ => Err(Unsupported(format!("signature scheme 0x{scheme:04x}"))),
    }
}

/// Checks a certificate's signature (RFC 5280 section 4.1.1.3) by its issuer's key. `algorithm_der`
/// is the certificate's outer AlgorithmIdentifier, `tbs` the signed part with tag and length.
///
/// # Errors
/// When it does not hold or cannot be checked.
pub fn verify_certificate(
    tbs: &[u8],
    algorithm_der: &[u8],
    signature: &[u8],
    issuer_spki: &[u8],
) -> Result<(), SignatureError> {
    let key = read_key(issuer_spki)?;
    let algorithm = certificate_algorithm(algorithm_der).ok_or_else(|| {
        Unsupported(crate::parse::cert::signature_algorithm(algorithm_der).to_string())
    })?;
    let name = &algorithm.algorithm;
    let unsupported = || Unsupported(name.to_string());
    let hash = || algorithm.hash().ok_or_else(unsupported);
    let wants = |oids: &[&[u8]]| {
        if oids.contains(&key.oid) {
            Ok(())
        } else {
            Err(Mismatch(format!(
                "{name} does not go with an issuer key of this type"
            )))
        }
    };
    match algorithm.family {
        Family::Rsa => {
            wants(&[oid::RSA])?;
            rsa::verify(key.key, hash()?, Padding::Pkcs1, tbs, signature)
        }
        Family::RsaPss => {
            wants(&[oid::RSA, oid::RSA_PSS])?;
            let hash = hash()?;
            check_pss_restriction(&key, algorithm.digest)?;
            let (mgf, salt) = algorithm.mask().ok_or_else(unsupported)?;
            rsa::verify(key.key, hash, Padding::Pss { mgf, salt }, tbs, signature)
        }
        Family::Ecdsa => {
            wants(&[oid::EC])?;
            ecdsa(&curve_of(&key)?, key.key, hash()?, tbs, signature)
        }
        Family::Ed25519 => {
            wants(&[oid::ED25519])?;
            plain(&ED25519, key.key, tbs, signature)
        }
        Family::MlDsa44 => plain(&ML_DSA_44, key.key, tbs, signature),
        Family::MlDsa65 => plain(&ML_DSA_65, key.key, tbs, signature),
        Family::MlDsa87 => plain(&ML_DSA_87, key.key, tbs, signature),
        Family::Ed448 | Family::Dsa | Family::Sm2 => Err(unsupported()),
    }
}

/// Whether this issuer's key signed the certificate. The names are not compared.
pub fn issued(certificate: &Certificate, issuer: &Certificate) -> bool {
    let der = &certificate.der;
    der::layout(der).is_some_and(|layout| {
        verify_certificate(
            &der[layout.tbs],
            &der[layout.algorithm],
            &der[layout.signature],
            issuer.spki_der(),
        )
        .is_ok()
    })
}

/// What checking a signature by this key costs, in ordinary signatures.
pub(crate) fn cost(spki_der: &[u8]) -> usize {
    match key::spki(spki_der) {
        Some(key) if [oid::RSA, oid::RSA_PSS].contains(&key.oid) => rsa::cost(key.key),
        _ => 1,
    }
}

fn read_key(spki_der: &[u8]) -> Result<Spki<'_>, SignatureError> {
    key::spki(spki_der).ok_or_else(|| Mismatch("the public key is not DER".to_owned()))
}

/// The key's algorithm must be one that the scheme is for.
fn require(key: &Spki<'_>, oids: &[&[u8]], scheme: u16) -> Result<(), SignatureError> {
    if oids.contains(&key.oid) {
        Ok(())
    } else {
        Err(Mismatch(format!(
            "signature scheme 0x{scheme:04x} does not go with a key of this type"
        )))
    }
}

/// An RSASSA-PSS key may be restricted to one hash (RFC 4055 section 3.3).
fn check_pss_restriction(key: &Spki<'_>, digest: Option<Digest>) -> Result<(), SignatureError> {
    let Some(parameters) = key.parameters.filter(|_| key.oid == oid::RSA_PSS) else {
        return Ok(());
    };
    match algorithm::pss_parameters(parameters.whole) {
        Some((restricted, ..)) if restricted != digest => Err(Mismatch(
            "the RSA-PSS key is restricted to another hash".to_owned(),
        )),
        _ => Ok(()),
    }
}

fn curve_of(key: &Spki<'_>) -> Result<Curve, SignatureError> {
    key::curve(key).ok_or_else(|| Mismatch("the EC key names no curve".to_owned()))
}

/// ECDSA over a digest of any length: as FIPS 186-5 section 6.4.2 has it, the leftmost bits count,
/// and a shorter digest is the same number with zeros before it. So one aws-lc algorithm a curve
/// checks every hash, SHA-1 and SHA-224 too.
fn ecdsa(
    curve: &Curve,
    point: &[u8],
    hash: Hash,
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    let (algorithm, carrier): (
        &'static EcdsaVerificationAlgorithm,
        &'static digest::Algorithm,
    ) = match curve {
        Curve::P256 => (&ECDSA_P256_SHA256_ASN1, &digest::SHA256),
        Curve::P384 => (&ECDSA_P384_SHA384_ASN1, &digest::SHA384),
        Curve::P521 => (&ECDSA_P521_SHA512_ASN1, &digest::SHA512),
        Curve::Secp256k1 => (&ECDSA_P256K1_SHA256_ASN1, &digest::SHA256),
        other => return Err(Unsupported(format!("ECDSA on {other}"))),
    };
    let digest = hash.digest(message);
    let kept = &digest[..digest.len().min(carrier.output_len())];
    let mut number = vec![0; carrier.output_len() - kept.len()];
    number.extend_from_slice(kept);
    let number = digest::Digest::import_less_safe(&number, carrier).map_err(|_| Bad)?;
    UnparsedPublicKey::new(algorithm, point)
        .verify_digest(&number, signature)
        .map_err(|_| Bad)
}

/// An algorithm that has no parameters.
fn plain(
    algorithm: &'static dyn VerificationAlgorithm,
    key: &[u8],
    message: &[u8],
    signature: &[u8],
) -> Result<(), SignatureError> {
    UnparsedPublicKey::new(algorithm, key)
        .verify(message, signature)
        .map_err(|_| Bad)
}

#[cfg(test)]
mod tests;

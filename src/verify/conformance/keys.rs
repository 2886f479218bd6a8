//! Keys and signature algorithms.

use super::Exam;
use crate::facts::{Curve, Digest, KeyAlgorithm, Part, Requirement as R, SignatureFamily};

/// BR 6.1.5; OpenSSL's security level 2 asks for about the same.
const RSA_BITS: u32 = 2048;
/// The smallest modulus that OpenSSL's security level 2 takes: 112 bits of strength, by its own
/// estimate.
pub const OPENSSL_RSA_BITS: u32 = 1963;

pub(super) fn check(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let form = &certificate.form;
    let key = &certificate.key;
    let weak = if exam.is_leaf() { 66 } else { 67 };
    match &key.algorithm {
        KeyAlgorithm::Rsa | KeyAlgorithm::RsaPss => {
            let Some(rsa) = form.rsa else {
                exam.refuse(R::KeyType, weak, "its RSA key cannot be read");
                return;
            };
            if key.algorithm == KeyAlgorithm::RsaPss {
                let why = "its key is restricted to RSA-PSS, which Go, rustls and BoringSSL do not accept in an issuer";
                exam.advise(R::SignatureCommon, why);
            }
            if rsa.modulus_bits < RSA_BITS {
                let why = format!(
                    "its RSA key has {} bits, expected at least {RSA_BITS}",
                    rsa.modulus_bits
                );
                let number = (rsa.modulus_bits < OPENSSL_RSA_BITS).then_some(weak);
                exam.refuse(R::RsaSize, number, why);
            }
            if !rsa.modulus_bits.is_multiple_of(8) {
                let why = format!(
                    "its RSA key has {} bits, expected a multiple of 8",
                    rsa.modulus_bits
                );
                exam.refuse(R::RsaOctets, None, why);
            }
            if rsa.exponent < 3 || rsa.exponent.is_multiple_of(2) {
                let why = format!(
                    "its RSA exponent is {}, expected an odd one of at least 3",
                    rsa.exponent
                );
                exam.refuse(R::RsaExponent, None, why);
            }
            if rsa.close_primes || rsa.even {
                let why = match rsa.even {
                    true => "its RSA modulus is even, so that it can be factored",
                    false => {
                        "its RSA key can be factored: Fermat's method finds the primes at once"
                    }
                };
                exam.refuse(R::RsaPrimes, None, why);
            }
        }
        KeyAlgorithm::Ec => {
            if form.explicit_curve {
                exam.refuse(
                    R::NamedCurve,
                    94,
                    "its EC key has explicit curve parameters, expected a named curve",
                );
            } else if !key.curve.as_ref().is_some_and(Curve::is_usual) {
                let curve = match &key.curve {
                    Some(curve) => curve.to_string(),
                    None => "an unknown curve".to_owned(),
                };
                let why = format!("its EC key is on {curve}, expected P-256, P-384 or P-521");
                exam.refuse(R::Curve, None, why);
            }
        }
        // RFC 8410 and FIPS 204: BR does not list them, but private authorities issue them and TLS
        // 1.3 carries them.
        KeyAlgorithm::Ed25519
        | KeyAlgorithm::Ed448
        | KeyAlgorithm::MlDsa44
        | KeyAlgorithm::MlDsa65
        | KeyAlgorithm::MlDsa87 => {}
        KeyAlgorithm::Dsa => exam.refuse(
            R::NoDsa,
            None,
            "its key type is DSA, expected RSA, EC or Ed25519",
        ),
        KeyAlgorithm::X25519 | KeyAlgorithm::X448 | KeyAlgorithm::Other(_) => {
            let kind = match &key.algorithm {
                KeyAlgorithm::Other(oid) if oid.is_empty() => "unknown".to_owned(),
                kind => kind.to_string(),
            };
            let why = format!("its key type is {kind}, expected RSA, EC or Ed25519");
            exam.refuse(R::KeyType, None, why);
        }
    }
    signature(exam);
}

fn signature(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let algorithm = &certificate.signature_algorithm;
    // What a root says of itself is not looked at: its name and key are trusted, not its signature.
    let by_itself = exam.part == Part::Root;
    match (algorithm.family(), algorithm.digest()) {
        (_, Some(Digest::Sha1)) if !by_itself => {
            let why = format!("signed with {algorithm}, expected SHA-256 or better");
            exam.refuse(R::NoSha1, 68, why);
        }
        (_, Some(digest)) if digest.is_older_than_sha1() && !by_itself => {
            let why = format!("signed with {algorithm}, expected SHA-256 or better");
            exam.refuse(R::SignatureAlgorithm, 68, why);
        }
        (None, _) => {
            let why = format!("its signature algorithm {algorithm} is unknown to mtls");
            exam.advise(R::SignatureCommon, why);
        }
        (Some(SignatureFamily::RsaPss), _) if !by_itself => {
            let why = "signed with RSA-PSS, which older stacks do not read in a certificate";
            exam.advise(R::SignatureCommon, why);
        }
        _ => {}
    }
}

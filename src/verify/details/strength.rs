//! How strong OpenSSL 3.0 takes a key to be (`EVP_PKEY_get_security_bits`).

use aws_lc_rs::signature::{
    ECDSA_P256_SHA256_ASN1, ECDSA_P384_SHA384_ASN1, ECDSA_P521_SHA512_ASN1, ParsedPublicKey,
};

use crate::facts::Curve;
use crate::parse::cert::der::{self, Reader};
use crate::parse::key::{self, Spki, oid};

/// The smallest modulus for each strength: `ossl_ifc_ffc_compute_security_bits` rounds the estimate
/// of SP 800-56B appendix D to multiples of 8, so that 112 bits begin at 1963, not at 2048. Found
/// by asking OpenSSL for every size.
const RSA: &[(u32, u32)] = &[
    (15361, 256),
    (7681, 200),
    (6947, 192),
    (3076, 136),
    (2671, 128),
    (2301, 120),
    (1963, 112),
    (1657, 104),
    (1383, 96),
    (1137, 88),
    (920, 80),
    (729, 72),
    (566, 64),
    (0, 0),
];

/// The key's security bits; `None` when OpenSSL could not decode it.
pub(super) fn key_strength(spki: &Spki<'_>) -> Option<u32> {
    match spki.oid {
        oid::RSA | oid::RSA_PSS => {
            let (modulus, exponent) = key::rsa_numbers(spki.key)?;
            let bits = der::bit_length(modulus);
            if bits == 0 || exponent.is_empty() {
                return None;
            }
            RSA.iter()
                .find(|(from, _)| bits >= *from)
                .map(|(_, strength)| *strength)
        }
        oid::EC => {
            let curve = key::curve(spki)?;
            let known = match curve {
                Curve::P256 => ParsedPublicKey::new(&ECDSA_P256_SHA256_ASN1, spki.key).is_ok(),
                Curve::P384 => ParsedPublicKey::new(&ECDSA_P384_SHA384_ASN1, spki.key).is_ok(),
                Curve::P521 => ParsedPublicKey::new(&ECDSA_P521_SHA512_ASN1, spki.key).is_ok(),
                _ => matches!(spki.key.first(), Some(2..=4)),
            };
            known.then(|| ec_strength(key::bits(spki)))
        }
        oid::DSA => {
            let mut numbers = Reader::new(spki.parameters?.content);
            let prime = der::bit_length(der::unsigned(numbers.tagged(der::INTEGER)?.content)?);
            let order = der::bit_length(der::unsigned(numbers.tagged(der::INTEGER)?.content)?);
            // BN_security_bits.
            let by_prime = match prime {
                15360.. => 256,
                7680.. => 192,
                3072.. => 128,
                2048.. => 112,
                1024.. => 80,
                _ => return Some(0),
            };
            let by_order = order / 2;
            Some(if by_order < 80 {
                0
            } else {
                by_prime.min(by_order)
            })
        }
        oid::ED25519 => (spki.key.len() == 32).then_some(128),
        oid::ED448 => (spki.key.len() == 57).then_some(224),
        // X25519 and X448 decode, though they sign nothing.
        [0x2b, 0x65, 110] => (spki.key.len() == 32).then_some(128),
        [0x2b, 0x65, 111] => (spki.key.len() == 56).then_some(224),
        _ => None,
    }
}

/// `EC` security bits (ecx and ec key management): steps by the size of the group's order.
fn ec_strength(bits: u32) -> u32 {
    match bits {
        512.. => 256,
        384.. => 192,
        256.. => 128,
        224.. => 112,
        160.. => 80,
        _ => bits / 2,
    }
}

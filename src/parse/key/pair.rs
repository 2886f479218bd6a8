//! Whether a private key and a public key belong together.

use aws_lc_rs::agreement::{Algorithm, ECDH_P256, ECDH_P384, ECDH_P521, PrivateKey};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

use super::{KeyError, Private, Spki, oid, private, rsa_numbers, spki};
use crate::parse::cert::der;

/// Whether the private key (DER of PKCS #8, PKCS #1 or SEC 1, told apart by structure) belongs to the public key in
/// `spki_der`. For elliptic curves the public key is derived from the private number, never taken from the file.
///
/// # Errors
/// When one of them cannot be read, or no comparison is possible for this kind of key.
pub fn public_key_matches(private_der: &[u8], spki_der: &[u8]) -> Result<bool, KeyError> {
    let spki = spki(spki_der).ok_or(KeyError::Malformed(
        "the certificate's public key is not DER",
    ))?;
    match private(private_der)? {
        Private::Rsa {
            modulus, exponent, ..
        } => {
            if spki.oid != oid::RSA && spki.oid != oid::RSA_PSS {
                return Ok(false);
            }
            let public = rsa_numbers(spki.key)
                .ok_or(KeyError::Malformed("the certificate's RSA key is not DER"))?;
            Ok(public == (modulus, exponent))
        }
        Private::Ec {
            curve,
            scalar,
            point,
        } => ec_matches(curve, scalar, point, &spki),
        Private::Other { algorithm, .. } if algorithm != spki.oid => Ok(false),
        Private::Other {
            algorithm: oid::ED25519,
            key,
        } => {
            let seed = der::only(key, der::OCTET_STRING).ok_or(KeyError::Malformed(
                "an Ed25519 key is an octet string in an octet string",
            ))?;
            let pair = Ed25519KeyPair::from_seed_unchecked(seed)
                .map_err(|_| KeyError::Malformed("an Ed25519 seed has 32 bytes"))?;
            Ok(pair.public_key().as_ref() == spki.key)
        }
        Private::Other { algorithm, .. } => Err(KeyError::Unsupported(
            super::by_algorithm(algorithm, None).algorithm,
        )),
    }
}

fn ec_matches(
    curve: Option<der::Tlv<'_>>,
    scalar: &[u8],
    point: Option<&[u8]>,
    spki: &Spki<'_>,
) -> Result<bool, KeyError> {
    if spki.oid != oid::EC {
        return Ok(false);
    }
    let public_curve = spki
        .parameters
        .filter(|parameters| parameters.tag == der::OID);
    let curve = curve.filter(|curve| curve.tag == der::OID).or(public_curve);
    if let (Some(curve), Some(public)) = (curve, public_curve)
        && curve.content != public.content
    {
        return Ok(false);
    }
    let name = curve
        .map(|curve| super::curve(curve.content).0)
        .unwrap_or_default();
    let (algorithm, octets): (&'static Algorithm, usize) = match name.as_str() {
        "P-256" => (&ECDH_P256, 32),
        "P-384" => (&ECDH_P384, 48),
        "P-521" => (&ECDH_P521, 66),
        // Without arithmetic on this curve the file's own public point is the best witness.
        _ => {
            return point
                .map(|point| same_point(point, spki.key))
                .ok_or(KeyError::Unsupported(format!("EC {name}")));
        }
    };
    // RFC 5915 wants the full width; some tools drop leading zeros or add one.
    let magnitude = &scalar[scalar.iter().take_while(|&&octet| octet == 0).count()..];
    let missing = octets
        .checked_sub(magnitude.len())
        .ok_or(KeyError::Malformed(
            "the private number is larger than its curve",
        ))?;
    let padded = Wiped([vec![0; missing].as_slice(), magnitude].concat());
    let derived = PrivateKey::from_private_key(algorithm, &padded.0)
        .and_then(|key| {
            key.compute_public_key()
                .map_err(|_| aws_lc_rs::error::KeyRejected::from(aws_lc_rs::error::Unspecified))
        })
        .map_err(|_| KeyError::Malformed("the private number does not fit its curve"))?;
    Ok(same_point(derived.as_ref(), spki.key))
}

/// Private bytes that are overwritten when they are dropped.
struct Wiped(Vec<u8>);

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.fill(0);
        std::hint::black_box(&self.0);
    }
}

/// Compares points, either of which may be compressed (SEC 1 section 2.3.3): same x, same parity of y.
fn same_point(one: &[u8], other: &[u8]) -> bool {
    if one == other {
        return true;
    }
    match (compressed(one), compressed(other)) {
        (Some(one), Some(other)) => one == other,
        _ => false,
    }
}

fn compressed(point: &[u8]) -> Option<(bool, &[u8])> {
    match point {
        [4, numbers @ ..] if numbers.len().is_multiple_of(2) => {
            let (x, y) = numbers.split_at(numbers.len() / 2);
            Some((y.last()? & 1 == 1, x))
        }
        [2, x @ ..] => Some((false, x)),
        [3, x @ ..] => Some((true, x)),
        _ => None,
    }
}

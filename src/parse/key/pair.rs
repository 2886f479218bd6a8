//! Whether a private key and a public key belong together.

use aws_lc_rs::agreement::{Algorithm, ECDH_P256, ECDH_P384, ECDH_P521, PrivateKey};
use aws_lc_rs::signature::{Ed25519KeyPair, KeyPair};

use super::{KeyError, Private, Spki, oid, private, rsa_numbers, spki};
use crate::{
    facts::Curve,
    parse::cert::{der, sha256},
};

/// DER of NULL, the parameters of rsaEncryption (RFC 3279 section 2.3.1).
const NULL: &[u8] = &[5, 0];

/// Whether the private key (DER of PKCS #8, PKCS #1 or SEC 1, told apart by structure) belongs to
/// the public key in `spki_der`. For elliptic curves the public key is derived from the private
/// number, never taken from the file.
///
/// # Errors
/// When one of them cannot be read, or no comparison is possible for this kind of key.
pub fn public_key_matches(private_der: &[u8], spki_der: &[u8]) -> Result<bool, KeyError> {
    let public = spki(spki_der).ok_or(KeyError::Malformed(
        "the certificate's public key is not DER",
    ))?;
    let private = private(private_der)?;
    // Keys of two kinds differ, whether or not this program can compute with either.
    if !is_of_kind(&private, &public) {
        return Ok(false);
    }
    if is_rsa(&public) && rsa_numbers(public.key).is_none() {
        return Err(KeyError::Malformed("the certificate's RSA key is not DER"));
    }
    Ok(same_public_key(
        &derive(&private, curve_of(&public))?,
        spki_der,
    ))
}

/// The SubjectPublicKeyInfo that belongs to a private key, DER, points uncompressed.
///
/// # Errors
/// When the key cannot be read, or is of a kind that cannot be computed with.
pub fn public_of(private_der: &[u8]) -> Result<Vec<u8>, KeyError> {
    derive(&private(private_der)?, None)
}

/// Whether two SubjectPublicKeyInfos hold the same key, in whatever form they write it: RSA-PSS or
/// plain RSA, compressed points or not.
pub fn same_public_key(one: &[u8], other: &[u8]) -> bool {
    let (Some(one), Some(other)) = (spki(one), spki(other)) else {
        return false;
    };
    if is_rsa(&one) && is_rsa(&other) {
        return rsa_numbers(one.key).is_some_and(|numbers| Some(numbers) == rsa_numbers(other.key));
    }
    if one.oid == oid::EC && other.oid == oid::EC {
        return match (curve_of(&one), curve_of(&other)) {
            (Some(one), Some(other)) if one.content != other.content => false,
            _ => same_point(one.key, other.key),
        };
    }
    one.oid == other.oid && one.key == other.key
}

/// What SubjectPublicKeyInfos that hold the same key have in common, to look keys up by: a digest of
/// the numbers. `None` when it is none.
pub fn essence(spki_der: &[u8]) -> Option<String> {
    let key = spki(spki_der)?;
    let essence = match rsa_numbers(key.key).filter(|_| is_rsa(&key)) {
        Some((modulus, exponent)) => [b"RSA", modulus, exponent].concat(),
        // Of a point the first coordinate: the second is left out of a compressed one.
        None if key.oid == oid::EC => {
            let (&form, coordinates) = key.key.split_first()?;
            let first = match form {
                4 => &coordinates[..coordinates.len() / 2],
                _ => coordinates,
            };
            [b"EC", first].concat()
        }
        None => [key.oid, key.key].concat(),
    };
    Some(sha256(&essence))
}

fn is_rsa(key: &Spki<'_>) -> bool {
    key.oid == oid::RSA || key.oid == oid::RSA_PSS
}

fn is_of_kind(private: &Private<'_>, public: &Spki<'_>) -> bool {
    match private {
        Private::Rsa { .. } => is_rsa(public),
        Private::Ec { curve, .. } => {
            let curve = curve.filter(|curve| curve.tag == der::OID);
            public.oid == oid::EC
                && match (curve, curve_of(public)) {
                    (Some(own), Some(theirs)) => own.content == theirs.content,
                    _ => true,
                }
        }
        Private::Other { algorithm, .. } => public.oid == *algorithm,
    }
}

/// The curve of an EC key that names it.
fn curve_of<'a>(public: &Spki<'a>) -> Option<der::Tlv<'a>> {
    public
        .parameters
        .filter(|parameters| parameters.tag == der::OID)
}

/// `assumed` is the curve to take where the private key names none.
fn derive(private: &Private<'_>, assumed: Option<der::Tlv<'_>>) -> Result<Vec<u8>, KeyError> {
    match private {
        Private::Rsa {
            modulus, exponent, ..
        } => {
            let key = der::encode(der::SEQUENCE, &[&integer(modulus), &integer(exponent)]);
            Ok(wrapped(oid::RSA, NULL, &key))
        }
        Private::Ec {
            curve,
            scalar,
            point,
        } => {
            let curve = curve.filter(|curve| curve.tag == der::OID).or(assumed);
            let parameters = curve.map_or(&[][..], |curve| curve.whole);
            let point = derived_point(curve, scalar, *point)?;
            Ok(wrapped(oid::EC, parameters, &point))
        }
        Private::Other {
            algorithm: oid::ED25519,
            key,
        } => {
            let seed = der::only(key, der::OCTET_STRING).ok_or(KeyError::Malformed(
                "an Ed25519 key is an octet string in an octet string",
            ))?;
            let pair = Ed25519KeyPair::from_seed_unchecked(seed)
                .map_err(|_| KeyError::Malformed("an Ed25519 seed has 32 bytes"))?;
            Ok(wrapped(oid::ED25519, &[], pair.public_key().as_ref()))
        }
        Private::Other { algorithm, .. } => Err(KeyError::Unsupported(
            super::by_algorithm(algorithm, None).algorithm.to_string(),
        )),
    }
}

/// A SubjectPublicKeyInfo (RFC 5280 section 4.1.2.7).
fn wrapped(algorithm: &[u8], parameters: &[u8], key: &[u8]) -> Vec<u8> {
    let identifier = der::encode(
        der::SEQUENCE,
        &[&der::encode(der::OID, &[algorithm]), parameters],
    );
    let bits = der::encode(der::BIT_STRING, &[&[0], key]);
    der::encode(der::SEQUENCE, &[&identifier, &bits])
}

/// A magnitude as INTEGER: with a zero in front where it would read as negative.
fn integer(magnitude: &[u8]) -> Vec<u8> {
    let sign: &[u8] = match magnitude.first() {
        Some(first) if first & 0x80 == 0 => &[],
        _ => &[0],
    };
    der::encode(der::INTEGER, &[sign, magnitude])
}

fn derived_point(
    curve: Option<der::Tlv<'_>>,
    scalar: &[u8],
    point: Option<&[u8]>,
) -> Result<Vec<u8>, KeyError> {
    let curve = curve.map(|curve| Curve::of_oid(&der::dotted(curve.content)));
    let (algorithm, octets): (&'static Algorithm, usize) = match &curve {
        Some(Curve::P256) => (&ECDH_P256, 32),
        Some(Curve::P384) => (&ECDH_P384, 48),
        Some(Curve::P521) => (&ECDH_P521, 66),
        // Without arithmetic on this curve the file's own public point is the best witness.
        _ => {
            let name = curve.map_or_else(String::new, |curve| curve.to_string());
            return point
                .map(<[u8]>::to_vec)
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
    Ok(derived.as_ref().to_vec())
}

/// Private bytes that are overwritten when they are dropped.
struct Wiped(Vec<u8>);

impl Drop for Wiped {
    fn drop(&mut self) {
        self.0.fill(0);
        std::hint::black_box(&self.0);
    }
}

/// Compares points, either of which may be compressed (SEC 1 section 2.3.3): same x, same parity of
/// y.
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

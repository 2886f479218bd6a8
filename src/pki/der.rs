//! The edits that no certificate library offers: a version 1 certificate, a signature that does not
//! hold, another algorithm.
//!
//! Only for certificates made here; this is no parser for hostile input (that is `parse::cert`).

use super::PkiError;

/// Context tag [0], constructed: the version of a TBSCertificate (RFC 5280 section 4.1).
const VERSION: u8 = 0xA0;
/// Context tag [3], constructed: its extensions.
const EXTENSIONS: u8 = 0xA3;
const SEQUENCE: u8 = 0x30;
const BIT_STRING: u8 = 0x03;

/// One element: its tag, all its bytes, and its content.
struct Element<'a> {
    tag: u8,
    whole: &'a [u8],
    content: &'a [u8],
}

/// The elements that stand one after the other in `bytes`.
fn elements(mut bytes: &[u8]) -> Result<Vec<Element<'_>>, PkiError> {
    let mut found = Vec::new();
    while let [tag, first, ..] = *bytes {
        // Short form, or long form with up to four length bytes (X.690 section 8.1.3).
        let (header, length) = if first < 0x80 {
            (2, usize::from(first))
        } else {
            let count = usize::from(first & 0x7F);
            let length = bytes
                .get(2..2 + count)
                .filter(|_| (1..=4).contains(&count))
                .ok_or(PkiError::Shape("a length that does not fit"))?;
            let length = length
                .iter()
                .fold(0, |sum, &byte| sum << 8 | usize::from(byte));
            (2 + count, length)
        };
        let end = header + length;
        let whole = bytes
            .get(..end)
            .ok_or(PkiError::Shape("an element longer than its surroundings"))?;
        found.push(Element {
            tag,
            whole,
            content: &whole[header..],
        });
        bytes = &bytes[end..];
    }
    Ok(found)
}

/// `tag`, the length of `content` and `content`.
fn wrap(tag: u8, content: &[u8]) -> Vec<u8> {
    let mut out = vec![tag];
    let length = content.len().to_be_bytes();
    let significant = &length[length.iter().take_while(|&&byte| byte == 0).count()..];
    match significant {
        [] => out.push(0),
        [short] if *short < 0x80 => out.push(*short),
        // At most eight bytes, so the count fits the seven bits it has.
        long => {
            out.push(0x80 | long.len() as u8);
            out.extend_from_slice(long);
        }
    }
    out.extend_from_slice(content);
    out
}

/// The three parts of a certificate: what is signed, the algorithm, the signature.
fn parts(certificate: &[u8]) -> Result<[Element<'_>; 3], PkiError> {
    let [outer] = <[Element<'_>; 1]>::try_from(elements(certificate)?)
        .map_err(|_| PkiError::Shape("more than one element"))?;
    <[Element<'_>; 3]>::try_from(elements(outer.content)?)
        .map_err(|_| PkiError::Shape("a certificate without three parts"))
}

/// The certificate with one bit of its signature flipped. An ECDSA signature is two integers and
/// the bit is the lowest of the second one, an RSA signature is a number and the bit is its lowest:
/// both stay readable and do not hold.
pub(super) fn break_signature(certificate: &[u8]) -> Result<Vec<u8>, PkiError> {
    let mut out = certificate.to_vec();
    let last = out
        .last_mut()
        .ok_or(PkiError::Shape("an empty certificate"))?;
    *last ^= 1;
    Ok(out)
}

/// The certificate as X.509 version 1: without version and extensions, signed anew by `sign`.
pub(super) fn version_1(
    certificate: &[u8],
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, rcgen::Error>,
) -> Result<Vec<u8>, PkiError> {
    let [signed, algorithm, _] = parts(certificate)?;
    let fields: Vec<u8> = elements(signed.content)?
        .iter()
        .filter(|field| field.tag != VERSION && field.tag != EXTENSIONS)
        .flat_map(|field| field.whole.iter().copied())
        .collect();
    let signed = wrap(SEQUENCE, &fields);
    let mut signature = vec![0]; // no unused bits
    signature.extend(sign(&signed)?);
    let body = [&signed, algorithm.whole, &wrap(BIT_STRING, &signature)].concat();
    Ok(wrap(SEQUENCE, &body))
}

/// OID 1.2.840.113549.1.1.1, rsaEncryption, with its NULL (RFC 8017 appendix A.1).
const RSA: [u8; 15] = [
    SEQUENCE, 13, 6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1, 5, 0,
];

/// The numbers of an RSA key in PKCS#8 (RFC 5958, RFC 8017 appendix A.1.2): version, modulus,
/// exponents, primes and so on.
pub(super) fn rsa_numbers(pkcs8: &[u8]) -> Result<Vec<Vec<u8>>, PkiError> {
    let missing = || PkiError::Shape("a private key that is not RSA in PKCS#8");
    let outer = elements(pkcs8)?;
    let fields = elements(outer.first().ok_or_else(missing)?.content)?;
    let algorithm = fields.get(1).ok_or_else(missing)?;
    if algorithm.whole != RSA {
        return Err(missing());
    }
    let key = elements(fields.get(2).ok_or_else(missing)?.content)?;
    let numbers = elements(key.first().ok_or_else(missing)?.content)?;
    Ok(numbers
        .iter()
        .map(|number| number.content.to_vec())
        .collect())
}

/// An INTEGER that is not negative.
fn integer(bytes: &[u8]) -> Vec<u8> {
    let mut content = bytes.to_vec();
    if content.first().is_none_or(|first| first & 0x80 != 0) {
        content.insert(0, 0);
    }
    wrap(2, &content)
}

/// An RSA key in PKCS#8 of these numbers.
pub(super) fn rsa_pkcs8(numbers: &[Vec<u8>]) -> Vec<u8> {
    let key: Vec<u8> = numbers.iter().flat_map(|number| integer(number)).collect();
    let body = [integer(&[0]), RSA.to_vec(), wrap(4, &wrap(SEQUENCE, &key))];
    wrap(SEQUENCE, &body.concat())
}

/// RSAPublicKey (RFC 8017 appendix A.1.1).
pub(super) fn rsa_public(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    wrap(SEQUENCE, &[integer(modulus), integer(exponent)].concat())
}

/// The certificate with another signature algorithm, whose identifier is as long as the one before,
/// signed anew by `sign`.
pub(super) fn with_algorithm(
    certificate: &[u8],
    before: &[u8],
    after: &[u8],
    sign: impl FnOnce(&[u8]) -> Result<Vec<u8>, PkiError>,
) -> Result<Vec<u8>, PkiError> {
    let [signed, algorithm, _] = parts(certificate)?;
    let replaced = |element: &Element<'_>| -> Result<Vec<u8>, PkiError> {
        let mut bytes = element.whole.to_vec();
        // In what is signed the algorithm stands near the beginning, before any name or key could
        // hold the same bytes.
        let at = bytes
            .windows(before.len())
            .position(|window| window == before)
            .filter(|_| before.len() == after.len())
            .ok_or(PkiError::Shape("another signature algorithm"))?;
        bytes[at..at + after.len()].copy_from_slice(after);
        Ok(bytes)
    };
    let signed = replaced(&signed)?;
    let algorithm = replaced(&algorithm)?;
    let mut signature = vec![0]; // no unused bits
    signature.extend(sign(&signed)?);
    let body = [&signed[..], &algorithm, &wrap(BIT_STRING, &signature)].concat();
    Ok(wrap(SEQUENCE, &body))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lengths_are_written_as_they_are_read() {
        for size in [0, 1, 127, 128, 255, 256, 70_000] {
            let whole = wrap(SEQUENCE, &vec![7; size]);
            let read = elements(&whole).unwrap();
            assert_eq!(read.len(), 1);
            assert_eq!(read[0].content.len(), size);
            assert_eq!(read[0].whole, whole);
        }
    }

    #[test]
    fn what_is_cut_short_is_an_error() {
        for bytes in [
            &[0x30, 5, 1][..],
            &[0x30, 0x82, 1],
            &[0x30, 0x80],
            &[0x30, 0x89, 1, 1, 1, 1, 1, 1, 1, 1, 1],
        ] {
            assert!(elements(bytes).is_err(), "{bytes:?}");
        }
    }
}

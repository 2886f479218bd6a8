//! PKCS #12 (RFC 7292), opened with a password.
//!
//! For: `opened`. Must not: keep a private byte, or let a file choose how long
//! opening it takes.

#[cfg(feature = "pkcs12")]
use p12_keystore::{Pkcs12Archive, error::Error};

use super::one;
#[cfg(feature = "pkcs12")]
use crate::parse::pem;
use crate::{
    facts::{FileFacts, FileRole, Format},
    parse::cert::der::{self, Reader, Tlv},
};

/// The most rounds of key derivation that are done. OpenSSL's and Java's defaults are 2048 and
/// 10000; a hostile file may ask for two thousand millions.
const ROUNDS: u64 = 1_000_000;
/// The most octets that scrypt may take.
const MEMORY: u64 = 64 << 20;
/// des-EDE3-CBC (RFC 8018 appendix B.2.2), as OID contents.
const TRIPLE_DES: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 3, 7];

/// Opens a file that needs no password: one without encryption, or with an empty password. Any other
/// stays shut, and nothing is said of it.
pub(super) fn open_unasked(file: &mut FileFacts, bytes: &[u8]) {
    if file.format == Format::Pkcs12
        && rounds(bytes, 0)
            .and_then(|()| text(bytes, ""))
            .is_ok_and(|text| !text.is_empty())
    {
        open(file, bytes, "");
    }
}

/// Puts what the file holds in place of the closed container; where it cannot be opened, the
/// container says why.
pub(super) fn open(file: &mut FileFacts, bytes: &[u8], password: &str) {
    let text = match rounds(bytes, 0).and_then(|()| text(bytes, password)) {
        Ok(text) => text,
        Err(why) => {
            if let Some(item) = file.items.first_mut() {
                item.problem = Some(why);
            }
            return;
        }
    };
    // Read like a PEM file with the same in it: one reader decides what a certificate or a key is.
    let mut read = one(&file.path, FileRole::Anything, None, text.as_bytes());
    for item in &mut read.items {
        (item.first_line, item.last_line) = (1, 1);
    }
    if !read.items.is_empty() {
        file.items = read.items;
        file.format = Format::Pkcs12;
    }
}

/// What the container holds, as PEM.
#[cfg(feature = "pkcs12")]
fn text(bytes: &[u8], password: &str) -> Result<String, String> {
    let archive = Pkcs12Archive::from_pkcs12(bytes, password).map_err(|error| match error {
        Error::MacError(_) => "the password is wrong".to_owned(),
        other => other.to_string(),
    })?;
    let certificates = archive
        .certs
        .iter()
        .map(|bag| pem::encode("CERTIFICATE", bag.cert.as_der()));
    let keys = archive
        .keys
        .iter()
        .map(|bag| pem::encode("PRIVATE KEY", bag.key.as_der()));
    Ok(certificates.chain(keys).collect())
}

/// A build without the feature opens none.
#[cfg(not(feature = "pkcs12"))]
fn text(_: &[u8], _: &str) -> Result<String, String> {
    Err("this build of mtls does not open PKCS #12 (feature `pkcs12`)".to_owned())
}

/// Refuses a file that asks for too many rounds: every INTEGER behind a salt is such a number
/// (MacData, PBEParameter, PBKDF2-params).
fn rounds(bytes: &[u8], depth: usize) -> Result<(), String> {
    if depth > 12 {
        return Ok(());
    }
    let mut before: Option<Tlv<'_>> = None;
    // The numbers behind a salt: rounds, and a length perhaps; or N, r and p of scrypt.
    let mut numbers: Vec<u64> = Vec::new();
    let mut fields = Reader::new(bytes);
    while let Some(field) = fields.any() {
        let follows = |tag| before.is_some_and(|before| before.tag == tag);
        match field.tag {
            der::INTEGER if follows(der::OCTET_STRING) || !numbers.is_empty() => {
                numbers.push(number(field.content));
            }
            _ => numbers.clear(),
        }
        match numbers.as_slice() {
            // scrypt's N stands in the same place, and the library does not live through 0.
            [rounds] if !(1..=ROUNDS).contains(rounds) => {
                return Err(format!(
                    "it has {rounds} rounds of key derivation, expected 1 to {ROUNDS}"
                ));
            }
            [n, r, p] => {
                let blocks = n.saturating_mul(*r);
                if blocks > MEMORY / 128 || blocks.saturating_mul(*p) > ROUNDS / 2 {
                    return Err(format!(
                        "its scrypt (N={n}, r={r}, p={p}) takes more than mtls gives one file"
                    ));
                }
            }
            _ => {}
        }
        // The library reads eight octets of it unasked.
        if field.tag == der::OCTET_STRING
            && field.content.len() < 8
            && before.is_some_and(|before| before.tag == der::OID && before.content == TRIPLE_DES)
        {
            return Err("its initialization vector is too short".to_owned());
        }
        if field.tag & 0x20 != 0 || field.tag == der::OCTET_STRING {
            rounds(field.content, depth + 1)?;
        }
        before = Some(field);
    }
    Ok(())
}

/// An INTEGER; one that is negative or too large is the largest.
fn number(content: &[u8]) -> u64 {
    let magnitude = der::unsigned(content).unwrap_or(&[0xff; 9]);
    magnitude.iter().fold(0u64, |sum, &octet| {
        sum.saturating_mul(256).saturating_add(octet.into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn too_many_rounds_are_refused_wherever_they_stand() {
        let salt = der::encode(der::OCTET_STRING, &[&[1; 8]]);
        let with = |count: &[u8]| {
            let number = der::encode(der::INTEGER, &[count]);
            let inner = der::encode(der::SEQUENCE, &[&salt, &number]);
            der::encode(der::SEQUENCE, &[&der::encode(der::OCTET_STRING, &[&inner])])
        };
        assert_eq!(rounds(&with(&[8, 0]), 0), Ok(()));
        let why = rounds(&with(&[0x7f, 0xff, 0xff, 0xff]), 0).unwrap_err();
        assert!(why.contains("2147483647"), "{why}");
        assert!(rounds(&with(&[0x80]), 0).is_err());
        assert!(rounds(&with(&[0]), 0).is_err());
        let scrypt = |parts: &[u8]| {
            let numbers: Vec<u8> = parts
                .iter()
                .flat_map(|log| der::encode(der::INTEGER, &[&(1u64 << log).to_be_bytes()]))
                .collect();
            rounds(&der::encode(der::SEQUENCE, &[&salt, &numbers]), 0)
        };
        assert_eq!(scrypt(&[14, 3, 0]), Ok(()));
        assert!(scrypt(&[19, 3, 0]).is_err());
        assert!(scrypt(&[14, 3, 9]).is_err());
        // Rounds, and the length of the key.
        assert_eq!(scrypt(&[19, 5]), Ok(()));
    }
}

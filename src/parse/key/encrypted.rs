//! Encrypted PKCS #8 keys (RFC 5958 section 3): what they are encrypted with, and what is in them
//! where there is a password.
//!
//! For: `input`, and `jobs::files` where a key is used. Must not: let a key choose how long opening
//! it takes or how much memory; show a private byte.

use crate::{
    facts::Shut,
    parse::cert::der::{self, Reader},
};

/// The most rounds of key derivation that one key gets. OpenSSL's default is 2048; a hostile key may
/// ask for two thousand millions.
const ROUNDS: u64 = 1_000_000;
/// The most octets that scrypt may take. OpenSSL's default is 16 MiB, and it refuses more than 32.
const MEMORY: u64 = 64 << 20;

/// How a key is encrypted.
pub(crate) struct Scheme<'a> {
    /// In words: cipher, key derivation, rounds.
    pub(crate) name: String,
    /// What opening it takes.
    way: Way,
    /// The AlgorithmIdentifier.
    #[cfg(feature = "pkcs12")]
    algorithm: &'a [u8],
    /// The encrypted PrivateKeyInfo.
    encrypted: &'a [u8],
}

/// What opening takes.
enum Way {
    /// PBES2 (RFC 8018 section 6.2).
    Pbes2 { cost: Cost, block: usize },
    /// A scheme of PKCS #12 (RFC 7292 appendix C).
    Pkcs12 { cost: Cost },
    /// What nothing here decrypts.
    Unknown,
    /// Parameters that no writer makes.
    Damaged(&'static str),
}

/// Work and memory of a key derivation.
struct Cost {
    /// In rounds of PBKDF2, or what takes about as long.
    rounds: u64,
    /// In octets.
    memory: u64,
    /// In words.
    said: String,
}

/// Takes an EncryptedPrivateKeyInfo apart; `None` when it is none.
pub(crate) fn scheme(bytes: &[u8]) -> Option<Scheme<'_>> {
    let mut fields = Reader::new(der::only(bytes, der::SEQUENCE)?);
    let algorithm = fields.tagged(der::SEQUENCE)?;
    let encrypted = fields.tagged(der::OCTET_STRING)?.content;
    let mut parts = Reader::new(algorithm.content);
    let oid = der::dotted(parts.tagged(der::OID)?.content);
    let parameters = parts.tagged(der::SEQUENCE).map(|one| one.content);
    let (name, way) = match oid.as_str() {
        "1.2.840.113549.1.5.13" => parameters
            .and_then(pbes2)
            .unwrap_or_else(|| ("PBES2".to_owned(), Way::Damaged(PARAMETERS))),
        "1.2.840.113549.1.12.1.3" => pkcs12("PBE with SHA-1 and triple DES", parameters),
        "1.2.840.113549.1.12.1.6" => pkcs12("PBE with SHA-1 and RC2-40", parameters),
        "1.2.840.113549.1.5.3" => ("PBE with MD5 and DES".to_owned(), Way::Unknown),
        "1.2.840.113549.1.5.10" => ("PBE with SHA-1 and DES".to_owned(), Way::Unknown),
        _ => (oid, Way::Unknown),
    };
    Some(Scheme {
        name,
        way,
        #[cfg(feature = "pkcs12")]
        algorithm: algorithm.whole,
        encrypted,
    })
}

const PARAMETERS: &str = "the parameters of its encryption cannot be read";

/// PBES2-params (RFC 8018 appendix A.4): a key derivation and a cipher.
fn pbes2(content: &[u8]) -> Option<(String, Way)> {
    let mut parts = Reader::new(content);
    let (kdf, kdf_parameters) = identifier(&mut parts)?;
    let (cipher, iv) = identifier(&mut parts)?;
    let iv = iv
        .filter(|iv| iv.tag == der::OCTET_STRING)
        .map(|iv| iv.content.len());
    let (cipher, block, iv_length) = match cipher.as_str() {
        "2.16.840.1.101.3.4.1.2" => ("AES-128-CBC", 16, 16),
        "2.16.840.1.101.3.4.1.22" => ("AES-192-CBC", 16, 16),
        "2.16.840.1.101.3.4.1.42" => ("AES-256-CBC", 16, 16),
        "2.16.840.1.101.3.4.1.6" => ("AES-128-GCM", 1, 12),
        "2.16.840.1.101.3.4.1.46" => ("AES-256-GCM", 1, 12),
        "1.2.840.113549.3.7" => ("DES-EDE3-CBC", 8, 8),
        other => (other, 0, 0),
    };
    let Some(cost) = cost(&kdf, kdf_parameters.map(|one| one.content)) else {
        return Some((format!("PBES2: {cipher}"), Way::Damaged(PARAMETERS)));
    };
    let name = format!("PBES2: {cipher}, {}", cost.said);
    let way = match block {
        0 => Way::Unknown,
        // The decrypting library reads eight octets of it unasked.
        _ if iv != Some(iv_length) => {
            Way::Damaged("its initialization vector has the wrong length")
        }
        _ => Way::Pbes2 { cost, block },
    };
    Some((name, way))
}

/// An AlgorithmIdentifier: its OID, and what follows.
fn identifier<'a>(parts: &mut Reader<'a>) -> Option<(String, Option<der::Tlv<'a>>)> {
    let mut own = Reader::new(parts.tagged(der::SEQUENCE)?.content);
    let oid = der::dotted(own.tagged(der::OID)?.content);
    Some((oid, own.any()))
}

/// What a key derivation costs; `None` when its parameters cannot be read.
fn cost(kdf: &str, parameters: Option<&[u8]>) -> Option<Cost> {
    let mut parts = Reader::new(parameters?);
    let salt = parts.tagged(der::OCTET_STRING);
    let mut number = || parts.tagged(der::INTEGER).map(|one| unsigned(one.content));
    match kdf {
        "1.2.840.113549.1.5.12" => {
            salt?;
            let rounds = number()?;
            // keyLength may stand in between.
            let prf = parts.find(|part| part.tag == der::SEQUENCE);
            let prf = match prf {
                Some(prf) => der::dotted(Reader::new(prf.content).tagged(der::OID)?.content),
                None => "1.2.840.113549.2.7".to_owned(),
            };
            let prf = match prf.as_str() {
                "1.2.840.113549.2.7" => "HMAC-SHA-1",
                "1.2.840.113549.2.8" => "HMAC-SHA-224",
                "1.2.840.113549.2.9" => "HMAC-SHA-256",
                "1.2.840.113549.2.10" => "HMAC-SHA-384",
                "1.2.840.113549.2.11" => "HMAC-SHA-512",
                other => other,
            };
            (rounds > 0).then(|| Cost {
                rounds,
                memory: 0,
                said: format!("PBKDF2 with {prf}, {rounds} rounds"),
            })
        }
        "1.3.6.1.4.1.11591.4.11" => {
            salt?;
            let (n, r, p) = (number()?, number()?, number()?);
            let memory = n.saturating_mul(r).saturating_mul(128);
            // RFC 7914 section 2: a power of two above 1.
            (n > 1 && n.is_power_of_two() && r > 0 && p > 0).then(|| Cost {
                rounds: n.saturating_mul(r).saturating_mul(p).saturating_mul(2),
                memory,
                said: format!("scrypt with N={n}, r={r}, p={p}"),
            })
        }
        other => Some(Cost {
            rounds: u64::MAX,
            memory: 0,
            said: other.to_owned(),
        }),
    }
}

/// A scheme of PKCS #12: salt and rounds.
fn pkcs12(name: &str, parameters: Option<&[u8]>) -> (String, Way) {
    let rounds = parameters.and_then(|parameters| {
        let mut parts = Reader::new(parameters);
        parts.tagged(der::OCTET_STRING)?;
        let rounds = unsigned(parts.tagged(der::INTEGER)?.content);
        (rounds > 0).then_some(rounds)
    });
    let Some(rounds) = rounds else {
        return (name.to_owned(), Way::Damaged(PARAMETERS));
    };
    let said = format!("{rounds} rounds");
    let cost = Cost {
        rounds,
        memory: 0,
        said: said.clone(),
    };
    (format!("{name}, {said}"), Way::Pkcs12 { cost })
}

/// An INTEGER; one that is negative or too large is the largest.
fn unsigned(content: &[u8]) -> u64 {
    match der::unsigned(content) {
        Some(magnitude) if magnitude.len() <= 8 => magnitude
            .iter()
            .fold(0, |sum, &octet| sum << 8 | u64::from(octet)),
        _ => u64::MAX,
    }
}

/// The PrivateKeyInfo in an encrypted key, DER. `left` is the work, in rounds, that may still be
/// done, and is less by what was.
///
/// # Errors
/// When the password does not open it, or nothing here does.
pub(crate) fn open(bytes: &[u8], password: &str, left: &mut u64) -> Result<Vec<u8>, Shut> {
    let scheme = scheme(bytes).ok_or(Shut::Damaged("it is not an EncryptedPrivateKeyInfo"))?;
    let (cost, block) = match &scheme.way {
        Way::Pbes2 { cost, block } => (cost, *block),
        Way::Pkcs12 { cost } => (cost, 8),
        Way::Unknown => return Err(Shut::Unsupported),
        Way::Damaged(why) => return Err(Shut::Damaged(why)),
    };
    if scheme.encrypted.is_empty() || !scheme.encrypted.len().is_multiple_of(block) {
        return Err(Shut::Damaged("its length is not that of an encrypted key"));
    }
    if cost.memory > MEMORY {
        let (asked, most) = (cost.memory >> 20, MEMORY >> 20);
        return Err(Shut::Work(format!(
            "{} takes {asked} MiB of memory, and mtls uses at most {most} MiB",
            cost.said
        )));
    }
    if cost.rounds > ROUNDS {
        return Err(Shut::Work(format!(
            "{} is more work than mtls does for one key ({ROUNDS} rounds)",
            cost.said
        )));
    }
    if cost.rounds > *left {
        return Err(Shut::Work(
            "the keys before it took all the work that mtls does for one file".to_owned(),
        ));
    }
    *left -= cost.rounds;
    decrypt(&scheme, bytes, password)
}

/// A build without the feature decrypts none.
#[cfg(not(feature = "pkcs12"))]
fn decrypt(_: &Scheme<'_>, _: &[u8], _: &str) -> Result<Vec<u8>, Shut> {
    Err(Shut::NotBuilt)
}

#[cfg(feature = "pkcs12")]
fn decrypt(scheme: &Scheme<'_>, bytes: &[u8], password: &str) -> Result<Vec<u8>, Shut> {
    if matches!(scheme.way, Way::Pkcs12 { .. }) {
        return within_pkcs12(bytes, password);
    }
    let Ok(parameters) = pkcs5::EncryptionScheme::try_from(scheme.algorithm) else {
        return Err(Shut::Unsupported);
    };
    let mut plain = scheme.encrypted.to_vec();
    let opened = parameters.decrypt_in_place(password, &mut plain);
    match opened.map(<[u8]>::len) {
        Ok(length) => {
            plain.truncate(length);
            whole(plain)
        }
        // Its last block is not what a writer leaves there; but for damage the password is wrong.
        Err(pkcs5::Error::DecryptFailed) if begins_like_a_key(&plain) => Err(Shut::Damaged(CUT)),
        Err(pkcs5::Error::DecryptFailed) => Err(Shut::Password),
        Err(_) => Err(Shut::Unsupported),
    }
}

#[cfg(feature = "pkcs12")]
const CUT: &str = "the password opens its beginning, and the rest is not a key";

/// What was decrypted, when it is a key.
#[cfg(feature = "pkcs12")]
fn whole(plain: Vec<u8>) -> Result<Vec<u8>, Shut> {
    let is_key = match super::private(&plain) {
        Ok(_) | Err(super::KeyError::Unsupported(_)) => true,
        Err(_) => false,
    };
    match is_key {
        true => Ok(plain),
        false if begins_like_a_key(&plain) => Err(Shut::Damaged(CUT)),
        // One wrong password in 256 leaves something that ends like a key.
        false => Err(Shut::Password),
    }
}

/// Whether this begins like a PrivateKeyInfo: a SEQUENCE, version 0 or 1, a SEQUENCE.
#[cfg(feature = "pkcs12")]
fn begins_like_a_key(plain: &[u8]) -> bool {
    matches!(
        plain,
        [0x30, 0x82, _, _, 2, 1, 0 | 1, 0x30, ..]
            | [0x30, 0x81, _, 2, 1, 0 | 1, 0x30, ..]
            | [0x30, 0..=0x7f, 2, 1, 0 | 1, 0x30, ..]
    )
}

/// A key in a scheme of PKCS #12 is opened as the one key of such a container, without its MAC (RFC
/// 7292 section 4.2.2).
#[cfg(feature = "pkcs12")]
fn within_pkcs12(bytes: &[u8], password: &str) -> Result<Vec<u8>, Shut> {
    use p12_keystore::{Pkcs12Archive, error::Error};

    const DATA: &[u8] = &[6, 9, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 7, 1];
    const SHROUDED: &[u8] = &[6, 11, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 12, 10, 1, 2];
    let tagged = |value: &[u8]| der::encode(0xa0, &[value]);
    let sequence = |parts: &[&[u8]]| der::encode(der::SEQUENCE, parts);
    let info = |content: &[u8]| {
        let octets = der::encode(der::OCTET_STRING, &[content]);
        sequence(&[DATA, &tagged(&octets)])
    };
    let bags = sequence(&[&sequence(&[SHROUDED, &tagged(bytes)])]);
    let safes = sequence(&[&info(&bags)]);
    let container = sequence(&[&[der::INTEGER, 1, 3], &info(&safes)]);
    match Pkcs12Archive::from_pkcs12(&container, password) {
        Ok(archive) => match archive.keys.first() {
            Some(bag) => whole(bag.key.as_der().to_vec()),
            None => Err(Shut::Unsupported),
        },
        Err(
            Error::UnpadError
            | Error::InvalidPrivateKey
            | Error::DerError(_)
            | Error::InvalidData
            | Error::InvalidLength,
        ) => Err(Shut::Password),
        Err(_) => Err(Shut::Unsupported),
    }
}

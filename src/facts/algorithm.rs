//! Signature algorithms and their digests as values, made once from the OID: nothing finds one
//! again from a printed name.

use std::fmt;

use serde::{Serialize, Serializer};

/// A digest that a signature is made over.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Digest {
    /// MD2 (RFC 1319).
    Md2,
    /// MD4 (RFC 1320).
    Md4,
    /// MD5 (RFC 1321).
    Md5,
    /// SHA-1 (FIPS 180-4), as all of these up to SHA-512/256.
    Sha1,
    /// SHA-224.
    Sha224,
    /// SHA-256.
    Sha256,
    /// SHA-384.
    Sha384,
    /// SHA-512.
    Sha512,
    /// SHA-512/224.
    Sha512With224,
    /// SHA-512/256.
    Sha512With256,
    /// SHA3-224 (FIPS 202), as the next three.
    Sha3With224,
    /// SHA3-256.
    Sha3With256,
    /// SHA3-384.
    Sha3With384,
    /// SHA3-512.
    Sha3With512,
    /// SM3 (GB/T 32905).
    Sm3,
}

impl Digest {
    /// Its dotted OID's digest (RFC 8017 appendix B.1, FIPS 202).
    pub fn of_oid(dotted: &str) -> Option<Self> {
        Some(match dotted {
            "1.2.840.113549.2.2" => Self::Md2,
            "1.2.840.113549.2.4" => Self::Md4,
            "1.2.840.113549.2.5" => Self::Md5,
            "1.3.14.3.2.26" => Self::Sha1,
            "2.16.840.1.101.3.4.2.1" => Self::Sha256,
            "2.16.840.1.101.3.4.2.2" => Self::Sha384,
            "2.16.840.1.101.3.4.2.3" => Self::Sha512,
            "2.16.840.1.101.3.4.2.4" => Self::Sha224,
            "2.16.840.1.101.3.4.2.5" => Self::Sha512With224,
            "2.16.840.1.101.3.4.2.6" => Self::Sha512With256,
            "2.16.840.1.101.3.4.2.7" => Self::Sha3With224,
            "2.16.840.1.101.3.4.2.8" => Self::Sha3With256,
            "2.16.840.1.101.3.4.2.9" => Self::Sha3With384,
            "2.16.840.1.101.3.4.2.10" => Self::Sha3With512,
            "1.2.156.10197.1.401" => Self::Sm3,
            _ => return None,
        })
    }

    /// Whether it is older than SHA-1 (BR 7.1.3.2).
    pub fn is_older_than_sha1(self) -> bool {
        matches!(self, Self::Md2 | Self::Md4 | Self::Md5)
    }

    /// Whether collisions can be made: SHA-1 and older.
    pub fn is_broken(self) -> bool {
        self == Self::Sha1 || self.is_older_than_sha1()
    }
}

/// What kind of key makes a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum SignatureFamily {
    /// RSASSA-PKCS1-v1_5 (RFC 8017 section 8.2).
    Rsa,
    /// RSASSA-PSS (RFC 8017 section 8.1).
    RsaPss,
    /// ECDSA (FIPS 186-5).
    Ecdsa,
    /// DSA (FIPS 186-4).
    Dsa,
    /// SM2 (GB/T 32918).
    Sm2,
    /// Ed25519 (RFC 8032).
    Ed25519,
    /// Ed448 (RFC 8032).
    Ed448,
    /// ML-DSA-44 (FIPS 204).
    MlDsa44,
    /// ML-DSA-65.
    MlDsa65,
    /// ML-DSA-87.
    MlDsa87,
}

/// The signature algorithm of a certificate. Displays and serialises as OpenSSL's long name
/// (`sha256WithRSAEncryption`, `ecdsa-with-SHA256`), or as the dotted OID of one that has no name
/// here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum SignatureAlgorithm {
    /// One that is known by its OID.
    Known(&'static KnownAlgorithm),
    /// The dotted OID of another; empty when the certificate could not be read.
    Other(String),
}

/// A row of the table of signature algorithms.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct KnownAlgorithm {
    /// The dotted OID.
    pub oid: &'static str,
    /// OpenSSL 3.0's long name (`OBJ_nid2ln`); FIPS 204's where it has none.
    pub name: &'static str,
    /// The kind of key.
    pub family: SignatureFamily,
    /// The digest; `None` where it is part of the algorithm, and for RSASSA-PSS, whose parameters
    /// name it.
    pub digest: Option<Digest>,
}

const fn known(
    oid: &'static str,
    name: &'static str,
    family: SignatureFamily,
    digest: Option<Digest>,
) -> KnownAlgorithm {
    KnownAlgorithm {
        oid,
        name,
        family,
        digest,
    }
}

use Digest as D;
use SignatureFamily as F;

/// RFC 3279 section 2.2, RFC 4055 section 5, RFC 5758 section 3, RFC 8410 section 3, RFC 8702
/// section 3.2, FIPS 204.
static KNOWN: [KnownAlgorithm; 34] = [
    known(
        "1.2.840.113549.1.1.2",
        "md2WithRSAEncryption",
        F::Rsa,
        Some(D::Md2),
    ),
    known(
        "1.2.840.113549.1.1.3",
        "md4WithRSAEncryption",
        F::Rsa,
        Some(D::Md4),
    ),
    known(
        "1.2.840.113549.1.1.4",
        "md5WithRSAEncryption",
        F::Rsa,
        Some(D::Md5),
    ),
    known(
        "1.2.840.113549.1.1.5",
        "sha1WithRSAEncryption",
        F::Rsa,
        Some(D::Sha1),
    ),
    known("1.3.14.3.2.29", "sha1WithRSA", F::Rsa, Some(D::Sha1)),
    known("1.2.840.113549.1.1.10", "rsassaPss", F::RsaPss, None),
    known(
        "1.2.840.113549.1.1.11",
        "sha256WithRSAEncryption",
        F::Rsa,
        Some(D::Sha256),
    ),
    known(
        "1.2.840.113549.1.1.12",
        "sha384WithRSAEncryption",
        F::Rsa,
        Some(D::Sha384),
    ),
    known(
        "1.2.840.113549.1.1.13",
        "sha512WithRSAEncryption",
        F::Rsa,
        Some(D::Sha512),
    ),
    known(
        "1.2.840.113549.1.1.14",
        "sha224WithRSAEncryption",
        F::Rsa,
        Some(D::Sha224),
    ),
    known(
        "1.2.840.113549.1.1.15",
        "sha512-224WithRSAEncryption",
        F::Rsa,
        Some(D::Sha512With224),
    ),
    known(
        "1.2.840.113549.1.1.16",
        "sha512-256WithRSAEncryption",
        F::Rsa,
        Some(D::Sha512With256),
    ),
    known(
        "2.16.840.1.101.3.4.3.13",
        "RSA-SHA3-224",
        F::Rsa,
        Some(D::Sha3With224),
    ),
    known(
        "2.16.840.1.101.3.4.3.14",
        "RSA-SHA3-256",
        F::Rsa,
        Some(D::Sha3With256),
    ),
    known(
        "2.16.840.1.101.3.4.3.15",
        "RSA-SHA3-384",
        F::Rsa,
        Some(D::Sha3With384),
    ),
    known(
        "2.16.840.1.101.3.4.3.16",
        "RSA-SHA3-512",
        F::Rsa,
        Some(D::Sha3With512),
    ),
    known(
        "1.2.840.10045.4.1",
        "ecdsa-with-SHA1",
        F::Ecdsa,
        Some(D::Sha1),
    ),
    known(
        "1.2.840.10045.4.3.1",
        "ecdsa-with-SHA224",
        F::Ecdsa,
        Some(D::Sha224),
    ),
    known(
        "1.2.840.10045.4.3.2",
        "ecdsa-with-SHA256",
        F::Ecdsa,
        Some(D::Sha256),
    ),
    known(
        "1.2.840.10045.4.3.3",
        "ecdsa-with-SHA384",
        F::Ecdsa,
        Some(D::Sha384),
    ),
    known(
        "1.2.840.10045.4.3.4",
        "ecdsa-with-SHA512",
        F::Ecdsa,
        Some(D::Sha512),
    ),
    known(
        "2.16.840.1.101.3.4.3.9",
        "ecdsa_with_SHA3-224",
        F::Ecdsa,
        Some(D::Sha3With224),
    ),
    known(
        "2.16.840.1.101.3.4.3.10",
        "ecdsa_with_SHA3-256",
        F::Ecdsa,
        Some(D::Sha3With256),
    ),
    known(
        "2.16.840.1.101.3.4.3.11",
        "ecdsa_with_SHA3-384",
        F::Ecdsa,
        Some(D::Sha3With384),
    ),
    known(
        "2.16.840.1.101.3.4.3.12",
        "ecdsa_with_SHA3-512",
        F::Ecdsa,
        Some(D::Sha3With512),
    ),
    known("1.2.840.10040.4.3", "dsaWithSHA1", F::Dsa, Some(D::Sha1)),
    known(
        "2.16.840.1.101.3.4.3.1",
        "dsa_with_SHA224",
        F::Dsa,
        Some(D::Sha224),
    ),
    known(
        "2.16.840.1.101.3.4.3.2",
        "dsa_with_SHA256",
        F::Dsa,
        Some(D::Sha256),
    ),
    known("1.2.156.10197.1.501", "SM2-with-SM3", F::Sm2, Some(D::Sm3)),
    known("1.3.101.112", "ED25519", F::Ed25519, None),
    known("1.3.101.113", "ED448", F::Ed448, None),
    known("2.16.840.1.101.3.4.3.17", "ML-DSA-44", F::MlDsa44, None),
    known("2.16.840.1.101.3.4.3.18", "ML-DSA-65", F::MlDsa65, None),
    known("2.16.840.1.101.3.4.3.19", "ML-DSA-87", F::MlDsa87, None),
];

impl SignatureAlgorithm {
    /// The algorithm with this dotted OID.
    pub fn of_oid(dotted: &str) -> Self {
        match KNOWN.iter().find(|known| known.oid == dotted) {
            Some(known) => Self::Known(known),
            None => Self::Other(dotted.to_owned()),
        }
    }

    /// The kind of key that makes it; `None` for an unknown one.
    pub fn family(&self) -> Option<SignatureFamily> {
        match self {
            Self::Known(known) => Some(known.family),
            Self::Other(_) => None,
        }
    }

    /// The digest that its OID names; see [`KnownAlgorithm::digest`].
    pub fn digest(&self) -> Option<Digest> {
        match self {
            Self::Known(known) => known.digest,
            Self::Other(_) => None,
        }
    }
}

impl Default for SignatureAlgorithm {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl fmt::Display for SignatureAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Known(known) => known.name,
            Self::Other(oid) => oid,
        })
    }
}

impl Serialize for SignatureAlgorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_row_has_its_own_oid_and_name() {
        for (index, row) in KNOWN.iter().enumerate() {
            assert!(
                KNOWN[..index]
                    .iter()
                    .all(|other| other.oid != row.oid && other.name != row.name),
                "{}",
                row.name
            );
            assert_eq!(SignatureAlgorithm::of_oid(row.oid).to_string(), row.name);
        }
    }

    // `contains("SHA3")` once took SHA-384 for SHA-3, and a forged chain passed.
    #[test]
    fn sha384_is_no_sha3() {
        let of = |oid| SignatureAlgorithm::of_oid(oid).digest();
        assert_eq!(of("1.2.840.10045.4.3.3"), Some(Digest::Sha384));
        assert_eq!(of("2.16.840.1.101.3.4.3.11"), Some(Digest::Sha3With384));
    }

    #[test]
    fn an_unknown_one_is_its_oid() {
        let unknown = SignatureAlgorithm::of_oid("1.2.3");
        assert_eq!((unknown.family(), unknown.digest()), (None, None));
        assert_eq!(unknown.to_string(), "1.2.3");
    }
}

//! What kind of key it is.

use std::fmt;

use serde::{Serialize, Serializer};

/// A public-key algorithm. Displays and serialises as the name that people use, or as the dotted
/// OID of one that has no name here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum KeyAlgorithm {
    /// rsaEncryption (RFC 3279 section 2.3.1).
    Rsa,
    /// id-RSASSA-PSS: an RSA key bound to that padding (RFC 4055 section 1.2).
    RsaPss,
    /// id-ecPublicKey (RFC 5480 section 2.1.1).
    Ec,
    /// id-dsa (RFC 3279 section 2.3.2).
    Dsa,
    /// id-Ed25519 (RFC 8410).
    Ed25519,
    /// id-Ed448.
    Ed448,
    /// id-X25519.
    X25519,
    /// id-X448.
    X448,
    /// id-ml-dsa-44 (FIPS 204, RFC 9881).
    MlDsa44,
    /// id-ml-dsa-65.
    MlDsa65,
    /// id-ml-dsa-87.
    MlDsa87,
    /// The dotted OID of another; empty when the key could not be read.
    Other(String),
}

impl KeyAlgorithm {
    /// The algorithm with this dotted OID.
    pub fn of_oid(dotted: &str) -> Self {
        match dotted {
            "1.2.840.113549.1.1.1" => Self::Rsa,
            "1.2.840.113549.1.1.10" => Self::RsaPss,
            "1.2.840.10045.2.1" => Self::Ec,
            "1.2.840.10040.4.1" => Self::Dsa,
            "1.3.101.112" => Self::Ed25519,
            "1.3.101.113" => Self::Ed448,
            "1.3.101.110" => Self::X25519,
            "1.3.101.111" => Self::X448,
            "2.16.840.1.101.3.4.3.17" => Self::MlDsa44,
            "2.16.840.1.101.3.4.3.18" => Self::MlDsa65,
            "2.16.840.1.101.3.4.3.19" => Self::MlDsa87,
            other => Self::Other(other.to_owned()),
        }
    }

    /// Whether it is a pair of modulus and exponent, bound to a padding or not.
    pub fn is_rsa(&self) -> bool {
        matches!(self, Self::Rsa | Self::RsaPss)
    }

    /// The size of its keys in bits, where all have the same: FIPS 204 table 2 for ML-DSA.
    pub fn bits(&self) -> Option<u32> {
        match self {
            Self::Ed25519 | Self::X25519 => Some(256),
            Self::Ed448 => Some(456),
            Self::X448 => Some(448),
            Self::MlDsa44 => Some(1312 * 8),
            Self::MlDsa65 => Some(1952 * 8),
            Self::MlDsa87 => Some(2592 * 8),
            Self::Rsa | Self::RsaPss | Self::Ec | Self::Dsa | Self::Other(_) => None,
        }
    }
}

impl Default for KeyAlgorithm {
    fn default() -> Self {
        Self::Other(String::new())
    }
}

impl fmt::Display for KeyAlgorithm {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::Rsa => "RSA",
            Self::RsaPss => "RSA-PSS",
            Self::Ec => "EC",
            Self::Dsa => "DSA",
            Self::Ed25519 => "Ed25519",
            Self::Ed448 => "Ed448",
            Self::X25519 => "X25519",
            Self::X448 => "X448",
            Self::MlDsa44 => "ML-DSA-44",
            Self::MlDsa65 => "ML-DSA-65",
            Self::MlDsa87 => "ML-DSA-87",
            Self::Other(oid) => oid,
        })
    }
}

impl Serialize for KeyAlgorithm {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// The curve of an EC key. Displays and serialises as its name, or as the dotted OID of one that
/// has no name here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Curve {
    /// P-256 (FIPS 186-5): secp256r1.
    P256,
    /// P-384.
    P384,
    /// P-521.
    P521,
    /// secp256k1 (SEC 2).
    Secp256k1,
    /// Another one that has a name.
    Named(&'static NamedCurve),
    /// One that is spelled out instead of named.
    Explicit,
    /// The dotted OID of another.
    Other(String),
}

/// A curve that nothing but its name and size is asked of.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct NamedCurve {
    /// The dotted OID.
    pub oid: &'static str,
    /// The name.
    pub name: &'static str,
    /// The size of its field in bits.
    pub bits: u32,
}

/// SEC 2, RFC 5639, GB/T 32918.
static NAMED: &[NamedCurve] = &[
    NamedCurve {
        oid: "1.2.840.10045.3.1.1",
        name: "P-192",
        bits: 192,
    },
    NamedCurve {
        oid: "1.3.132.0.33",
        name: "P-224",
        bits: 224,
    },
    NamedCurve {
        oid: "1.3.36.3.3.2.8.1.1.1",
        name: "brainpoolP160r1",
        bits: 160,
    },
    NamedCurve {
        oid: "1.3.36.3.3.2.8.1.1.3",
        name: "brainpoolP192r1",
        bits: 192,
    },
    NamedCurve {
        oid: "1.3.36.3.3.2.8.1.1.5",
        name: "brainpoolP224r1",
        bits: 224,
    },
    NamedCurve {
        oid: "1.3.36.3.3.2.8.1.1.7",
        name: "brainpoolP256r1",
        bits: 256,
    },
    NamedCurve {
        oid: "1.3.36.3.3.2.8.1.1.9",
        name: "brainpoolP320r1",
        bits: 320,
    },
    NamedCurve {
        oid: "1.3.36.3.3.2.8.1.1.11",
        name: "brainpoolP384r1",
        bits: 384,
    },
    NamedCurve {
        oid: "1.3.36.3.3.2.8.1.1.13",
        name: "brainpoolP512r1",
        bits: 512,
    },
    NamedCurve {
        oid: "1.2.156.10197.1.301",
        name: "SM2",
        bits: 256,
    },
];

impl Curve {
    /// The curve with this dotted OID.
    pub fn of_oid(dotted: &str) -> Self {
        match dotted {
            "1.2.840.10045.3.1.7" => Self::P256,
            "1.3.132.0.34" => Self::P384,
            "1.3.132.0.35" => Self::P521,
            "1.3.132.0.10" => Self::Secp256k1,
            other => match NAMED.iter().find(|curve| curve.oid == other) {
                Some(curve) => Self::Named(curve),
                None => Self::Other(other.to_owned()),
            },
        }
    }

    /// Whether it is one of the three that the web's rules take (BR 6.1.5).
    pub fn is_usual(&self) -> bool {
        matches!(self, Self::P256 | Self::P384 | Self::P521)
    }

    /// The size of its field in bits; 0 when it could not be told.
    pub fn bits(&self) -> u32 {
        match self {
            Self::P256 | Self::Secp256k1 => 256,
            Self::P384 => 384,
            Self::P521 => 521,
            Self::Named(curve) => curve.bits,
            Self::Explicit | Self::Other(_) => 0,
        }
    }
}

impl fmt::Display for Curve {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::P256 => "P-256",
            Self::P384 => "P-384",
            Self::P521 => "P-521",
            Self::Secp256k1 => "secp256k1",
            Self::Named(curve) => curve.name,
            Self::Explicit => "explicit parameters",
            Self::Other(oid) => oid,
        })
    }
}

impl Serialize for Curve {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_named_curve_has_its_own_oid_and_name() {
        for (index, row) in NAMED.iter().enumerate() {
            assert!(
                NAMED[..index]
                    .iter()
                    .all(|other| other.oid != row.oid && other.name != row.name)
            );
            assert_eq!(Curve::of_oid(row.oid).to_string(), row.name);
        }
    }

    #[test]
    fn what_has_no_name_is_its_oid() {
        assert_eq!(KeyAlgorithm::of_oid("1.2.3").to_string(), "1.2.3");
        assert_eq!(Curve::of_oid("1.2.3").to_string(), "1.2.3");
        assert_eq!(Curve::of_oid("1.2.3").bits(), 0);
    }
}

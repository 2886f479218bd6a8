//! AlgorithmIdentifiers of certificate signatures (RFC 4055, RFC 5758, RFC 8410).

use aws_lc_rs::digest;

use super::SignatureError;
use crate::parse::cert::der::{self, Reader};

/// A hash that signatures use.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hash {
    Sha1,
    Sha224,
    Sha256,
    Sha384,
    Sha512,
}

impl Hash {
    /// The hash of a TLS 1.2 HashAlgorithm octet (RFC 5246 section 7.4.1.4.1).
    pub(super) fn of_tls(octet: u16) -> Result<Self, SignatureError> {
        match octet {
            2 => Ok(Hash::Sha1),
            3 => Ok(Hash::Sha224),
            4 => Ok(Hash::Sha256),
            5 => Ok(Hash::Sha384),
            6 => Ok(Hash::Sha512),
            other => Err(SignatureError::Unsupported(format!(
                "hash algorithm {other}"
            ))),
        }
    }

    pub(super) fn algorithm(self) -> &'static digest::Algorithm {
        match self {
            Hash::Sha1 => &digest::SHA1_FOR_LEGACY_USE_ONLY,
            Hash::Sha224 => &digest::SHA224,
            Hash::Sha256 => &digest::SHA256,
            Hash::Sha384 => &digest::SHA384,
            Hash::Sha512 => &digest::SHA512,
        }
    }

    /// The digest's length in bytes.
    pub(super) fn length(self) -> usize {
        self.algorithm().output_len()
    }

    pub(super) fn digest(self, message: &[u8]) -> Vec<u8> {
        digest::digest(self.algorithm(), message).as_ref().to_vec()
    }

    /// OpenSSL's security bits of a signature with this hash (`ossl_x509_init_sig_info`): half its length, less for SHA-1.
    fn security_bits(self, pss: bool) -> u32 {
        match self {
            Hash::Sha1 if pss => 64,
            Hash::Sha1 => 63,
            Hash::Sha224 => 112,
            Hash::Sha256 => 128,
            Hash::Sha384 => 192,
            Hash::Sha512 => 256,
        }
    }

    fn of_oid(oid: &[u8]) -> Option<Self> {
        match der::dotted(oid).as_str() {
            "1.3.14.3.2.26" => Some(Hash::Sha1),
            "2.16.840.1.101.3.4.2.4" => Some(Hash::Sha224),
            "2.16.840.1.101.3.4.2.1" => Some(Hash::Sha256),
            "2.16.840.1.101.3.4.2.2" => Some(Hash::Sha384),
            "2.16.840.1.101.3.4.2.3" => Some(Hash::Sha512),
            _ => None,
        }
    }
}

/// The kind of key that makes a signature.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Family {
    Rsa,
    RsaPss,
    Ecdsa,
    Dsa,
    Ed25519,
    Ed448,
    MlDsa44,
    MlDsa65,
    MlDsa87,
}

/// A certificate's signature algorithm taken apart.
#[derive(Clone, Debug)]
pub(crate) struct CertificateAlgorithm {
    pub(crate) family: Family,
    /// `None` where the hash is part of the algorithm, or is one that we do not have.
    pub(crate) hash: Option<Hash>,
    /// Mask hash and salt length of RSASSA-PSS.
    pub(crate) pss: Option<(Hash, usize)>,
    /// OpenSSL's name for it.
    pub(crate) name: String,
}

impl CertificateAlgorithm {
    /// What OpenSSL's `X509_get_signature_info` says about its strength; 0 = nothing.
    pub(crate) fn security_bits(&self) -> u32 {
        match self.family {
            Family::Ed25519 => 128,
            Family::Ed448 => 224,
            // OpenSSL 3.0 does not know these.
            Family::MlDsa44 | Family::MlDsa65 | Family::MlDsa87 => 0,
            Family::RsaPss => self.hash.map_or(0, |hash| hash.security_bits(true)),
            Family::Rsa if self.hash.is_none() => match self.name.as_str() {
                "md5WithRSAEncryption" => 39,
                "sha512-224WithRSAEncryption" => 112,
                "sha512-256WithRSAEncryption" => 128,
                _ => 64,
            },
            Family::Rsa | Family::Ecdsa | Family::Dsa => {
                self.hash.map_or(128, |hash| hash.security_bits(false))
            }
        }
    }
}

/// Reads an AlgorithmIdentifier; `None` for an algorithm that OpenSSL 3.0 does not know as a signature either.
pub(crate) fn certificate_algorithm(algorithm_der: &[u8]) -> Option<CertificateAlgorithm> {
    let name = crate::parse::cert::signature_algorithm(algorithm_der);
    let hash = |name: &str| match name {
        name if name.contains("SHA3") || name.contains("512-") => None,
        name if name.ends_with("SHA1") || name.starts_with("sha1") => Some(Hash::Sha1),
        name if name.ends_with("SHA224") || name.starts_with("sha224") => Some(Hash::Sha224),
        name if name.ends_with("SHA256") || name.starts_with("sha256") => Some(Hash::Sha256),
        name if name.ends_with("SHA384") || name.starts_with("sha384") => Some(Hash::Sha384),
        name if name.ends_with("SHA512") || name.starts_with("sha512") => Some(Hash::Sha512),
        _ => None,
    };
    let (family, hash, pss) = match name.as_str() {
        "rsassaPss" => {
            let mut fields = Reader::new(der::only(algorithm_der, der::SEQUENCE)?);
            fields.tagged(der::OID)?;
            let parameters = fields.any()?;
            let (hash, mgf, salt) = pss_parameters(parameters.whole)?;
            (Family::RsaPss, hash, mgf.map(|mgf| (mgf, salt)))
        }
        "ED25519" => (Family::Ed25519, None, None),
        "ED448" => (Family::Ed448, None, None),
        "ML-DSA-44" => (Family::MlDsa44, None, None),
        "ML-DSA-65" => (Family::MlDsa65, None, None),
        "ML-DSA-87" => (Family::MlDsa87, None, None),
        name if name.contains("WithRSA") => (Family::Rsa, hash(name), None),
        name if name.starts_with("ecdsa") => (Family::Ecdsa, hash(name), None),
        name if name.starts_with("dsa") => (Family::Dsa, hash(name), None),
        _ => return None,
    };
    Some(CertificateAlgorithm {
        family,
        hash,
        pss,
        name,
    })
}

/// RSASSA-PSS-params (RFC 4055 section 3.1): hash, mask hash, salt length, with the defaults where left out.
pub(super) fn pss_parameters(parameters_der: &[u8]) -> Option<(Option<Hash>, Option<Hash>, usize)> {
    let mut fields = Reader::new(der::only(parameters_der, der::SEQUENCE)?);
    let algorithm = |content: &[u8]| -> Option<Option<Hash>> {
        let mut parts = Reader::new(der::only(content, der::SEQUENCE)?);
        Some(Hash::of_oid(parts.tagged(der::OID)?.content))
    };
    let hash = match fields.tagged(0xa0) {
        Some(tagged) => algorithm(tagged.content)?,
        None => Some(Hash::Sha1),
    };
    let mgf = match fields.tagged(0xa1) {
        Some(tagged) => {
            let mut parts = Reader::new(der::only(tagged.content, der::SEQUENCE)?);
            let mgf1 = parts.tagged(der::OID)?;
            if der::dotted(mgf1.content) != "1.2.840.113549.1.1.8" {
                return None;
            }
            algorithm(parts.any()?.whole)?
        }
        None => Some(Hash::Sha1),
    };
    let salt = match fields.tagged(0xa2) {
        Some(tagged) => {
            let octets = der::unsigned(der::only(tagged.content, der::INTEGER)?)?;
            if octets.len() > 2 {
                return None;
            }
            octets
                .iter()
                .fold(0, |sum, &octet| sum << 8 | usize::from(octet))
        }
        None => 20,
    };
    Some((hash, mgf, salt))
}

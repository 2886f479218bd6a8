//! AlgorithmIdentifiers of certificate signatures (RFC 4055, RFC 5758, RFC 8410).

use aws_lc_rs::digest;

use super::SignatureError;
use crate::facts::{Digest, SignatureAlgorithm, SignatureFamily as Family};
use crate::parse::cert::der::{self, Reader};

/// A hash that this program can compute.
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

    /// The one that makes this digest; `None` where there is none here.
    fn of(digest: Digest) -> Option<Self> {
        match digest {
            Digest::Sha1 => Some(Hash::Sha1),
            Digest::Sha224 => Some(Hash::Sha224),
            Digest::Sha256 => Some(Hash::Sha256),
            Digest::Sha384 => Some(Hash::Sha384),
            Digest::Sha512 => Some(Hash::Sha512),
            _ => None,
        }
    }
}

impl From<Hash> for Digest {
    fn from(hash: Hash) -> Self {
        match hash {
            Hash::Sha1 => Digest::Sha1,
            Hash::Sha224 => Digest::Sha224,
            Hash::Sha256 => Digest::Sha256,
            Hash::Sha384 => Digest::Sha384,
            Hash::Sha512 => Digest::Sha512,
        }
    }
}

/// A certificate's signature algorithm taken apart.
#[derive(Clone, Debug)]
pub(crate) struct CertificateAlgorithm {
    /// The algorithm, which displays as OpenSSL's name for it.
    pub(crate) algorithm: SignatureAlgorithm,
    /// Its family.
    pub(crate) family: Family,
    /// The digest: the OID's, or that of RSASSA-PSS parameters; `None` where it is part of the
    /// algorithm.
    pub(crate) digest: Option<Digest>,
    /// Mask digest and salt length of RSASSA-PSS.
    pub(crate) pss: Option<(Digest, usize)>,
}

impl CertificateAlgorithm {
    /// What OpenSSL 3.0's `X509_get_signature_info` says about its strength
    /// (`ossl_x509_init_sig_info`): half the digest's length, less for those with known collisions;
    /// 0 = it does not know the algorithm.
    pub(crate) fn security_bits(&self) -> u32 {
        match (self.family, self.digest) {
            (Family::Ed25519, _) => 128,
            (Family::Ed448, _) => 224,
            (Family::MlDsa44 | Family::MlDsa65 | Family::MlDsa87, _) => 0,
            (Family::RsaPss, Some(Digest::Sha1)) => 64,
            (Family::RsaPss, None) => 0,
            (_, Some(digest)) => match digest {
                Digest::Md2 | Digest::Md4 => 64,
                Digest::Md5 => 39,
                Digest::Sha1 => 63,
                Digest::Sha224 | Digest::Sha512With224 | Digest::Sha3With224 => 112,
                Digest::Sha256 | Digest::Sha512With256 | Digest::Sha3With256 | Digest::Sm3 => 128,
                Digest::Sha384 | Digest::Sha3With384 => 192,
                Digest::Sha512 | Digest::Sha3With512 => 256,
            },
            (_, None) => 128,
        }
    }

    /// Whether RSASSA-PSS uses one digest throughout and a salt of its length, the only way that
    /// TLS and BR 7.1.3.2 have.
    pub(crate) fn is_plain_pss(&self) -> bool {
        self.mask()
            .zip(self.hash())
            .is_some_and(|((mask, salt), hash)| mask == hash && salt == hash.length())
    }

    /// What the message is hashed with; `None` where this program does not have it.
    pub(super) fn hash(&self) -> Option<Hash> {
        self.digest.and_then(Hash::of)
    }

    /// Mask hash and salt length of RSASSA-PSS, likewise.
    pub(super) fn mask(&self) -> Option<(Hash, usize)> {
        let (digest, salt) = self.pss?;
        Some((Hash::of(digest)?, salt))
    }
}

/// Reads an AlgorithmIdentifier; `None` for an algorithm that OpenSSL 3.0 does not know as a
/// signature either.
pub(crate) fn certificate_algorithm(algorithm_der: &[u8]) -> Option<CertificateAlgorithm> {
    let algorithm = crate::parse::cert::signature_algorithm(algorithm_der);
    let family = algorithm.family().filter(|family| *family != Family::Sm2)?;
    let mut digest = algorithm.digest();
    let mut pss = None;
    if family == Family::RsaPss {
        let mut fields = Reader::new(der::only(algorithm_der, der::SEQUENCE)?);
        fields.tagged(der::OID)?;
        let (hash, mask, salt) = pss_parameters(fields.any()?.whole)?;
        digest = hash;
        pss = mask.map(|mask| (mask, salt));
    }
    Some(CertificateAlgorithm {
        algorithm,
        family,
        digest,
        pss,
    })
}

/// RSASSA-PSS-params (RFC 4055 section 3.1): digest, mask digest, salt length, with the defaults
/// where left out.
pub(super) fn pss_parameters(
    parameters_der: &[u8],
) -> Option<(Option<Digest>, Option<Digest>, usize)> {
    let mut fields = Reader::new(der::only(parameters_der, der::SEQUENCE)?);
    let algorithm = |content: &[u8]| -> Option<Option<Digest>> {
        let mut parts = Reader::new(der::only(content, der::SEQUENCE)?);
        Some(Digest::of_oid(&der::dotted(
            parts.tagged(der::OID)?.content,
        )))
    };
    let hash = match fields.tagged(0xa0) {
        Some(tagged) => algorithm(tagged.content)?,
        None => Some(Digest::Sha1),
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
        None => Some(Digest::Sha1),
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

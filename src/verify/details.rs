//! What path validation needs of a certificate beyond the facts: the state that OpenSSL caches with
//! each `X509` (`ossl_x509v3_cache_extensions`, v3_purp.c).

mod extensions;
mod strength;

use crate::facts::{Certificate, SignatureFamily as Family};
use crate::parse::cert::der::{self, Layout, Reader};
use crate::parse::{key, name};

use super::signature::{CertificateAlgorithm, certificate_algorithm};

pub(super) use extensions::{Extensions, GeneralName, NameConstraints, Subtree};
use strength::key_strength;

/// keyUsage bits as OpenSSL numbers them (`KU_*`).
pub(super) mod ku {
    pub(in crate::verify) const DIGITAL_SIGNATURE: u16 = 0x80;
    pub(in crate::verify) const KEY_ENCIPHERMENT: u16 = 0x20;
    pub(in crate::verify) const KEY_AGREEMENT: u16 = 0x08;
    pub(in crate::verify) const KEY_CERT_SIGN: u16 = 0x04;
    pub(in crate::verify) const CRL_SIGN: u16 = 0x02;
}

/// One certificate's cached state; everything owned, so that anchors keep theirs.
#[derive(Clone, Debug)]
pub(super) struct Details {
    /// Where the parts lie.
    pub(super) layout: Layout,
    /// The subject in comparable form.
    pub(super) subject: Vec<u8>,
    /// The issuer in comparable form.
    pub(super) issuer: Vec<u8>,
    /// The serial number without redundant zeros.
    serial: Vec<u8>,
    /// The extensions.
    pub(super) extensions: Extensions,
    /// The signature algorithm inside the signed part, by which issuers are chosen; `None` when
    /// unknown to OpenSSL.
    pub(super) algorithm: Option<CertificateAlgorithm>,
    /// Whether inner and outer signature algorithm are the same.
    pub(super) algorithms_agree: bool,
    /// The key's type.
    pub(super) key_kind: KeyKind,
    /// The key's strength in OpenSSL's security bits; `None` when OpenSSL could not decode the key.
    pub(super) key_strength: Option<u32>,
    /// Whether an EC key spells its curve out instead of naming it.
    pub(super) explicit_curve: bool,
    /// Self-issued: subject and issuer are the same name (`EXFLAG_SI`).
    pub(super) self_issued: bool,
    /// Looks self-signed (`EXFLAG_SS`); the signature has not been checked.
    pub(super) looks_self_signed: bool,
    /// Whether notBefore and notAfter are in the form that `X509_cmp_time` reads.
    pub(super) times_well_formed: (bool, bool),
}

impl Details {
    /// Reads them; `None` for an unreadable certificate.
    pub(super) fn of(certificate: &Certificate) -> Option<Self> {
        if certificate.unreadable.is_some() {
            return None;
        }
        let der = certificate.der.as_slice();
        let layout = der::layout(der)?;
        let subject = name::canonical(&der[layout.subject.clone()]);
        let issuer = name::canonical(&der[layout.issuer.clone()]);
        let self_issued = subject == issuer;
        let spki = key::spki(&der[layout.spki.clone()]);
        let mut validity = Reader::new(&der[layout.validity.clone()]);
        let mut details = Self {
            extensions: Extensions::of(&der[layout.extensions.clone()]),
            algorithm: certificate_algorithm(&der[layout.inner_algorithm.clone()]),
            algorithms_agree: der[layout.inner_algorithm.clone()] == der[layout.algorithm.clone()],
            key_kind: spki
                .as_ref()
                .map_or(KeyKind::Other, |spki| KeyKind::of(spki.oid)),
            serial: der::trimmed(&der[layout.serial.clone()]).to_vec(),
            key_strength: spki.as_ref().and_then(key_strength),
            explicit_curve: spki.is_some_and(|spki| {
                spki.oid == key::oid::EC
                    && spki
                        .parameters
                        .is_some_and(|parameters| parameters.tag == der::SEQUENCE)
            }),
            self_issued,
            looks_self_signed: false,
            times_well_formed: (
                validity.any().is_some_and(is_rfc5280_time),
                validity.any().is_some_and(is_rfc5280_time),
            ),
            subject,
            issuer,
            layout,
        };
        details.looks_self_signed =
            self_issued && details.authority_matches(&details) && details.key_fits(&details);
        Some(details)
    }

    /// `X509_self_signed` without the signature: `None` where OpenSSL reports an internal error.
    pub(super) fn self_signed(&self) -> Option<bool> {
        (self.key_strength.is_some() && !self.extensions.invalid).then_some(self.looks_self_signed)
    }

    /// `ossl_x509_likely_issued`: whether this certificate may have issued `child`, its signature
    /// apart.
    pub(super) fn likely_issued(&self, child: &Self) -> bool {
        self.subject == child.issuer
            && !self.extensions.invalid
            && !child.extensions.invalid
            && self.authority_matches(child)
            && self.key_fits(child)
    }

    /// `X509_check_akid`: whether this is the issuer that the child's authorityKeyIdentifier points
    /// at.
    fn authority_matches(&self, child: &Self) -> bool {
        let Some(authority) = &child.extensions.authority_key_id else {
            return true;
        };
        let keys_differ = match (&authority.key_id, &self.extensions.subject_key_id) {
            (Some(wanted), Some(own)) => wanted != own,
            _ => false,
        };
        !keys_differ
            && authority
                .serial
                .as_ref()
                .is_none_or(|serial| *serial == self.serial)
            && authority
                .issuer
                .as_ref()
                .is_none_or(|issuer| *issuer == self.issuer)
    }

    /// Whether the child's authorityKeyIdentifier has this key and serial number, as far as it has
    /// any; the issuer's name in it does not count.
    pub(super) fn is_pointed_at_by(&self, child: &Self) -> bool {
        let Some(authority) = &child.extensions.authority_key_id else {
            return true;
        };
        let differs = |wanted: &Option<Vec<u8>>, own: Option<&Vec<u8>>| match (wanted, own) {
            (Some(wanted), Some(own)) => wanted != own,
            _ => false,
        };
        let own = &self.extensions.subject_key_id;
        !differs(&authority.key_id, own.as_ref()) && !differs(&authority.serial, Some(&self.serial))
    }

    /// `check_sig_alg_match`: whether a key like this one makes signatures like the child's.
    fn key_fits(&self, child: &Self) -> bool {
        let Some(algorithm) = &child.algorithm else {
            return false;
        };
        self.key_strength.is_some()
            && match algorithm.family {
                Family::Rsa => self.key_kind == KeyKind::Rsa,
                Family::RsaPss => matches!(self.key_kind, KeyKind::Rsa | KeyKind::RsaPss),
                Family::Ecdsa => self.key_kind == KeyKind::Ec,
                Family::Dsa => self.key_kind == KeyKind::Dsa,
                Family::Ed25519 => self.key_kind == KeyKind::Ed25519,
                Family::Ed448 => self.key_kind == KeyKind::Ed448,
                // OpenSSL 3.0 does not know them.
                Family::Sm2 | Family::MlDsa44 | Family::MlDsa65 | Family::MlDsa87 => false,
            }
    }

    /// `X509_check_ca` (v3_purp.c `check_ca`): 0 no CA, 1 CA, 3 self-signed v1, 4 by keyUsage, 5 by
    /// nsCertType.
    pub(super) fn check_ca(&self) -> u8 {
        let extensions = &self.extensions;
        if extensions.invalid || extensions.key_usage_lacks(ku::KEY_CERT_SIGN) {
            return 0;
        }
        match extensions.basic_constraints_ca {
            Some(ca) => u8::from(ca),
            None if self.layout.version == 0 && self.looks_self_signed => 3,
            None if extensions.key_usage.is_some() => 4,
            None if extensions
                .netscape_type
                .is_some_and(|bits| bits & NS_ANY_CA != 0) =>
            {
                5
            }
            None => 0,
        }
    }
}

/// nsCertType: SSL client.
pub(super) const NS_SSL_CLIENT: u8 = 0x80;
/// nsCertType: SSL server.
pub(super) const NS_SSL_SERVER: u8 = 0x40;
/// nsCertType: SSL CA.
pub(super) const NS_SSL_CA: u8 = 0x04;
/// nsCertType: any of SSL CA, S/MIME CA, object signing CA.
const NS_ANY_CA: u8 = 0x07;

/// The key's type, as far as signatures tell them apart.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum KeyKind {
    Rsa,
    RsaPss,
    Ec,
    Dsa,
    Ed25519,
    Ed448,
    Other,
}

impl KeyKind {
    fn of(oid: &[u8]) -> Self {
        match oid {
            key::oid::RSA => KeyKind::Rsa,
            key::oid::RSA_PSS => KeyKind::RsaPss,
            key::oid::EC => KeyKind::Ec,
            key::oid::DSA => KeyKind::Dsa,
            key::oid::ED25519 => KeyKind::Ed25519,
            key::oid::ED448 => KeyKind::Ed448,
            _ => KeyKind::Other,
        }
    }
}

/// Whether a time has the form `YYMMDDHHMMSSZ` or `YYYYMMDDHHMMSSZ`, all that `X509_cmp_time`
/// reads.
fn is_rfc5280_time(time: der::Tlv<'_>) -> bool {
    let digits = match (time.tag, time.content.len()) {
        (0x17, 13) | (0x18, 15) => time.content.strip_suffix(b"Z"),
        _ => None,
    };
    digits.is_some_and(|digits| digits.iter().all(u8::is_ascii_digit))
}

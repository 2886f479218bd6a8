//! What the certificates of a simulated sender and server look like before a recipe changes them.

use jiff::{SignedDuration, Timestamp};
use rcgen::{
    BasicConstraints, CertificateParams, CertifiedIssuer, DistinguishedName, DnType,
    ExtendedKeyUsagePurpose, IsCa, KeyPair, KeyUsagePurpose, SigningKey,
};
use rustls_pki_types::ServerName;
use time::OffsetDateTime;

use super::PkiError;

/// An authority's certificate and key.
pub(super) type Issuer = CertifiedIssuer<'static, KeyPair>;

/// The DNS name in the simulated sender's leaf (`.test`: RFC 6761 section 6.2).
pub(super) const SENDER_DNS: &str = "sender.simulated.test";

/// The kind of key that leaves get. Authorities always have ECDSA P-256 keys: they are made in well
/// under a millisecond.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LeafKey {
    /// ECDSA on P-256.
    #[default]
    EcdsaP256,
    /// RSA with 2048 bits; takes a noticeable part of a second to make.
    Rsa2048,
}

impl LeafKey {
    /// A new key. Ed25519 is left out on purpose: OpenSSL 3.0 does not read the library's PKCS#8
    /// form of it.
    pub(super) fn generate(self) -> Result<KeyPair, PkiError> {
        let algorithm = match self {
            Self::EcdsaP256 => &rcgen::PKCS_ECDSA_P256_SHA256,
            Self::Rsa2048 => &rcgen::PKCS_RSA_SHA256,
        };
        Ok(KeyPair::generate_for(algorithm)?)
    }
}

/// When a certificate is valid, in days from now.
#[derive(Clone, Copy, Debug)]
pub(super) struct Days(pub(super) i64, pub(super) i64);

impl Days {
    /// A root's usual span.
    pub(super) const ROOT: Self = Self(-730, 2920);
    /// An intermediate's usual span.
    pub(super) const INTERMEDIATE: Self = Self(-365, 1460);
    /// A leaf's usual span. It starts a day ago so that a peer whose clock is slow accepts it as
    /// well.
    pub(super) const LEAF: Self = Self(-1, 89);
    /// Over since yesterday.
    pub(super) const PAST: Self = Self(-91, -1);
    /// Over since yesterday, for an authority.
    pub(super) const PAST_AUTHORITY: Self = Self(-730, -1);
    /// A revocation list's usual span.
    pub(super) const LIST: Self = Self(-1, 30);
    /// Starts in a month.
    pub(super) const FUTURE: Self = Self(30, 120);
}

/// `now` moved by `days`, as the certificate library wants it.
pub(super) fn moved(now: Timestamp, days: i64) -> Result<OffsetDateTime, PkiError> {
    let moved = now
        .checked_add(SignedDuration::from_hours(24 * days))
        .map_err(|_| PkiError::Clock(now))?;
    OffsetDateTime::from_unix_timestamp(moved.as_second()).map_err(|_| PkiError::Clock(now))
}

/// Whether a whole PKI can be dated around `now`: the library panics on years that RFC 5280 cannot
/// write.
pub(super) fn datable(now: Timestamp) -> Result<(), PkiError> {
    let year = moved(now, 0)?.year();
    if (1950..=9900).contains(&year) {
        Ok(())
    } else {
        Err(PkiError::Clock(now))
    }
}

/// Everything that all certificates share.
fn base(now: Timestamp, days: Days, common_name: &str) -> Result<CertificateParams, PkiError> {
    let mut name = DistinguishedName::new();
    name.push(DnType::OrganizationName, "simulated by mtls");
    name.push(DnType::CommonName, common_name);
    let mut params = CertificateParams::default();
    params.distinguished_name = name;
    params.not_before = moved(now, days.0)?;
    params.not_after = moved(now, days.1)?;
    Ok(params)
}

/// A root.
pub(super) fn root(now: Timestamp, days: Days, common_name: &str) -> Result<Issuer, PkiError> {
    let mut params = base(now, days, common_name)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    Ok(Issuer::self_signed(params, KeyPair::generate()?)?)
}

/// The parameters of an intermediate that issues leaves for `usage` and no further authority.
pub(super) fn intermediate(
    now: Timestamp,
    days: Days,
    common_name: &str,
    usage: ExtendedKeyUsagePurpose,
) -> Result<CertificateParams, PkiError> {
    let mut params = base(now, days, common_name)?;
    params.is_ca = IsCa::Ca(BasicConstraints::Constrained(0));
    params.key_usages = vec![
        KeyUsagePurpose::DigitalSignature,
        KeyUsagePurpose::KeyCertSign,
        KeyUsagePurpose::CrlSign,
    ];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// The parameters of a leaf for `usage`, valid for `names`.
pub(super) fn leaf(
    now: Timestamp,
    common_name: &str,
    usage: ExtendedKeyUsagePurpose,
    names: &[&str],
) -> Result<CertificateParams, PkiError> {
    let mut params = base(now, Days::LEAF, common_name)?;
    for name in names {
        let refused = || PkiError::Name((*name).to_owned());
        // The library takes any ASCII for a host name, the empty text too.
        known(name).ok_or_else(refused)?;
        let with_one = CertificateParams::new([(*name).to_owned()]).map_err(|_| refused())?;
        params.subject_alt_names.extend(with_one.subject_alt_names);
    }
    params.is_ca = IsCa::ExplicitNoCa;
    params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
    params.extended_key_usages = vec![usage];
    params.use_authority_key_identifier_extension = true;
    Ok(params)
}

/// Sets other dates.
pub(super) fn dated(
    params: &mut CertificateParams,
    now: Timestamp,
    days: Days,
) -> Result<(), PkiError> {
    params.not_before = moved(now, days.0)?;
    params.not_after = moved(now, days.1)?;
    Ok(())
}

/// An authority below `issuer`.
pub(super) fn authority_below(
    params: CertificateParams,
    issuer: &rcgen::Issuer<'_, impl SigningKey>,
) -> Result<Issuer, PkiError> {
    Ok(Issuer::signed_by(params, KeyPair::generate()?, issuer)?)
}

/// An IP address, a host name, or a host name behind `*.`.
fn known(name: &str) -> Option<()> {
    let (host, wildcard) = match name.strip_prefix("*.") {
        Some(host) => (host, true),
        None => (name, false),
    };
    match ServerName::try_from(host).ok()? {
        ServerName::IpAddress(_) if wildcard => None,
        _ => Some(()),
    }
}

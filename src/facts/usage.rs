//! What a certificate's key may be used for.

use std::fmt;

use serde::{Serialize, Serializer};

/// A bit of the keyUsage extension (RFC 5280 section 4.2.1.3). Displays and serialises as its name
/// there.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum KeyUsage {
    /// digitalSignature, bit 0.
    DigitalSignature,
    /// nonRepudiation, bit 1; X.509 calls it contentCommitment now.
    NonRepudiation,
    /// keyEncipherment, bit 2.
    KeyEncipherment,
    /// dataEncipherment, bit 3.
    DataEncipherment,
    /// keyAgreement, bit 4.
    KeyAgreement,
    /// keyCertSign, bit 5.
    KeyCertSign,
    /// cRLSign, bit 6.
    CrlSign,
    /// encipherOnly, bit 7.
    EncipherOnly,
    /// decipherOnly, bit 8.
    DecipherOnly,
}

impl fmt::Display for KeyUsage {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::DigitalSignature => "digitalSignature",
            Self::NonRepudiation => "nonRepudiation",
            Self::KeyEncipherment => "keyEncipherment",
            Self::DataEncipherment => "dataEncipherment",
            Self::KeyAgreement => "keyAgreement",
            Self::KeyCertSign => "keyCertSign",
            Self::CrlSign => "cRLSign",
            Self::EncipherOnly => "encipherOnly",
            Self::DecipherOnly => "decipherOnly",
        })
    }
}

impl Serialize for KeyUsage {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// A purpose of the extKeyUsage extension (RFC 5280 section 4.2.1.12). Displays and serialises as
/// its name there, or as the dotted OID of one that has no name here.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Eku {
    /// id-kp-serverAuth.
    ServerAuth,
    /// id-kp-clientAuth.
    ClientAuth,
    /// id-kp-codeSigning.
    CodeSigning,
    /// id-kp-emailProtection.
    EmailProtection,
    /// id-kp-timeStamping.
    TimeStamping,
    /// id-kp-OCSPSigning.
    OcspSigning,
    /// anyExtendedKeyUsage.
    Any,
    /// The dotted OID of another.
    Other(String),
}

impl Eku {
    /// The purpose with this dotted OID.
    pub fn of_oid(dotted: &str) -> Self {
        match dotted {
            "1.3.6.1.5.5.7.3.1" => Self::ServerAuth,
            "1.3.6.1.5.5.7.3.2" => Self::ClientAuth,
            "1.3.6.1.5.5.7.3.3" => Self::CodeSigning,
            "1.3.6.1.5.5.7.3.4" => Self::EmailProtection,
            "1.3.6.1.5.5.7.3.8" => Self::TimeStamping,
            "1.3.6.1.5.5.7.3.9" => Self::OcspSigning,
            "2.5.29.37.0" => Self::Any,
            other => Self::Other(other.to_owned()),
        }
    }
}

impl fmt::Display for Eku {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.pad(match self {
            Self::ServerAuth => "serverAuth",
            Self::ClientAuth => "clientAuth",
            Self::CodeSigning => "codeSigning",
            Self::EmailProtection => "emailProtection",
            Self::TimeStamping => "timeStamping",
            Self::OcspSigning => "OCSPSigning",
            Self::Any => "anyExtendedKeyUsage",
            Self::Other(oid) => oid,
        })
    }
}

impl Serialize for Eku {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Values as a text lists them, `between` them this.
pub fn listed<T: fmt::Display>(values: impl IntoIterator<Item = T>, between: &str) -> String {
    let mut text = String::new();
    for (index, value) in values.into_iter().enumerate() {
        if index > 0 {
            text.push_str(between);
        }
        text.push_str(&value.to_string());
    }
    text
}

/// What stands behind the certificate of a `TRUSTED CERTIFICATE` block: the purposes that OpenSSL
/// trusts it for (`X509_CERT_AUX`).
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TrustSettings {
    /// Purposes that are trusted, and no others; `None` where none is named.
    pub trusted: Option<Vec<Eku>>,
    /// Purposes that are rejected.
    pub rejected: Vec<Eku>,
}

impl TrustSettings {
    /// Whether OpenSSL 3.0 rejects every chain to the certificate for this purpose (`obj_trust` of
    /// `x509_trust.c`).
    pub fn exclude(&self, purpose: &Eku) -> bool {
        let named = |list: &[Eku]| list.iter().any(|one| one == purpose || *one == Eku::Any);
        named(&self.rejected) || self.trusted.as_deref().is_some_and(|list| !named(list))
    }
}

impl fmt::Display for TrustSettings {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let listed = |list: &[Eku]| {
            let names: Vec<String> = list.iter().map(Eku::to_string).collect();
            names.join(", ")
        };
        match &self.trusted {
            Some(trusted) => write!(formatter, "trusted for {} alone", listed(trusted))?,
            None => formatter.write_str("trusted for every other purpose")?,
        }
        if !self.rejected.is_empty() {
            write!(formatter, ", rejected for {}", listed(&self.rejected))?;
        }
        Ok(())
    }
}

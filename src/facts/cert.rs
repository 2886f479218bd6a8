//! One X.509 certificate (RFC 5280), distilled once so that no parser's type travels further.

use std::ops::Range;

use jiff::Timestamp;
use serde::Serialize;

use super::{Curve, Eku, Form, KeyAlgorithm, KeyUsage, SignatureAlgorithm};

/// The subject public key.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Key {
    /// `RSA`, `RSA-PSS`, `EC`, `Ed25519`, `Ed448`, or the OID of an algorithm we do not know.
    #[schemars(with = "String")]
    pub algorithm: KeyAlgorithm,
    /// The curve of an EC key (`P-256`), or its OID; `None` for other keys.
    #[schemars(with = "Option<String>")]
    pub curve: Option<Curve>,
    /// Modulus size, field size or key size, in bits; 0 when it could not be told.
    pub bits: u32,
}

/// Why a certificate's DER could not be read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct UnreadableCertificate {
    /// What the parser met, in words.
    pub reason: String,
}

/// A certificate. Names are printed as OpenSSL does by default (`C = US, O = Example, CN = leaf`), since that is what
/// people have in their notes; hostile characters stay escaped the way OpenSSL escapes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Certificate {
    /// Subject distinguished name, OpenSSL `oneline` form.
    pub subject: String,
    /// Issuer distinguished name, same form.
    pub issuer: String,
    /// Serial number, upper-case hexadecimal without separators; `-` first when negative.
    pub serial: String,
    /// Start of validity.
    #[schemars(with = "String")]
    pub not_before: Timestamp,
    /// End of validity, inclusive (RFC 5280 section 4.1.2.5).
    #[schemars(with = "String")]
    pub not_after: Timestamp,
    /// Subject alternative names as `DNS:…`, `IP:…`, `email:…`, `URI:…`, `dirName:…`, `other:…`.
    pub sans: Vec<String>,
    /// Extended key usages as `serverAuth`, `clientAuth`, … or an OID; `None` when the extension is absent.
    #[schemars(with = "Option<Vec<String>>")]
    pub eku: Option<Vec<Eku>>,
    /// Key usages as in RFC 5280 section 4.2.1.3 (`digitalSignature`, …); `None` when the extension is absent.
    #[schemars(with = "Option<Vec<String>>")]
    pub key_usage: Option<Vec<KeyUsage>>,
    /// Whether basic constraints say CA.
    pub is_ca: bool,
    /// The path length constraint, when there is one.
    pub path_len: Option<u32>,
    /// The public key.
    pub key: Key,
    /// The algorithm that its issuer's signature is made with, outside the signed part.
    #[schemars(with = "String")]
    pub signature_algorithm: SignatureAlgorithm,
    /// SHA-256 of the DER, lower-case hexadecimal.
    pub sha256: String,
    /// SHA-256 of the SubjectPublicKeyInfo's DER, lower-case hexadecimal.
    pub spki_sha256: String,
    /// X.509 version, 1 to 3.
    pub version: u32,
    /// Whether subject and issuer are the same name.
    pub self_issued: bool,
    /// Subject key identifier, lower-case hexadecimal.
    pub subject_key_id: Option<String>,
    /// Authority key identifier (its keyIdentifier field), lower-case hexadecimal.
    pub authority_key_id: Option<String>,
    /// OIDs of critical extensions that neither OpenSSL 3.0 nor webpki processes.
    pub unknown_critical: Vec<String>,
    /// Set when the DER could not be read; every other field but `sha256` is then empty.
    pub unreadable: Option<UnreadableCertificate>,
    /// The DER itself.
    #[serde(skip)]
    pub der: Vec<u8>,
    /// Where the parts that path building compares lie in `der`.
    #[serde(skip)]
    pub parts: DerParts,
    /// How it is written.
    #[serde(skip)]
    pub form: Box<Form>,
}

/// Byte ranges of a certificate's DER; all empty when it could not be read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DerParts {
    /// The subject Name, tag and length included.
    pub subject: Range<usize>,
    /// The issuer Name, tag and length included.
    pub issuer: Range<usize>,
    /// The SubjectPublicKeyInfo, tag and length included.
    pub spki: Range<usize>,
}

/// The common name in a name as OpenSSL prints it.
pub fn common_name(name: &str) -> Option<&str> {
    let at = name
        .rfind("CN = ")
        .filter(|&at| at == 0 || name[..at].ends_with([' ', '+']))?;
    let value = &name[at + 5..];
    Some(value.split(", ").next().unwrap_or(value))
}

impl Certificate {
    /// The subject's common name, when the printed subject has one.
    pub fn common_name(&self) -> Option<&str> {
        common_name(&self.subject)
    }

    /// The subject Name's DER.
    pub fn subject_der(&self) -> &[u8] {
        self.der.get(self.parts.subject.clone()).unwrap_or_default()
    }

    /// The issuer Name's DER.
    pub fn issuer_der(&self) -> &[u8] {
        self.der.get(self.parts.issuer.clone()).unwrap_or_default()
    }

    /// The SubjectPublicKeyInfo's DER.
    pub fn spki_der(&self) -> &[u8] {
        self.der.get(self.parts.spki.clone()).unwrap_or_default()
    }

    /// What to call it in one short phrase: its subject, else its first alternative name, else its fingerprint.
    pub fn label(&self) -> String {
        if !self.subject.is_empty() {
            self.subject.clone()
        } else if let Some(name) = self.sans.first() {
            name.clone()
        } else {
            format!("sha256:{}", &self.sha256[..self.sha256.len().min(16)])
        }
    }
}

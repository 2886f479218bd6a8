//! What was fetched from the addresses that certificates name (`--fetch`), and what that says: the
//! issuers that were missing, and whether a certificate is revoked.

use std::{fmt, sync::Arc};

use jiff::Timestamp;
use serde::Serialize;

use super::{Certificate, TrustFacts, TrustStatus};

/// Why something was fetched.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum FetchedFor {
    /// The certificate of an issuer (authorityInfoAccess, caIssuers).
    Issuer,
    /// The answer of an OCSP responder (authorityInfoAccess, ocsp).
    Ocsp,
    /// A revocation list (cRLDistributionPoints).
    Crl,
}

impl FetchedFor {
    /// As people call what it is asked for.
    pub fn name(self) -> &'static str {
        match self {
            Self::Issuer => "issuer",
            Self::Ocsp => "OCSP",
            Self::Crl => "CRL",
        }
    }
}

/// One address that was asked, or that could not be.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Fetched {
    /// Why.
    pub why: FetchedFor,
    /// The subject of the certificate that names the address.
    pub named_by: String,
    /// The address.
    pub url: String,
    /// Where a redirect led.
    pub redirected_to: Option<String>,
    /// Length of the answer in bytes; `None` without an answer.
    pub bytes: Option<u64>,
    /// SHA-256 of the answer, lower-case hexadecimal.
    pub sha256: Option<String>,
    /// Why there is no answer, or why it was of no use.
    pub problem: Option<String>,
}

/// The certificate of an issuer that was fetched. The signature of the certificate that it was
/// fetched for verifies with its key; that does not make it a trust anchor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FetchedIssuer {
    /// The certificate.
    pub certificate: Arc<Certificate>,
    /// SHA-256 of the certificate that it issued.
    pub below: String,
    /// Where it was fetched.
    pub url: String,
}

/// Whether a certificate is revoked.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationStatus {
    /// A verified answer says that it is not.
    Good,
    /// A verified answer says that it is.
    Revoked,
    /// It was asked, and no answer could be verified.
    Unknown,
    /// The certificate names neither an OCSP responder nor a revocation list: nobody can be asked.
    NotPublished,
}

/// Why a certificate is revoked (RFC 5280 section 5.3.1, CRLReason). Displays as that section
/// writes it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum RevocationReason {
    /// 0.
    Unspecified,
    /// 1.
    KeyCompromise,
    /// 2.
    #[serde(rename = "cACompromise")]
    CaCompromise,
    /// 3.
    AffiliationChanged,
    /// 4.
    Superseded,
    /// 5.
    CessationOfOperation,
    /// 6: it may be lifted.
    CertificateHold,
    /// 8.
    #[serde(rename = "removeFromCRL")]
    RemoveFromCrl,
    /// 9.
    PrivilegeWithdrawn,
    /// 10.
    #[serde(rename = "aACompromise")]
    AaCompromise,
}

impl RevocationReason {
    /// The reason with this number; `None` for a number that the standard does not know.
    pub fn of(number: u8) -> Option<Self> {
        Some(match number {
            0 => Self::Unspecified,
            1 => Self::KeyCompromise,
            2 => Self::CaCompromise,
            3 => Self::AffiliationChanged,
            4 => Self::Superseded,
            5 => Self::CessationOfOperation,
            6 => Self::CertificateHold,
            8 => Self::RemoveFromCrl,
            9 => Self::PrivilegeWithdrawn,
            10 => Self::AaCompromise,
            _ => return None,
        })
    }
}

impl fmt::Display for RevocationReason {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Unspecified => "unspecified",
            Self::KeyCompromise => "keyCompromise",
            Self::CaCompromise => "cACompromise",
            Self::AffiliationChanged => "affiliationChanged",
            Self::Superseded => "superseded",
            Self::CessationOfOperation => "cessationOfOperation",
            Self::CertificateHold => "certificateHold",
            Self::RemoveFromCrl => "removeFromCRL",
            Self::PrivilegeWithdrawn => "privilegeWithdrawn",
            Self::AaCompromise => "aACompromise",
        })
    }
}

/// Whether one certificate is revoked, and what that rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Revocation {
    /// Its subject, or what stands for it.
    pub subject: String,
    /// SHA-256 of its DER, lower-case hexadecimal.
    pub sha256: String,
    /// The answer.
    pub status: RevocationStatus,
    /// When it was revoked.
    #[schemars(with = "Option<String>")]
    pub revoked_at: Option<Timestamp>,
    /// Why it was revoked, where the answer says so.
    pub reason: Option<RevocationReason>,
    /// What answered; `None` where nothing did.
    pub by: Option<FetchedFor>,
    /// Where the answer was fetched.
    pub url: Option<String>,
    /// Whose verified signature the answer bears.
    pub signed_by: Option<String>,
    /// From when on the answer is true.
    #[schemars(with = "Option<String>")]
    pub this_update: Option<Timestamp>,
    /// Until when it is to be used.
    #[schemars(with = "Option<String>")]
    pub next_update: Option<Timestamp>,
    /// Why it is not known.
    pub problem: Option<String>,
}

impl Revocation {
    /// Nothing is known of this certificate yet.
    pub fn unknown(certificate: &Certificate, problem: impl Into<String>) -> Self {
        Self {
            subject: certificate.label(),
            sha256: certificate.sha256.clone(),
            status: RevocationStatus::Unknown,
            revoked_at: None,
            reason: None,
            by: None,
            url: None,
            signed_by: None,
            this_update: None,
            next_update: None,
            problem: Some(problem.into()),
        }
    }
}

/// What was fetched for one chain.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Fetching {
    /// Every address that was asked, in order.
    pub requests: Vec<Fetched>,
    /// The issuers that were missing, from the leaf upwards.
    pub issuers: Vec<FetchedIssuer>,
    /// The verdict on the chain with those issuers; `None` without any.
    pub completed: Option<TrustFacts>,
    /// Whether its certificates are revoked, the leaf first.
    pub revocation: Vec<Revocation>,
    /// Whether private addresses were allowed.
    pub private: bool,
}

impl Fetching {
    /// The certificate that issued this one, among those that were fetched.
    pub fn issuer_of(&self, certificate: &Certificate) -> Option<&FetchedIssuer> {
        self.issuers
            .iter()
            .find(|one| one.below == certificate.sha256)
    }

    /// Whether the chain is trusted with what was fetched.
    pub fn completes(&self) -> bool {
        self.completed
            .as_ref()
            .is_some_and(|trust| trust.status == TrustStatus::Trusted)
    }

    /// Whether it was asked if a certificate is revoked, and is not known.
    pub fn leaves_open(&self) -> bool {
        self.revocation
            .iter()
            .any(|one| one.status == RevocationStatus::Unknown)
    }
}

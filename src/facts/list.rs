//! Revocation lists as files hold them, and as servers use them.

use jiff::Timestamp;
use serde::Serialize;

/// Which certificates of its issuer a list speaks of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ListScope {
    /// All of them.
    Complete,
    /// What changed since another list (deltaCRLIndicator).
    Delta,
    /// Those of other issuers too (indirectCRL).
    Indirect,
    /// Some reasons only.
    SomeReasons,
    /// Attribute certificates, CAs, or end entities only.
    SomeCertificates,
}

/// Whose signature a list bears.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ListSigner {
    /// No certificate was there to ask.
    NotAsked,
    /// Certificates were there, and none bears the issuer's name.
    Absent,
    /// The certificate of this name signed it.
    Signed(String),
    /// The certificate that bears the issuer's name did not, and why.
    Forged(String),
    /// The signature is of a kind that this program does not compute with.
    NotChecked(String),
}

/// What a revocation list says of itself.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct ListFacts {
    /// Its issuer, OpenSSL `oneline` form.
    pub issuer: String,
    /// The issuer in comparable form.
    #[serde(skip)]
    pub issuer_canonical: Vec<u8>,
    /// When it was made.
    #[schemars(with = "String")]
    pub this_update: Timestamp,
    /// When the next one is due.
    #[schemars(with = "Option<String>")]
    pub next_update: Option<Timestamp>,
    /// How many serial numbers it has.
    pub revoked: u64,
    /// What it speaks of.
    pub scope: ListScope,
    /// Critical extensions that are not processed here.
    pub unknown_critical: Vec<String>,
    /// Whose signature it bears.
    pub signer: ListSigner,
    /// Whether the server that names it looks into it.
    #[serde(skip)]
    pub looked_into: bool,
}

/// OpenSSL's numbers: bad signature, not yet valid, expired, critical extension, other scope.
const FORGED: u32 = 8;
const NOT_YET_VALID: u32 = 11;
const EXPIRED: u32 = 12;
const UNHANDLED_CRITICAL: u32 = 36;
const OTHER_SCOPE: u32 = 44;

impl ListFacts {
    /// The error with which OpenSSL refuses a certificate that it looks up in this list,
    /// `X509_V_ERR_*`; `None` when the list is good.
    pub fn error(&self, now: Timestamp) -> Option<u32> {
        if let ListSigner::Forged(_) = self.signer {
            return Some(FORGED);
        }
        if !self.unknown_critical.is_empty() {
            return Some(UNHANDLED_CRITICAL);
        }
        if self.scope != ListScope::Complete && self.scope != ListScope::SomeCertificates {
            return Some(OTHER_SCOPE);
        }
        if now < self.this_update {
            return Some(NOT_YET_VALID);
        }
        match self.next_update {
            Some(next) if next < now => Some(EXPIRED),
            _ => None,
        }
    }
}

/// What a server's lists say about one of the CAs that its clients' certificates may come from.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct ListInUse {
    /// The CA, OpenSSL `oneline` form.
    pub issuer: String,
    /// Its name in comparable form.
    #[serde(skip)]
    pub issuer_canonical: Vec<u8>,
    /// Whether it is one of the anchors of the client-CA file; otherwise it may be an intermediate
    /// that clients send.
    pub anchor: bool,
    /// The error with which a certificate of this CA is refused, whatever it is; `None` when there
    /// is a good list. 3: there is none.
    pub error: Option<u32>,
    /// The list whose error it is was due then.
    #[schemars(with = "Option<String>")]
    pub due: Option<Timestamp>,
}

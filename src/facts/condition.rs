//! What a server asks of a client certificate beyond its chain, and what it passes over.

use serde::Serialize;

use super::ClientAuthMode;

/// What a pin looks at.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Pinned {
    /// The subject's common name.
    CommonName,
    /// The whole subject.
    Subject,
    /// The issuer, or a part of it.
    Issuer,
    /// An alternative name.
    AlternativeName,
    /// A fingerprint or a key, or the certificate itself.
    Fingerprint,
    /// A serial number: whoever makes a certificate chooses it.
    Serial,
    /// Whether verification succeeded; without a certificate it did not.
    Verified,
    /// Whether verification found no error; without a certificate it finds none (HAProxy's
    /// `ssl_c_verify`).
    NoError,
}

/// How a pin compares.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Comparison {
    /// The whole value.
    Equals,
    /// A part of it.
    Contains,
    /// A regular expression.
    Matches,
}

/// A condition on the certificate, beyond its chain, that a request has to fulfil.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Pin {
    /// What it looks at.
    pub of: Pinned,
    /// How it compares.
    pub comparison: Comparison,
    /// The values of which one has to fit; with `negated`, none may.
    pub values: Vec<String>,
    /// Whether it turns away what fits.
    pub negated: bool,
    /// Whether the handshake itself fails; otherwise an HTTP status refuses.
    pub in_handshake: bool,
}

/// What is asked of a request in a part of an address.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Demand {
    /// A certificate, asked for after the handshake: post-handshake authentication in TLS 1.3,
    /// renegotiation before it (Apache).
    Certificate(ClientAuthMode),
    /// A condition on the certificate of the handshake.
    Condition(Pin),
}

/// A demand that is not made of every request.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Partial {
    /// Of which: `location /secure`, `every path but location /health`.
    pub part: String,
    /// Whether that is every request all the same.
    pub every: bool,
    /// What is asked.
    pub demand: Demand,
}

/// Errors of a client's certificate that a server passes over, `X509_V_ERR_*`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Errors {
    /// These.
    These(Vec<u32>),
    /// Every one.
    All,
}

impl Errors {
    /// Whether this one is among them.
    pub fn has(&self, error: u32) -> bool {
        match self {
            Self::These(errors) => errors.contains(&error),
            Self::All => true,
        }
    }
}

/// What HAProxy's `crt-ignore-err` and `ca-ignore-err` pass over.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct Ignored {
    /// Errors of the leaf.
    pub of_leaf: Errors,
    /// Errors of the certificates above it.
    pub of_authorities: Errors,
}

/// For which certificates of a chain a server looks into its revocation lists.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum RevocationCheck {
    /// For none: lists that it names are not used.
    Never,
    /// For the leaf.
    Leaf,
    /// For every certificate below the root: each of their CAs needs a list.
    #[default]
    Chain,
    /// For every certificate whose CA has a list.
    WhereThereIsOne,
}

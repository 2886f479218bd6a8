//! What single verifiers do with one chain: the seven that are known, and the features of a chain
//! by which they differ.

mod every_feature;
mod feature;

use serde::{Deserialize, Serialize};

use super::{Requirement, X509Error};

pub use feature::ChainFeature;

/// A program, or a library under many programs, that verifies chains.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Stack {
    /// OpenSSL 3 as servers and clients run it: no partial chain, security level 2.
    Openssl,
    /// OpenSSL 3 with `-x509_strict` and `-partial_chain`, as Python has it since 3.13.
    OpensslStrict,
    /// Go's crypto/x509.
    Go,
    /// rustls with webpki.
    Rustls,
    /// Java's SunJSSE.
    Java,
    /// BoringSSL, as Envoy runs it.
    Boringssl,
    /// `cryptography.x509.verification` of Python, the web PKI's profile.
    Pyca,
}

impl Stack {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::Openssl,
        Self::OpensslStrict,
        Self::Go,
        Self::Rustls,
        Self::Java,
        Self::Boringssl,
        Self::Pyca,
    ];

    /// Its name for machines, as `--stack` takes it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Openssl => "openssl",
            Self::OpensslStrict => "openssl-strict",
            Self::Go => "go",
            Self::Rustls => "rustls",
            Self::Java => "java",
            Self::Boringssl => "boringssl",
            Self::Pyca => "pyca",
        }
    }

    /// The programs that verify as it does, as people call them.
    pub fn stands_for(self) -> &'static [&'static str] {
        match self {
            Self::Openssl => &["nginx", "Apache", "HAProxy", "Node", "Python up to 3.12"],
            Self::OpensslStrict => &["Python from 3.13"],
            Self::Go => &["Go"],
            Self::Rustls => &["rustls"],
            Self::Java => &["Java"],
            Self::Boringssl => &["Envoy"],
            Self::Pyca => &["pyca/cryptography"],
        }
    }

    /// Whether its answer decides about `status`. The two strict ones refuse what servers of every
    /// kind accept, the chains of easy-rsa and of keytool among them: what they say is told beside
    /// it.
    pub fn is_mainstream(self) -> bool {
        !matches!(self, Self::OpensslStrict | Self::Pyca)
    }
}

/// What a stack does with a chain.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StackAnswer {
    /// It takes it.
    Accepts,
    /// It refuses it.
    Refuses,
    /// The chain has something that was never measured with this stack, or that this program cannot check.
    NotKnown,
}

/// Where in a path a certificate stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum PathPlace {
    /// At its lower end.
    Leaf,
    /// In between.
    Intermediate,
    /// At its upper end, and trusted.
    Anchor,
    /// Not in it, and sent all the same: who cannot read that refuses everything.
    Beside,
}

impl PathPlace {
    /// Its name.
    pub fn name(self) -> &'static str {
        match self {
            Self::Leaf => "leaf",
            Self::Intermediate => "intermediate",
            Self::Anchor => "anchor",
            Self::Beside => "beside",
        }
    }
}

/// Why a stack refuses a chain, or why its answer is not known.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StackReason {
    /// The feature of the chain; `None` for what a verifier that was really asked said itself.
    pub feature: Option<ChainFeature>,
    /// Where the certificate stands.
    pub place: PathPlace,
    /// Its subject.
    pub subject: String,
    /// OpenSSL's number, where there is one.
    pub error: Option<X509Error>,
    /// The requirement of the certificate profile, where it is one.
    pub requirement: Option<Requirement>,
    /// What it is, for the end of a sentence: "basicConstraints of a CA not critical".
    pub why: String,
}

/// One stack's answer on one chain.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct StackVerdict {
    /// The stack.
    pub stack: Stack,
    /// Its version that the answer is for, as measured.
    pub version: String,
    /// The answer.
    pub answer: StackAnswer,
    /// Whether the answer counts for the chain's status.
    pub decides: bool,
    /// Why; empty when it accepts.
    pub reasons: Vec<StackReason>,
}

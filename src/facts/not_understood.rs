//! What a reader of configurations left open: directives that it did not follow, files that it did
//! not get.

use std::fmt;

use serde::{Serialize, Serializer};

use super::FileRole;

/// A file that a configuration names and that could not be read. Displays and serialises as both,
/// with a colon between.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Unreadable {
    /// The file, as the configuration names it.
    pub path: String,
    /// What it is for; the configuration itself is one too.
    pub meant_as: FileRole,
    /// Whether it is there, and whoever asks may not read it.
    pub forbidden: bool,
    /// Why it could not be read.
    pub why: String,
}

impl fmt::Display for Unreadable {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}: {}", self.path, self.why)
    }
}

impl Serialize for Unreadable {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

/// Why something near TLS was not understood. Displays and serialises as what is said of it.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum NotUnderstood {
    /// A condition on the certificate in a form that is not followed.
    Condition,
    /// The same, or what follows from it is not a refusal.
    ConditionOrRefusal,
    /// Conditions that apply together.
    SeveralConditions,
    /// A program of the server's owner decides.
    Program,
    /// A filter of the server that may look at the certificate.
    Filter,
    /// A name that is compared in a way that is not followed.
    Matcher,
    /// Names that are compared in different ways.
    SeveralMatchers,
    /// A word that the directive does not take, with those that it does.
    Expected(&'static str),
    /// A value that this setting is not known to take.
    NotKnown(&'static str),
    /// Names of errors that are passed over and that are not known here.
    ErrorsIgnored(String),
    /// What answers those whose certificate does not hold may let them in.
    RefusalReplaced,
    /// The text ends within a block, or has an end too many.
    Unbalanced,
    /// No router that uses it was read.
    NoRouter,
    /// What is used by this name was not read.
    Elsewhere(String),
    /// The roots of the machine are the authorities.
    SystemRoots,
    /// A value that is made while the server runs.
    MadeWhileRunning,
    /// A variable that is not defined.
    Variable,
    /// A directive within the block about client certificates.
    Directive,
    /// Blocks deeper than this.
    TooDeep(usize),
    /// A file that could not be included, and why.
    Include(String),
    /// A list of certificates, with its name.
    CertificateList(String),
    /// What this setting brings does not stand in a file.
    Inline(&'static str),
    /// Something comes from a secret service.
    SecretService,
    /// The authorities come from a secret service.
    AuthoritiesFromService,
    /// The authorities are in Kubernetes secrets.
    AuthoritiesInSecrets,
    /// Client certificates are trusted by themselves, without an authority.
    TrustedLeaves,
    /// A certificate besides the one that is looked at.
    FurtherCertificate,
    /// The software makes its certificate itself.
    OwnCertificate,
}

impl NotUnderstood {
    /// Whether it may turn clients away that everything understood lets in, or the other way round.
    pub fn may_decide(&self) -> bool {
        match self {
            Self::Condition
            | Self::ConditionOrRefusal
            | Self::SeveralConditions
            | Self::Program
            | Self::Filter
            | Self::Matcher
            | Self::SeveralMatchers
            | Self::Expected(_)
            | Self::NotKnown(_)
            | Self::ErrorsIgnored(_)
            | Self::RefusalReplaced
            | Self::Unbalanced
            | Self::Elsewhere(_)
            | Self::Directive
            | Self::TooDeep(_)
            | Self::Include(_)
            | Self::CertificateList(_)
            | Self::TrustedLeaves => true,
            Self::MadeWhileRunning
            | Self::Variable
            | Self::NoRouter
            | Self::SystemRoots
            | Self::Inline(_)
            | Self::SecretService
            | Self::AuthoritiesFromService
            | Self::AuthoritiesInSecrets
            | Self::FurtherCertificate
            | Self::OwnCertificate => false,
        }
    }

    /// Whether it may say that a certificate is requested.
    pub fn may_request(&self) -> bool {
        matches!(
            self,
            Self::Expected(_)
                | Self::NotKnown(_)
                | Self::Elsewhere(_)
                | Self::Include(_)
                | Self::TooDeep(_)
                | Self::Unbalanced
        )
    }

    /// Whether it may name what client certificates are judged by.
    pub fn may_name_authorities(&self) -> bool {
        match self {
            Self::MadeWhileRunning
            | Self::Variable
            | Self::Directive
            | Self::TooDeep(_)
            | Self::Include(_)
            | Self::CertificateList(_)
            | Self::Inline(_)
            | Self::SecretService
            | Self::AuthoritiesFromService
            | Self::AuthoritiesInSecrets
            | Self::SystemRoots
            | Self::Unbalanced
            | Self::Elsewhere(_)
            | Self::TrustedLeaves => true,
            Self::RefusalReplaced
            | Self::NoRouter
            | Self::Condition
            | Self::ConditionOrRefusal
            | Self::SeveralConditions
            | Self::Program
            | Self::Filter
            | Self::Matcher
            | Self::SeveralMatchers
            | Self::Expected(_)
            | Self::NotKnown(_)
            | Self::ErrorsIgnored(_)
            | Self::FurtherCertificate
            | Self::OwnCertificate => false,
        }
    }
}

impl fmt::Display for NotUnderstood {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(match self {
            Self::Condition => "a condition on the certificate that is more than one comparison",
            Self::ConditionOrRefusal => {
                "a condition on the certificate that is more than one comparison with one rejection"
            }
            Self::SeveralConditions => "several conditions on the certificate at once",
            Self::Program => "a program (Lua, njs, Perl or similar) decides here",
            Self::Filter => "a filter that may look at the certificate",
            Self::Matcher => "a matcher that mtls does not read",
            Self::SeveralMatchers => "names matched in several ways at once",
            Self::Expected(words) => return write!(formatter, "expected {words}"),
            Self::NotKnown(setting) => return write!(formatter, "unknown {setting}"),
            Self::ErrorsIgnored(which) => {
                return write!(
                    formatter,
                    "some certificate errors are ignored ({which}), which is not predicted"
                );
            }
            Self::RefusalReplaced => "its answer to a rejected client may let that client in",
            Self::Unbalanced => "a block is not closed, or closed twice",
            Self::NoRouter => "no router in the files read uses it",
            Self::Elsewhere(what) => return write!(formatter, "{what} was not read"),
            Self::SystemRoots => "the roots of the machine, which are not read",
            Self::MadeWhileRunning => "its value is set while the server runs",
            Self::Variable => "a variable that is not defined in the files read",
            Self::Directive => "not read",
            Self::TooDeep(most) => {
                return write!(
                    formatter,
                    "blocks more than {most} deep, which are not read"
                );
            }
            Self::Include(why) => why,
            Self::CertificateList(list) => {
                return write!(
                    formatter,
                    "the certificates of the list {list} are not read"
                );
            }
            Self::Inline(what) => {
                return write!(
                    formatter,
                    "{what} is inline or comes from elsewhere, and is not read"
                );
            }
            Self::SecretService => "it comes from a secret service, and is not read",
            Self::AuthoritiesFromService => {
                "the CA certificates come from a secret service, and are not read"
            }
            Self::AuthoritiesInSecrets => {
                "the CA certificates are in Kubernetes secrets: give them with --client-ca"
            }
            Self::TrustedLeaves => "leaf certificates are trusted one by one",
            Self::FurtherCertificate => "another certificate: check it separately",
            Self::OwnCertificate => "the certificate is Caddy's own and not in a file",
        })
    }
}

impl Serialize for NotUnderstood {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.collect_str(self)
    }
}

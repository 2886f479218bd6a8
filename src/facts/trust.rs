//! What path validation found out about one chain.

use jiff::Timestamp;
use serde::Serialize;

use super::{Side, Stack, StackAnswer, StackVerdict};

/// The purpose a chain was judged for (RFC 5280 section 4.2.1.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// TLS client authentication.
    ClientAuth,
    /// TLS server authentication.
    ServerAuth,
}

/// The answer. Without any anchor it is `Unknown`, never `Trusted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum TrustStatus {
    /// A path to an anchor holds in every respect asked for: every verifier that decides accepts it. Which do is the question's:
    /// the mainstream ones, those named by `--stack`, RFC 5280 by `--strict`, OpenSSL for `listen`.
    Trusted,
    /// No path holds: every verifier that decides refuses it.
    Untrusted,
    /// Some of them accept it, others refuse it.
    Disputed,
    /// There was nothing to judge against, or something on the way to an anchor could not be checked.
    Unknown,
}

/// OpenSSL's nearest number, `X509_V_ERR_UNSUPPORTED_SIGNATURE_ALGORITHM`, for a signature that this program cannot check.
pub const SIGNATURE_NOT_CHECKED: u32 = 76;

/// OpenSSL's number and text for a verification error (`X509_V_ERR_*`, x509_txt.c of OpenSSL 3.0): the words people search for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, schemars::JsonSchema)]
pub struct X509Error {
    /// The value of the `X509_V_ERR_*` macro.
    pub num: u32,
    /// The text that OpenSSL 3.0 prints for it.
    pub text: &'static str,
}

/// A requirement that the profiles of RFC 5280 section 4 and of the CA/Browser Forum's TLS Baseline Requirements 2.1 (BR) put on
/// a single certificate. `verify::conformance` decides whether it is kept; a rule of `rules` explains it.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, serde::Deserialize, schemars::JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// authorityKeyIdentifier in every certificate that is not self-signed (RFC 5280 section 4.2.1.1).
    AuthorityKeyId,
    /// keyIdentifier within it (same section).
    AuthorityKeyIdValue,
    /// A self-signed certificate's identifiers agree (BR 7.1.2.1.3).
    RootKeyIds,
    /// subjectKeyIdentifier in every authority (RFC 5280 section 4.2.1.2).
    AuthoritySubjectKeyId,
    /// subjectKeyIdentifier in a leaf, a SHOULD (same section).
    LeafSubjectKeyId,
    /// Extensions that have to be critical: basicConstraints of an authority, nameConstraints, policyConstraints,
    /// inhibitAnyPolicy (RFC 5280 sections 4.2.1.9 to 4.2.1.14).
    CriticalWhereAsked,
    /// Extensions that must not be critical: both key identifiers, authorityInfoAccess, subjectInfoAccess, freshestCRL (RFC 5280
    /// sections 4.2.1.1, 4.2.1.2, 4.2.1.15, 4.2.2), extKeyUsage of a leaf (BR 7.1.2.7.6).
    NotCriticalWhereAsked,
    /// keyUsage should be critical, cRLDistributionPoints should not (RFC 5280 sections 4.2.1.3, 4.2.1.13).
    CriticalityAdvice,
    /// basicConstraints in every authority (RFC 5280 section 4.2.1.9).
    AuthorityBasicConstraints,
    /// pathLenConstraint only beside cA and keyCertSign (same section).
    PathLength,
    /// A leaf is no authority (BR 7.1.2.7.8).
    LeafNoAuthority,
    /// keyUsage in every authority (RFC 5280 section 4.2.1.3).
    AuthorityKeyUsage,
    /// A keyUsage with at least one bit (same section).
    KeyUsageBits,
    /// keyCertSign and cA go together (RFC 5280 sections 4.2.1.3 and 4.2.1.9).
    CertSign,
    /// A leaf whose keyUsage signs neither certificates nor revocation lists (BR 7.1.2.7.11).
    LeafKeyUsage,
    /// Key usages that the key's algorithm can serve (RFC 3279 section 2.3, RFC 8813 section 3).
    KeyUsageFitsKey,
    /// keyUsage and extKeyUsage that allow a common purpose (RFC 5280 section 4.2.1.12).
    KeyUsageFitsPurpose,
    /// extKeyUsage in a leaf (BR 7.1.2.7.6).
    ExtendedKeyUsage,
    /// serverAuth in a server's leaf, and nothing beside it but clientAuth (BR 7.1.2.7.10).
    ServerUsages,
    /// No anyExtendedKeyUsage in a leaf (same section), nor, for OpenSSL, rustls and BoringSSL, in a CA.
    AnyUsage,
    /// No clientAuth in a server's leaf of the public web (Chrome Root Program Policy 1.8 section 1.3.2).
    ClientUsageInServer,
    /// No extKeyUsage in a root (BR 7.1.2.1.2).
    RootUsage,
    /// A serial number that is not negative (RFC 5280 section 4.1.2.2).
    SerialPositive,
    /// A serial number other than zero (same section).
    SerialNotZero,
    /// A serial number of at most 20 octets (same section).
    SerialLength,
    /// X.509 version 3 (RFC 5280 section 4.1.2.1, BR 7.1.1).
    VersionThree,
    /// The same signature algorithm inside and outside (RFC 5280 section 4.1.1.2).
    AlgorithmsAgree,
    /// Moments written as RFC 5280 section 4.1.2.5 wants them.
    TimeForm,
    /// notBefore not after notAfter.
    ValidityPositive,
    /// An issuer name, and a subject name in an authority (RFC 5280 sections 4.1.2.4 and 4.1.2.6).
    Names,
    /// No extension twice (RFC 5280 section 4.2).
    ExtensionsOnce,
    /// Every known extension can be read.
    ExtensionsReadable,
    /// nameConstraints in authorities only (RFC 5280 section 4.2.1.10).
    NameConstraintsPlace,
    /// Subtrees of nameConstraints written as RFC 5280 has them: no leading period in a DNS name, no wildcard (section 4.2.1.10).
    SubtreeForm,
    /// Subtrees of nameConstraints that mean something: at least one, in ASCII, a mask that is a prefix (same section).
    SubtreeMeaning,
    /// subjectAltName in a server's leaf (RFC 5280 section 4.2.1.6, BR 7.1.2.7.12).
    AlternativeNames,
    /// At least one name in it (RFC 5280 section 4.2.1.6).
    AlternativeNamesCount,
    /// subjectAltName is critical when there is no subject (RFC 5280 section 4.2.1.6).
    AlternativeNamesCritical,
    /// subjectAltName is not critical when there is a subject (BR 7.1.2.7.12).
    AlternativeNamesNotCritical,
    /// DNS names and addresses only (BR 7.1.2.7.12).
    AlternativeNameKinds,
    /// No name twice.
    AlternativeNamesOnce,
    /// No address or name of a private network in a public certificate (BR 7.1.4.2.1).
    InternalName,
    /// A common name that looks like a host is one of the alternative names (BR 7.1.4.3).
    CommonNameListed,
    /// One common name (BR 7.1.4.3).
    OneCommonName,
    /// A wildcard is the whole leftmost label and something stands behind it (RFC 9525 section 6.3, BR 1.6.1).
    WildcardPlace,
    /// A wildcard does not cover a whole public suffix (BR 3.2.2.6).
    WildcardSuffix,
    /// A DNS name that a resolver can look up: labels, lengths, characters (RFC 5280 section 4.2.1.6, RFC 1034 section 3.5).
    DnsName,
    /// Alternative names that every reader can decode: ASCII in a DNS name, 4 or 16 octets in an address (RFC 5280 section 4.2.1.6).
    NameEncoding,
    /// No underscore in a DNS name (BR 7.1.4.2.1, since 2019-04-01).
    Underscore,
    /// A top-level domain that exists (BR 3.2.2.4).
    TopLevelDomain,
    /// An RSA key of at least 2048 bits (BR 6.1.5).
    RsaSize,
    /// An RSA modulus of whole octets (Mozilla Root Store Policy section 5.1).
    RsaOctets,
    /// An RSA exponent that is odd and at least 3 (BR 6.1.6).
    RsaExponent,
    /// RSA primes that are not close together (BR 6.1.1.3, Fermat).
    RsaPrimes,
    /// An EC key on P-256, P-384 or P-521 (BR 6.1.5).
    Curve,
    /// A curve that is named, not spelled out (RFC 5480 section 2.1.1).
    NamedCurve,
    /// A key type that TLS stacks of today know (BR 6.1.5).
    KeyType,
    /// No DSA key (BR 6.1.5 since version 1.7.1; TLS 1.3 has no signature scheme for it, RFC 8446 section 4.2.3).
    NoDsa,
    /// No SHA-1 in the signature (BR 7.1.3.2).
    NoSha1,
    /// No digest older than SHA-1 (BR 7.1.3.2).
    SignatureAlgorithm,
    /// A signature algorithm that every stack reads: older ones do not read RSA-PSS in a certificate, and one that this program
    /// does not know is hardly known to all of them.
    SignatureCommon,
    /// The longest validity at its date of issue (BR 6.3.2).
    ValidityLength,
}

/// A requirement that a certificate does not keep.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Violation {
    /// The requirement.
    pub requirement: Requirement,
    /// OpenSSL's number for it, most of them under `-x509_strict`; `None` where OpenSSL has none.
    pub error: Option<u32>,
    /// Whether a verifier that keeps to the letter refuses the certificate for it.
    pub decides: bool,
    /// What was seen and what was wanted; lower case, no full stop.
    pub why: String,
}

/// One call of OpenSSL's verify callback: the unit `s_server` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct VerifyEvent {
    /// Depth in the path, 0 = leaf.
    pub depth: usize,
    /// Subject of the certificate the call is about.
    pub subject: String,
    /// Its issuer name.
    pub issuer: String,
    /// Start of its validity.
    #[schemars(with = "String")]
    pub not_before: Timestamp,
    /// End of its validity.
    #[schemars(with = "String")]
    pub not_after: Timestamp,
    /// The error of this call; `None` when the call reports success.
    pub error: Option<X509Error>,
}

/// The outcome at one depth, for people and scripts: one line a certificate, root first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct VerifyStep {
    /// Depth in the path, 0 = leaf.
    pub depth: usize,
    /// Subject of the certificate.
    pub subject: String,
    /// The first error at this depth, if any.
    pub error: Option<X509Error>,
}

/// Something that keeps a chain from being trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Problem {
    /// Depth in the path, 0 = leaf.
    pub depth: usize,
    /// Subject of the certificate it is about.
    pub subject: String,
    /// OpenSSL's number and text; number 1 where OpenSSL has none.
    pub error: X509Error,
    /// The requirement of the certificate profile that is not kept, when it is one.
    pub requirement: Option<Requirement>,
    /// The reason in plain words, with the values seen.
    pub why: String,
}

/// One path from the leaf upward that was tried.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Candidate {
    /// SHA-256 of its certificates, leaf first.
    pub path: Vec<String>,
    /// Their subjects.
    pub subjects: Vec<String>,
    /// Whether its last certificate is an anchor.
    pub anchored: bool,
    /// What does not hold on it, leaf first; empty for a good path.
    pub problems: Vec<Problem>,
}

/// The verdict on one chain and everything behind it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct TrustFacts {
    /// The side whose chain this is.
    pub role: Side,
    /// The purpose judged.
    pub purpose: Purpose,
    /// The verdict.
    pub status: TrustStatus,
    /// Every problem, in the order found.
    pub problems: Vec<Problem>,
    /// SHA-256 of the certificates of the path that was built, leaf first; the anchor last when one was reached.
    pub path: Vec<String>,
    /// Subject of the anchor reached.
    pub anchor: Option<String>,
    /// The callback sequence an OpenSSL 3.0 server would run on this chain.
    pub events: Vec<VerifyEvent>,
    /// Every path that was tried, the best first; filled by the validation by the letter only.
    pub candidates: Vec<Candidate>,
    /// Whether the anchor reached is one of the public web's; `None` when none was reached.
    pub anchor_public: Option<bool>,
    /// What webpki (rustls) says where it differs from `status`; `None` where the two agree or it was not asked.
    pub webpki_differs: Option<String>,
    /// What OpenSSL 3.0 says where it differs from `status`; `None` where the two agree, and where `status` is OpenSSL's own.
    pub openssl_differs: Option<String>,
    /// What RFC 5280 and the web PKI's rules say, whose reasons `problems` are; `None` where only OpenSSL was asked.
    pub letter: Option<TrustStatus>,
    /// Whether certain verifiers were named to decide (`--stack`), so that others were not asked about.
    pub named: bool,
    /// What each verifier does; empty without anchors.
    pub stacks: Vec<StackVerdict>,
}

impl Requirement {
    /// Its name as machines see it: `authority-key-id`.
    pub fn name(self) -> String {
        match serde_json::to_value(self) {
            Ok(serde_json::Value::String(name)) => name,
            _ => format!("{self:?}"),
        }
    }

    /// Every requirement.
    pub const ALL: &'static [Self] = &[
        Self::AuthorityKeyId,
        Self::AuthorityKeyIdValue,
        Self::RootKeyIds,
        Self::AuthoritySubjectKeyId,
        Self::LeafSubjectKeyId,
        Self::CriticalWhereAsked,
        Self::NotCriticalWhereAsked,
        Self::CriticalityAdvice,
        Self::AuthorityBasicConstraints,
        Self::PathLength,
        Self::LeafNoAuthority,
        Self::AuthorityKeyUsage,
        Self::KeyUsageBits,
        Self::CertSign,
        Self::LeafKeyUsage,
        Self::KeyUsageFitsKey,
        Self::KeyUsageFitsPurpose,
        Self::ExtendedKeyUsage,
        Self::ServerUsages,
        Self::AnyUsage,
        Self::ClientUsageInServer,
        Self::RootUsage,
        Self::SerialPositive,
        Self::SerialNotZero,
        Self::SerialLength,
        Self::VersionThree,
        Self::AlgorithmsAgree,
        Self::TimeForm,
        Self::ValidityPositive,
        Self::Names,
        Self::ExtensionsOnce,
        Self::ExtensionsReadable,
        Self::NameConstraintsPlace,
        Self::SubtreeForm,
        Self::SubtreeMeaning,
        Self::AlternativeNames,
        Self::AlternativeNamesCount,
        Self::AlternativeNamesCritical,
        Self::AlternativeNamesNotCritical,
        Self::AlternativeNameKinds,
        Self::AlternativeNamesOnce,
        Self::InternalName,
        Self::CommonNameListed,
        Self::OneCommonName,
        Self::WildcardPlace,
        Self::WildcardSuffix,
        Self::DnsName,
        Self::NameEncoding,
        Self::Underscore,
        Self::TopLevelDomain,
        Self::RsaSize,
        Self::RsaOctets,
        Self::RsaExponent,
        Self::RsaPrimes,
        Self::Curve,
        Self::NamedCurve,
        Self::KeyType,
        Self::NoDsa,
        Self::NoSha1,
        Self::SignatureAlgorithm,
        Self::SignatureCommon,
        Self::ValidityLength,
    ];
}

impl TrustFacts {
    /// What is known before anything was judged: nothing.
    pub fn unknown(purpose: Purpose) -> Self {
        Self {
            role: match purpose {
                Purpose::ClientAuth => Side::Client,
                Purpose::ServerAuth => Side::Server,
            },
            purpose,
            status: TrustStatus::Unknown,
            problems: Vec::new(),
            path: Vec::new(),
            anchor: None,
            events: Vec::new(),
            candidates: Vec::new(),
            anchor_public: None,
            webpki_differs: None,
            openssl_differs: None,
            letter: None,
            named: false,
            stacks: Vec::new(),
        }
    }

    /// Whether an anchor was reached and the verdict is open all the same: something on the way could not be checked. Without any anchor
    /// nothing was asked, and nothing is unanswered.
    pub fn unanswered(&self) -> bool {
        let asked = self.anchor.is_some() || !self.stacks.is_empty() || self.named;
        self.status == TrustStatus::Unknown && asked
    }

    /// Whether a disputed chain is refused where it counts most: by OpenSSL, which nginx, Apache and HAProxy run, or by most of
    /// the verifiers that decide.
    pub fn mostly_refused(&self) -> bool {
        let deciding = || self.stacks.iter().filter(|verdict| verdict.decides);
        let refuses = |verdict: &&StackVerdict| verdict.answer == StackAnswer::Refuses;
        deciding()
            .filter(refuses)
            .any(|verdict| verdict.stack == Stack::Openssl)
            || deciding().filter(refuses).count() * 2 > deciding().count()
    }

    /// One line a depth, the highest first: what OpenSSL's callbacks come down to.
    pub fn steps(&self) -> Vec<VerifyStep> {
        let mut steps: Vec<VerifyStep> = Vec::new();
        for event in &self.events {
            match steps.iter_mut().find(|step| step.depth == event.depth) {
                Some(step) => step.error = step.error.or(event.error),
                None => steps.push(VerifyStep {
                    depth: event.depth,
                    subject: event.subject.clone(),
                    error: event.error,
                }),
            }
        }
        steps.sort_by_key(|step| std::cmp::Reverse(step.depth));
        steps
    }
}

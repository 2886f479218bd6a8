//! What path validation found out about one chain.

use jiff::Timestamp;
use serde::Serialize;

use super::Side;

/// The purpose a chain was judged for (RFC 5280 section 4.2.1.12).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub enum Purpose {
    /// TLS client authentication.
    ClientAuth,
    /// TLS server authentication.
    ServerAuth,
}

/// The answer. Without any anchor it is `Unknown`, never `Trusted`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum TrustStatus {
    /// A path to an anchor holds in every respect asked for.
    Trusted,
    /// No path holds.
    Untrusted,
    /// There was nothing to judge against.
    Unknown,
}

/// OpenSSL's number and text for a verification error (`X509_V_ERR_*`, x509_txt.c of OpenSSL 3.0): the words people search for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
pub struct X509Error {
    /// The value of the `X509_V_ERR_*` macro.
    pub num: u32,
    /// The text that OpenSSL 3.0 prints for it.
    pub text: &'static str,
}

/// A requirement that the profiles of RFC 5280 section 4 and of the CA/Browser Forum's Baseline Requirements (BR) put on a
/// single certificate. `trust::conformance` decides whether it is kept; a rule of `rules` explains it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Requirement {
    /// An authorityKeyIdentifier in every certificate that is not self-signed (RFC 5280 section 4.2.1.1).
    AuthorityKeyId,
}

/// One call of OpenSSL's verify callback: the unit `s_server` prints.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifyEvent {
    /// Depth in the path, 0 = leaf.
    pub depth: usize,
    /// Subject of the certificate the call is about.
    pub subject: String,
    /// Its issuer name.
    pub issuer: String,
    /// Start of its validity.
    pub not_before: Timestamp,
    /// End of its validity.
    pub not_after: Timestamp,
    /// The error of this call; `None` when the call reports success.
    pub error: Option<X509Error>,
}

/// The outcome at one depth, for people and scripts: one line a certificate, root first.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct VerifyStep {
    /// Depth in the path, 0 = leaf.
    pub depth: usize,
    /// Subject of the certificate.
    pub subject: String,
    /// The first error at this depth, if any.
    pub error: Option<X509Error>,
}

/// Something that keeps a chain from being trusted.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
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
}

impl TrustFacts {
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

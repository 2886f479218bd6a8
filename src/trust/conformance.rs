//! The certificate profile: what RFC 5280 section 4 and the CA/Browser Forum's Baseline Requirements (BR) ask of a single certificate.
//!
//! For: `trust::path`, which takes what decides about trust, and `rules`, which explain each requirement. Must not: know the
//! path that a certificate stands in, or the moment.

use crate::facts::{Certificate, Part, Purpose, Requirement};

/// A requirement that a certificate does not keep.
#[derive(Clone, Debug, PartialEq, Eq)]
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

/// Everything that `certificate` does not keep, as `part` of a chain that is used for `purpose`.
pub fn violations(certificate: &Certificate, part: Part, purpose: Purpose) -> Vec<Violation> {
    let _ = purpose;
    let mut found = Vec::new();
    if part != Part::Root && certificate.form.authority_key_id.is_none() {
        found.push(Violation {
            requirement: Requirement::AuthorityKeyId,
            error: Some(85),
            decides: true,
            why: "it has no authorityKeyIdentifier".to_owned(),
        });
    }
    found
}

//! The certificate profile: what RFC 5280 section 4 and the CA/Browser Forum's Baseline
//! Requirements (BR) ask of a single certificate.
//!
//! For: `verify::rfc5280`, which takes what decides about trust, and `rules`, which explain each
//! requirement. Must not: know the path that a certificate stands in, or the moment.
//!
//! What decides is what a verifier that keeps to the letter refuses. Whether the common ones do is
//! said where it is known: OpenSSL checks the numbers 79 to 94 with `-x509_strict` only, which
//! Python's default contexts set since 3.13.

mod identifiers;
mod keys;
mod names;
mod structure;
mod usage;

use std::collections::HashSet;

use jiff::Timestamp;

pub use keys::OPENSSL_RSA_BITS;

use crate::facts::{
    Bundle, Certificate, Chain, ChainUse, FileFacts, FileRole, Part, Place, Purpose, Requirement,
    Side, Violation,
};

/// Dotted OIDs of the extensions that several parts ask about.
mod oid {
    pub(super) const SUBJECT_KEY_ID: &str = "2.5.29.14";
    pub(super) const KEY_USAGE: &str = "2.5.29.15";
    pub(super) const ALTERNATIVE_NAMES: &str = "2.5.29.17";
    pub(super) const BASIC_CONSTRAINTS: &str = "2.5.29.19";
    pub(super) const NAME_CONSTRAINTS: &str = "2.5.29.30";
    pub(super) const CRL_POINTS: &str = "2.5.29.31";
    pub(super) const AUTHORITY_KEY_ID: &str = "2.5.29.35";
    pub(super) const POLICY_CONSTRAINTS: &str = "2.5.29.36";
    pub(super) const EXTENDED_USAGE: &str = "2.5.29.37";
    pub(super) const FRESHEST_CRL: &str = "2.5.29.46";
    pub(super) const INHIBIT_ANY: &str = "2.5.29.54";
    pub(super) const AUTHORITY_INFO: &str = "1.3.6.1.5.5.7.1.1";
    pub(super) const SUBJECT_INFO: &str = "1.3.6.1.5.5.7.1.11";
}

/// One certificate under examination.
struct Exam<'a> {
    certificate: &'a Certificate,
    part: Part,
    purpose: Purpose,
    found: Vec<Violation>,
}

impl Exam<'_> {
    /// Something that decides.
    fn refuse(
        &mut self,
        requirement: Requirement,
        error: impl Into<Option<u32>>,
        why: impl Into<String>,
    ) {
        self.add(requirement, error.into(), true, why.into());
    }

    /// Something that is only worth saying.
    fn advise(&mut self, requirement: Requirement, why: impl Into<String>) {
        self.add(requirement, None, false, why.into());
    }

    fn add(&mut self, requirement: Requirement, error: Option<u32>, decides: bool, why: String) {
        self.found.push(Violation {
            requirement,
            error,
            decides,
            why,
        });
    }

    fn is_leaf(&self) -> bool {
        self.part == Part::Leaf
    }

    /// Whether it has this extension, be it one that cannot be read: that is told by itself, and
    /// nothing is missing then.
    fn has(&self, oid: &str) -> bool {
        self.certificate.form.extension(oid).is_some()
    }

    /// Whether it was issued on this date or later: many requirements bind from a date on.
    fn issued_from(&self, date: &str) -> bool {
        date.parse::<Timestamp>()
            .is_ok_and(|date| date <= self.certificate.not_before)
    }

    fn serves(&self) -> bool {
        self.purpose == Purpose::ServerAuth
    }
}

/// Notes of each certificate of a chain what it does not keep.
pub fn note(chain: &mut Chain) {
    let purpose = match chain.role {
        Side::Client => Purpose::ClientAuth,
        Side::Server => Purpose::ServerAuth,
    };
    for index in 0..chain.links.len() {
        let part = chain.part(index);
        let link = &mut chain.links[index];
        link.violations = Some(violations(&link.certificate, part, purpose));
    }
}

/// Anchors that chains were judged by (`--cacert`) are held to the profile where one of these
/// chains has a path to them; a bundle of all roots of a system is nobody's here to mend. Without a
/// chain they are what is being judged. `files` say what each was given as.
pub fn only_on_paths(bundles: &mut [Bundle], files: &[FileFacts]) {
    let on_paths: HashSet<String> = bundles
        .iter()
        .filter_map(|bundle| bundle.chain.trust.as_ref())
        .flat_map(|trust| {
            let others = trust
                .candidates
                .iter()
                .flat_map(|candidate| &candidate.path);
            trust.path.iter().chain(others).cloned()
        })
        .collect();
    if on_paths.is_empty() {
        return;
    }
    let given: HashSet<&str> = files
        .iter()
        .filter(|file| file.meant_as == FileRole::Anchors)
        .map(|file| file.path.as_str())
        .collect();
    for chain in bundles.iter_mut().map(|bundle| &mut bundle.chain) {
        let is_given = matches!(
            chain.place(0),
            Place::File { path, .. } if given.contains(path.as_str())
        );
        if chain.holds != ChainUse::Anchors || !is_given {
            continue;
        }
        for link in &mut chain.links {
            if !on_paths.contains(&link.certificate.sha256)
                && let Some(violations) = &mut link.violations
            {
                violations.clear();
            }
        }
    }
}

/// Everything that `certificate` does not keep, as `part` of a chain that is used for `purpose`.
/// Nothing is said of one that could not be read.
pub fn violations(certificate: &Certificate, part: Part, purpose: Purpose) -> Vec<Violation> {
    if certificate.unreadable.is_some() {
        return Vec::new();
    }
    let mut exam = Exam {
        certificate,
        part,
        purpose,
        found: Vec::new(),
    };
    structure::check(&mut exam);
    identifiers::check(&mut exam);
    usage::check(&mut exam);
    names::check(&mut exam);
    keys::check(&mut exam);
    exam.found
}

#[cfg(test)]
mod tests;

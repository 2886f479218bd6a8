//! Key identifiers and basic constraints.

use super::{Exam, oid};
use crate::facts::{KeyUsage, Part, Requirement as R};

/// From this date of issue on the web's rules advise against the identifier in a server's leaf (BR
/// 2.0.0, ballot SC-062, section 7.1.2.7.6). A large authority's minimal profile leaves it out.
const PROFILES: &str = "2023-09-15T00:00:00Z";

pub(super) fn check(exam: &mut Exam<'_>) {
    let certificate = exam.certificate;
    let form = &certificate.form;
    // RFC 5280 section 4.2.1.1: self-signed certificates may leave it out. Whether the signature is
    // its own is the path's question; a self-issued one whose key identifiers differ is signed by
    // another key.
    let by_itself = certificate.self_issued
        && (certificate.authority_key_id.is_none()
            || certificate.authority_key_id == certificate.subject_key_id);
    match form.authority_key_id {
        None if !by_itself && !exam.has(oid::AUTHORITY_KEY_ID) => {
            let why = "it has no authorityKeyIdentifier";
            exam.refuse(R::AuthorityKeyId, 85, why);
        }
        Some(identifier) if !identifier.key_id => {
            exam.refuse(
                R::AuthorityKeyIdValue,
                85,
                "its authorityKeyIdentifier has no keyIdentifier",
            );
        }
        _ => {}
    }
    if exam.part == Part::Root
        && let (Some(authority), Some(subject)) =
            (&certificate.authority_key_id, &certificate.subject_key_id)
        && authority != subject
    {
        let why = format!(
            "self-issued, but its authorityKeyIdentifier {authority} differs from its subjectKeyIdentifier {subject}"
        );
        // A self-issued certificate may carry a new key (RFC 5280 section 3.2): no root then, and
        // nothing is wrong.
        exam.advise(R::RootKeyIds, why);
    }
    if certificate.subject_key_id.is_none() && !exam.has(oid::SUBJECT_KEY_ID) {
        if exam.is_leaf() {
            if !(exam.serves() && exam.issued_from(PROFILES)) {
                exam.advise(R::LeafSubjectKeyId, "it has no subjectKeyIdentifier");
            }
        } else if certificate.version == 3 {
            exam.refuse(
                R::AuthoritySubjectKeyId,
                86,
                "a CA certificate without subjectKeyIdentifier",
            );
        }
    }
    if !exam.is_leaf() && certificate.version == 3 && !form.has_basic_constraints {
        exam.refuse(
            R::AuthorityBasicConstraints,
            79,
            "a CA certificate without basicConstraints",
        );
    }
    if certificate.path_len.is_some() {
        if !certificate.is_ca {
            exam.refuse(
                R::PathLength,
                80,
                "it has a path length constraint, but is not a CA certificate",
            );
        } else if let Some(usages) = &certificate.key_usage
            && !usages.contains(&KeyUsage::KeyCertSign)
        {
            exam.refuse(
                R::PathLength,
                81,
                "it has a path length constraint, but its keyUsage lacks keyCertSign",
            );
        }
    }
    if exam.is_leaf() && certificate.is_ca {
        exam.refuse(
            R::LeafNoAuthority,
            None,
            "a CA certificate (CA:TRUE) used as a leaf",
        );
    }
}

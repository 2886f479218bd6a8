//! The client certificate: asked for, sent, of whom, and refused or let in as it should be.

use crate::finding::Rule;

pub mod client_auth_retires;
pub mod client_certificate_not_asked;
pub mod client_certificate_not_sent;
pub mod client_issuer_unknown;
pub mod client_purpose_wrong;
pub mod client_self_signed;
pub mod client_signature_invalid;
pub mod client_wrongly_accepted;
pub mod client_wrongly_refused;
pub mod expectation_unmet;
#[cfg(test)]
pub(crate) mod fixture;
pub(super) mod help;
pub mod identity_unexpected;
pub mod living_on_fallback;
pub mod peer_refused;
pub mod sender_legacy_certificate;
pub mod sender_not_recognised;
pub mod verify_depth_cut;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &client_auth_retires::RULE,
    &client_certificate_not_sent::RULE,
    &client_self_signed::RULE,
    &client_issuer_unknown::RULE,
    &client_purpose_wrong::RULE,
    &client_signature_invalid::RULE,
    &verify_depth_cut::RULE,
    &sender_legacy_certificate::RULE,
    &sender_not_recognised::RULE,
    &client_wrongly_accepted::RULE,
    &client_wrongly_refused::RULE,
    &expectation_unmet::RULE,
    &client_certificate_not_asked::RULE,
    &peer_refused::RULE,
    &living_on_fallback::RULE,
    &identity_unexpected::RULE,
];

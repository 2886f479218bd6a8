//! A server configuration that was read: who gets in by it.

use crate::finding::Rule;

pub mod asks_for_no_certificate;
pub mod bearer_not_checked;
pub mod client_ca_missing;
pub mod depth_too_small;
pub mod does_not_start;
pub mod file_unreadable;
#[cfg(test)]
pub(crate) mod fixture;
pub mod header_spoofable;
pub(super) mod help;
pub mod lets_in_without_certificate;
pub mod not_understood;
pub mod old_protocols;
pub mod pins_out_sender;
pub mod revocation_list_in_use;
pub mod subject_match_unanchored;
pub mod subject_not_checked;
pub mod tls_too_new_for_sender;
pub mod verifies_nothing;
pub mod without_effect;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &lets_in_without_certificate::RULE,
    &verifies_nothing::RULE,
    &asks_for_no_certificate::RULE,
    &depth_too_small::RULE,
    &pins_out_sender::RULE,
    &file_unreadable::RULE,
    &old_protocols::RULE,
    &client_ca_missing::RULE,
    &not_understood::RULE,
    &subject_not_checked::RULE,
    &bearer_not_checked::RULE,
    &header_spoofable::RULE,
    &does_not_start::RULE,
    &without_effect::RULE,
    &revocation_list_in_use::RULE,
    &tls_too_new_for_sender::RULE,
    &subject_match_unanchored::RULE,
];

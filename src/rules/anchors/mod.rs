//! The certificates that client certificates are judged by.

use crate::finding::Rule;

pub mod anchor_expired;
pub mod anchor_expires_soon;
pub mod anchor_is_not_a_ca;
pub mod anchor_too_weak;
pub mod anchor_twice;
pub mod ca_names_too_long;
pub mod client_ca_admits;
pub mod client_ca_lacks_sender;
pub mod client_ca_legacy_only;
pub mod client_not_accepted;
pub(super) mod help;
pub mod intermediate_in_place_of_root;
pub mod legacy_anchors_left_over;
pub mod public_roots_for_clients;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &anchor_is_not_a_ca::RULE,
    &intermediate_in_place_of_root::RULE,
    &anchor_expired::RULE,
    &anchor_expires_soon::RULE,
    &anchor_twice::RULE,
    &anchor_too_weak::RULE,
    &client_ca_lacks_sender::RULE,
    &client_ca_legacy_only::RULE,
    &legacy_anchors_left_over::RULE,
    &client_not_accepted::RULE,
    &public_roots_for_clients::RULE,
    &client_ca_admits::RULE,
    &ca_names_too_long::RULE,
];

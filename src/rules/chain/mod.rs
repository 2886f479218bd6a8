//! Whether a chain leads to an anchor, in its order, for its purpose and its host.

use crate::finding::Rule;

pub mod ca_used_as_leaf;
pub mod certificate_expired;
pub mod certificate_not_yet_valid;
pub mod certificate_revoked;
pub mod certificate_signature_broken;
pub mod certificate_twice;
pub mod chain_not_trusted;
pub mod chain_out_of_order;
pub mod common_name_only;
pub mod custom_ca_key_usage;
pub mod custom_ca_upload_needed;
pub mod expires_soon;
#[cfg(test)]
pub(crate) mod fixture;
pub(super) mod help;
pub mod host_not_covered;
pub mod intermediate_not_a_ca;
pub mod issuer_unknown;
pub mod missing_intermediate;
pub mod multiple_leaf_certificates;
pub mod name_constraint_violated;
pub mod outlived_by_leaf;
pub mod path_length_exceeded;
pub mod purpose_wrong;
pub(super) mod refusals;
pub mod root_sent_along;
pub mod self_signed_leaf;
pub mod signature_not_checked;
pub mod stranger_in_chain;
#[cfg(test)]
mod tests;
pub mod unknown_critical_extension;
pub mod verifiers_disagree;
pub mod weak_key;
pub mod weak_signature_algorithm;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &certificate_expired::RULE,
    &certificate_not_yet_valid::RULE,
    &missing_intermediate::RULE,
    &weak_key::RULE,
    &weak_signature_algorithm::RULE,
    &unknown_critical_extension::RULE,
    &intermediate_not_a_ca::RULE,
    &path_length_exceeded::RULE,
    &name_constraint_violated::RULE,
    &certificate_signature_broken::RULE,
    &root_sent_along::RULE,
    &expires_soon::RULE,
    &outlived_by_leaf::RULE,
    &chain_out_of_order::RULE,
    &certificate_twice::RULE,
    &stranger_in_chain::RULE,
    &multiple_leaf_certificates::RULE,
    &host_not_covered::RULE,
    &common_name_only::RULE,
    &purpose_wrong::RULE,
    &ca_used_as_leaf::RULE,
    &issuer_unknown::RULE,
    &self_signed_leaf::RULE,
    &custom_ca_key_usage::RULE,
    &custom_ca_upload_needed::RULE,
    &chain_not_trusted::RULE,
    &signature_not_checked::RULE,
    &verifiers_disagree::RULE,
    &certificate_revoked::RULE,
];

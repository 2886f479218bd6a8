//! What a single certificate has to keep (RFC 5280, the web PKI, and good sense).

use crate::finding::Rule;

pub mod alternative_name_kind;
pub mod alternative_name_twice;
pub mod alternative_names_critical;
pub mod alternative_names_empty;
pub mod alternative_names_not_critical;
pub mod any_extended_key_usage;
pub mod authority_key_identifier_empty;
pub mod authority_key_identifier_missing;
pub mod authority_key_usage_missing;
pub mod ca_excludes_hosts;
pub mod cert_sign_without_authority;
pub mod certificate_version_one;
pub mod client_auth_in_server_certificate;
pub mod common_name_not_listed;
pub mod curve_spelled_out;
pub mod curve_unusual;
pub mod dns_name_malformed;
pub mod dns_name_underscore;
pub mod dsa_key;
pub mod encoding_unusual;
pub mod extended_key_usage_missing;
pub mod extension_criticality_unusual;
pub mod extension_not_critical;
pub mod extension_twice;
pub mod extension_unreadable;
pub mod extension_wrongly_critical;
pub(super) mod help;
pub mod internal_name;
pub mod key_type_unknown;
pub mod key_usage_empty;
pub mod key_usage_unfit_for_key;
pub mod key_usage_unfit_for_purpose;
pub mod leaf_signs_certificates;
pub mod name_constraints_in_leaf;
pub mod name_empty;
pub mod path_length_without_authority;
pub mod root_key_identifiers_differ;
pub mod root_with_extended_key_usage;
pub mod rsa_exponent_weak;
pub mod rsa_modulus_uneven;
pub mod rsa_primes_close;
pub mod serial_number_not_positive;
pub mod serial_number_too_long;
pub mod server_usages_mixed;
pub mod several_common_names;
pub mod signature_algorithm_uncommon;
pub mod signature_bits_unused;
pub mod subject_key_identifier_missing;
#[cfg(test)]
mod tests;
pub mod top_level_domain_unknown;
pub mod unreadable_certificate;
pub mod validity_badly_encoded;
pub mod validity_negative;
pub mod validity_too_long;
pub mod wildcard_misplaced;
pub mod wildcard_over_public_suffix;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &certificate_version_one::RULE,
    &unreadable_certificate::RULE,
    &authority_key_identifier_missing::RULE,
    &authority_key_identifier_empty::RULE,
    &root_key_identifiers_differ::RULE,
    &subject_key_identifier_missing::RULE,
    &extension_not_critical::RULE,
    &extension_wrongly_critical::RULE,
    &extension_criticality_unusual::RULE,
    &path_length_without_authority::RULE,
    &authority_key_usage_missing::RULE,
    &key_usage_empty::RULE,
    &leaf_signs_certificates::RULE,
    &cert_sign_without_authority::RULE,
    &key_usage_unfit_for_key::RULE,
    &key_usage_unfit_for_purpose::RULE,
    &extended_key_usage_missing::RULE,
    &server_usages_mixed::RULE,
    &any_extended_key_usage::RULE,
    &client_auth_in_server_certificate::RULE,
    &root_with_extended_key_usage::RULE,
    &serial_number_not_positive::RULE,
    &serial_number_too_long::RULE,
    &validity_badly_encoded::RULE,
    &validity_negative::RULE,
    &name_empty::RULE,
    &extension_twice::RULE,
    &extension_unreadable::RULE,
    &name_constraints_in_leaf::RULE,
    &alternative_names_empty::RULE,
    &alternative_names_not_critical::RULE,
    &alternative_names_critical::RULE,
    &alternative_name_kind::RULE,
    &alternative_name_twice::RULE,
    &internal_name::RULE,
    &common_name_not_listed::RULE,
    &several_common_names::RULE,
    &wildcard_misplaced::RULE,
    &wildcard_over_public_suffix::RULE,
    &dns_name_malformed::RULE,
    &dns_name_underscore::RULE,
    &top_level_domain_unknown::RULE,
    &rsa_modulus_uneven::RULE,
    &rsa_exponent_weak::RULE,
    &rsa_primes_close::RULE,
    &curve_unusual::RULE,
    &curve_spelled_out::RULE,
    &key_type_unknown::RULE,
    &dsa_key::RULE,
    &signature_algorithm_uncommon::RULE,
    &validity_too_long::RULE,
    &signature_bits_unused::RULE,
    &encoding_unusual::RULE,
    &ca_excludes_hosts::RULE,
];

//! What is wrong with a file, or with a key and the certificate beside it, before anything is
//! connected.

use crate::finding::Rule;

pub mod byte_order_mark;
pub mod carriage_returns;
pub mod certificate_without_key;
pub mod der_in_place_of_pem;
pub mod escaped_line_breaks;
pub mod file_empty;
#[cfg(test)]
pub(crate) mod fixture;
pub(super) mod help;
pub mod java_keystore;
pub mod key_among_certificates;
pub mod key_and_certificate_swapped;
pub mod key_comparison_impossible;
pub mod key_does_not_match_leaf;
pub mod key_encrypted;
pub mod key_file_open_to_others;
pub mod key_unreadable;
pub mod key_without_certificate;
pub mod legacy_key_encryption;
pub mod no_final_line_break;
pub mod nothing_usable_in_file;
pub mod old_pem_label;
pub mod pem_block_broken;
pub mod pem_marker_malformed;
pub mod pkcs12_in_place_of_pem;
pub mod pkcs7_in_place_of_pem;
pub mod public_key_in_place_of_private;
pub mod request_in_place_of_certificate;
pub mod request_key_differs;
pub mod request_lacks_name;
pub mod request_not_certifiable;
pub mod request_signature_invalid;
pub mod revocation_list_missing;
pub mod revocation_list_out_of_date;
pub mod revocation_list_unusable;
pub mod several_private_keys;
pub mod text_around_blocks;
pub mod trailing_bytes;
pub mod trusted_certificate_label;
pub mod uneven_pem_lines;
pub mod utf16_file;

/// The rules of this room, in the order of their codes.
pub(super) static RULES: &[&Rule] = &[
    &file_empty::RULE,
    &der_in_place_of_pem::RULE,
    &pkcs12_in_place_of_pem::RULE,
    &pkcs7_in_place_of_pem::RULE,
    &java_keystore::RULE,
    &request_in_place_of_certificate::RULE,
    &public_key_in_place_of_private::RULE,
    &key_and_certificate_swapped::RULE,
    &trusted_certificate_label::RULE,
    &pem_block_broken::RULE,
    &pem_marker_malformed::RULE,
    &byte_order_mark::RULE,
    &utf16_file::RULE,
    &carriage_returns::RULE,
    &text_around_blocks::RULE,
    &escaped_line_breaks::RULE,
    &nothing_usable_in_file::RULE,
    &key_encrypted::RULE,
    &legacy_key_encryption::RULE,
    &key_unreadable::RULE,
    &key_file_open_to_others::RULE,
    &key_among_certificates::RULE,
    &several_private_keys::RULE,
    &trailing_bytes::RULE,
    &uneven_pem_lines::RULE,
    &no_final_line_break::RULE,
    &old_pem_label::RULE,
    &revocation_list_missing::RULE,
    &revocation_list_out_of_date::RULE,
    &revocation_list_unusable::RULE,
    &request_signature_invalid::RULE,
    &request_key_differs::RULE,
    &request_lacks_name::RULE,
    &request_not_certifiable::RULE,
    &key_does_not_match_leaf::RULE,
    &key_comparison_impossible::RULE,
    &key_without_certificate::RULE,
    &certificate_without_key::RULE,
];

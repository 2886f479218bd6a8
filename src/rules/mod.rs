//! The rules: one file a rule, one line in the list below.
//!
//! For: `engine` (which asks them), `explain` and `render` (which show them).
//! Must not: parse, reach for a clock, or hold a fact about a sender without its source and date.
//!
//! Codes are promises: never reused, severity not part of them. 1xx files and keys, 2xx certificates and chains, 3xx hello
//! and negotiation, 4xx client authentication and trust, 5xx HTTP, token and webhook body, 9xx transport.

use crate::{
    facts::Side,
    finding::{Act, Rule, Symptom},
};

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
pub(crate) mod fixture_call;
#[cfg(test)]
pub(crate) mod fixture_chain;
#[cfg(test)]
pub(crate) mod fixture_files;
#[cfg(test)]
pub(crate) mod fixture_probe;
#[cfg(test)]
pub(crate) mod fixture_sender;
#[cfg(test)]
pub(crate) mod fixture_site;
mod help;
mod help_anchors;
mod help_call;
mod help_chain;
mod help_conformance;
mod help_files;
mod help_refusals;
mod help_site;
mod help_token;
#[cfg(test)]
mod tests;
#[cfg(test)]
mod tests_profile;
#[cfg(test)]
mod tests_refusals;
#[cfg(test)]
mod tests_unseen;

/// Declares each module and lists its rule. `rustfmt` does not follow modules declared by a macro: format `src/rules/*.rs` by name.
macro_rules! rules {
    ($($module:ident),+ $(,)?) => {
        $(pub mod $module;)+

        /// Every rule, in the order of its code.
        pub static ALL: &[&Rule] = &[$(&$module::RULE),+];

        #[cfg(test)]
        static MODULES: &[&str] = &[$(stringify!($module)),+];
    };
}

rules! {
    file_empty,
    der_in_place_of_pem,
    pkcs12_in_place_of_pem,
    pkcs7_in_place_of_pem,
    java_keystore,
    request_in_place_of_certificate,
    public_key_in_place_of_private,
    key_and_certificate_swapped,
    trusted_certificate_label,
    pem_block_broken,
    pem_marker_malformed,
    byte_order_mark,
    utf16_file,
    carriage_returns,
    text_around_blocks,
    escaped_line_breaks,
    nothing_usable_in_file,
    key_encrypted,
    legacy_key_encryption,
    key_unreadable,
    key_file_open_to_others,
    key_among_certificates,
    several_private_keys,
    trailing_bytes,
    uneven_pem_lines,
    no_final_line_break,
    old_pem_label,
    revocation_list_missing,
    key_does_not_match_leaf,
    key_comparison_impossible,
    certificate_expired,
    certificate_not_yet_valid,
    missing_intermediate,
    weak_key,
    weak_signature_algorithm,
    certificate_version_one,
    unknown_critical_extension,
    intermediate_not_a_ca,
    path_length_exceeded,
    name_constraint_violated,
    certificate_signature_broken,
    unreadable_certificate,
    root_sent_along,
    authority_key_identifier_missing,
    authority_key_identifier_empty,
    root_key_identifiers_differ,
    subject_key_identifier_missing,
    extension_not_critical,
    extension_wrongly_critical,
    extension_criticality_unusual,
    path_length_without_authority,
    authority_key_usage_missing,
    key_usage_empty,
    leaf_signs_certificates,
    cert_sign_without_authority,
    key_usage_unfit_for_key,
    key_usage_unfit_for_purpose,
    extended_key_usage_missing,
    server_usages_mixed,
    any_extended_key_usage,
    client_auth_in_server_certificate,
    root_with_extended_key_usage,
    serial_number_not_positive,
    serial_number_too_long,
    validity_badly_encoded,
    validity_negative,
    name_empty,
    extension_twice,
    extension_unreadable,
    name_constraints_in_leaf,
    alternative_names_empty,
    alternative_names_not_critical,
    alternative_names_critical,
    alternative_name_kind,
    alternative_name_twice,
    internal_name,
    common_name_not_listed,
    several_common_names,
    wildcard_misplaced,
    wildcard_over_public_suffix,
    dns_name_malformed,
    dns_name_underscore,
    top_level_domain_unknown,
    rsa_modulus_uneven,
    rsa_exponent_weak,
    rsa_primes_close,
    curve_unusual,
    curve_spelled_out,
    key_type_unknown,
    dsa_key,
    signature_algorithm_uncommon,
    validity_too_long,
    staple_revoked,
    staple_unusable,
    expires_soon,
    outlived_by_leaf,
    chain_out_of_order,
    certificate_twice,
    stranger_in_chain,
    several_leafs,
    host_not_covered,
    common_name_only,
    purpose_wrong,
    ca_used_as_leaf,
    issuer_unknown,
    self_signed_leaf,
    custom_ca_key_usage,
    custom_ca_upload_needed,
    client_auth_retires,
    tls_version_too_old,
    no_sni,
    no_shared_parameters,
    alpn_without_http,
    client_certificate_not_sent,
    client_self_signed,
    client_issuer_unknown,
    client_purpose_wrong,
    client_signature_invalid,
    server_certificate_rejected,
    verify_depth_cut,
    sender_legacy_certificate,
    sender_not_recognised,
    chain_not_trusted,
    anchor_is_not_a_ca,
    intermediate_in_place_of_root,
    anchor_expired,
    anchor_expires_soon,
    anchor_twice,
    anchor_too_weak,
    client_ca_lacks_sender,
    client_ca_legacy_only,
    legacy_anchors_left_over,
    client_wrongly_accepted,
    client_wrongly_refused,
    expectation_unmet,
    client_certificate_not_asked,
    webhook_certificate_refused,
    ca_names_lack_sender,
    signature_not_checked,
    server_signature_invalid,
    peer_refused,
    site_lets_in_without_certificate,
    site_verifies_nothing,
    site_asks_for_no_certificate,
    site_depth_too_small,
    site_pins_out_sender,
    site_file_unreadable,
    site_old_protocols,
    site_client_ca_missing,
    site_not_understood,
    site_subject_not_checked,
    site_bearer_not_checked,
    site_header_spoofable,
    living_on_fallback,
    verifiers_disagree,
    body_not_json,
    no_credential,
    request_limit_hit,
    not_a_webhook_request,
    webhook_status_not_ok,
    webhook_redirects,
    webhook_answer_not_json,
    webhook_answer_misfit,
    webhook_answer_too_large,
    webhook_too_slow,
    webhook_content_type,
    webhook_answer_unreadable,
    request_abandoned,
    requests_not_kept,
    token_missing,
    token_malformed,
    token_opaque,
    token_algorithm_refused,
    token_key_unknown,
    token_signature_bad,
    token_signature_not_checked,
    token_expired,
    token_not_yet_valid,
    token_wrong_issuer,
    token_wrong_audience,
    token_wrong_project,
    session_parameter_missing,
    token_sender_not_named,
    plain_http_on_tls_port,
    proxy_protocol_header,
    ssh_on_tls_port,
    silent_connection,
    not_tls,
    handshake_cut_short,
    connection_limit_hit,
    protocol_broken,
    webhook_unreachable,
    webhook_speaks_no_tls,
    webhook_handshake_failed,
    inspection_failed,
}

/// The rule with this code or name, upper or lower case.
pub fn find(code_or_name: &str) -> Option<&'static Rule> {
    let wanted = code_or_name.trim();
    ALL.iter().copied().find(|rule| {
        rule.code.eq_ignore_ascii_case(wanted) || rule.name.eq_ignore_ascii_case(wanted)
    })
}

/// The first rule that stands behind this `X509_V_ERR_*` number in the chain of `side`. Several may: the findings of a case know better.
pub fn code_for_verify_error(num: u32, side: Side) -> Option<&'static str> {
    // Some numbers have a rule for each side.
    let other = match side {
        Side::Client => Act::Server,
        Side::Server => Act::Client,
    };
    ALL.iter()
        .find(|rule| rule.act != other && rule.symptoms.contains(&Symptom::Verify(num)))
        .map(|rule| rule.code)
}

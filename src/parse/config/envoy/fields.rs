//! Fields of a TLS context that Envoy does not know: it does not start with one.

use super::super::{
    node::{Node, Value},
    setting,
};
use crate::facts::{NotUnderstood, Place, Setting, Site};

/// The fields of `DownstreamTlsContext`. This and the following: Envoy's API v3, `tls.proto` and
/// `common.proto`, read 2026-11-30.
const CONTEXT: &[&str] = &[
    "@type",
    "common_tls_context",
    "require_client_certificate",
    "require_sni",
    "session_ticket_keys",
    "session_ticket_keys_sds_secret_config",
    "disable_stateless_session_resumption",
    "disable_stateful_session_resumption",
    "session_timeout",
    "ocsp_staple_policy",
    "full_scan_certs_on_sni_mismatch",
    "prefer_client_ciphers",
];

/// The fields of `CommonTlsContext`.
const COMMON: &[&str] = &[
    "tls_params",
    "tls_certificates",
    "tls_certificate_sds_secret_configs",
    "tls_certificate_provider_instance",
    "custom_tls_certificate_selector",
    "tls_certificate_certificate_provider",
    "tls_certificate_certificate_provider_instance",
    "validation_context",
    "validation_context_sds_secret_config",
    "combined_validation_context",
    "validation_context_certificate_provider",
    "validation_context_certificate_provider_instance",
    "alpn_protocols",
    "custom_handshaker",
    "key_log",
];

/// The fields of `CombinedCertificateValidationContext`.
const COMBINED: &[&str] = &[
    "default_validation_context",
    "validation_context_sds_secret_config",
    "validation_context_certificate_provider",
    "validation_context_certificate_provider_instance",
];

/// The fields of `CertificateValidationContext`.
const VALIDATION: &[&str] = &[
    "trusted_ca",
    "ca_certificate_provider_instance",
    "system_root_certs",
    "watched_directory",
    "verify_certificate_spki",
    "verify_certificate_hash",
    "match_typed_subject_alt_names",
    "match_subject_alt_names",
    "require_signed_certificate_timestamp",
    "crl",
    "allow_expired_certificate",
    "trust_chain_verification",
    "custom_validator_config",
    "only_verify_leaf_cert_crl",
    "max_verify_depth",
];

/// Notes the fields of a context that are not known: those that look like another one, or are one
/// of another message, as lines with which Envoy does not start; others, which a newer Envoy may
/// have, as not understood.
pub(super) fn check(context: &Node, path: &str, site: &mut Site) {
    of("DownstreamTlsContext", context, CONTEXT, path, site);
    let Some(common) = context.get("common_tls_context") else {
        return;
    };
    of("CommonTlsContext", common, COMMON, path, site);
    let combined = common.get("combined_validation_context");
    if let Some(combined) = combined {
        of(
            "combined_validation_context",
            combined,
            COMBINED,
            path,
            site,
        );
    }
    let validations = [
        common.get("validation_context"),
        combined.and_then(|combined| combined.get("default_validation_context")),
    ];
    for validation in validations.into_iter().flatten() {
        let kind = "CertificateValidationContext";
        of(kind, validation, VALIDATION, path, site);
    }
}

/// Takes back that no certificate is requested where a field was refused: it may have been meant to
/// request one.
pub(super) fn take_back(site: &mut Site) {
    let Some(first) = site.refused.first().filter(|_| !site.mode().asks) else {
        return;
    };
    let why = NotUnderstood::NotKnown("field of the TLS context");
    let open = Setting {
        value: why,
        place: first.place.clone(),
        text: first.text.clone(),
    };
    site.not_understood.push(open);
    site.client_auth = None;
    site.without_effect.clear();
}

/// Fields of one context that are told.
const MOST: usize = 8;

fn of(kind: &str, node: &Node, known: &[&str], path: &str, site: &mut Site) {
    if !matches!(node.value, Value::Map(_)) {
        return;
    }
    let unknown = node
        .entries()
        .iter()
        .filter(|(key, ..)| !key.is_empty() && !known.contains(&key.as_str()));
    for (key, line, _) in unknown.take(MOST) {
        let place = Place::lines(path, *line, *line);
        let elsewhere = [CONTEXT, COMMON, COMBINED, VALIDATION]
            .iter()
            .any(|fields| fields.contains(&key.as_str()));
        let meant = known.iter().find(|own| resembles(key, own));
        let why = match meant {
            Some(meant) => {
                format!(
                    "`{key}` is not a field of {kind}, expected `{meant}`: Envoy does not start"
                )
            }
            None if elsewhere => {
                format!("`{key}` is not a field of {kind}: Envoy does not start")
            }
            None => {
                let why = NotUnderstood::NotKnown("field of the TLS context");
                site.not_understood.push(setting(why, &place, key));
                continue;
            }
        };
        site.refused.push(setting(why, &place, key));
    }
}

/// Whether one was written and the other was meant: a part of it, or a letter or two beside.
fn resembles(written: &str, known: &str) -> bool {
    const SHORTEST: usize = 8;
    let part = |whole: &str, part: &str| part.len() >= SHORTEST && whole.contains(part);
    part(known, written)
        || part(written, known)
        || known.len() >= SHORTEST && strsim::damerau_levenshtein(written, known) <= 2
}

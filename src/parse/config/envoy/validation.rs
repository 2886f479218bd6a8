//! What a TLS context asks of client certificates: by `require_client_certificate` and by its
//! validation context.
//!
//! Which of both asks, and requires, is that of Envoy 1.40: its DefaultCertValidator, and runs of
//! 2026-11-30. `require_client_certificate` counts where there is a `trusted_ca` alone; a name or a
//! fingerprint to match requires a certificate by itself, but for `ACCEPT_UNTRUSTED`.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::{
    super::{inline, node::Node, setting},
    file,
    names::names,
    secrets::Secrets,
    yes,
};
use crate::facts::{
    Checks, ClientAuthMode, Errors, Ignored, NotUnderstood, Place, RevocationCheck, Site,
};

/// `X509_V_ERR_CERT_HAS_EXPIRED`.
const EXPIRED: u32 = 10;

/// What the validation contexts of one TLS context hold together.
#[derive(Default)]
struct Held {
    /// Authorities.
    authorities: bool,
    /// Names or fingerprints to match.
    matches: bool,
    /// `ACCEPT_UNTRUSTED`.
    untrusted: bool,
    /// A validator of its own, which decides by itself.
    own: bool,
}

/// Whether a certificate is asked for and required, and what it is checked by.
pub(super) fn client_auth(
    context: &Node,
    common: &Node,
    path: &str,
    secrets: &Secrets,
    site: &mut Site,
) {
    let validation = common
        .get("validation_context")
        .or_else(|| common.at(&["combined_validation_context", "default_validation_context"]));
    // Authorities that a secret service brings are checked against, though nobody sees them here.
    let combined = common.get("combined_validation_context");
    let brought = [Some(common), combined]
        .into_iter()
        .flatten()
        .flat_map(Node::entries)
        .find(|(key, ..)| {
            key.contains("validation_context_sds")
                || key.contains("validation_context_certificate_provider")
        });
    let mut held = Held::default();
    if let Some((key, line, named)) = brought {
        match secrets.get(named, "validation_context") {
            Some((secret, at)) => checked_by(secret, at, &mut held, site),
            None => {
                held.authorities = true;
                site.not_understood.push(setting(
                    NotUnderstood::AuthoritiesFromService,
                    &Place::lines(path, *line, *line),
                    key,
                ));
            }
        }
    }
    if let Some(validation) = validation {
        checked_by(validation, path, &mut held, site);
    }
    let written = context.get("require_client_certificate");
    let required = yes(written);
    let mode = ClientAuthMode {
        asks: held.authorities || held.matches || held.untrusted || held.own,
        requires: required && (held.authorities || held.own) || held.matches && !held.untrusted,
        checks: match held.authorities && !held.untrusted {
            true => Checks::All,
            false => Checks::Nothing,
        },
    };
    let (place, text) = match (written, validation) {
        (Some(written), _) => (
            written.place(path),
            format!("require_client_certificate: {required}"),
        ),
        (None, Some(validation)) if mode.requires => (
            validation.place(path),
            "validation_context with a name or a fingerprint to match, which requires a certificate"
                .to_owned(),
        ),
        (None, Some(validation)) => (
            validation.place(path),
            "validation_context without require_client_certificate".to_owned(),
        ),
        (None, None) => (context.place(path), "no validation_context".to_owned()),
    };
    if required && !mode.requires {
        let why = match mode.asks {
            true => {
                "Envoy requires a client certificate only with a `trusted_ca`, a name or a fingerprint to match, and there is none"
            }
            false => {
                "Envoy requests a client certificate only with a `trusted_ca`, a name or a fingerprint to match, and there is none"
            }
        };
        site.without_effect
            .push(setting(why.to_owned(), &place, &text));
    }
    if mode.asks || written.is_some() {
        site.client_auth = Some(setting(mode, &place, &text));
    }
}

/// What a validation context says of authorities, lists, depth and names.
fn checked_by(validation: &Node, path: &str, held: &mut Held, site: &mut Site) {
    if let Some(source) = validation.get("trusted_ca") {
        held.authorities = true;
        authorities(source, path, site);
    }
    for (key, why) in [
        ("system_root_certs", NotUnderstood::SystemRoots),
        (
            "ca_certificate_provider_instance",
            NotUnderstood::AuthoritiesFromService,
        ),
    ] {
        if let Some(node) = validation.get(key) {
            held.authorities = true;
            site.not_understood
                .push(setting(why, &node.place(path), key));
        }
    }
    if let Some(source) = validation.get("crl") {
        let found = file(source, "crl", path, site);
        if found.is_none() {
            let why = NotUnderstood::Elsewhere("the revocation list".to_owned());
            site.not_understood
                .push(setting(why, &source.place(path), "crl"));
        }
        site.crl.extend(found);
    }
    if yes(validation.get("only_verify_leaf_cert_crl")) {
        site.crl_check = RevocationCheck::Leaf;
    }
    let trust = validation.get("trust_chain_verification");
    // Enums are also written in small letters, and as their numbers.
    held.untrusted |= trust
        .and_then(Node::text)
        .is_some_and(|word| word.eq_ignore_ascii_case("ACCEPT_UNTRUSTED") || word == "1");
    if validation.get("custom_validator_config").is_some() {
        held.own = true;
        let why = NotUnderstood::Filter;
        site.not_understood.push(setting(
            why,
            &validation.place(path),
            "custom_validator_config",
        ));
    }
    if yes(validation.get("allow_expired_certificate")) {
        let value = Ignored {
            of_leaf: Errors::These(vec![EXPIRED]),
            of_authorities: Errors::These(vec![EXPIRED]),
        };
        let text = "allow_expired_certificate: true";
        site.ignores = Some(setting(value, &validation.place(path), text));
    }
    if let Some(depth) = validation.get("max_verify_depth") {
        let value = depth.get("value").unwrap_or(depth);
        if let Some(number) = value.text().and_then(|text| text.parse().ok()) {
            site.intermediates = Some(setting(
                number,
                &value.place(path),
                &format!("max_verify_depth: {number}"),
            ));
        }
    }
    held.matches |= names(validation, path, site);
}

/// The authorities of a data source: a file, or their text itself.
fn authorities(source: &Node, path: &str, site: &mut Site) {
    let text = |key: &str| source.get(key).and_then(Node::text);
    let written = match (text("inline_string"), text("inline_bytes")) {
        (Some(pem), _) => Some(pem.as_bytes().to_vec()),
        (None, Some(bytes)) => STANDARD.decode(bytes).ok(),
        (None, None) => None,
    };
    match written {
        Some(bytes) => inline("trusted_ca", bytes, &source.place(path), site),
        None => {
            let found = file(source, "trusted_ca", path, site);
            site.client_ca.extend(found);
        }
    }
}

//! Whom Traefik asks for a certificate, and by whose authorities it checks it: in files, or in
//! Kubernetes secrets of the same text.
//!
//! `clientAuthType` that is not written: Traefik 3.7, pkg/tls/tlsmanager.go, and a run of
//! 2026-11-30.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::super::{inline, node::Node, setting};
use crate::facts::{Checks, ClientAuthMode, NotUnderstood, Site};

/// Who is asked for a certificate, and by whose authorities it is checked.
pub(super) fn client_auth(
    auth: &Node,
    namespace: Option<&str>,
    documents: &[Node],
    path: &str,
    site: &mut Site,
) {
    let mut authorities = None;
    for key in ["caFiles", "clientCAFiles"] {
        if let Some(named) = auth.get_any_case(key) {
            authorities = Some(key);
            files(named, path, site);
        }
    }
    if let Some(named) = auth.get_any_case("secretNames") {
        authorities = Some("secretNames");
        secrets(named, namespace, documents, path, site);
    }
    let kind = auth.get_any_case("clientAuthType");
    let word = kind.and_then(Node::text).unwrap_or_default();
    let mode = match word {
        "NoClientCert" => Some(ClientAuthMode::OFF),
        "RequestClientCert" => Some(ClientAuthMode {
            asks: true,
            requires: false,
            checks: Checks::Nothing,
        }),
        "RequireAnyClientCert" => Some(ClientAuthMode {
            checks: Checks::Nothing,
            ..ClientAuthMode::REQUIRED
        }),
        "VerifyClientCertIfGiven" => Some(ClientAuthMode::OPTIONAL),
        "RequireAndVerifyClientCert" => Some(ClientAuthMode::REQUIRED),
        // Authorities alone are enough.
        "" if authorities.is_some() => Some(ClientAuthMode::REQUIRED),
        "" => Some(ClientAuthMode::OFF),
        _ => None,
    };
    let at = kind.unwrap_or(auth);
    let text = match (word, authorities) {
        ("", Some(key)) => format!("{key} without clientAuthType"),
        ("", None) => "clientAuthType: (not set)".to_owned(),
        (word, _) => format!("clientAuthType: {word}"),
    };
    match mode {
        Some(mode) => site.client_auth = Some(setting(mode, &at.place(path), &text)),
        None => site.not_understood.push(setting(
            NotUnderstood::NotKnown("clientAuthType"),
            &at.place(path),
            &text,
        )),
    }
}

/// Files with authorities, in a list or by themselves, separated by commas.
pub(super) fn files(named: &Node, path: &str, site: &mut Site) {
    let own = named.text().unwrap_or_default();
    for file in own
        .split(',')
        .map(str::trim)
        .filter(|file| !file.is_empty())
    {
        site.client_ca
            .push(setting(file.to_owned(), &named.place(path), file));
    }
    for node in named.list() {
        if let Some(text) = node.text() {
            site.client_ca
                .push(setting(text.to_owned(), &node.place(path), text));
        }
    }
}

/// The secrets of a resource: those of the same namespace in the same text are read.
fn secrets(named: &Node, namespace: Option<&str>, documents: &[Node], path: &str, site: &mut Site) {
    for node in named.list() {
        let name = node.text().unwrap_or_default();
        let of = |document: &Node, key: &str| {
            let value = document.at(&["metadata", key]).and_then(Node::text);
            value.map(str::to_owned)
        };
        let secret = documents.iter().find(|document| {
            document.get("kind").and_then(Node::text) == Some("Secret")
                && of(document, "name").as_deref() == Some(name)
                && of(document, "namespace").as_deref().unwrap_or("default")
                    == namespace.unwrap_or("default")
        });
        match secret.and_then(held) {
            Some(pem) => inline(&format!("{name}/ca.crt"), pem, &node.place(path), site),
            None => site.not_understood.push(setting(
                NotUnderstood::AuthoritiesInSecrets,
                &node.place(path),
                &format!("secretNames: {name}"),
            )),
        }
    }
}

/// The authorities of a secret: `tls.ca`, else `ca.crt`.
fn held(secret: &Node) -> Option<Vec<u8>> {
    ["tls.ca", "ca.crt"].iter().find_map(|key| {
        let plain = secret.at(&["stringData", key]).and_then(Node::text);
        let encoded = || {
            let text = secret.at(&["data", key])?.text()?;
            let text: String = text.split_whitespace().collect();
            STANDARD.decode(text).ok()
        };
        plain.map(|text| text.as_bytes().to_vec()).or_else(encoded)
    })
}

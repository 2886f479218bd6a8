//! Traefik: the TLS options of its dynamic configuration in YAML or TOML, and of the Kubernetes
//! resource `TLSOption`.

use super::{
    node::{self, Node},
    range, setting, version,
};
use crate::facts::{
    Checks, ClientAuthMode, Forwarded, NotUnderstood, Place, ServerSoftware, Site, Unreadable,
};

pub(super) fn sites(path: &str, text: &str) -> Vec<Site> {
    let read = if path.to_ascii_lowercase().ends_with(".toml") {
        node::toml(text).map(|node| vec![node])
    } else {
        node::yaml(text)
    };
    let documents = match read {
        Ok(documents) => documents,
        Err((line, why)) => {
            let place = Place::lines(path, line, line);
            let mut site = Site::new(ServerSoftware::Traefik, "configuration", place.clone());
            site.unreadable.push(setting(
                Unreadable {
                    path: path.to_owned(),
                    why: format!("it is neither YAML nor TOML: {why}"),
                },
                &place,
                "",
            ));
            return vec![site];
        }
    };
    let mut sites = Vec::new();
    for document in &documents {
        if document.get("kind").and_then(Node::text) == Some("TLSOption") {
            if let Some(spec) = document.get("spec") {
                let name = document
                    .at(&["metadata", "name"])
                    .and_then(Node::text)
                    .unwrap_or("default");
                sites.push(site(name, spec, document, path));
            }
            continue;
        }
        let Some(tls) = document.get("tls") else {
            continue;
        };
        let options = tls.get("options").map(Node::entries).unwrap_or_default();
        if options.is_empty() {
            sites.push(site("default", tls, document, path));
        }
        for (name, _, option) in options {
            sites.push(site(name, option, document, path));
        }
    }
    sites
}

fn site(name: &str, option: &Node, document: &Node, path: &str) -> Site {
    let mut site = Site::new(
        ServerSoftware::Traefik,
        format!("TLS options {name}"),
        option.place(path),
    );
    certificates(document, path, &mut site);
    if let Some(auth) = option.get("clientAuth") {
        client_auth(auth, path, &mut site);
    }
    let bound = |key: &str| option.get(key);
    if let Some(first) = bound("minVersion").or(bound("maxVersion")) {
        let number = |key: &str| bound(key).and_then(Node::text).and_then(version);
        let versions = range(
            number("minVersion").unwrap_or(0x0303),
            number("maxVersion").unwrap_or(0x0304),
        );
        site.versions = Some(setting(
            versions,
            &first.place(path),
            first.text().unwrap_or_default(),
        ));
    }
    middlewares(document, path, &mut site);
    site
}

/// The chain that is presented, and its key.
fn certificates(document: &Node, path: &str, site: &mut Site) {
    let mut file = |node: Option<&Node>, key: bool| {
        if let Some(node) = node
            && let Some(text) = node.text()
        {
            let setting = setting(text.to_owned(), &node.place(path), text);
            if key {
                site.key.push(setting)
            } else {
                site.certificate.push(setting)
            }
        }
    };
    let certificates = document
        .at(&["tls", "certificates"])
        .map(Node::list)
        .unwrap_or_default();
    let default = document.at(&["tls", "stores", "default", "defaultCertificate"]);
    // Several certificates serve several names; the chain that is looked at is the default one,
    // else the first.
    if let Some(first) = default.or(certificates.first()) {
        file(first.get("certFile"), false);
        file(first.get("keyFile"), true);
    }
    for other in certificates.iter().skip(usize::from(default.is_none())) {
        site.not_understood.push(setting(
            NotUnderstood::FurtherCertificate,
            &other.place(path),
            "certificates",
        ));
    }
}

/// Who is asked for a certificate, and by whose authorities it is checked.
fn client_auth(auth: &Node, path: &str, site: &mut Site) {
    for key in ["caFiles", "clientCAFiles"] {
        for node in auth.get(key).map(Node::list).unwrap_or_default() {
            if let Some(text) = node.text() {
                site.client_ca
                    .push(setting(text.to_owned(), &node.place(path), text));
            }
        }
    }
    if let Some(secrets) = auth.get("secretNames") {
        site.not_understood.push(setting(
            NotUnderstood::AuthoritiesInSecrets,
            &secrets.place(path),
            "secretNames",
        ));
    }
    let kind = auth.get("clientAuthType");
    let mode = match kind.and_then(Node::text).unwrap_or("NoClientCert") {
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
        _ => None,
    };
    let at = kind.unwrap_or(auth);
    let text = format!(
        "clientAuthType: {}",
        kind.and_then(Node::text).unwrap_or("(not set)")
    );
    match mode {
        Some(mode) => site.client_auth = Some(setting(mode, &at.place(path), &text)),
        None => site.not_understood.push(setting(
            NotUnderstood::NotKnown("clientAuthType"),
            &at.place(path),
            &text,
        )),
    }
}

/// What the middlewares do with the certificate and the Authorization header.
fn middlewares(document: &Node, path: &str, site: &mut Site) {
    for (name, line, middleware) in document
        .at(&["http", "middlewares"])
        .map(Node::entries)
        .unwrap_or_default()
    {
        let place = Place::lines(path, *line, *line);
        if middleware.get("passTLSClientCert").is_some() {
            let forwarded = Forwarded {
                header: "X-Forwarded-Tls-Client-Cert".to_owned(),
                value: "passTLSClientCert".to_owned(),
                overwrites: true,
            };
            site.forwards.push(setting(forwarded, &place, name));
        }
        if middleware.get("forwardAuth").is_some() {
            site.bearer.push(setting((), &place, name));
        }
    }
}

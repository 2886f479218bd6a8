//! Caddy's own JSON: the connection policies of its servers, and what their routes ask.

use super::{
    super::{
        doors,
        node::{self, Node, Value},
        range, setting, version,
    },
    auth, policies,
};
use crate::facts::{FileRole, NotUnderstood, Place, ServerSoftware, Site, Unreadable};

pub(super) fn sites(path: &str, text: &str) -> Vec<Site> {
    let documents = match node::yaml(text) {
        Ok(documents) => documents,
        Err((line, why)) => {
            let place = Place::lines(path, line, line);
            let mut site = Site::new(ServerSoftware::Caddy, "configuration", place.clone());
            let value = Unreadable {
                path: path.to_owned(),
                why: format!("it is not JSON: {why}"),
                meant_as: FileRole::Config,
                forbidden: false,
            };
            site.unreadable.push(setting(value, &place, ""));
            return vec![site];
        }
    };
    let (mut sites, mut without_tls) = (Vec::new(), Vec::new());
    for document in &documents {
        let servers = document.at(&["apps", "http", "servers"]).map(Node::entries);
        for (name, line, server) in servers.unwrap_or_default() {
            let policies = server.get("tls_connection_policies").map(Node::list);
            let place = Place::lines(path, *line, *line);
            let mut shared = Site::new(ServerSoftware::Caddy, format!("server {name}"), place);
            certificates(document, path, &mut shared);
            if let Some(routes) = server.get("routes") {
                conditions(routes, path, 0, &mut shared);
            }
            if let Some(logic) = server.get("named_routes") {
                conditions(logic, path, 0, &mut shared);
            }
            match policies.unwrap_or_default() {
                [] if ends_tls(server) => sites.push(shared),
                [] => without_tls.extend(policies::plain(name, server, path)),
                several => {
                    let served = policies::serves(server, several);
                    for (policy, serves) in several.iter().zip(served) {
                        let site = by_policy(policy, path, shared.clone());
                        sites.push(Site { serves, ..site });
                    }
                }
            }
        }
    }
    doors::put(&mut sites, &without_tls);
    sites
}

/// A server without policies has them made by automatic HTTPS, unless it listens on port 80 alone.
fn ends_tls(server: &Node) -> bool {
    let listens = server.get("listen").map(Node::list).unwrap_or_default();
    let off = server
        .at(&["automatic_https", "disable"])
        .and_then(Node::text)
        == Some("true");
    !off && listens
        .iter()
        .filter_map(Node::text)
        .any(|listen| !listen.ends_with(":80"))
}

fn certificates(document: &Node, path: &str, site: &mut Site) {
    let files = document.at(&["apps", "tls", "certificates", "load_files"]);
    for (index, pair) in files.map(Node::list).unwrap_or_default().iter().enumerate() {
        if index > 0 {
            let why = NotUnderstood::FurtherCertificate;
            site.not_understood
                .push(setting(why, &pair.place(path), "load_files"));
            continue;
        }
        let file = |key: &str| {
            let node = pair.get(key)?;
            Some(setting(
                node.text()?.to_owned(),
                &node.place(path),
                node.text()?,
            ))
        };
        site.certificate.extend(file("certificate"));
        site.key.extend(file("key"));
    }
}

fn by_policy(policy: &Node, path: &str, shared: Site) -> Site {
    let mut site = Site {
        place: policy.place(path),
        ..shared
    };
    let names = policy.at(&["match", "sni"]).map(Node::list);
    for name in names.unwrap_or_default().iter().take(4) {
        if let Some(name) = name.text() {
            site.name = format!("{} {name}", site.name);
        }
    }
    let bound = |key: &str| policy.get(key);
    if let Some(first) = bound("protocol_min").or(bound("protocol_max")) {
        let number = |key: &str| bound(key).and_then(Node::text).and_then(version);
        let versions = range(
            number("protocol_min").unwrap_or(0x0303),
            number("protocol_max").unwrap_or(0x0304),
        );
        let text = first.text().unwrap_or_default();
        site.versions = Some(setting(versions, &first.place(path), text));
    }
    if let Some(auth) = policy.get("client_authentication") {
        client_auth(auth, path, &mut site);
    }
    site
}

fn client_auth(auth: &Node, path: &str, site: &mut Site) {
    let mut pool = false;
    for (key, line, node) in auth.entries() {
        let place = Place::lines(path, *line, *line);
        match key.as_str() {
            "mode" => {}
            "trusted_ca_certs_pem_files" => pool |= files(node, path, site),
            "trusted_ca_certs" => pool |= in_base64(node, path, site),
            "ca" => {
                pool = true;
                let provider = node.get("provider").and_then(Node::text);
                match (
                    provider,
                    node.get("pem_files"),
                    node.get("trusted_ca_certs"),
                ) {
                    (Some("file"), Some(list), _) => pool |= files(list, path, site),
                    (Some("inline"), _, Some(list)) => pool |= in_base64(list, path, site),
                    (other, ..) => {
                        auth::provided(other.unwrap_or_default(), &place, key, site);
                    }
                }
            }
            "trusted_leaf_certs" => {
                let why = NotUnderstood::TrustedLeaves;
                site.not_understood.push(setting(why, &place, key));
            }
            _ => {
                let why = NotUnderstood::Directive;
                site.not_understood.push(setting(why, &place, key));
            }
        }
    }
    let written = auth.get("mode");
    let word = written.and_then(Node::text);
    let at = written.unwrap_or(auth).place(path);
    let text = format!("mode: {}", word.unwrap_or("(not set)"));
    auth::mode(word, pool, &at, &text, site);
}

/// Files with authorities; whether there are any.
fn files(list: &Node, path: &str, site: &mut Site) -> bool {
    let before = site.client_ca.len();
    for file in list.list() {
        let told = file
            .text()
            .map(|name| setting(name.to_owned(), &file.place(path), name));
        site.client_ca.extend(told);
    }
    site.client_ca.len() > before
}

/// Authorities in base64; whether there are any.
fn in_base64(list: &Node, path: &str, site: &mut Site) -> bool {
    for node in list.list() {
        let value = node.text().into_iter();
        auth::in_base64("trusted_ca_certs", value, &node.place(path), site);
    }
    !list.list().is_empty()
}

/// Routes that look at the certificate.
fn conditions(node: &Node, path: &str, depth: usize, site: &mut Site) {
    if depth > 64 {
        return;
    }
    let mut note = |line: usize, text: &str| {
        if super::matchers::about(text) && site.not_understood.len() < 100 {
            let why = NotUnderstood::ConditionOrRefusal;
            let place = Place::lines(path, line, line);
            site.not_understood.push(setting(why, &place, text));
        }
    };
    match &node.value {
        Value::Scalar(text) => note(node.line, text),
        Value::List(nodes) => {
            for inner in nodes {
                conditions(inner, path, depth + 1, site);
            }
        }
        Value::Map(entries) => {
            for (key, line, _) in entries {
                note(*line, key);
            }
            for (key, _, inner) in entries {
                // What is passed on decides nothing here.
                if key != "headers" {
                    conditions(inner, path, depth + 1, site);
                }
            }
        }
    }
}

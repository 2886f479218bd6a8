//! Caddy's own JSON: the connection policies of its servers, and what their routes ask.

use super::super::{
    node::{self, Node, Value},
    range, setting, version,
};
use crate::facts::{
    Checks, ClientAuthMode, FileRole, NotUnderstood, Place, ServerSoftware, Site, Unreadable,
};

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
    let mut sites = Vec::new();
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
                [] => {}
                several => sites.extend(
                    several
                        .iter()
                        .map(|policy| by_policy(policy, path, shared.clone())),
                ),
            }
        }
    }
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
    let mut trusts = false;
    for (key, line, node) in auth.entries() {
        let place = Place::lines(path, *line, *line);
        let mut open = |why| site.not_understood.push(setting(why, &place, key));
        let files = match key.as_str() {
            "mode" => continue,
            "trusted_ca_certs_pem_files" => Some(node),
            "ca" if node.get("provider").and_then(Node::text) == Some("file") => {
                node.get("pem_files")
            }
            "ca" | "trusted_ca_certs" => {
                trusts = true;
                open(NotUnderstood::Inline("trusted_ca_certs"));
                continue;
            }
            "trusted_leaf_certs" => {
                open(NotUnderstood::TrustedLeaves);
                continue;
            }
            _ => {
                open(NotUnderstood::Directive);
                continue;
            }
        };
        for file in files.map(Node::list).unwrap_or_default() {
            if let Some(name) = file.text() {
                trusts = true;
                site.client_ca
                    .push(setting(name.to_owned(), &file.place(path), name));
            }
        }
    }
    let written = auth.get("mode");
    let mode = match written.and_then(Node::text) {
        Some("request") => Some((true, false, Checks::Nothing)),
        Some("require") => Some((true, true, Checks::Nothing)),
        Some("verify_if_given") => Some((true, false, Checks::All)),
        Some("require_and_verify") => Some((true, true, Checks::All)),
        // Without a mode, authorities that are named are used.
        None if trusts => Some((true, true, Checks::All)),
        None => Some((true, true, Checks::Nothing)),
        Some(_) => None,
    };
    let at = written.unwrap_or(auth).place(path);
    match mode {
        Some((asks, requires, checks)) => {
            let mode = ClientAuthMode {
                asks,
                requires,
                checks,
            };
            let word = written.and_then(Node::text).unwrap_or("(not set)");
            site.client_auth = Some(setting(mode, &at, &format!("mode: {word}")));
        }
        None => {
            let why = NotUnderstood::Expected(super::MODES);
            site.not_understood.push(setting(why, &at, "mode"));
        }
    }
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

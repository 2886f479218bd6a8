//! Traefik: the TLS options of its dynamic configuration in YAML or TOML and of the Kubernetes
//! resource `TLSOption`, for the routers that use them; the entry points of Traefik 1.

mod authorities;
mod hosts;
mod routers;
mod rules;

use self::{
    authorities::{client_auth, files},
    routers::Routers,
};
use super::{
    Include, doors,
    node::{self, Node},
    range, setting, version,
};
use crate::facts::{
    ClientAuthMode, FileRole, Forwarded, NotUnderstood, Place, ServerSoftware, Site, Unreadable,
};

/// The options of routers that name none.
const DEFAULT: &str = "default";

pub(super) fn sites(path: &str, text: &str, include: &mut dyn Include) -> Vec<Site> {
    let mut documents = match documents(path, text) {
        Ok(documents) => documents,
        Err(site) => return vec![*site],
    };
    match dynamic(&documents, path, include) {
        Some((file, more)) => {
            documents.splice(0..0, more);
            of_documents(&documents, &file, path)
        }
        None => of_documents(&documents, path, path),
    }
}

/// The dynamic configuration that a static one names, where it is one file that can be read.
fn dynamic(
    documents: &[Node],
    path: &str,
    include: &mut dyn Include,
) -> Option<(String, Vec<Node>)> {
    let mut all = documents.iter();
    let provider = all.find_map(|document| document.any_case(&["providers", "file"]))?;
    let named = |key: &str| provider.get_any_case(key).and_then(Node::text);
    let mut wanted = Vec::new();
    if let Some(file) = named("filename") {
        wanted.push(file.to_owned());
        // It is named as Traefik sees it, perhaps in a container.
        wanted.extend(file.rsplit('/').next().map(str::to_owned));
    }
    if let Some(folder) = named("directory") {
        let endings = ["yml", "yaml", "toml"].into_iter();
        wanted.extend(endings.map(|ending| format!("{}/*.{ending}", folder.trim_end_matches('/'))));
    }
    let mut files: Vec<(String, String)> = Vec::new();
    for pattern in wanted {
        if let Ok(found) = include.matching(&pattern, path) {
            files.extend(found.into_iter().filter(|(file, _)| file != path));
        }
        if !files.is_empty() && named("filename").is_some() {
            break;
        }
    }
    let [(file, text)] = files.as_slice() else {
        return None;
    };
    Some((file.clone(), self::documents(file, text).ok()?))
}

/// The documents of a text, or a site that says that they could not be read.
fn documents(path: &str, text: &str) -> Result<Vec<Node>, Box<Site>> {
    let read = if path.to_ascii_lowercase().ends_with(".toml") {
        node::toml(text).map(|node| vec![node])
    } else {
        node::yaml(text)
    };
    read.map_err(|(line, why)| {
        let place = Place::lines(path, line, line);
        let mut site = Site::new(ServerSoftware::Traefik, "configuration", place.clone());
        site.unreadable.push(setting(
            Unreadable {
                path: path.to_owned(),
                why: format!("it is neither YAML nor TOML: {why}"),
                meant_as: FileRole::Config,
                forbidden: false,
            },
            &place,
            "",
        ));
        Box::new(site)
    })
}

/// The sites of documents; `of_static` is the file in which the entry points stand.
fn of_documents(documents: &[Node], path: &str, of_static: &str) -> Vec<Site> {
    let routers = Routers::of(documents);
    let mut sites = Vec::new();
    let mut options: Vec<(&str, &Node, &Node)> = Vec::new();
    for document in documents {
        if document.get("kind").and_then(Node::text) == Some("TLSOption") {
            let name = document.at(&["metadata", "name"]).and_then(Node::text);
            let spec = document.get("spec");
            options.extend(spec.map(|spec| (name.unwrap_or(DEFAULT), spec, document)));
            continue;
        }
        first_edition(document, path, &mut sites);
        let all = document.any_case(&["tls", "options"]).map(Node::entries);
        for (name, _, option) in all.unwrap_or_default() {
            options.push((name, option, document));
        }
    }
    for (name, option, document) in &options {
        let used = routers.uses(name);
        if !used && *name != DEFAULT && !routers.is_empty() {
            continue;
        }
        let title = format!("TLS options {name}");
        let mut site = site(title, option, document, documents, path);
        if !used && *name != DEFAULT {
            let what = format!("tls.options.{name}");
            site.not_understood
                .push(setting(NotUnderstood::NoRouter, &option.place(path), &what));
        }
        routers.doubts(name, path, &mut site);
        if !routers.name(name) {
            routers.of_unread_points(path, &mut site);
        }
        site.serves = routers.serves(name);
        sites.push(site);
    }
    others(&routers, &options, documents, path, &mut sites);
    points(&routers, &options, of_static, &mut sites);
    doors::put(&mut sites, &routers.without_tls(path));
    sites
}

/// The routers whose options were not read: those that name none and have no default, and those
/// that name others.
fn others(
    routers: &Routers<'_>,
    options: &[(&str, &Node, &Node)],
    documents: &[Node],
    path: &str,
    sites: &mut Vec<Site>,
) {
    let known = |name: &str| options.iter().any(|(own, ..)| *own == name);
    for (names, wanted, at, document) in routers.without(known) {
        let mut site = Site::new(
            ServerSoftware::Traefik,
            format!("router {names}"),
            at.place(path),
        );
        certificates(document, path, &mut site);
        middlewares(document, path, &mut site);
        site.serves = routers.serves(wanted);
        if wanted != DEFAULT {
            let why = NotUnderstood::Elsewhere(format!("the TLS options {wanted}"));
            site.not_understood
                .push(setting(why, &at.place(path), wanted));
        }
        sites.push(site);
    }
    if sites.is_empty() {
        // Certificates alone: the options are those of Traefik itself.
        let found = documents
            .iter()
            .find_map(|document| Some((document.get_any_case("tls")?, document)));
        sites.extend(found.map(|(tls, document)| {
            let title = format!("TLS options {DEFAULT}");
            let mut site = site(title, tls, document, documents, path);
            routers.of_unread_points(path, &mut site);
            site
        }));
    }
    if let Some(site) = sites.first_mut() {
        for (name, option, _) in options {
            let unused = !routers.is_empty() && !routers.uses(name) && *name != DEFAULT;
            let why = match routers.lost(name) {
                Some(why) => Some(why.to_owned()),
                None => unused
                    .then(|| format!("no router in the files read uses the TLS options `{name}`")),
            };
            if let Some(why) = why {
                let what = format!("tls.options.{name}");
                site.without_effect
                    .push(setting(why, &option.place(path), &what));
            }
        }
    }
}

/// The entry points that end TLS by options that were not read: those of their routers, which are
/// in other files too.
fn points(
    routers: &Routers<'_>,
    options: &[(&str, &Node, &Node)],
    path: &str,
    sites: &mut Vec<Site>,
) {
    let known = |name: &str| options.iter().any(|(own, ..)| *own == name);
    // What its routers get was said of them.
    let told = |options: &str| known(options) || routers.name(options);
    for point in routers.points().filter(|point| !told(point.options)) {
        if point.options == DEFAULT && !sites.is_empty() {
            continue;
        }
        let name = format!("entry point {}", point.name);
        let mut site = Site::new(ServerSoftware::Traefik, name, point.node.place(path));
        let what = format!(
            "the dynamic configuration with the TLS options {}",
            point.options
        );
        let text = format!("http.tls.options: {}", point.options);
        let why = NotUnderstood::Elsewhere(what);
        site.not_understood
            .push(setting(why, &point.node.place(path), &text));
        sites.push(site);
    }
}

/// `entryPoints.https.tls` with `clientCA.files` and `clientCA.optional`, or the older
/// `clientCAFiles`: Traefik 1.
fn first_edition(document: &Node, path: &str, sites: &mut Vec<Site>) {
    let points = document.get_any_case("entryPoints").map(Node::entries);
    for (name, _, point) in points.unwrap_or_default() {
        let Some(tls) = point.get_any_case("tls") else {
            continue;
        };
        let mut site = Site::new(
            ServerSoftware::Traefik,
            format!("entry point {name}"),
            tls.place(path),
        );
        let first = tls.get_any_case("certificates").map(Node::list);
        if let Some(first) = first.and_then(<[_]>::first) {
            pair(first, path, &mut site);
        }
        let authority = tls.get_any_case("clientCA");
        let named = authority.and_then(|one| one.get_any_case("files"));
        let named = named.or_else(|| tls.get_any_case("clientCAFiles"));
        if let Some(named) = named {
            let optional = authority
                .and_then(|one| one.get_any_case("optional"))
                .and_then(Node::text);
            let mode = if optional == Some("true") {
                ClientAuthMode::OPTIONAL
            } else {
                ClientAuthMode::REQUIRED
            };
            let text = format!("clientCA with optional = {}", optional.unwrap_or("false"));
            site.client_auth = Some(setting(mode, &named.place(path), &text));
            files(named, path, &mut site);
        }
        sites.push(site);
    }
}

fn site(name: String, option: &Node, document: &Node, documents: &[Node], path: &str) -> Site {
    let mut site = Site::new(ServerSoftware::Traefik, name, option.place(path));
    certificates(document, path, &mut site);
    if let Some(auth) = option.get_any_case("clientAuth") {
        let namespace = document.at(&["metadata", "namespace"]).and_then(Node::text);
        client_auth(auth, namespace, documents, path, &mut site);
    } else if let Some(named) = option.get_any_case("clientCAFiles") {
        // Traefik 2 before 2.0: all that are named have to be proven.
        let text = "clientCAFiles";
        site.client_auth = Some(setting(ClientAuthMode::REQUIRED, &named.place(path), text));
        files(named, path, &mut site);
    }
    let bound = |key: &str| option.get_any_case(key);
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
    let certificates = document
        .any_case(&["tls", "certificates"])
        .map(Node::list)
        .unwrap_or_default();
    let default = document.any_case(&["tls", "stores", DEFAULT, "defaultCertificate"]);
    // Several certificates serve several names; the chain that is looked at is the default one,
    // else the first.
    if let Some(first) = default.or(certificates.first()) {
        pair(first, path, site);
    }
    for other in certificates.iter().skip(usize::from(default.is_none())) {
        site.not_understood.push(setting(
            NotUnderstood::FurtherCertificate,
            &other.place(path),
            "certificates",
        ));
    }
}

fn pair(node: &Node, path: &str, site: &mut Site) {
    let file = |key: &str| {
        let node = node.get_any_case(key)?;
        let text = node.text()?;
        // The text itself may stand there: a key must not be shown.
        (!text.contains('\n')).then(|| setting(text.to_owned(), &node.place(path), text))
    };
    site.certificate.extend(file("certFile"));
    site.key.extend(file("keyFile"));
}

/// What the middlewares do with the certificate and the Authorization header.
fn middlewares(document: &Node, path: &str, site: &mut Site) {
    for (name, line, middleware) in document
        .any_case(&["http", "middlewares"])
        .map(Node::entries)
        .unwrap_or_default()
    {
        let place = Place::lines(path, *line, *line);
        if middleware.get_any_case("passTLSClientCert").is_some() {
            let forwarded = Forwarded {
                header: "X-Forwarded-Tls-Client-Cert".to_owned(),
                value: "passTLSClientCert".to_owned(),
                overwrites: true,
            };
            site.forwards.push(setting(forwarded, &place, name));
        }
        if middleware.get_any_case("forwardAuth").is_some() {
            site.bearer.push(setting((), &place, name));
        }
    }
}

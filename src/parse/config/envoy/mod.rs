//! Envoy: every `DownstreamTlsContext` of a YAML or JSON configuration.

mod chains;
mod clusters;
mod fields;
mod names;
mod secrets;
mod served;
mod validation;

use self::{chains::Chain, clusters::Clusters, secrets::Secrets, validation::client_auth};
use super::{
    Include, doors,
    node::{self, Node, Value},
    range, setting, version,
};
use crate::facts::{
    Door, FileRole, Forwarded, NotUnderstood, Passphrase, Place, ServerSoftware, Setting, Site,
    Unreadable,
};

pub(super) fn sites(path: &str, text: &str, include: &mut dyn Include) -> Vec<Site> {
    let documents = match node::yaml(text) {
        Ok(documents) => documents,
        Err((line, why)) => {
            let place = Place::lines(path, line, line);
            let mut site = Site::new(ServerSoftware::Envoy, "configuration", place.clone());
            site.unreadable.push(setting(
                Unreadable {
                    path: path.to_owned(),
                    why: format!("it is not YAML: {why}"),
                    meant_as: FileRole::Config,
                    forbidden: false,
                },
                &place,
                "",
            ));
            return vec![site];
        }
    };
    let documents: Vec<Node> = documents.into_iter().map(Node::snake_keys).collect();
    let mut secrets = Secrets::of(path, &documents);
    for document in &documents {
        secrets.read_files(document, path, include, 0);
    }
    let clusters = Clusters::of(&documents);
    let (mut sites, mut without_tls) = (Vec::new(), Vec::new());
    for document in &documents {
        served::without_tls(document, path, &mut without_tls);
        let around = Around {
            name: "listener",
            chain: None,
            secrets: &secrets,
            clusters: &clusters,
        };
        let from = sites.len();
        walk(document, path, &around, &mut sites);
        if document.get("kind").and_then(Node::text) == Some("EnvoyFilter") {
            patches(&mut sites[from..]);
        }
    }
    for plain in &mut without_tls {
        clusters.resolve(&mut plain.serves);
    }
    doors::put(&mut sites, &without_tls);
    sites
}

/// Notes of the contexts of an `EnvoyFilter` that each is merged into a listener of Istio's, which
/// may set more.
fn patches(sites: &mut [Site]) {
    for site in sites {
        let why = NotUnderstood::Elsewhere("the listener that this EnvoyFilter changes".to_owned());
        let told = setting(why, &site.place, "kind: EnvoyFilter");
        site.not_understood.push(told);
    }
}

/// What stands around a context.
#[derive(Clone, Copy)]
struct Around<'a> {
    /// The listener's name.
    name: &'a str,
    /// The filter chain or listener, in which the HTTP filters stand.
    chain: Option<&'a Node>,
    secrets: &'a Secrets,
    clusters: &'a Clusters,
}

/// Follows the tree.
fn walk<'a>(node: &'a Node, path: &str, around: &Around<'a>, sites: &mut Vec<Site>) {
    if node.get("common_tls_context").is_some() {
        let kind = node.get("@type").and_then(Node::text).unwrap_or_default();
        if !kind.contains("UpstreamTlsContext") && sites.len() < MOST_SITES {
            sites.push(site(node, path, around));
        }
        return;
    }
    match &node.value {
        Value::List(nodes) => {
            for inner in nodes {
                walk(inner, path, around, sites);
            }
        }
        Value::Map(entries) => {
            if node.get("filter_chains").is_some() {
                listener(node, path, around, sites);
                return;
            }
            let transport = node.get("transport_socket").is_some();
            for (key, _, inner) in entries {
                // What Envoy calls, it is the client of.
                if CLIENT_SIDE.contains(&key.as_str()) {
                    continue;
                }
                let chain = if transport { Some(node) } else { around.chain };
                walk(inner, path, &Around { chain, ..*around }, sites);
            }
        }
        Value::Scalar(_) => {}
    }
}

/// Follows a listener, and looks at its filter chains beside each other.
fn listener<'a>(node: &'a Node, path: &str, around: &Around<'a>, sites: &mut Vec<Site>) {
    let name = node.get("name").and_then(Node::text);
    let name = name.unwrap_or(around.name);
    let mut chains = Vec::new();
    for (key, _, inner) in node.entries() {
        let (all, by_default) = match key.as_str() {
            "filter_chains" => (inner.list(), false),
            "default_filter_chain" => (std::slice::from_ref(inner), true),
            key if CLIENT_SIDE.contains(&key) => continue,
            _ => {
                walk(inner, path, around, sites);
                continue;
            }
        };
        for chain in all {
            let from = sites.len();
            let around = Around {
                name,
                chain: Some(chain),
                ..*around
            };
            walk(chain, path, &around, sites);
            let site = (sites.len() > from).then_some(from);
            chains.push(Chain::of(chain, by_default, site, around.clusters));
        }
    }
    chains::beside(node, &chains, path, sites);
}

/// Contexts that are looked at; a dump may have the same ones many times.
const MOST_SITES: usize = 1_000;
/// Parts of a configuration, or of a dump, with what Envoy does as a client.
const CLIENT_SIDE: [&str; 5] = [
    "clusters",
    "static_clusters",
    "dynamic_active_clusters",
    "dynamic_warming_clusters",
    "cluster",
];

fn yes(node: Option<&Node>) -> bool {
    let node = node.map(|node| node.get("value").unwrap_or(node));
    // Envoy reads YAML 1.1, whose words for it are more (tried with Envoy 1.40).
    let words = ["true", "yes", "on", "y"];
    node.and_then(Node::text)
        .is_some_and(|text| words.iter().any(|word| text.eq_ignore_ascii_case(word)))
}

fn site(context: &Node, path: &str, around: &Around<'_>) -> Site {
    let mut name = match around.name {
        "listener" => "listener".to_owned(),
        own => format!("listener {own}"),
    };
    let hosts = around
        .chain
        .and_then(|chain| chain.at(&["filter_chain_match", "server_names"]));
    for host in hosts.map(Node::list).unwrap_or_default() {
        if let Some(host) = host.text().filter(|_| name.len() < 200) {
            name = format!("{name} {host}");
        }
    }
    let mut site = Site::new(ServerSoftware::Envoy, name, context.place(path));
    let Some(common) = context.get("common_tls_context") else {
        return site;
    };
    for certificate in common
        .get("tls_certificates")
        .map(Node::list)
        .unwrap_or_default()
    {
        certificates(certificate, path, &mut site);
    }
    for (key, line, named) in common.entries() {
        if !key.contains("sds") && !key.contains("provider") || key.contains("validation") {
            continue;
        }
        let names: Vec<&Node> = match &named.value {
            Value::List(list) => list.iter().collect(),
            _ => vec![named],
        };
        let mut read = !names.is_empty();
        for name in names {
            match around.secrets.get(name, "tls_certificate") {
                Some((certificate, at)) => certificates(certificate, at, &mut site),
                None => read = false,
            }
        }
        if !read {
            site.not_understood.push(setting(
                NotUnderstood::SecretService,
                &Place::lines(path, *line, *line),
                key,
            ));
        }
    }
    fields::check(context, path, &mut site);
    client_auth(context, common, path, around.secrets, &mut site);
    fields::take_back(&mut site);
    if let Some(params) = common.get("tls_params") {
        versions(params, path, &mut site);
    }
    if let Some(chain) = around.chain {
        filters(chain, path, &mut site);
        site.serves = served::serves(chain);
        around.clusters.resolve(&mut site.serves);
        unlike(chain, path, &mut site);
    }
    site
}

/// Notes where a filter chain has its TLS otherwise than it is read: it begins without TLS, or is
/// written for another API.
fn unlike(chain: &Node, path: &str, site: &mut Site) {
    let kinds = [&["name"][..], &["typed_config", "@type"]];
    let socket = chain.get("transport_socket");
    let starts = |node: &Node| {
        let mut words = kinds.iter().filter_map(|keys| node.at(keys)?.text());
        words.any(|word| word.to_ascii_lowercase().contains("starttls"))
    };
    if let Some(socket) = socket.filter(|socket| starts(socket)) {
        let door = Door::without_tls(format!("{} before STARTTLS", site.name));
        let told = setting(door, &socket.place(path), "transport_sockets.starttls");
        site.doors.push(told);
    }
    if let Some(old) = chain.get("tls_context") {
        let why = NotUnderstood::NotKnown("field since Envoy 1.18, which has no API v2");
        let told = setting(why, &old.place(path), "tls_context");
        site.not_understood.push(told);
    }
}

/// The file that a data source names; one that is written into the configuration is not looked at.
fn file(source: &Node, what: &'static str, path: &str, site: &mut Site) -> Option<Setting<String>> {
    if let Some(name) = source.get("filename") {
        return Some(setting(
            name.text()?.to_owned(),
            &name.place(path),
            &format!("{what}: {}", name.text()?),
        ));
    }
    site.not_understood.push(setting(
        NotUnderstood::Inline(what),
        &source.place(path),
        what,
    ));
    None
}

/// A chain that is presented, and its key.
fn certificates(certificate: &Node, path: &str, site: &mut Site) {
    if let Some(source) = certificate.get("certificate_chain") {
        let found = file(source, "certificate_chain", path, site);
        site.certificate.extend(found);
    }
    if let Some(source) = certificate.get("private_key") {
        let found = file(source, "private_key", path, site);
        site.key.extend(found);
    }
    if let Some(source) = certificate.get("password") {
        let place = source.place(path);
        let value = match source.get("filename").and_then(Node::text) {
            Some(name) => Passphrase::File(name.to_owned()),
            None => Passphrase::WhileStarting,
        };
        site.passphrase = Some(setting(value, &place, "password"));
    }
}

/// The TLS versions, where one end of their range is given.
fn versions(params: &Node, path: &str, site: &mut Site) {
    let bound = |key: &str| {
        params
            .get(key)
            .filter(|node| node.text().is_some_and(|word| version(word).is_some()))
    };
    let (lowest, highest) = (
        bound("tls_minimum_protocol_version"),
        bound("tls_maximum_protocol_version"),
    );
    if let Some(first) = lowest.or(highest) {
        let number = |node: Option<&Node>| node.and_then(Node::text).and_then(version);
        let versions = range(
            number(lowest).unwrap_or(0x0303),
            number(highest).unwrap_or(0x0304),
        );
        site.versions = Some(setting(
            versions,
            &first.place(path),
            first.text().unwrap_or_default(),
        ));
    }
}

/// Parts of the names of filters that may look at the certificate; `client_ssl_auth` asks a service
/// for a list of those that it lets in.
const DECIDING: [&str; 7] = [
    "rbac",
    "lua",
    "wasm",
    "golang",
    "client_ssl_auth",
    "ext_proc",
    "dynamic_modules",
];

/// What the HTTP filters do with the certificate and the Authorization header.
fn filters(chain: &Node, path: &str, site: &mut Site) {
    let mut open = vec![chain];
    while let Some(node) = open.pop() {
        match &node.value {
            Value::List(nodes) => open.extend(nodes),
            Value::Map(entries) => {
                for (key, line, inner) in entries {
                    let place = Place::lines(path, *line, *line);
                    if key == "forward_client_cert_details"
                        && let Some(how) = inner.text().map(str::to_ascii_uppercase)
                        && !["SANITIZE", "0"].contains(&how.as_str())
                    {
                        let forwarded = Forwarded {
                            header: "x-forwarded-client-cert".to_owned(),
                            value: how.clone(),
                            overwrites: ["SANITIZE_SET", "3"].contains(&how.as_str()),
                        };
                        site.forwards
                            .push(setting(forwarded, &place, &format!("{key}: {how}")));
                    }
                    if key == "name"
                        && let Some(name) = inner.text()
                    {
                        let asked = name.contains("ext_authz");
                        if asked || name.contains("jwt_authn") || name.contains("oauth2") {
                            site.bearer.push(setting((), &place, name));
                        }
                        // The service is told of the certificate, and may decide by it. Routes may
                        // look at the header that carries it.
                        let mode = site.mode();
                        let by_header = name.eq_ignore_ascii_case("x-forwarded-client-cert");
                        let told = (asked || by_header) && mode.asks && !mode.requires;
                        if told || DECIDING.iter().any(|part| name.contains(part)) {
                            site.not_understood
                                .push(setting(NotUnderstood::Filter, &place, name));
                        }
                    }
                    // A filter may have any name: its type tells.
                    if key == "@type"
                        && let Some(kind) = inner.text()
                        && kind.contains(".filters.")
                        && DECIDING.iter().any(|part| kind.contains(part))
                    {
                        let told = setting(NotUnderstood::Filter, &place, kind);
                        if !named_so(site, kind) {
                            site.not_understood.push(told);
                        }
                    }
                    open.push(inner);
                }
            }
            Value::Scalar(_) => {}
        }
    }
}

/// Whether a filter of this type was found by its name already.
fn named_so(site: &Site, kind: &str) -> bool {
    let part = DECIDING.iter().find(|part| kind.contains(*part));
    site.not_understood.iter().any(|one| {
        one.value == NotUnderstood::Filter && part.is_some_and(|part| one.text.contains(part))
    })
}

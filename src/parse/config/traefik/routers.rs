//! Which routers use which TLS options. Options are chosen by the name that the client asks for
//! (SNI), so that routers without one, or with one name and different options, get the default ones
//! (Traefik 3.7: pkg/server/router/tcp/manager.go, and a run of 2026-11-30).

use std::collections::{BTreeMap, BTreeSet};

use super::{
    super::{
        doors::{self, Plain},
        node::Node,
        setting,
    },
    DEFAULT,
    rules::{hosts, servers},
};
use crate::facts::{NotUnderstood, Served, Site};

/// A router with TLS.
pub(super) struct Router<'a> {
    pub(super) name: &'a str,
    pub(super) options: &'a str,
    pub(super) hosts: Vec<&'a str>,
    /// Whether it is for connections, not for requests: each has the options that it names.
    pub(super) tcp: bool,
    /// The entry points that it names; any when empty.
    pub(super) points: Vec<&'a str>,
    /// The services that it hands requests to.
    pub(super) services: Vec<&'a str>,
    /// The addresses of the servers of these.
    pub(super) addresses: Vec<String>,
    pub(super) node: &'a Node,
    pub(super) document: &'a Node,
}

impl<'a> Router<'a> {
    fn targets(&self, every: bool) -> impl Iterator<Item = (String, bool)> {
        let services = self.services.iter();
        let services = services.map(|service| format!("service {service}"));
        let addresses = self.addresses.iter().cloned();
        services.chain(addresses).map(move |target| (target, every))
    }
}

/// A router as it is written.
struct Found<'a, 'b> {
    name: &'a str,
    rules: &'b [&'a str],
    tcp: bool,
    /// Where the entry points are named.
    points: Option<&'a Node>,
    services: Vec<&'a str>,
    addresses: Vec<String>,
    node: &'a Node,
    document: &'a Node,
}

impl<'a> Found<'a, '_> {
    fn router(&self, options: &'a str) -> Router<'a> {
        Router {
            name: self.name,
            options,
            hosts: self.rules.iter().flat_map(|rule| hosts(rule)).collect(),
            tcp: self.tcp,
            points: texts(self.points),
            services: self.services.clone(),
            addresses: self.addresses.clone(),
            node: self.node,
            document: self.document,
        }
    }
}

/// An entry point that ends TLS for its routers by itself.
pub(super) struct Point<'a> {
    pub(super) name: &'a str,
    pub(super) options: &'a str,
    pub(super) node: &'a Node,
}

/// The routers of a configuration.
pub(super) struct Routers<'a> {
    /// Those with TLS, at most [`MOST`].
    pub(super) tls: Vec<Router<'a>>,
    /// Those without, each with whether all that its rule names comes by it.
    plain: Vec<(Router<'a>, bool)>,
    /// Whether there is any, with TLS or without.
    any: bool,
    /// The options that are used.
    used: BTreeSet<&'a str>,
    /// The entry points that end TLS.
    points: Vec<Point<'a>>,
    /// Entry points that routers without TLS of their own name and that were not read.
    unread: BTreeMap<&'a str, &'a Node>,
    /// Options that routers name and do not get, with the reason.
    pub(super) lost: BTreeMap<&'a str, String>,
}

/// Stands for the entry points of a router that names none.
const ANY: &str = "";

/// Routers that are followed.
const MOST: usize = 5_000;

impl<'a> Routers<'a> {
    pub(super) fn of(documents: &'a [Node]) -> Self {
        let mut routers = Self {
            tls: Vec::new(),
            plain: Vec::new(),
            any: false,
            used: BTreeSet::new(),
            points: points(documents),
            unread: BTreeMap::new(),
            lost: BTreeMap::new(),
        };
        for point in &routers.points {
            routers.used.insert(point.options);
        }
        for document in documents {
            let kind = document.get("kind").and_then(Node::text);
            if matches!(kind, Some("IngressRoute" | "IngressRouteTCP")) {
                routers.resource(document);
                continue;
            }
            for protocol in ["http", "tcp"] {
                let all = document.any_case(&[protocol, "routers"]).map(Node::entries);
                for (name, _, router) in all.unwrap_or_default() {
                    routers.any = true;
                    let used = router.get_any_case("entryPoints");
                    // Of HTTP alone; without a name it is a router of every entry point.
                    let of_point = routers.points.iter().find(|point| {
                        let used = used.map(Node::list).unwrap_or_default();
                        let mut used = used.iter().filter_map(Node::text);
                        protocol == "http" && used.any(|used| used == point.name)
                    });
                    let of_point = of_point.map(|point| point.options);
                    let options = match router.get_any_case("tls") {
                        Some(tls) if tls.text() == Some("false") => None,
                        Some(tls) => {
                            let own = tls.get_any_case("options").and_then(Node::text);
                            // Those of the entry point are for routers without `tls` alone.
                            Some(own.unwrap_or(DEFAULT))
                        }
                        None => of_point,
                    };
                    let rule = router.get_any_case("rule").and_then(Node::text);
                    let through = router
                        .any_case(&["tls", "passthrough"])
                        .and_then(Node::text);
                    let rules = [rule.unwrap_or_default()];
                    let service = router.get_any_case("service").and_then(Node::text);
                    let services: Vec<&str> = service.into_iter().collect();
                    let found = Found {
                        name,
                        rules: &rules,
                        tcp: protocol == "tcp",
                        points: used,
                        addresses: services
                            .iter()
                            .filter(|_| protocol == "http")
                            .flat_map(|service| servers(service, documents))
                            .collect(),
                        services,
                        node: router,
                        document,
                    };
                    match options {
                        Some(options) if through != Some("true") => routers.push(options, &found),
                        Some(_) => {}
                        None => routers.without_options(&found, documents),
                    }
                }
            }
        }
        routers.share_hosts();
        for router in &routers.tls {
            routers.used.insert(router.options);
        }
        routers
    }

    /// A Kubernetes resource with its routes.
    fn resource(&mut self, document: &'a Node) {
        self.any = true;
        let Some(spec) = document.get("spec") else {
            return;
        };
        let name = document.at(&["metadata", "name"]).and_then(Node::text);
        let routes = spec.get("routes").map(Node::list).unwrap_or_default();
        let rules: Vec<&str> = routes
            .iter()
            .filter_map(|route| route.get("match")?.text())
            .collect();
        let services = routes
            .iter()
            .flat_map(|route| route.get("services").map(Node::list).unwrap_or_default())
            .filter_map(|service| service.get("name")?.text())
            .collect();
        let tls = spec.get("tls");
        let found = Found {
            name: name.unwrap_or("without a name"),
            rules: &rules,
            tcp: document.get("kind").and_then(Node::text) == Some("IngressRouteTCP"),
            points: spec.get("entryPoints"),
            services,
            addresses: Vec::new(),
            node: tls.unwrap_or(spec),
            document,
        };
        match tls {
            Some(tls) => {
                let options = tls.at(&["options", "name"]).and_then(Node::text);
                self.push(options.unwrap_or(DEFAULT), &found);
            }
            None => self.without_options(&found, &[]),
        }
    }

    /// A router without TLS, unless its entry points send everything elsewhere.
    fn without_options(&mut self, found: &Found<'a, '_>, documents: &'a [Node]) {
        let points = found.node.get_any_case("entryPoints").map(Node::list);
        let mut known = points.is_some_and(|points| !points.is_empty());
        let mut all = documents.iter();
        if !known && !all.any(|document| document.get_any_case("entryPoints").is_some()) {
            // A router of every entry point, which are in another file.
            self.unread.entry(ANY).or_insert(found.node);
        }
        for name in points.unwrap_or_default().iter().filter_map(Node::text) {
            let point = documents
                .iter()
                .find_map(|document| document.any_case(&["entryPoints", name]));
            let Some(point) = point else {
                known = false;
                self.unread.entry(name).or_insert(found.node);
                continue;
            };
            let address = point.get_any_case("address").and_then(Node::text);
            if point.any_case(&["http", "redirections"]).is_some()
                || address.is_some_and(doors::local)
            {
                return;
            }
        }
        let middlewares = found.node.get_any_case("middlewares").map(Node::list);
        let through = middlewares.unwrap_or_default();
        let redirects = |name: &Node| {
            let name = name.text().unwrap_or_default();
            let name = name.split('@').next().unwrap_or(name);
            let mut all = documents.iter();
            all.any(|document| {
                let own = document.any_case(&["http", "middlewares", name]);
                own.is_some_and(|one| {
                    one.get_any_case("redirectScheme").is_some()
                        || one.get_any_case("redirectRegex").is_some()
                })
            })
        };
        if through.iter().any(redirects) || self.plain.len() >= MOST {
            return;
        }
        let hosts_alone = |rule: &&str| !rule.contains("&&") && !rule.contains("Path");
        let every = known && through.is_empty() && found.rules.iter().all(hosts_alone);
        self.plain.push((found.router(DEFAULT), every));
    }

    fn push(&mut self, options: &'a str, found: &Found<'a, '_>) {
        if self.tls.len() >= MOST {
            return;
        }
        // `mtls@file`: who provides them.
        let options = options.split('@').next().unwrap_or(options);
        self.tls.push(found.router(options));
    }

    /// What the routers with these options serve.
    pub(super) fn serves(&self, options: &str) -> Served {
        let own = || self.tls.iter().filter(|router| router.options == options);
        let any = own().any(|router| router.hosts.is_empty());
        let mut targets: Vec<(String, bool)> = Vec::new();
        let mut names: BTreeSet<&str> = BTreeSet::new();
        for router in own() {
            names.extend(&router.hosts);
            targets.extend(router.targets(false));
        }
        targets.sort();
        targets.dedup();
        Served {
            names: names
                .into_iter()
                .filter(|_| !any)
                .map(str::to_owned)
                .collect(),
            targets,
            ..Served::default()
        }
    }

    /// The routers without TLS.
    pub(super) fn without_tls(&self, path: &str) -> Vec<Plain> {
        self.plain
            .iter()
            .map(|(router, every)| Plain {
                address: setting(
                    format!("router {}", router.name),
                    &router.node.place(path),
                    router.name,
                ),
                serves: Served {
                    names: router.hosts.iter().map(|host| (*host).to_owned()).collect(),
                    targets: router.targets(*every).collect(),
                    ..Served::default()
                },
            })
            .collect()
    }

    /// Whether there is none at all: they come from elsewhere then.
    pub(super) fn is_empty(&self) -> bool {
        !self.any
    }

    pub(super) fn uses(&self, options: &str) -> bool {
        self.used.contains(options)
    }

    /// The entry points that end TLS.
    pub(super) fn points(&self) -> impl Iterator<Item = &Point<'a>> {
        self.points.iter()
    }

    /// Whether some router names these options.
    pub(super) fn name(&self, options: &str) -> bool {
        self.tls.iter().any(|router| router.options == options)
    }

    /// Why routers that name these options do not get them.
    pub(super) fn lost(&self, options: &str) -> Option<&str> {
        self.lost.get(options).map(String::as_str)
    }

    /// Notes the entry points that were not read: each may end TLS for its routers, by options of
    /// its own.
    pub(super) fn of_unread_points(&self, path: &str, site: &mut Site) {
        for (name, node) in &self.unread {
            let (what, text) = match *name {
                ANY => (
                    "the static configuration with the entry points".to_owned(),
                    "a router without `tls`".to_owned(),
                ),
                name => (
                    format!("the static configuration with the entry point {name}"),
                    format!("entryPoints: {name}"),
                ),
            };
            let why = NotUnderstood::Elsewhere(what);
            site.not_understood
                .push(setting(why, &node.place(path), &text));
        }
    }

    /// The routers whose options are not `known`, put together by what they name: the names, the
    /// options, the first of them and its document.
    pub(super) fn without(
        &self,
        known: impl Fn(&str) -> bool,
    ) -> Vec<(String, &'a str, &'a Node, &'a Node)> {
        let mut found: BTreeMap<&str, (Vec<&str>, &Node, &Node)> = BTreeMap::new();
        for router in self.tls.iter().filter(|router| !known(router.options)) {
            found
                .entry(router.options)
                .or_insert_with(|| (Vec::new(), router.node, router.document))
                .0
                .push(router.name);
        }
        found
            .into_iter()
            .map(|(options, (names, node, document))| {
                let more = names.len().saturating_sub(3);
                let mut all = names[..names.len() - more].join(", ");
                if more > 0 {
                    all += &format!(" and {more} more");
                }
                (all, options, node, document)
            })
            .collect()
    }
}

/// The entry points that end TLS by themselves.
fn points(documents: &[Node]) -> Vec<Point<'_>> {
    documents
        .iter()
        .filter_map(|document| document.get_any_case("entryPoints"))
        .flat_map(Node::entries)
        .filter_map(|(name, _, point)| {
            let tls = point.any_case(&["http", "tls"])?;
            if tls.text() == Some("false") {
                return None;
            }
            let options = tls.get_any_case("options").and_then(Node::text);
            let options = options.unwrap_or(DEFAULT);
            Some(Point {
                name,
                options: options.split('@').next().unwrap_or(options),
                node: point,
            })
        })
        .take(MOST)
        .collect()
}

/// The texts of a list.
fn texts(list: Option<&Node>) -> Vec<&str> {
    let list = list.map(Node::list).unwrap_or_default();
    list.iter().filter_map(Node::text).collect()
}

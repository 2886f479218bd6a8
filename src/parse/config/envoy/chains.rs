//! The filter chains of one listener beside each other: a client chooses among them by what it says
//! first, so that one without a client certificate may be another way in.
//!
//! How Envoy chooses: its documentation of `FilterChainMatch`, and runs of Envoy 1.40 on
//! 2026-11-30.

use super::{
    super::{
        doors,
        node::{Node, Value},
        setting,
    },
    MOST_SITES,
    clusters::Clusters,
    served::{self, Routes},
};
use crate::facts::{Door, Lacks, Setting, Site};

/// A filter chain of a listener.
pub(super) struct Chain<'a> {
    node: &'a Node,
    /// What a connection has to be for it; nothing for the default one.
    matches: Option<&'a Node>,
    /// Its TLS context, by its index among the sites.
    site: Option<usize>,
    routes: Routes,
}

/// What a connection comes to: chains that differ in it are for other connections.
const DESTINATION: [&str; 3] = ["destination_port", "prefix_ranges", "address_suffix"];
/// Where a connection comes from.
const SOURCE: [&str; 4] = [
    "source_type",
    "source_ports",
    "source_prefix_ranges",
    "direct_source_prefix_ranges",
];
/// Other ways in that are listed of one chain.
const MOST: usize = 8;

impl<'a> Chain<'a> {
    pub(super) fn of(
        node: &'a Node,
        by_default: bool,
        site: Option<usize>,
        clusters: &Clusters,
    ) -> Self {
        let mut routes = served::routes(node);
        clusters.resolve(&mut routes.served);
        Self {
            node,
            matches: node.get("filter_chain_match").filter(|_| !by_default),
            site,
            routes,
        }
    }

    fn matched(&self, key: &str) -> Option<&'a Node> {
        self.matches?.get(key)
    }

    /// The names that a client has to ask for.
    fn names(&self) -> Vec<&'a str> {
        let names = self.matched("server_names").map(Node::list);
        names
            .unwrap_or_default()
            .iter()
            .filter_map(Node::text)
            .collect()
    }

    /// Whether it is chosen by what the client says in its first TLS message.
    fn by_hello(&self) -> bool {
        let protocols = self.matched("application_protocols").map(Node::list);
        !self.names().is_empty()
            || self.matched("transport_protocol").and_then(Node::text) == Some("tls")
            || self.site.is_some() && protocols.is_some_and(|all| !all.is_empty())
    }

    /// Whether the other one is for other connections, whatever the client says.
    fn apart(&self, other: &Self) -> bool {
        let differs = |key: &&str| !same(self.matched(key), other.matched(key));
        let source = other.matched("source_type").and_then(Node::text);
        DESTINATION.iter().any(differs) || matches!(source, Some("SAME_IP_OR_LOOPBACK" | "1"))
    }

    /// Whether it is for some clients only.
    fn for_some(&self) -> bool {
        SOURCE.iter().any(|key| self.matched(key).is_some())
    }

    /// Whether requests for the names of the other one are answered here.
    fn covers(&self, other: &Self) -> bool {
        let names = other.names();
        let own: Vec<&str> = match names.is_empty() {
            true => other.routes.domains.iter().map(String::as_str).collect(),
            false => names,
        };
        let domains = &self.routes.domains;
        own.is_empty()
            || domains.is_empty()
            || own
                .iter()
                .any(|name| domains.iter().any(|domain| fits(domain, name)))
    }
}

/// Notes of each chain that asks for certificates the chains beside it that do not, and whether any
/// client reaches it.
pub(super) fn beside(listener: &Node, chains: &[Chain<'_>], path: &str, sites: &mut [Site]) {
    let inspects = inspects(listener);
    let chains = &chains[..chains.len().min(MOST_SITES)];
    for (index, own) in chains.iter().enumerate() {
        let Some(at) = own.site.filter(|at| sites[*at].mode().asks) else {
            continue;
        };
        let never = !inspects && own.by_hello();
        let mut found: Vec<Setting<Door>> = Vec::new();
        for (_, other) in chains
            .iter()
            .enumerate()
            .filter(|(other, _)| *other != index)
        {
            if found.len() >= MOST || !inspects && other.by_hello() || own.apart(other) {
                continue;
            }
            let (address, lacks, known) = match other.site {
                Some(other) if !sites[other].mode().asks => {
                    let site = &sites[other];
                    let known = doors::asks_nothing(site);
                    (site.name.clone(), Lacks::Certificate, known)
                }
                None if served::plain(other.node) && !served::passes_through(other.node) => {
                    (served::address(listener), Lacks::Tls, true)
                }
                _ => continue,
            };
            let Some((target, certain)) = reached(own, other, never) else {
                continue;
            };
            let place = other.node.place(path);
            let text = address.clone();
            let value = Door {
                address,
                lacks,
                target,
                certain: certain && known && !other.for_some(),
            };
            found.push(Setting { value, place, text });
        }
        let site = &mut sites[at];
        let perhaps = |door: &Setting<Door>| !door.value.certain && door.value.target.is_some();
        site.open_in_part |= found.iter().any(perhaps);
        site.doors.extend(found);
        if never {
            let why = "no client reaches this filter chain: it is chosen by what a client says in its first TLS message, and `listener_filters` has no `tls_inspector`";
            let place = own.matches.unwrap_or(own.node).place(path);
            site.without_effect
                .push(setting(why.to_owned(), &place, "filter_chain_match"));
        }
    }
}

/// What both hand their requests to, where the other chain answers the requests of this one, and
/// whether it is certain that it does. `None` where it does not answer them.
fn reached(own: &Chain<'_>, other: &Chain<'_>, never: bool) -> Option<(Option<String>, bool)> {
    if !never && !other.covers(own) {
        return None;
    }
    let (ours, theirs) = (&own.routes, &other.routes);
    let shared = theirs
        .served
        .targets
        .iter()
        .find(|(target, _)| ours.served.targets.iter().any(|(own, _)| own == target));
    if let Some((target, every)) = shared {
        return Some((Some(target.clone()), *every));
    }
    let answers = theirs
        .answers
        .iter()
        .any(|status| (200..300).contains(status));
    if theirs.served.targets.is_empty() && !answers {
        return None;
    }
    if never {
        let every = theirs.served.targets.iter().all(|(_, every)| *every);
        return Some((None, every && !theirs.filtered));
    }
    // Both answer by themselves.
    if answers && ours.served.targets.is_empty() && ours.answers == theirs.answers {
        return Some((None, !theirs.filtered));
    }
    // Another application, unless it is for the very names, or for clients that ask for none.
    let catches_all = other.names().is_empty() || !theirs.domains.is_empty();
    catches_all.then_some((None, false))
}

/// Whether a listener looks into the first TLS message. QUIC brings it along; what is no whole
/// listener does not show its filters.
fn inspects(listener: &Node) -> bool {
    if listener.get("udp_listener_config").is_some() || listener.get("address").is_none() {
        return true;
    }
    let filters = listener.get("listener_filters").map(Node::list);
    filters.unwrap_or_default().iter().any(|filter| {
        let name = filter.get("name").and_then(Node::text);
        let kind = filter.at(&["typed_config", "@type"]).and_then(Node::text);
        filter.get("config_discovery").is_some()
            || name.is_some_and(|name| name.contains("tls_inspector"))
            || kind.is_some_and(|kind| kind.contains("TlsInspector"))
    })
}

/// Whether a domain of a virtual host, with a port or a `*`, is for this name.
fn fits(domain: &str, name: &str) -> bool {
    let domain = domain
        .split(':')
        .next()
        .unwrap_or(domain)
        .to_ascii_lowercase();
    let name = name.to_ascii_lowercase();
    let (below, of) = (domain.strip_prefix('*'), name.strip_prefix('*'));
    domain == name
        || below.is_some_and(|end| name.ends_with(end))
        || of.is_some_and(|end| domain.ends_with(end))
}

/// Whether two values are the same; the lines do not matter.
fn same(one: Option<&Node>, other: Option<&Node>) -> bool {
    match (one.map(|node| &node.value), other.map(|node| &node.value)) {
        (None, None) => true,
        (Some(Value::Scalar(one)), Some(Value::Scalar(other))) => one == other,
        (Some(Value::List(one)), Some(Value::List(other))) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|(one, other)| same(Some(one), Some(other)))
        }
        (Some(Value::Map(one)), Some(Value::Map(other))) => {
            one.len() == other.len()
                && one
                    .iter()
                    .zip(other)
                    .all(|((key, _, one), (twin, _, other))| {
                        key == twin && same(Some(one), Some(other))
                    })
        }
        _ => false,
    }
}

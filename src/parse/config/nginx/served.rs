//! Which requests a server of nginx hands to which application.

use std::collections::{HashMap, HashSet};

use super::{
    super::{
        doors::{self, Plain},
        setting,
        tree::{Directive, named},
    },
    aliases::Aliases,
    listens,
    turned::{Access, Around, Turned},
};
use crate::facts::Served;

/// Directives that hand a request on.
pub(super) const HANDING: [&str; 5] = [
    "proxy_pass",
    "fastcgi_pass",
    "uwsgi_pass",
    "scgi_pass",
    "grpc_pass",
];

/// What a server with TLS serves.
pub(super) fn serves(own: &[Directive]) -> Served {
    of(own, true).0
}

/// Whether a server with TLS answers anybody with more than a refusal.
pub(super) fn answers(own: &[Directive]) -> bool {
    let (serves, turned) = of(own, true);
    turned != Turned::All || !serves.targets.is_empty()
}

/// What a server serves, and whether it turns requests away before that.
fn of(own: &[Directive], tls: bool) -> (Served, Turned) {
    let names = named(own, "server_name").flat_map(|name| name.args.iter().cloned());
    let names = names.filter(|name| name != "_" && !name.is_empty());
    let mut serves = Served {
        names: names.collect(),
        ..Served::default()
    };
    let around = Around::of(own, &serves.names, tls);
    let access = Access::default().within(own);
    let turned = around.rewriting(own);
    let walk = Walk {
        aliases: &Aliases::of(own),
        around: &around,
        root: "",
        fallback: fallback(own),
    };
    walk.block(own, None, (turned, access), &mut serves);
    (serves, turned.max(access.turned()))
}

/// The servers of each `upstream` block, by its name.
pub(super) fn upstreams(top: &[Directive]) -> HashMap<String, Vec<String>> {
    let blocks = ["http", "stream"]
        .into_iter()
        .flat_map(|outer| named(top, outer));
    let within = blocks.flat_map(|block| named(block.children(), "upstream"));
    within
        .chain(named(top, "upstream"))
        .map(|block| {
            let servers = named(block.children(), "server");
            let all = servers.filter_map(|one| doors::target(one.arg(0)));
            (block.arg(0).to_ascii_lowercase(), all.collect())
        })
        .collect()
}

/// A server without TLS.
pub(super) struct Bare {
    /// The address that it is reached at from outside, if there is one.
    pub(super) way: Option<Plain>,
    /// Where it listens on this machine.
    pub(super) addresses: Vec<String>,
    /// What it serves.
    pub(super) serves: Served,
}

/// A server without TLS that serves somebody.
pub(super) fn without_tls(server: &Directive) -> Option<Bare> {
    let own = server.children();
    let words: Vec<&str> = named(own, "listen").map(|listen| listen.arg(0)).collect();
    let (mut serves, turned) = of(own, false);
    if turned == Turned::All && serves.targets.is_empty() {
        return None;
    }
    let addresses: Vec<String> = match words.as_slice() {
        [] => vec![listens::address("80")],
        words => words.iter().map(|word| listens::address(word)).collect(),
    };
    let bare = serves.clone();
    if !words.is_empty() && words.iter().all(|listen| doors::local(listen)) {
        return Some(Bare {
            way: None,
            addresses,
            serves: bare,
        });
    }
    // Who hands requests to this address on the same machine has this server for an application.
    let every = turned == Turned::None;
    let itself = addresses.iter().filter_map(|one| listens::loopback(one));
    serves.targets.extend(itself.map(|target| (target, every)));
    let on = if words.is_empty() {
        "80".to_owned()
    } else {
        words.join(", ")
    };
    let address = match serves.names.first() {
        Some(name) => format!("server {name} on {on}"),
        None => format!("the server on {on}"),
    };
    let at = named(own, "listen").next().unwrap_or(server);
    Some(Bare {
        way: Some(Plain {
            address: setting(address, &at.place, &at.text),
            serves,
        }),
        addresses,
        serves: bare,
    })
}

/// What is needed on the way through a server.
#[derive(Clone, Copy)]
struct Walk<'a, 'b> {
    aliases: &'b Aliases<'a>,
    around: &'b Around,
    /// Where the files lie, which tell applications behind one FastCGI socket apart.
    root: &'a str,
    /// The named location that gets what is no file.
    fallback: Option<&'a str>,
}

impl<'a> Walk<'a, '_> {
    /// Puts to `serves` what a block hands on; `state` is what turns requests away in the block.
    fn block(
        &self,
        list: &'a [Directive],
        path: Option<&str>,
        state: (Turned, Access),
        serves: &mut Served,
    ) {
        let (rewriting, access) = state;
        let turned = rewriting.max(access.turned());
        let root = ["root", "alias"]
            .into_iter()
            .find_map(|name| named(list, name).next_back());
        let walk = Walk {
            root: root.map_or(self.root, |root| root.arg(0)),
            ..*self
        };
        let inner = named(list, "location").next().is_some();
        if turned != Turned::All {
            for (target, hand) in walk.handed(list) {
                let open = turned == Turned::None;
                let whole = path.is_none_or(|path| path == "/") && !inner;
                if let (true, Some(path)) = (open, path) {
                    let of = match hand {
                        "proxy_pass" | "grpc_pass" => path.to_owned(),
                        _ => format!("{path} of {}", walk.root.trim_end_matches('/')),
                    };
                    serves.paths.push((target.clone(), of));
                }
                serves.targets.push((target, open && whole));
            }
            for condition in named(list, "if") {
                let some = walk.handed(condition.children());
                serves
                    .targets
                    .extend(some.into_iter().map(|(target, _)| (target, false)));
            }
        }
        let before = serves.targets.len();
        let mut shut = false;
        for location in named(list, "location") {
            let own = location.children();
            let access = access.within(own);
            let outer = if path.is_none() {
                rewriting
            } else {
                Turned::None
            };
            let state = (outer.max(self.around.rewriting(own)), access);
            let name = match location.arg(0) {
                // What is no file gets there from every path.
                named if Some(named) == self.fallback => "/".to_owned(),
                _ => path_of(location),
            };
            let is_root = name == "/";
            shut |= !is_root && state.0.max(access.turned()) != Turned::None;
            walk.block(own, Some(&name), state, serves);
        }
        // A location of its own may turn away just the requests that matter.
        if shut {
            for (_, every) in &mut serves.targets[before..] {
                *every = false;
            }
        }
    }

    /// The targets that a block itself hands requests to, with the directive that does.
    fn handed(&self, list: &'a [Directive]) -> Vec<(String, &'static str)> {
        HANDING
            .into_iter()
            .filter_map(|name| {
                let last = named(list, name).next_back()?;
                let target = doors::target(&self.aliases.filled(last.arg(0)))?;
                Some((target, name))
            })
            .collect()
    }
}

/// The named location that `try_files` of all paths leads to.
fn fallback(own: &[Directive]) -> Option<&str> {
    let root = named(own, "location").find(|location| path_of(location) == "/");
    let around = Around::of(own, &[], false);
    if root.is_some_and(|root| around.rewriting(root.children()) != Turned::None) {
        return None;
    }
    let list = root.map_or(own, Directive::children);
    let last = named(list, "try_files").next_back()?.args.last()?;
    last.starts_with('@').then_some(last.as_str())
}

/// The path of a location: `/`, `= /x`, `~ \.php$`. `^~` only forbids that expressions are asked.
fn path_of(location: &Directive) -> String {
    match location.args.as_slice() {
        [sign, path] if sign == "^~" => path.clone(),
        words => words.join(" "),
    }
}

/// Puts the servers of an `upstream` to its name, and what a server of the same file hands on to
/// that server's address: one application may be reached by several names.
pub(super) fn resolve(
    serves: &mut Served,
    groups: &HashMap<String, Vec<String>>,
    inner: &HashMap<String, Vec<Served>>,
) {
    let (mut from, mut from_path) = (0, 0);
    for _ in 0..MOST_STEPS {
        let known = serves.targets.len();
        let mut found = Vec::new();
        for (target, every) in &serves.targets[from..] {
            let servers = groups.get(target).into_iter().flatten().take(MOST_SERVERS);
            found.extend(servers.map(|server| (server.clone(), *every)));
            for server in at(target, inner) {
                let on = server.targets.iter().take(MOST_SERVERS);
                found.extend(on.map(|(target, all)| (target.clone(), *every && *all)));
            }
        }
        let known_paths = serves.paths.len();
        let mut paths = Vec::new();
        for (target, path) in &serves.paths[from_path..] {
            let servers = groups.get(target).into_iter().flatten().take(MOST_SERVERS);
            paths.extend(servers.map(|server| (server.clone(), path.clone())));
        }
        let before: HashSet<&(String, bool)> = serves.targets.iter().collect();
        found.retain(|one| !before.contains(one));
        if found.is_empty() || known > MOST_TARGETS {
            serves.paths.extend(paths);
            return;
        }
        serves.targets.extend(found);
        serves.paths.extend(paths);
        (from, from_path) = (known, known_paths);
    }
}

/// How often a server of the file that hands on to another one is followed.
const MOST_STEPS: usize = 4;
/// Servers of a group, or targets of a server, that are followed.
const MOST_SERVERS: usize = 8;
/// Targets of one server beyond which nothing more is followed.
const MOST_TARGETS: usize = 1_000;

/// The servers of the file that answer at a target.
fn at<'a>(
    target: &str,
    inner: &'a HashMap<String, Vec<Served>>,
) -> impl Iterator<Item = &'a Served> {
    let on = inner.get(&listens::on_this_machine(target));
    on.into_iter().flatten().take(MOST_SERVERS)
}

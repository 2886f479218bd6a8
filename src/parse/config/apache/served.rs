//! Which requests a host of Apache hands to which application.

use std::collections::HashMap;

use super::{
    super::{
        doors::{self, Plain},
        paths::{Which, which},
        setting,
        tree::{self, Directive, named},
    },
    turned::{Around, Turned, authorization, port},
};
use crate::facts::{Served, Setting};

/// What a host serves.
pub(super) fn serves(own: &[Directive], addresses: &[String], tls: bool) -> Served {
    of(own, addresses, tls).0
}

/// What a host serves, and whether it turns requests away that no proxy gets.
fn of(own: &[Directive], addresses: &[String], tls: bool) -> (Served, Turned) {
    let names = ["ServerName", "ServerAlias"]
        .into_iter()
        .flat_map(|name| named(own, name))
        .flat_map(|name| name.args.iter())
        .map(|name| name.split(':').next().unwrap_or(name).to_owned());
    let mut found = Served {
        names: names.collect(),
        ..Served::default()
    };
    let around = Around::of(own, addresses, tls);
    let rewritten = around.rewriting(own);
    let turned = rewritten.turned.max(authorization(own, tls));
    if turned == Turned::All {
        return (found, turned);
    }
    let open = turned == Turned::None;
    for (url, every) in &rewritten.handed {
        found
            .targets
            .extend(target(url).map(|target| (target, *every && open)));
    }
    handed(own, None, open, &mut found);
    // A `Redirect` is for what no proxy gets.
    let redirected = named(own, "Redirect").any(|one| {
        let words = one.args.as_slice();
        matches!(words, [.., from, to] if from == "/" && to.contains("://"))
    }) || ["RedirectMatch", "RedirectPermanent"]
        .into_iter()
        .flat_map(|name| named(own, name))
        .any(|one| one.arg(0) == "/" || one.args.iter().any(|word| which(word) == Which::Every));
    let rest = if redirected { Turned::All } else { turned };
    // A folder may have rules of its own (`.htaccess`).
    if found.targets.is_empty()
        && rest != Turned::All
        && let Some(root) = named(own, "DocumentRoot").next_back()
    {
        let folder = root.arg(0).trim_end_matches('/').to_owned();
        found.targets.push((folder, false));
    }
    (found, rest)
}

/// Puts to `found` what a list of directives hands on, and the sections in it.
fn handed(list: &[Directive], section: Option<&str>, open: bool, found: &mut Served) {
    for one in list {
        let name = one.name.to_ascii_lowercase();
        let (path, url) = match name.as_str() {
            // In a section it has no path of its own.
            "proxypass" | "proxypassmatch" if one.arg(0).contains("://") => {
                (section.unwrap_or("/"), one.arg(0))
            }
            "proxypass" | "proxypassmatch" => (one.arg(0), one.arg(1)),
            "wsgiscriptalias" => {
                let every = one.arg(0) == "/" && open;
                found.targets.push((one.arg(1).to_owned(), every));
                continue;
            }
            "<virtualhost" => continue,
            "<location" | "<locationmatch" => {
                handed(one.children(), Some(one.arg(0)), open, found);
                continue;
            }
            _ if one.block.is_some() => {
                handed(one.children(), Some(""), false, found);
                continue;
            }
            _ => continue,
        };
        let Some(target) = target(url) else { continue };
        let every = path == "/" || name == "proxypassmatch" && which(path) == Which::Every;
        if open && !path.is_empty() {
            found.paths.push((target.clone(), path.to_owned()));
        }
        found.targets.push((target, every && open));
    }
}

/// What requests are handed to: an address, or a balancer by its name.
fn target(url: &str) -> Option<String> {
    match url.strip_prefix("balancer://") {
        Some(rest) => {
            let name = rest.split('/').next()?.to_ascii_lowercase();
            Some(format!("balancer://{name}"))
        }
        None => doors::target(before_captures(url)),
    }
}

/// A URL up to what the path of the request fills: `http://app:3000/$1`.
fn before_captures(url: &str) -> &str {
    let url = url.strip_suffix("%{REQUEST_URI}").unwrap_or(url);
    let Some((_, rest)) = url.split_once("://") else {
        return url;
    };
    match rest.find('/') {
        Some(at) => &url[..url.len() - rest.len() + at],
        None => url,
    }
}

/// The members of each balancer, by its name.
pub(super) fn balancers(top: &[Directive]) -> HashMap<String, Vec<String>> {
    let mut found: HashMap<String, Vec<String>> = HashMap::new();
    let blocks = tree::all(top)
        .into_iter()
        .filter(|one| one.name.eq_ignore_ascii_case("<Proxy"));
    for block in blocks {
        let Some(name) = target(block.arg(0)).filter(|_| block.arg(0).starts_with("balancer:"))
        else {
            continue;
        };
        let members = named(block.children(), "BalancerMember");
        found
            .entry(name)
            .or_default()
            .extend(members.filter_map(|member| target(member.arg(0))));
    }
    found
}

/// Puts the members of a balancer to its name.
pub(super) fn resolve(serves: &mut Served, groups: &HashMap<String, Vec<String>>) {
    let members = |target: &String| groups.get(target).into_iter().flatten().take(8);
    let found: Vec<(String, bool)> = serves
        .targets
        .iter()
        .flat_map(|(target, every)| members(target).map(|one| (one.clone(), *every)))
        .collect();
    let paths: Vec<(String, String)> = serves
        .paths
        .iter()
        .flat_map(|(target, path)| members(target).map(|one| (one.clone(), path.clone())))
        .collect();
    serves.targets.extend(found);
    serves.paths.extend(paths);
}

/// A host without TLS that is reached from outside and serves somebody.
pub(super) fn without_tls(host: &Directive) -> Option<Plain> {
    if !host.args.is_empty() && host.args.iter().all(|address| doors::local(address)) {
        return None;
    }
    let address = format!("VirtualHost {}", host.args.join(" "));
    let at = setting(address, &host.place, &host.text);
    open(host.children(), &host.args, at)
}

/// The server outside of every host, where it listens on an address of its own without TLS.
pub(super) fn main_server(top: &[Directive]) -> Option<Plain> {
    let mut ports: Vec<&str> = Vec::new();
    for host in named(top, "<VirtualHost") {
        for address in &host.args {
            // A host without a port is for all of them.
            ports.push(port(address).filter(|port| *port != "*")?);
        }
    }
    let own = named(top, "Listen").find(|listen| {
        let word = listen.arg(0);
        let number = port(word).unwrap_or(word);
        let tls = listen.arg(1).eq_ignore_ascii_case("https");
        !tls && !doors::local(word) && !ports.contains(&number)
    })?;
    let at = setting(
        format!("the main server on {}", own.arg(0)),
        &own.place,
        &own.text,
    );
    let address = match port(own.arg(0)) {
        Some(port) => format!("*:{port}"),
        None => format!("*:{}", own.arg(0)),
    };
    let mut main = open(top, &[address], at)?;
    // It answers every request there, whatever name it is for.
    main.serves.names.clear();
    Some(main)
}

fn open(own: &[Directive], addresses: &[String], address: Setting<String>) -> Option<Plain> {
    let (mut serves, rest) = of(own, addresses, false);
    if rest == Turned::All && serves.targets.is_empty() {
        return None;
    }
    // Who hands requests to this address on the same machine has this host for an application.
    let every = rest == Turned::None;
    let itself = addresses.iter().filter_map(|address| port(address));
    let itself = itself.map(|port| (format!("127.0.0.1:{port}"), every));
    serves.targets.extend(itself.collect::<Vec<_>>());
    Some(Plain { address, serves })
}

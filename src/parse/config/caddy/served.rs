//! Which requests a site of Caddy hands to which application.

use super::super::{
    doors::{self, Plain},
    setting,
    tree::{self, Directive, named},
};
use crate::facts::{Door, Served, Setting};

/// Directives that may turn a request away, or elsewhere.
const TURNING: [&str; 7] = [
    "redir",
    "respond",
    "abort",
    "error",
    "basicauth",
    "basic_auth",
    "forward_auth",
];

/// Whether an address has no TLS.
pub(super) fn plain(address: &str) -> bool {
    address.starts_with("http://") || address.ends_with(":80")
}

/// The port of an address, where it is written.
pub(super) fn port(address: &str) -> Option<&str> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let (_, port) = rest.split('/').next()?.rsplit_once(':')?;
    Some(port)
}

/// Whether sites at these addresses have no TLS since no name is there to have a certificate for:
/// a port alone, which no site with TLS shares.
pub(super) fn nameless(addresses: &[String], block: &Directive, with_tls: &[&str]) -> bool {
    named(block.children(), "tls").next().is_none()
        && addresses.iter().all(|address| {
            let port = port(address);
            !address.contains("https://")
                && host(address).is_none()
                && port.is_some_and(|port| port != "443" && !with_tls.contains(&port))
        })
}

/// The host of an address; `None` for any.
fn host(address: &str) -> Option<String> {
    let rest = address.split_once("://").map_or(address, |(_, rest)| rest);
    let host = rest.split(['/', ':']).next().unwrap_or_default();
    (!host.is_empty() && host != "*").then(|| host.to_owned())
}

/// What an upstream is called: a socket is written `unix//run/a.sock`, with `+h2c` or without, and a
/// host may have `tcp/` before it.
pub(super) fn target(upstream: &str) -> Option<String> {
    match upstream.split_once('/') {
        Some(("unix" | "unix+h2c" | "unixgram", socket)) => {
            doors::target(&format!("unix:{socket}"))
        }
        Some(("tcp" | "tcp4" | "tcp6", host)) => doors::target(host),
        _ => doors::target(upstream),
    }
}

/// What a site serves.
pub(super) fn serves(addresses: &[String], own: &[Directive]) -> Served {
    let hosts: Vec<Option<String>> = addresses.iter().map(|address| host(address)).collect();
    let any = hosts.iter().any(Option::is_none);
    let within = tree::all(own);
    let turned = within
        .iter()
        .any(|one| TURNING.contains(&one.name.as_str()));
    let mut targets = Vec::new();
    for one in &within {
        if one.name != "reverse_proxy" && one.name != "php_fastcgi" {
            continue;
        }
        let matched = one.arg(0).starts_with(['/', '@']);
        let top = own.iter().any(|own| own.place == one.place);
        let further = named(one.children(), "to").flat_map(|to| &to.args);
        for upstream in one.args.iter().chain(further) {
            if upstream.starts_with(['/', '@', '*']) {
                continue;
            }
            let every = top && !matched && !turned;
            targets.extend(target(upstream).map(|target| (target, every)));
        }
    }
    Served {
        names: hosts.into_iter().flatten().filter(|_| !any).collect(),
        targets,
        ..Served::default()
    }
}

/// Whether all that comes is sent elsewhere: Caddy runs `redir` before what hands requests on.
fn redirects(own: &[Directive]) -> bool {
    named(own, "redir").any(|redir| {
        let matched = redir.arg(0).starts_with(['/', '@']) && redir.args.len() > 1;
        !matched || redir.arg(0) == "/*"
    })
}

/// A site without TLS that hands requests on.
pub(super) fn without_tls(addresses: &[String], block: &Directive) -> Option<Plain> {
    let own = block.children();
    let serves = serves(addresses, own);
    let local = addresses.iter().all(|address| doors::local(address));
    if local || redirects(own) || serves.targets.is_empty() {
        return None;
    }
    let mut serves = serves;
    let own = addresses
        .iter()
        .filter_map(|address| doors::itself(address));
    serves.targets.extend(own);
    Some(Plain {
        address: setting(addresses.join(" "), &block.place, &block.text),
        serves,
    })
}

/// The addresses without TLS of a site that has others with it.
pub(super) fn plain_addresses(addresses: &[String], block: &Directive) -> Vec<Setting<Door>> {
    let asks_scheme =
        |one: &&Directive| one.text.contains("{scheme}") || one.text.contains("protocol");
    let own = block.children();
    if redirects(own) || tree::all(own).iter().any(asks_scheme) {
        return Vec::new();
    }
    let without = addresses
        .iter()
        .filter(|address| plain(address) && !doors::local(address));
    without
        .map(|address| {
            let door = Door::without_tls(address.clone());
            setting(door, &block.place, &block.text)
        })
        .collect()
}

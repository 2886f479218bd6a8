//! Which requests a host of Apache hands to which application.

use super::super::{
    doors::{self, Plain},
    setting,
    tree::{self, Directive, named},
};
use crate::facts::Served;

/// Directives that may turn a request away, or elsewhere.
const TURNING: [&str; 8] = [
    "Redirect",
    "RedirectMatch",
    "RedirectPermanent",
    "RewriteRule",
    "Require",
    "Deny",
    "AuthType",
    "<If",
];

/// What a host serves.
pub(super) fn serves(own: &[Directive]) -> Served {
    let names = ["ServerName", "ServerAlias"]
        .into_iter()
        .flat_map(|name| named(own, name))
        .flat_map(|name| name.args.iter())
        .map(|name| name.split(':').next().unwrap_or(name).to_owned());
    let within = tree::all(own);
    let turned = within.iter().any(|one| {
        let named = |name: &&str| one.name.eq_ignore_ascii_case(name);
        TURNING.iter().any(named)
    });
    let mut targets = Vec::new();
    for one in &within {
        let name = one.name.to_ascii_lowercase();
        let (path, url) = match name.as_str() {
            // In a section of its own it has no path.
            "proxypass" | "proxypassmatch" if one.arg(0).contains("://") => ("", one.arg(0)),
            "proxypass" | "proxypassmatch" => (one.arg(0), one.arg(1)),
            "wsgiscriptalias" => {
                targets.push((one.arg(1).to_owned(), one.arg(0) == "/" && !turned));
                continue;
            }
            "rewriterule" if one.arg(2).contains('P') => ("", one.arg(1)),
            _ => continue,
        };
        let every = ["/", "^/", "^/(.*)$", "^(.*)$"].contains(&path) && !turned;
        targets.extend(doors::target(url).map(|target| (target, every)));
    }
    // A folder may have rules of its own (`.htaccess`).
    if targets.is_empty()
        && let Some(root) = named(own, "DocumentRoot").next_back()
    {
        targets.push((root.arg(0).trim_end_matches('/').to_owned(), false));
    }
    Served {
        names: names.collect(),
        targets,
    }
}

/// A host without TLS that is reached from outside and hands requests on.
pub(super) fn without_tls(host: &Directive) -> Option<Plain> {
    let own = host.children();
    if !host.args.is_empty() && host.args.iter().all(|address| doors::local(address)) {
        return None;
    }
    let redirects = |one: &&Directive| {
        let name = one.name.to_ascii_lowercase();
        name.starts_with("redirect") || name == "rewriterule" && one.text.contains("https://")
    };
    let serves = serves(own);
    if tree::all(own).iter().any(redirects) || serves.targets.is_empty() {
        return None;
    }
    let address = format!("VirtualHost {}", host.args.join(" "));
    Some(Plain {
        address: setting(address, &host.place, &host.text),
        serves,
    })
}

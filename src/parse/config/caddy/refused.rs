//! Lines of a Caddyfile for which Caddy does not start, tried with Caddy 2.6.2.

use std::collections::HashSet;

use super::super::{
    setting,
    tree::{self, Directive, named},
};
use crate::facts::{Setting, Site};

/// Directives of other blocks that are written beside `tls` by mistake.
const OF_TLS: [&str; 4] = [
    "client_auth",
    "trusted_ca_cert_file",
    "trusted_ca_cert",
    "trust_pool",
];
/// Directives that a matcher may stand behind at once.
const MATCHED: [&str; 11] = [
    "abort",
    "respond",
    "error",
    "redir",
    "handle",
    "route",
    "reverse_proxy",
    "header",
    "request_header",
    "rewrite",
    "file_server",
];

/// Notes what a site has that Caddy does not know there.
pub(super) fn check(block: &Directive, site: &mut Site) {
    let own = block.children();
    let all = tree::all(own);
    for one in own.iter().filter(|one| OF_TLS.contains(&one.name.as_str())) {
        let why = format!("`{}` belongs into `tls`: Caddy does not start", one.name);
        site.refused.push(setting(why, &one.place, &one.text));
    }
    // Snippets that were not read may define more.
    if !all
        .iter()
        .any(|one| one.name == "import" || tree::unread(one).is_some())
    {
        let known: HashSet<&str> = all
            .iter()
            .map(|one| one.name.as_str())
            .filter(|name| name.starts_with('@'))
            .collect();
        let unknown = all.iter().find(|one| {
            MATCHED.contains(&one.name.as_str())
                && one.arg(0).starts_with('@')
                && !known.contains(one.arg(0))
        });
        if let Some(one) = unknown {
            let why = format!("there is no matcher `{}`: Caddy does not start", one.arg(0));
            site.refused.push(setting(why, &one.place, &one.text));
        }
    }
    let policies: Vec<&Directive> = named(own, "tls").collect();
    let asks = |tls: &&&Directive| named(tls.children(), "client_auth").next().is_some();
    let asking = policies.iter().filter(asks).count();
    if let [first, .., _] = policies.as_slice()
        && asking > 0
        && asking < policies.len()
    {
        let why = "two `tls` directives, one of them without `client_auth`: Caddy does not start";
        let told = setting(why.to_owned(), &first.place, &first.text);
        site.refused.push(told);
    }
}

/// The addresses that two sites have.
pub(super) fn twice(
    addresses: &[String],
    block: &Directive,
    known: &mut HashSet<String>,
) -> Option<Setting<String>> {
    let mut found = None;
    for address in addresses {
        let plain = address.trim_end_matches('/').to_ascii_lowercase();
        if !plain.contains('{') && !known.insert(plain) {
            found = Some(address);
        }
    }
    let address = found?;
    let why = format!("another site has the address `{address}` too: Caddy does not start");
    Some(setting(why, &block.place, &block.text))
}

//! Where nginx lets a directive stand, and what it says of two that may not stand side by side.
//!
//! Must not: claim anything of a directive that is not in the list.

use std::collections::HashSet;

use super::{
    super::{
        setting,
        tree::{self, Directive},
    },
    words::UNENDED,
};
use crate::facts::Site;

/// A block of a server.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Block {
    Server,
    Location,
    /// `limit_except`.
    Limit,
    /// `if` of a server.
    ServerIf,
    /// `if` of a location.
    LocationIf,
}

use Block::{Limit, Location, LocationIf, Server, ServerIf};

const ACCESS: &[Block] = &[Server, Location, Limit];
const EVERY_BUT_LIMIT: &[Block] = &[Server, Location, ServerIf, LocationIf];
const PLAIN: &[Block] = &[Server, Location];
const PASS: &[Block] = &[Location, LocationIf];
const HEADERS: &[Block] = &[Server, Location, LocationIf];

/// Directives and the blocks that they may stand in (nginx.org, "Context" of each; read
/// 2026-11-30). Those without any are for `http` alone.
const PLACES: [(&str, &[Block]); 34] = [
    ("deny", ACCESS),
    ("allow", ACCESS),
    ("auth_basic", ACCESS),
    ("auth_basic_user_file", ACCESS),
    ("auth_request", PLAIN),
    ("satisfy", PLAIN),
    ("location", PLAIN),
    ("if", PLAIN),
    ("try_files", PLAIN),
    ("proxy_set_header", PLAIN),
    ("resolver", PLAIN),
    ("limit_except", &[Location]),
    ("alias", &[Location]),
    ("internal", &[Location]),
    ("return", EVERY_BUT_LIMIT),
    ("rewrite", EVERY_BUT_LIMIT),
    ("set", EVERY_BUT_LIMIT),
    ("break", EVERY_BUT_LIMIT),
    ("listen", &[Server]),
    ("server_name", &[Server]),
    ("proxy_pass", &[Location, LocationIf, Limit]),
    ("fastcgi_pass", PASS),
    ("uwsgi_pass", PASS),
    ("scgi_pass", PASS),
    ("grpc_pass", PASS),
    ("add_header", HEADERS),
    ("error_page", HEADERS),
    ("map", &[]),
    ("geo", &[]),
    ("split_clients", &[]),
    ("upstream", &[]),
    ("server", &[]),
    ("limit_req_zone", &[]),
    ("log_format", &[]),
];

/// Puts to the site what stands in the wrong block of an HTTP server.
pub(super) fn read(server: &Directive, site: &mut Site) {
    block(server, Server, site);
}

fn block(outer: &Directive, kind: Block, site: &mut Site) {
    let mut paths: HashSet<(bool, &str)> = HashSet::new();
    for one in outer.children() {
        let name = one.name.as_str();
        let places = PLACES.iter().find(|(known, _)| *known == name);
        if places.is_some_and(|(_, places)| !places.contains(&kind)) {
            let what = format!(
                "{name} is not allowed in `{}`: nginx does not start",
                outer.name
            );
            refuse(one, what, site);
            continue;
        }
        let inner = match (name, kind) {
            ("location", _) => {
                if let Some(path) = path(one)
                    && !paths.insert(path)
                {
                    let what = "this location is there already: nginx does not start";
                    refuse(one, what.to_owned(), site);
                }
                Location
            }
            ("if", Server) => ServerIf,
            ("if", _) => LocationIf,
            ("limit_except", _) => Limit,
            ("proxy_pass", _) => {
                proxied(one, site);
                continue;
            }
            _ => continue,
        };
        block(one, inner, site);
    }
}

/// The path of a location that may be there once, and whether it is for that path alone.
fn path(location: &Directive) -> Option<(bool, &str)> {
    match location.args.as_slice() {
        [sign, path] if sign == "=" => Some((true, path)),
        [sign, path] if sign == "^~" => Some((false, path)),
        [path] if path.starts_with('~') => None,
        [path] => match path.strip_prefix('=') {
            Some(path) => Some((true, path)),
            None => Some((false, path.strip_prefix("^~").unwrap_or(path))),
        },
        _ => None,
    }
}

fn proxied(one: &Directive, site: &mut Site) {
    let url = one.arg(0).to_ascii_lowercase();
    let known = url.starts_with("http://") || url.starts_with("https://");
    // A variable, or something that is put in later.
    if !known && !url.contains(['$', '@', '{', '<', '%']) && !url.is_empty() {
        let what =
            "proxy_pass takes a URL with http:// or https:// before it: nginx does not start";
        refuse(one, what.to_owned(), site);
    }
}

/// Puts to each site the directives without a `;`, and that a whole configuration has no `events`.
pub(super) fn whole(path: &str, top: &[Directive], sites: &mut [Site]) {
    let all = tree::all(top);
    let mut refused: Vec<(&Directive, &str)> = Vec::new();
    if let Some(one) = all.iter().find(|one| one.name == UNENDED) {
        refused.push((one, "a `;` is missing before the `}`: nginx does not start"));
    }
    let name = path.rsplit(['/', '\\']).next().unwrap_or(path);
    let has = |name: &str| top.iter().any(|one| one.name == name);
    let read = all.iter().all(|one| tree::unread(one).is_none());
    if name == "nginx.conf"
        && read
        && !has("events")
        && let Some(http) = top.iter().find(|one| one.name == "http")
    {
        refused.push((http, "there is no `events` block: nginx does not start"));
    }
    for (one, what) in refused {
        for site in &mut *sites {
            refuse(one, what.to_owned(), site);
        }
    }
}

fn refuse(directive: &Directive, what: String, site: &mut Site) {
    if site.refused.iter().all(|one| one.place != directive.place) {
        site.refused
            .push(setting(what, &directive.place, &directive.text));
    }
}

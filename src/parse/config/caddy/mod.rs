//! Caddy: the Caddyfile's `tls` directive with `client_auth`, snippets and imports, and matchers on
//! the certificate.

mod auth;
mod json;
mod matchers;
mod policies;
mod refused;
mod routes;
mod served;

use std::collections::HashSet;

use self::auth::client_auth;
use super::{
    Include, doors, range, setting,
    tree::{self, Directive, Grammar, Word, named},
    version,
};
use crate::facts::{Door, Lacks, NotUnderstood, Place, ServerSoftware, Site};

const GRAMMAR: Grammar = Grammar {
    quotes: &['"', '`'],
    continues: true,
    comments_anywhere: true,
};

pub(super) fn sites(path: &str, text: &str, include: &mut dyn Include) -> Vec<Site> {
    if path.to_ascii_lowercase().ends_with(".json") {
        return json::sites(path, text);
    }
    let top = snippets(parse(path, text));
    let top = tree::expand(top, &["import"], parse, include);
    let (mut sites, mut without_tls) = (Vec::new(), Vec::new());
    let blocks: Vec<(Vec<String>, &Directive)> = top
        .iter()
        .filter(|block| block.block.is_some() && !block.name.is_empty())
        .filter(|block| !block.name.starts_with('('))
        .map(|block| (addresses(block), block))
        .collect();
    let with_tls: Vec<&str> = blocks
        .iter()
        .flat_map(|(addresses, _)| addresses)
        .filter(|address| !served::plain(address) && !address.starts_with(':'))
        .filter_map(|address| served::port(address))
        .collect();
    let mut known = HashSet::new();
    for (addresses, block) in &blocks {
        let twice = refused::twice(addresses, block, &mut known);
        if addresses.iter().all(|address| served::plain(address))
            || served::nameless(addresses, block, &with_tls)
        {
            without_tls.extend(served::without_tls(addresses, block));
            continue;
        }
        let mut site = site(addresses.join(" "), block);
        site.refused.extend(twice);
        refused::check(block, &mut site);
        site.serves = served::serves(addresses, block.children());
        site.doors = served::plain_addresses(addresses, block);
        sites.push(site);
    }
    doors::put(&mut sites, &without_tls);
    if let Some(option) = lax(&top) {
        any_name(&mut sites, &blocks, option);
    }
    sites
}

/// The addresses of a block.
fn addresses(block: &Directive) -> Vec<String> {
    std::iter::once(&block.name)
        .chain(&block.args)
        .map(|address| address.trim_end_matches(',').to_owned())
        .collect()
}

/// The option by which the host of a request may be another one than the name of its connection.
fn lax(top: &[Directive]) -> Option<&Directive> {
    let global = top.iter().filter(|block| block.name.is_empty());
    let servers = global.flat_map(|block| named(block.children(), "servers"));
    servers
        .flat_map(|servers| named(servers.children(), "strict_sni_host"))
        .find(|option| option.arg(0) == "insecure_off")
}

/// Puts to each site that asks for certificates the sites of its port that do not: where the host of
/// a request may be any, whoever connects by their name reaches it.
fn any_name(sites: &mut [Site], blocks: &[(Vec<String>, &Directive)], option: &Directive) {
    let ports = |place: &Place| -> Vec<String> {
        let block = blocks.iter().find(|(_, block)| block.place == *place);
        let addresses = block.map(|(addresses, _)| addresses.as_slice());
        let written = |address: &String| served::port(address).unwrap_or("443").to_owned();
        addresses.unwrap_or_default().iter().map(written).collect()
    };
    let open: Vec<(String, Vec<String>)> = sites
        .iter()
        .filter(|site| doors::asks_nothing(site))
        .map(|site| (site.name.clone(), ports(&site.place)))
        .take(doors::MOST)
        .collect();
    for site in sites.iter_mut().filter(|site| site.mode().asks) {
        let own = ports(&site.place);
        let shared = |one: &&(String, Vec<String>)| one.1.iter().any(|port| own.contains(port));
        for (name, _) in open.iter().filter(shared) {
            let door = Door {
                address: name.clone(),
                lacks: Lacks::Certificate,
                target: None,
                certain: true,
            };
            site.doors.push(setting(door, &option.place, &option.text));
        }
    }
}

/// Imports of snippets that are followed: they may import each other.
const MOST_IMPORTS: usize = 2_000;

/// Puts the body of `(name) { … }` in the place of `import name`.
fn snippets(top: Vec<Directive>) -> Vec<Directive> {
    let known: Vec<(String, Vec<Directive>)> = top
        .iter()
        .filter_map(|directive| {
            let name = directive.name.strip_prefix('(')?.strip_suffix(')')?;
            Some((name.to_owned(), directive.block.clone()?))
        })
        .collect();
    fn put(
        list: Vec<Directive>,
        known: &[(String, Vec<Directive>)],
        depth: usize,
        left: &mut usize,
    ) -> Vec<Directive> {
        let mut out = Vec::new();
        for mut directive in list {
            let body = known
                .iter()
                .find(|(name, _)| directive.name == "import" && directive.arg(0) == name);
            match body {
                Some((_, body)) if depth < super::DEEPEST && *left > 0 => {
                    *left -= 1;
                    let mut body = put(body.clone(), known, depth + 1, left);
                    arguments(&mut body, &directive.args[1..]);
                    out.extend(body);
                }
                _ => {
                    directive.block = directive.block.map(|block| put(block, known, depth, left));
                    out.push(directive);
                }
            }
        }
        out
    }
    let mut left = MOST_IMPORTS;
    put(top, &known, 0, &mut left)
}

/// `{args[0]}` in a snippet is the word behind its name.
fn arguments(list: &mut [Directive], given: &[String]) {
    for directive in list {
        for arg in &mut directive.args {
            for (index, value) in given.iter().enumerate() {
                *arg = arg
                    .replace(&format!("{{args[{index}]}}"), value)
                    .replace(&format!("{{args.{index}}}"), value);
            }
        }
        if let Some(block) = &mut directive.block {
            arguments(block, given);
        }
    }
}

fn site(name: String, block: &Directive) -> Site {
    let mut site = Site::new(ServerSoftware::Caddy, name, block.place.clone());
    let own = block.children();
    for tls in named(own, "tls") {
        if let [certificate, key] = tls.args.as_slice() {
            site.certificate = vec![setting(certificate.clone(), &tls.place, &tls.text)];
            site.key = vec![setting(key.clone(), &tls.place, &tls.text)];
        }
        for protocols in named(tls.children(), "protocols") {
            let lowest = version(protocols.arg(0)).unwrap_or(0x0303);
            let highest = version(protocols.arg(1)).unwrap_or(0x0304);
            site.versions = Some(setting(
                range(lowest, highest),
                &protocols.place,
                &protocols.text,
            ));
        }
        for auth in named(tls.children(), "client_auth") {
            client_auth(auth, &mut site);
        }
    }
    if named(own, "tls").any(|tls| tls.arg(0) == "internal") {
        site.not_understood.push(setting(
            NotUnderstood::OwnCertificate,
            &block.place,
            "tls internal",
        ));
    }
    routes::read(own, &mut site);
    site
}

fn parse(path: &str, text: &str) -> Vec<Directive> {
    let words = tree::words(text, GRAMMAR);
    let mut lists: Vec<Vec<Directive>> = vec![Vec::new()];
    let mut heads: Vec<Option<Directive>> = Vec::new();
    let mut line: Vec<Word> = Vec::new();
    // Where a block is not closed, or closed twice.
    let mut crooked = None;
    for word in words {
        let ends = word.ends_line;
        let at = word.line;
        line.push(word);
        // Addresses may go on behind a comma on the next line.
        let goes_on = line
            .last()
            .is_some_and(|last| !last.quoted && last.text.ends_with(','))
            && lists.len() == 1;
        if !ends || goes_on {
            continue;
        }
        let bare = |word: Option<&Word>, brace: &str| {
            word.is_some_and(|word| !word.quoted && word.text == brace)
        };
        // A brace without a blank before it belongs to the word: Caddy does not start.
        let stuck = line
            .last()
            .is_some_and(|last| !last.quoted && last.text.len() > 1 && last.text.ends_with('{'));
        if stuck && let Some(last) = line.last_mut() {
            last.text.pop();
            crooked = Some(at);
            heads.push(Some(tree::directive(path, &line, at)));
            lists.push(Vec::new());
        } else if bare(line.first(), "}") && line.len() == 1 {
            if lists.len() < 2 {
                crooked = Some(at);
            }
            close(&mut lists, &mut heads);
        } else if bare(line.last(), "{") && lists.len() > tree::MOST_NESTED {
            lists[0].push(tree::too_deep(path, at));
            break;
        } else if bare(line.last(), "{") {
            line.pop();
            // A block without a name holds the global options.
            let head = if line.is_empty() {
                tree::directive(path, &[], at)
            } else {
                tree::directive(path, &line, at)
            };
            heads.push(Some(head));
            lists.push(Vec::new());
        } else if let Some(list) = lists.last_mut() {
            list.push(tree::directive(path, &line, at));
        }
        line.clear();
    }
    if lists.len() > 1 {
        crooked = Some(text.lines().count());
    }
    while lists.len() > 1 {
        close(&mut lists, &mut heads);
    }
    let mut top = lists.pop().unwrap_or_default();
    if let Some(at) = crooked {
        let mark = tree::unbalanced(path, at);
        for block in top.iter_mut().filter_map(|one| one.block.as_mut()) {
            block.push(mark.clone());
        }
    }
    // A file for one site may leave its braces out: the first line is then the address.
    let braced = top.iter().any(|directive| {
        directive.block.is_some()
            && !["tls", "reverse_proxy", ""].contains(&directive.name.as_str())
    });
    if !braced && !top.is_empty() && top.len() > 1 {
        let mut rest = top;
        let mut head = rest.remove(0);
        if head.name != "import" {
            head.block = Some(rest);
            return vec![head];
        }
        rest.insert(0, head);
        return rest;
    }
    top
}

fn close(lists: &mut Vec<Vec<Directive>>, heads: &mut Vec<Option<Directive>>) {
    if lists.len() < 2 {
        return;
    }
    let block = lists.pop();
    if let Some(Some(mut head)) = heads.pop() {
        head.block = block;
        if let Some(outer) = lists.last_mut() {
            outer.push(head);
        }
    }
}

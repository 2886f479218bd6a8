//! Caddy: the Caddyfile's `tls` directive with `client_auth`, snippets and imports, and matchers on
//! the certificate.

mod auth;
mod json;
mod matchers;
mod routes;
mod served;

use self::auth::client_auth;
use super::{
    Include, doors, range, setting,
    tree::{self, Directive, Grammar, Word, named},
    version,
};
use crate::facts::{NotUnderstood, ServerSoftware, Site};

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
    for block in top
        .iter()
        .filter(|directive| directive.block.is_some() && !directive.name.is_empty())
    {
        let mut addresses = vec![block.name.clone()];
        addresses.extend(block.args.iter().cloned());
        let addresses: Vec<String> = addresses
            .iter()
            .map(|address| address.trim_end_matches(',').to_owned())
            .collect();
        if block.name.starts_with('(') {
            continue;
        }
        if addresses.iter().all(|address| served::plain(address)) {
            without_tls.extend(served::without_tls(&addresses, block));
            continue;
        }
        let mut site = site(addresses.join(" "), block);
        site.serves = served::serves(&addresses, block.children());
        site.doors = served::plain_addresses(&addresses, block);
        sites.push(site);
    }
    doors::put(&mut sites, &without_tls);
    sites
}

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
    ) -> Vec<Directive> {
        let mut out = Vec::new();
        for mut directive in list {
            let body = known
                .iter()
                .find(|(name, _)| directive.name == "import" && directive.arg(0) == name);
            match body {
                Some((_, body)) if depth < super::DEEPEST => {
                    let mut body = put(body.clone(), known, depth + 1);
                    arguments(&mut body, &directive.args[1..]);
                    out.extend(body);
                }
                _ => {
                    directive.block = directive.block.map(|block| put(block, known, depth));
                    out.push(directive);
                }
            }
        }
        out
    }
    put(top, &known, 0)
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
        if bare(line.first(), "}") && line.len() == 1 {
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
    while lists.len() > 1 {
        close(&mut lists, &mut heads);
    }
    let top = lists.pop().unwrap_or_default();
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

//! nginx: `ngx_http_ssl_module` and `ngx_stream_ssl_module`, with what `if` and `map` make of the
//! certificate.

use super::{
    Include, setting,
    tree::{self, Directive, Grammar, Word, all, named},
    version,
};
use crate::facts::{
    Checks, ClientAuthMode, Comparison, Forwarded, NotUnderstood, Pin, Pinned, ServerSoftware,
    Setting, Site,
};

const GRAMMAR: Grammar = Grammar {
    single: &['{', '}', ';'],
    quotes: &['"', '\''],
    continues: false,
    comments_anywhere: true,
};

pub(super) fn sites(path: &str, text: &str, include: &mut dyn Include) -> Vec<Site> {
    let top = tree::expand(parse(path, text), &["include"], parse, include);
    let mut sites = Vec::new();
    for outer in ["http", "stream"] {
        for block in named(&top, outer) {
            servers(block.children(), &[&top, block.children()], &mut sites);
        }
    }
    // A file of `conf.d` or `sites-enabled`, which `nginx.conf` includes into its `http` block.
    servers(&top, &[&top], &mut sites);
    if sites.is_empty()
        && let Some(first) = top
            .iter()
            .find(|directive| directive.name.starts_with("ssl_"))
    {
        // A snippet that several servers include.
        sites.push(site("snippet".to_owned(), first, &[&top]));
    }
    sites
}

fn servers(blocks: &[Directive], outer: &[&[Directive]], sites: &mut Vec<Site>) {
    for server in named(blocks, "server") {
        let own = server.children();
        let tls = named(own, "listen").any(|listen| {
            listen
                .args
                .iter()
                .any(|word| word == "ssl" || word == "quic")
        }) || named(own, "ssl").any(|ssl| ssl.arg(0) == "on")
            || (named(own, "ssl_certificate").next().is_some()
                && named(own, "listen").next().is_none());
        if !tls {
            continue;
        }
        let names: Vec<&str> = named(own, "server_name")
            .flat_map(|name| &name.args)
            .map(String::as_str)
            .filter(|name| *name != "_" && !name.is_empty())
            .collect();
        let listens: Vec<&str> = named(own, "listen").map(|listen| listen.arg(0)).collect();
        let name = if names.is_empty() { listens } else { names }.join(" ");
        let mut scopes = outer.to_vec();
        scopes.push(own);
        sites.push(site(format!("server {name}"), server, &scopes));
    }
}

/// The site of a block; inner scopes, which stand last, override outer ones.
fn site(name: String, block: &Directive, scopes: &[&[Directive]]) -> Site {
    let mut site = Site::new(ServerSoftware::Nginx, name.trim_end(), block.place.clone());
    // `ssl_verify_depth` is 1 unless said otherwise, and counts intermediates.
    site.intermediates_default = Some(1);
    let nearest = |name: &str| tree::nearest(scopes, name);
    let files = |name: &str, site: &mut Site| -> Vec<Setting<String>> {
        let mut files = Vec::new();
        for directive in nearest(name) {
            let value = directive.arg(0);
            if value.contains('$') || value.starts_with("data:") || value.starts_with("engine:") {
                site.not_understood.push(setting(
                    NotUnderstood::MadeWhileRunning,
                    &directive.place,
                    &directive.text,
                ));
            } else {
                files.push(setting(value.to_owned(), &directive.place, &directive.text));
            }
        }
        files
    };
    site.certificate = files("ssl_certificate", &mut site);
    site.key = files("ssl_certificate_key", &mut site);
    site.client_ca = files("ssl_client_certificate", &mut site);
    let trusted = files("ssl_trusted_certificate", &mut site);
    site.client_ca.extend(trusted);
    site.crl = files("ssl_crl", &mut site);
    if let Some(directive) = nearest("ssl_verify_client").last() {
        let mode = match directive.arg(0) {
            "on" => Some(ClientAuthMode::REQUIRED),
            "off" => Some(ClientAuthMode::OFF),
            "optional" => Some(ClientAuthMode::OPTIONAL),
            "optional_no_ca" => Some(ClientAuthMode {
                checks: Checks::ButIssuer,
                ..ClientAuthMode::OPTIONAL
            }),
            _ => None,
        };
        match mode {
            Some(mode) => {
                site.client_auth = Some(setting(mode, &directive.place, &directive.text));
            }
            None => site.not_understood.push(setting(
                NotUnderstood::Expected("on, off, optional or optional_no_ca"),
                &directive.place,
                &directive.text,
            )),
        }
    }
    if let Some(directive) = nearest("ssl_verify_depth").last() {
        match directive.arg(0).parse() {
            Ok(depth) => {
                site.intermediates = Some(setting(depth, &directive.place, &directive.text));
            }
            Err(_) => site.not_understood.push(setting(
                NotUnderstood::Expected("a number"),
                &directive.place,
                &directive.text,
            )),
        }
    }
    if let Some(directive) = nearest("ssl_protocols").last() {
        let mut versions: Vec<u16> = directive
            .args
            .iter()
            .filter_map(|word| version(word))
            .collect();
        versions.sort_unstable();
        site.versions = Some(setting(versions, &directive.place, &directive.text));
    }
    let maps: Vec<&Directive> = scopes
        .iter()
        .flat_map(|scope| named(scope, "map"))
        .collect();
    for directive in all(block.children()) {
        inner(directive, &maps, &mut site);
    }
    for scope in scopes {
        site.not_understood
            .extend(scope.iter().filter_map(tree::unread));
    }
    site
}

fn inner(directive: &Directive, maps: &[&Directive], site: &mut Site) {
    let about = |text: &str| text.contains("$ssl_client_");
    match directive.name.as_str() {
        "if" if about(&directive.text) => match condition(directive) {
            Some(pin) => site
                .pins
                .push(setting(pin, &directive.place, &directive.text)),
            None => not_read(directive, site),
        },
        "if" if directive.text.contains("$http_authorization") => {
            site.bearer
                .push(setting((), &directive.place, &directive.text));
        }
        "if" => {
            let of_map = maps.iter().find(|map| {
                about(map.arg(0)) && !map.arg(1).is_empty() && directive.text.contains(map.arg(1))
            });
            if let Some(map) = of_map {
                match mapped(map, directive) {
                    Some(pin) => site.pins.push(setting(pin, &map.place, &map.text)),
                    None => not_read(directive, site),
                }
            }
        }
        "proxy_set_header" | "fastcgi_param" | "uwsgi_param" | "scgi_param" | "grpc_set_header"
            if about(&directive.text) =>
        {
            let forwarded = Forwarded {
                header: directive.arg(0).to_owned(),
                value: directive.arg(1).to_owned(),
                overwrites: true,
            };
            site.forwards
                .push(setting(forwarded, &directive.place, &directive.text));
        }
        "auth_jwt" | "auth_request" | "auth_oidc" => {
            site.bearer
                .push(setting((), &directive.place, &directive.text));
        }
        name if name.starts_with("js_") || name.contains("_by_lua") => {
            site.not_understood.push(setting(
                NotUnderstood::Program,
                &directive.place,
                &directive.text,
            ));
        }
        _ => {}
    }
}

fn not_read(directive: &Directive, site: &mut Site) {
    site.not_understood.push(setting(
        NotUnderstood::ConditionOrRefusal,
        &directive.place,
        &directive.text,
    ));
}

/// Whether the block of an `if` turns requests away.
fn refuses(block: &Directive) -> bool {
    block.children().iter().any(|child| {
        let first = child.arg(0);
        match child.name.as_str() {
            "return" => first.len() == 3 && (first.starts_with('4') || first.starts_with('5')),
            "deny" => first == "all",
            _ => false,
        }
    })
}

/// The variable, the operator and the value of an `if`.
fn parts(directive: &Directive) -> Option<(String, String, String)> {
    let mut words: Vec<String> = directive.args.clone();
    if words.last().is_some_and(|word| word == ")") {
        words.pop();
    } else if let Some(last) = words.last_mut() {
        *last = last.strip_suffix(')').unwrap_or(last).to_owned();
    }
    if words.first().is_some_and(|word| word == "(") {
        words.remove(0);
    } else if let Some(first) = words.first_mut() {
        *first = first.strip_prefix('(').unwrap_or(first).to_owned();
    }
    match words.as_slice() {
        [variable, operator, value] => Some((variable.clone(), operator.clone(), value.clone())),
        _ => None,
    }
}

fn pinned(variable: &str) -> Option<Pinned> {
    Some(match variable {
        "$ssl_client_s_dn" | "$ssl_client_s_dn_legacy" => Pinned::Subject,
        "$ssl_client_i_dn" | "$ssl_client_i_dn_legacy" => Pinned::Issuer,
        "$ssl_client_fingerprint" | "$ssl_client_serial" => Pinned::Fingerprint,
        "$ssl_client_verify" => Pinned::Verified,
        _ => return None,
    })
}

/// An `if` that refuses, as the condition to get past it.
fn condition(directive: &Directive) -> Option<Pin> {
    let (variable, operator, value) = parts(directive)?;
    if !refuses(directive) {
        return None;
    }
    let of = pinned(&variable)?;
    let (comparison, refuses_what_fits) = match operator.as_str() {
        "=" => (Comparison::Equals, true),
        "!=" => (Comparison::Equals, false),
        "~" => (Comparison::Matches, true),
        "!~" => (Comparison::Matches, false),
        "~*" => (Comparison::Matches, true),
        "!~*" => (Comparison::Matches, false),
        _ => return None,
    };
    if of == Pinned::Verified && (refuses_what_fits || value != "SUCCESS") {
        return None;
    }
    let value = if operator.ends_with('*') {
        format!("(?i){value}")
    } else {
        value
    };
    Some(Pin {
        of,
        comparison,
        values: vec![value],
        negated: refuses_what_fits,
        in_handshake: false,
    })
}

/// A `map` of the subject to 0 and 1, and the `if` that refuses what is 0.
fn mapped(map: &Directive, directive: &Directive) -> Option<Pin> {
    let (_, operator, value) = parts(directive).or_else(|| {
        // `if ($not_allowed)`: true is what refuses.
        (directive.args.len() == 1).then(|| (String::new(), "!=".to_owned(), "0".to_owned()))
    })?;
    if !refuses(directive) {
        return None;
    }
    let refused = |result: &str| match operator.as_str() {
        "=" => result == value,
        "!=" => result != value && !(value == "0" && result.is_empty()),
        _ => false,
    };
    let default = named(map.children(), "default")
        .last()
        .map_or("", |directive| directive.arg(0));
    if !refused(default) {
        return None;
    }
    let mut values = Vec::new();
    let mut regular = false;
    for row in map.children().iter().filter(|row| row.name != "default") {
        if refused(row.arg(0)) {
            continue;
        }
        match row.name.strip_prefix('~') {
            Some(pattern) => {
                regular = true;
                values.push(match pattern.strip_prefix('*') {
                    Some(pattern) => format!("(?i){pattern}"),
                    None => pattern.to_owned(),
                });
            }
            None => values.push(row.name.clone()),
        }
    }
    if regular
        && map
            .children()
            .iter()
            .any(|row| row.name != "default" && !row.name.starts_with('~'))
    {
        return None;
    }
    Some(Pin {
        of: pinned(map.arg(0))?,
        comparison: if regular {
            Comparison::Matches
        } else {
            Comparison::Equals
        },
        values,
        negated: false,
        in_handshake: false,
    })
}

fn parse(path: &str, text: &str) -> Vec<Directive> {
    let words = tree::words(text, GRAMMAR);
    let mut open: Vec<(Option<Directive>, Vec<Directive>)> = vec![(None, Vec::new())];
    let mut current: Vec<Word> = Vec::new();
    for word in words {
        if word.quoted || !matches!(word.text.as_str(), "{" | "}" | ";") {
            current.push(word);
            continue;
        }
        let line = word.line;
        match word.text.as_str() {
            "{" if open.len() > tree::MOST_NESTED => {
                if let Some((_, top)) = open.first_mut() {
                    top.push(tree::too_deep(path, line));
                }
                break;
            }
            "{" => {
                let head = tree::directive(path, &current, line);
                open.push((Some(head), Vec::new()));
            }
            _ if !current.is_empty() => {
                let directive = tree::directive(path, &current, line);
                if let Some((_, list)) = open.last_mut() {
                    list.push(directive);
                }
            }
            _ => {}
        }
        current.clear();
        if word.text == "}" {
            close(&mut open);
        }
    }
    while open.len() > 1 {
        close(&mut open);
    }
    open.pop().map(|(_, list)| list).unwrap_or_default()
}

fn close(open: &mut Vec<(Option<Directive>, Vec<Directive>)>) {
    if open.len() < 2 {
        return;
    }
    if let Some((Some(mut head), list)) = open.pop() {
        head.block = Some(list);
        if let Some((_, outer)) = open.last_mut() {
            outer.push(head);
        }
    }
}

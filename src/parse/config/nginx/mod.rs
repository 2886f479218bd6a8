//! nginx: `ngx_http_ssl_module`, `ngx_stream_ssl_module` and `ngx_mail_ssl_module`, with what `if`
//! and `map` make of the certificate.

mod aliases;
mod answers;
mod conditions;
mod contexts;
mod listens;
mod pins;
mod refused;
mod served;
mod turned;
mod words;

use std::collections::{HashMap, HashSet};

use super::{
    Include, doors, setting,
    tree::{self, Directive, Scope, named},
    version,
};
use crate::facts::{
    Checks, ClientAuthMode, Door, NotUnderstood, Passphrase, Served, ServerSoftware, Setting, Site,
};

/// Blocks that servers stand in: `tcp` is that of a third party.
const OUTER: [&str; 4] = ["http", "stream", "mail", "tcp"];
/// Directives that nginx takes once in a block ("directive is duplicate").
const ONCE: [&str; 6] = [
    "ssl_client_certificate",
    "ssl_trusted_certificate",
    "ssl_verify_client",
    "ssl_verify_depth",
    "ssl_crl",
    "ssl_ciphers",
];
/// Files that come with nginx and say nothing of TLS.
const HARMLESS: [&str; 8] = [
    "mime.types",
    "fastcgi_params",
    "fastcgi.conf",
    "uwsgi_params",
    "scgi_params",
    "proxy_params",
    "koi-utf",
    "koi-win",
];

pub(super) fn sites(path: &str, text: &str, include: &mut dyn Include) -> Vec<Site> {
    let mut top = words::parse(path, text);
    without_harmless(&mut top);
    let top = tree::expand(top, &["include"], words::parse, include);
    let outermost = Scope::of(&top);
    let mut found = Found::default();
    for outer in OUTER {
        for block in named(&top, outer) {
            let scope = Scope::of(block.children());
            let scopes = [&outermost, &scope];
            servers(block.children(), &scopes, outer, &mut found);
        }
    }
    // A file of `conf.d` or `sites-enabled`, which `nginx.conf` includes into its `http` block.
    servers(&top, &[&outermost], "http", &mut found);
    let Found {
        mut sites,
        bare,
        hosts,
    } = found;
    let groups = served::upstreams(&top);
    let mut inner: HashMap<String, Vec<Served>> = HashMap::new();
    let mut plain = Vec::new();
    for one in bare {
        for address in &one.addresses {
            let at = inner.entry(listens::on_this_machine(address)).or_default();
            at.push(one.serves.clone());
        }
        plain.extend(one.way);
    }
    let ways = plain.iter_mut().map(|way| &mut way.serves);
    for serves in sites.iter_mut().map(|site| &mut site.serves).chain(ways) {
        served::resolve(serves, &groups, &inner);
    }
    doors::put(&mut sites, &plain);
    listens::conflicts(&hosts, &mut sites);
    contexts::whole(path, &top, &mut sites);
    if sites.is_empty()
        && let Some(first) = top
            .iter()
            .find(|directive| directive.name.starts_with("ssl_"))
    {
        // A snippet that several servers include.
        sites.push(site("snippet".to_owned(), first, &[&outermost]));
    }
    sites
}

/// Takes the includes out whose files come with nginx: they are not there where a configuration is
/// looked at elsewhere.
fn without_harmless(list: &mut Vec<Directive>) {
    list.retain(|directive| {
        let file = directive.arg(0);
        let name = file.rsplit('/').next().unwrap_or(file);
        directive.name != "include" || !HARMLESS.contains(&name)
    });
    for directive in list {
        if let Some(block) = &mut directive.block {
            without_harmless(block);
        }
    }
}

/// The servers of a configuration.
#[derive(Default)]
struct Found<'a> {
    sites: Vec<Site>,
    bare: Vec<served::Bare>,
    /// Those of HTTP with TLS.
    hosts: Vec<listens::Host<'a>>,
}

/// Whether a word is this one: nginx compares words of its own without case.
fn is(directive: &Directive, word: &str) -> bool {
    directive.arg(0).eq_ignore_ascii_case(word)
}

fn servers<'a>(blocks: &'a [Directive], outer: &[&Scope<'_>], kind: &str, found: &mut Found<'a>) {
    let with_tls = listens::with_tls(blocks);
    for server in named(blocks, "server") {
        let own = server.children();
        let tls = named(own, "listen").any(|listen| listens::is_tls(listen, &with_tls))
            || named(own, "ssl").any(|ssl| is(ssl, "on"))
            || (named(own, "ssl_certificate").next().is_some()
                && named(own, "listen").next().is_none());
        let idle = named(own, "ssl_verify_client").find(|asks| !is(asks, "off"));
        if !tls && idle.is_none() {
            let bare = served::without_tls(server).filter(|_| kind == "http");
            found.bare.extend(bare);
            continue;
        }
        let names: Vec<&str> = named(own, "server_name")
            .flat_map(|name| &name.args)
            .map(String::as_str)
            .filter(|name| *name != "_" && !name.is_empty())
            .collect();
        let listens: Vec<&str> = named(own, "listen").map(|listen| listen.arg(0)).collect();
        let name = if names.is_empty() { listens } else { names }.join(" ");
        let name = match kind {
            "http" => format!("server {name}"),
            _ => format!("{kind} server {name}"),
        };
        if let (false, Some(idle)) = (tls, idle) {
            found.sites.push(plain(name, server, idle));
            continue;
        }
        let scope = Scope::of(own);
        let mut scopes = outer.to_vec();
        scopes.push(&scope);
        let mut site = site(name, server, &scopes);
        site.http = kind == "http";
        site.doors = plain_listens(own, &with_tls);
        site.serves = served::serves(own);
        if site.http {
            // A file of its own may be one of `stream`, whose servers hand on by themselves.
            if named(own, "proxy_pass").next().is_none() {
                contexts::read(server, &mut site);
            }
            let site = found.sites.len();
            found.hosts.push(listens::Host { site, server });
        }
        found.sites.push(site);
    }
}

/// The `listen` lines of a server with TLS that have none of it. Where a condition looks at the
/// scheme or the port, it may turn their requests away: then nothing is claimed.
fn plain_listens(own: &[Directive], with_tls: &HashSet<String>) -> Vec<Setting<Door>> {
    const SCHEME: [&str; 5] = [
        "$scheme",
        "$https",
        "$server_port",
        "$ssl_",
        "$http_x_forwarded_",
    ];
    let asks_scheme = named(own, "if").any(|condition| {
        let words = &condition.args;
        words
            .iter()
            .any(|word| SCHEME.iter().any(|name| word.contains(name)))
    });
    let old_switch = named(own, "ssl").any(|ssl| is(ssl, "on"));
    if asks_scheme || old_switch {
        return Vec::new();
    }
    named(own, "listen")
        .filter(|listen| !listens::is_tls(listen, with_tls) && !doors::local(listen.arg(0)))
        .map(|listen| {
            let door = Door::without_tls(listen.arg(0).to_owned());
            setting(door, &listen.place, &listen.text)
        })
        .collect()
}

/// A server without TLS that would ask for a certificate if it had it.
fn plain(name: String, server: &Directive, idle: &Directive) -> Site {
    let mut site = Site::new(ServerSoftware::Nginx, name.trim_end(), server.place.clone());
    site.without_effect.push(setting(
        "there is no TLS on this port: `listen` lacks `ssl`".to_owned(),
        &idle.place,
        &idle.text,
    ));
    site
}

/// The site of a block; inner scopes, which stand last, override outer ones.
fn site(name: String, block: &Directive, scopes: &[&Scope<'_>]) -> Site {
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
    site.passphrase = files("ssl_password_file", &mut site)
        .pop()
        .map(|named| setting(Passphrase::File(named.value), &named.place, &named.text));
    site.client_ca = files("ssl_client_certificate", &mut site);
    // Without a question for certificates these are for stapling.
    let asks = nearest("ssl_verify_client")
        .last()
        .is_some_and(|asked| !is(asked, "off"));
    if asks {
        let trusted = files("ssl_trusted_certificate", &mut site);
        site.client_ca.extend(trusted);
    }
    site.crl = files("ssl_crl", &mut site);
    if let Some(directive) = nearest("ssl_verify_client").last() {
        let mode = match directive.arg(0).to_ascii_lowercase().as_str() {
            "on" => Some(ClientAuthMode::REQUIRED),
            "off" => Some(ClientAuthMode::OFF),
            "optional" => Some(ClientAuthMode::OPTIONAL),
            "optional_no_ca" => Some(ClientAuthMode {
                checks: Checks::ButIssuer,
                ..ClientAuthMode::OPTIONAL
            }),
            _ => None,
        };
        // nginx does not start with another word (`refused`).
        if let Some(mode) = mode {
            site.client_auth = Some(setting(mode, &directive.place, &directive.text));
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
    for scope in scopes {
        for name in ONCE {
            if let [_, second, ..] = scope.named(name) {
                site.refused.push(setting(
                    format!("{name} appears twice in one block: nginx does not start"),
                    &second.place,
                    &second.text,
                ));
            }
        }
        site.not_understood.extend(scope.unread());
    }
    refused::read(block, scopes, &mut site);
    conditions::read(block, scopes, &mut site);
    within(block.children(), &mut site);
    site
}

/// What could not be read within the blocks of a server.
fn within(list: &[Directive], site: &mut Site) {
    for directive in list.iter().filter(|directive| directive.block.is_some()) {
        let unread = directive.children().iter().filter_map(tree::unread);
        site.not_understood.extend(unread);
        within(directive.children(), site);
    }
}

//! Apache httpd: mod_ssl, with what `<If>`, `Require`, `SSLRequire` and mod_rewrite make of the
//! certificate.

mod blocks;
mod conditions;
mod require;
mod rewriting;
mod sections;
mod served;
mod turned;

use std::collections::{HashMap, hash_map::Entry};

use super::{
    Include, doors, range, setting,
    tree::{self, Directive, Grammar, Scope, named},
    version,
};
use crate::facts::{
    Checks, ClientAuthMode, NotUnderstood, Passphrase, RevocationCheck, ServerSoftware, Setting,
    Site,
};

const GRAMMAR: Grammar = Grammar {
    quotes: &['"', '\''],
    continues: true,
    comments_anywhere: false,
};

pub(super) fn sites(path: &str, text: &str, include: &mut dyn Include) -> Vec<Site> {
    let top = tree::expand(
        parse(path, text),
        &["Include", "IncludeOptional"],
        parse,
        include,
    );
    let defined = blocks::defined(&top);
    let mut top = blocks::conditional(blocks::macros(top), &defined);
    let known: Vec<(String, String)> = named(&top, "Define")
        .map(|define| (format!("${{{}}}", define.arg(0)), define.arg(1).to_owned()))
        .collect();
    blocks::substitute(&mut top, &known);
    let engine = |scope: &[Directive]| {
        named(scope, "SSLEngine")
            .next_back()
            // `optional` offered an upgrade that is gone; the port speaks plain HTTP.
            .map(|engine| {
                !["off", "optional"].contains(&engine.arg(0).to_ascii_lowercase().as_str())
            })
    };
    let has_certificate = |scope: &[Directive]| named(scope, "SSLCertificateFile").next().is_some();
    let outermost = Scope::of(&top);
    let (mut sites, mut without_tls, mut hosts) = (Vec::new(), Vec::new(), Vec::new());
    for host in named(&top, "<VirtualHost") {
        let own = host.children();
        // `SSLEngine` is off unless said otherwise.
        let tls = engine(own).or(engine(&top)).unwrap_or(false);
        if tls {
            let names: Vec<&str> = named(own, "ServerName").map(|name| name.arg(0)).collect();
            let name = if names.is_empty() {
                host.args.join(" ")
            } else {
                names.join(" ")
            };
            let scope = Scope::of(own);
            let scopes = [&outermost, &scope];
            let mut site = site(format!("VirtualHost {name}"), host, &scopes, own);
            site.serves = served::serves(own, &host.args, true);
            hosts.push((sites.len(), host));
            sites.push(site);
        } else if let Some(idle) = named(own, "SSLVerifyClient")
            .find(|directive| !directive.arg(0).eq_ignore_ascii_case("none"))
        {
            sites.push(plain(host, idle));
        } else {
            without_tls.extend(served::without_tls(host));
        }
    }
    let balancers = served::balancers(&top);
    if engine(&top) != Some(true) {
        without_tls.extend(served::main_server(&top));
    }
    let ways = without_tls.iter_mut().map(|way| &mut way.serves);
    for serves in sites.iter_mut().map(|site| &mut site.serves).chain(ways) {
        served::resolve(serves, &balancers);
    }
    doors::put(&mut sites, &without_tls);
    conflicts(&hosts, &mut sites);
    let whole = engine(&top).unwrap_or(sites.is_empty() && has_certificate(&top));
    if whole
        && sites.is_empty()
        && let Some(first) = top
            .iter()
            .find(|directive| directive.name.starts_with("SSL"))
    {
        sites.push(site("main server".to_owned(), first, &[&outermost], &top));
    }
    if sites.is_empty()
        && let Some(used) = named(&top, "Use").next()
    {
        // A macro that was not read may hold every host.
        let what = format!("macro {}", used.arg(0));
        sites.push(site(what, used, &[&outermost], &[]));
    }
    sites
}

/// Puts to each site the host before it with its address and one of its names, which answers in its
/// place.
fn conflicts(hosts: &[(usize, &Directive)], sites: &mut [Site]) {
    let mut first: HashMap<(String, String), usize> = HashMap::new();
    for (index, host) in hosts {
        let names = ["ServerName", "ServerAlias"]
            .into_iter()
            .flat_map(|name| named(host.children(), name))
            .flat_map(|name| name.args.iter().map(|name| name.to_ascii_lowercase()));
        let mut names: Vec<String> = names.collect();
        if names.is_empty() {
            names.push(String::new());
        }
        for address in &host.args {
            let at = address.replace("_default_", "*").replace("0.0.0.0", "*");
            for name in &names {
                match first.entry((at.clone(), name.clone())) {
                    Entry::Vacant(free) => {
                        free.insert(*index);
                    }
                    Entry::Occupied(before) => doors::behind(*index, *before.get(), &at, sites),
                }
            }
        }
    }
}

/// A host without TLS that would ask for a certificate if it had it.
fn plain(host: &Directive, idle: &Directive) -> Site {
    let name = format!("VirtualHost {}", host.args.join(" "));
    let mut site = Site::new(ServerSoftware::Apache, name, host.place.clone());
    site.without_effect.push(setting(
        "there is no TLS on this host: `SSLEngine` is not on".to_owned(),
        &idle.place,
        &idle.text,
    ));
    site
}

fn site(name: String, block: &Directive, scopes: &[&Scope<'_>], own: &[Directive]) -> Site {
    let mut site = Site::new(ServerSoftware::Apache, name.trim_end(), block.place.clone());
    // `SSLVerifyDepth` is 1 unless said otherwise. mod_ssl compares the index of each certificate
    // with it, the root's included, so that one intermediate needs a depth of 2
    // (ssl_engine_kernel.c, ssl_callback_SSLVerify; tried with 2.4).
    site.intermediates_default = Some(0);
    let nearest = |name: &str| tree::nearest(scopes, name);
    let mut elsewhere = Vec::new();
    let mut files = |name: &str| -> Vec<Setting<String>> {
        let mut files = Vec::new();
        for directive in nearest(name) {
            let value = directive.arg(0).to_owned();
            if value.contains("${") {
                elsewhere.push(setting(
                    NotUnderstood::Variable,
                    &directive.place,
                    &directive.text,
                ));
            } else {
                files.push(setting(value, &directive.place, &directive.text));
            }
        }
        files
    };
    site.certificate = files("SSLCertificateFile");
    site.chain_from = Some(site.certificate.len());
    site.certificate.extend(files("SSLCertificateChainFile"));
    site.key = files("SSLCertificateKeyFile");
    site.client_ca = files("SSLCACertificateFile");
    site.client_ca.extend(files("SSLCACertificatePath"));
    site.crl = files("SSLCARevocationFile");
    site.crl.extend(files("SSLCARevocationPath"));
    site.not_understood.extend(elsewhere);
    // What `builtin` asks the terminal for has to be typed each time it starts.
    site.passphrase = nearest("SSLPassPhraseDialog")
        .last()
        .map(|said| setting(Passphrase::WhileStarting, &said.place, &said.text));
    revocation(&nearest("SSLCARevocationCheck"), &mut site);
    if let Some(directive) = nearest("SSLVerifyClient").last() {
        match mode(directive.arg(0)) {
            Some(mode) => site.client_auth = Some(setting(mode, &directive.place, &directive.text)),
            None if is_variable(directive.arg(0)) => not_read(directive, MODES, &mut site),
            None => {
                let what = format!(
                    "SSLVerifyClient takes none, optional, require or optional_no_ca, not `{}`: Apache does not start",
                    directive.arg(0)
                );
                let told = setting(what, &directive.place, &directive.text);
                site.refused.push(told);
            }
        }
    }
    if let Some(directive) = nearest("SSLVerifyDepth").last() {
        match directive.arg(0).parse::<u32>() {
            Ok(depth) => {
                site.intermediates = Some(setting(
                    depth.saturating_sub(1),
                    &directive.place,
                    &directive.text,
                ));
            }
            Err(_) => not_read(directive, NotUnderstood::Expected("a number"), &mut site),
        }
    }
    if let Some(directive) = nearest("SSLProtocol").last() {
        if directive.args.iter().any(|word| is_variable(word)) {
            not_read(directive, NotUnderstood::Variable, &mut site);
        } else {
            site.versions = Some(setting(
                protocols(&directive.args),
                &directive.place,
                &directive.text,
            ));
        }
    }
    for directive in tree::all(own) {
        if let Some(meant) = unknown(&directive.name) {
            let what = format!(
                "Apache has no directive {} (is it {meant}?), and does not start",
                directive.name
            );
            let told = setting(what, &directive.place, &directive.text);
            site.refused.push(told);
        }
    }
    for scope in scopes {
        site.not_understood.extend(scope.unread());
        // A macro of mod_macro may hold anything.
        for directive in scope.named("use") {
            let what = NotUnderstood::Elsewhere(format!("the macro {}", directive.arg(0)));
            not_read(directive, what, &mut site);
        }
    }
    sections::read(own, scopes, &mut site);
    site
}

/// Whether a value is put in by something else: a variable of Apache's, or one of a template.
fn is_variable(word: &str) -> bool {
    word.contains(['$', '@', '%', '{'])
}

/// The directives about TLS that say who gets in (httpd.apache.org, mod_ssl, read 2026-11-30).
const KNOWN: [&str; 11] = [
    "SSLVerifyClient",
    "SSLVerifyDepth",
    "SSLCACertificateFile",
    "SSLCACertificatePath",
    "SSLCADNRequestFile",
    "SSLCADNRequestPath",
    "SSLCARevocationFile",
    "SSLCARevocationPath",
    "SSLCARevocationCheck",
    "SSLRequire",
    "SSLRequireSSL",
];

/// The directive that is meant by one that Apache does not have.
fn unknown(name: &str) -> Option<&'static str> {
    let is_known = |known: &&str| known.eq_ignore_ascii_case(name);
    let own = name
        .get(..3)
        .is_some_and(|start| start.eq_ignore_ascii_case("ssl"));
    let others = ["SSLCertificateFile", "SSLCertificateKeyFile", "SSLEngine"];
    if !own || KNOWN.iter().chain(&others).any(is_known) {
        return None;
    }
    tree::meant(name, &KNOWN)
}

const MODES: NotUnderstood = NotUnderstood::Expected("none, optional, require or optional_no_ca");

fn mode(word: &str) -> Option<ClientAuthMode> {
    match word.to_ascii_lowercase().as_str() {
        "require" | "on" => Some(ClientAuthMode::REQUIRED),
        "none" | "off" => Some(ClientAuthMode::OFF),
        "optional" => Some(ClientAuthMode::OPTIONAL),
        "optional_no_ca" => Some(ClientAuthMode {
            checks: Checks::ButIssuer,
            ..ClientAuthMode::OPTIONAL
        }),
        _ => None,
    }
}

/// `SSLCARevocationCheck`, without which no list is looked into (since 2.3.15).
fn revocation(found: &[&Directive], site: &mut Site) {
    let word = |index: usize| found.last().map_or("", |directive| directive.arg(index));
    site.crl_check = match word(0).to_ascii_lowercase().as_str() {
        "leaf" => RevocationCheck::Leaf,
        "chain" if word(1).eq_ignore_ascii_case("no_crl_for_cert_ok") => {
            RevocationCheck::WhereThereIsOne
        }
        "chain" => RevocationCheck::Chain,
        _ => RevocationCheck::Never,
    };
    if site.crl_check == RevocationCheck::Never
        && let Some(list) = site.crl.first().cloned()
    {
        let why = "without `SSLCARevocationCheck chain` or `leaf` the list is not looked into";
        site.without_effect.push(Setting {
            value: why.to_owned(),
            ..list
        });
    }
}

fn not_read(directive: &Directive, why: NotUnderstood, site: &mut Site) {
    site.not_understood
        .push(setting(why, &directive.place, &directive.text));
}

/// `SSLProtocol all -SSLv3 +TLSv1.3`: a word with `-` takes away, one without a sign starts anew
/// with itself. `all` leaves SSLv3 out since 2.4.
fn protocols(words: &[String]) -> Vec<u16> {
    let mut versions: Vec<u16> = Vec::new();
    for (index, word) in words.iter().enumerate() {
        let (sign, name) = match word.chars().next() {
            Some(sign @ ('+' | '-')) => (sign, &word[1..]),
            _ => ('+', word.as_str()),
        };
        let named = if name.eq_ignore_ascii_case("all") {
            range(0x0301, 0x0304)
        } else {
            version(name).into_iter().collect()
        };
        if sign == '-' {
            if index == 0 {
                versions = range(0x0301, 0x0304);
            }
            versions.retain(|version| !named.contains(version));
        } else {
            versions.extend(named);
        }
    }
    versions.sort_unstable();
    versions.dedup();
    versions
}

fn parse(path: &str, text: &str) -> Vec<Directive> {
    let words = tree::words(text, GRAMMAR);
    let mut lists: Vec<Vec<Directive>> = vec![Vec::new()];
    let mut heads: Vec<Directive> = Vec::new();
    let mut line: Vec<tree::Word> = Vec::new();
    for word in words {
        let ends = word.ends_line;
        let at = word.line;
        line.push(word);
        if !ends {
            continue;
        }
        let mut directive = tree::directive(path, &line, at);
        line.clear();
        if directive.name.starts_with("</") {
            if let (Some(mut head), Some(list)) = (
                heads.pop(),
                (lists.len() > 1).then(|| lists.pop()).flatten(),
            ) {
                head.block = Some(list);
                if let Some(outer) = lists.last_mut() {
                    outer.push(head);
                }
            }
        } else if directive.name.starts_with('<') && lists.len() > tree::MOST_NESTED {
            lists[0].push(tree::too_deep(path, at));
            break;
        } else if directive.name.starts_with('<') {
            if let Some(last) = directive.args.last_mut() {
                *last = last.strip_suffix('>').unwrap_or(last).to_owned();
            }
            directive.args.retain(|arg| !arg.is_empty());
            directive.name = directive.name.trim_end_matches('>').to_owned();
            heads.push(directive);
            lists.push(Vec::new());
        } else if let Some(list) = lists.last_mut() {
            list.push(directive);
        }
    }
    while let (Some(mut head), true) = (heads.pop(), lists.len() > 1) {
        head.block = lists.pop();
        if let Some(outer) = lists.last_mut() {
            outer.push(head);
        }
    }
    lists.pop().unwrap_or_default()
}

//! Apache httpd: mod_ssl, with what `<If>`, `Require`, `SSLRequire` and mod_rewrite make of the certificate.

use super::{
    Include, range, setting,
    tree::{self, Directive, FAILED, Grammar, all, named},
    version,
};
use crate::facts::{
    Checks, ClientAuthMode, Comparison, Forwarded, Pin, Pinned, ServerSoftware, Setting, Site,
};

const GRAMMAR: Grammar = Grammar {
    single: &[],
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
    let top = conditional(top);
    let engine = |scope: &[Directive]| {
        named(scope, "SSLEngine")
            .next_back()
            .map(|engine| !engine.arg(0).eq_ignore_ascii_case("off"))
    };
    let has_certificate = |scope: &[Directive]| named(scope, "SSLCertificateFile").next().is_some();
    let mut sites = Vec::new();
    for host in named(&top, "<VirtualHost") {
        let own = host.children();
        let tls = engine(own)
            .or(engine(&top))
            .unwrap_or_else(|| has_certificate(own));
        if tls {
            let names: Vec<&str> = named(own, "ServerName").map(|name| name.arg(0)).collect();
            let name = if names.is_empty() {
                host.args.join(" ")
            } else {
                names.join(" ")
            };
            sites.push(site(format!("VirtualHost {name}"), host, &[&top, own]));
        }
    }
    let whole = engine(&top).unwrap_or(sites.is_empty() && has_certificate(&top));
    if whole
        && sites.is_empty()
        && let Some(first) = top
            .iter()
            .find(|directive| directive.name.starts_with("SSL"))
    {
        sites.push(site("main server".to_owned(), first, &[&top]));
    }
    sites
}

/// What stands in `<IfModule>`, `<IfDefine>` and `<IfVersion>` counts as if it stood outside: the usual configuration is meant.
fn conditional(directives: Vec<Directive>) -> Vec<Directive> {
    let mut out = Vec::with_capacity(directives.len());
    for mut directive in directives {
        let block = directive.block.take().map(conditional);
        let name = directive.name.to_ascii_lowercase();
        match block {
            Some(block)
                if ["<ifmodule", "<ifdefine", "<ifversion", "<iffile"].contains(&name.as_str()) =>
            {
                if !directive.arg(0).starts_with('!') {
                    out.extend(block);
                }
            }
            block => {
                directive.block = block;
                out.push(directive);
            }
        }
    }
    out
}

fn site(name: String, block: &Directive, scopes: &[&[Directive]]) -> Site {
    let mut site = Site::new(ServerSoftware::Apache, name.trim_end(), block.place.clone());
    // `SSLVerifyDepth` is 1 unless said otherwise. mod_ssl compares the index of each certificate with it, the root's included, so that
    // one intermediate needs a depth of 2 (ssl_engine_kernel.c, ssl_callback_SSLVerify; tried with 2.4).
    site.intermediates_default = Some(0);
    let nearest = |name: &str| tree::nearest(scopes, name);
    let files = |name: &str| -> Vec<Setting<String>> {
        nearest(name)
            .into_iter()
            .map(|directive| {
                setting(
                    directive.arg(0).to_owned(),
                    &directive.place,
                    &directive.text,
                )
            })
            .collect()
    };
    site.certificate = files("SSLCertificateFile");
    site.certificate.extend(files("SSLCertificateChainFile"));
    site.key = files("SSLCertificateKeyFile");
    site.client_ca = files("SSLCACertificateFile");
    site.client_ca.extend(files("SSLCACertificatePath"));
    site.crl = files("SSLCARevocationFile");
    let inner = all(scopes.last().copied().unwrap_or_default());
    let decisive = |name: &str| -> Option<&Directive> {
        // A `<Location>` may ask for more than the host around it.
        let outer = nearest(name).last().copied();
        let deeper = inner
            .iter()
            .copied()
            .filter(|directive| directive.name.eq_ignore_ascii_case(name))
            .max_by_key(|directive| directive.arg(0).eq_ignore_ascii_case("require"));
        match (outer, deeper) {
            (Some(outer), Some(deeper)) if !outer.arg(0).eq_ignore_ascii_case("require") => {
                Some(deeper)
            }
            (outer, deeper) => outer.or(deeper),
        }
    };
    if let Some(directive) = decisive("SSLVerifyClient") {
        let mode = match directive.arg(0).to_ascii_lowercase().as_str() {
            "require" => Some(ClientAuthMode::REQUIRED),
            "none" => Some(ClientAuthMode::OFF),
            "optional" => Some(ClientAuthMode::OPTIONAL),
            "optional_no_ca" => Some(ClientAuthMode {
                checks: Checks::ButIssuer,
                ..ClientAuthMode::OPTIONAL
            }),
            _ => None,
        };
        match mode {
            Some(mode) => site.client_auth = Some(setting(mode, &directive.place, &directive.text)),
            None => not_read(
                directive,
                "wanted none, optional, require or optional_no_ca",
                &mut site,
            ),
        }
    }
    if let Some(directive) = decisive("SSLVerifyDepth") {
        match directive.arg(0).parse::<u32>() {
            Ok(depth) => {
                site.intermediates = Some(setting(
                    depth.saturating_sub(1),
                    &directive.place,
                    &directive.text,
                ));
            }
            Err(_) => not_read(directive, "wanted a number", &mut site),
        }
    }
    if let Some(directive) = nearest("SSLProtocol").last() {
        site.versions = Some(setting(
            protocols(&directive.args),
            &directive.place,
            &directive.text,
        ));
    }
    for directive in inner {
        condition(directive, &mut site);
    }
    for scope in scopes {
        for failed in named(scope, FAILED) {
            site.not_understood.push(setting(
                failed.arg(0).to_owned(),
                &failed.place,
                &failed.text,
            ));
        }
    }
    rewrites(scopes.last().copied().unwrap_or_default(), &mut site);
    site
}

fn not_read(directive: &Directive, why: &str, site: &mut Site) {
    site.not_understood
        .push(setting(why.to_owned(), &directive.place, &directive.text));
}

/// `SSLProtocol all -SSLv3 +TLSv1.3`: a word with `-` takes away, one without a sign starts anew with itself. `all` leaves SSLv3 out since 2.4.
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

fn condition(directive: &Directive, site: &mut Site) {
    let about =
        directive.text.contains("SSL_CLIENT_") || directive.text.contains("SSL_CLIENT_VERIFY");
    let name = directive.name.to_ascii_lowercase();
    match name.as_str() {
        "<if" | "<elseif" if about => {
            let refuses = directive.children().iter().any(|child| {
                child.name.eq_ignore_ascii_case("Require")
                    && child.text.to_ascii_lowercase().contains("all denied")
                    || child.name.eq_ignore_ascii_case("Redirect") && child.arg(0).starts_with('4')
            });
            match expression(&directive.args.join(" ")).filter(|_| refuses) {
                // The block refuses what fits: to get past it, the opposite has to hold.
                Some(pin) => {
                    let pin = Pin {
                        negated: !pin.negated,
                        ..pin
                    };
                    site.pins
                        .push(setting(pin, &directive.place, &directive.text));
                }
                None => not_read(
                    directive,
                    "a condition on the certificate that is not one comparison with one refusal",
                    site,
                ),
            }
        }
        "require" if directive.arg(0).eq_ignore_ascii_case("ssl-verify-client") => {
            let pin = Pin {
                of: Pinned::Verified,
                comparison: Comparison::Equals,
                values: vec!["SUCCESS".to_owned()],
                negated: false,
                in_handshake: false,
            };
            site.pins
                .push(setting(pin, &directive.place, &directive.text));
        }
        "require" | "sslrequire" if about => {
            let words = if name == "require" {
                &directive.args[1..]
            } else {
                &directive.args[..]
            };
            match expression(&words.join(" ")) {
                Some(pin) => site
                    .pins
                    .push(setting(pin, &directive.place, &directive.text)),
                None => not_read(
                    directive,
                    "a condition on the certificate that is not one comparison",
                    site,
                ),
            }
        }
        "requestheader" if about || directive.text.contains("SSL_") => {
            let forwarded = Forwarded {
                header: directive.arg(1).to_owned(),
                value: directive.arg(2).to_owned(),
                overwrites: !["add", "append", "merge"]
                    .contains(&directive.arg(0).to_ascii_lowercase().as_str()),
            };
            if about {
                site.forwards
                    .push(setting(forwarded, &directive.place, &directive.text));
            }
        }
        "authtype"
            if ["bearer", "oauth2", "auth-openidc", "oauth20"]
                .contains(&directive.arg(0).to_ascii_lowercase().as_str()) =>
        {
            site.bearer
                .push(setting((), &directive.place, &directive.text));
        }
        _ => {}
    }
}

fn pinned(variable: &str) -> Option<Pinned> {
    Some(match variable {
        "SSL_CLIENT_S_DN_CN" => Pinned::CommonName,
        "SSL_CLIENT_S_DN" => Pinned::Subject,
        "SSL_CLIENT_VERIFY" => Pinned::Verified,
        name if name.starts_with("SSL_CLIENT_I_DN") => Pinned::Issuer,
        name if name.starts_with("SSL_CLIENT_SAN") => Pinned::AlternativeName,
        "SSL_CLIENT_M_SERIAL" | "SSL_CLIENT_CERT" => Pinned::Fingerprint,
        _ => return None,
    })
}

/// One comparison of a variable with a value: `%{SSL_CLIENT_S_DN_CN} != '*.example.com'`, also with `eq`, `ne`, `=~`, `in {…}`.
fn expression(text: &str) -> Option<Pin> {
    let text = text.trim().trim_matches('>').trim();
    let text = text
        .strip_prefix('(')
        .and_then(|rest| rest.strip_suffix(')'))
        .unwrap_or(text)
        .trim();
    let open = text.find("%{")?;
    let close = open + text[open..].find('}')?;
    let variable = text[open + 2..close].trim_start_matches("SSL:");
    if open != 0
        || text[close..].contains("%{")
        || text.contains("&&")
        || text.contains("||")
        || text.contains(" and ")
    {
        return None;
    }
    let rest = text[close + 1..].trim();
    let (operator, value) = rest.split_once(char::is_whitespace).or_else(|| {
        let at = rest.find(|character: char| !"=!~<>".contains(character))?;
        Some(rest.split_at(at))
    })?;
    let value = value.trim();
    let unquoted = |value: &str| {
        value
            .trim()
            .trim_matches(|character| character == '"' || character == '\'')
            .to_owned()
    };
    let (comparison, values, negated) = match operator {
        "==" | "=" | "eq" | "-eq" => (Comparison::Equals, vec![unquoted(value)], false),
        "!=" | "ne" | "-ne" => (Comparison::Equals, vec![unquoted(value)], true),
        "=~" | "!~" => {
            let inner = value.trim_matches(['"', '\'']);
            let pattern = inner
                .strip_prefix("m#")
                .and_then(|rest| rest.rsplit_once('#'))
                .or_else(|| {
                    inner
                        .strip_prefix('/')
                        .and_then(|rest| rest.rsplit_once('/'))
                })
                .map_or(inner.to_owned(), |(pattern, flags)| {
                    if flags.contains('i') {
                        format!("(?i){pattern}")
                    } else {
                        pattern.to_owned()
                    }
                });
            (Comparison::Matches, vec![pattern], operator == "!~")
        }
        "in" | "-in" => {
            let list = value.trim_matches(['{', '}', ' ']);
            (
                Comparison::Equals,
                list.split(',').map(unquoted).collect(),
                false,
            )
        }
        _ => return None,
    };
    let of = pinned(variable)?;
    if of == Pinned::Verified && values != ["SUCCESS"] {
        return None;
    }
    Some(Pin {
        of,
        comparison,
        values,
        negated,
        in_handshake: false,
    })
}

/// `RewriteCond %{SSL:SSL_CLIENT_S_DN_CN} !^…$` before a `RewriteRule … [F]`.
fn rewrites(scope: &[Directive], site: &mut Site) {
    let mut pending: Vec<&Directive> = Vec::new();
    for directive in all(scope) {
        if directive.name.eq_ignore_ascii_case("RewriteCond") {
            pending.push(directive);
        } else if directive.name.eq_ignore_ascii_case("RewriteRule") {
            let about: Vec<&&Directive> = pending
                .iter()
                .filter(|cond| cond.text.contains("SSL_CLIENT_"))
                .collect();
            let forbids = directive.args.last().is_some_and(|flags| {
                flags.trim_matches(['[', ']']).split(',').any(|flag| {
                    flag == "F" || flag.eq_ignore_ascii_case("forbidden") || flag.starts_with("R=4")
                })
            });
            match (about.as_slice(), pending.len()) {
                ([], _) => {}
                ([only], 1) if forbids => match rewritten(only) {
                    Some(pin) => site.pins.push(setting(pin, &only.place, &only.text)),
                    None => not_read(
                        only,
                        "a condition on the certificate that is not one comparison",
                        site,
                    ),
                },
                _ => not_read(
                    directive,
                    "several conditions on the certificate at once",
                    site,
                ),
            }
            pending.clear();
        }
    }
}

fn rewritten(condition: &Directive) -> Option<Pin> {
    let variable = condition
        .arg(0)
        .trim_start_matches("%{")
        .trim_end_matches('}')
        .trim_start_matches("SSL:");
    let written = condition.arg(1);
    let (denied_unless, pattern) = match written.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, written),
    };
    let (comparison, value) = match pattern.strip_prefix('=') {
        Some(value) => (Comparison::Equals, value),
        None => (Comparison::Matches, pattern),
    };
    let of = pinned(variable)?;
    if of == Pinned::Verified && !(denied_unless && value.contains("SUCCESS")) {
        return None;
    }
    Some(Pin {
        of,
        comparison,
        values: vec![value.to_owned()],
        negated: !denied_unless,
        in_handshake: false,
    })
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

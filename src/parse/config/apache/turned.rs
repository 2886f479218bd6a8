//! Which requests a host of Apache turns away before an application gets them.
//!
//! Must not: take a redirect of some requests for one of all. A `Redirect` of a host comes after
//! its `ProxyPass`, which serves the request; a rule of mod_rewrite comes before.

use regex::Regex;

use super::super::{
    paths::{Which, which},
    tree::{self, Directive, named},
};

/// How many requests are turned away.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Turned {
    /// None, or those of a path or a method of their own.
    None,
    /// It depends on something that is not known here.
    Some,
    /// Every one.
    All,
}

/// What is known of each request that comes to a host.
pub(super) struct Around<'a> {
    name: Option<&'a str>,
    port: Option<&'a str>,
    tls: bool,
}

/// What the rules of mod_rewrite come to.
pub(super) struct Rewritten<'a> {
    pub(super) turned: Turned,
    /// Where rules hand requests to (`[P]`), and whether every request that comes so far.
    pub(super) handed: Vec<(&'a str, bool)>,
}

impl<'a> Around<'a> {
    pub(super) fn of(own: &'a [Directive], addresses: &'a [String], tls: bool) -> Self {
        let names: Vec<&str> = named(own, "ServerName")
            .chain(named(own, "ServerAlias"))
            .flat_map(|name| name.args.iter().map(String::as_str))
            .collect();
        let only = |names: &[&'a str]| match names {
            [only] => Some(only.split(':').next().unwrap_or(only)),
            _ => None,
        };
        let ports: Vec<&str> = addresses.iter().filter_map(|one| port(one)).collect();
        Self {
            name: only(&names),
            port: ports
                .first()
                .copied()
                .filter(|first| ports.iter().all(|port| port == first)),
            tls,
        }
    }

    /// What the rules of a host do, which are asked in their order.
    pub(super) fn rewriting(&self, list: &'a [Directive]) -> Rewritten<'a> {
        let mut found = Rewritten {
            turned: Turned::None,
            handed: Vec::new(),
        };
        let engine = named(list, "RewriteEngine").next_back();
        if !engine.is_some_and(|engine| engine.arg(0).eq_ignore_ascii_case("on")) {
            return found;
        }
        let mut conditions: Vec<&Directive> = Vec::new();
        // Whether some requests are past the rules that follow.
        let mut past = false;
        for one in list {
            if one.name.eq_ignore_ascii_case("RewriteCond") {
                conditions.push(one);
            }
            if !one.name.eq_ignore_ascii_case("RewriteRule") {
                continue;
            }
            let held = self.all_hold(&std::mem::take(&mut conditions));
            let which = which(one.arg(0));
            let every = held == Some(true) && which == Which::Every;
            let flags = Flags::of(one);
            if held == Some(false) {
                continue;
            }
            if flags.has(&["P", "PROXY"]) {
                found.handed.push((one.arg(1), every && !past));
                if every {
                    return found;
                }
            } else if flags.away() || is_elsewhere(one.arg(1)) {
                let turned = match (every, which) {
                    (true, _) if past => Turned::Some,
                    (true, _) => Turned::All,
                    (false, Which::OnePath) => Turned::None,
                    (false, _) => Turned::Some,
                };
                found.turned = found.turned.max(turned);
                if every {
                    return found;
                }
            } else if flags.has(&["L", "LAST", "END", "S", "SKIP", "C", "CHAIN"]) {
                if every && !flags.has(&["C", "CHAIN"]) {
                    return found;
                }
                past = true;
            }
        }
        found
    }

    /// Whether all conditions hold for what a sender posts to the host by its name.
    fn all_hold(&self, conditions: &[&Directive]) -> Option<bool> {
        let or = |one: &&Directive| Flags(one.arg(2)).has(&["OR", "ORNEXT"]);
        if let [_, _, ..] = conditions
            && conditions.iter().any(or)
        {
            return None;
        }
        let mut all = Some(true);
        for condition in conditions {
            match self.holds(condition) {
                Some(true) => {}
                Some(false) => return Some(false),
                None => all = None,
            }
        }
        all
    }

    fn holds(&self, condition: &Directive) -> Option<bool> {
        let variable = condition.arg(0).strip_prefix("%{")?.strip_suffix('}')?;
        let value = match (variable.to_ascii_uppercase().as_str(), self.tls) {
            ("REQUEST_METHOD", _) => "POST",
            ("HTTP_HOST" | "SERVER_NAME" | "HTTP:HOST", _) => self.name?,
            ("SERVER_PORT", _) => self.port?,
            ("HTTPS", false) => "off",
            ("HTTPS", true) => "on",
            ("REQUEST_SCHEME", false) => "http",
            ("REQUEST_SCHEME", true) => "https",
            (name, false) if name.starts_with("SSL:") => "",
            _ => return None,
        };
        let (negated, pattern) = match condition.arg(1).strip_prefix('!') {
            Some(rest) => (true, rest),
            None => (false, condition.arg(1)),
        };
        let caseless = Flags(condition.arg(2)).has(&["NC", "NOCASE"]);
        let fits = match pattern.strip_prefix('=') {
            Some(word) if caseless => value.eq_ignore_ascii_case(word.trim_matches('"')),
            Some(word) => value == word.trim_matches('"'),
            None if pattern.starts_with(['-', '<', '>']) => return None,
            None => {
                let case = if caseless { "(?i)" } else { "" };
                Regex::new(&format!("{case}{pattern}"))
                    .ok()?
                    .is_match(value)
            }
        };
        Some(fits != negated)
    }
}

/// The port of an address of a host.
pub(super) fn port(address: &str) -> Option<&str> {
    let (_, port) = address.rsplit_once(':')?;
    let number = !port.is_empty() && port.bytes().all(|byte| byte.is_ascii_digit());
    number.then_some(port)
}

/// Flags of a rule or a condition: `[R=301,L]`.
pub(super) struct Flags<'a>(pub(super) &'a str);

impl<'a> Flags<'a> {
    pub(super) fn of(rule: &'a Directive) -> Self {
        Self(match rule.args.as_slice() {
            [_, _, .., flags] => flags,
            _ => "",
        })
    }

    pub(super) fn has(&self, names: &[&str]) -> bool {
        self.0.trim_matches(['[', ']']).split(',').any(|flag| {
            let name = flag.split('=').next().unwrap_or_default().trim();
            names.iter().any(|one| one.eq_ignore_ascii_case(name))
        })
    }

    /// Whether the rule redirects or refuses.
    pub(super) fn away(&self) -> bool {
        self.has(&["F", "FORBIDDEN", "G", "GONE", "R", "REDIRECT"])
    }
}

fn is_elsewhere(url: &str) -> bool {
    url.starts_with("https://") || url.starts_with("http://")
}

/// What a host and its sections ask of who comes, a certificate aside: without TLS nobody has one.
pub(super) fn authorization(own: &[Directive], tls: bool) -> Turned {
    let all_paths = |one: &Directive| {
        one.name.eq_ignore_ascii_case("<Location") && one.arg(0) == "/"
            || one.name.eq_ignore_ascii_case("<LocationMatch") && which(one.arg(0)) == Which::Every
    };
    // A section of its own may let in what the others keep out.
    let requires = |one: &Directive| {
        let within = tree::all(one.children());
        within.iter().any(|one| {
            ["Require", "Satisfy", "Allow"]
                .iter()
                .any(|name| one.name.eq_ignore_ascii_case(name))
        })
    };
    let elsewhere = own
        .iter()
        .any(|one| one.block.is_some() && !all_paths(one) && requires(one));
    let most = if elsewhere { Turned::Some } else { Turned::All };
    let mut found = Turned::None;
    for one in own {
        if all_paths(one) {
            found = found.max(here(one.children(), tls, true)).min(most);
        }
    }
    let somewhere = tree::all(own).into_iter().map(|one| asked(one, tls));
    let somewhere = somewhere.max().unwrap_or(Turned::None);
    found
        .max(here(own, tls, false).min(most))
        .max(somewhere.min(Turned::Some))
}

fn here(list: &[Directive], tls: bool, section: bool) -> Turned {
    let redirect = |one: &Directive| {
        section && one.name.to_ascii_lowercase().starts_with("redirect") && one.args.len() < 3
    };
    list.iter()
        .map(|one| {
            if redirect(one) {
                Turned::All
            } else {
                asked(one, tls)
            }
        })
        .max()
        .unwrap_or(Turned::None)
}

/// What one directive does with who comes.
fn asked(one: &Directive, tls: bool) -> Turned {
    let word = |index: usize| one.arg(index).to_ascii_lowercase();
    match one.name.to_ascii_lowercase().as_str() {
        "sslrequiressl" if !tls => Turned::All,
        "require" => match (word(0).as_str(), word(1).as_str()) {
            ("all", "granted") => Turned::None,
            ("all", "denied") => Turned::All,
            ("ssl" | "ssl-verify-client", _) if !tls => Turned::All,
            _ => Turned::Some,
        },
        "deny" | "authtype" | "<if" | "<elseif" | "<else" | "<requireany" | "<requireall"
        | "<requirenone" | "sslrequire" => Turned::Some,
        _ if tree::unread(one).is_some() => Turned::Some,
        _ => Turned::None,
    }
}

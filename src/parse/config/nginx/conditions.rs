//! What `if` and `map` make of the certificate, and for which locations.

use std::collections::HashSet;

use super::{
    super::{
        setting,
        tree::{self, Directive, Scope, named},
    },
    aliases::{self, Aliases, Meaning},
    answers::Answers,
    pins::{admits, condition, condition_on, mapped, refuses, takes_common_name},
};
use crate::facts::{Demand, Forwarded, NotUnderstood, Partial, Pin, Pinned, Setting, Site};

/// Maps that are followed.
const MOST_MAPS: usize = 500;

/// What happens where in a server block.
pub(super) struct Reader<'a> {
    maps: Vec<&'a Directive>,
    /// Variables that are made of the certificate, without `$`.
    derived: HashSet<String>,
    /// Every location that serves somebody, by what it is called.
    locations: Vec<String>,
    /// Whether the location of all other paths serves nobody.
    closed_root: bool,
    /// The conditions, each with its location; `None` is the whole server.
    found: Vec<(Option<String>, Setting<Pin>)>,
    /// What answers those who are refused.
    answers: Answers<'a>,
    /// What the server's own variables stand for.
    aliases: Aliases<'a>,
    /// Tests of variables that nothing read makes.
    unread: Vec<Setting<NotUnderstood>>,
    /// `satisfy any`: who is not kept out by an address may come with a password.
    either: bool,
}

/// Reads a server block with what stands around it.
pub(super) fn read<'a>(block: &'a Directive, scopes: &[&Scope<'a>], site: &mut Site) {
    let mut maps: Vec<&Directive> = Vec::new();
    for scope in scopes {
        maps.extend(scope.named("map"));
    }
    if let Some(map) = maps.get(MOST_MAPS) {
        not_read(map, site);
        maps.truncate(MOST_MAPS);
    }
    let mut reader = Reader {
        maps,
        derived: HashSet::new(),
        locations: Vec::new(),
        closed_root: false,
        found: Vec::new(),
        answers: Answers::of(block.children()),
        aliases: Aliases::of(block.children()),
        unread: unread(block, scopes),
        either: tree::nearest(scopes, "satisfy")
            .last()
            .is_some_and(|one| one.arg(0).eq_ignore_ascii_case("any")),
    };
    for variable in aliases::programs(block, scopes) {
        reader.derive(variable);
    }
    for page in tree::nearest(scopes, "error_page") {
        reader.answers.page(page);
    }
    // A map may use what a later one makes, or what the server sets.
    reader.sets(block.children());
    for _ in 0..reader.maps.len().min(8) {
        let before = reader.derived.len();
        for map in reader.maps.clone() {
            if reader.about(map.arg(0)) {
                reader.derive(map.arg(1));
            }
        }
        if reader.derived.len() == before {
            break;
        }
    }
    reader.sets(block.children());
    reader.walk(block.children(), None, site);
    reader.answers.conclude(site);
    site.not_understood.append(&mut reader.unread);
    reader.conclude(site);
}

/// The refusals by a variable that nothing read makes: a file of `conf.d` may use what the main one
/// makes of the certificate.
fn unread(block: &Directive, scopes: &[&Scope<'_>]) -> Vec<Setting<NotUnderstood>> {
    let tests = tree::all(block.children())
        .into_iter()
        .filter(|one| one.name == "if" && refuses(one));
    tests
        .take(MOST_MAPS)
        .filter_map(|one| {
            let text = one.args.join(" ");
            let variable = aliases::undefined(&text, block, scopes)?;
            let why = NotUnderstood::Elsewhere(format!("what ${variable} is made of"));
            Some(setting(why, &one.place, &one.text))
        })
        .collect()
}

/// Directives that only write down or pass on what they are given.
const HARMLESS: &[&str] = &[
    "access_log",
    "add_header",
    "add_trailer",
    "error_log",
    "js_set",
    "limit_conn_zone",
    "limit_req_zone",
    "log_format",
    "map",
    "more_set_headers",
    "proxy_cache_key",
    "proxy_set_body",
    "set",
    "sub_filter",
];

impl<'a> Reader<'a> {
    fn derive(&mut self, variable: &str) {
        let name = variable.trim_start_matches('$').trim_matches(['{', '}']);
        if !name.is_empty() && self.derived.len() < 1_000 {
            self.derived.insert(name.to_owned());
        }
    }

    /// Whether a text has a variable in it that is made of the certificate.
    fn about(&self, text: &str) -> bool {
        variables(text).any(|name| {
            name.starts_with("ssl_client_") && name != "ssl_client_hello"
                || self.derived.contains(name)
        })
    }

    /// `set $x $ssl_client_verify`, and what an `if` about the certificate sets.
    fn sets(&mut self, list: &[Directive]) {
        for directive in list {
            match directive.name.as_str() {
                "set" if self.about(&directive.args[1.min(directive.args.len())..].join(" ")) => {
                    self.derive(directive.arg(0));
                }
                "if" if self.about(&directive.args.join(" ")) => {
                    for set in named(directive.children(), "set") {
                        self.derive(set.arg(0));
                    }
                }
                _ => {}
            }
            self.sets(directive.children());
        }
    }

    fn walk(&mut self, list: &'a [Directive], location: Option<&str>, site: &mut Site) {
        // Whether some requests are past the conditions before those that follow are asked.
        let mut past = false;
        for (index, directive) in list.iter().enumerate() {
            match directive.name.as_str() {
                "location" => {
                    let name = format!("location {}", directive.args.join(" "));
                    if self.serves_nobody(directive) {
                        self.closed_root |= is_root(&name);
                    } else if !directive.arg(0).starts_with('@') && self.locations.len() < 10_000 {
                        // A name is for inner use.
                        self.locations.push(name.clone());
                    }
                    self.walk(directive.children(), Some(&name), site);
                }
                "limit_except" => {
                    let name = format!(
                        "methods other than {} at {}",
                        directive.args.join(" "),
                        location.unwrap_or("any path")
                    );
                    self.walk(directive.children(), Some(&name), site);
                }
                "if" if past && self.about(&directive.args.join(" ")) => {
                    not_read(directive, site);
                }
                "if" if let Some(pin) = admits(directive, &list[index + 1..]) => {
                    let setting = setting(pin, &directive.place, &directive.text);
                    self.found.push((location.map(str::to_owned), setting));
                }
                "if" => {
                    self.condition(directive, location, site);
                    let about = self.about(&directive.args.join(" "));
                    let ends = directive.children().iter().any(ends_rewriting);
                    past |= ends && !(about && refuses(directive));
                }
                _ => {
                    past |= ends_rewriting(directive);
                    self.other(directive, site);
                }
            }
        }
    }

    fn condition(&mut self, directive: &'a Directive, location: Option<&str>, site: &mut Site) {
        let text = directive.args.join(" ");
        if self.about(&text) {
            self.answers.refusal(directive);
            let pin = match self.aliases.meaning(directive) {
                Meaning::AsWritten => self.pin(directive),
                Meaning::As(meant) => self.pin(&meant),
                Meaning::Unknown => None,
            };
            let settings_only = directive
                .children()
                .iter()
                .all(|child| HARMLESS.contains(&child.name.as_str()) || child.name == "break");
            match pin {
                // More than anybody writes; each is compared with the others.
                Some(_) if self.found.len() >= 500 => not_read(directive, site),
                Some(pin) => {
                    let setting = setting(pin, &directive.place, &directive.text);
                    self.found.push((location.map(str::to_owned), setting));
                }
                None if settings_only => {}
                None => not_read(directive, site),
            }
        } else if directive.text.contains("$http_authorization") {
            site.bearer
                .push(setting((), &directive.place, &directive.text));
        }
        for inner in directive.children() {
            self.other(inner, site);
        }
    }

    /// What an `if` asks, by itself or by a `map`.
    fn pin(&self, directive: &Directive) -> Option<Pin> {
        let text = directive.args.join(" ");
        // Of several maps that make one variable the last counts.
        let of_map = self.maps.iter().rev().find(|map| {
            let made = map.arg(1).trim_start_matches('$');
            !made.is_empty() && variables(&text).any(|name| name == made)
        });
        let Some(map) = of_map else {
            return condition(directive);
        };
        if takes_common_name(map) {
            return condition_on(Pinned::CommonName, directive);
        }
        let source = map.arg(0).trim_start_matches('$');
        let by_name = self
            .maps
            .iter()
            .rfind(|map| map.arg(1).trim_start_matches('$') == source)
            .is_some_and(|map| takes_common_name(map));
        if by_name {
            return mapped(Some(Pinned::CommonName), map, directive);
        }
        match self.aliases.always(map.arg(0)) {
            Some(source) => {
                let mut resolved = (*map).clone();
                source.clone_into(resolved.args.first_mut()?);
                mapped(None, &resolved, directive)
            }
            None => mapped(None, map, directive),
        }
    }

    fn other(&mut self, directive: &'a Directive, site: &mut Site) {
        let name = directive.name.as_str();
        match name {
            "proxy_set_header" | "fastcgi_param" | "uwsgi_param" | "scgi_param"
            | "grpc_set_header"
                if self.about(&directive.text) =>
            {
                let forwarded = Forwarded {
                    header: directive.arg(0).to_owned(),
                    value: directive.arg(1).to_owned(),
                    overwrites: true,
                };
                site.forwards
                    .push(setting(forwarded, &directive.place, &directive.text));
            }
            // Said of another thing than the client's certificate.
            "proxy_set_header" | "fastcgi_param" | "uwsgi_param" | "scgi_param"
            | "grpc_set_header" => {}
            "auth_jwt" | "auth_request" | "auth_oidc" => {
                self.answers.asked(directive);
                site.bearer
                    .push(setting((), &directive.place, &directive.text));
            }
            "error_page" => self.answers.page(directive),
            // The text of an answer, or where it leads: only its status decides.
            "return" if !self.about(directive.arg(0)) => {}
            _ if name.starts_with("js_") && name != "js_set" && name != "js_import"
                || name.contains("_by_lua") && !log_only(name) =>
            {
                site.not_understood.push(setting(
                    NotUnderstood::Program,
                    &directive.place,
                    &directive.text,
                ));
            }
            _ if HARMLESS.contains(&name) => {}
            _ if self.about(&directive.text) => not_read(directive, site),
            _ => {}
        }
    }

    /// Whether a location answers everybody with an error or another address.
    fn serves_nobody(&self, location: &Directive) -> bool {
        let own = location.children();
        // With `satisfy any` a password is enough.
        let satisfied = named(own, "satisfy").next_back();
        let either = satisfied.map_or(self.either, |one| one.arg(0).eq_ignore_ascii_case("any"));
        let refuses = |one: &Directive| match one.name.as_str() {
            // An `error_page` may hand it to the application all the same.
            "return" => {
                one.arg(0).starts_with(['3', '4', '5', 'h']) && !self.answers.replaces(one.arg(0))
            }
            "deny" => one.arg(0) == "all" && !either && !self.answers.replaces("403"),
            _ => false,
        };
        // What comes before it may serve somebody all the same.
        let before = own.iter().take_while(|one| !refuses(one));
        let harmless = |one: &Directive| HARMLESS.contains(&one.name.as_str());
        own.iter().any(refuses) && before.into_iter().all(harmless)
    }

    /// A condition that every location has is one of the whole server.
    fn conclude(self, site: &mut Site) {
        let Self {
            locations,
            closed_root,
            found,
            ..
        } = self;
        let mut told: Vec<Pin> = Vec::new();
        for (location, setting) in &found {
            if told.contains(&setting.value) {
                continue;
            }
            told.push(setting.value.clone());
            let with: HashSet<&str> = found
                .iter()
                .filter(|(_, other)| other.value == setting.value)
                .filter_map(|(location, _)| location.as_deref())
                .collect();
            let whole = found
                .iter()
                .any(|(location, other)| location.is_none() && other.value == setting.value);
            let without: Vec<&str> = locations
                .iter()
                .map(String::as_str)
                .filter(|name| !with.contains(name))
                .collect();
            let everywhere = closed_root || with.iter().any(|name| is_root(name));
            if whole || everywhere && without.is_empty() {
                site.pins.push(setting.clone());
                continue;
            }
            let part = if everywhere {
                format!("every path but {}", few(&without))
            } else {
                let mut with: Vec<&str> = with.into_iter().collect();
                with.sort_unstable();
                few(&with)
            };
            debug_assert!(location.is_some());
            site.partly.push(Setting {
                value: Partial {
                    part,
                    every: false,
                    demand: Demand::Condition(setting.value.clone()),
                },
                place: setting.place.clone(),
                text: setting.text.clone(),
            });
        }
    }
}

/// Whether a location is that of all paths that no other has.
fn is_root(name: &str) -> bool {
    [
        "location /",
        "location ^~ /",
        "location ~ /",
        "location ~ ^/",
    ]
    .contains(&name)
}

/// The first of some names, and how many more there are.
fn few(names: &[&str]) -> String {
    match names {
        [] => "some requests".to_owned(),
        [first, second, _, _, ..] => {
            format!("{first}, {second} and {} more", names.len() - 2)
        }
        all => all.join(", "),
    }
}

/// The variables in a text, without `$` and braces.
pub(super) fn variables(text: &str) -> impl Iterator<Item = &str> {
    text.split('$').skip(1).map(|rest| {
        let rest = rest.strip_prefix('{').unwrap_or(rest);
        let end = rest
            .find(|character: char| !(character.is_ascii_alphanumeric() || character == '_'))
            .unwrap_or(rest.len());
        &rest[..end]
    })
}

/// Phases of a program that come when everything is decided, or before anything is.
fn log_only(name: &str) -> bool {
    [
        "log_by",
        "init_by",
        "init_worker_by",
        "body_filter_by",
        "header_filter_by",
    ]
    .iter()
    .any(|phase| name.starts_with(phase))
}

/// Whether nginx asks no further `if` after this directive and serves the request: the rewrite
/// module runs its directives in their order until one of these.
pub(super) fn ends_rewriting(directive: &Directive) -> bool {
    let last = directive.args.last().map_or("", String::as_str);
    match directive.name.as_str() {
        "break" => true,
        "rewrite" => matches!(last, "last" | "break"),
        // Redirects and errors serve nobody.
        "return" => !directive.arg(0).starts_with(['3', '4', '5', 'h', '$']),
        _ => false,
    }
}

fn not_read(directive: &Directive, site: &mut Site) {
    site.not_understood.push(setting(
        NotUnderstood::ConditionOrRefusal,
        &directive.place,
        &directive.text,
    ));
}

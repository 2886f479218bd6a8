//! What the directives of a site ask of the certificate, and of which requests: `handle` blocks
//! exclude each other, and Caddy runs directives in an order of its own.

use super::{
    super::{
        setting,
        tree::{self, Directive},
    },
    matchers,
};
use crate::facts::{Demand, Forwarded, NotUnderstood, Partial, Site};

/// Reads a site's own directives.
pub(super) fn read(own: &[Directive], site: &mut Site) {
    let hands_on = |one: &Directive| {
        ["reverse_proxy", "php_fastcgi", "file_server"].contains(&one.name.as_str())
            || one.name == "respond" && !refusal(one)
    };
    let replaced = own
        .iter()
        .filter(|one| one.name == "handle_errors")
        .any(|one| tree::all(one.children()).iter().any(|one| hands_on(one)));
    let mut reader = Reader {
        matchers: Vec::new(),
        replaced,
        site,
    };
    reader.list(own, None, 0);
}

struct Reader<'a> {
    /// The matchers with a name that are in sight; inner ones stand last.
    matchers: Vec<&'a Directive>,
    /// Whether something else may answer after an error.
    replaced: bool,
    site: &'a mut Site,
}

/// Matchers in sight that are looked through for each directive.
const MOST_MATCHERS: usize = 500;

impl<'a> Reader<'a> {
    fn list(&mut self, list: &'a [Directive], part: Option<&str>, depth: usize) {
        let outer = self.matchers.len();
        let named = list.iter().filter(|one| one.name.starts_with('@'));
        self.matchers.extend(named.take(MOST_MATCHERS));
        for directive in list {
            self.directive(directive, list, part, depth);
        }
        self.matchers.truncate(outer);
    }

    fn directive(
        &mut self,
        directive: &'a Directive,
        siblings: &[Directive],
        part: Option<&str>,
        depth: usize,
    ) {
        self.passed_on(directive);
        self.site.not_understood.extend(tree::unread(directive));
        let name = directive.name.as_str();
        if name.starts_with('@') || depth > tree::MOST_NESTED {
            return;
        }
        let first = directive.arg(0);
        let mut named = self.matchers.iter().rev();
        let matcher = named.find(|matcher| first == matcher.name).copied();
        let asked = matcher.and_then(matchers::matched);
        let by_error =
            name == "error" || directive.children().iter().any(|one| one.name == "error");
        if by_error && self.replaced && asked.is_some() {
            self.open(NotUnderstood::RefusalReplaced, directive);
        }
        let refuses = match name {
            "handle" | "route" => directive.children().iter().any(refusal),
            _ => refusal(directive),
        };
        match (asked, matcher) {
            (Some(Some((pin, others))), Some(matcher)) if refuses => {
                let mut parts: Vec<String> = part.map(str::to_owned).into_iter().collect();
                parts.extend(others.map(|others| format!("requests with {others}")));
                parts.extend(exempt(directive, siblings));
                let text = &matcher.text;
                if parts.is_empty() {
                    self.site.pins.push(setting(pin, &matcher.place, text));
                } else {
                    let partial = Partial {
                        part: parts.join(", "),
                        every: false,
                        demand: Demand::Condition(pin),
                    };
                    self.site
                        .partly
                        .push(setting(partial, &matcher.place, text));
                }
            }
            (Some(Some(_)), Some(matcher)) => {
                self.open(NotUnderstood::ConditionOrRefusal, matcher);
            }
            (Some(None), Some(matcher)) => self.open(NotUnderstood::Condition, matcher),
            _ => {}
        }
        match name {
            "handle" | "handle_path" | "route" => {
                let inner = match (part, first) {
                    (None, "") if siblings.iter().filter(|one| is_block(one)).count() < 2 => None,
                    (None, "") => Some(format!("requests of `{name}` without a matcher")),
                    (None, first) => Some(format!("{name} {first}")),
                    (Some(outer), "") => Some(outer.to_owned()),
                    (Some(outer), first) => Some(format!("{name} {first} in {outer}")),
                };
                self.list(directive.children(), inner.as_deref(), depth + 1);
            }
            "forward_auth" | "jwtauth" | "jwt" => {
                let told = setting((), &directive.place, &directive.text);
                self.site.bearer.push(told);
            }
            "reverse_proxy" | "php_fastcgi" => {
                for inner in directive.children() {
                    self.passed_on(inner);
                    // A matcher, or an answer of its own.
                    if inner.block.is_some() && matchers::about_within(inner) {
                        self.open(NotUnderstood::ConditionOrRefusal, inner);
                    }
                }
            }
            _ if HARMLESS.contains(&name) || name.contains("header") => {}
            _ if matchers::about_within(directive) => {
                self.open(NotUnderstood::ConditionOrRefusal, directive);
            }
            _ => {}
        }
    }

    fn open(&mut self, why: NotUnderstood, directive: &Directive) {
        let told = setting(why, &directive.place, &directive.text);
        self.site.not_understood.push(told);
    }

    /// A header with something of the certificate.
    fn passed_on(&mut self, directive: &Directive) {
        if !directive.name.contains("header") || !matchers::about(&directive.text) {
            return;
        }
        // `request_header @matcher NAME VALUE`.
        let from = usize::from(directive.arg(0).starts_with(['@', '/', '*']));
        let header = directive.arg(from);
        let forwarded = Forwarded {
            header: header.trim_start_matches(['+', '-', '?', '>']).to_owned(),
            value: directive.arg(from + 1).to_owned(),
            overwrites: !header.starts_with('+'),
        };
        let told = setting(forwarded, &directive.place, &directive.text);
        self.site.forwards.push(told);
    }
}

/// Directives that only write down what they are given, or are read elsewhere.
const HARMLESS: [&str; 5] = ["log", "log_append", "log_name", "respond", "tls"];

/// Whether a directive stands for a part of the requests.
fn is_block(directive: &Directive) -> bool {
    ["handle", "handle_path", "route"].contains(&directive.name.as_str())
}

/// The requests that a refusal does not see: `respond` and `error` run after the blocks, and of the
/// blocks only one is run, those with a path first.
fn exempt(directive: &Directive, siblings: &[Directive]) -> Option<String> {
    let block = is_block(directive);
    let mut others: Vec<String> = Vec::new();
    for other in siblings.iter().filter(|other| is_block(other)) {
        let same = other.place == directive.place;
        let before = match directive.name.as_str() {
            "redir" => false,
            _ if block => !same && other.name != "route" && !other.arg(0).is_empty(),
            _ => true,
        };
        if before && others.len() < 4 {
            others.push(
                format!("{} {}", other.name, other.arg(0))
                    .trim_end()
                    .to_owned(),
            );
        }
    }
    (!others.is_empty()).then(|| format!("every request but those of {}", others.join(", ")))
}

/// Whether a directive answers with a refusal, or sends elsewhere.
fn refusal(directive: &Directive) -> bool {
    let status = |arg: &String| arg.len() == 3 && arg.starts_with(['4', '5']);
    match directive.name.as_str() {
        "respond" | "error" => directive.args.iter().any(status),
        "abort" | "redir" => true,
        _ => false,
    }
}

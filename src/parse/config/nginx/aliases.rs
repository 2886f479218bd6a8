//! What a variable of nginx stands for: `set $v $ssl_client_verify;`, and a flag that an `if` sets.
//! Rewrite directives run in their order, those of the server before those of a location.

use std::collections::{HashMap, HashSet};

use super::{
    super::tree::{self, Directive, Scope, named},
    conditions::variables,
    pins::parts,
};

/// Variables that are followed to another one.
const MOST_STEPS: usize = 8;
/// `set` and `if` directives that are looked at; what lies behind them is not followed.
const MOST: usize = 10_000;

/// What the test of an `if` comes to.
pub(super) enum Meaning {
    /// What is written.
    AsWritten,
    /// This one, which has no variable that another directive sets.
    As(Box<Directive>),
    /// Not followed.
    Unknown,
}

/// A `set`.
struct Set<'a> {
    value: &'a str,
    /// Its place in the order of the text.
    index: usize,
    /// The block that it is in, an `if` aside; `None` is the server.
    block: Option<usize>,
    /// The `if` that it is in.
    condition: Option<&'a Directive>,
}

/// The variables that the directives of a server set.
#[derive(Default)]
pub(super) struct Aliases<'a> {
    sets: HashMap<&'a str, Vec<Set<'a>>>,
    /// Each `if`, with its place in the order and the blocks around it.
    conditions: HashMap<*const Directive, (usize, Vec<usize>)>,
    seen: usize,
}

/// A test: variable, operator and value. Without operator: whether the variable is true.
pub(super) type Test = (String, Option<(String, String)>);

impl<'a> Aliases<'a> {
    pub(super) fn of(list: &'a [Directive]) -> Self {
        let mut aliases = Self::default();
        aliases.collect(list, &mut Vec::new(), None);
        aliases
    }

    fn collect(
        &mut self,
        list: &'a [Directive],
        around: &mut Vec<usize>,
        condition: Option<&'a Directive>,
    ) {
        for directive in list {
            self.seen += 1;
            if self.seen > MOST {
                // What was not counted would be missing among the others.
                self.sets.clear();
                self.conditions.clear();
                return;
            }
            let index = self.seen;
            match directive.name.as_str() {
                "set" => self
                    .sets
                    .entry(bare(directive.arg(0)))
                    .or_default()
                    .push(Set {
                        value: directive.args.get(1).map_or("", String::as_str),
                        index,
                        block: around.last().copied(),
                        condition,
                    }),
                "if" => {
                    let at = (index, around.clone());
                    self.conditions.insert(std::ptr::from_ref(directive), at);
                    self.collect(directive.children(), around, Some(directive));
                }
                _ if directive.block.is_some() => {
                    around.push(index);
                    self.collect(directive.children(), around, None);
                    around.pop();
                }
                _ => {}
            }
        }
    }

    /// What a variable always is: its only `set` is one of the server itself, in no `if`.
    pub(super) fn always(&self, variable: &str) -> Option<&'a str> {
        match self.sets.get(bare(variable))?.as_slice() {
            [one] if one.condition.is_none() && one.block.is_none() => Some(one.value),
            _ => None,
        }
    }

    /// A text with the variables filled that are one constant wherever they are set.
    pub(super) fn filled(&self, text: &str) -> String {
        let mut parts = text.split('$');
        let mut filled = parts.next().unwrap_or_default().to_owned();
        for (part, name) in parts.zip(variables(text)) {
            let constant = match self.sets.get(name).map(Vec::as_slice) {
                Some([one]) if one.condition.is_none() && !one.value.contains('$') => one.value,
                _ => {
                    filled.extend(["$", part]);
                    continue;
                }
            };
            let rest = part.strip_prefix(&format!("{{{name}}}"));
            filled.extend([
                constant,
                rest.unwrap_or(&part[name.len().min(part.len())..]),
            ]);
        }
        filled
    }

    /// What an `if` tests in the end.
    pub(super) fn meaning(&self, directive: &Directive) -> Meaning {
        let Some((variable, test)) = tested(directive) else {
            return Meaning::AsWritten;
        };
        if !self.sets.contains_key(bare(&variable)) {
            return Meaning::AsWritten;
        }
        match self.followed(directive, (variable, test)) {
            Some((variable, Some((operator, value)))) => {
                let args = ["(".to_owned(), variable, operator, value, ")".to_owned()];
                Meaning::As(Box::new(Directive {
                    args: args.into(),
                    ..directive.clone()
                }))
            }
            Some((variable, None)) => Meaning::As(Box::new(Directive {
                args: vec![format!("({variable})")],
                ..directive.clone()
            })),
            None => Meaning::Unknown,
        }
    }

    fn followed(&self, directive: &Directive, test: Test) -> Option<Test> {
        let (at, around) = self.conditions.get(&std::ptr::from_ref(directive))?;
        let mut before = *at;
        let (mut variable, mut test) = test;
        for _ in 0..MOST_STEPS {
            let Some(sets) = self.sets.get(bare(&variable)) else {
                return Some((variable, test));
            };
            let counts = |set: &Set<'_>| {
                set.index < before && set.block.is_none_or(|block| around.contains(&block))
            };
            if !sets.iter().all(counts) {
                return None;
            }
            match sets.as_slice() {
                [one] if one.condition.is_none() => {
                    before = one.index;
                    alone(one.value)?.clone_into(&mut variable);
                }
                // A flag: what it is at first, and what one condition makes of it, or each of some.
                [first, second, rest @ ..]
                    if first.condition.is_none() && first.index < second.index =>
                {
                    let condition = second.condition?;
                    let (of, asked) = joined(condition, second.value, rest)?;
                    let then = (fits(&test, first.value)?, fits(&test, second.value)?);
                    test = match (then, asked) {
                        ((false, true), asked) => asked,
                        ((true, false), Some((operator, value))) => {
                            Some((opposite(&operator)?.to_owned(), value))
                        }
                        _ => return None,
                    };
                    variable = of;
                    before = self.conditions.get(&std::ptr::from_ref(condition))?.0;
                }
                _ => return None,
            }
        }
        None
    }
}

/// The test of a condition, or of any of some that set the same value and test one variable.
fn joined(condition: &Directive, value: &str, rest: &[Set<'_>]) -> Option<Test> {
    let first = tested(condition)?;
    if rest.is_empty() {
        return Some(first);
    }
    let (of, _) = &first;
    let mut expressions = vec![expression(&first)?];
    for set in rest {
        let test = tested(set.condition?)?;
        if set.value != value || test.0 != *of {
            return None;
        }
        expressions.push(expression(&test)?);
    }
    let any = format!("(?:{})", expressions.join(")|(?:"));
    Some((of.clone(), Some(("~".to_owned(), any))))
}

/// What a variable fits where a test holds, as an expression.
fn expression((_, test): &Test) -> Option<String> {
    let (operator, value) = test.as_ref()?;
    match operator.as_str() {
        "~" => Some(value.clone()),
        "=" if !value.contains('$') => Some(format!("^{}$", regex::escape(value))),
        _ => None,
    }
}

/// A variable without `$` and braces.
fn bare(variable: &str) -> &str {
    variable.trim_start_matches('$').trim_matches(['{', '}'])
}

/// A value that is one variable and nothing else.
fn alone(value: &str) -> Option<&str> {
    let name = bare(value);
    let one = value == format!("${name}") || value == format!("${{{name}}}");
    (one && variables(value).count() == 1 && variables(value).all(|found| found == name))
        .then_some(value)
}

/// The test of an `if`; `None` where it is of another form.
pub(super) fn tested(directive: &Directive) -> Option<Test> {
    if let Some((variable, operator, value)) = parts(directive) {
        return variable
            .starts_with('$')
            .then_some((variable, Some((operator, value))));
    }
    let text = directive.args.join("");
    let variable = text.strip_prefix('(')?.strip_suffix(')')?;
    alone(variable)?;
    Some((variable.to_owned(), None))
}

/// Whether a constant fulfils a test; `None` where it is none, or the test is not followed.
pub(super) fn fits(test: &Option<(String, String)>, constant: &str) -> Option<bool> {
    if constant.contains('$') {
        return None;
    }
    match test {
        None => Some(!constant.is_empty() && constant != "0"),
        Some((operator, value)) => match operator.as_str() {
            // An expression has no variables in it: its `$` is an end.
            "=" | "!=" if value.contains('$') => None,
            "=" => Some(value == constant),
            "!=" => Some(value != constant),
            "~" | "~*" | "!~" | "!~*" => {
                let sensitive = if operator.ends_with('*') { "(?i)" } else { "" };
                let expression = regex::Regex::new(&format!("{sensitive}{value}")).ok()?;
                Some(expression.is_match(constant) != operator.starts_with('!'))
            }
            _ => None,
        },
    }
}

fn opposite(operator: &str) -> Option<&'static str> {
    Some(match operator {
        "=" => "!=",
        "!=" => "=",
        "~" => "!~",
        "!~" => "~",
        "~*" => "!~*",
        "!~*" => "~*",
        _ => return None,
    })
}

/// The first variable of an `if` that neither nginx has nor anything that was read makes: what it
/// is made of is written elsewhere.
pub(super) fn undefined<'b>(
    text: &'b str,
    block: &Directive,
    scopes: &[&Scope<'_>],
) -> Option<&'b str> {
    let unknown: Vec<&str> = variables(text).filter(|name| !is_builtin(name)).collect();
    if unknown.is_empty() {
        return None;
    }
    let mut made: HashSet<&str> = HashSet::new();
    for scope in scopes {
        for (directive, at) in [
            ("map", 1),
            ("split_clients", 1),
            ("js_set", 0),
            ("js_var", 0),
            ("perl_set", 0),
            ("set", 0),
        ] {
            made.extend(scope.named(directive).iter().map(|one| bare(one.arg(at))));
        }
        let geo = scope.named("geo").iter();
        made.extend(geo.filter_map(|one| one.args.last().map(|name| bare(name))));
        for one in scope.named("geoip2") {
            made.extend(one.children().iter().map(|child| bare(&child.name)));
        }
    }
    let within = tree::all(block.children());
    let sets = within.iter().filter(|one| one.name.contains("set"));
    made.extend(sets.map(|one| bare(one.arg(0))));
    unknown.into_iter().find(|name| {
        let group = format!("<{name}>");
        let captured = |one: &&&Directive| one.text.contains(&group);
        !made.contains(name) && within.iter().find(captured).is_none()
    })
}

/// Whether a variable is one of nginx's own, whose value has nothing to do with the certificate,
/// or says so by its name (nginx.org, "Alphabetical index of variables", read 2026-11-30).
fn is_builtin(name: &str) -> bool {
    const STARTS: [&str; 33] = [
        "ancient_",
        "arg",
        "binary_",
        "body_",
        "bytes_",
        "connection",
        "content_",
        "cookie_",
        "date_",
        "document_",
        "fastcgi_",
        "geoip",
        "gzip_",
        "host",
        "http",
        "is_args",
        "limit_",
        "modern_",
        "msie",
        "nginx_",
        "proxy_",
        "query_",
        "realip_",
        "realpath_",
        "remote_",
        "request",
        "scheme",
        "secure_",
        "sent_",
        "server_",
        "ssl_",
        "tcpinfo_",
        "time_",
    ];
    const NAMES: [&str; 8] = [
        "uri",
        "pid",
        "pipe",
        "msec",
        "status",
        "quic",
        "invalid_referer",
        "uid_got",
    ];
    name.is_empty()
        || name.starts_with(|first: char| first.is_ascii_digit())
        || NAMES.contains(&name)
        || name.starts_with("upstream_")
        || STARTS.iter().any(|start| name.starts_with(start))
}

/// Variables that a program makes: of what is not known.
pub(super) fn programs<'b>(block: &'b Directive, scopes: &[&Scope<'b>]) -> Vec<&'b str> {
    let mut found = Vec::new();
    for name in ["js_set", "perl_set"] {
        for scope in scopes {
            found.extend(scope.named(name).iter().map(|one| one.arg(0)));
        }
        found.extend(named(block.children(), name).map(|one| one.arg(0)));
    }
    found
}

//! Which requests a block of nginx turns away before an application gets them: by its rewrite
//! directives, in their order, and by who may come.
//!
//! Must not: take a redirect of some requests for one of all.

use super::{
    super::{
        paths::{Which, which},
        tree::{self, Directive, named},
    },
    aliases::{fits, tested},
    conditions::ends_rewriting,
    listens,
    pins::refuses,
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

/// What is known of each request that comes to a server.
pub(super) struct Around {
    /// The only name that the server has.
    name: Option<String>,
    /// The only port that it listens on.
    port: Option<String>,
    tls: bool,
}

impl Around {
    pub(super) fn of(own: &[Directive], names: &[String], tls: bool) -> Self {
        let mut ports: Vec<String> = named(own, "listen")
            .filter_map(|one| listens::port(&listens::address(one.arg(0))).map(str::to_owned))
            .collect();
        ports.dedup();
        Self {
            name: match names {
                [only] if !only.starts_with(['*', '~', '.']) => Some(only.clone()),
                _ => None,
            },
            port: match ports.as_slice() {
                [only] => Some(only.clone()),
                _ => None,
            },
            tls,
        }
    }

    /// What the rewrite directives of a block do, which are asked in their order.
    pub(super) fn rewriting(&self, list: &[Directive]) -> Turned {
        let mut found = Turned::None;
        // Whether some requests are past the directives that follow.
        let mut past = false;
        let at_most = |past: bool| if past { Turned::Some } else { Turned::All };
        for one in list {
            match one.name.as_str() {
                "return" => return found.max(at_most(past)),
                "rewrite" => {
                    let away =
                        is_elsewhere(one.arg(1)) || ["redirect", "permanent"].contains(&one.arg(2));
                    match (away, which(one.arg(0))) {
                        (true, Which::Every) => return found.max(at_most(past)),
                        (true, Which::Some) => found = found.max(Turned::Some),
                        (true, Which::OnePath) => {}
                        (false, Which::Every) if ends_rewriting(one) => return found,
                        (false, _) => past |= ends_rewriting(one),
                    }
                }
                "break" => return found,
                "if" => match (self.holds(one), refuses(one)) {
                    (Some(false), _) => {}
                    (Some(true), true) => return found.max(at_most(past)),
                    (None, true) => found = found.max(Turned::Some),
                    (held, false) => {
                        let ends = one.children().iter().any(ends_rewriting);
                        if ends && held == Some(true) {
                            return found;
                        }
                        past |= ends;
                    }
                },
                _ if tree::unread(one).is_some() => found = found.max(Turned::Some),
                _ => {}
            }
        }
        found
    }

    /// Whether the condition of an `if` holds for what a sender posts to the server by its name.
    fn holds(&self, condition: &Directive) -> Option<bool> {
        let (variable, test) = tested(condition)?;
        let name = variable.trim_start_matches('$').trim_matches(['{', '}']);
        let value = match (name, self.tls) {
            ("request_method", _) => "POST",
            ("host" | "http_host" | "server_name", _) => self.name.as_deref()?,
            ("server_port", _) => self.port.as_deref()?,
            ("scheme", false) => "http",
            ("scheme", true) => "https",
            ("https", true) => "on",
            ("https", false) => "",
            // Without TLS there is nothing of it.
            (name, false) if name.starts_with("ssl_") => "",
            _ => return None,
        };
        fits(&test, value)
    }
}

fn is_elsewhere(word: &str) -> bool {
    ["http://", "https://", "$scheme://"]
        .iter()
        .any(|start| word.starts_with(start))
}

/// Who may come to a block; blocks in it inherit what they do not say themselves.
#[derive(Clone, Copy, Default)]
pub(super) struct Access {
    /// Whether addresses that are not listed stay out.
    closed: bool,
    /// Whether something else is asked: a password, a token.
    asked: bool,
    /// `satisfy any`: one of both is enough.
    either: bool,
}

impl Access {
    /// The same within a block.
    pub(super) fn within(self, list: &[Directive]) -> Self {
        let mut inner = self;
        let all = |word: &str| ["all", "0.0.0.0/0"].contains(&word);
        let mut rules = list
            .iter()
            .filter(|one| one.name == "allow" || one.name == "deny")
            .peekable();
        if rules.peek().is_some() {
            // The first rule that fits decides.
            let first = rules.find(|one| all(one.arg(0)));
            inner.closed = first.is_some_and(|rule| rule.name == "deny");
        }
        for one in list {
            let off = one.arg(0) == "off";
            match one.name.as_str() {
                "satisfy" => inner.either = one.arg(0).eq_ignore_ascii_case("any"),
                "auth_basic" | "auth_request" | "auth_jwt" | "auth_oidc" => inner.asked = !off,
                // Other methods may be those that matter.
                "limit_except" => inner.asked = true,
                _ => {}
            }
        }
        inner
    }

    pub(super) fn turned(self) -> Turned {
        match (self.closed, self.asked) {
            (true, true) if self.either => Turned::Some,
            (true, _) => Turned::All,
            (false, true) => Turned::Some,
            (false, false) => Turned::None,
        }
    }
}

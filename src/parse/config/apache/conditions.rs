//! What `<If>`, `Require`, `SSLRequire`, `RequestHeader` and mod_rewrite make of the certificate.

use super::{
    super::{
        setting,
        tree::{Directive, all},
    },
    not_read,
};
use crate::facts::{Comparison, Forwarded, NotUnderstood, Pin, Pinned, Site};

/// Notes what a directive asks of the certificate, or tells of it.
pub(super) fn condition(directive: &Directive, site: &mut Site) {
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
                None => not_read(directive, NotUnderstood::ConditionOrRefusal, site),
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
                None => not_read(directive, NotUnderstood::Condition, site),
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

/// One comparison of a variable with a value: `%{SSL_CLIENT_S_DN_CN} != '*.example.com'`, also with
/// `eq`, `ne`, `=~`, `in {…}`.
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
pub(super) fn rewrites(scope: &[Directive], site: &mut Site) {
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
                    None => not_read(only, NotUnderstood::Condition, site),
                },
                _ => not_read(directive, NotUnderstood::SeveralConditions, site),
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

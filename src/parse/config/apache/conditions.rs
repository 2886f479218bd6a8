//! One comparison with the certificate, as `<If>`, `Require expr`, `SSLRequire` and `RewriteCond`
//! write it.

use super::super::tree::Directive;
use crate::facts::{Comparison, Pin, Pinned};

fn pinned(variable: &str) -> Option<Pinned> {
    Some(match variable {
        "SSL_CLIENT_S_DN_CN" => Pinned::CommonName,
        "SSL_CLIENT_S_DN" => Pinned::Subject,
        "SSL_CLIENT_VERIFY" => Pinned::Verified,
        name if name.starts_with("SSL_CLIENT_I_DN") => Pinned::Issuer,
        name if name.starts_with("SSL_CLIENT_SAN") => Pinned::AlternativeName,
        "SSL_CLIENT_CERT" => Pinned::Fingerprint,
        "SSL_CLIENT_M_SERIAL" => Pinned::Serial,
        _ => return None,
    })
}

/// One comparison of a variable with a value: `%{SSL_CLIENT_S_DN_CN} != '*.example.com'`, also with
/// `eq`, `ne`, `=~`, `in {…}`.
pub(super) fn expression(text: &str) -> Option<Pin> {
    let text = text.trim().trim_matches('>').trim();
    if let Some(inner) = negation(text) {
        return expression(inner).map(opposite);
    }
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
    if let Some(part) = variable
        .strip_prefix("SSL_CLIENT_S_DN_")
        .filter(|part| ["O", "OU", "C", "L", "ST"].contains(part))
    {
        return (comparison == Comparison::Equals).then(|| Pin {
            of: Pinned::Subject,
            comparison: Comparison::Matches,
            values: values
                .iter()
                .map(|value| format!("(^|[,/+] ?){part}={}($|[,/+])", regex::escape(value)))
                .collect(),
            negated,
            in_handshake: false,
        });
    }
    let of = pinned(variable)?;
    if of == Pinned::Verified {
        return match values.as_slice() {
            // Who has none is refused: whoever has one has a subject.
            [value] if value == "NONE" => Some(any_certificate(!negated)),
            [value] if is_success(value, comparison) => Some(verified(negated)),
            _ => None,
        };
    }
    Some(Pin {
        of,
        comparison,
        values,
        negated,
        in_handshake: false,
    })
}

/// What `! (…)` is the opposite of.
fn negation(text: &str) -> Option<&str> {
    let rest = text.strip_prefix('!')?.trim();
    let inner = rest.strip_prefix('(')?.strip_suffix(')')?;
    (!inner.contains(['(', ')'])).then_some(inner)
}

/// Conditions of which each has to hold: `A and B`, `A && B`.
pub(super) fn all_of(text: &str) -> Option<Vec<Pin>> {
    several(text, &[" and ", "&&"])
}

/// Conditions of which one is enough: `A or B`, `A || B`.
pub(super) fn one_of(text: &str) -> Option<Vec<Pin>> {
    several(text, &[" or ", "||"])
}

fn several(text: &str, words: &[&str]) -> Option<Vec<Pin>> {
    match words.iter().find(|word| text.contains(*word)) {
        // What is in brackets is not taken apart.
        Some(word) if !text.contains(['(', ')', '\n']) => text
            .trim()
            .trim_matches('>')
            .split(word)
            .map(expression)
            .collect(),
        _ => expression(text).map(|pin| vec![pin]),
    }
}

fn opposite(pin: Pin) -> Pin {
    Pin {
        negated: !pin.negated,
        ..pin
    }
}

/// Whether a text means `SUCCESS` and nothing else: `SUCCESS|NONE` fits others too.
fn is_success(value: &str, comparison: Comparison) -> bool {
    let plain = match comparison {
        Comparison::Matches => value.trim_start_matches('^').trim_end_matches('$'),
        _ => value,
    };
    plain == "SUCCESS" || comparison == Comparison::Matches && plain == "(SUCCESS)"
}

/// That the verification succeeded; the opposite where `negated`.
pub(super) fn verified(negated: bool) -> Pin {
    Pin {
        of: Pinned::Verified,
        comparison: Comparison::Equals,
        values: vec!["SUCCESS".to_owned()],
        negated,
        in_handshake: false,
    }
}

/// Any certificate at all; the opposite where `negated`.
fn any_certificate(negated: bool) -> Pin {
    Pin {
        of: Pinned::Subject,
        comparison: Comparison::Matches,
        values: vec![".".to_owned()],
        negated,
        in_handshake: false,
    }
}

/// `%{SSL:SSL_CLIENT_S_DN_CN} !^…$` before a rule that refuses, as the condition to get past it.
pub(super) fn rewritten(condition: &Directive) -> Option<Pin> {
    // Without `SSL:` it is a variable that mod_rewrite does not have, which is empty.
    let variable = condition.arg(0).strip_prefix("%{SSL:")?.strip_suffix('}')?;
    let written = condition.arg(1);
    let (denied_unless, pattern) = match written.strip_prefix('!') {
        Some(rest) => (true, rest),
        None => (false, written),
    };
    let (comparison, value) = match pattern.strip_prefix('=') {
        Some(value) => (Comparison::Equals, value.trim_matches('"')),
        None => (Comparison::Matches, pattern),
    };
    let of = pinned(variable)?;
    if of == Pinned::Verified {
        let none = value.trim_start_matches('^').trim_end_matches('$') == "NONE";
        return match denied_unless {
            true if is_success(value, comparison) => Some(verified(false)),
            false if none => Some(any_certificate(false)),
            _ => None,
        };
    }
    Some(Pin {
        of,
        comparison,
        values: vec![value.to_owned()],
        negated: !denied_unless,
        in_handshake: false,
    })
}

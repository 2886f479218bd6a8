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

/// `%{SSL:SSL_CLIENT_S_DN_CN} !^…$` before a rule that refuses, as the condition to get past it.
pub(super) fn rewritten(condition: &Directive) -> Option<Pin> {
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

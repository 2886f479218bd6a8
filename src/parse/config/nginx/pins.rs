//! An `if` that refuses, by itself or by a `map`, as the condition to get past it.

use super::{
    super::tree::{Directive, named},
    conditions::ends_rewriting,
};
use crate::facts::{Comparison, Pin, Pinned};

/// Whether the block of an `if` turns requests away: by a status, or to another address. What
/// stands behind the end of rewriting is not run.
pub(super) fn refuses(block: &Directive) -> bool {
    let run = block.children().iter();
    run.take_while(|one| !ends_rewriting(one)).any(|child| {
        let first = child.arg(0);
        let elsewhere = |word: &str| word.starts_with("http://") || word.starts_with("https://");
        match child.name.as_str() {
            "return" => first.len() == 3 && first.starts_with(['3', '4', '5']) || elsewhere(first),
            "rewrite" => {
                elsewhere(child.arg(1)) || ["redirect", "permanent"].contains(&child.arg(2))
            }
            _ => false,
        }
    })
}

/// The variable, the operator and the value of an `if`.
pub(super) fn parts(directive: &Directive) -> Option<(String, String, String)> {
    let mut words: Vec<String> = directive.args.clone();
    if words.last().is_some_and(|word| word == ")") {
        words.pop();
    } else if let Some(last) = words.last_mut() {
        *last = last.strip_suffix(')').unwrap_or(last).to_owned();
    }
    if words.first().is_some_and(|word| word == "(") {
        words.remove(0);
    } else if let Some(first) = words.first_mut() {
        *first = first.strip_prefix('(').unwrap_or(first).to_owned();
    }
    match words.as_slice() {
        [variable, operator, value] => Some((variable.clone(), operator.clone(), value.clone())),
        _ => None,
    }
}

fn pinned(variable: &str) -> Option<Pinned> {
    let name = variable.strip_prefix('$')?;
    Some(match name.trim_matches(['{', '}']) {
        "ssl_client_s_dn" | "ssl_client_s_dn_legacy" => Pinned::Subject,
        "ssl_client_i_dn" | "ssl_client_i_dn_legacy" => Pinned::Issuer,
        "ssl_client_fingerprint" => Pinned::Fingerprint,
        "ssl_client_serial" => Pinned::Serial,
        "ssl_client_verify" => Pinned::Verified,
        _ => return None,
    })
}

/// Whether a map takes the common name out of the subject: `~CN=(?<cn>[^,]+) $cn;`.
pub(super) fn takes_common_name(map: &Directive) -> bool {
    let subject = pinned(map.arg(0)) == Some(Pinned::Subject);
    let mut rows = map.children().iter().filter(|row| row.name != "default");
    let group = |row: &Directive| {
        let name = row.arg(0).trim_start_matches('$').trim_matches(['{', '}']);
        let Some((before, rest)) = row.name.split_once("CN=(") else {
            return false;
        };
        let named = [format!("?<{name}>"), format!("?P<{name}>")]
            .iter()
            .any(|group| rest.starts_with(group.as_str()));
        let ends = rest.contains("[^,") || rest.contains("[^/") || rest.contains("[^,/");
        before.starts_with('~') && (named || name == "1" && !rest.starts_with('?')) && ends
    };
    let (first, more) = (rows.next(), rows.next());
    subject && first.is_some_and(group) && more.is_none()
}

/// An `if` that refuses, as the condition to get past it.
pub(super) fn condition(directive: &Directive) -> Option<Pin> {
    let (variable, operator, value) = parts(directive)?;
    // Whoever has a certificate has a subject.
    let whole = [
        "ssl_client_cert",
        "ssl_client_raw_cert",
        "ssl_client_escaped_cert",
    ];
    let name = variable.trim_start_matches('$').trim_matches(['{', '}']);
    if whole.contains(&name) && operator == "=" && value.is_empty() {
        return condition_on(Pinned::Subject, directive);
    }
    condition_on(pinned(&variable)?, directive)
}

/// The same, of a variable that stands for this.
pub(super) fn condition_on(of: Pinned, directive: &Directive) -> Option<Pin> {
    let (_, operator, value) = parts(directive)?;
    if !refuses(directive) {
        return None;
    }
    let (comparison, refuses_what_fits) = match operator.as_str() {
        "=" => (Comparison::Equals, true),
        "!=" => (Comparison::Equals, false),
        "~" | "~*" => (Comparison::Matches, true),
        "!~" | "!~*" => (Comparison::Matches, false),
        _ => return None,
    };
    if of == Pinned::Verified {
        return verified(&value, comparison, refuses_what_fits);
    }
    let value = if operator.ends_with('*') {
        format!("(?i){value}")
    } else {
        value
    };
    Some(Pin {
        of,
        comparison,
        values: vec![value],
        negated: refuses_what_fits,
        in_handshake: false,
    })
}

/// What is asked of `$ssl_client_verify`, which is `SUCCESS`, `NONE` or `FAILED:reason`.
fn verified(value: &str, comparison: Comparison, refuses_what_fits: bool) -> Option<Pin> {
    let plain = value.trim_start_matches('^').trim_end_matches('$');
    let pin = |of, comparison, value: &str, negated| Pin {
        of,
        comparison,
        values: vec![value.to_owned()],
        negated,
        in_handshake: false,
    };
    match (plain, comparison, refuses_what_fits) {
        ("SUCCESS", _, false) => Some(pin(Pinned::Verified, Comparison::Equals, "SUCCESS", false)),
        // Who has none is refused: whoever has one has a subject.
        ("NONE", _, true) => Some(pin(Pinned::Subject, Comparison::Matches, ".", false)),
        _ => None,
    }
}

/// A `map` of the subject to 0 and 1, and the `if` that refuses what is 0.
pub(super) fn mapped(of: Option<Pinned>, map: &Directive, directive: &Directive) -> Option<Pin> {
    let (_, operator, value) = parts(directive).or_else(|| {
        // `if ($not_allowed)`: true is what refuses.
        (directive.args.len() == 1).then(|| (String::new(), "!=".to_owned(), "0".to_owned()))
    })?;
    if !refuses(directive) {
        return None;
    }
    let refused = |result: &str| match operator.as_str() {
        "=" => result == value,
        "!=" => result != value && !(value == "0" && result.is_empty()),
        _ => false,
    };
    if of.is_none() && pinned(map.arg(0)) == Some(Pinned::Verified) {
        return by_verification(map, refused);
    }
    let default = named(map.children(), "default")
        .last()
        .map_or("", |directive| directive.arg(0));
    if !refused(default) {
        return None;
    }
    let mut values = Vec::new();
    let mut regular = false;
    for row in map.children().iter().filter(|row| row.name != "default") {
        if refused(row.arg(0)) {
            // A row that refuses what a later pattern lets in cannot be told as a list.
            if regular || row.name.starts_with('~') {
                return None;
            }
            continue;
        }
        // `include` and `hostnames` bring rows that are not here, `volatile` none.
        if row.args.is_empty() && row.name != "volatile" || row.name == "include" {
            return None;
        }
        match row.name.strip_prefix('~') {
            Some(pattern) => {
                regular = true;
                values.push(match pattern.strip_prefix('*') {
                    Some(pattern) => format!("(?i){pattern}"),
                    None => pattern.to_owned(),
                });
            }
            None if row.args.is_empty() => {}
            None => values.push(row.name.clone()),
        }
    }
    if regular
        && map
            .children()
            .iter()
            .any(|row| row.name != "default" && !row.name.starts_with('~'))
    {
        return None;
    }
    let of = match of {
        Some(of) => of,
        None => pinned(map.arg(0))?,
    };
    if of == Pinned::Verified {
        return None;
    }
    Some(Pin {
        of,
        comparison: if regular {
            Comparison::Matches
        } else {
            Comparison::Equals
        },
        values,
        negated: false,
        in_handshake: false,
    })
}

/// A `map` of `$ssl_client_verify`, and the `if` that refuses some of what it makes.
fn by_verification(map: &Directive, refused: impl Fn(&str) -> bool) -> Option<Pin> {
    // Expressions that fit every failure, or none.
    const WHOLE: [&str; 9] = [
        "SUCCESS",
        "^SUCCESS",
        "^SUCCESS$",
        "NONE",
        "^NONE",
        "^NONE$",
        "FAILED",
        "^FAILED",
        "^FAILED:",
    ];
    let rows = map.children();
    let known = |row: &Directive| {
        let plain = row.name.trim_start_matches(['~', '*']);
        let expression = row.name.starts_with('~');
        row.args.len() == 1
            && !row.arg(0).contains('$')
            && row.name != "include"
            && (!expression || WHOLE.contains(&plain))
    };
    if !rows.iter().all(known) {
        return None;
    }
    // Maps compare words without case; a word comes before every expression.
    let made = |value: &str| {
        let word = rows.iter().find(|row| row.name.eq_ignore_ascii_case(value));
        let fits = |row: &&Directive| {
            let plain = row.name.trim_start_matches(['~', '*']);
            row.name.starts_with('~')
                && value.starts_with(plain.trim_start_matches('^').trim_end_matches('$'))
        };
        let default = rows.iter().rfind(|row| row.name == "default");
        let row = word.or_else(|| rows.iter().find(fits)).or(default);
        row.map_or("", |row| row.arg(0))
    };
    let (good, none) = (refused(made("SUCCESS")), refused(made("NONE")));
    let failed = refused(made("FAILED:certificate has expired"));
    // A word with a reason behind it is for that reason alone.
    let reason = rows
        .iter()
        .any(|row| row.name.to_ascii_uppercase().starts_with("FAILED:"));
    match (good, none, failed) {
        (false, true, true) if !reason => verified("SUCCESS", Comparison::Equals, false),
        (false, true, _) => verified("NONE", Comparison::Equals, true),
        _ => None,
    }
}

/// An `if` that lets through who is verified, where all others are refused behind it.
pub(super) fn admits(directive: &Directive, rest: &[Directive]) -> Option<Pin> {
    let behind = rest
        .iter()
        .find(|one| one.name == "if" || ends_rewriting(one) || one.name == "return")?;
    let refused = behind.name == "return" && behind.arg(0).starts_with(['4', '5']);
    let served = directive.children().iter().any(ends_rewriting);
    let (variable, operator, value) = parts(directive)?;
    if !refused || !served || operator != "=" {
        return None;
    }
    condition(&Directive {
        args: vec![
            format!("({variable}"),
            "!=".to_owned(),
            value,
            ")".to_owned(),
        ],
        block: Some(vec![behind.clone()]),
        ..directive.clone()
    })
    .filter(|pin| pin.of == Pinned::Verified)
}

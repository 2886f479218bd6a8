//! What the rules of a section ask of the certificate, and of which requests.

use std::collections::HashMap;

use super::{super::setting, Line};
use crate::facts::{Comparison, Demand, Forwarded, NotUnderstood, Partial, Pin, Pinned, Site};

/// Which requests come to a section, and where they go from there.
pub(super) struct Ways<'a> {
    /// Its name where it is a backend that some requests are sent to.
    pub(super) backend: Option<&'a str>,
    /// Whether the defaults name a backend for whatever is not sent elsewhere.
    pub(super) fallback: bool,
    /// Whether the choice of backends by the certificate was told already.
    pub(super) told: bool,
}

/// Reads the rules of a section.
pub(super) fn read(lines: &[Line], ways: &Ways<'_>, site: &mut Site) {
    let (backend, fallback) = (ways.backend, ways.fallback);
    let acls = acls(lines);
    let mut binds = lines
        .iter()
        .filter(|line| line.words[0] == "bind")
        .peekable();
    let all_tls = binds.peek().is_some() && binds.all(|bind| bind.has("ssl"));
    let choices = lines
        .iter()
        .filter(|line| line.words[0] == "use_backend")
        .count();
    let elsewhere = fallback
        || lines.iter().any(|line| match line.words[0].as_str() {
            "default_backend" | "server" => true,
            "use_backend" => !is_about(&line.words, &acls),
            _ => false,
        });
    // What an earlier rule lets through, later ones do not see.
    let mut let_through: HashMap<&str, &Line> = HashMap::new();
    for line in lines {
        let list = match line.words[0].as_str() {
            "tcp-request" => line.words.get(1).map_or("", String::as_str),
            other => other,
        };
        let earlier = let_through.get(list).copied();
        // A header that carries something of the certificate, looked at again.
        let tests = |word: &String| {
            let word = word.to_ascii_lowercase();
            let sent = site.forwards.iter().map(|sent| sent.value.header.as_str());
            word.contains("hdr")
                && sent
                    .filter(|name| !name.is_empty())
                    .any(|name| word.contains(&name.to_ascii_lowercase()))
        };
        let again = line.words[0] != "capture" && line.words.iter().skip(1).any(tests);
        if all_tls && only_without_tls(line) {
            continue;
        }
        if ways.told && line.words[0] == "use_backend" && is_about(&line.words, &acls) {
            continue;
        }
        if line.words[0] == "use_backend"
            && is_about(&line.words, &acls)
            && !again
            && let Some(pin) = chosen(line, &acls)
        {
            // Whoever it is not for goes elsewhere; or nowhere, where it is the only one.
            if elsewhere || choices > 1 {
                let partial = Partial {
                    part: format!(
                        "the backend {}",
                        line.words.get(1).map_or("", String::as_str)
                    ),
                    every: false,
                    demand: Demand::Condition(pin),
                };
                site.partly.push(setting(partial, &line.place, &line.text));
            } else {
                site.pins.push(setting(pin, &line.place, &line.text));
            }
            continue;
        }
        if again && ["http-request", "acl", "use_backend"].contains(&line.words[0].as_str()) {
            let told = setting(NotUnderstood::ConditionOrRefusal, &line.place, &line.text);
            site.not_understood.push(told);
            continue;
        }
        if rule(line, &acls, (backend, earlier), site) {
            let_through.entry(list).or_insert(line);
        }
    }
}

/// Whether a rule is for requests without TLS alone.
fn only_without_tls(line: &Line) -> bool {
    let words: Vec<&str> = line.words.iter().map(String::as_str).collect();
    [
        &["unless", "{", "ssl_fc", "}"][..],
        &["if", "!{", "ssl_fc", "}"],
        &["if", "{", "!ssl_fc", "}"],
    ]
    .iter()
    .any(|end| words.ends_with(end))
}

/// What `use_backend` asks of the certificate, where it asks one thing.
fn chosen(line: &Line, acls: &Acls<'_>) -> Option<Pin> {
    let at = line
        .words
        .iter()
        .position(|word| word == "if" || word == "unless")?;
    let alternatives = alternatives(&line.words[at + 1..], acls)?;
    let [terms] = alternatives.as_slice() else {
        return None;
    };
    let mut found = None;
    for (not, tests, _) in terms {
        if !tests.iter().any(|test| is_about(test, acls)) {
            continue;
        }
        match (tests.as_slice(), &found) {
            ([test], None) => found = Some(test_of(test, *not)?),
            _ => return None,
        }
    }
    let mut pin = found?;
    if line.words[at] == "unless" {
        match terms.as_slice() {
            [_] => pin.negated = !pin.negated,
            _ => return None,
        }
    }
    Some(pin)
}

/// The named conditions of a section; a name that stands several times is any of them.
pub(super) type Acls<'a> = HashMap<&'a str, Vec<&'a [String]>>;

pub(super) fn acls(lines: &[Line]) -> Acls<'_> {
    let mut acls: Acls<'_> = HashMap::new();
    for line in lines {
        if line.words[0] == "acl" && line.words.len() > 2 {
            acls.entry(line.words[1].as_str())
                .or_default()
                .push(&line.words[2..]);
        }
    }
    acls
}

/// Reads one rule; whether it lets requests through, past the rules after it.
fn rule(
    line: &Line,
    acls: &Acls<'_>,
    (backend, let_through): (Option<&str>, Option<&Line>),
    site: &mut Site,
) -> bool {
    let first = line.words[0].as_str();
    let action = line.words.get(1).map_or("", String::as_str);
    if first == "http-request"
        && (action == "set-header" || action == "add-header")
        && line.text.contains("ssl_c_")
    {
        let forwarded = Forwarded {
            header: line.words.get(2).cloned().unwrap_or_default(),
            value: line.words.get(3).cloned().unwrap_or_default(),
            overwrites: action == "set-header",
        };
        site.forwards
            .push(setting(forwarded, &line.place, &line.text));
        return false;
    }
    if line.text.contains("jwt_verify") || line.text.contains("http_auth_bearer") {
        site.bearer.push(setting((), &line.place, &line.text));
        return false;
    }
    if action.starts_with("lua.") || first == "ssl-f-use" {
        let why = NotUnderstood::Program;
        site.not_understood
            .push(setting(why, &line.place, &line.text));
        return false;
    }
    let requests = ["http-request", "tcp-request"].contains(&first);
    let refuses = ["deny", "reject", "silent-drop", "tarpit", "redirect"];
    let denies = first == "http-request" && refuses.contains(&action)
        || first == "tcp-request" && line.has("reject")
        || first == "redirect";
    let about = is_about(&line.words, acls);
    let decisive = requests || denies || first == "use_backend" || first == "use-server";
    if !about || !decisive {
        let passes = ["allow", "return", "use-service", "redirect"].contains(&action)
            || first == "tcp-request" && line.has("accept")
            || first == "redirect";
        return requests && passes;
    }
    // Before the handshake there is no certificate of anybody.
    let too_early = first == "tcp-request" && action == "connection";
    let demands = match denies && !too_early {
        true => denied(line, acls),
        false => None,
    };
    match demands {
        Some(demands) => {
            for (pin, others) in demands {
                let mut part: Vec<String> = backend
                    .map(|name| format!("requests to the backend {name}"))
                    .into_iter()
                    .collect();
                part.extend(
                    let_through
                        .map(|earlier| format!("requests that `{}` does not answer", earlier.text)),
                );
                part.extend(others);
                if part.is_empty() {
                    site.pins.push(setting(pin, &line.place, &line.text));
                    continue;
                }
                let partial = Partial {
                    part: part.join(" "),
                    every: false,
                    demand: Demand::Condition(pin),
                };
                site.partly.push(setting(partial, &line.place, &line.text));
            }
        }
        None if requests && !denies && !decides(action) => {}
        None => site.not_understood.push(setting(
            NotUnderstood::ConditionOrRefusal,
            &line.place,
            &line.text,
        )),
    }
    false
}

/// Actions on a request that decide something about it.
fn decides(action: &str) -> bool {
    ![
        "set-log-level",
        "capture",
        "track-sc0",
        "track-sc1",
        "track-sc2",
        "del-header",
    ]
    .contains(&action)
        && !action.starts_with("sc-")
        && !action.starts_with("track-")
}

/// Whether words look at the certificate, by themselves or by a name.
pub(super) fn is_about(words: &[String], acls: &Acls<'_>) -> bool {
    let own = |word: &String| word.contains("ssl_c_") || word.contains("ssl_fc_has_crt");
    words.iter().any(|word| {
        own(word)
            || acls
                .get(word.trim_start_matches('!'))
                .is_some_and(|tests| tests.iter().any(|test| own(&test[0])))
    })
}

/// A test within a condition: whether it is turned round, and its words.
pub(super) type Term<'a> = (bool, Vec<&'a [String]>, String);

/// What has to hold to get past a rule that refuses, each with what else the rule asks of a request;
/// `None` for what cannot be told so.
fn denied(line: &Line, acls: &Acls<'_>) -> Option<Vec<(Pin, Vec<String>)>> {
    let at = line
        .words
        .iter()
        .position(|word| word == "if" || word == "unless")?;
    let mut alternatives = alternatives(&line.words[at + 1..], acls)?;
    if line.words[at] == "unless" {
        fn turned((not, tests, text): Term<'_>) -> Term<'_> {
            (!not, tests, text)
        }
        alternatives = match alternatives.as_slice() {
            // Not (A and B): not A, or not B.
            [only] => only
                .iter()
                .cloned()
                .map(|term| vec![turned(term)])
                .collect(),
            // Not (A or B): not A and not B.
            several if several.iter().all(|one| one.len() == 1) => {
                vec![several.iter().flatten().cloned().map(turned).collect()]
            }
            _ => return None,
        };
    }
    let mut demands = Vec::new();
    for terms in alternatives {
        let (mut pin, mut others): (Option<Pin>, Vec<String>) = (None, Vec::new());
        for (not, tests, text) in terms {
            let about = tests.iter().any(|test| is_about(test, acls));
            if !about {
                let with = if not { "without" } else { "with" };
                others.push(format!("requests {with} {text}"));
                continue;
            }
            // Several tests by one name are alternatives: only turned round they are one demand.
            if tests.len() > 1 && !not {
                return None;
            }
            for test in tests {
                let one = test_of(test, !not)?;
                match &mut pin {
                    None => pin = Some(one),
                    Some(pin)
                        if pin.of == one.of
                            && pin.comparison == one.comparison
                            && !pin.negated
                            && !one.negated =>
                    {
                        pin.values.extend(one.values);
                    }
                    Some(_) => return None,
                }
            }
        }
        // What does not look at the certificate can only turn away more.
        if let Some(pin) = pin {
            demands.push((pin, others));
        }
    }
    Some(demands)
}

/// `A B or !C { … }` as alternatives of terms that hold together.
pub(super) fn alternatives<'a>(words: &'a [String], acls: &Acls<'a>) -> Option<Vec<Vec<Term<'a>>>> {
    let mut all = vec![Vec::new()];
    let mut rest = words;
    while let Some(word) = rest.first() {
        if word == "or" || word == "||" {
            rest = &rest[1..];
            all.push(Vec::new());
            continue;
        }
        let mut not = false;
        let mut name = word.as_str();
        if let Some(bare) = name.strip_prefix('!') {
            not = true;
            name = bare;
        }
        if name.is_empty() {
            rest = &rest[1..];
            name = rest.first()?.as_str();
        }
        let term: Term<'a> = if name == "{" {
            let end = rest.iter().position(|word| word == "}")?;
            let test = &rest[1..end];
            rest = &rest[end + 1..];
            (not, vec![test], test.join(" "))
        } else {
            rest = &rest[1..];
            match acls.get(name) {
                Some(tests) => (not, tests.clone(), name.to_owned()),
                // Defined elsewhere, or by the program itself (`TRUE`, `METH_POST`).
                None => (not, Vec::new(), name.to_owned()),
            }
        };
        all.last_mut()?.push(term);
    }
    Some(all)
}

/// One test of the certificate, as a condition that `negated` turns round.
fn test_of(words: &[String], negated: bool) -> Option<Pin> {
    let fetch = words.first()?.as_str();
    let plain = fetch.split([',', '(']).next()?;
    let part = fetch
        .split_once('(')
        .map_or("", |(_, rest)| rest.split([',', ')']).next().unwrap_or(""));
    let mut comparison = Comparison::Equals;
    let mut prefix = "";
    let mut values = Vec::new();
    let mut words = words[1..].iter();
    while let Some(word) = words.next() {
        match word.as_str() {
            "-m" => match words.next()?.as_str() {
                "str" | "int" | "bool" => {}
                "sub" => comparison = Comparison::Contains,
                "reg" => comparison = Comparison::Matches,
                _ => return None,
            },
            "-i" => {
                comparison = Comparison::Matches;
                prefix = "(?i)";
            }
            "--" => {}
            "-f" => return None,
            value => values.push(value.to_owned()),
        }
    }
    if !prefix.is_empty() {
        values = values
            .iter()
            .map(|value| format!("{prefix}^{}$", regex::escape(value)))
            .collect();
    }
    // Without a certificate there is nothing that a pattern could fit, and `.*` fits whoever has one.
    let fits_nothing =
        |value: &String| regex::Regex::new(value).map_or(true, |one| one.is_match(""));
    if comparison == Comparison::Matches && prefix.is_empty() && values.iter().any(fits_nothing) {
        return None;
    }
    let of = match (plain, part.to_ascii_lowercase().as_str()) {
        ("ssl_c_s_dn", "cn") => Pinned::CommonName,
        ("ssl_c_s_dn", "") => Pinned::Subject,
        ("ssl_c_i_dn", _) => Pinned::Issuer,
        ("ssl_c_sha1" | "ssl_c_der", _) => Pinned::Fingerprint,
        ("ssl_c_serial", _) => Pinned::Serial,
        // It is 0 without a certificate too.
        ("ssl_c_verify", _) if values == ["0"] => Pinned::NoError,
        ("ssl_c_used" | "ssl_fc_has_crt", _)
            if values.is_empty() || values == ["1"] || values == ["0"] =>
        {
            let negated = negated != (values == ["0"]);
            return Some(Pin {
                of: Pinned::Subject,
                comparison: Comparison::Matches,
                values: vec![".".to_owned()],
                negated,
                in_handshake: false,
            });
        }
        _ => return None,
    };
    Some(Pin {
        of,
        comparison,
        values,
        negated,
        in_handshake: false,
    })
}

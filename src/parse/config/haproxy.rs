//! HAProxy: the `bind` lines that end TLS, and the rules that look at the certificate.

use std::collections::HashMap;

use super::{
    range, setting, short,
    tree::{self, Grammar, Word},
    version,
};
use crate::facts::{
    Checks, ClientAuthMode, Comparison, Forwarded, NotUnderstood, Pin, Pinned, Place,
    ServerSoftware, Setting, Site,
};

const GRAMMAR: Grammar = Grammar {
    single: &[],
    quotes: &['"', '\''],
    continues: true,
    comments_anywhere: true,
};

/// One line: its words and where it stands.
struct Line {
    words: Vec<String>,
    place: Place,
    text: String,
}

impl Line {
    fn after(&self, word: &str) -> Option<&str> {
        let at = self.words.iter().position(|own| own == word)?;
        self.words.get(at + 1).map(String::as_str)
    }

    fn every(&self, word: &str) -> Vec<&str> {
        let mut found = Vec::new();
        for (at, own) in self.words.iter().enumerate() {
            if own == word
                && let Some(value) = self.words.get(at + 1)
            {
                found.push(value.as_str());
            }
        }
        found
    }

    fn has(&self, word: &str) -> bool {
        self.words.iter().any(|own| own == word)
    }
}

const SECTIONS: &[&str] = &[
    "global",
    "defaults",
    "frontend",
    "listen",
    "backend",
    "userlist",
    "peers",
    "resolvers",
    "cache",
    "program",
    "ring",
    "mailers",
    "http-errors",
    "fcgi-app",
    "crt-store",
    "log-forward",
    "traces",
];

pub(super) fn sites(path: &str, text: &str) -> Vec<Site> {
    let mut sections: Vec<(String, String, Vec<Line>)> = Vec::new();
    for line in lines(path, text) {
        let first = line.words[0].clone();
        if SECTIONS.contains(&first.as_str()) {
            sections.push((
                first,
                line.words.get(1).cloned().unwrap_or_default(),
                Vec::new(),
            ));
        } else if let Some((_, _, own)) = sections.last_mut() {
            own.push(line);
        } else {
            // A file without a section: a `bind` line that was cut out.
            sections.push(("frontend".to_owned(), String::new(), vec![line]));
        }
    }
    let global: Vec<&Line> = sections
        .iter()
        .filter(|(kind, _, _)| kind == "global")
        .flat_map(|(_, _, lines)| lines)
        .collect();
    let mut sites = Vec::new();
    for (kind, name, lines) in &sections {
        if kind != "frontend" && kind != "listen" {
            continue;
        }
        for bind in lines
            .iter()
            .filter(|line| line.words[0] == "bind" && line.has("ssl"))
        {
            let called = format!(
                "{kind} {name} bind {}",
                bind.words.get(1).map_or("", String::as_str)
            );
            sites.push(site(short(&called), bind, lines, &global));
        }
    }
    sites
}

fn lines(path: &str, text: &str) -> Vec<Line> {
    let mut lines = Vec::new();
    let mut current: Vec<Word> = Vec::new();
    for word in tree::words(text, GRAMMAR) {
        let ends = word.ends_line;
        let last = word.line;
        current.push(word);
        if !ends {
            continue;
        }
        let first = current[0].line;
        let words: Vec<String> = current
            .drain(..)
            .map(|word| unescaped(&word.text))
            .collect();
        lines.push(Line {
            text: short(&words.join(" ")),
            words,
            place: Place::lines(path, first, last),
        });
    }
    lines
}

/// `\ ` and `\#` are themselves.
fn unescaped(word: &str) -> String {
    word.replace("\\ ", " ")
        .replace("\\#", "#")
        .replace("\\\"", "\"")
}

fn site(name: String, bind: &Line, lines: &[Line], global: &[&Line]) -> Site {
    let mut site = Site::new(ServerSoftware::Haproxy, name, bind.place.clone());
    let base = |word: &str| {
        global
            .iter()
            .find(|line| line.words[0] == word)
            .and_then(|line| line.words.get(1))
            .cloned()
    };
    let files = |flag: &str, base: Option<String>| -> Vec<Setting<String>> {
        bind.every(flag)
            .into_iter()
            .map(|file| {
                let path = match &base {
                    Some(base) if !file.starts_with('/') && !file.starts_with('@') => {
                        format!("{base}/{file}")
                    }
                    _ => file.to_owned(),
                };
                setting(path, &bind.place, &bind.text)
            })
            .collect()
    };
    site.certificate = files("crt", base("crt-base"));
    // The key stands in the same file, or in one beside it named `.key`, which is looked for only
    // when it does not.
    site.client_ca = files("ca-file", base("ca-base"));
    site.client_ca
        .extend(files("ca-verify-file", base("ca-base")));
    site.crl = files("crl-file", base("ca-base"));
    for list in bind.every("crt-list") {
        site.not_understood.push(setting(
            NotUnderstood::CertificateList(list.to_owned()),
            &bind.place,
            &bind.text,
        ));
    }
    let ignores = |flag: &str| bind.after(flag).map(str::to_owned);
    let checks = match (ignores("crt-ignore-err"), ignores("ca-ignore-err")) {
        (Some(crt), Some(ca)) if crt == "all" && ca == "all" => Checks::Nothing,
        (None, None) => Checks::All,
        (crt, ca) => {
            let listed: Vec<String> = crt.into_iter().chain(ca).collect();
            site.not_understood.push(setting(
                NotUnderstood::ErrorsIgnored(listed.join("; ")),
                &bind.place,
                &bind.text,
            ));
            Checks::All
        }
    };
    let default_verify = global
        .iter()
        .find(|line| line.words[0] == "ssl-default-bind-client-verify")
        .and_then(|line| line.words.get(1))
        .map(String::as_str);
    let mode = match bind.after("verify").or(default_verify) {
        Some("required") => Some(ClientAuthMode {
            checks,
            ..ClientAuthMode::REQUIRED
        }),
        Some("optional") => Some(ClientAuthMode {
            checks,
            ..ClientAuthMode::OPTIONAL
        }),
        Some("none") => Some(ClientAuthMode::OFF),
        _ => None,
    };
    site.client_auth = mode.map(|mode| setting(mode, &bind.place, &bind.text));
    let options = global
        .iter()
        .find(|line| line.words[0] == "ssl-default-bind-options");
    let bound = |flag: &str| {
        bind.after(flag)
            .map(|word| (word.to_owned(), bind))
            .or_else(|| options.and_then(|line| Some((line.after(flag)?.to_owned(), *line))))
    };
    let (lowest, highest) = (bound("ssl-min-ver"), bound("ssl-max-ver"));
    let number =
        |bound: &Option<(String, &Line)>| bound.as_ref().and_then(|(word, _)| version(word));
    if let Some((_, line)) = lowest.as_ref().or(highest.as_ref()) {
        let versions = range(
            number(&lowest).unwrap_or(0x0303),
            number(&highest).unwrap_or(0x0304),
        );
        site.versions = Some(setting(versions, &line.place, &line.text));
    }
    let acls = acls(lines);
    for line in lines {
        rule(line, &acls, &mut site);
    }
    site
}

/// The named conditions of a section; a name that stands several times is any of them.
fn acls(lines: &[Line]) -> HashMap<&str, Vec<&[String]>> {
    let mut acls: HashMap<&str, Vec<&[String]>> = HashMap::new();
    for line in lines {
        if line.words[0] == "acl" && line.words.len() > 2 {
            acls.entry(line.words[1].as_str())
                .or_default()
                .push(&line.words[2..]);
        }
    }
    acls
}

fn rule(line: &Line, acls: &HashMap<&str, Vec<&[String]>>, site: &mut Site) {
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
        return;
    }
    if line.text.contains("jwt_verify") || line.text.contains("http_auth_bearer") {
        site.bearer.push(setting((), &line.place, &line.text));
        return;
    }
    let denies = first == "http-request"
        && ["deny", "reject", "silent-drop", "tarpit"].contains(&action)
        || first == "tcp-request" && line.has("reject");
    let about = line.text.contains("ssl_c_")
        || line.words.iter().any(|word| {
            acls.get(word.trim_start_matches('!'))
                .is_some_and(|tests| tests.iter().any(|test| test[0].contains("ssl_c_")))
        });
    if !about || first == "acl" {
        return;
    }
    let pin = if denies { denied(line, acls) } else { None };
    match pin {
        Some(pin) => site.pins.push(setting(pin, &line.place, &line.text)),
        None if denies || first.starts_with("use_backend") => site.not_understood.push(setting(
            NotUnderstood::ConditionOrRefusal,
            &line.place,
            &line.text,
        )),
        None => {}
    }
}

/// `deny if X`, `deny unless X`, `deny if !X`, with X a name, `{ … }`, or several of either joined
/// by `or`.
fn denied(line: &Line, acls: &HashMap<&str, Vec<&[String]>>) -> Option<Pin> {
    let at = line
        .words
        .iter()
        .position(|word| word == "if" || word == "unless")?;
    let unless = line.words[at] == "unless";
    let mut pin: Option<Pin> = None;
    let mut rest = &line.words[at + 1..];
    while let Some(word) = rest.first() {
        if word == "or" || word == "||" {
            rest = &rest[1..];
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
        let tests: Vec<&[String]> = if name == "{" {
            let end = rest.iter().position(|word| word == "}")?;
            let test = &rest[1..end];
            rest = &rest[end + 1..];
            vec![test]
        } else {
            rest = &rest[1..];
            acls.get(name)?.clone()
        };
        // Terms side by side must all hold; only alternatives can be told as one list of values.
        if !matches!(rest.first().map(String::as_str), None | Some("or" | "||")) {
            return None;
        }
        for test in tests {
            let one = test_of(test, not == unless)?;
            match &mut pin {
                None => pin = Some(one),
                Some(pin)
                    if pin.of == one.of
                        && pin.comparison == one.comparison
                        && pin.negated == one.negated
                        && !not =>
                {
                    pin.values.extend(one.values);
                }
                Some(_) => return None,
            }
        }
    }
    pin
}

/// One test, with `negated` saying that fitting it refuses.
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
    let of = match (plain, part.to_ascii_lowercase().as_str()) {
        ("ssl_c_s_dn", "cn") => Pinned::CommonName,
        ("ssl_c_s_dn", "") => Pinned::Subject,
        ("ssl_c_i_dn", _) => Pinned::Issuer,
        ("ssl_c_sha1" | "ssl_c_serial" | "ssl_c_der", _) => Pinned::Fingerprint,
        ("ssl_c_verify", _) if values == ["0"] => Pinned::Verified,
        ("ssl_c_used" | "ssl_fc_has_crt", _) if values.is_empty() && !negated => {
            return Some(Pin {
                of: Pinned::Subject,
                comparison: Comparison::Matches,
                values: vec![".".to_owned()],
                negated: false,
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

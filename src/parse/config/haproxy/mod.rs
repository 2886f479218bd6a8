//! HAProxy: the `bind` lines that end TLS, the lists of certificates that they name, and the rules
//! that look at the certificate.

mod backends;
mod choices;
mod errors;
mod lists;
mod rules;
mod served;

use self::backends::Backends;
use super::{
    Include, doors, range, setting, short,
    tree::{self, Grammar, Word},
    version,
};
use crate::facts::{ClientAuthMode, Door, NotUnderstood, Place, ServerSoftware, Setting, Site};

const GRAMMAR: Grammar = Grammar {
    quotes: &['"', '\''],
    continues: true,
    comments_anywhere: true,
};

/// One line: its words and where it stands.
#[derive(Clone)]
struct Line {
    words: Vec<String>,
    place: Place,
    text: String,
}

impl Line {
    /// The value behind a word; of several the last, which HAProxy takes (tried with 2.6.12).
    fn after(&self, word: &str) -> Option<&str> {
        let at = self.words.iter().rposition(|own| own == word)?;
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

/// A section: what it is, its name, its lines.
struct Section {
    kind: String,
    name: String,
    lines: Vec<Line>,
}

/// The versions that `ssl-min-ver` and `ssl-max-ver` take.
const VERSIONS: [&str; 5] = ["SSLv3", "TLSv1.0", "TLSv1.1", "TLSv1.2", "TLSv1.3"];

pub(super) fn sites(path: &str, text: &str, include: &mut dyn Include) -> Vec<Site> {
    let mut sections: Vec<Section> = Vec::new();
    for line in lines(path, text) {
        let first = line.words[0].clone();
        if SECTIONS.contains(&first.as_str()) {
            sections.push(Section {
                kind: first,
                name: line.words.get(1).cloned().unwrap_or_default(),
                lines: Vec::new(),
            });
        } else if let Some(section) = sections.last_mut() {
            section.lines.push(line);
        } else {
            // A file without a section: a `bind` line that was cut out.
            sections.push(Section {
                kind: "frontend".to_owned(),
                name: String::new(),
                lines: vec![line],
            });
        }
    }
    // Blocks that depend on the version, a feature or the environment.
    let condition = sections
        .iter()
        .filter_map(|section| conditional(section))
        .next()
        .map(|line| {
            let why = NotUnderstood::Elsewhere("which branch of .if counts".to_owned());
            setting(why, &line.place, &line.text)
        });
    let refused = joined_lines(path, text);
    let backends = Backends::of(&sections);
    let global: Vec<&Line> = sections
        .iter()
        .filter(|section| section.kind == "global")
        .flat_map(|section| &section.lines)
        .collect();
    let (mut sites, mut without_tls) = (Vec::new(), Vec::new());
    for section in &sections {
        if section.kind != "frontend" && section.kind != "listen" {
            continue;
        }
        let mut shared = shared(path, section, &backends);
        if shared.not_understood.is_empty() {
            without_tls.extend(served::plain_ways(section, &shared));
        }
        shared.refused.extend(refused.clone());
        shared.refused.extend(backends.missing(section));
        shared.not_understood.extend(condition.clone());
        for bind in section.lines.iter().filter(|line| line.words[0] == "bind") {
            let called = format!(
                "{} {} bind {}",
                section.kind,
                section.name,
                bind.words.get(1).map_or("", String::as_str)
            );
            if !bind.has("ssl") {
                sites.extend(plain(short(&called), bind));
                continue;
            }
            let mut own = vec![(short(&called), bind.clone())];
            let mut problems = Vec::new();
            for list in bind.every("crt-list") {
                match include.matching(list, path) {
                    Ok(files) => {
                        own.extend(files.iter().flat_map(|(path, text)| {
                            lists::listed(&called, bind, &lines(path, text))
                        }));
                    }
                    Err(_) => problems.push(NotUnderstood::CertificateList(list.to_owned())),
                }
            }
            if own.len() > 1 && !bind.has("crt") {
                // Every certificate has a line of its own.
                own.remove(0);
            }
            for (name, bind) in own {
                let mut site = site(name, &bind, &global, &shared);
                for problem in &problems {
                    let told = setting(problem.clone(), &bind.place, &bind.text);
                    site.not_understood.push(told);
                }
                sites.push(site);
            }
        }
    }
    doors::put(&mut sites, &without_tls);
    sites
}

/// What the addresses of a section have in common: its rules, whichever address a request came by,
/// and those of the backends.
fn shared(path: &str, section: &Section, backends: &Backends<'_>) -> Site {
    let mut shared = Site::new(ServerSoftware::Haproxy, "", Place::lines(path, 1, 1));
    let chosen = backends.demands(section);
    let fallback = backends.fallback.is_some();
    let ways = rules::Ways {
        backend: None,
        fallback,
        told: chosen.is_some(),
    };
    rules::read(&section.lines, &ways, &mut shared);
    shared.pins.extend(chosen.into_iter().flatten());
    let reached = backends.reached(section);
    let own = ["use_backend", "server"];
    let only = reached.len() == 1
        && !section
            .lines
            .iter()
            .any(|line| own.contains(&line.words[0].as_str()));
    for backend in reached {
        let ways = rules::Ways {
            // Whatever comes to the section comes to its only backend.
            backend: (!only).then_some(backend.name.as_str()),
            fallback,
            told: false,
        };
        rules::read(&backend.lines, &ways, &mut shared);
    }
    shared.serves = served::serves(section, backends);
    if section
        .lines
        .iter()
        .any(|line| line.words[0] == "bind" && line.has("ssl"))
    {
        shared.doors = served::plain_binds(section);
        let open = |door: &Setting<Door>| !door.value.certain;
        shared.open_in_part = shared.pins.is_empty() && shared.doors.iter().any(open);
    }
    shared
}

/// The first `.if` of a section that may decide something about TLS or about requests.
fn conditional(section: &Section) -> Option<&Line> {
    let first = section
        .lines
        .iter()
        .position(|line| line.words[0] == ".if")?;
    let about = |line: &Line| {
        let word = line.words[0].as_str();
        word.contains("ssl") || word.ends_with("-base") || word.starts_with("lua-")
    };
    let decides = section.kind != "global" || section.lines[first..].iter().any(about);
    decides.then(|| &section.lines[first])
}

/// The first line that is to go on in the next one: HAProxy does not join lines ("unknown keyword
/// '\\'", tried with 2.6.12).
fn joined_lines(path: &str, text: &str) -> Option<Setting<String>> {
    let joins = |line: &str| {
        let code = line.trim_end();
        code.ends_with('\\') && !code.ends_with("\\\\") && !code.trim_start().starts_with('#')
    };
    let (index, line) = text.lines().enumerate().find(|(_, line)| joins(line))?;
    Some(setting(
        "a line ends with `\\`: HAProxy does not join lines, and does not start".to_owned(),
        &Place::lines(path, index + 1, index + 1),
        &short(line.trim()),
    ))
}

/// An address without TLS that would ask for a certificate if it had it.
fn plain(name: String, bind: &Line) -> Option<Site> {
    let asks = bind.after("verify").is_some_and(|word| word != "none");
    asks.then(|| {
        let mut site = Site::new(ServerSoftware::Haproxy, name, bind.place.clone());
        for file in bind.every("ca-file") {
            let told = setting(file.to_owned(), &bind.place, &bind.text);
            site.client_ca.push(told);
        }
        site.without_effect.push(setting(
            "there is no TLS at this address: `bind` lacks `ssl`".to_owned(),
            &bind.place,
            &bind.text,
        ));
        site
    })
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

fn site(name: String, bind: &Line, global: &[&Line], shared: &Site) -> Site {
    let mut site = Site {
        name,
        place: bind.place.clone(),
        ..shared.clone()
    };
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
            .filter(|file| !file.contains('$') && *file != "@system-ca")
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
    for flag in ["ca-file", "ca-verify-file", "crl-file"] {
        let running = |file: &&str| file.contains('$');
        let told = |why| setting(why, &bind.place, &bind.text);
        if bind.every(flag).iter().any(running) {
            site.not_understood
                .push(told(NotUnderstood::MadeWhileRunning));
        }
        if bind.every(flag).contains(&"@system-ca") {
            site.not_understood.push(told(NotUnderstood::SystemRoots));
        }
    }
    let checks = errors::ignored(bind, &mut site);
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
        Some(word) if word.contains('$') => {
            site.not_understood.push(setting(
                NotUnderstood::Expected("none, optional or required"),
                &bind.place,
                &bind.text,
            ));
            None
        }
        Some(word) => {
            let what = format!(
                "verify takes none, optional or required, not `{word}`: HAProxy does not start"
            );
            site.refused.push(setting(what, &bind.place, &bind.text));
            None
        }
        None => None,
    };
    site.client_auth = mode.map(|mode| setting(mode, &bind.place, &bind.text));
    versions(bind, global, &mut site);
    site
}

/// The TLS versions, where one end of their range is given.
fn versions(bind: &Line, global: &[&Line], site: &mut Site) {
    let options = global
        .iter()
        .find(|line| line.words[0] == "ssl-default-bind-options");
    let bound = |flag: &str| {
        bind.after(flag)
            .map(|word| (word.to_owned(), bind))
            .or_else(|| options.and_then(|line| Some((line.after(flag)?.to_owned(), *line))))
    };
    let (lowest, highest) = (bound("ssl-min-ver"), bound("ssl-max-ver"));
    for (word, line) in [&lowest, &highest].into_iter().flatten() {
        if !VERSIONS.contains(&word.as_str()) && !word.contains('$') {
            let why = format!(
                "expected one of {}, found `{word}`: HAProxy does not start",
                VERSIONS.join(", ")
            );
            site.refused.push(setting(why, &line.place, &line.text));
        }
    }
    let number =
        |bound: &Option<(String, &Line)>| bound.as_ref().and_then(|(word, _)| version(word));
    if let Some((_, line)) = lowest.as_ref().or(highest.as_ref()) {
        let versions = range(
            number(&lowest).unwrap_or(0x0303),
            number(&highest).unwrap_or(0x0304),
        );
        site.versions = Some(setting(versions, &line.place, &line.text));
    }
}

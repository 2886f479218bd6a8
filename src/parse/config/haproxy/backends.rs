//! The backends of a configuration: which of them turn everything away, which one a client comes to
//! by its certificate, and which applications stand behind them.

use std::collections::HashMap;

use super::{
    super::{doors, setting},
    Line, Section, choices,
    rules::{self, Acls},
};
use crate::facts::{Comparison, Pin, Pinned, Setting};

/// Servers of a backend that are looked at.
const MOST_SERVERS: usize = 8;

/// The backends by their names.
pub(super) struct Backends<'a> {
    by_name: HashMap<&'a str, &'a Section>,
    /// The backend of the defaults.
    pub(super) fallback: Option<&'a str>,
    /// Whether the text looks like a whole configuration, whose names it has to know.
    whole: bool,
}

/// What a handshake leaves to the rules of a client without a certificate, with a bad one and with a
/// good one: whether there is one, and whether `ssl_c_verify` is 0.
const CLIENTS: [(bool, bool); 3] = [(false, true), (true, false), (true, true)];

impl<'a> Backends<'a> {
    pub(super) fn of(sections: &'a [Section]) -> Self {
        let kinds = ["backend", "listen"];
        let named = sections
            .iter()
            .filter(|section| kinds.contains(&section.kind.as_str()));
        let mut defaults = sections
            .iter()
            .filter(|section| section.kind == "defaults")
            .flat_map(|section| &section.lines);
        Self {
            by_name: named
                .map(|section| (section.name.as_str(), section))
                .collect(),
            fallback: defaults
                .rfind(|line| line.words[0] == "default_backend")
                .and_then(|line| line.words.get(1))
                .map(String::as_str),
            whole: sections.iter().any(|section| section.kind == "backend")
                && sections.iter().any(|section| section.kind == "defaults"),
        }
    }

    /// The backend for whatever no `use_backend` takes.
    pub(super) fn last<'b>(&'b self, section: &'b Section) -> Option<&'b str> {
        let mut own = section.lines.iter();
        own.rfind(|line| line.words[0] == "default_backend")
            .and_then(|line| line.words.get(1))
            .map(String::as_str)
            .or(self.fallback)
    }

    /// The backends that a section may hand requests to; every one where a name is made of the
    /// request.
    pub(super) fn reached<'b>(&'b self, section: &'b Section) -> Vec<&'b Section> {
        let mut names: Vec<&str> = of_choice(section)
            .filter_map(|line| line.words.get(1))
            .map(String::as_str)
            .collect();
        if names.iter().any(|name| name.contains('%')) {
            let all = self.by_name.values().copied();
            return all.filter(|one| one.kind == "backend").collect();
        }
        names.extend(self.last(section));
        names.sort_unstable();
        names.dedup();
        let found = names.iter().filter_map(|name| self.by_name.get(name));
        found.copied().collect()
    }

    /// A backend that is named and that there is not: HAProxy does not start (2.6.12: "unable to
    /// find required default_backend").
    pub(super) fn missing(&self, section: &Section) -> Option<Setting<String>> {
        let names = ["default_backend", "use_backend"];
        let line = section.lines.iter().find(|line| {
            let name = line.words.get(1).map_or("", String::as_str);
            names.contains(&line.words[0].as_str())
                && !name.contains(['%', '$'])
                && !self.by_name.contains_key(name)
        })?;
        self.whole.then(|| {
            let name = line.words.get(1).map_or("", String::as_str);
            let why = format!("there is no backend `{name}`: HAProxy does not start");
            setting(why, &line.place, &line.text)
        })
    }

    /// The addresses of the applications of a backend.
    pub(super) fn servers(&self, name: &str) -> Vec<String> {
        self.by_name
            .get(name)
            .map_or_else(Vec::new, |section| servers(section))
    }

    /// Whether whatever comes to a backend is turned away there.
    fn denies(&self, name: &str) -> bool {
        let Some(section) = self.by_name.get(name) else {
            return false;
        };
        for line in section
            .lines
            .iter()
            .filter(|line| line.words[0] == "http-request")
        {
            let action = line.words.get(1).map_or("", String::as_str);
            let always = !line.has("if") && !line.has("unless");
            match action {
                "deny" | "reject" | "tarpit" | "silent-drop" if always => return true,
                "return" if always => {
                    let status = line.after("status").unwrap_or("200");
                    return status.starts_with(['4', '5']);
                }
                "allow" | "return" | "redirect" | "use-service" => return false,
                action if action.starts_with("lua.") => return false,
                _ => {}
            }
        }
        // Without a server it answers 503.
        let serves = [
            "server",
            "server-template",
            "dispatch",
            "redirect",
            "filter",
        ];
        let mut lines = section.lines.iter();
        !lines.any(|line| serves.contains(&line.words[0].as_str()) || line.has("http_proxy"))
    }

    /// What every request has to fulfil since whoever does not comes to a backend that turns
    /// everything away; `None` where the backend is not chosen by whether there is a certificate and
    /// whether it is good, or where nobody is turned away so.
    pub(super) fn demands(&self, section: &Section) -> Option<Vec<Setting<Pin>>> {
        let acls = rules::acls(&section.lines);
        let by_certificate: Vec<&Line> = of_choice(section)
            .filter(|line| rules::is_about(&line.words, &acls))
            .collect();
        let first = by_certificate.first()?;
        if !by_certificate
            .iter()
            .all(|line| choices::plain_tests(line, &acls))
        {
            return None;
        }
        let turned_away = |client: (bool, bool)| {
            for line in of_choice(section) {
                let to = line.words.get(1).map_or("", String::as_str);
                match choices::holds_for(line, &acls, client) {
                    Some(false) => {}
                    Some(true) => return self.denies(to),
                    None if self.denies(to) => {}
                    None => return false,
                }
            }
            // Without a backend it is answered 503.
            self.last(section).is_none_or(|name| self.denies(name))
        };
        let [nobody, bad, _] = CLIENTS.map(turned_away);
        let pin = |of, comparison, value: &str| Pin {
            of,
            comparison,
            values: vec![value.to_owned()],
            negated: false,
            in_handshake: false,
        };
        let mut pins = Vec::new();
        if nobody {
            pins.push(pin(Pinned::Subject, Comparison::Matches, "."));
        }
        if bad {
            pins.push(pin(Pinned::NoError, Comparison::Equals, "0"));
        }
        let told = |pin| setting(pin, &first.place, &first.text);
        (!pins.is_empty() && section.kind == "frontend")
            .then(|| pins.into_iter().map(told).collect())
    }
}

/// The addresses of the servers of a section.
pub(super) fn servers(section: &Section) -> Vec<String> {
    let all = section
        .lines
        .iter()
        .filter(|line| line.words[0] == "server");
    all.filter_map(|line| {
        let address = line.words.get(2)?;
        let socket = address.strip_prefix("unix@");
        let address = socket.map_or_else(|| address.clone(), |path| format!("unix:{path}"));
        // Without a port it is the one that the client called.
        let whole = address.contains(':') || address.starts_with('/');
        doors::target(&address).filter(|_| whole)
    })
    .take(MOST_SERVERS)
    .collect()
}

/// The lines that choose a backend.
fn of_choice(section: &Section) -> impl Iterator<Item = &Line> {
    section
        .lines
        .iter()
        .filter(|line| line.words[0] == "use_backend")
}

/// Which requests a line sends away, or turns away.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Away {
    /// None.
    No,
    /// Those without TLS.
    WithoutTls,
    /// Every one, but for those by which certificates are obtained.
    All,
    /// Some.
    Some,
}

/// Which requests a line of a section sends away, or turns away.
pub(super) fn away(line: &Line, acls: &Acls<'_>) -> Away {
    let action = line.words.get(1).map_or("", String::as_str);
    let turns = match line.words[0].as_str() {
        "redirect" => true,
        "http-request" => [
            "redirect",
            "deny",
            "reject",
            "tarpit",
            "silent-drop",
            "return",
            "auth",
            "use-service",
        ]
        .contains(&action),
        "tcp-request" => line.has("reject"),
        _ => false,
    };
    if !turns {
        return Away::No;
    }
    let Some(at) = line
        .words
        .iter()
        .position(|word| word == "if" || word == "unless")
    else {
        return Away::All;
    };
    let condition = &line.words[at + 1..];
    let unless = line.words[at] == "unless";
    let Some(alternatives) = rules::alternatives(condition, acls) else {
        return Away::Some;
    };
    if let [terms] = alternatives.as_slice()
        && let [(not, tests, text)] = terms.as_slice()
    {
        let turned = *not != unless;
        if text == "TRUE" && !turned {
            return Away::All;
        }
        if let [test] = tests.as_slice() {
            let words: Vec<&str> = test.iter().map(String::as_str).collect();
            let without = match words.as_slice() {
                ["ssl_fc" | "ssl_fc,bool" | "ssl_fc -m bool"] => turned,
                ["ssl_fc", "1"] => turned,
                ["ssl_fc", "0"] | ["!ssl_fc"] => !turned,
                _ => false,
            };
            if without {
                return Away::WithoutTls;
            }
        }
    }
    // What has to be answered without TLS, so that there is a certificate at all.
    let of_acme = |test: &&[String]| test.iter().any(|word| word.contains("/.well-known/"));
    let excepted = |terms: &Vec<rules::Term<'_>>| {
        terms.iter().all(|(not, tests, _)| {
            *not != unless && (tests.iter().all(of_acme) && !tests.is_empty())
                || tests.iter().all(|test| test[0].starts_with("ssl_fc")) && !tests.is_empty()
        })
    };
    match alternatives.as_slice() {
        [only] if excepted(only) => Away::All,
        _ => Away::Some,
    }
}

//! Server configurations to [`Site`]s: which directives decide mutual TLS, and where they stand.
//!
//! For: `lint`. Must not: open files (the caller's [`Include`] does), or pass over in silence what
//! it did not understand near TLS: that goes into [`Site::not_understood`]. The parsers are small
//! and tolerant; they read what bears on client certificates and no more.

mod apache;
mod caddy;
mod doors;
mod envoy;
mod haproxy;
mod nginx;
pub(super) mod node;
mod paths;
mod sniff;
mod traefik;
mod tree;

use std::collections::{HashMap, hash_map::Entry};

use crate::facts::{NotUnderstood, Place, Served, ServerSoftware, Setting, Site};

pub use sniff::{Template, software, template};

/// How deep files may include each other.
const DEEPEST: usize = 16;
/// Files that one configuration may be made of.
const MOST_FILES: usize = 2_000;
/// Characters of a directive that are kept to show it.
const SHOWN: usize = 120;

/// Reads the files that a configuration includes.
pub trait Include {
    /// The files that `pattern` (with `*`, `?` and `[…]`) names, seen from `from`'s directory or
    /// the server's own: path and text.
    ///
    /// # Errors
    /// Why none could be read, in words.
    fn matching(&mut self, pattern: &str, from: &str) -> Result<Vec<(String, String)>, String>;
}

/// The addresses of a configuration at which TLS ends, those that differ in nothing but the name
/// put together.
pub fn sites(
    software: ServerSoftware,
    path: &str,
    text: &str,
    include: &mut dyn Include,
) -> Vec<Site> {
    let sites = match software {
        ServerSoftware::Nginx => nginx::sites(path, text, include),
        ServerSoftware::Apache => apache::sites(path, text, include),
        ServerSoftware::Haproxy => haproxy::sites(path, text, include),
        ServerSoftware::Caddy => caddy::sites(path, text, include),
        ServerSoftware::Envoy => envoy::sites(path, text, include),
        ServerSoftware::Traefik => traefik::sites(path, text, include),
    };
    together(sites.into_iter().map(complete).collect())
}

/// Notes where the certificate of a key is not named: what is read is not all of the configuration,
/// or the server does not start.
fn complete(mut site: Site) -> Site {
    let read = |one: &Setting<NotUnderstood>| {
        !matches!(
            one.value,
            NotUnderstood::MadeWhileRunning | NotUnderstood::Variable
        )
    };
    if matches!(
        site.software,
        ServerSoftware::Nginx | ServerSoftware::Apache
    ) && site.certificate.is_empty()
        && site.not_understood.iter().all(read)
        && let Some(key) = site.key.first()
    {
        let why = NotUnderstood::Elsewhere("the certificate of this key".to_owned());
        site.not_understood.push(Setting {
            value: why,
            place: key.place.clone(),
            text: key.text.clone(),
        });
    }
    site
}

/// The folders that a text says its relative paths start from.
pub fn roots(software: ServerSoftware, text: &str) -> impl Iterator<Item = &str> {
    text.lines()
        .filter(move |_| software == ServerSoftware::Apache)
        .filter_map(|line| line.trim().strip_prefix("ServerRoot"))
        .map(|rest| rest.trim().trim_matches('"'))
}

/// Sites whose settings all come from the same lines are one with several names.
fn together(sites: Vec<Site>) -> Vec<Site> {
    let mut kept: Vec<Site> = Vec::with_capacity(sites.len());
    let mut known: HashMap<Site, usize> = HashMap::new();
    for site in sites {
        let mut nameless = site.clone();
        nameless.name.clear();
        nameless.place = Place::lines("", 0, 0);
        nameless.serves = Served::default();
        match known.entry(nameless) {
            Entry::Occupied(at) => {
                let twin = &mut kept[*at.get()].name;
                let listed = twin.split(", ").any(|name| name == site.name);
                if !listed && twin.len() < LONGEST_NAME {
                    *twin = format!("{twin}, {}", site.name);
                }
            }
            Entry::Vacant(at) => {
                at.insert(kept.len());
                kept.push(site);
            }
        }
    }
    kept
}

/// Names that are put together stop here.
const LONGEST_NAME: usize = 400;

/// A text on one line, cut.
fn short(text: &str) -> String {
    let line = text.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &line[..at]),
        None => line,
    }
}

fn setting<T>(value: T, place: &Place, text: &str) -> Setting<T> {
    Setting {
        value,
        place: place.clone(),
        text: short(text),
    }
}

/// Notes client CAs that are written into the configuration itself, PEM or DER; `client_ca` has
/// them by the name of what they are written in.
fn inline(what: &str, bytes: Vec<u8>, place: &Place, site: &mut Site) {
    let path = match place {
        Place::File { path, .. } => path.as_str(),
        _ => "configuration",
    };
    let name = match site.inline_ca.len() {
        0 => format!("{path}#{what}"),
        before => format!("{path}#{what}[{}]", before + 1),
    };
    site.client_ca.push(setting(name.clone(), place, what));
    site.inline_ca.push((name, bytes));
}

/// The wire number of a TLS version as configurations write it: `TLSv1.2`, `TLSv1_2`, `tls1.2`,
/// `VersionTLS12`.
fn version(word: &str) -> Option<u16> {
    let plain: String = word
        .to_ascii_lowercase()
        .chars()
        .filter(|character| character.is_ascii_alphanumeric())
        .collect();
    let plain = plain.trim_start_matches("version");
    Some(match plain {
        "sslv3" => 0x0300,
        "tlsv1" | "tlsv10" | "tls10" | "tls1" => 0x0301,
        "tlsv11" | "tls11" => 0x0302,
        "tlsv12" | "tls12" => 0x0303,
        "tlsv13" | "tls13" => 0x0304,
        _ => return None,
    })
}

/// The versions from `lowest` to `highest`.
fn range(lowest: u16, highest: u16) -> Vec<u16> {
    (lowest..=highest).collect()
}

#[cfg(test)]
mod tests;

//! Server configurations to [`Site`]s: which directives decide mutual TLS, and where they stand.
//!
//! For: `lint`. Must not: open files (the caller's [`Include`] does), or pass over in silence what
//! it did not understand near TLS: that goes into [`Site::not_understood`]. The parsers are small
//! and tolerant; they read what bears on client certificates and no more.

mod apache;
mod caddy;
mod envoy;
mod haproxy;
mod nginx;
pub(super) mod node;
mod traefik;
mod tree;

use crate::facts::{Place, ServerSoftware, Setting, Site};

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

/// The software that a text is the configuration of, by its directives and its name; `None` when it
/// is none.
pub fn software(path: &str, text: &str) -> Option<ServerSoftware> {
    let name = path
        .rsplit(['/', '\\'])
        .next()
        .unwrap_or(path)
        .to_ascii_lowercase();
    let begins = |words: &[&str]| {
        text.lines().any(|line| {
            let line = line.trim_start();
            words.iter().any(|word| {
                line.strip_prefix(word).is_some_and(|rest| {
                    rest.is_empty() || rest.starts_with([' ', '\t', '{', ':', '='])
                })
            })
        })
    };
    let ending = |endings: &[&str]| endings.iter().any(|ending| name.ends_with(ending));
    if ending(&[".yaml", ".yml", ".json"]) {
        return if text.contains("common_tls_context") || begins(&["static_resources"]) {
            Some(ServerSoftware::Envoy)
        } else if text.contains("clientAuthType")
            || begins(&["certFile", "- certFile", "entryPoints"])
        {
            Some(ServerSoftware::Traefik)
        } else {
            None
        };
    }
    if ending(&[".toml"]) {
        return (text.contains("clientAuthType") || text.contains("certFile"))
            .then_some(ServerSoftware::Traefik);
    }
    // These languages name certificates, and hold none.
    if text.contains("-----BEGIN ") {
        return None;
    }
    if name.contains("caddyfile") {
        return Some(ServerSoftware::Caddy);
    }
    if name == "apache2.conf"
        || name == "httpd.conf"
        || text.contains("<VirtualHost")
        || begins(&[
            "SSLEngine",
            "SSLCertificateFile",
            "SSLVerifyClient",
            "LoadModule",
        ])
    {
        return Some(ServerSoftware::Apache);
    }
    if begins(&[
        "ssl_certificate",
        "ssl_verify_client",
        "ssl_client_certificate",
    ]) || (begins(&["http", "server", "events"]) && text.contains(';'))
    {
        return Some(ServerSoftware::Nginx);
    }
    if begins(&["frontend", "listen", "defaults", "bind"]) && begins(&["bind", "mode", "global"]) {
        return Some(ServerSoftware::Haproxy);
    }
    begins(&["client_auth"]).then_some(ServerSoftware::Caddy)
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
        ServerSoftware::Haproxy => haproxy::sites(path, text),
        ServerSoftware::Caddy => caddy::sites(path, text, include),
        ServerSoftware::Envoy => envoy::sites(path, text),
        ServerSoftware::Traefik => traefik::sites(path, text),
    };
    together(sites)
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
    let mut kept: Vec<Site> = Vec::new();
    for site in sites {
        let twin = kept.iter_mut().find(|other| {
            Site {
                name: site.name.clone(),
                place: site.place.clone(),
                ..(*other).clone()
            } == site
        });
        match twin {
            Some(twin) if !twin.name.contains(&site.name) => {
                twin.name = format!("{}, {}", twin.name, site.name);
            }
            Some(_) => {}
            None => kept.push(site),
        }
    }
    kept
}

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

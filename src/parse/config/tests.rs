mod apache;
mod behind;
mod caddy;
mod doors;
mod envoy;
mod guards;
mod haproxy;
mod hostile;
mod kinds;
mod nginx;
mod reached;
mod refused;
mod traefik;
mod trees;
mod undone;
mod ways;

use proptest::prelude::*;

use self::{apache::APACHE, caddy::CADDY, haproxy::HAPROXY, nginx::NGINX};
use super::*;
use crate::facts::{Checks, ClientAuthMode};

/// Files that include each other, in memory.
struct Memory(Vec<(&'static str, &'static str)>);

impl Include for Memory {
    fn matching(&mut self, pattern: &str, _: &str) -> Result<Vec<(String, String)>, String> {
        let found: Vec<(String, String)> = self
            .0
            .iter()
            .filter(|(name, _)| *name == pattern)
            .map(|(name, text)| ((*name).to_owned(), (*text).to_owned()))
            .collect();
        if found.is_empty() {
            Err(format!("{pattern}: no such file"))
        } else {
            Ok(found)
        }
    }
}

fn read(path: &str, text: &str) -> Vec<Site> {
    let software = software(path, text).unwrap_or_else(|| panic!("{path} is no configuration"));
    sites(software, path, text, &mut Memory(Vec::new()))
}

fn one(path: &str, text: &str) -> Site {
    let mut sites = read(path, text);
    assert_eq!(sites.len(), 1, "{sites:#?}");
    sites.remove(0)
}

fn line<T>(setting: &Setting<T>) -> usize {
    match &setting.place {
        Place::File { first_line, .. } => *first_line,
        other => panic!("{other:?}"),
    }
}

fn files(settings: &[Setting<String>]) -> Vec<&str> {
    settings
        .iter()
        .map(|setting| setting.value.as_str())
        .collect()
}

fn wanted(names: &[&str]) -> ClientAuthMode {
    match names {
        ["off"] => ClientAuthMode::OFF,
        ["on"] => ClientAuthMode::REQUIRED,
        ["optional"] => ClientAuthMode::OPTIONAL,
        ["any"] => ClientAuthMode {
            checks: Checks::Nothing,
            ..ClientAuthMode::REQUIRED
        },
        ["request"] => ClientAuthMode {
            checks: Checks::Nothing,
            ..ClientAuthMode::OPTIONAL
        },
        _ => ClientAuthMode {
            checks: Checks::ButIssuer,
            ..ClientAuthMode::OPTIONAL
        },
    }
}

#[test]
fn every_word_for_client_authentication_is_known() {
    let site = |text: String| one("Caddyfile", &text).mode();
    for (word, mode) in [
        ("request", "request"),
        ("require", "any"),
        ("verify_if_given", "optional"),
        ("require_and_verify", "on"),
    ] {
        assert_eq!(
            site(format!(
                "a.example {{\n tls x y {{\n client_auth {{\n mode {word}\n }}\n }}\n}}\n"
            )),
            wanted(&[mode]),
            "{word}"
        );
    }
    for (word, mode) in [
        ("NoClientCert", "off"),
        ("RequestClientCert", "request"),
        ("RequireAnyClientCert", "any"),
        ("VerifyClientCertIfGiven", "optional"),
        ("RequireAndVerifyClientCert", "on"),
    ] {
        let text =
            format!("tls:\n  options:\n    a:\n      clientAuth: {{ clientAuthType: {word} }}\n");
        assert_eq!(one("t.yaml", &text).mode(), wanted(&[mode]), "{word}");
    }
    for (word, mode) in [
        ("on", "on"),
        ("off", "off"),
        ("optional", "optional"),
        ("optional_no_ca", "but-issuer"),
    ] {
        assert_eq!(
            one(
                "n.conf",
                &format!("server {{ listen 1 ssl; ssl_verify_client {word}; }}")
            )
            .mode(),
            wanted(&[mode]),
            "{word}"
        );
    }
    for (word, mode) in [
        ("require", "on"),
        ("none", "off"),
        ("optional", "optional"),
        ("optional_no_ca", "but-issuer"),
    ] {
        assert_eq!(
            one("h.conf", &format!("SSLEngine on\nSSLVerifyClient {word}\n")).mode(),
            wanted(&[mode]),
            "{word}"
        );
    }
}

#[test]
fn what_is_no_configuration_is_none() {
    for (path, text) in [
        ("a.pem", "-----BEGIN CERTIFICATE-----\n"),
        ("secret.yaml", "kind: Secret\ndata: { tls.crt: aa }\n"),
        ("notes.txt", "server room keys are in the drawer\n"),
        ("a.json", "{}"),
        ("case.json", r#"{"eku": ["clientAuth"]}"#),
        ("bag.txt", "server {\n;\n-----BEGIN CERTIFICATE-----\n"),
    ] {
        assert_eq!(software(path, text), None, "{path}");
    }
}

const ALL: [(ServerSoftware, &str, &str); 5] = [
    (ServerSoftware::Nginx, "nginx.conf", NGINX),
    (ServerSoftware::Apache, "httpd.conf", APACHE),
    (ServerSoftware::Haproxy, "haproxy.cfg", HAPROXY),
    (ServerSoftware::Caddy, "Caddyfile", CADDY),
    (
        ServerSoftware::Traefik,
        "t.toml",
        "[tls.options.a.clientAuth]\nclientAuthType = 'x'\n",
    ),
];

proptest! {
    /// A configuration that was cut or scribbled upon is read as far as it goes.
    #[test]
    fn nothing_panics(which in 0..ALL.len(), cut in 0..2_000usize, scribble in "[{}\\\\\"'`;#<>\\[\\]()\n\u{1b}é ]{0,12}", at in 0..2_000usize) {
        let (software, path, text) = ALL[which];
        let mut text = text.to_owned();
        let place = |at: usize, text: &str| text.char_indices().map(|(index, _)| index).nth(at.min(text.len())).unwrap_or(text.len());
        let middle = place(at, &text);
        text.insert_str(middle, &scribble);
        let end = place(cut, &text);
        text.truncate(end);
        let _ = sites(software, path, &text, &mut Memory(Vec::new()));
        let _ = sites(ServerSoftware::Envoy, path, &text, &mut Memory(Vec::new()));
    }
}

#[test]
fn blocks_without_end_are_left_out_and_told() {
    let nginx = format!(
        "server {{ listen 1 ssl; {}",
        "location / { ".repeat(100_000)
    );
    let caddy = format!("a.example {{\n{}", "handle {\n".repeat(100_000));
    let apache = format!(
        "SSLEngine on\nSSLVerifyClient none\n{}",
        "<Location />\n".repeat(100_000)
    );
    for (software, text) in [
        (ServerSoftware::Nginx, nginx),
        (ServerSoftware::Caddy, caddy),
        (ServerSoftware::Apache, apache),
    ] {
        let found = sites(software, "conf", &text, &mut Memory(Vec::new()));
        assert!(found.len() <= 1, "{software:?}");
    }
    for text in [
        "a: [".repeat(50_000),
        format!("static_resources: {}", "{a: ".repeat(20_000)),
    ] {
        assert_eq!(
            sites(
                ServerSoftware::Envoy,
                "e.yaml",
                &text,
                &mut Memory(Vec::new())
            )
            .len(),
            1
        );
    }
    let toml = format!("a = {}", "[".repeat(100_000));
    assert_eq!(
        sites(
            ServerSoftware::Traefik,
            "t.toml",
            &toml,
            &mut Memory(Vec::new())
        )
        .len(),
        1
    );
}

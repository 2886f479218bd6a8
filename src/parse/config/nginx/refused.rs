//! What nginx does not start with: a directive where it may not stand, one that it does not know, a
//! `;` that is missing.
//!
//! Must not: claim it of a directive that a module of somebody else's may bring.

use super::super::{
    setting,
    tree::{self, Directive, Scope, named},
};
use crate::facts::{NotUnderstood, Site};

/// Directives of `http` and `server` blocks alone, with one value each (nginx.org,
/// ngx_http_ssl_module, read 2026-11-30).
const OF_A_SERVER: [&str; 8] = [
    "ssl_verify_client",
    "ssl_verify_depth",
    "ssl_client_certificate",
    "ssl_trusted_certificate",
    "ssl_certificate",
    "ssl_certificate_key",
    "ssl_crl",
    "ssl_password_file",
];
/// The other directives about TLS of nginx's own modules, and those that are removed.
const OTHERS: [&str; 33] = [
    "ssl",
    "ssl_alpn",
    "ssl_buffer_size",
    "ssl_certificate_cache",
    "ssl_certificate_compression",
    "ssl_ciphers",
    "ssl_conf_command",
    "ssl_dhparam",
    "ssl_early_data",
    "ssl_ech_file",
    "ssl_ecdh_curve",
    "ssl_engine",
    "ssl_handshake_timeout",
    "ssl_key_log",
    "ssl_name",
    "ssl_object_cache_inheritable",
    "ssl_ocsp",
    "ssl_ocsp_cache",
    "ssl_ocsp_responder",
    "ssl_prefer_server_ciphers",
    "ssl_preread",
    "ssl_protocols",
    "ssl_reject_handshake",
    "ssl_session_cache",
    "ssl_session_ticket_key",
    "ssl_session_tickets",
    "ssl_session_timeout",
    "ssl_stapling",
    "ssl_stapling_file",
    "ssl_stapling_responder",
    "ssl_stapling_verify",
    "ssl_dyn_rec_enable",
    "ssl_dyn_rec_timeout",
];
/// Directives that no value of `listen` or `server_name` is.
const NO_VALUE: [&str; 9] = [
    "listen",
    "server_name",
    "location",
    "return",
    "root",
    "index",
    "if",
    "include",
    "proxy_pass",
];
/// What is said of a line with too much in it.
const SEMICOLON: &str = "is a `;` missing? nginx does not start";

/// Puts to the site what nginx refuses in a server block and around it.
pub(super) fn read(block: &Directive, scopes: &[&Scope<'_>], site: &mut Site) {
    for directive in tree::all(block.children()) {
        one(directive, site);
    }
    for name in OF_A_SERVER.into_iter().chain(["listen", "server_name"]) {
        for directive in scopes.iter().flat_map(|scope| scope.named(name)) {
            values(directive, site);
        }
    }
    for directive in tree::nearest(scopes, "ssl_protocols") {
        protocols(directive, site);
    }
    for outer in block.children().iter().filter(|one| one.block.is_some()) {
        for inner in tree::all(outer.children()) {
            if OF_A_SERVER.contains(&inner.name.as_str()) {
                let what = format!(
                    "{} is not allowed in `{}`: nginx does not start",
                    inner.name, outer.name
                );
                refuse(inner, what, site);
            }
        }
    }
    let verifies = named(block.children(), "ssl_verify_client")
        .any(|one| one.arg(0).eq_ignore_ascii_case("on"));
    let anchors = tree::nearest(scopes, "ssl_client_certificate");
    let trusted = tree::nearest(scopes, "ssl_trusted_certificate");
    if let (true, [], [.., last]) = (verifies, anchors.as_slice(), trusted.as_slice()) {
        // Newer versions take this one; which is in use is not known.
        site.not_understood.push(setting(
            NotUnderstood::Expected(
                "ssl_client_certificate, without which nginx 1.22 does not start",
            ),
            &last.place,
            &last.text,
        ));
    }
}

fn refuse(directive: &Directive, what: String, site: &mut Site) {
    if site.refused.iter().all(|one| one.place != directive.place) {
        site.refused
            .push(setting(what, &directive.place, &directive.text));
    }
}

/// A word that is no version.
fn protocols(directive: &Directive, site: &mut Site) {
    const WORDS: [&str; 6] = ["SSLv2", "SSLv3", "TLSv1", "TLSv1.1", "TLSv1.2", "TLSv1.3"];
    // Something may be put in later.
    let known = |word: &String| {
        word.contains(['$', '@', '{', '<', '%'])
            || WORDS.iter().any(|known| known.eq_ignore_ascii_case(word))
    };
    if let Some(word) = directive.args.iter().find(|word| !known(word)) {
        let what = format!("ssl_protocols has no version `{word}`: nginx does not start");
        refuse(directive, what, site);
    }
}

/// A directive that nginx does not know.
fn one(directive: &Directive, site: &mut Site) {
    let name = directive.name.as_str();
    let known = OF_A_SERVER.contains(&name) || OTHERS.contains(&name);
    if known || !name.starts_with("ssl_") || name.contains("_by_lua") {
        return;
    }
    match tree::meant(name, &OF_A_SERVER) {
        Some(meant) => refuse(
            directive,
            format!("nginx has no directive {name} (is it {meant}?), and does not start"),
            site,
        ),
        None => site.not_understood.push(setting(
            NotUnderstood::NotKnown("directive"),
            &directive.place,
            &directive.text,
        )),
    }
}

/// A directive with more behind it than it takes.
fn values(directive: &Directive, site: &mut Site) {
    let name = directive.name.as_str();
    let another = |word: &String| word.starts_with("ssl_") || NO_VALUE.contains(&word.as_str());
    let too_much = match name {
        "listen" | "server_name" => directive.args.iter().any(another),
        _ => directive.args.len() > 1,
    };
    if too_much || directive.block.is_some() {
        refuse(
            directive,
            format!("{name} has too much behind it: {SEMICOLON}"),
            site,
        );
    } else if name == "ssl_verify_client" && directive.arg(0).contains(['$', '@', '{', '<', '%']) {
        // Something is put in before nginx reads it.
        site.not_understood.push(setting(
            NotUnderstood::Expected("on, off, optional or optional_no_ca"),
            &directive.place,
            &directive.text,
        ));
    } else if name == "ssl_verify_client"
        && !["on", "off", "optional", "optional_no_ca"]
            .contains(&directive.arg(0).to_ascii_lowercase().as_str())
    {
        let what = format!(
            "ssl_verify_client takes on, off, optional or optional_no_ca, not `{}`: nginx does not start",
            directive.arg(0)
        );
        refuse(directive, what, site);
    }
}

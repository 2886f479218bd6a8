//! What Caddy asks of client certificates: the modes and the pools of CAs, which the Caddyfile and
//! JSON share.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::super::{
    inline, setting,
    tree::{Directive, named},
};
use crate::facts::{Checks, ClientAuthMode, NotUnderstood, Place, Site};

/// The words of `mode`.
const MODES: &str = "request, require, verify_if_given or require_and_verify";

/// Sets the mode by its word; without one, CAs that are named are used, and none that is not.
pub(super) fn mode(word: Option<&str>, pool: bool, place: &Place, text: &str, site: &mut Site) {
    let (asks, requires, checks) = match word.unwrap_or_default() {
        "request" => (true, false, Checks::Nothing),
        "require" => (true, true, Checks::Nothing),
        "verify_if_given" => (true, false, Checks::All),
        "require_and_verify" => (true, true, Checks::All),
        "" if pool => (true, true, Checks::All),
        "" => (true, true, Checks::Nothing),
        other => {
            let expected = NotUnderstood::Expected(MODES);
            if !filled_in(other) {
                let why = format!("expected {MODES}, found `{other}`: Caddy does not start");
                site.refused.push(setting(why, place, text));
            }
            site.not_understood.push(setting(expected, place, text));
            return;
        }
    };
    let mode = ClientAuthMode {
        asks,
        requires,
        checks,
    };
    site.client_auth = Some(setting(mode, place, text));
}

/// Whether something is put in its place while Caddy starts or runs.
fn filled_in(word: &str) -> bool {
    word.contains('{')
}

/// CAs in the base64 of DER, by the setting that has them.
pub(super) fn in_base64<'a>(
    what: &str,
    values: impl Iterator<Item = &'a str>,
    place: &Place,
    site: &mut Site,
) {
    for value in values {
        match STANDARD.decode(value) {
            _ if filled_in(value) => {
                let why = NotUnderstood::MadeWhileRunning;
                site.not_understood.push(setting(why, place, what));
            }
            Ok(der) => inline(what, in_pem(&der), place, site),
            Err(_) => {
                let why = format!(
                    "{what}: expected the base64 of a certificate in DER: Caddy does not start"
                );
                site.refused.push(setting(why, place, what));
            }
        }
    }
}

/// DER as PEM, which is what a file with authorities holds.
fn in_pem(der: &[u8]) -> Vec<u8> {
    const LINE: usize = 48;
    let mut pem = String::from("-----BEGIN CERTIFICATE-----\n");
    for line in der.chunks(LINE) {
        STANDARD.encode_string(line, &mut pem);
        pem.push('\n');
    }
    pem.push_str("-----END CERTIFICATE-----\n");
    pem.into_bytes()
}

/// A pool whose CAs are not in a file that is named, by what provides it.
pub(super) fn provided(provider: &str, place: &Place, text: &str, site: &mut Site) {
    let why = match provider {
        "system" => NotUnderstood::SystemRoots,
        _ => NotUnderstood::Inline("the pool of client CAs"),
    };
    site.not_understood.push(setting(why, place, text));
}

/// Files with authorities; a variable in a name is filled in while the server runs.
fn authorities<'a>(files: impl Iterator<Item = &'a String>, at: &Directive, site: &mut Site) {
    for file in files {
        if file.contains("{$") || file.contains("{env.") {
            let why = NotUnderstood::MadeWhileRunning;
            site.not_understood.push(setting(why, &at.place, &at.text));
        } else {
            site.client_ca
                .push(setting(file.clone(), &at.place, &at.text));
        }
    }
}

/// `client_auth` of the Caddyfile.
pub(super) fn client_auth(auth: &Directive, site: &mut Site) {
    let mut pool = false;
    let mut word = None;
    for inner in auth.children() {
        match inner.name.as_str() {
            "trusted_leaf_cert_file" | "trusted_leaf_cert" => {
                site.not_understood.push(setting(
                    NotUnderstood::TrustedLeaves,
                    &inner.place,
                    &inner.text,
                ));
            }
            "trusted_ca_cert_file" => {
                pool = true;
                authorities(inner.args.iter(), inner, site);
            }
            "trusted_ca_cert" => {
                pool = true;
                let values = inner.args.iter().map(String::as_str);
                in_base64("trusted_ca_cert", values, &inner.place, site);
            }
            "trust_pool" => {
                pool = true;
                trust_pool(inner, site);
            }
            "mode" => word = Some(inner),
            _ => site.not_understood.push(setting(
                NotUnderstood::Directive,
                &inner.place,
                &inner.text,
            )),
        }
    }
    let at = word.unwrap_or(auth);
    let word = word.map(|word| word.arg(0));
    mode(word, pool, &at.place, &at.text, site);
}

fn trust_pool(pool: &Directive, site: &mut Site) {
    match pool.arg(0) {
        "file" => {
            let inside = named(pool.children(), "pem_file").flat_map(|file| &file.args);
            authorities(pool.args.iter().skip(1).chain(inside), pool, site);
        }
        "inline" => {
            for der in named(pool.children(), "trust_der") {
                let values = der.args.iter().map(String::as_str);
                in_base64("trust_der", values, &der.place, site);
            }
        }
        other => provided(other, &pool.place, &pool.text, site),
    }
}

//! The names and fingerprints that a validation context asks for.

use base64::{Engine, engine::general_purpose::STANDARD};

use super::super::{
    node::{Node, Value},
    setting, short,
};
use crate::facts::{Comparison, NotUnderstood, Pin, Pinned, Site};

/// The names and fingerprints that the handshake itself asks for; whether there are any.
pub(super) fn names(validation: &Node, path: &str, site: &mut Site) -> bool {
    let fingerprints = fingerprints(validation, path, site);
    alternative_names(validation, path, site) || fingerprints
}

fn fingerprints(validation: &Node, path: &str, site: &mut Site) -> bool {
    let mut any = false;
    for (key, expected, fits) in [
        (
            "verify_certificate_spki",
            "the base64 of a SHA-256",
            is_base64 as fn(&str) -> bool,
        ),
        (
            "verify_certificate_hash",
            "a SHA-256 in hexadecimal",
            is_hex as fn(&str) -> bool,
        ),
    ] {
        if let Some(list) = validation.get(key) {
            let values: Vec<String> = list
                .list()
                .iter()
                .filter_map(Node::text)
                .map(str::to_owned)
                .collect();
            any |= !values.is_empty();
            for node in list.list() {
                // Something may be put in its place before Envoy reads it.
                let value = node.text().unwrap_or_default();
                if !value.contains('$') && !fits(value) {
                    let value = short(value);
                    let why = format!("expected {expected}, found `{value}`: Envoy does not start");
                    let text = format!("{key}: {value}");
                    site.refused.push(setting(why, &node.place(path), &text));
                }
            }
            if values.is_empty() {
                continue;
            }
            let pin = Pin {
                of: Pinned::Fingerprint,
                comparison: Comparison::Equals,
                values,
                negated: false,
                in_handshake: true,
            };
            site.pins.push(setting(pin, &list.place(path), key));
        }
    }
    any
}

fn alternative_names(validation: &Node, path: &str, site: &mut Site) -> bool {
    let mut any = false;
    for key in ["match_typed_subject_alt_names", "match_subject_alt_names"] {
        let Some(list) = validation.get(key) else {
            continue;
        };
        // One is also written without the list around it.
        let entries = match &list.value {
            Value::Map(_) => std::slice::from_ref(list),
            _ => list.list(),
        };
        any |= !entries.is_empty();
        // Several are alternatives; those of different kinds cannot be told as one list.
        let mut pins: Vec<Pin> = Vec::new();
        for entry in entries {
            let matcher = entry.get("matcher").unwrap_or(entry);
            let text = |key: &str| matcher.get(key).and_then(Node::text).map(str::to_owned);
            let found = text("exact")
                .map(|value| (Comparison::Equals, value))
                .or_else(|| text("contains").map(|value| (Comparison::Contains, value)))
                .or_else(|| {
                    text("prefix")
                        .map(|value| (Comparison::Matches, format!("^{}", regex::escape(&value))))
                })
                .or_else(|| {
                    text("suffix")
                        .map(|value| (Comparison::Matches, format!("{}$", regex::escape(&value))))
                })
                .or_else(|| {
                    let regex = matcher.at(&["safe_regex", "regex"])?.text()?;
                    Some((Comparison::Matches, format!("^(?:{regex})$")))
                });
            let Some((comparison, value)) = found else {
                site.not_understood
                    .push(setting(NotUnderstood::Matcher, &entry.place(path), key));
                continue;
            };
            match pins.iter_mut().find(|pin| pin.comparison == comparison) {
                Some(pin) => pin.values.push(value),
                None => pins.push(Pin {
                    of: Pinned::AlternativeName,
                    comparison,
                    values: vec![value],
                    negated: false,
                    in_handshake: true,
                }),
            }
        }
        match pins.as_slice() {
            [only] => site.pins.push(setting(
                only.clone(),
                &list.place(path),
                &format!("{key}: {}", only.values.join(", ")),
            )),
            [] => {}
            _ => site.not_understood.push(setting(
                NotUnderstood::SeveralMatchers,
                &list.place(path),
                key,
            )),
        }
    }
    any
}

/// Bytes of a SHA-256.
const DIGEST: usize = 32;

fn is_base64(value: &str) -> bool {
    STANDARD
        .decode(value)
        .is_ok_and(|bytes| bytes.len() == DIGEST)
}

/// In hexadecimal, with a colon between the bytes or without.
fn is_hex(value: &str) -> bool {
    let plain = match value.len() {
        95 => value.replace(':', ""),
        _ => value.to_owned(),
    };
    plain.len() == 2 * DIGEST && plain.bytes().all(|byte| byte.is_ascii_hexdigit())
}

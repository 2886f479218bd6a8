//! The names and fingerprints that a validation context asks for.

use super::super::{node::Node, setting};
use crate::facts::{Comparison, NotUnderstood, Pin, Pinned, Site};

/// The names and fingerprints that the handshake itself asks for.
pub(super) fn names(validation: &Node, path: &str, site: &mut Site) {
    for key in ["verify_certificate_spki", "verify_certificate_hash"] {
        if let Some(list) = validation.get(key) {
            let values = list
                .list()
                .iter()
                .filter_map(Node::text)
                .map(str::to_owned)
                .collect();
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
    for key in ["match_typed_subject_alt_names", "match_subject_alt_names"] {
        let Some(list) = validation.get(key) else {
            continue;
        };
        // Several are alternatives; those of different kinds cannot be told as one list.
        let mut pins: Vec<Pin> = Vec::new();
        for entry in list.list() {
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
}

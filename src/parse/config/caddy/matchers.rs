//! Matchers on the certificate: `vars`, `vars_regexp`, `expression`, and `not` before them.

use super::super::tree::Directive;
use crate::facts::{Comparison, Pin, Pinned};

/// The condition that requests have to fulfil not to meet this matcher, which refuses them. `None`:
/// it is not about the certificate; `Some(None)`: it is, and cannot be told.
pub(super) fn matched(matcher: &Directive) -> Option<Option<Pin>> {
    let about = |text: &str| text.contains("tls_client_") || text.contains("tls.client.");
    let mut words: Vec<String> = matcher.args.clone();
    let mut text = matcher.text.clone();
    if let [only] = matcher.children() {
        words = std::iter::once(only.name.clone())
            .chain(only.args.iter().cloned())
            .collect();
        text = only.text.clone();
        if only.name == "not"
            && let [inner] = only.children()
        {
            words = ["not".to_owned(), inner.name.clone()]
                .into_iter()
                .chain(inner.args.iter().cloned())
                .collect();
            text = inner.text.clone();
        }
    }
    if !about(&text) {
        return None;
    }
    let inverted = words.first().is_some_and(|word| word == "not");
    if inverted {
        words.remove(0);
    }
    Some(compared(&words).map(|pin| Pin {
        negated: pin.negated == inverted,
        ..pin
    }))
}

fn pinned(placeholder: &str) -> Option<Pinned> {
    let name = placeholder.trim_matches(['{', '}']);
    let name = name
        .strip_prefix("http.request.tls.client.")
        .or_else(|| name.strip_prefix("tls_client_"))?;
    Some(match name {
        "subject" => Pinned::Subject,
        "issuer" => Pinned::Issuer,
        "fingerprint" | "serial" => Pinned::Fingerprint,
        "san.dns_names.0" => Pinned::AlternativeName,
        _ => return None,
    })
}

/// `vars {tls_client_subject} X…`, `vars_regexp [name] {…} X`, `expression {…} == "X"`, `!=`,
/// `.contains("X")`, `.matches("X")`.
fn compared(words: &[String]) -> Option<Pin> {
    let pin = |of, comparison, values, negated| {
        Some(Pin {
            of,
            comparison,
            values,
            negated,
            in_handshake: false,
        })
    };
    match words.first()?.as_str() {
        "vars" => pin(
            pinned(words.get(1)?)?,
            Comparison::Equals,
            words[2..].to_vec(),
            false,
        ),
        "vars_regexp" => {
            let at = words.iter().position(|word| word.starts_with('{'))?;
            pin(
                pinned(&words[at])?,
                Comparison::Matches,
                words[at + 1..].to_vec(),
                false,
            )
        }
        "expression" => {
            let text = words[1..].join(" ");
            let text = text.trim();
            let (not, text) = match text.strip_prefix('!') {
                Some(rest) => (true, rest.trim()),
                None => (false, text),
            };
            let end = text.find('}')?;
            let of = pinned(&text[..=end])?;
            let rest = text[end + 1..].trim();
            if rest.contains("&&") || rest.contains("||") {
                return None;
            }
            let quoted = |text: &str| text.trim().trim_matches(['"', '\'', ')', '(']).to_owned();
            for (operator, comparison, negated) in [
                ("==", Comparison::Equals, false),
                ("!=", Comparison::Equals, true),
                (".contains", Comparison::Contains, false),
                (".matches", Comparison::Matches, false),
            ] {
                if let Some(value) = rest.strip_prefix(operator) {
                    return pin(of, comparison, vec![quoted(value)], negated != not);
                }
            }
            None
        }
        _ => None,
    }
}

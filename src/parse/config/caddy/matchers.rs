//! Matchers on the certificate: `vars`, `vars_regexp`, `expression`, and `not` before them.

use super::super::tree::{Directive, all};
use crate::facts::{Comparison, Pin, Pinned};

/// Whether a text speaks of the certificate.
pub(super) fn about(text: &str) -> bool {
    text.contains("tls_client_") || text.contains("tls.client.")
}

/// Whether a directive, or anything within it, speaks of the certificate.
pub(super) fn about_within(directive: &Directive) -> bool {
    about(&directive.text) || all(directive.children()).iter().any(|one| about(&one.text))
}

/// The condition that requests have to fulfil not to meet this matcher, which refuses them, and
/// what else the matcher asks of them. `None`: it is not about the certificate; `Some(None)`: it is,
/// and cannot be told.
pub(super) fn matched(matcher: &Directive) -> Option<Option<(Pin, Option<String>)>> {
    if !about_within(matcher) {
        return None;
    }
    if matcher.children().is_empty() {
        return Some(told(&matcher.args).map(|pin| (pin, None)));
    }
    // Lines side by side have to hold together.
    let (of_it, others): (Vec<&Directive>, Vec<&Directive>) = matcher
        .children()
        .iter()
        .partition(|child| about_within(child));
    let [only] = of_it.as_slice() else {
        return Some(None);
    };
    let mut words: Vec<String> = std::iter::once(&only.name)
        .chain(&only.args)
        .cloned()
        .collect();
    if only.block.is_some() {
        match only.children() {
            [inner] if only.name == "not" => {
                words.push(inner.name.clone());
                words.extend(inner.args.iter().cloned());
            }
            _ => return Some(None),
        }
    }
    let others = (!others.is_empty()).then(|| {
        let texts: Vec<&str> = others.iter().map(|one| one.text.as_str()).collect();
        texts.join(" and ")
    });
    Some(told(&words).map(|pin| (pin, others)))
}

/// One comparison, perhaps turned round, as the condition not to fit it.
fn told(words: &[String]) -> Option<Pin> {
    let inverted = words.first().is_some_and(|word| word == "not");
    let pin = compared(&words[usize::from(inverted)..])?;
    Some(Pin {
        negated: pin.negated == inverted,
        ..pin
    })
}

fn pinned(placeholder: &str) -> Option<Pinned> {
    let name = placeholder.trim_matches(['{', '}']);
    let name = name
        .strip_prefix("http.request.tls.client.")
        .or_else(|| name.strip_prefix("tls_client_"))?;
    Some(match name {
        "subject" => Pinned::Subject,
        "issuer" => Pinned::Issuer,
        "fingerprint" => Pinned::Fingerprint,
        "serial" => Pinned::Serial,
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
        // Without a certificate there is no value, which is not the empty one (Caddy 2.6.2).
        "vars" if words[2..].iter().any(String::is_empty) => None,
        "vars" => pin(
            pinned(words.get(1)?)?,
            Comparison::Equals,
            words[2..].to_vec(),
            false,
        ),
        "vars_regexp" => {
            let at = words.iter().position(|word| word.starts_with('{'))?;
            // Without a certificate there is a value all the same, and `.` fits it (Caddy 2.6).
            let fits_nobody = |pattern: &String| {
                regex::Regex::new(pattern).map_or(true, |regex| regex.is_match("<nil>"))
            };
            if words[at + 1..].iter().any(fits_nobody) {
                return None;
            }
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
                    let null = value.trim().trim_end_matches(')').trim() == "null";
                    let value = match null {
                        // No certificate.
                        true if comparison == Comparison::Equals => String::new(),
                        _ => quoted(value),
                    };
                    // The empty value is not that of nobody.
                    if value.is_empty() && !null {
                        return None;
                    }
                    return pin(of, comparison, vec![value], negated != not);
                }
            }
            None
        }
        _ => None,
    }
}

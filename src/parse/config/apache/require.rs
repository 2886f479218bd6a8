//! What `Require` lines and their blocks come to, as conditions on the certificate.

use super::{
    super::{
        setting,
        tree::{self, Directive},
    },
    conditions::{all_of, verified},
};
use crate::facts::{Pin, Setting};

/// Whether a text speaks of the certificate.
pub(super) fn about(text: &str) -> bool {
    text.contains("SSL_CLIENT_") || text.to_ascii_lowercase().contains("ssl-verify-client")
}

/// Whether anything within is about the certificate.
pub(super) fn about_within(directive: &Directive) -> bool {
    about(&directive.text)
        || tree::all(directive.children())
            .iter()
            .any(|inner| about(&inner.text))
}

/// Whether a directive is a `Require` or a block of them.
pub(super) fn is_require(directive: &Directive) -> bool {
    ["require", "<requireall", "<requireany", "<requirenone"]
        .contains(&directive.name.to_ascii_lowercase().as_str())
}

/// A `Require not` among those of which one is enough, which Apache does not take.
pub(super) fn alone_negated<'a>(asked: &[&'a Directive]) -> Option<&'a Directive> {
    let negated = |one: &&&Directive| {
        one.name.eq_ignore_ascii_case("Require") && one.arg(0).eq_ignore_ascii_case("not")
    };
    asked.iter().find(negated).copied()
}

/// The conditions of which, taken together, every one has to hold; none when anybody gets in. The
/// error is what cannot be told so.
pub(super) fn any_of<'a>(
    asked: &[&'a Directive],
    depth: usize,
) -> Result<Vec<Setting<Pin>>, &'a Directive> {
    let mut found: Option<Setting<Pin>> = None;
    let mut several = None;
    for directive in asked {
        if directive.name.eq_ignore_ascii_case("require") {
            let word = |index: usize| directive.arg(index).to_ascii_lowercase();
            match (word(0).as_str(), word(1).as_str()) {
                ("all", "granted") => return Ok(Vec::new()),
                ("all", "denied") => continue,
                _ => {}
            }
        }
        let pins = one(directive, depth)?;
        match (pins.as_slice(), &mut found) {
            ([], _) => return Err(directive),
            ([pin], None) if several.is_none() => found = Some(pin.clone()),
            ([pin], Some(kept))
                if several.is_none()
                    && kept.value.of == pin.value.of
                    && kept.value.comparison == pin.value.comparison
                    && !kept.value.negated
                    && !pin.value.negated =>
            {
                kept.value.values.extend(pin.value.values.iter().cloned());
            }
            (pins, None) if several.is_none() => several = Some(pins.to_vec()),
            _ => return Err(directive),
        }
    }
    Ok(several.unwrap_or_else(|| found.into_iter().collect()))
}

/// What one `Require`, or a block of them, asks of the certificate.
fn one(directive: &Directive, depth: usize) -> Result<Vec<Setting<Pin>>, &Directive> {
    let inner: Vec<&Directive> = directive
        .children()
        .iter()
        .filter(|one| is_require(one))
        .collect();
    match directive.name.to_ascii_lowercase().as_str() {
        _ if depth > 8 => Err(directive),
        "<requireany" => any_of(&inner, depth + 1),
        "<requireall" => {
            let mut all = Vec::new();
            for one_of in inner {
                // What does not look at the certificate can only turn away more.
                if about_within(one_of) {
                    all.extend(one(one_of, depth + 1)?);
                }
            }
            Ok(all)
        }
        "<requirenone" => match inner.as_slice() {
            [only] => Ok(one(only, depth + 1)?.into_iter().map(negated).collect()),
            _ => Err(directive),
        },
        _ => single(directive).ok_or(directive),
    }
}

fn negated(setting: Setting<Pin>) -> Setting<Pin> {
    Setting {
        value: Pin {
            negated: !setting.value.negated,
            ..setting.value
        },
        ..setting
    }
}

fn single(directive: &Directive) -> Option<Vec<Setting<Pin>>> {
    let not = directive.arg(0).eq_ignore_ascii_case("not");
    let words = &directive.args[usize::from(not).min(directive.args.len())..];
    let pins = match words
        .first()
        .map(|word| word.to_ascii_lowercase())
        .as_deref()
    {
        Some("ssl-verify-client") => vec![verified(false)],
        Some("expr") if about(&directive.text) => all_of(&words[1..].join(" "))?,
        _ => return None,
    };
    if not && pins.len() != 1 {
        return None;
    }
    let told = |pin| setting(pin, &directive.place, &directive.text);
    let pins = pins.into_iter().map(told);
    Some(if not {
        pins.map(negated).collect()
    } else {
        pins.collect()
    })
}

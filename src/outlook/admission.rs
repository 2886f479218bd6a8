//! What a server does with a client, told from its configuration and its client-CA file before it
//! is asked.
//!
//! For: `lint` of configurations and the outlook on a sender. Must not: build paths; the caller
//! says what OpenSSL would find wrong. Held to real servers by `tests/simulate/configured.rs`.

use crate::facts::{
    Admission, Admitted, Checks, Comparison, Demand, ListInUse, NotUnderstood, Pin, Pinned, Place,
    RevocationCheck, ServerSoftware, Site, TurnedAway,
};

/// `X509_V_ERR_CERT_CHAIN_TOO_LONG`.
const TOO_LONG: u32 = 22;
/// The errors that `optional_no_ca` passes over: nginx `ngx_ssl_verify_error_optional`, Apache
/// `ssl_verify_error_is_optional`.
const ABOUT_THE_ISSUER: [u32; 4] = [18, 19, 20, 21];

/// A client as a server meets it.
#[derive(Clone, Debug, Default)]
pub struct Caller {
    /// Whether it presents a certificate.
    pub presents: bool,
    /// What OpenSSL finds wrong with it under the server's anchors, `X509_V_ERR_*`.
    pub errors: Vec<u32>,
    /// How many intermediates stand between its leaf and the anchor; `None` when not known.
    pub intermediates: Option<u32>,
    /// The leaf's common name.
    pub common_name: Option<String>,
    /// Its whole subject, the newest form; `None` when not known.
    pub subject: Option<String>,
    /// Its alternative names; `None` when not known.
    pub alternative_names: Option<Vec<String>>,
}

/// What becomes of it.
pub fn admit(site: &Site, caller: &Caller) -> Admission {
    let mode = site.mode();
    if !mode.asks {
        return conditions(site, caller, false, "no certificate is requested");
    }
    if !caller.presents {
        return if mode.requires {
            refused(site, "a certificate is required".to_owned())
        } else {
            conditions(site, caller, false, "a certificate is not required")
        };
    }
    let mut errors = caller.errors.clone();
    let limit = site
        .intermediates
        .as_ref()
        .map(|setting| setting.value)
        .or(site.intermediates_default);
    if let (Some(limit), Some(count)) = (limit, caller.intermediates)
        && count > limit
    {
        errors.push(TOO_LONG);
    }
    let fatal = |error: &u32| match mode.checks {
        Checks::All => passed_over(site, *error) != Some(true),
        Checks::ButIssuer => !ABOUT_THE_ISSUER.contains(error),
        Checks::Nothing => false,
    };
    let by_where =
        |error: &&u32| mode.checks == Checks::All && passed_over(site, **error).is_none();
    if let Some(error) = errors.iter().find(|error| fatal(error)) {
        let why = match *error {
            TOO_LONG => "its chain is longer than the configured depth".to_owned(),
            error => crate::verify::x509_error(error).text.to_string(),
        };
        if errors
            .iter()
            .filter(|error| fatal(error))
            .all(|error| by_where(&error))
        {
            return unknown(format!(
                "depends on which certificate of its chain it is about: {why}"
            ));
        }
        return refused(site, why);
    }
    let why = match mode.checks {
        Checks::All => "its chain is trusted",
        Checks::ButIssuer => "its issuer is not checked",
        Checks::Nothing => "nothing is checked",
    };
    conditions(site, caller, errors.is_empty(), why)
}

/// The errors that the server's revocation lists bring for a chain with these CAs: its root by its
/// comparable name, and whether a CA that is no anchor is one of its intermediates. `None` where it
/// depends on which of several anchors it is.
pub fn list_errors(
    site: &Site,
    root: Option<&[u8]>,
    of_intermediate: impl Fn(&ListInUse) -> bool,
) -> Option<Vec<u32>> {
    let check = site.crl_check;
    if site.lists.is_empty() || check == RevocationCheck::Never {
        return Some(Vec::new());
    }
    let counts = |error: &u32| *error != NO_LIST || check != RevocationCheck::WhereThereIsOne;
    let mut errors = Vec::new();
    if check != RevocationCheck::Leaf {
        let mut of_root = site
            .lists
            .iter()
            .filter(|list| list.anchor && root.is_none_or(|root| list.issuer_canonical == root));
        let first = of_root.next().map_or(Some(NO_LIST), |list| list.error);
        if of_root.any(|list| list.error != first) {
            return None;
        }
        errors.extend(first.filter(counts));
    }
    let between = site
        .lists
        .iter()
        .filter(|list| of_intermediate(list))
        .map(|list| list.error)
        .min_by_key(Option::is_some)
        .unwrap_or(Some(NO_LIST));
    errors.extend(between.filter(counts));
    Some(errors)
}

/// `X509_V_ERR_UNABLE_TO_GET_CRL`.
const NO_LIST: u32 = 3;

/// Whether the server passes over an error; `None` where that depends on which certificate of the
/// chain has it.
fn passed_over(site: &Site, error: u32) -> Option<bool> {
    let Some(setting) = &site.ignores else {
        return Some(false);
    };
    let of_leaf = setting.value.of_leaf.has(error);
    let above = setting.value.of_authorities.has(error);
    (of_leaf == above).then_some(of_leaf)
}

/// Turned away by the handshake, or by what the server puts in its place: nginx lets the handshake
/// through and answers 400.
fn refused(site: &Site, why: String) -> Admission {
    let nginx = site.software == ServerSoftware::Nginx;
    let replaced = site
        .not_understood
        .iter()
        .find(|setting| setting.value == NotUnderstood::RefusalReplaced);
    if let Some(setting) = replaced.filter(|_| nginx) {
        return unknown(depends(
            &setting.text,
            &setting.place,
            &setting.value.to_string(),
        ));
    }
    Admission {
        outcome: Admitted::Rejected,
        // What nginx answers over another protocol is no status.
        rejected_by: match (nginx, site.http) {
            (true, true) => Some(TurnedAway::HttpStatus),
            (true, false) => None,
            (false, _) => Some(TurnedAway::Alert),
        },
        why,
    }
}

/// The conditions, once the handshake is through.
fn conditions(site: &Site, caller: &Caller, verified: bool, why: &str) -> Admission {
    let mut not_known = false;
    for setting in &site.pins {
        match holds(&setting.value, caller, verified) {
            Some(true) => {}
            Some(false) => {
                let by = if setting.value.in_handshake {
                    TurnedAway::Alert
                } else {
                    TurnedAway::HttpStatus
                };
                return rejected(Some(by), turned_away(&setting.text));
            }
            None => not_known = true,
        }
    }
    let mut some = None;
    for setting in &site.partly {
        let passes = demanded(&setting.value.demand, site, caller, verified);
        match passes {
            Some(true) => {}
            Some(false) if setting.value.every => {
                let by = match setting.value.demand {
                    Demand::Certificate(_) => None,
                    Demand::Condition(_) => Some(TurnedAway::HttpStatus),
                };
                return rejected(by, turned_away(&setting.text));
            }
            None if setting.value.every => {
                some = Some((
                    setting,
                    "it is asked after the handshake, which not every client follows",
                ))
            }
            Some(false) => {
                some = some.or(Some((
                    setting,
                    "it is rejected there, and accepted elsewhere",
                )))
            }
            None => some = some.or(Some((setting, "it may be rejected there"))),
        }
    }
    if let Some((setting, what)) = some {
        let part = &setting.value.part;
        return unknown(depends(part, &setting.place, what));
    }
    if let Some(setting) = site.undecided() {
        return unknown(depends(
            &setting.text,
            &setting.place,
            &setting.value.to_string(),
        ));
    }
    if not_known {
        return unknown("unknown: a condition on the certificate decides".to_owned());
    }
    Admission {
        outcome: Admitted::Accepted,
        rejected_by: None,
        why: why.to_owned(),
    }
}

/// Whether what is asked of some requests is fulfilled; `None` when that is not known.
fn demanded(demand: &Demand, site: &Site, caller: &Caller, verified: bool) -> Option<bool> {
    match demand {
        Demand::Condition(pin) => holds(pin, caller, verified),
        // The handshake asked already, and let nobody pass whom this would refuse.
        Demand::Certificate(_) if site.mode().enforces() => Some(true),
        Demand::Certificate(mode) if !caller.presents => Some(!mode.requires),
        // A client has to follow when it is asked after the handshake: TLS 1.3 makes it an offer
        // of the client's, and HTTP/2 forbids it.
        Demand::Certificate(_) if site.mode().asks => Some(verified),
        Demand::Certificate(_) => None,
    }
}

fn turned_away(text: &str) -> String {
    format!("the condition `{text}` excludes it")
}

/// What decides, where it stands and what it does.
fn depends(what: &str, place: &Place, how: &str) -> String {
    match place {
        Place::File {
            path, first_line, ..
        } => format!("depends on `{what}` ({path}:{first_line}): {how}"),
        _ => format!("depends on `{what}`: {how}"),
    }
}

fn unknown(why: String) -> Admission {
    Admission {
        outcome: Admitted::Unknown,
        rejected_by: None,
        why,
    }
}

fn rejected(by: Option<TurnedAway>, why: impl Into<String>) -> Admission {
    Admission {
        outcome: Admitted::Rejected,
        rejected_by: by,
        why: why.into(),
    }
}

/// Whether a pin lets this client pass; `None` when what it looks at is not known.
pub fn holds(pin: &Pin, caller: &Caller, verified: bool) -> Option<bool> {
    let seen: Vec<String> = match pin.of {
        Pinned::Verified => return Some(verified != pin.negated),
        Pinned::NoError => return Some((verified || !caller.presents) != pin.negated),
        _ if !caller.presents => vec![String::new()],
        Pinned::CommonName => vec![caller.common_name.clone()?],
        Pinned::Subject => match (&caller.subject, &caller.common_name) {
            (Some(subject), _) => vec![subject.clone()],
            // Of a sender's subject the common name alone is known: enough for what speaks of that
            // alone.
            (None, Some(name)) => return subject_by_common_name(pin, name),
            (None, None) => return None,
        },
        Pinned::AlternativeName => caller.alternative_names.clone()?,
        Pinned::Issuer | Pinned::Fingerprint | Pinned::Serial => return None,
    };
    let mut any = false;
    for value in &pin.values {
        for seen in &seen {
            any |= fits(pin.comparison, value, seen)?;
        }
    }
    Some(any != pin.negated)
}

fn subject_by_common_name(pin: &Pin, name: &str) -> Option<bool> {
    let mut any = false;
    for value in &pin.values {
        // Any subject will do, and there is one.
        if pin.comparison == Comparison::Matches && value == "." {
            any = true;
            continue;
        }
        // What a part contains, the whole contains.
        if pin.comparison == Comparison::Contains && name.contains(value.as_str()) {
            any = true;
            continue;
        }
        let wanted = common_name_in(value, pin.comparison)?;
        any |= match pin.comparison {
            Comparison::Matches => fits(Comparison::Matches, &wanted, name)?,
            _ => wanted == name,
        };
    }
    Some(any != pin.negated)
}

/// The part of a pattern about a subject that follows `CN=`; `None` when it speaks of more than
/// that.
fn common_name_in(pattern: &str, comparison: Comparison) -> Option<String> {
    let pattern = pattern.trim_start_matches('^').trim_end_matches('$');
    let at = pattern
        .find("CN=")
        .map(|at| at + 3)
        .or_else(|| pattern.find("CN = ").map(|at| at + "CN = ".len()))?;
    let rest = &pattern[at..];
    let more = |text: &str| {
        [",O=", ",OU=", "/O=", "/OU=", ",C=", ", O"]
            .iter()
            .any(|part| text.contains(part))
    };
    if more(pattern) {
        return None;
    }
    let name = rest.trim_end_matches("(,|$)").trim_end_matches("\\b");
    Some(match comparison {
        Comparison::Matches => format!("^{name}$"),
        _ => name.to_owned(),
    })
}

/// Whether a value fits; `None` for an expression that is not one of ours to read.
fn fits(comparison: Comparison, value: &str, seen: &str) -> Option<bool> {
    match comparison {
        Comparison::Equals => Some(value == seen),
        Comparison::Contains => Some(seen.contains(value)),
        Comparison::Matches => plainly(value, seen).or_else(|| {
            let expression = regex::Regex::new(value).ok()?;
            Some(expression.is_match(seen))
        }),
    }
}

/// Whether an expression fits that is one word and its ends, of which a list may have thousands;
/// `None` where it is more than that.
fn plainly(expression: &str, seen: &str) -> Option<bool> {
    const CASELESS: &str = "(?i)";
    let (caseless, rest) = match expression.strip_prefix(CASELESS) {
        Some(rest) => (true, rest),
        None => (false, expression),
    };
    let (start, rest) = match rest.strip_prefix('^') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let (end, rest) = match rest.strip_suffix('$') {
        Some(rest) => (true, rest),
        None => (false, rest),
    };
    let is_word = |one: char| one.is_ascii_alphanumeric() || " =_,-/@:".contains(one);
    let mut word = String::with_capacity(rest.len());
    let mut characters = rest.chars();
    while let Some(character) = characters.next() {
        match character {
            // A dot that is meant as one.
            '\\' if characters.next() == Some('.') => word.push('.'),
            one if is_word(one) => word.push(one),
            _ => return None,
        }
    }
    if !seen.is_ascii() {
        return None;
    }
    let mut seen = std::borrow::Cow::Borrowed(seen);
    if caseless {
        word.make_ascii_lowercase();
        seen.to_mut().make_ascii_lowercase();
    }
    Some(match (start, end) {
        (true, true) => *seen == word,
        (true, false) => seen.starts_with(&word),
        (false, true) => seen.ends_with(&word),
        (false, false) => seen.contains(&word),
    })
}

#[cfg(test)]
mod tests;

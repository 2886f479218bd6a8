//! What a server does with a client, told from its configuration and its client-CA file before it
//! is asked.
//!
//! For: `lint` of configurations and the outlook on a sender. Must not: build paths; the caller
//! says what OpenSSL would find wrong. Held to real servers by `tests/simulate/configured.rs`.

use crate::facts::{
    Admission, Admitted, Checks, Comparison, Pin, Pinned, ServerSoftware, Setting, Site, TurnedAway,
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
    let nginx = site.software == ServerSoftware::Nginx;
    let refused_by = if nginx {
        TurnedAway::HttpStatus
    } else {
        TurnedAway::Alert
    };
    if !mode.asks {
        return conditions(site, caller, false, "no certificate is requested");
    }
    if !caller.presents {
        return if mode.requires {
            rejected(refused_by, "a certificate is required")
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
        Checks::All => true,
        Checks::ButIssuer => !ABOUT_THE_ISSUER.contains(error),
        Checks::Nothing => false,
    };
    if let Some(error) = errors.iter().find(|error| fatal(error)) {
        let why = match *error {
            TOO_LONG => "its chain is longer than the configured depth".to_owned(),
            error => crate::verify::x509_error(error).text.to_string(),
        };
        return rejected(refused_by, why);
    }
    let why = match mode.checks {
        Checks::All => "its chain is trusted",
        Checks::ButIssuer => "its issuer is not checked",
        Checks::Nothing => "nothing is checked",
    };
    conditions(site, caller, errors.is_empty(), why)
}

/// The pins, once the handshake is through.
fn conditions(site: &Site, caller: &Caller, verified: bool, why: &str) -> Admission {
    let mut unknown = false;
    for Setting {
        value: pin, text, ..
    } in &site.pins
    {
        match holds(pin, caller, verified) {
            Some(true) => {}
            Some(false) => {
                let by = if pin.in_handshake {
                    TurnedAway::Alert
                } else {
                    TurnedAway::HttpStatus
                };
                return rejected(by, format!("rejected by `{text}`"));
            }
            None => unknown = true,
        }
    }
    Admission {
        outcome: if unknown {
            Admitted::Unknown
        } else {
            Admitted::Accepted
        },
        rejected_by: None,
        why: if unknown {
            "unknown: a condition on the certificate decides".to_owned()
        } else {
            why.to_owned()
        },
    }
}

fn rejected(by: TurnedAway, why: impl Into<String>) -> Admission {
    Admission {
        outcome: Admitted::Rejected,
        rejected_by: Some(by),
        why: why.into(),
    }
}

/// Whether a pin lets this client pass; `None` when what it looks at is not known.
pub fn holds(pin: &Pin, caller: &Caller, verified: bool) -> Option<bool> {
    let seen: Vec<String> = match pin.of {
        Pinned::Verified => return Some(verified != pin.negated),
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
        Pinned::Issuer | Pinned::Fingerprint => return None,
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
        Comparison::Matches => regex::Regex::new(value)
            .ok()
            .map(|regex| regex.is_match(seen)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::facts::{ClientAuthMode, Place};

    fn site(mode: ClientAuthMode) -> Site {
        let mut site = Site::new(
            ServerSoftware::Nginx,
            "server",
            Place::lines("nginx.conf", 1, 1),
        );
        site.client_auth = Some(set(mode));
        site
    }

    fn set<T>(value: T) -> Setting<T> {
        Setting {
            value,
            place: Place::lines("nginx.conf", 2, 2),
            text: "directive".into(),
        }
    }

    fn caller(errors: &[u32]) -> Caller {
        Caller {
            presents: true,
            errors: errors.to_vec(),
            intermediates: Some(1),
            common_name: Some("a sender".into()),
            ..Caller::default()
        }
    }

    fn pin(of: Pinned, comparison: Comparison, value: &str) -> Pin {
        Pin {
            of,
            comparison,
            values: vec![value.into()],
            negated: false,
            in_handshake: false,
        }
    }

    #[test]
    fn the_three_questions_decide() {
        let unchecked = ClientAuthMode {
            checks: Checks::ButIssuer,
            ..ClientAuthMode::OPTIONAL
        };
        let outcome = |mode, caller: &Caller| admit(&site(mode), caller).outcome;
        use Admitted::{Accepted, Rejected};
        for (mode, wanted) in [
            (
                ClientAuthMode::OFF,
                [Accepted, Accepted, Accepted, Accepted],
            ),
            (
                ClientAuthMode::OPTIONAL,
                [Accepted, Accepted, Rejected, Rejected],
            ),
            (
                ClientAuthMode::REQUIRED,
                [Rejected, Accepted, Rejected, Rejected],
            ),
            (unchecked, [Accepted, Accepted, Accepted, Rejected]),
        ] {
            let found = [
                outcome(mode, &Caller::default()),
                outcome(mode, &caller(&[])),
                outcome(mode, &caller(&[20])),
                outcome(mode, &caller(&[10])),
            ];
            assert_eq!(found, wanted, "{mode:?}");
        }
    }

    #[test]
    fn depth_counts_intermediates() {
        let mut site = site(ClientAuthMode::REQUIRED);
        site.intermediates = Some(set(0));
        assert_eq!(admit(&site, &caller(&[])).outcome, Admitted::Rejected);
        site.intermediates = Some(set(1));
        assert_eq!(admit(&site, &caller(&[])).outcome, Admitted::Accepted);
    }

    #[test]
    fn a_subject_is_compared_by_its_common_name_where_no_more_is_asked() {
        let with = |value: &str, comparison| {
            holds(&pin(Pinned::Subject, comparison, value), &caller(&[]), true)
        };
        assert_eq!(with("CN=a sender", Comparison::Equals), Some(true));
        assert_eq!(with("CN=another", Comparison::Contains), Some(false));
        assert_eq!(with("CN=a sender,O=Somebody", Comparison::Equals), None);
        assert_eq!(with("CN=a.sender$", Comparison::Matches), Some(true));
        assert_eq!(with("O=Somebody", Comparison::Contains), None);
        assert_eq!(with("sender", Comparison::Contains), Some(true));
    }

    #[test]
    fn a_condition_on_the_verification_makes_optional_strict() {
        let mut site = site(ClientAuthMode::OPTIONAL);
        site.pins
            .push(set(pin(Pinned::Verified, Comparison::Equals, "SUCCESS")));
        let admission = admit(&site, &Caller::default());
        assert_eq!(admission.rejected_by, Some(TurnedAway::HttpStatus));
        assert_eq!(admit(&site, &caller(&[])).outcome, Admitted::Accepted);
    }
}

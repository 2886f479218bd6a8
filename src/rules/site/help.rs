//! What the rules about server configurations share.

use crate::{
    facts::{Demand, Partial, Place, Site},
    finding::{Certainty, Hit, Severity},
    outlook::admission::{Caller, holds},
    rules::help::is_plain_host,
};

/// A hit at a directive.
pub(in crate::rules) fn hit(
    site: &Site,
    place: &Place,
    message: String,
    remedy: impl Into<String>,
) -> Hit {
    Hit::new(message, site.name.clone(), place.clone(), remedy)
}

/// The command that tries the running server, by its name where the configuration has one.
pub(in crate::rules) fn try_it(site: &Site) -> String {
    let named = site.name.split_whitespace().last().unwrap_or_default();
    let host = named.rsplit_once(':').map_or(named, |(host, _)| host);
    let host = match host.contains('.') && is_plain_host(host) {
        true => host,
        false => "hook.example.com",
    };
    format!("mtls simulate https://{host}/ --matrix --pki ./pki")
}

/// The directive about client certificates, as written.
pub(in crate::rules) fn written(site: &Site) -> String {
    match &site.client_auth {
        Some(setting) => setting.text.clone(),
        None => format!(
            "nothing; the default of {} is to request none",
            site.software.name()
        ),
    }
}

/// The requests that need a certificate where others do not, in words; `None` when there are none
/// of either.
pub(in crate::rules) fn only_for(site: &Site) -> Option<String> {
    let refuses = |partial: &Partial| match &partial.demand {
        Demand::Certificate(mode) => mode.requires,
        Demand::Condition(pin) => holds(pin, &Caller::default(), false) == Some(false),
    };
    let mut parts: Vec<&str> = site
        .partly
        .iter()
        .map(|setting| &setting.value)
        .filter(|partial| refuses(partial))
        .map(|partial| partial.part.as_str())
        .collect();
    parts.dedup();
    let more = parts.len().saturating_sub(LISTED);
    parts.truncate(LISTED);
    match (parts.as_slice(), more) {
        ([], _) => None,
        (parts, 0) => Some(parts.join(" and ")),
        (parts, more) => Some(format!("{} and {more} more", parts.join(", "))),
    }
}

/// Parts that are listed.
const LISTED: usize = 3;

/// How severe a lax setting is: a condition that was not understood may make up for it.
pub(in crate::rules) fn unless_understood(site: &Site) -> (Severity, Certainty) {
    if site.undecided().is_some() {
        (Severity::Warning, Certainty::Likely)
    } else {
        (Severity::Error, Certainty::Proven)
    }
}

//! What the rules about server configurations share.

use crate::{
    facts::{Place, Site},
    finding::{Certainty, Hit, Severity},
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

/// How severe a lax setting is: a condition that was not understood may make up for it.
pub(in crate::rules) fn unless_understood(site: &Site) -> (Severity, Certainty) {
    let open = site
        .not_understood
        .iter()
        .any(|setting| setting.value.may_refuse());
    if open {
        (Severity::Warning, Certainty::Likely)
    } else {
        (Severity::Error, Certainty::Proven)
    }
}

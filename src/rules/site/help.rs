//! What the rules about server configurations share.

use crate::{
    facts::{Place, Site},
    finding::{Certainty, Hit, Severity},
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

/// The directive about client certificates as it stands there.
pub(in crate::rules) fn written(site: &Site) -> String {
    match &site.client_auth {
        Some(setting) => setting.text.clone(),
        None => format!("nothing, and {} then asks for none", site.software.name()),
    }
}

/// How bad a laxness is: a condition that was not understood may take it back.
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

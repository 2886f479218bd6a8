//! What the configuration of a server says, and what it asks of clients beyond a CA.

use super::DiffRequest;
use crate::{
    engine::Judged,
    facts::{Checks, ItemKind, Site},
    parse::cert::sha256,
    report::{
        self,
        diff::{Limit, Limited, Said, Snapshot},
    },
};

/// What the configuration of a server says.
pub(super) fn settings(site: &Site, judged: &Judged, state: &mut Snapshot) {
    let mut say = |what: &str, value: String| {
        state.settings.push(Said {
            what: format!("{}: {what}", site.name),
            value,
            derived: false,
        });
    };
    if let Some(setting) = &site.client_auth {
        say("asked by", setting.text.clone());
    }
    if let Some(setting) = &site.intermediates {
        say("depth", setting.text.clone());
    }
    if let Some(setting) = &site.versions {
        say("TLS versions", setting.text.clone());
    }
    for setting in &site.pins {
        say("condition", setting.text.clone());
    }
    for setting in &site.partly {
        say(
            "condition",
            format!("{}: {}", setting.value.part, setting.text),
        );
    }
    for setting in &site.crl {
        say("revocation lists", setting.text.clone());
    }
    if let Some(admits) = report::admits(judged) {
        state.settings.push(Said {
            what: format!("{}: client certificates", site.name),
            value: admits.to_owned(),
            derived: true,
        });
    }
}

/// What it asks of clients beyond a CA. A client that was named is the question: all but its
/// versions of TLS is in its answer.
pub(super) fn limits(site: &Site, judged: &Judged, request: &DiffRequest, state: &mut Snapshot) {
    let mut add = |asks: Limited| {
        state.limits.push(Limit {
            door: site.name.clone(),
            asks,
        });
    };
    if let Some(versions) = &site.versions
        && request.profiles.is_empty()
    {
        add(Limited::Versions(versions.value.clone()));
    }
    if !request.profiles.is_empty() || !request.would_accept.is_empty() {
        return;
    }
    let mode = site.mode();
    if mode.asks && mode.checks == Checks::All {
        add(Limited::Checked);
        let most = site.intermediates.as_ref().map(|setting| setting.value);
        if let Some(most) = most.or(site.intermediates_default) {
            add(Limited::Intermediates(most));
        }
    }
    for setting in &site.pins {
        add(Limited::Condition(setting.text.clone()));
    }
    for setting in &site.partly {
        let part = &setting.value.part;
        add(Limited::Condition(format!("{part}: {}", setting.text)));
    }
    if site.crl.is_empty() {
        return;
    }
    for item in judged.case.files.iter().flat_map(|file| &file.items) {
        // A list without a certificate on it rejects nobody by what is on it.
        if let ItemKind::RevocationList { list, der } = &item.kind
            && list.revoked > 0
        {
            add(Limited::List(sha256(der)));
        }
    }
}

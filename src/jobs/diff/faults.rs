//! What is wrong with a state, from what the rules found in it.

use super::file_name;
use crate::{
    engine::Judged,
    facts::{ChainUse, FileFacts, FileRole, Format, ItemKind, Place},
    finding::{About, Finding, Severity},
    report::diff::{Bearing, Fault, Snapshot},
};

/// The errors of a case, and how its file is written.
pub(super) fn note(judged: &Judged, door: &str, state: &mut Snapshot) {
    let site = judged.case.site().is_some();
    let errors = judged
        .findings
        .iter()
        .filter(|one| one.severity == Severity::Error && one.hit.readiness.is_none());
    for finding in errors.filter(|finding| !of_one_ca(judged, finding)) {
        let path = match &finding.hit.place {
            Place::File { path, .. } => Some(path.as_str()),
            Place::Wire { .. } | Place::Http { .. } => None,
        };
        let subject = &finding.hit.subject;
        let found = Fault::of(finding.rule.code, door, subject, path, &finding.hit.message);
        let Some(mut fault) = found else {
            continue;
        };
        // What reads a file by itself is not known: it may read that form.
        if !site && other_form(judged, finding) {
            fault.bearing = Bearing::MayShut;
        }
        state.faults.push(fault);
    }
    if site {
        return;
    }
    let held = |file: &&FileFacts| {
        let holds = |kind: &ItemKind| !matches!(kind, ItemKind::Parameters | ItemKind::Other(_));
        let asked = matches!(file.meant_as, FileRole::Anything | FileRole::ClientCa);
        asked && file.items.iter().any(|item| holds(&item.kind))
    };
    if let Some(file) = judged.case.files.iter().find(held)
        && file_name(&file.path) == door
    {
        state.forms.push((door.to_owned(), file.format));
    }
}

/// Whether it is about one CA among others: what it means is said of the clients below that one.
fn of_one_ca(judged: &Judged, finding: &Finding) -> bool {
    let About::Link(chain, link) = finding.about else {
        return false;
    };
    let chain = judged.case.chains().nth(chain);
    chain.is_some_and(|chain| {
        chain.holds == ChainUse::Anchors
            && (chain.links.get(link)).is_some_and(|link| link.certificate.unreadable.is_none())
    })
}

/// Whether it is about a file that is no PEM, or that some readers read.
fn other_form(judged: &Judged, finding: &Finding) -> bool {
    let About::File(number) = finding.about else {
        return false;
    };
    let file = judged.case.files.get(number);
    file.is_some_and(|file| {
        matches!(
            file.format,
            Format::Pkcs12 | Format::Der | Format::JavaKeystore
        )
    })
}

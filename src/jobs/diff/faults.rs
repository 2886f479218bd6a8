//! What is wrong with a state, from what the rules found in it.

use super::{DiffRequest, file_name};
use crate::{
    engine::Judged,
    facts::{ChainUse, FileFacts, FileRole, Format, ItemKind, Place, Readings},
    finding::{About, Finding, Severity},
    report::diff::{Bearing, Fault, Snapshot},
    rules::chain::issuer_unknown,
};

/// The errors of a case, and how its file is written.
pub(super) fn note(judged: &Judged, door: &str, request: &DiffRequest, state: &mut Snapshot) {
    let site = judged.case.site().is_some();
    let own = judged.findings.iter();
    let own = own.filter(|one| one.hit.readiness.is_none() && !of_one_ca(judged, one));
    // That a private root is not a public one was not asked.
    let asked = request.cacert.is_some() || judged.case.probe().is_none();
    let own = own.filter(|one| asked || *one.rule != issuer_unknown::RULE);
    for finding in own {
        let path = match &finding.hit.place {
            Place::File { path, .. } => Some(path.as_str()),
            Place::Wire { .. } | Place::Http { .. } => None,
        };
        let known = (finding.rule.code, finding.severity);
        let subject = (finding.hit.subject.as_str(), path);
        let found = Fault::of(known, door, subject, &finding.hit.message);
        // The software of a configuration is known: what it reads is no warning of it.
        let Some(mut fault) = found.filter(|_| !site || finding.severity == Severity::Error) else {
            continue;
        };
        if let About::File(number) = finding.about
            && let Some(file) = judged.case.files.get(number)
        {
            fault.bearing = bearing(file, site, fault.bearing);
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

/// Whom an error of a file rejects: a server does not start with it, and of a file by itself it is
/// not known what reads it.
fn bearing(file: &FileFacts, site: bool, of_rule: Bearing) -> Bearing {
    let of_server = matches!(
        file.meant_as,
        FileRole::Chain | FileRole::Key | FileRole::ClientCa
    );
    let other_form = matches!(
        file.format,
        Format::Pkcs12 | Format::Der | Format::JavaKeystore
    );
    let read_by_nobody = file
        .readings
        .is_some_and(|Readings(read)| read.contains(&Some(false)) && !read.contains(&Some(true)));
    match (site, of_server) {
        (true, true) => Bearing::Shuts,
        (true, false) => of_rule,
        (false, _) if other_form => Bearing::MayShut,
        (false, _) if read_by_nobody => Bearing::Shuts,
        (false, _) => of_rule,
    }
}

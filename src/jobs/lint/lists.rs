//! Revocation lists among the files of a deployment: who signed them, and what they say of the CAs
//! that a server's clients come from.

use std::{collections::HashMap, path::Path, sync::Arc};

use jiff::Timestamp;

use crate::{
    facts::{
        Certificate, FileFacts, FileRole, Format, ItemKind, ListFacts, ListInUse, ListSigner,
        Revocation, RevocationCheck, RevocationStatus, Setting, Site,
    },
    parse::{
        crl::{self, RevocationList},
        name,
    },
    verify::{
        revocation::by_lists,
        signature::{self, SignatureError},
    },
};

/// `X509_V_ERR_UNABLE_TO_GET_CRL`.
const MISSING: u32 = 3;
/// What is said of lists that nobody looks at whose answer counts.
pub(super) const NO_PART: &str =
    "the program that --stack names looks at no revocation list: --crlfile plays no part";
/// Certificates of one name that are asked about a list.
const MOST_OF_A_NAME: usize = 8;

/// Notes on each list which certificate of these files signed it.
pub(super) fn note_signers(files: &mut [FileFacts]) {
    let holds = |file: &FileFacts| {
        let mut items = file.items.iter();
        items.any(|item| matches!(item.kind, ItemKind::RevocationList { .. }))
    };
    if !files.iter().any(holds) {
        return;
    }
    let anchors =
        |file: &FileFacts| matches!(file.meant_as, FileRole::ClientCa | FileRole::Anchors);
    let asked = files.iter().any(anchors);
    let mut by_name: HashMap<Vec<u8>, Vec<Arc<Certificate>>> = HashMap::new();
    for (_, certificate) in files.iter().flat_map(FileFacts::certificates) {
        let subject = name::canonical(certificate.subject_der());
        let named = by_name.entry(subject).or_default();
        if named.len() < MOST_OF_A_NAME {
            named.push(Arc::clone(certificate));
        }
    }
    for item in files.iter_mut().flat_map(|file| &mut file.items) {
        if let ItemKind::RevocationList { list, der } = &mut item.kind {
            list.signer = match by_name.get(&list.issuer_canonical) {
                Some(named) => signer(der, named),
                None if asked => ListSigner::Absent,
                None => ListSigner::NotAsked,
            };
        }
    }
}

/// Notes on a server the lists that it does not start with: all of them read PEM.
pub(super) fn note_der(site: &mut Site, files: &[FileFacts]) {
    let der: Vec<Setting<String>> = site
        .crl
        .iter()
        .filter(|setting| {
            let named = |file: &&FileFacts| {
                let (read, said) = (Path::new(&file.path), Path::new(&setting.value));
                file.meant_as == FileRole::Crl && read.file_name() == said.file_name()
            };
            let mut named = files.iter().filter(named);
            named.any(|file| file.format == Format::Der)
        })
        .map(|setting| Setting {
            value: format!(
                "the revocation list is in DER, and {} reads PEM: `openssl crl -inform DER -in {} -out list.pem`",
                site.software.name(),
                setting.value
            ),
            place: setting.place.clone(),
            text: setting.text.clone(),
        })
        .collect();
    site.refused.extend(der);
}

/// Notes on the lists of a server whether it looks into them.
pub(super) fn note_use(files: &mut [FileFacts], site: Option<&Site>) {
    if site.is_none_or(|site| site.crl_check != RevocationCheck::Never) {
        return;
    }
    let files = files
        .iter_mut()
        .filter(|file| file.meant_as == FileRole::Crl);
    for item in files.flat_map(|file| &mut file.items) {
        if let ItemKind::RevocationList { list, .. } = &mut item.kind {
            list.looked_into = false;
        }
    }
}

/// The lists of some files, whole.
pub(super) fn read(
    files: &[FileFacts],
    of: impl Fn(&FileFacts) -> bool,
) -> impl Iterator<Item = RevocationList> {
    let files = files.iter().filter(move |file| of(file));
    files
        .flat_map(|file| &file.items)
        .filter_map(|item| match &item.kind {
            ItemKind::RevocationList { der, .. } => crl::revocation_list(der).ok(),
            _ => None,
        })
}

/// The lists that clients are looked up in: those that the configuration names, or else those of
/// the flag and those that lie beside the CAs (a Secret's `ca.crl`).
pub(super) fn for_clients(
    site: Option<&Site>,
    files: &[FileFacts],
    given: &[RevocationList],
) -> Arc<[RevocationList]> {
    match site {
        Some(_) => read(files, |file| file.meant_as == FileRole::Crl).collect(),
        None => {
            let own = read(files, |file| file.meant_as != FileRole::Crl);
            given.iter().cloned().chain(own).collect()
        }
    }
}

/// What lists say of the certificates of a chain whose path cannot be judged, leaf first. Of those
/// above the leaf only what is known: their lists need not be at hand. Nothing where the lists are
/// those of a client-CA file beside it: they are for its clients.
pub(super) fn revocations(
    lists: &[RevocationList],
    presented: &[Arc<Certificate>],
    untrusted: &[Arc<Certificate>],
    files: &[FileFacts],
    now: Timestamp,
) -> Vec<Revocation> {
    let Some(leaf) = presented.first().filter(|_| !lists.is_empty()) else {
        return Vec::new();
    };
    let of = |issuer: &[u8]| {
        let name = name::canonical(issuer);
        lists.iter().any(|list| list.issuer_canonical == name)
    };
    let mut clients = files
        .iter()
        .filter(|file| file.meant_as == FileRole::ClientCa)
        .flat_map(FileFacts::certificates);
    if !of(leaf.issuer_der()) && clients.any(|(_, one)| of(one.subject_der())) {
        return Vec::new();
    }
    let others = [presented, untrusted].concat();
    let asked = presented.iter().enumerate();
    asked
        .map(|(at, certificate)| (at, by_lists(lists, certificate, &others, now)))
        .filter(|(at, said)| *at == 0 || said.status == RevocationStatus::Revoked)
        .map(|(_, said)| said)
        .collect()
}

fn signer(der: &[u8], named: &[Arc<Certificate>]) -> ListSigner {
    let list = match crl::revocation_list(der) {
        Ok(list) if list.algorithms_agree => list,
        Ok(_) => {
            let why = "it names one signature algorithm inside and another outside";
            return ListSigner::Forged(why.to_owned());
        }
        Err(why) => return ListSigner::Forged(why),
    };
    let mut found = ListSigner::Absent;
    for certificate in named {
        let checked = signature::verify_certificate(
            &list.signed,
            &list.algorithm,
            &list.signature,
            certificate.spki_der(),
        );
        match checked {
            Ok(()) => return ListSigner::Signed(certificate.label()),
            Err(SignatureError::Unsupported(what)) => {
                found = ListSigner::NotChecked(what.to_string());
            }
            // One that could not be checked may be the one.
            Err(_) if matches!(found, ListSigner::NotChecked(_)) => {}
            Err(error) => found = ListSigner::Forged(error.to_string()),
        }
    }
    found
}

/// What a server's lists say of each CA: those of the client-CA file, and others that have a list.
pub(super) fn in_use(
    site: &Site,
    files: &[FileFacts],
    anchors: &[Arc<Certificate>],
    now: Timestamp,
) -> Vec<ListInUse> {
    if site.crl.is_empty() {
        return Vec::new();
    }
    let lists: Vec<&ListFacts> = files
        .iter()
        .filter(|file| file.meant_as == FileRole::Crl)
        .flat_map(|file| &file.items)
        .filter_map(|item| match &item.kind {
            ItemKind::RevocationList { list, .. } => Some(list.as_ref()),
            _ => None,
        })
        .collect();
    let mut by_name: HashMap<&[u8], Vec<&ListFacts>> = HashMap::new();
    for list in &lists {
        by_name
            .entry(&list.issuer_canonical)
            .or_default()
            .push(list);
    }
    // Of several lists of a CA a good one is enough.
    let best = |name: &[u8]| {
        let own = by_name.get(name).map(Vec::as_slice).unwrap_or_default();
        own.iter()
            .map(|list| (list.error(now), list.next_update))
            .min_by_key(|(error, _)| error.is_some())
    };
    let mut found: HashMap<Vec<u8>, ListInUse> = HashMap::new();
    let mut order = Vec::new();
    for anchor in anchors {
        let name = name::canonical(anchor.subject_der());
        let (error, due) = best(&name).unwrap_or((Some(MISSING), None));
        let one = ListInUse {
            issuer: anchor.subject.clone(),
            issuer_canonical: name.clone(),
            anchor: true,
            error,
            due,
        };
        if found.insert(name.clone(), one).is_none() {
            order.push(name);
        }
    }
    for list in lists {
        let name = list.issuer_canonical.clone();
        if found.contains_key(&name) {
            continue;
        }
        let (error, due) = best(&name).unwrap_or((None, None));
        let one = ListInUse {
            issuer: list.issuer.clone(),
            issuer_canonical: name.clone(),
            anchor: false,
            error,
            due,
        };
        found.insert(name.clone(), one);
        order.push(name);
    }
    order.iter().filter_map(|name| found.remove(name)).collect()
}

//! The issuers that a chain lacks.

use std::{collections::HashSet, sync::Arc};

use super::{About, OF_A_KIND, Visit};
use crate::{
    facts::{
        Certificate, FetchedFor, FetchedIssuer, FileFacts, FileRole, Format, ItemKind, TrustFacts,
    },
    parse::{input, name},
    verify::{Anchors, signature},
};

/// Issuers that are fetched one above the other.
const ABOVE: usize = 4;
/// Certificates of one answer that are looked at: a file of a CA may have some of its others.
const LOOKED_AT: usize = 32;

/// A chain with what was fetched.
pub(super) struct Completed {
    pub(super) trust: TrustFacts,
    pub(super) issuers: Vec<FetchedIssuer>,
    anchors: Anchors,
}

impl Completed {
    /// The certificates of the best path, the leaf first.
    pub(super) fn path(&self, about: &About<'_>) -> Vec<Arc<Certificate>> {
        let fetched = self.issuers.iter().map(|one| &one.certificate);
        let known: Vec<&Arc<Certificate>> = about
            .at_hand
            .iter()
            .chain(fetched)
            .chain(self.anchors.certificates())
            .collect();
        let find = |sha256: &String| known.iter().find(|one| one.sha256 == *sha256);
        let mut path: Vec<_> = self.trust.path.iter().map_while(find).collect();
        // Where no path was found the leaf is all there is.
        if path.is_empty() {
            path.extend(known.first());
        }
        path.into_iter().map(|one| Arc::clone(one)).collect()
    }
}

/// Fetches issuer after issuer until the path reaches a trust anchor, or nothing leads further.
pub(super) async fn complete(visit: &mut Visit<'_>, about: &About<'_>) -> Completed {
    let (trust, anchors) = (about.judge)(&[]);
    let mut so_far = Completed {
        trust,
        anchors,
        issuers: Vec::new(),
    };
    let mut asked = HashSet::new();
    for _ in 0..ABOVE {
        let path = so_far.path(about);
        let Some(top) = path.last() else { break };
        let ends = so_far.trust.anchor.is_some() || top.self_issued || top.unreadable.is_some();
        if ends || !asked.insert(top.sha256.clone()) {
            break;
        }
        let found = issuers(visit, top).await;
        if found.is_empty() {
            break;
        }
        so_far.issuers.extend(found);
        let more: Vec<_> = so_far
            .issuers
            .iter()
            .map(|one| Arc::clone(&one.certificate))
            .collect();
        (so_far.trust, so_far.anchors) = (about.judge)(&more);
    }
    so_far
}

/// The issuers of a certificate by the first address that has one.
async fn issuers(visit: &mut Visit<'_>, below: &Certificate) -> Vec<FetchedIssuer> {
    for url in below.form.issuer_urls.iter().take(OF_A_KIND) {
        let answer = visit.fetch(url, FetchedFor::Issuer, below, None).await;
        let Ok(answer) = answer else { continue };
        let files = input::read(url, FileRole::Untrusted, None, &answer.bytes);
        let read = files.iter().flat_map(FileFacts::certificates);
        let mut seen = HashSet::new();
        let found: Vec<FetchedIssuer> = read
            .map(|(_, certificate)| certificate)
            .take(LOOKED_AT)
            .filter(|one| one.unreadable.is_none() && seen.insert(one.sha256.clone()))
            .filter(|one| {
                name::canonical(one.subject_der()) == name::canonical(below.issuer_der())
                    && signature::issued(below, one)
            })
            .map(|one| FetchedIssuer {
                certificate: Arc::clone(one),
                below: below.sha256.clone(),
                url: url.clone(),
            })
            .collect();
        if !found.is_empty() {
            return found;
        }
        visit.useless(without(&files, below));
    }
    Vec::new()
}

/// Why nothing of an answer is the issuer.
fn without(files: &[FileFacts], below: &Certificate) -> String {
    let count = files.iter().flat_map(FileFacts::certificates).count();
    if count > 0 {
        return format!(
            "none of the {count} certificates in it has the name and the key of {}",
            below.issuer
        );
    }
    let mut items = files.iter().flat_map(|file| &file.items);
    let what = match files.first().map(|file| file.format) {
        _ if items.any(|item| matches!(item.kind, ItemKind::RevocationList { .. })) => "a CRL",
        Some(Format::Html) => "an HTML page",
        Some(Format::Empty) | None => "nothing",
        Some(Format::Json | Format::Text | Format::Utf16) => "other text",
        Some(_) => "something else",
    };
    format!("expected a certificate, found {what}")
}

//! What the rules about files share: places, words for what a file was meant to be, paths fit for a
//! shell.

pub(in crate::rules) use crate::rules::help::shell;
use crate::{
    facts::{FileFacts, FileRole, Item, ItemKind, ListFacts, Place, Quirk, Remark},
    finding::{Hit, Verdict},
};

/// Lines of a file.
pub(in crate::rules) fn lines(file: &FileFacts, first_line: usize, last_line: usize) -> Place {
    Place::File {
        path: file.path.clone(),
        first_line,
        last_line,
    }
}

/// An item's lines.
pub(in crate::rules) fn at(file: &FileFacts, item: &Item) -> Place {
    lines(file, item.first_line, item.last_line)
}

/// The file as a whole: its first line.
pub(in crate::rules) fn whole(file: &FileFacts) -> Place {
    lines(file, 1, 1)
}

/// What the file was meant to be, in words.
pub(in crate::rules) fn meant(file: &FileFacts) -> &'static str {
    match file.meant_as {
        FileRole::Chain | FileRole::ClientChain => "a certificate chain in PEM",
        FileRole::Key => "a private key in PEM",
        FileRole::ClientCa => "the CA certificates that clients are judged by, in PEM",
        FileRole::Anchors => "anchors in PEM",
        FileRole::Untrusted => "certificates in PEM",
        FileRole::Crl => "revocation lists",
        FileRole::Config => "a configuration",
        FileRole::Anything => "certificates or a key in PEM",
    }
}

/// Whether certificates were asked for.
pub(in crate::rules) fn wants_certificates(file: &FileFacts) -> bool {
    matches!(
        file.meant_as,
        FileRole::Chain
            | FileRole::ClientChain
            | FileRole::ClientCa
            | FileRole::Anchors
            | FileRole::Untrusted
    )
}

/// Whether the user said what the file is.
pub(in crate::rules) fn was_named(file: &FileFacts) -> bool {
    file.meant_as != FileRole::Anything
}

/// The remarks of these kinds.
pub(in crate::rules) fn remarks<'a>(
    file: &'a FileFacts,
    quirks: &'a [Quirk],
) -> impl Iterator<Item = &'a Remark> {
    file.remarks
        .iter()
        .filter(|remark| quirks.contains(&remark.quirk))
}

/// One hit for all remarks of these kinds: at the first, the others counted.
pub(in crate::rules) fn quirk(
    file: &FileFacts,
    quirks: &[Quirk],
    hit: impl FnOnce(String, Place) -> Hit,
) -> Verdict {
    let found: Vec<&Remark> = remarks(file, quirks).collect();
    let Some(first) = found.first() else {
        return Verdict::Pass;
    };
    let place = lines(file, first.first_line, first.last_line);
    let mut hit = hit(first.seen.clone(), place);
    for other in found.iter().skip(1).take(4) {
        hit = hit.evidence(
            format!("also at line {}", other.first_line),
            other.seen.clone(),
        );
    }
    if found.len() > 5 {
        hit = hit.evidence("and", format!("{} more", found.len() - 5));
    }
    Verdict::hit(hit)
}

/// Whether an item is of the kind that `wanted` tells.
pub(in crate::rules) fn has(file: &FileFacts, wanted: impl Fn(&ItemKind) -> bool) -> bool {
    file.items.iter().any(|item| wanted(&item.kind))
}

/// The revocation lists of a file, with their items.
pub(in crate::rules) fn lists(file: &FileFacts) -> impl Iterator<Item = (&Item, &ListFacts)> {
    file.items.iter().filter_map(|item| match &item.kind {
        ItemKind::RevocationList { list, .. } => Some((item, list.as_ref())),
        _ => None,
    })
}

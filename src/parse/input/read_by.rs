//! Who reads a file, and what to say where no peculiarity of it explains that somebody does not.

use crate::{
    facts::{FileFacts, FileRole, Format, ItemKind, Quirk, Remark},
    parse::{
        cert::der::{self, Reader},
        pem::{
            Block,
            stacks::{self, Purpose},
        },
    },
};

/// What a file is there for.
struct Wanted<'a> {
    /// Each certificate, whatever its label says.
    certificates: Vec<&'a [u8]>,
    /// The first private key.
    key: Option<&'a [u8]>,
}

impl<'a> Wanted<'a> {
    fn of(blocks: &'a [Block]) -> Self {
        let certificates = blocks.iter().filter_map(|block| {
            let value = Reader::new(block.der.as_ref().ok()?).any()?.whole;
            der::layout(value).is_some().then_some(value)
        });
        Self {
            certificates: certificates.collect(),
            key: stacks::wanted_key(blocks),
        }
    }
}

/// Asks the readers, and remarks on what is not explained otherwise.
pub(super) fn stacks(file: &mut FileFacts, blocks: &[Block], bytes: &[u8]) {
    // A bag of certificates has a rule of its own.
    if file
        .items
        .iter()
        .any(|item| matches!(item.kind, ItemKind::Pkcs7 { .. }))
    {
        return;
    }
    let wanted = Wanted::of(blocks);
    let Some(purpose) = purpose(file, &wanted) else {
        return;
    };
    let values = match purpose {
        Purpose::Key => wanted.key.into_iter().collect(),
        Purpose::Chain | Purpose::Anchors => wanted.certificates,
    };
    file.readings = Some(stacks::readings(bytes, purpose, &values));
    // A block with a problem of its own says who reads the file.
    let told = file.format == Format::Utf16
        || file.items.iter().any(|item| {
            item.problem.is_some()
                || item
                    .certificate()
                    .is_some_and(|one| one.unreadable.is_some())
                || matches!(&item.kind, ItemKind::PrivateKey(key) if key.problem.is_some())
        });
    if told || file.unexplained().is_none() {
        return;
    }
    let other = file.items.iter().find(|item| {
        !matches!(
            item.kind,
            ItemKind::Certificate(_) | ItemKind::TrustedCertificate(..)
        )
    });
    let (first_line, last_line, seen) = match other {
        Some(other) if purpose != Purpose::Key => (
            other.first_line,
            other.last_line,
            format!("a block {} among the certificates", other.label),
        ),
        _ => {
            let text = file
                .remarks
                .iter()
                .find(|remark| remark.quirk == Quirk::TextAround);
            let lines = text.map_or((1, 1), |text| (text.first_line, text.last_line));
            let seen = "text that a reader takes for a part of a block";
            (lines.0, lines.1, seen.to_owned())
        }
    };
    file.remarks.push(Remark {
        quirk: Quirk::Unread,
        first_line,
        last_line,
        seen,
    });
}

/// What the file is read for: as its flag says, else by what is in it. `None` where it has nothing
/// of the kind.
fn purpose(file: &FileFacts, wanted: &Wanted<'_>) -> Option<Purpose> {
    let certificates = !wanted.certificates.is_empty();
    match file.meant_as {
        FileRole::Chain | FileRole::ClientChain => certificates.then_some(Purpose::Chain),
        FileRole::ClientCa | FileRole::Anchors | FileRole::Untrusted => {
            certificates.then_some(Purpose::Anchors)
        }
        FileRole::Key => wanted.key.is_some().then_some(Purpose::Key),
        FileRole::Crl | FileRole::Config => None,
        FileRole::Anything if certificates => {
            let leaf = file
                .certificates()
                .any(|(_, certificate)| !certificate.is_ca);
            Some(if leaf {
                Purpose::Chain
            } else {
                Purpose::Anchors
            })
        }
        FileRole::Anything => wanted.key.is_some().then_some(Purpose::Key),
    }
}

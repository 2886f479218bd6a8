//! Who reads a file, and what to say where no peculiarity of it explains that somebody does not.

use crate::{
    facts::{FileFacts, FileRole, Format, ItemKind, Quirk, Readings, Remark},
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
    // A path with a leaf and its key is what HAProxy reads; Java is given no such file.
    let of_a_key = other.is_some_and(|item| matches!(item.kind, ItemKind::PrivateKey(_)));
    let on_java = file
        .unexplained()
        .is_some_and(|Readings([a, b, _, d])| ![a, b, d].contains(&Some(false)));
    if of_a_key && on_java && file.meant_as == FileRole::Anything {
        return;
    }
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        parse::{input::read, pem},
        pki::Authority,
    };

    /// A chain of two, written anew.
    fn quirks(meant_as: FileRole, change: impl Fn(&str, &str) -> String) -> (Vec<Quirk>, String) {
        let authority = Authority::new("2026-11-24T00:00:00Z".parse().unwrap()).unwrap();
        let chain = authority.server(&["hook.example"]).unwrap().chain;
        let text = |at: usize| pem::encode("CERTIFICATE", &chain[at]);
        let text = change(&text(0), &text(1));
        let mut files = read("chain.pem", meant_as, None, text.as_bytes());
        let file = files.remove(0);
        let said = file.readings.and_then(crate::facts::Readings::in_words);
        let quirks = file.remarks.iter().map(|remark| remark.quirk).collect();
        (quirks, said.unwrap_or_default())
    }

    #[test]
    fn the_role_of_a_file_decides_who_reads_it() {
        let behind = |a: &str, b: &str| {
            let der = pem::scan(a.as_bytes()).remove(0).der.unwrap();
            pem::encode("CERTIFICATE", &[&der[..], &[0, 0]].concat()) + b
        };
        let (quirks_of, said) = quirks(FileRole::Chain, behind);
        assert_eq!(quirks_of, [Quirk::TrailingBytes]);
        assert_eq!(said, "not read by OpenSSL, Go, Java, rustls");
        let (_, said) = quirks(FileRole::ClientCa, behind);
        assert_eq!(said, "read by OpenSSL; not by Go, Java, rustls");
        let headers = |a: &str, b: &str| a.replacen('\n', "\nX: y\n\n", 1) + b;
        let (_, said) = quirks(FileRole::Chain, headers);
        assert_eq!(said, "read by Go; not by OpenSSL, Java, rustls");
    }

    #[test]
    fn what_nothing_else_explains_is_remarked_on() {
        let (found, said) = quirks(FileRole::Chain, |a, b| format!("-----\n{a}{b}"));
        assert!(found.contains(&Quirk::Unread), "{found:?}");
        assert_eq!(said, "read by OpenSSL, Go, rustls; not by Java");
        let commented =
            |a: &str, b: &str| format!("#{}\n{a}{b}", a.trim_end().replace('\n', "\n#"));
        let (found, said) = quirks(FileRole::Chain, commented);
        assert_eq!((found, said), (vec![Quirk::TextAround], String::new()));
    }
}

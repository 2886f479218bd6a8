//! What the rules about files share: places, words for what a file was meant to be, paths fit for a
//! shell.

pub(in crate::rules) use crate::rules::help::{fixed, on_disk, shell};
use crate::{
    facts::{
        Certificate, Eku, FileFacts, FileRole, Item, ItemKind, ListFacts, PemReader, Place, Quirk,
        Remark, Side,
    },
    finding::{Hit, Severity, Verdict},
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
        FileRole::ClientCa => "the CA certificates that verify clients, in PEM",
        FileRole::Anchors => "trust anchors in PEM",
        FileRole::Untrusted => "certificates in PEM",
        FileRole::Crl => "certificate revocation lists",
        FileRole::Config => "a server configuration",
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

/// Whether a request is for a server's certificate: by its extended key usage, which most leave out,
/// and by what was said.
pub(in crate::rules) fn for_a_server(asked: &Certificate, role: Option<Side>) -> bool {
    match (role, &asked.eku) {
        (Some(role), _) => role == Side::Server,
        (None, Some(usages)) => usages.contains(&Eku::ServerAuth),
        (None, None) => true,
    }
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
        hit = hit.evidence("more", (found.len() - 5).to_string());
    }
    Verdict::hit(hit)
}

/// The hit with who reads the file that is written so: an error where OpenSSL does not, and with it
/// most servers; a warning where another stack does not; a note where all do.
pub(in crate::rules) fn as_read(mut hit: Hit, file: &FileFacts, quirk: Quirk) -> Hit {
    let Some(readings) = file.readings_by(quirk) else {
        return hit;
    };
    let Some(readers) = readings.in_words() else {
        return hit.severity(Severity::Note);
    };
    hit.message.push_str("; ");
    hit.message.push_str(&readers);
    hit.severity(if readings.is_lost_on(PemReader::OpenSsl) {
        Severity::Error
    } else {
        Severity::Warning
    })
}

/// The command that writes the file's certificates as clean PEM to a new file, or its private key
/// when it has nothing else; `None` where there is no file to name, or both are in it.
pub(in crate::rules) fn rewrite(file: &FileFacts) -> Option<String> {
    if !on_disk(&file.path) {
        return None;
    }
    let (path, out) = (shell(&file.path), fixed(&file.path));
    let mut certificates = file
        .certificates()
        .map(|(_, certificate)| certificate)
        .peekable();
    match (
        certificates.peek().is_some(),
        file.private_keys().next().is_some(),
    ) {
        (true, false) => {
            let cas_only = certificates.all(|certificate| certificate.is_ca);
            let flag = match file.meant_as {
                FileRole::Chain => "--cert",
                FileRole::Anything if !cas_only => "--cert",
                _ => "--client-ca",
            };
            Some(format!("mtls lint {flag} {path} --fix --out {out}"))
        }
        (false, true) => Some(format!("(umask 077; openssl pkey -in {path} -out {out})")),
        _ => None,
    }
}

/// The hit with the command that writes the file anew, or else with one that shows `look` of it.
pub(in crate::rules) fn rewritten(hit: Hit, file: &FileFacts, look: &str) -> Hit {
    match rewrite(file) {
        Some(command) => hit.fix(command),
        None => hit.check(format!("{look} {}", shell(&file.path))),
    }
}

/// The hit with a command that passes the file through `filter` into a new one, which only its
/// owner can read, since it may hold a key. `None` as a filter's file stands for standard input.
pub(in crate::rules) fn filtered(hit: Hit, file: &FileFacts, filter: &str) -> Hit {
    if on_disk(&file.path) {
        hit.fix(format!(
            "(umask 077; < {} {filter} > {})",
            shell(&file.path),
            fixed(&file.path)
        ))
    } else {
        hit
    }
}

/// The hit with the commands that export certificates and key of a PKCS #12 file. The new files are
/// named after the file at `path`.
pub(in crate::rules) fn exported(hit: Hit, pkcs12: &str, path: &str) -> Hit {
    hit.fix(format!(
        "openssl pkcs12 -in {} -nokeys -out {}",
        shell(pkcs12),
        fixed(path)
    ))
    .fix(format!(
        "(umask 077; openssl pkcs12 -in {} -nocerts -nodes -out {})",
        shell(pkcs12),
        shell(&format!("{path}.key"))
    ))
}

/// Whether the file is PEM: only then do commands change it as a text.
pub(in crate::rules) fn is_pem(file: &FileFacts) -> bool {
    file.items.iter().any(|item| !item.label.is_empty())
}

/// The command that shows the beginning of a file, whatever it holds, without harm to a terminal.
pub(in crate::rules) fn beginning(path: &str) -> String {
    format!("head -c 300 {} | cat -v", shell(path))
}

/// Whether an item is of the kind that `wanted` names.
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

//! What the beginning of a file tells before it is read and judged: whether it is for us, a lone
//! key, or part of a fuller chain.
//!
//! Must not: judge, or say anything about a file that was named by the user.

use std::{
    collections::{BTreeMap, HashMap},
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    io::Read,
    path::{Path, PathBuf},
};

use crate::parse::{case, pem};

/// How much of a file is looked at.
const HEAD: u64 = 64 * 1024;
/// Names that only certificates, keys and their containers have, in lower case.
const ENDINGS: &[&str] = &[
    "pem", "crt", "cer", "cert", "key", "der", "csr", "crl", "p7b", "p7c", "p8", "p12", "pfx",
    "jks",
];

/// The beginning of a file; `None` when it cannot be opened, or is a pipe: what is read of one is gone.
pub(super) fn head(path: &Path) -> Option<Vec<u8>> {
    let mut head = Vec::new();
    if !path.is_file() {
        return None;
    }
    let file = fs::File::open(path).ok()?;
    file.take(HEAD).read_to_end(&mut head).ok()?;
    Some(head)
}

/// Whether it is a recorded case, by its first keys.
pub(super) fn is_case(path: &Path) -> bool {
    path.extension().is_some_and(|ending| ending == "json")
        && path.is_file()
        && head(path).is_some_and(|head| case::is_case(&head))
}

/// Whether it has a PEM block in it.
pub(super) fn holds_pem(head: &[u8]) -> bool {
    has(head, b"-----BEGIN ")
}

fn has(head: &[u8], words: &[u8]) -> bool {
    head.windows(words.len()).any(|window| window == words)
}

/// Whether a file that was come across in a directory is one to judge: by its name, or by what it
/// begins with. certbot leaves a `README` beside its keys, and that is no broken certificate. What
/// cannot be opened counts, so that it is said.
pub(super) fn is_ours(path: &Path) -> bool {
    is_named_so(path)
        || head(path).is_none_or(|head| {
            // PEM; a Kubernetes secret; a DER SEQUENCE with a long length; a Java keystore; PEM in
            // UTF-16.
            holds_pem(&head)
                || has(&head, b"tls.crt")
                || has(&head, b"kind: ConfigMap")
                || head.starts_with(&[0x30, 0x82])
                || head.starts_with(&[0xfe, 0xed, 0xfe, 0xed])
                || has(&head, b"-\0-\0-\0B\0E\0G\0I\0N\0")
        })
}

/// Whether a file that was found in a directory may be the configuration of a server, by its name.
pub(super) fn may_configure(path: &Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    let ending = path
        .extension()
        .map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let of_sites = path
        .parent()
        .and_then(Path::file_name)
        .is_some_and(|folder| folder == "sites-enabled" || folder == "conf.d");
    match ending.as_deref() {
        Some("conf" | "cfg" | "yaml" | "yml" | "toml" | "json" | "vhost") => true,
        Some("j2" | "jinja" | "jinja2" | "tmpl" | "tpl" | "ctmpl" | "erb" | "template") => true,
        _ => of_sites || name.eq_ignore_ascii_case("caddyfile"),
    }
}

/// Whether only certificates, keys and their containers are called so.
fn is_named_so(path: &Path) -> bool {
    path.extension().is_some_and(|ending| {
        let ending = ending.to_string_lossy().to_ascii_lowercase();
        ENDINGS.contains(&ending.as_str())
    })
}

/// Whether it would be a loss to write over a file that was found in a directory: an earlier report
/// is none.
pub(super) fn is_precious(path: &Path) -> bool {
    is_named_so(path) || head(path).is_some_and(|head| beginning(&head) != Beginning::Other)
}

/// What a file begins with, in a few bytes: a directory may hold many.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Beginning {
    /// A private key and no certificate.
    Key,
    /// A certificate, by a digest of it, and how many there are.
    Chain(u64, usize),
    /// Something else.
    Other,
}

/// Looks at a beginning.
pub(super) fn beginning(head: &[u8]) -> Beginning {
    if has(head, b"PRIVATE KEY-----") && !has(head, b"BEGIN CERTIFICATE-----") {
        return Beginning::Key;
    }
    let mut certificates = pem::scan(head)
        .into_iter()
        .filter(|block| block.label == "CERTIFICATE")
        .filter_map(|block| block.der.ok());
    match certificates.next() {
        Some(first) => {
            let mut hasher = DefaultHasher::new();
            first.hash(&mut hasher);
            Beginning::Chain(hasher.finish(), certificates.count() + 1)
        }
        None => Beginning::Other,
    }
}

/// For every file whose first certificate also stands first in a longer chain beside it, that
/// chain's file: certbot's `cert.pem` has its intermediates in `fullchain.pem`, and nobody who has
/// both is short of them.
pub(super) fn fuller(files: &[(PathBuf, Beginning)]) -> BTreeMap<PathBuf, PathBuf> {
    let mut by_first: HashMap<u64, Vec<(usize, &PathBuf)>> = HashMap::new();
    for (path, beginning) in files {
        if let Beginning::Chain(first, count) = beginning {
            by_first.entry(*first).or_default().push((*count, path));
        }
    }
    let mut found = BTreeMap::new();
    for files in by_first.values() {
        let Some((most, fullest)) = files.iter().max_by_key(|(count, _)| *count) else {
            continue;
        };
        for (_, path) in files.iter().filter(|(count, _)| count < most) {
            found.insert((*path).clone(), (*fullest).clone());
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_shorter_of_two_chains_with_one_leaf_is_told() {
        let block = |byte: u8| pem::encode("CERTIFICATE", &[byte; 8]);
        let (cert, chain) = (block(1), block(2));
        let full = cert.clone() + &chain;
        let names = ["cert.pem", "chain.pem", "fullchain.pem"].map(PathBuf::from);
        let texts = [cert, chain, full];
        let files: Vec<(PathBuf, Beginning)> = names
            .iter()
            .cloned()
            .zip(texts.iter().map(|text| beginning(text.as_bytes())))
            .collect();
        let found = fuller(&files);
        let wanted = BTreeMap::from([(names[0].clone(), names[2].clone())]);
        assert_eq!(found, wanted);
    }

    #[test]
    fn a_file_come_across_is_ours_by_name_or_content() {
        let folder = tempfile::tempdir().unwrap();
        for (name, content, ours) in [
            (
                "README",
                &b"This directory contains your keys.\n"[..],
                false,
            ),
            ("nginx.conf", b"ssl_certificate fullchain.pem;\n", false),
            ("bundle", b"text\n-----BEGIN CERTIFICATE-----\n", true),
            ("empty.PEM", b"", true),
            ("leaf", &[0x30, 0x82, 1, 2], true),
            ("secret.json", b"{\"data\": {\"tls.crt\": \"\"}}", true),
            ("package.json", b"{}", false),
        ] {
            let path = folder.path().join(name);
            fs::write(&path, content).unwrap();
            assert_eq!(is_ours(&path), ours, "{name}");
        }
        assert!(is_ours(&folder.path().join("not-there")));
    }
}

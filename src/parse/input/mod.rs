//! Bytes of a file to what is in it, whatever the owner named: PEM in any state, DER, containers, a
//! Kubernetes document.
//!
//! For: `jobs`, whichever command wants the file. Never fails: what cannot be read is an item or a
//! format that says why. Must not: open anything, or keep private bytes.

mod item;
mod keys;
mod manifest;
mod opened;
mod pkcs12;
mod read_by;
mod unjudged;
mod values;

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

use super::config::node;
use super::pem::{self, Survey};
use crate::facts::{FileFacts, FileRole, Format, Item, ItemKind, Quirk, Remark};

/// A Java keystore's first bytes: JKS and JCEKS.
const JAVA: [&[u8]; 2] = [&[0xfe, 0xed, 0xfe, 0xed], &[0xce, 0xce, 0xce, 0xce]];
/// How much of a text is looked at to tell what it is.
const HEAD: usize = 2048;

pub use opened::Password;
pub use unjudged::not_read;

/// What is in `bytes`. One file, or one for each file inside a Kubernetes document.
pub fn read(path: &str, meant_as: FileRole, mode: Option<u32>, bytes: &[u8]) -> Vec<FileFacts> {
    read_with(path, meant_as, mode, bytes, None)
}

/// The same; PKCS #12 and encrypted keys are opened where there is a password.
pub fn read_with(
    path: &str,
    meant_as: FileRole,
    mode: Option<u32>,
    bytes: &[u8],
    password: Option<&Password>,
) -> Vec<FileFacts> {
    let one = |path: &str, meant_as, mode, bytes: &[u8]| {
        let mut file = one(path, meant_as, mode, bytes);
        match password {
            Some(password) => opened::open(&mut file, bytes, password),
            None => pkcs12::open_unasked(&mut file, bytes),
        }
        file
    };
    let in_values = || match meant_as {
        FileRole::Anything => values::entries(path, bytes),
        _ => None,
    };
    if let Some(entries) = manifest::entries(bytes).or_else(in_values) {
        return entries
            .into_iter()
            .map(|entry| {
                let path = format!("{path}#{}", entry.name);
                match entry.value {
                    Ok(value) if entry.meant_as == FileRole::Config => configuration(path, &value),
                    Ok(value) => one(&path, entry.meant_as, None, &value),
                    Err(problem) => broken_entry(path, entry.meant_as, problem),
                }
            })
            .collect();
    }
    vec![one(path, meant_as, mode, bytes)]
}

/// A server's configuration inside a document: what it names is not here, so that it is not judged.
fn configuration(path: String, text: &[u8]) -> FileFacts {
    FileFacts {
        path,
        meant_as: FileRole::Config,
        bytes: text.len() as u64,
        mode: None,
        format: Format::Text,
        items: Vec::new(),
        remarks: Vec::new(),
        excerpts: Vec::new(),
        neighbours: None,
        readings: None,
    }
}

/// An entry that could not be decoded.
fn broken_entry(path: String, meant_as: FileRole, problem: String) -> FileFacts {
    let item = Item {
        kind: ItemKind::Other("entry of a Kubernetes document".to_owned()),
        label: String::new(),
        first_line: 1,
        last_line: 1,
        problem: Some(problem),
    };
    FileFacts {
        path,
        meant_as,
        bytes: 0,
        mode: None,
        format: Format::Text,
        items: vec![item],
        remarks: Vec::new(),
        excerpts: Vec::new(),
        neighbours: None,
        readings: None,
    }
}

fn one(path: &str, meant_as: FileRole, mode: Option<u32>, bytes: &[u8]) -> FileFacts {
    let mut file = FileFacts {
        path: path.to_owned(),
        meant_as,
        bytes: bytes.len() as u64,
        mode,
        format: Format::Empty,
        items: Vec::new(),
        remarks: Vec::new(),
        excerpts: Vec::new(),
        neighbours: None,
        readings: None,
    };
    if bytes.trim_ascii().is_empty() {
        return file;
    }
    if let Some(text) = utf16(bytes) {
        file.format = Format::Utf16;
        take(&mut file, pem::survey(text.as_bytes()), bytes);
        return file;
    }
    if JAVA.iter().any(|magic| bytes.starts_with(magic)) {
        file.format = Format::JavaKeystore;
        return file;
    }
    if let Some(items) = item::of_der(bytes, &mut file.remarks) {
        file.format = match items.first().map(|item| &item.kind) {
            Some(ItemKind::Pkcs12) => Format::Pkcs12,
            _ => Format::Der,
        };
        file.items = items;
        return file;
    }
    take(&mut file, pem::survey(bytes), bytes);
    file.format = if file.items.is_empty() {
        without_blocks(&mut file, bytes)
    } else {
        Format::Pem
    };
    if file.items.is_empty()
        && file.format == Format::Text
        && let Some((line, problem)) = broken_document(path, bytes)
    {
        file.items.push(Item {
            kind: ItemKind::Other("broken document".to_owned()),
            label: String::new(),
            first_line: line,
            last_line: line,
            problem: Some(problem),
        });
        file.format = Format::Text;
    }
    file
}

/// Where a file that is called JSON or YAML breaks off, and why; `None` for any other, and for a
/// whole one.
fn broken_document(path: &str, bytes: &[u8]) -> Option<(usize, String)> {
    let name = path.to_ascii_lowercase();
    let text = std::str::from_utf8(bytes).ok()?;
    if name.ends_with(".json") {
        let error = serde_json::from_str::<serde::de::IgnoredAny>(text).err()?;
        return Some((error.line(), format!("JSON with an error: {error}")));
    }
    if !name.ends_with(".yaml") && !name.ends_with(".yml") {
        return None;
    }
    let (line, why) = node::yaml(text).err()?;
    Some((line, format!("YAML with an error in line {line}: {why}")))
}

/// Takes over what a survey found.
fn take(file: &mut FileFacts, survey: Survey, bytes: &[u8]) {
    file.remarks = survey.remarks;
    file.excerpts = survey.excerpts;
    if may_be_a_key(file) {
        file.withhold_body();
    }
    for block in &survey.blocks {
        file.items.extend(item::of_block(block, &mut file.remarks));
    }
    keys_among_certificates(file);
    read_by::stacks(file, &survey.blocks, bytes);
    file.remarks
        .sort_by_key(|remark| (remark.first_line, remark.last_line));
}

/// Whether a file is a private key's by its flag or its name.
fn may_be_a_key(file: &FileFacts) -> bool {
    let name = file.path.rsplit(['/', '\\', '#']).next();
    let name = name.unwrap_or_default().to_ascii_lowercase();
    let telling = ["key", "priv", "secret"];
    file.meant_as == FileRole::Key || telling.iter().any(|word| name.contains(word))
}

/// Text in UTF-16, with a byte order mark or plainly so.
fn utf16(bytes: &[u8]) -> Option<String> {
    let (rest, big) = match bytes {
        [0xff, 0xfe, rest @ ..] => (rest, false),
        [0xfe, 0xff, rest @ ..] => (rest, true),
        [b'-', 0, b'-', 0, ..] => (bytes, false),
        [0, b'-', 0, b'-', ..] => (bytes, true),
        _ => return None,
    };
    let units = rest.chunks_exact(2).map(|pair| {
        if big {
            u16::from_be_bytes([pair[0], pair[1]])
        } else {
            u16::from_le_bytes([pair[0], pair[1]])
        }
    });
    Some(
        char::decode_utf16(units)
            .map(|unit| unit.unwrap_or(char::REPLACEMENT_CHARACTER))
            .collect(),
    )
}

/// What a file without any PEM block is.
fn without_blocks(file: &mut FileFacts, bytes: &[u8]) -> Format {
    let head = &bytes[..bytes.len().min(HEAD)];
    let lower = head.to_ascii_lowercase();
    let has = |words: &[u8]| lower.windows(words.len()).any(|window| window == words);
    if has(b"<html") || has(b"<!doctype") || has(b"<head") {
        return Format::Html;
    }
    if matches!(bytes.trim_ascii_start().first(), Some(b'{' | b'['))
        && serde_json::from_slice::<serde::de::IgnoredAny>(bytes).is_ok()
    {
        return Format::Json;
    }
    if let Some(hidden) = hidden(bytes) {
        file.items.push(Item {
            kind: ItemKind::Other(hidden.to_owned()),
            label: String::new(),
            first_line: 1,
            last_line: 1,
            problem: Some(format!("it is {hidden}")),
        });
        return Format::Text;
    }
    let printable = head
        .iter()
        .filter(|byte| byte.is_ascii_graphic() || byte.is_ascii_whitespace() || **byte >= 0x80)
        .count();
    if std::str::from_utf8(head).is_ok_and(|_| printable == head.len())
        || printable * 20 > head.len() * 19 && !head.contains(&0)
    {
        Format::Text
    } else {
        Format::Binary
    }
}

/// Base64 without markers: a value copied out of a secret, or the body of a block.
fn hidden(bytes: &[u8]) -> Option<&'static str> {
    let compact: Vec<u8> = bytes
        .iter()
        .copied()
        .filter(|byte| !byte.is_ascii_whitespace())
        .collect();
    let decoded = STANDARD.decode(compact).ok()?;
    if decoded.starts_with(b"-----BEGIN ") {
        Some("a PEM file in base64, as in a Kubernetes secret")
    } else if decoded.first() == Some(&0x30) && item::of_der(&decoded, &mut Vec::new()).is_some() {
        Some("base64 of a DER file, without BEGIN and END lines")
    } else {
        None
    }
}

/// A private key where certificates were asked for.
fn keys_among_certificates(file: &mut FileFacts) {
    if !matches!(
        file.meant_as,
        FileRole::Chain
            | FileRole::ClientChain
            | FileRole::ClientCa
            | FileRole::Anchors
            | FileRole::Untrusted
    ) || file.certificates().next().is_none()
    {
        return;
    }
    let remarks: Vec<Remark> = file
        .private_keys()
        .map(|(item, _)| Remark {
            quirk: Quirk::KeyAmongCertificates,
            first_line: item.first_line,
            last_line: item.last_line,
            seen: item.label.clone(),
        })
        .collect();
    file.remarks.extend(remarks);
}

#[cfg(test)]
mod tests;

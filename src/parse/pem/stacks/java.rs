//! Java 17, `sun.security.provider.X509Factory`: `CertificateFactory.generateCertificates`.

use super::{
    Behind, Purpose, Tally,
    base64::{Dialect, decode},
};

const BASE64: Dialect = Dialect {
    blank: |byte| matches!(byte, b' ' | b'\t' | b'\r' | b'\n'),
    unpadded: true,
    hyphen_ends: false,
};

/// Whether it reads the file without an error. Every block has to be a certificate.
pub(super) fn take(text: &[u8], _: Purpose, tally: &mut Tally<'_>) -> bool {
    let mut rest = text;
    loop {
        match block(&mut rest) {
            Ok(Some(der)) if tally.take(&der, Behind::Nothing) => {}
            Ok(None) => return true,
            Ok(Some(_)) | Err(()) => return false,
        }
    }
}

fn block(rest: &mut &[u8]) -> Result<Option<Vec<u8>>, ()> {
    // What begins with a SEQUENCE's octet, which is the digit 0, is read as DER.
    if rest.first() == Some(&b'0') {
        return Err(());
    }
    let Some(begin) = begin(rest) else {
        return Ok(None);
    };
    let after = &rest[begin..];
    let break_at = after
        .iter()
        .position(|byte| matches!(byte, b'\n' | b'\r'))
        .ok_or(())?;
    let header = &after[..break_at];
    let lone = after[break_at] == b'\r' && after.get(break_at + 1) != Some(&b'\n');
    let ends = if lone { b'\r' } else { b'\n' };
    let after = &after[break_at + 1..];
    let hyphen = after.iter().position(|&byte| byte == b'-').ok_or(())?;
    let (data, footer) = after.split_at(hyphen);
    let end = footer
        .iter()
        .position(|&byte| byte == b'\n' || byte == ends)
        .unwrap_or(footer.len());
    *rest = footer.get(end + 1..).unwrap_or_default();
    let footer: Vec<u8> = footer[..end]
        .iter()
        .copied()
        .filter(|&byte| byte != b'\r')
        .collect();
    let inner = |line: &[u8], word: &[u8]| {
        let inner = stripped(line).strip_prefix(word)?.strip_suffix(b"-----")?;
        Some(inner.to_vec())
    };
    let begun = inner(header, b"-----BEGIN ").ok_or(())?;
    let ended = inner(&footer, b"-----END ").ok_or(())?;
    if begun != ended {
        return Err(());
    }
    decode(data, BASE64).map(Some).ok_or(())
}

/// Where a line begins with five hyphens.
fn begin(text: &[u8]) -> Option<usize> {
    let mut at = 0;
    loop {
        if text[at..].starts_with(b"-----") {
            return Some(at);
        }
        at += text[at..]
            .iter()
            .position(|byte| matches!(byte, b'\n' | b'\r'))?
            + 1;
    }
}

/// `String.stripTrailing`.
fn stripped(line: &[u8]) -> &[u8] {
    let blank = |byte: &u8| matches!(byte, 9..=13 | 28..=32);
    let end = line.iter().rposition(|byte| !blank(byte));
    &line[..end.map_or(0, |end| end + 1)]
}

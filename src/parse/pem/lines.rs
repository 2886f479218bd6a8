//! Lines of a text: cut apart, put back together where they were squeezed into one, made safe to
//! show.

use crate::parse::{escape, redact};

/// Characters of a line that are shown.
const SHOWN: usize = 100;

/// Carriage returns in front of a line feed that end a line together with it.
const MOST: usize = 8;

/// Lines with what ends them: LF, CR LF, a lone CR, or nothing.
pub(super) fn lines(bytes: &[u8]) -> impl Iterator<Item = (&[u8], &[u8])> {
    let mut rest = bytes;
    std::iter::from_fn(move || {
        if rest.is_empty() {
            return None;
        }
        let end = rest
            .iter()
            .position(|&byte| byte == b'\n' || byte == b'\r')
            .unwrap_or(rest.len());
        let (line, after) = rest.split_at(end);
        // A text that was converted twice has CR CR LF.
        let returns = after
            .iter()
            .take(MOST)
            .take_while(|&&byte| byte == b'\r')
            .count();
        let ending = match after.get(returns) {
            Some(b'\n') => returns + 1,
            _ => after.len().min(1),
        };
        let (ending, after) = after.split_at(ending);
        rest = after;
        Some((line, ending))
    })
}

/// The lines of a PEM that was squeezed into one: `\n` written out, or markers and body side by
/// side.
pub(super) fn squeezed(line: &[u8]) -> Option<Vec<&[u8]>> {
    if !contains(line, b"-----BEGIN ") && !contains(line, b"-----END ") {
        return None;
    }
    let mut pieces: Vec<&[u8]> = Vec::new();
    let mut rest = line;
    while let Some(at) = find(rest, b"\\n") {
        pieces.push(
            rest[..at]
                .strip_suffix(b"\\r")
                .unwrap_or(&rest[..at])
                .trim_ascii(),
        );
        rest = &rest[at + 2..];
    }
    pieces.push(rest.trim_ascii());
    let mut all = Vec::new();
    for piece in pieces {
        split_markers(piece.trim_matches_quotes(), &mut all);
    }
    all.retain(|piece| !piece.is_empty());
    (all.len() > 1).then_some(all)
}

/// Splits around `-----BEGIN X-----` and `-----END X-----`, in time linear in the line: a word that
/// comes no more is not looked for again.
fn split_markers<'a>(piece: &'a [u8], all: &mut Vec<&'a [u8]>) {
    let mut from = 0;
    let words: [&[u8]; 2] = [b"-----BEGIN ", b"-----END "];
    let mut next = words.map(|word| (word, find(piece, word)));
    while let Some(at) = next.iter().filter_map(|(_, at)| *at).min() {
        let label = at + 10;
        let Some(end) = piece.get(label..).and_then(|rest| find(rest, b"-----")) else {
            break;
        };
        let hyphens = |text: &[u8]| text.iter().take_while(|&&byte| byte == b'-').count();
        let end = label + end + 5;
        // Six hyphens are a malformed marker, unless they begin another one.
        let more = hyphens(&piece[end..]);
        let behind = &piece[end + more..];
        let begins = behind.starts_with(b"BEGIN ") || behind.starts_with(b"END ");
        let end = if begins { end } else { end + more };
        let before = piece[from..at].iter().rev();
        let at = at - before.take_while(|&&byte| byte == b'-').count();
        all.push(piece[from..at].trim_ascii());
        all.push(&piece[at..end]);
        from = end;
        for (word, at) in &mut next {
            if at.is_some_and(|at| at < from) {
                *at = find(&piece[from..], word).map(|at| at + from);
            }
        }
    }
    all.push(piece[from..].trim_ascii());
}

/// Quotes that came along from a configuration file.
trait Unquoted {
    fn trim_matches_quotes(&self) -> &Self;
}

impl Unquoted for [u8] {
    fn trim_matches_quotes(&self) -> &[u8] {
        let inner = self.strip_prefix(b"\"").unwrap_or(self);
        inner.strip_suffix(b"\"").unwrap_or(inner)
    }
}

pub(super) fn contains(line: &[u8], needle: &[u8]) -> bool {
    find(line, needle).is_some()
}

fn find(line: &[u8], needle: &[u8]) -> Option<usize> {
    line.windows(needle.len())
        .position(|window| window == needle)
}

/// A byte as people can read it.
pub(super) fn character(byte: u8) -> String {
    if byte.is_ascii_graphic() {
        format!("'{}'", char::from(byte))
    } else {
        format!("byte 0x{byte:02x}")
    }
}

/// A line that can be shown: escaped and short.
pub(super) fn shown(line: &[u8]) -> String {
    let line = &line[..line.len().min(SHOWN * 4)];
    let text = match std::str::from_utf8(line) {
        Ok(text) => escape::text(&redact::text(text)),
        Err(_) => escape::line(line),
    };
    match text.char_indices().nth(SHOWN) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text,
    }
}

//! White space around markers, and the base64 between them.

use base64::Engine as _;

use super::{
    super::{lines::character, private},
    LENIENT, Machine, Open,
};
use crate::facts::Quirk;

/// UTF-8's byte order mark.
const MARK: &[u8] = b"\xef\xbb\xbf";

/// Whether a line begins as a comment does in the files that people paste blocks into.
pub(super) fn is_comment(line: &[u8]) -> bool {
    [&b"#"[..], b";", b"//", b"<!--"]
        .iter()
        .any(|sign| line.starts_with(sign))
}

/// What stands on a marker's line beside it, where that is neither base64 nor another marker: the
/// piece and the marker.
pub(super) fn beside_marker<'a>(pieces: &[&'a [u8]]) -> Option<(&'a [u8], &'a [u8])> {
    let (marker, piece, inside) = match pieces {
        [marker, piece] if marker.starts_with(b"-----") => {
            let begins = marker.starts_with(b"-----BEGIN ");
            (marker, piece, begins && piece.len().is_multiple_of(4))
        }
        [piece, marker] if marker.starts_with(b"-----") => {
            (marker, piece, marker.starts_with(b"-----END "))
        }
        _ => return None,
    };
    let alphabet = piece.iter().filter(|&&byte| base64_octet(byte)).count();
    let body = inside && alphabet == piece.len() || piece.len() >= 8 && alphabet * 2 > piece.len();
    (!body && !piece.starts_with(b"-----")).then_some((*piece, *marker))
}

impl Machine {
    /// A line without what may stand at its ends: white space, and what only some stacks pass over.
    pub(super) fn trimmed<'a>(&mut self, raw: &'a [u8]) -> (&'a [u8], &'a [u8]) {
        // Files that were put together, each with its own mark.
        let raw = match raw.strip_prefix(MARK) {
            Some(rest) if rest.starts_with(b"-----") => {
                let seen = "the bytes EF BB BF in front of a marker";
                self.remark(Quirk::ByteOrderMark, self.number, seen);
                rest
            }
            _ => raw,
        };
        let line = raw.trim_ascii();
        let end = line.iter().rposition(|&byte| byte > b' ' && byte < 0x80);
        let core = &line[..end.map_or(0, |end| end + 1)];
        let marker = core.starts_with(b"-----") && core.ends_with(b"-----");
        let body = self.open.is_some() && core.iter().all(|&byte| base64_octet(byte));
        let behind = &raw[raw.len() - raw.trim_ascii_start().len() + core.len()..];
        let odd = behind.iter().find(|byte| !matches!(byte, b' ' | b'\t'));
        match odd {
            Some(&odd) if (marker || body) && !core.is_empty() => {
                let seen = format!("{} at the end of a line", character(odd));
                self.remark(Quirk::ControlCharacters, self.number, seen);
                let core = &raw[..raw.len() - behind.len()];
                (core, core.trim_ascii())
            }
            _ => (raw, line),
        }
    }

    /// Something other than base64 on a marker's own line.
    pub(super) fn beside(&mut self, piece: &[u8], marker: &[u8]) {
        let what = match piece {
            [byte] => character(*byte),
            _ if private::may_be_key(piece) => "other characters".to_owned(),
            _ => super::super::lines::shown(piece),
        };
        let marker = super::super::lines::shown(marker);
        let seen = format!("{what} on the line of {marker}");
        self.remark(Quirk::MalformedMarker, self.number, seen);
    }

    /// White space around a marker: in front of it nobody finds the marker, behind it everybody
    /// does.
    pub(super) fn around(&mut self, raw: &[u8], line: &[u8], begin: bool) {
        let word = if begin { "BEGIN" } else { "END" };
        if raw.first().is_some_and(u8::is_ascii_whitespace) {
            let quirk = if begin {
                Quirk::IndentedMarker
            } else {
                Quirk::IndentedEnd
            };
            let seen = format!("white space in front of the {word} line");
            self.remark(quirk, self.number, seen);
        } else if raw != line {
            let seen = format!("white space behind the {word} line");
            self.remark(Quirk::WhiteSpace, self.number, seen);
        }
    }

    /// The bytes of a block.
    pub(super) fn decode(&mut self, open: &Open, lines: (usize, usize)) -> Result<Vec<u8>, String> {
        let decoded = LENIENT.decode(&open.base64);
        match &decoded {
            Ok(_) if open.base64.len().is_multiple_of(4) => {}
            Ok(_) => self.remark(
                Quirk::TruncatedBase64,
                lines.0,
                "the padding at the end of the base64 is missing",
            ),
            Err(_) => {
                let seen = format!(
                    "{} base64 characters, expected a multiple of four",
                    open.base64.len()
                );
                self.remark(Quirk::TruncatedBase64, lines.0, seen);
            }
        }
        decoded.map_err(|error| {
            format!(
                "lines {} to {} are not complete base64: {error}",
                lines.0, lines.1
            )
        })
    }
}

fn base64_octet(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/=".contains(&byte)
}

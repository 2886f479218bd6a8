//! White space around markers, and the base64 between them.

use base64::Engine as _;

use super::{LENIENT, Machine, Open};
use crate::facts::Quirk;

impl Machine {
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

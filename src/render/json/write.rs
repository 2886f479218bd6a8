//! How JSON is written: what a terminal or a CI system would obey is escaped as JSON escapes, so
//! that a reader gets it back as it came.
//!
//! For: everything that prints JSON. RFC 8259 section 7 asks for C0 controls alone to be escaped;
//! DEL, C1, directional controls and `##[` within a string are hostile too. Must not: change a
//! value.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{CompactFormatter, Formatter, PrettyFormatter, Serializer};

use crate::untrusted::is_hostile;

/// Writes a value over several lines.
///
/// # Errors
/// Those of `out`.
pub(crate) fn pretty(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    let formatter = Escaping(PrettyFormatter::new());
    Ok(value.serialize(&mut Serializer::with_formatter(out, formatter))?)
}

/// Writes a value on one line.
///
/// # Errors
/// Those of `out`.
pub(crate) fn compact(out: impl Write, value: &impl Serialize) -> io::Result<()> {
    let formatter = Escaping(CompactFormatter);
    Ok(value.serialize(&mut Serializer::with_formatter(out, formatter))?)
}

/// A formatter whose strings hold nothing hostile.
struct Escaping<F>(F);

impl<F: Formatter> Formatter for Escaping<F> {
    fn write_string_fragment<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        fragment: &str,
    ) -> io::Result<()> {
        // Nearly all of it, and looked at byte by byte: no character below is hostile.
        let plain = |byte: &u8| matches!(byte, b' '..=b'~') && *byte != b'#';
        if fragment.as_bytes().iter().all(plain) {
            return writer.write_all(fragment.as_bytes());
        }
        let mut from = 0;
        let mut before = '\0';
        for (at, character) in fragment.char_indices() {
            let command = before == '#' && character == '#';
            before = character;
            if !command && !is_hostile(character) {
                continue;
            }
            writer.write_all(&fragment.as_bytes()[from..at])?;
            for unit in character.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            from = at + character.len_utf8();
        }
        writer.write_all(&fragment.as_bytes()[from..])
    }

    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_array(writer)
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array(writer)
    }

    fn begin_array_value<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_array_value(writer, first)
    }

    fn end_array_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_array_value(writer)
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object(writer)
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object(writer)
    }

    fn begin_object_key<W: ?Sized + Write>(
        &mut self,
        writer: &mut W,
        first: bool,
    ) -> io::Result<()> {
        self.0.begin_object_key(writer, first)
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.begin_object_value(writer)
    }

    fn end_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.0.end_object_value(writer)
    }
}

#[cfg(test)]
mod tests {
    use serde_json::{Value, json};

    use super::*;

    proptest::proptest! {
        #[test]
        fn nothing_hostile_is_written_and_every_value_comes_back(text: String, key: String) {
            let value = json!({ "a": [text.clone(), 1, null], key: { "b": text } });
            let (mut lines, mut line) = (Vec::new(), Vec::new());
            pretty(&mut lines, &value).unwrap();
            compact(&mut line, &value).unwrap();
            for out in [lines, line] {
                let shown = String::from_utf8(out).unwrap();
                proptest::prop_assert!(!shown.chars().any(|c| c != '\n' && is_hostile(c)));
                proptest::prop_assert_eq!(&serde_json::from_str::<Value>(&shown).unwrap(), &value);
            }
        }
    }

    #[test]
    fn del_bidi_and_commands_are_escaped() {
        let mut out = Vec::new();
        compact(&mut out, &"a\u{7f}\u{202e}\u{e0041}##vso[x] # ##").unwrap();
        assert_eq!(
            String::from_utf8(out).unwrap(),
            r##""a\u007f\u202e\udb40\udc41#\u0023vso[x] # #\u0023""##
        );
    }
}

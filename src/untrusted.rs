//! Text that came from somebody else: a peer, a file of a checkout, a name on the command line.
//!
//! For: everything that ends on a terminal or in a log. [`Untrusted`] shows itself safely and gives
//! its raw text only when asked by that name; [`text`] and [`line()`] do the same for a string that
//! is printed at once; [`Tame`] stands before a whole stream. Must not: be relied on for HTML or a
//! shell, which have their own rules; nor hide that something was there: what is taken out leaves
//! an escape in its place.

mod ci;

use std::{borrow::Cow, fmt, fmt::Write as _, path::Path};

pub use ci::{Tame, tame};

/// A text that may be hostile. Shown, it is one line without control characters, directional
/// controls or commands of CI systems.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Untrusted<'a>(Cow<'a, str>);

impl<'a> Untrusted<'a> {
    /// Takes it as it came.
    pub fn new(text: impl Into<Cow<'a, str>>) -> Self {
        Self(text.into())
    }

    /// A path as it is written.
    pub fn path(path: &'a Path) -> Self {
        Self(path.to_string_lossy())
    }

    /// The text as it came: to compare, never to print.
    pub fn raw(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Untrusted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&tame(&text(&self.0)))
    }
}

/// What panics and test failures print is read on a terminal too.
impl fmt::Debug for Untrusted<'_> {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "\"{self}\"")
    }
}

/// Bytes as one line: text that is not UTF-8 shows its bytes as `\xff`, the rest is treated as
/// [`text`] does.
pub fn line(bytes: &[u8]) -> String {
    let mut safe = String::with_capacity(bytes.len());
    for chunk in bytes.utf8_chunks() {
        push(&mut safe, chunk.valid());
        for byte in chunk.invalid() {
            push_byte(&mut safe, *byte);
        }
    }
    safe
}

/// Text as one line: what would move a terminal's cursor, change the order of reading, or not be
/// seen at all becomes `\n`, `\x1b` or `\u{202e}`; everything else stays, a backslash too, so that
/// the text can be read and searched as it came.
pub fn text(text: &str) -> String {
    let mut safe = String::with_capacity(text.len());
    push(&mut safe, text);
    safe
}

/// Whether a character is one that [`text`] escapes: controls (C0, DEL, C1), line and paragraph
/// separators, directional controls (UAX #9), zero-width and other invisible characters, and
/// noncharacters.
pub fn is_hostile(character: char) -> bool {
    character.is_control()
        || matches!(character,
            '\u{ad}' | '\u{34f}' | '\u{61c}' | '\u{115f}' | '\u{1160}' | '\u{17b4}' | '\u{17b5}'
            | '\u{180b}'..='\u{180f}' // Mongolian variation selectors and vowel separator
            | '\u{200b}'..='\u{200f}' // zero-width space and joiners, LRM, RLM
            | '\u{2028}'..='\u{202e}' // separators, embeddings and overrides
            | '\u{2060}'..='\u{206f}' // word joiner, isolates, deprecated format characters
            | '\u{3164}' | '\u{fdd0}'..='\u{fdef}' | '\u{fe00}'..='\u{fe0f}' | '\u{feff}' | '\u{ffa0}'
            | '\u{fff0}'..='\u{fffb}' | '\u{fffe}' | '\u{ffff}'
            | '\u{1bca0}'..='\u{1bca3}' | '\u{1d173}'..='\u{1d17a}'
            | '\u{e0000}'..='\u{e0fff}') // tags and variation selectors
}

fn push(safe: &mut String, text: &str) {
    for character in text.chars() {
        match character {
            '\n' => safe.push_str("\\n"),
            '\r' => safe.push_str("\\r"),
            '\t' => safe.push_str("\\t"),
            _ if !is_hostile(character) => safe.push(character),
            _ => match u8::try_from(u32::from(character)) {
                Ok(byte) => push_byte(safe, byte),
                // Writing to a String cannot fail.
                Err(_) => {
                    let _ = write!(safe, "\\u{{{:x}}}", u32::from(character));
                }
            },
        }
    }
}

fn push_byte(safe: &mut String, byte: u8) {
    // Writing to a String cannot fail.
    let _ = write!(safe, "\\x{byte:02x}");
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn it_shows_itself_safely_and_compares_as_it_came() {
        let hostile = Untrusted::new("\n::error::x\u{202e}\u{7f}##vso[y");
        assert_eq!(hostile.to_string(), r"\n::error::x\u{202e}\x7f##\vso[y");
        assert_eq!(format!("{hostile:?}"), format!("\"{hostile}\""));
        assert_eq!(Untrusted::new("::x").to_string(), r":\:x");
        assert!(hostile.raw().starts_with('\n'));
    }

    #[test]
    fn plain_text_stays() {
        for plain in ["", "POST /a?b=c HTTP/1.1", "Grüße, 世界 🙂", r"back\slash"] {
            assert_eq!(text(plain), plain);
            assert_eq!(line(plain.as_bytes()), plain);
        }
    }

    #[test]
    fn hostile_text_shows() {
        assert_eq!(text("a\x1b[2Jb"), r"a\x1b[2Jb");
        assert_eq!(text("a\r\nb\tc\0"), r"a\r\nb\tc\x00");
        assert_eq!(text("\u{7f}\u{9b}\u{ad}"), r"\x7f\x9b\xad");
        assert_eq!(text("gpj.\u{202e}exe"), r"gpj.\u{202e}exe");
        assert_eq!(
            text("\u{200b}\u{2028}\u{2066}\u{feff}"),
            r"\u{200b}\u{2028}\u{2066}\u{feff}"
        );
    }

    #[test]
    fn bytes_that_are_not_utf8_show() {
        assert_eq!(line(b"a\xffb\xc3"), r"a\xffb\xc3");
        assert_eq!(line(b"\xe2\x80\xae"), r"\u{202e}");
    }

    proptest! {
        #[test]
        fn nothing_hostile_comes_out(bytes in proptest::collection::vec(any::<u8>(), 0..300), string in any::<String>()) {
            prop_assert!(!line(&bytes).chars().any(is_hostile));
            prop_assert!(!text(&string).chars().any(is_hostile));
            // The two agree, and escaping what is escaped changes nothing.
            prop_assert_eq!(line(string.as_bytes()), text(&string));
            prop_assert_eq!(text(&text(&string)), text(&string));
        }

        #[test]
        fn every_character(character in any::<char>()) {
            let shown = text(&character.to_string());
            prop_assert_eq!(shown.chars().any(|c| c.is_control()), false);
            prop_assert_eq!(is_hostile(character), shown != character.to_string());
        }
    }
}

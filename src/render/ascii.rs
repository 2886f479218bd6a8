//! Text for terminals that show ASCII only: drawings get the nearest characters, other letters
//! their numbers.
//!
//! For: `cli`, where the locale is none of UTF-8. Must not: change a byte of what is ASCII, escape
//! sequences of colours among it.

use std::io::{self, Write};

/// A stream of UTF-8 text, written as ASCII.
pub struct Ascii<W> {
    out: W,
    /// The beginning of a character whose end has not come.
    begun: Vec<u8>,
}

impl<W: Write> Ascii<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            begun: Vec::new(),
        }
    }
}

impl<W: Write> Write for Ascii<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut whole = std::mem::take(&mut self.begun);
        whole.extend_from_slice(bytes);
        let mut text = String::with_capacity(whole.len());
        for chunk in whole.utf8_chunks() {
            for character in chunk.valid().chars() {
                push(&mut text, character);
            }
            let broken = chunk.invalid();
            let at_the_end = whole.ends_with(broken)
                && std::ptr::eq(broken.as_ptr_range().end, whole.as_ptr_range().end);
            if at_the_end && broken.len() < 4 && !broken.is_empty() {
                self.begun = broken.to_vec();
            } else if !broken.is_empty() {
                text.push('?');
            }
        }
        self.out.write_all(text.as_bytes())?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

fn push(text: &mut String, character: char) {
    let plain = match character {
        _ if character.is_ascii() => return text.push(character),
        '└' => "`",
        '│' | '├' => "|",
        '─' | '–' | '—' => "-",
        '█' => "#",
        '→' => ">",
        '←' => "<",
        '✗' => "x",
        '…' => "...",
        '‘' | '’' => "'",
        '“' | '”' => "\"",
        '·' => "*",
        _ => return text.extend(character.escape_unicode()),
    };
    text.push_str(plain);
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn written(text: &str, step: usize) -> String {
        let mut bytes = Vec::new();
        let mut ascii = Ascii::new(&mut bytes);
        for part in text.as_bytes().chunks(step) {
            ascii.write_all(part).unwrap();
        }
        String::from_utf8(bytes).unwrap()
    }

    #[test]
    fn drawings_keep_their_columns_and_letters_their_numbers() {
        assert_eq!(written("  │  └─ ██ → ← ✗", 100), "  |  `- ## > < x");
        assert_eq!(
            written("\x1b[1mCN = Zürich…\x1b[0m", 100),
            "\x1b[1mCN = Z\\u{fc}rich...\x1b[0m"
        );
    }

    proptest! {
        #[test]
        fn it_is_ascii_however_it_is_cut(text in ".{0,60}", step in 1_usize..9) {
            let whole = written(&text, 1000);
            prop_assert!(whole.is_ascii());
            prop_assert_eq!(written(&text, step), whole);
        }
    }
}

//! Commands that CI systems find in what a program prints.
//!
//! GitHub takes lines that begin with `::`, blanks before them or not, and `##[` anywhere
//! (actions/runner, ActionCommand.cs); Azure `##vso[` and `##[` anywhere; TeamCity `##teamcity[`. A
//! backslash within them leaves them readable, and nothing to obey.

use std::io::{self, Write};

/// Where in a line it is.
#[derive(Clone, Copy, Debug)]
struct Place {
    /// Nothing but blanks, and at most one colon, came so far.
    start: bool,
    colon: bool,
    hashes: u8,
}

impl Place {
    const BEGIN: Self = Self {
        start: true,
        colon: false,
        hashes: 0,
    };

    /// Whether a backslash has to stand before this byte.
    fn step(&mut self, byte: u8) -> bool {
        if matches!(byte, b'\n' | b'\r') {
            *self = Self::BEGIN;
            return false;
        }
        let command = self.start && self.colon && byte == b':'
            || self.hashes >= 2 && (byte == b'[' || byte.is_ascii_alphabetic());
        self.hashes = if byte == b'#' {
            self.hashes.saturating_add(1)
        } else {
            0
        };
        match byte {
            b':' if self.start && !self.colon => self.colon = true,
            b' ' | b'\t' if !self.colon => {}
            // White space beyond ASCII is trimmed too.
            _ if !byte.is_ascii() && !self.colon => {}
            _ => self.start = false,
        }
        command
    }
}

/// The text with every command broken.
pub fn tame(text: &str) -> String {
    let mut place = Place::BEGIN;
    let mut tame = String::with_capacity(text.len());
    for character in text.chars() {
        // Only ASCII is broken apart: a byte that is none stands for them all.
        if place.step(u8::try_from(character).unwrap_or(0xff)) {
            tame.push('\\');
        }
        tame.push(character);
    }
    tame
}

/// A stream that breaks the commands in what is written to it.
#[derive(Debug)]
pub struct Tame<W> {
    out: W,
    place: Place,
}

impl<W: Write> Tame<W> {
    /// Writes to `out`.
    pub fn new(out: W) -> Self {
        Self {
            out,
            place: Place::BEGIN,
        }
    }
}

impl<W: Write> Write for Tame<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let mut from = 0;
        for (at, byte) in bytes.iter().enumerate() {
            if self.place.step(*byte) {
                self.out.write_all(&bytes[from..at])?;
                self.out.write_all(b"\\")?;
                from = at;
            }
        }
        self.out.write_all(&bytes[from..])?;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn commands_are_broken_wherever_they_are_taken_for_commands() {
        for (hostile, broken) in [
            ("::error::x", r":\:error::x"),
            ("a\n  ::stop-commands::x", "a\n  :\\:stop-commands::x"),
            ("\u{a0}::error::x", "\u{a0}:\\:error::x"),
            ("a ##[add-mask]x", r"a ##\[add-mask]x"),
            ("##vso[task.x]", r"##\vso[task.x]"),
            ("###teamcity[x]", r"###\teamcity[x]"),
        ] {
            assert_eq!(tame(hostile), broken);
            // Byte for byte, as a stream may come.
            let mut out = Tame::new(Vec::new());
            for byte in hostile.as_bytes() {
                out.write_all(&[*byte]).unwrap();
            }
            assert_eq!(String::from_utf8(out.out).unwrap(), broken);
        }
        for plain in ["a::b", "## Title", "[::1]:443", "std::io", "# a", "a: ::b"] {
            assert_eq!(tame(plain), plain);
        }
    }
}

//! Words with their colours, and the few measures that text needs.

use colored::Color;

pub(super) use crate::render::words::{amount, claims, day, ending_words, span};
use crate::report::OverallVerdict;

/// A verdict's word and colour.
pub(super) fn verdict_word(verdict: OverallVerdict) -> (&'static str, Color) {
    match verdict {
        OverallVerdict::Pass => ("PASS", Color::Green),
        OverallVerdict::Warn => ("WARN", Color::Yellow),
        OverallVerdict::Fail => ("FAIL", Color::Red),
        OverallVerdict::Unknown => ("UNKNOWN", Color::Magenta),
    }
}

/// The columns that a word takes: colours, which are the only escape sequences here, take none.
fn columns(word: &str) -> usize {
    let mut count = 0;
    let mut coloring = false;
    for character in word.chars() {
        match character {
            '\x1b' => coloring = true,
            'm' if coloring => coloring = false,
            _ if coloring => {}
            _ => count += 1,
        }
    }
    count
}

/// Breaks text at spaces so that no line is longer than `width`, where its words allow.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = Vec::new();
    let mut line = String::new();
    let mut length = 0;
    for word in text.split(' ') {
        let word_length = columns(word);
        if length > 0 && length + 1 + word_length > width {
            lines.push(std::mem::take(&mut line));
            length = 0;
        }
        if length > 0 {
            line.push(' ');
            length += 1;
        }
        line.push_str(word);
        length += word_length;
    }
    lines.push(line);
    lines
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_at_spaces_only() {
        assert_eq!(wrap("aaa bbb ccc", 7), ["aaa bbb", "ccc"]);
        assert_eq!(wrap("aaaaaaaaaaaa b", 4), ["aaaaaaaaaaaa", "b"]);
        assert_eq!(wrap("\x1b[1maaa\x1b[0m bbb", 7), ["\x1b[1maaa\x1b[0m bbb"]);
    }
}

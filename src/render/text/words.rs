//! Words with their colours, and the few measures that text needs: columns are counted in cells.

use colored::Color;
use textwrap::{Options, WordSeparator, WordSplitter, WrapAlgorithm, core::display_width};
use unicode_width::UnicodeWidthChar as _;

pub(super) use crate::render::words::{amount, claims, day, ending_words, omitted};
use crate::{finding::Severity, report::OverallVerdict};

/// A verdict's word and colour.
pub(super) fn verdict_word(verdict: OverallVerdict) -> (&'static str, Color) {
    match verdict {
        OverallVerdict::Pass => ("PASS", Color::Green),
        OverallVerdict::Warn => ("WARN", Color::Yellow),
        OverallVerdict::Fail => ("FAIL", Color::Red),
        OverallVerdict::Unknown => ("UNKNOWN", Color::Magenta),
    }
}

/// A severity's colour.
pub(super) fn severity_color(severity: Severity) -> Color {
    match severity {
        Severity::Error => Color::Red,
        Severity::Warning => Color::Yellow,
        // Plain blue is unreadable on the black of many terminals.
        Severity::Note => Color::BrightBlue,
    }
}

/// The cells that a text takes on a terminal: colours take none, wide characters two.
pub(super) fn cells(text: &str) -> usize {
    display_width(text)
}

/// The text with spaces behind it, up to so many cells.
pub(super) fn padded(text: &str, width: usize) -> String {
    format!("{text}{:1$}", "", width.saturating_sub(cells(text)))
}

/// The text, its end replaced by `…` where it takes more than so many cells; no colours in it.
pub(super) fn cut(text: &str, width: usize) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let mut kept = String::new();
    for character in text.chars() {
        let takes = character.width().unwrap_or_default();
        if takes > room {
            break;
        }
        room -= takes;
        kept.push(character);
    }
    kept.push('…');
    kept
}

/// The same with its beginning replaced: of a path the end tells more.
pub(super) fn cut_front(text: &str, width: usize) -> String {
    if cells(text) <= width {
        return text.to_owned();
    }
    let backwards: String = text.chars().rev().collect();
    cut(&backwards, width).chars().rev().collect()
}

fn options(width: usize) -> Options<'static> {
    Options::new(width.max(1))
        .word_separator(WordSeparator::AsciiSpace)
        .word_splitter(WordSplitter::NoHyphenation)
        .wrap_algorithm(WrapAlgorithm::FirstFit)
}

fn lines(text: &str, options: Options<'_>) -> Vec<String> {
    let lines = textwrap::wrap(text, options);
    lines.into_iter().map(|line| line.into_owned()).collect()
}

/// Breaks text at spaces so that no line is longer than `width`, where its words allow.
pub(super) fn wrap(text: &str, width: usize) -> Vec<String> {
    lines(text, options(width).break_words(false))
}

/// The same, with words broken that are longer than a line: nothing sticks out.
pub(super) fn wrap_all(text: &str, width: usize) -> Vec<String> {
    lines(text, options(width).break_words(true))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_is_wrapped_at_spaces_only() {
        assert_eq!(wrap("aaa bbb ccc", 7), ["aaa bbb", "ccc"]);
        assert_eq!(wrap("aaaaaaaaaaaa b", 4), ["aaaaaaaaaaaa", "b"]);
        assert_eq!(wrap("aa-bb cc", 4), ["aa-bb", "cc"]);
        assert_eq!(wrap("\x1b[1maaa\x1b[0m bbb", 7), ["\x1b[1maaa\x1b[0m bbb"]);
        assert_eq!(wrap_all("aaaaaa b", 4), ["aaaa", "aa b"]);
        assert_eq!(wrap("", 4), [""]);
    }

    #[test]
    fn columns_are_cells() {
        assert_eq!(cells("証明書"), 6);
        assert_eq!(padded("証", 4), "証  ");
        assert_eq!(cut("証明書", 5), "証明…");
        assert_eq!(cut("abc", 3), "abc");
        assert_eq!(cut_front("pki/a.pem", 6), "…a.pem");
        assert_eq!(wrap("証明 書", 5), ["証明", "書"]);
    }
}

//! Lines of a file drawn with what is said about them.
//!
//! For: the renderers for people, and settings. The one place that knows `annotate-snippets`, whose
//! interface still changes. Must not: show a line that is not among a file's excerpts: the others
//! may be a private key's.

use std::ops::Range;

use annotate_snippets::{AnnotationKind, Group, Level, Renderer, Snippet, renderer::DecorStyle};

use super::words::boundary;
use crate::{
    facts::{FileFacts, Place},
    finding::Severity,
    parse::escape,
};

/// Columns of a drawing that is no report's.
const WIDTH: usize = 80;
/// Longer blocks are drawn by their first line alone: a drawing of a million lines helps nobody.
const LONGEST: usize = 20_000;

/// How a drawing is to look.
#[derive(Clone, Copy, Debug)]
pub(super) struct Look {
    /// What its mark has the colour of.
    pub(super) severity: Severity,
    /// Whether it has colours.
    pub(super) styled: bool,
    /// Columns to fit into.
    pub(super) width: usize,
}

/// The lines of `place`, `label` at them; `None` when it is no place in one of `files`, or none of
/// its lines can be shown.
pub(super) fn draw(place: &Place, files: &[FileFacts], label: &str, look: Look) -> Option<String> {
    let Place::File {
        path,
        first_line,
        last_line,
    } = place
    else {
        return None;
    };
    let file = files.iter().find(|file| &file.path == path)?;
    let last = if last_line - first_line > LONGEST {
        *first_line
    } else {
        *last_line
    };
    let shown = |line: usize| {
        file.excerpts
            .binary_search_by_key(&line, |excerpt| excerpt.line)
            .ok()
            .map(|index| file.excerpts[index].text.as_str())
    };
    let first_text = shown(*first_line)?;
    // Lines between are left empty: they are folded away, and they may be secret.
    let mut source = String::new();
    for line in *first_line..=last {
        source.push_str(shown(line).unwrap_or_default());
        source.push('\n');
    }
    source.pop();
    let end = if shown(last).is_some() && last > *first_line {
        source.len()
    } else {
        first_text.len()
    };
    let path = escape::text(path);
    let label = escape::text(label);
    let snippet = Snippet::source(source)
        .line_start(*first_line)
        .path(path)
        .fold(true)
        .annotation(AnnotationKind::Primary.span(0..end).label(label));
    let level = match look.severity {
        Severity::Error => Level::ERROR,
        Severity::Warning => Level::WARNING,
        Severity::Note => Level::NOTE,
    };
    let group = Group::with_level(level).element(snippet);
    let renderer = if look.styled {
        Renderer::styled()
    } else {
        Renderer::plain()
    };
    let drawn = renderer
        .term_width(look.width)
        .decor_style(DecorStyle::Ascii)
        .render(&[group]);
    Some(drawn)
}

/// The place of a text of one's own, which has no secrets: a settings file.
pub(crate) fn at(path: &str, text: &str, span: Range<usize>) -> String {
    // A stretch beyond the end, or within a character, would make the library panic.
    let start = boundary(text, span.start);
    let end = boundary(text, span.end).max(start);
    // Hostile characters would be drawn as they are: byte for byte, so that the places stay.
    let mut shown = String::with_capacity(text.len());
    for character in text.chars() {
        match character {
            '\n' => shown.push(character),
            _ if escape::is_hostile(character) => {
                shown.extend(std::iter::repeat_n('?', character.len_utf8()));
            }
            _ => shown.push(character),
        }
    }
    let path = escape::text(path);
    let snippet = Snippet::source(shown)
        .path(path)
        .fold(true)
        .annotation(AnnotationKind::Primary.span(start..end));
    Renderer::plain()
        .term_width(WIDTH)
        .decor_style(DecorStyle::Ascii)
        .render(&[Group::with_level(Level::ERROR).element(snippet)])
}

//! Directives with their arguments and blocks: what nginx, Apache and Caddy configurations have in
//! common.

use super::{DEEPEST, Include, MOST_FILES, setting, short};
use crate::facts::{NotUnderstood, Place, Setting};

/// A directive.
#[derive(Clone, Debug)]
pub(super) struct Directive {
    pub(super) name: String,
    pub(super) args: Vec<String>,
    pub(super) place: Place,
    /// As written, on one line.
    pub(super) text: String,
    pub(super) block: Option<Vec<Directive>>,
}

impl Directive {
    pub(super) fn arg(&self, index: usize) -> &str {
        self.args.get(index).map_or("", String::as_str)
    }

    pub(super) fn children(&self) -> &[Directive] {
        self.block.as_deref().unwrap_or_default()
    }
}

/// Those called `name`.
pub(super) fn named<'a>(
    directives: &'a [Directive],
    name: &'a str,
) -> impl DoubleEndedIterator<Item = &'a Directive> {
    directives
        .iter()
        .filter(move |directive| directive.name.eq_ignore_ascii_case(name))
}

/// Those of the innermost scope that has any; inner scopes stand last.
pub(super) fn nearest<'a>(scopes: &[&'a [Directive]], name: &str) -> Vec<&'a Directive> {
    for scope in scopes.iter().rev() {
        let found: Vec<&Directive> = scope
            .iter()
            .filter(|directive| directive.name.eq_ignore_ascii_case(name))
            .collect();
        if !found.is_empty() {
            return found;
        }
    }
    Vec::new()
}

/// Every directive of a block and of the blocks in it.
pub(super) fn all(directives: &[Directive]) -> Vec<&Directive> {
    let mut found = Vec::new();
    let mut open: Vec<&Directive> = directives.iter().rev().collect();
    while let Some(directive) = open.pop() {
        found.push(directive);
        open.extend(directive.children().iter().rev());
    }
    found
}

/// A word, the line it began on, and whether a line ends behind it.
#[derive(Clone, Debug)]
pub(super) struct Word {
    pub(super) text: String,
    pub(super) line: usize,
    pub(super) quoted: bool,
    pub(super) ends_line: bool,
}

/// How a language writes words.
#[derive(Clone, Copy)]
pub(super) struct Grammar {
    /// Characters that are words of their own.
    pub(super) single: &'static [char],
    /// Quotation marks.
    pub(super) quotes: &'static [char],
    /// Whether a `\` before a line break joins the lines.
    pub(super) continues: bool,
    /// Whether `#` begins a comment only at the start of a word (else of a line).
    pub(super) comments_anywhere: bool,
}

/// The words of a text. A quotation mark that is never closed takes the rest of the text.
pub(super) fn words(text: &str, grammar: Grammar) -> Vec<Word> {
    let mut words: Vec<Word> = Vec::new();
    let mut line = 1;
    let mut fresh = true;
    let mut chars = text.chars().peekable();
    while let Some(character) = chars.next() {
        match character {
            '\n' => {
                if let Some(last) = words.last_mut() {
                    last.ends_line = true;
                }
                line += 1;
                fresh = true;
            }
            '\\' if grammar.continues && matches!(chars.peek(), Some('\n' | '\r')) => {
                while chars.next().is_some_and(|next| next != '\n') {}
                line += 1;
            }
            _ if character.is_whitespace() => {}
            '#' if grammar.comments_anywhere || fresh => {
                while chars.next_if(|next| *next != '\n').is_some() {}
            }
            _ => {
                fresh = false;
                let began = line;
                let mut word = String::new();
                let mut quoted = false;
                if grammar.single.contains(&character) {
                    word.push(character);
                } else if grammar.quotes.contains(&character) {
                    quoted = true;
                    while let Some(next) = chars.next() {
                        if next == character {
                            break;
                        }
                        if next == '\n' {
                            line += 1;
                        }
                        if next == '\\' && character != '`' {
                            match chars.next() {
                                // An escaped quotation mark or backslash is itself; any other
                                // escape is for whoever reads the word.
                                Some(escaped) if escaped == character || escaped == '\\' => {
                                    word.push(escaped);
                                }
                                Some(escaped) => {
                                    word.push('\\');
                                    word.push(escaped);
                                }
                                None => break,
                            }
                            continue;
                        }
                        word.push(next);
                    }
                } else {
                    word.push(character);
                    while let Some(next) = chars.next_if(|next| {
                        !(next.is_whitespace() || grammar.single.contains(next) && *next != '{')
                    }) {
                        // A `$` before `{` is a variable, and so is what `${` begins.
                        word.push(next);
                        if next == '\\'
                            && let Some(escaped) =
                                chars.next_if(|next| !matches!(next, '\n' | '\r'))
                        {
                            word.push(escaped);
                        }
                    }
                    if let Some(rest) = word.strip_suffix('{')
                        && grammar.single.contains(&'{')
                        && !rest.is_empty()
                        && !rest.ends_with('$')
                    {
                        words.push(Word {
                            text: rest.to_owned(),
                            line: began,
                            quoted: false,
                            ends_line: false,
                        });
                        word = "{".to_owned();
                    }
                }
                words.push(Word {
                    text: word,
                    line: began,
                    quoted,
                    ends_line: false,
                });
            }
        }
    }
    if let Some(last) = words.last_mut() {
        last.ends_line = true;
    }
    words
}

/// A directive out of its words, which are not empty.
pub(super) fn directive(path: &str, words: &[Word], last_line: usize) -> Directive {
    let first = words.first();
    let begins = first.map_or(1, |word| word.line);
    let written: Vec<&str> = words.iter().map(|word| word.text.as_str()).collect();
    Directive {
        name: first.map_or(String::new(), |word| word.text.clone()),
        args: words.iter().skip(1).map(|word| word.text.clone()).collect(),
        place: Place::lines(path, begins, last_line.max(begins)),
        text: short(&written.join(" ")),
        block: None,
    }
}

/// Blocks within blocks that are followed; what stands deeper is left out, and said to be.
pub(super) const MOST_NESTED: usize = 64;

/// The name of a directive that stands for the blocks that were left out; no configuration can
/// write it.
const TOO_DEEP: &str = "blocks left out";

/// A directive that stands for the blocks that were left out.
pub(super) fn too_deep(path: &str, line: usize) -> Directive {
    Directive {
        name: TOO_DEEP.to_owned(),
        args: Vec::new(),
        place: Place::lines(path, line, line),
        text: String::new(),
        block: None,
    }
}

/// Parses one file of a language.
pub(super) type Parse = fn(&str, &str) -> Vec<Directive>;

/// Puts included files in the place of the directives that include them; what cannot be read
/// becomes a directive `include failed`.
pub(super) fn expand(
    directives: Vec<Directive>,
    names: &[&str],
    parse: Parse,
    include: &mut dyn Include,
) -> Vec<Directive> {
    let mut left = MOST_FILES;
    expanded(directives, names, parse, include, 0, &mut left)
}

/// The name of a directive that stands for an include that failed; no configuration can write it.
const FAILED: &str = "include failed";

/// What a directive stands for that could not be read.
pub(super) fn unread(directive: &Directive) -> Option<Setting<NotUnderstood>> {
    let why = match directive.name.as_str() {
        FAILED => NotUnderstood::Include(directive.arg(0).to_owned()),
        TOO_DEEP => NotUnderstood::TooDeep(MOST_NESTED),
        _ => return None,
    };
    Some(setting(why, &directive.place, &directive.text))
}

fn expanded(
    directives: Vec<Directive>,
    names: &[&str],
    parse: Parse,
    include: &mut dyn Include,
    depth: usize,
    left: &mut usize,
) -> Vec<Directive> {
    let mut out = Vec::with_capacity(directives.len());
    for mut directive in directives {
        let includes = names
            .iter()
            .any(|name| directive.name.eq_ignore_ascii_case(name))
            && directive.block.is_none()
            && !directive.args.is_empty();
        if !includes {
            if let Some(block) = directive.block.take() {
                directive.block = Some(expanded(block, names, parse, include, depth, left));
            }
            out.push(directive);
            continue;
        }
        let from = match &directive.place {
            Place::File { path, .. } => path.clone(),
            _ => String::new(),
        };
        let found = if depth >= DEEPEST {
            Err(format!("included more than {DEEPEST} files deep"))
        } else {
            include.matching(directive.arg(0), &from)
        };
        match found {
            Ok(files) => {
                for (path, text) in files {
                    if *left == 0 {
                        break;
                    }
                    *left -= 1;
                    let inner = parse(&path, &text);
                    out.extend(expanded(inner, names, parse, include, depth + 1, left));
                }
            }
            // `IncludeOptional` and a pattern may name nothing.
            Err(_) if directive.name.to_ascii_lowercase().ends_with("optional") => {}
            Err(why) => out.push(Directive {
                name: FAILED.to_owned(),
                args: vec![why],
                block: None,
                ..directive
            }),
        }
    }
    out
}

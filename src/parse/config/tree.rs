//! Directives with their arguments and blocks: what nginx, Apache and Caddy configurations have in
//! common.

use std::collections::HashMap;

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

/// The directives of a block by their names: a file may have thousands of blocks that inherit from
/// one.
pub(super) struct Scope<'a> {
    by_name: HashMap<String, Vec<&'a Directive>>,
}

impl<'a> Scope<'a> {
    pub(super) fn of(directives: &'a [Directive]) -> Self {
        let mut by_name: HashMap<String, Vec<&Directive>> = HashMap::new();
        for directive in directives {
            let name = directive.name.to_ascii_lowercase();
            by_name.entry(name).or_default().push(directive);
        }
        Self { by_name }
    }

    /// Those called `name`, in lower case, in their order.
    pub(super) fn named(&self, name: &str) -> &[&'a Directive] {
        self.by_name.get(name).map_or(&[], Vec::as_slice)
    }

    /// What of it could not be read.
    pub(super) fn unread(&self) -> impl Iterator<Item = Setting<NotUnderstood>> {
        [FAILED, TOO_DEEP, UNBALANCED, UNDEFINED]
            .into_iter()
            .flat_map(|name| self.named(name))
            .filter_map(|directive| unread(directive))
    }
}

/// Those of the innermost scope that has any; inner scopes stand last.
pub(super) fn nearest<'a>(scopes: &[&Scope<'a>], name: &str) -> Vec<&'a Directive> {
    let name = name.to_ascii_lowercase();
    let mut found = scopes.iter().rev().map(|scope| scope.named(&name));
    found
        .find(|found| !found.is_empty())
        .map(<[_]>::to_vec)
        .unwrap_or_default()
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
                if grammar.quotes.contains(&character) {
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
                    while let Some(next) = chars.next_if(|next| !next.is_whitespace()) {
                        word.push(next);
                        if next == '\\'
                            && let Some(escaped) =
                                chars.next_if(|next| !matches!(next, '\n' | '\r'))
                        {
                            word.push(escaped);
                        }
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

/// The name of a directive that stands for a text that ends too early or too late.
const UNBALANCED: &str = "blocks without end";

/// A directive that stands for a text that ends within a block, or closes one too many.
pub(super) fn unbalanced(path: &str, line: usize) -> Directive {
    Directive {
        name: UNBALANCED.to_owned(),
        text: UNBALANCED.to_owned(),
        ..too_deep(path, line)
    }
}

/// The name of a directive that stands for a block that is for a name given at the start of the
/// server.
const UNDEFINED: &str = "block of a name";

/// A directive that says that a block counts only where a name is defined.
pub(super) fn undefined(name: &str, at: &Directive) -> Directive {
    Directive {
        name: UNDEFINED.to_owned(),
        args: vec![name.to_owned()],
        place: at.place.clone(),
        text: at.text.clone(),
        block: None,
    }
}

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

/// The directive that was meant by a name that there is not: one with two letters wrong at most, or
/// with its words in another order.
pub(super) fn meant<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    let name = name.to_ascii_lowercase();
    let words = |name: &str| {
        let mut words: Vec<String> = name.split('_').map(str::to_owned).collect();
        words.sort();
        words
    };
    known
        .iter()
        .find(|known| {
            let known = known.to_ascii_lowercase();
            strsim::osa_distance(&name, &known) <= 2
                || known.contains('_') && words(&name) == words(&known)
        })
        .copied()
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
    let mut left = Left {
        files: MOST_FILES,
        bytes: MOST_BYTES,
    };
    expanded(directives, names, parse, include, 0, &mut left)
}

/// The name of a directive that stands for an include that failed; no configuration can write it.
const FAILED: &str = "include failed";

/// Bytes of included files that are read.
const MOST_BYTES: usize = 16 * 1024 * 1024;

/// What may still be included.
struct Left {
    files: usize,
    bytes: usize,
}

fn failed(include: &Directive, why: String) -> Directive {
    Directive {
        name: FAILED.to_owned(),
        args: vec![why],
        place: include.place.clone(),
        text: include.text.clone(),
        block: None,
    }
}

/// What a directive stands for that could not be read.
pub(super) fn unread(directive: &Directive) -> Option<Setting<NotUnderstood>> {
    let why = match directive.name.as_str() {
        FAILED => NotUnderstood::Include(directive.arg(0).to_owned()),
        TOO_DEEP => NotUnderstood::TooDeep(MOST_NESTED),
        UNBALANCED => NotUnderstood::Unbalanced,
        UNDEFINED => NotUnderstood::Elsewhere(format!("whether {} is defined", directive.arg(0))),
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
    left: &mut Left,
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
                    if left.files == 0 || left.bytes < text.len() {
                        let why = format!("{path}: more is included than is read");
                        out.push(failed(&directive, why));
                        break;
                    }
                    left.files -= 1;
                    left.bytes -= text.len();
                    let inner = parse(&path, &text);
                    out.extend(expanded(inner, names, parse, include, depth + 1, left));
                }
            }
            // `IncludeOptional` and a pattern may name nothing.
            Err(_) if directive.name.to_ascii_lowercase().ends_with("optional") => {}
            Err(why) => out.push(failed(&directive, why)),
        }
    }
    out
}

//! The text of an nginx configuration to directives, by nginx's own rules
//! (`ngx_conf_read_token`): a `{` ends a word unless a `$` stands before it, a `}` never does, and
//! quotation marks count at the beginning of a word alone.

use std::{iter::Peekable, str::Chars};

use super::super::tree::{self, Directive, Word};

/// The name of a directive that stands for one that a `}` ends, in the place of a `;`.
pub(super) const UNENDED: &str = "directive without end";

pub(super) fn parse(path: &str, text: &str) -> Vec<Directive> {
    let mut open: Vec<(Option<Directive>, Vec<Directive>)> = vec![(None, Vec::new())];
    let mut current: Vec<Word> = Vec::new();
    let mut reader = Reader {
        chars: text.chars().peekable(),
        line: 1,
    };
    let mut balanced = true;
    while let Some(token) = reader.token() {
        let (sign, line) = match token {
            Token::Word(word) => {
                current.push(word);
                continue;
            }
            Token::Sign(sign, line) => (sign, line),
        };
        match sign {
            '{' if open.len() > tree::MOST_NESTED => {
                if let Some((_, top)) = open.first_mut() {
                    top.push(tree::too_deep(path, line));
                }
                current.clear();
                break;
            }
            '{' => {
                let head = tree::directive(path, &current, line);
                let program = head.name.ends_with("_by_lua_block");
                open.push((Some(head), Vec::new()));
                if program {
                    balanced &= reader.lua();
                    close(&mut open);
                }
            }
            _ if !current.is_empty() => {
                let directive = tree::directive(path, &current, line);
                if let Some((_, list)) = open.last_mut() {
                    if sign == '}' {
                        list.push(Directive {
                            name: UNENDED.to_owned(),
                            args: Vec::new(),
                            ..directive.clone()
                        });
                    }
                    list.push(directive);
                }
            }
            _ => {}
        }
        current.clear();
        if sign == '}' {
            balanced &= open.len() > 1;
            close(&mut open);
        }
    }
    balanced &= open.len() == 1 && current.is_empty();
    while open.len() > 1 {
        close(&mut open);
    }
    let mut top = open.pop().map(|(_, list)| list).unwrap_or_default();
    if !balanced {
        top.push(tree::unbalanced(path, reader.line));
    }
    top
}

fn close(open: &mut Vec<(Option<Directive>, Vec<Directive>)>) {
    if open.len() < 2 {
        return;
    }
    if let Some((Some(mut head), list)) = open.pop() {
        head.block = Some(list);
        if let Some((_, outer)) = open.last_mut() {
            outer.push(head);
        }
    }
}

enum Token {
    Word(Word),
    Sign(char, usize),
}

struct Reader<'a> {
    chars: Peekable<Chars<'a>>,
    line: usize,
}

impl Reader<'_> {
    fn next(&mut self) -> Option<char> {
        let next = self.chars.next();
        self.line += usize::from(next == Some('\n'));
        next
    }

    fn token(&mut self) -> Option<Token> {
        loop {
            let first = self.next()?;
            match first {
                _ if first.is_whitespace() || first == '\u{feff}' => {}
                '#' => while self.chars.next_if(|next| *next != '\n').is_some() {},
                '{' | '}' | ';' => return Some(Token::Sign(first, self.line)),
                '"' | '\'' => return Some(Token::Word(self.quoted(first))),
                _ => return Some(Token::Word(self.bare(first))),
            }
        }
    }

    fn quoted(&mut self, quote: char) -> Word {
        let line = self.line;
        let mut text = String::new();
        while let Some(next) = self.next() {
            if next == quote {
                break;
            }
            text.push(next);
            if next == '\\'
                && let Some(escaped) = self.next()
            {
                unescape(&mut text, escaped);
            }
        }
        Word {
            text,
            line,
            quoted: true,
            ends_line: false,
        }
    }

    fn bare(&mut self, first: char) -> Word {
        let line = self.line;
        let mut text = String::new();
        let mut next = Some(first);
        while let Some(character) = next {
            text.push(character);
            if character == '\\'
                && let Some(escaped) = self.next()
            {
                unescape(&mut text, escaped);
            }
            let variable = character == '$';
            next = self.chars.next_if(|next| {
                !next.is_whitespace() && *next != ';' && (*next != '{' || variable)
            });
        }
        Word {
            text,
            line,
            quoted: false,
            ends_line: false,
        }
    }

    /// Passes over a Lua block, whose `{` is behind us; whether it has an end.
    fn lua(&mut self) -> bool {
        let mut depth = 1;
        while let Some(next) = self.next() {
            match next {
                '{' => depth += 1,
                '}' => depth -= 1,
                '"' | '\'' => self.lua_string(next),
                '[' => self.lua_long(),
                '-' if self.chars.next_if_eq(&'-').is_some() => {
                    if self.chars.next_if_eq(&'[').is_some() {
                        self.lua_long();
                    } else {
                        while self.chars.next_if(|next| *next != '\n').is_some() {}
                    }
                }
                _ => {}
            }
            if depth == 0 {
                return true;
            }
        }
        false
    }

    fn lua_string(&mut self, quote: char) {
        while let Some(next) = self.next() {
            if next == '\\' {
                self.next();
            } else if next == quote || next == '\n' {
                break;
            }
        }
    }

    /// A long bracket `[[ … ]]`, `[==[ … ]==]`, whose first `[` is behind us; anything else is left
    /// alone.
    fn lua_long(&mut self) {
        let mut level = 0;
        while self.chars.next_if_eq(&'=').is_some() {
            level += 1;
        }
        if self.chars.next_if_eq(&'[').is_none() {
            return;
        }
        while let Some(next) = self.next() {
            if next != ']' {
                continue;
            }
            let mut found = 0;
            while found < level && self.chars.next_if_eq(&'=').is_some() {
                found += 1;
            }
            if found == level && self.chars.next_if_eq(&']').is_some() {
                return;
            }
        }
    }
}

/// An escaped quotation mark or backslash is itself; any other escape is for whoever reads the
/// word. The backslash is there already.
fn unescape(text: &mut String, escaped: char) {
    if matches!(escaped, '"' | '\'' | '\\') {
        text.pop();
    }
    text.push(escaped);
}

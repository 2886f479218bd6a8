//! The page of a rule, set for a terminal.

use colored::Colorize;

use super::command;
use crate::{
    finding::Rule,
    render::{self, text::page::Page},
};

/// The page of a rule: its reference, set for a terminal of this width.
pub fn explained_rule(rule: &Rule, width: Option<usize>) -> String {
    let mut page = Page::reference(width);
    let section = render::page::section(rule);
    let mut code = false;
    let mut paragraph = String::new();
    let flush = |page: &mut Page, paragraph: &mut String| {
        let text = std::mem::take(paragraph);
        match text.strip_prefix("- ") {
            Some(item) => page.hanging("  - ", item, 4),
            None => page.paragraph(&text),
        }
    };
    for line in section.lines() {
        let opens = line.is_empty()
            || line.starts_with('#')
            || line.starts_with("- ")
            || line.starts_with("```");
        if (opens || code) && !paragraph.is_empty() {
            flush(&mut page, &mut paragraph);
        }
        if line.starts_with("```") {
            code = !code;
        } else if code {
            command(&mut page, line);
        } else if let Some(heading) = line
            .trim_start_matches('#')
            .strip_prefix(' ')
            .filter(|_| line.starts_with('#'))
        {
            page.line(&heading.bold().to_string());
        } else if line.is_empty() {
            page.line("");
        } else {
            if !paragraph.is_empty() {
                paragraph.push(' ');
            }
            paragraph.push_str(without_links(line).trim());
        }
    }
    flush(&mut page, &mut paragraph);
    page.text
}

/// `[MT203](#mt203)` as `MT203`.
fn without_links(line: &str) -> String {
    let mut text = String::new();
    let mut rest = line;
    while let Some((before, link)) = rest.split_once('[') {
        let target = link
            .split_once("](#")
            .and_then(|(name, after)| Some((name, after.split_once(')')?.1)));
        let Some((name, after)) = target else { break };
        text.push_str(before);
        text.push_str(name);
        rest = after;
    }
    text + rest
}

//! Rules as pages: the reference in `docs/rules.md`, and one rule's page for `explain`.
//!
//! For: `cli` and the test that keeps `docs/rules.md` current. Must not: add a word that is not in
//! the rule.

use std::fmt::Write as _;

use crate::finding::{Act, Certainty, Citation, Rule, Severity, Symptom};

/// The first digit of a code and what it stands for.
const GROUPS: &[(char, &str)] = &[
    ('1', "Files and keys"),
    ('2', "Certificates and chains"),
    ('3', "Hello and negotiation"),
    ('4', "Client authentication and trust"),
    ('5', "HTTP, token and webhook body"),
    ('9', "Transport"),
];

/// The reference of these rules, in Markdown.
pub fn reference(rules: &[&Rule]) -> String {
    let mut page = String::from(
        "# Rules\n\n\
         Generated from the rules' own documentation in `src/rules`; `UPDATE_DOCS=1 cargo test --test it docs::` updates it.\n\n\
         A code is never reused. The severity is the usual one; the facts of a case may change it.\n",
    );
    for &(digit, title) in GROUPS {
        let group: Vec<&Rule> = rules
            .iter()
            .copied()
            .filter(|rule| rule.code.chars().nth(2) == Some(digit))
            .collect();
        if group.is_empty() {
            continue;
        }
        let _ = write!(
            page,
            "\n## {title}\n\n| code | name | severity | to fix |\n|---|---|---|---|\n"
        );
        for rule in &group {
            let _ = writeln!(
                page,
                "| [{}](#{}) | {} | {} | {} |",
                rule.code,
                rule.code.to_lowercase(),
                rule.name,
                severity(rule.severity),
                act(rule.act),
            );
        }
        for rule in &group {
            page.push('\n');
            page.push_str(&section(rule));
        }
    }
    page
}

/// Where a rule's part of the reference is, relative to the repository's root.
pub fn url(rule: &Rule) -> String {
    format!("docs/rules.md#{}", rule.code.to_lowercase())
}

/// What a rule finds: the first paragraph of its page.
pub fn first_paragraph(rule: &Rule) -> String {
    let mut lines = rule.doc.lines().map(str::trim);
    lines.by_ref().find(|line| line.starts_with("## "));
    let paragraph: Vec<&str> = lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty())
        .collect();
    paragraph.join(" ")
}

/// One rule's part of the reference.
pub fn section(rule: &Rule) -> String {
    let mut text = format!("### {}\n\n", rule.code);
    let _ = writeln!(
        text,
        "`{}` · {}{} · to fix: {} · since {}\n",
        rule.name,
        severity(rule.severity),
        match rule.certainty {
            Certainty::Proven => "",
            Certainty::Likely => " (confidence: likely)",
        },
        act(rule.act),
        rule.since,
    );
    let mut references: Vec<String> = Vec::new();
    let mut refers = false;
    for line in rule.doc.lines() {
        // Rustdoc keeps the space after `///`; headings go one level and a half down, below the
        // rule's own.
        let line = line.strip_prefix(' ').unwrap_or(line);
        if let Some(heading) = line.strip_prefix("## ") {
            refers = heading == REFERENCES;
            if !refers {
                let _ = writeln!(text, "#### {heading}");
            }
        } else if !refers {
            let _ = writeln!(text, "{line}");
        } else if let Some(reference) = line.strip_prefix("- ") {
            references.push(reference.trim().to_owned());
        } else if let Some(last) = references.last_mut()
            && !line.trim().is_empty()
        {
            last.push(' ');
            last.push_str(line.trim());
        }
    }
    let body = text.trim_end().len();
    text.truncate(body);
    let _ = writeln!(text, "\n\n#### {REFERENCES}\n");
    for reference in dated(references, rule.cites) {
        let _ = writeln!(text, "- {reference}");
    }
    if !rule.faults.is_empty() {
        let _ = writeln!(text, "\nFaults: {}.", quoted(rule.faults.iter().copied()));
    }
    if !rule.symptoms.is_empty() {
        let _ = writeln!(text, "\nSeen elsewhere as: {}.", symptoms(rule.symptoms));
    }
    text
}

/// The heading below which a rule's page names its sources.
const REFERENCES: &str = "References";

/// What a rule refers to, each once: with the day of the citation that names the same, and then the
/// citations that the page itself does not name.
fn dated(references: Vec<String>, cites: &[Citation]) -> Vec<String> {
    let mut left: Vec<&Citation> = cites.iter().collect();
    let mut all: Vec<String> = references
        .into_iter()
        .map(|reference| {
            let same = left.iter().position(|cite| names(&reference, cite));
            match same.map(|at| left.remove(at)) {
                Some(cite) if reference.contains(cite.date) => reference,
                Some(cite) => format!("{reference} ({})", day(cite)),
                None => reference,
            }
        })
        .collect();
    all.extend(left.iter().map(|cite| {
        let source = cite.source.trim_end_matches(READ);
        format!("{source} ({})", day(cite))
    }));
    all
}

/// Words of a citation that a reference need not have.
const FILLERS: &[&str] = &["section"];

/// What ends the source of a citation that was read on its day.
const READ: &str = ", read";

fn day(cite: &Citation) -> String {
    match cite.source.ends_with(READ) {
        true => format!("read {}", cite.date),
        false => cite.date.to_owned(),
    }
}

/// Whether a reference has every word of a citation.
fn names(reference: &str, cite: &Citation) -> bool {
    let source = cite.source.trim_end_matches(READ).replace(".md.txt", "");
    let reference = reference.to_lowercase();
    source
        .to_lowercase()
        .split(|c: char| !c.is_alphanumeric() && !"._-".contains(c))
        .filter(|word| !word.is_empty() && !FILLERS.contains(word))
        .all(|word| reference.contains(word))
}

fn symptoms(symptoms: &[Symptom]) -> String {
    let words: Vec<String> = symptoms
        .iter()
        .map(|symptom| match symptom {
            Symptom::Alert(number) => format!("alert {number}"),
            Symptom::Verify(number) => format!("OpenSSL error {number}"),
            Symptom::Says(words) => format!("`{words}`"),
            Symptom::Breaks(requirement) => format!("requirement `{}`", requirement.name()),
        })
        .collect();
    words.join(", ")
}

fn quoted<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let words: Vec<String> = words.map(|word| format!("`{word}`")).collect();
    words.join(", ")
}

fn severity(severity: Severity) -> &'static str {
    match severity {
        Severity::Note => "note",
        Severity::Warning => "warning",
        Severity::Error => "error",
    }
}

fn act(act: Act) -> &'static str {
    match act {
        Act::Client => "client side",
        Act::Server => "server side",
        Act::Either => "either side",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules;

    #[test]
    fn every_rule_has_an_anchor_and_a_row() {
        let page = reference(rules::ALL);
        for rule in rules::ALL {
            assert!(page.contains(&format!("\n### {}\n", rule.code)));
            assert!(page.contains(&format!("| [{}](#", rule.code)));
        }
    }

    #[test]
    fn links_between_rules_lead_somewhere() {
        let page = reference(rules::ALL);
        for link in page.split("](#").skip(1) {
            let target = link.split(')').next().unwrap();
            assert!(rules::find(target).is_some(), "{target}");
        }
    }

    #[test]
    fn a_page_names_each_source_once() {
        for rule in rules::ALL {
            let text = section(rule);
            let references = text.split("#### References").nth(1).unwrap_or_default();
            for cite in rule.cites {
                let lines = references.lines().filter(|line| line.starts_with("- "));
                let times = lines.filter(|line| names(line, cite)).count();
                assert!(times >= 1, "{}: {}\n{references}", rule.code, cite.source);
            }
            assert!(!text.contains("Sources:"), "{}", rule.code);
            assert!(!text.contains(", read ("), "{}", rule.code);
        }
    }

    #[test]
    fn code_blocks_are_closed_and_lines_have_no_stray_indent() {
        for rule in rules::ALL {
            let text = section(rule);
            assert_eq!(text.matches("```").count() % 2, 0, "{}", rule.code);
            assert!(!text.contains("\n ###"), "{}", rule.code);
        }
    }
}

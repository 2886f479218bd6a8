//! Rules as pages: the reference in `docs/rules.md`, and one rule's page for `explain`.
//!
//! For: `cli` and the test that keeps `docs/rules.md` current. Must not: add a word that is not in
//! the rule.

use std::fmt::Write as _;

use crate::finding::{Act, Certainty, Rule, Severity, Symptom};

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
    for line in rule.doc.lines() {
        // Rustdoc keeps the space after `///`; headings go one level and a half down, below the
        // rule's own.
        let line = line.strip_prefix(' ').unwrap_or(line);
        if let Some(heading) = line.strip_prefix("## ") {
            let _ = writeln!(text, "#### {heading}");
        } else {
            let _ = writeln!(text, "{line}");
        }
    }
    let cites: Vec<String> = rule
        .cites
        .iter()
        .map(|cite| format!("{} ({})", cite.source, cite.date))
        .collect();
    let _ = writeln!(text, "\nSources: {}.", cites.join("; "));
    if !rule.faults.is_empty() {
        let _ = writeln!(text, "\nFaults: {}.", quoted(rule.faults.iter().copied()));
    }
    if !rule.symptoms.is_empty() {
        let _ = writeln!(text, "\nSeen elsewhere as: {}.", symptoms(rule.symptoms));
    }
    text
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
    fn code_blocks_are_closed_and_lines_have_no_stray_indent() {
        for rule in rules::ALL {
            let text = section(rule);
            assert_eq!(text.matches("```").count() % 2, 0, "{}", rule.code);
            assert!(!text.contains("\n ###"), "{}", rule.code);
        }
    }
}

//! Many calls of `simulate`: how each client was treated, in a table.

use colored::Colorize;

use crate::{
    engine::Judged,
    facts::{Call, Expected, Outcome},
    finding::{Finding, Severity},
    parse::escape,
    render::text::{page::Page, words::verdict_word},
    report::Run,
};

/// Other clients with the same finding that are named.
const NAMED: usize = 30;

impl Page {
    pub(super) fn matrix(&mut self, cases: &[Judged], run: &Run) {
        let (word, color) = verdict_word(run.verdict);
        let calls: Vec<&Call> = cases
            .iter()
            .filter_map(|case| case.case.call.as_deref())
            .collect();
        let sentence = matrix_sentence(&calls, run);
        self.verdict(word, color, &sentence);
        self.faults(cases);
        self.table(&calls);
        if let Some(stack) = calls.iter().find_map(|call| call.expected_by) {
            self.line("");
            self.row(
                "expected",
                &format!("as of {}", stack.stands_for().join(", ")),
            );
        }
        if let Some(differs) = calls.iter().find(|call| call.differs.is_some()) {
            let why = differs.differs.as_deref().unwrap_or_default();
            self.line("");
            self.row(
                "either",
                &format!(
                    "servers differ, so neither is a fault; {}: {why}",
                    short(&differs.client)
                ),
            );
        }
        self.notes(cases.iter().flat_map(|case| &case.findings));
    }

    /// Each fault once, the worst first, and the other clients that show it.
    fn faults(&mut self, cases: &[Judged]) {
        let mut told: Vec<(&str, &str)> = Vec::new();
        let mut by_weight: Vec<&Finding> = cases
            .iter()
            .flat_map(|case| &case.findings)
            .filter(|finding| finding.severity > Severity::Note)
            .collect();
        by_weight.sort_by(|a, b| {
            b.severity
                .cmp(&a.severity)
                .then(a.rule.code.cmp(b.rule.code))
        });
        for finding in by_weight {
            let commands = finding
                .hit
                .remedy
                .commands
                .first()
                .map_or("", |command| command.line.as_str());
            // The same fault with the same remedy is told once.
            if told.contains(&(finding.rule.code, commands)) {
                continue;
            }
            told.push((finding.rule.code, commands));
            self.line("");
            self.finding(finding);
            let others = cases
                .iter()
                .filter(|case| {
                    case.findings.iter().any(|other| {
                        !std::ptr::eq(other, finding)
                            && other.rule.code == finding.rule.code
                            && other
                                .hit
                                .remedy
                                .commands
                                .first()
                                .map_or("", |command| command.line.as_str())
                                == commands
                    })
                })
                .filter_map(|case| case.case.call.as_deref())
                .map(|call| call.client.as_str())
                .take(NAMED)
                .collect::<Vec<_>>();
            if !others.is_empty() {
                self.row("also", &escape::text(&others.join(", ")));
            }
        }
    }

    /// A line a client: what it should meet, and what it met.
    fn table(&mut self, calls: &[&Call]) {
        self.line("");
        let names: Vec<&str> = calls.iter().map(|call| short(&call.client)).collect();
        let longest = names.iter().map(|name| name.chars().count()).max();
        let width = longest.unwrap_or(6).clamp(6, 40);
        let head = format!("  {:<width$} expected outcome", "client");
        self.line(&head.bold().to_string());
        for (call, name) in calls.iter().zip(names) {
            let expected = if call.differs.is_some() {
                "either"
            } else {
                match call.expected {
                    Expected::Accept => "accept",
                    Expected::Reject => "reject",
                }
            };
            let outcome = match call.outcome() {
                Outcome::Accepted => "accepted",
                Outcome::Rejected => "rejected",
                Outcome::Unreachable => "not asked",
            };
            let (mark, outcome) = if call.as_expected() {
                (" ".normal(), outcome.normal())
            } else {
                ("!".red().bold(), outcome.to_uppercase().red().bold())
            };
            let took = match (call.outcome(), call.visit.timings.total) {
                (Outcome::Accepted, Some(ms)) => format!(", {ms:.0} ms"),
                _ => String::new(),
            };
            self.line(&format!(
                "{mark} {:<width$} {expected:<8} {outcome:<8} {}{took}",
                escape::text(name),
                call.how()
            ));
        }
    }
}

/// How many clients were treated as they should be.
fn matrix_sentence(calls: &[&Call], run: &Run) -> String {
    let wrong: Vec<&&Call> = calls.iter().filter(|call| !call.as_expected()).collect();
    let let_in = wrong
        .iter()
        .filter(|call| call.outcome() == Outcome::Accepted)
        .count();
    match (calls.len(), wrong.len()) {
        (0, _) => "no call was made".to_owned(),
        (all, 0) if run.summary.error == 0 => {
            format!("each of {all} clients was treated as it should be")
        }
        (_, wrong)
            if calls
                .iter()
                .all(|call| call.outcome() == Outcome::Unreachable)
                && wrong > 0 =>
        {
            "the webhook could not be asked, so nothing is known of how it treats clients"
                .to_owned()
        }
        (_, 0) => {
            "every client was treated as it should be, but the webhook has another fault".to_owned()
        }
        (all, _) if let_in == 1 => format!("1 of {all} clients was wrongly let in"),
        (all, _) if let_in > 0 => format!("{let_in} of {all} clients were wrongly let in"),
        (all, wrong) => format!("{wrong} of {all} clients were not treated as they should be"),
    }
}

/// A client's name without what all have in common.
fn short(client: &str) -> &str {
    client.strip_prefix("client-").unwrap_or(client)
}

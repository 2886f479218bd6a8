//! Many calls of `simulate`: how each client was treated, in a table.

use colored::Colorize;

use crate::{
    engine::Judged,
    facts::{Call, Expected, Outcome},
    finding::{Finding, Severity},
    parse::escape,
    render::{
        answer,
        gathered::{self, Gathered},
        matrix::{fault, names, sentence, short},
        text::{
            Detail,
            page::{Beside, Page},
            words::{cells, cut, padded, verdict_word},
        },
        verdict::worst,
    },
    report::Run,
};

impl Page {
    pub(super) fn matrix(&mut self, cases: &[Judged], run: &Run) {
        let calls: Vec<(&Judged, &Call)> = cases
            .iter()
            .filter_map(|case| Some((case, case.case.call()?)))
            .collect();
        let (mut word, color) = verdict_word(run.verdict);
        let mut lines = answer::outlooks(&run.readiness, self.now);
        let fault = fault(cases.iter().flat_map(|case| &case.findings));
        let all = calls.iter().map(|(_, call)| *call);
        lines.push(sentence(all, run, fault.as_deref()));
        for line in lines {
            self.verdict(word, color, &escape::text(&line));
            word = "";
        }
        if self.detail == Detail::Verdict {
            return;
        }
        for group in causes(cases) {
            self.cause(&group, cases);
        }
        self.clients(&calls);
        if self.detail == Detail::Full {
            for readiness in &run.readiness {
                self.line("");
                self.outlook(readiness);
            }
        }
    }

    /// One cause: what was found, which clients show it, what to do.
    fn cause(&mut self, group: &Gathered<'_>, cases: &[Judged]) {
        let alone = Gathered {
            first: group.first,
            more: Vec::new(),
        };
        let clients = names(group, cases);
        let loud = group.first.severity > Severity::Note && clients.len() > 1;
        let room = match self.detail {
            Detail::Full => usize::MAX,
            _ => self.room(0),
        };
        let listed = loud.then(|| {
            let listed = format!("  {} clients: {}", clients.len(), clients.join(", "));
            // The table marks each of them.
            cut(&escape::text(&listed), room)
        });
        let beside = Beside {
            clients: listed,
            ..Beside::default()
        };
        self.group(&alone, &beside);
    }

    /// A line a client: what it should meet, and what it met. Where some were not treated as they
    /// should be, the others are counted.
    fn clients(&mut self, calls: &[(&Judged, &Call)]) {
        let wrong = |call: &Call| !call.as_expected();
        let all = self.detail == Detail::Full || !calls.iter().any(|(_, call)| wrong(call));
        let shown = || calls.iter().filter(|(_, call)| all || wrong(call));
        let longest = shown().map(|(_, call)| cells(short(&call.client))).max();
        let width = longest.unwrap_or(6).clamp(6, 40);
        let head = format!("  {:<width$} expected outcome", "client");
        self.line(&head.bold().to_string());
        for (case, call) in shown() {
            let expected = match (call.differs.is_some(), call.expected) {
                (true, _) => "either",
                (false, Expected::Accept) => "accept",
                (false, Expected::Reject) => "reject",
            };
            let outcome = match call.outcome() {
                Outcome::Accepted => "accepted",
                Outcome::Rejected => "rejected",
                Outcome::Unreachable => "no answer",
            };
            let (mark, outcome) = if wrong(call) {
                ("!".red().bold(), outcome.to_uppercase().red().bold())
            } else {
                (" ".normal(), outcome.normal())
            };
            let took = match (call.outcome(), call.dialled.timings.total) {
                (Outcome::Accepted, Some(ms)) => format!(", {ms:.0} ms"),
                _ => String::new(),
            };
            let code = worst(case).map_or(String::new(), |one| format!("  {}", one.rule.code));
            let name = padded(&escape::text(short(&call.client)), width);
            self.line(&format!(
                "{mark} {name} {expected:<8} {outcome:<8} {}{took}{code}",
                call.how()
            ));
        }
        let rest: Vec<&str> = calls
            .iter()
            .filter(|(_, call)| !all && !wrong(call))
            .map(|(_, call)| short(&call.client))
            .collect();
        if !rest.is_empty() {
            let rest = escape::text(&rest.join(", "));
            self.row("as expected", &rest);
        }
        if let Some(stack) = calls.iter().find_map(|(_, call)| call.expected_by) {
            self.row(
                "expected",
                &format!("as of {}", stack.stands_for().join(", ")),
            );
        }
        let differs = calls.iter().find_map(|(_, call)| {
            let why = call.differs.as_deref()?;
            Some((short(&call.client), why))
        });
        if let Some((client, why)) = differs.filter(|_| all) {
            self.row(
                "either",
                &format!("implementation-dependent, never a failure; {client}: {why}"),
            );
        }
    }
}

/// The causes of a run, the worst first.
fn causes(cases: &[Judged]) -> Vec<Gathered<'_>> {
    let mut all: Vec<&Finding> = cases.iter().flat_map(|case| &case.findings).collect();
    all.sort_by(|a, b| {
        b.severity
            .cmp(&a.severity)
            .then(a.rule.code.cmp(b.rule.code))
    });
    gathered::across(all)
}

//! Who accepts a chain and who refuses it, in lines for people.
//!
//! For: every renderer for people. Must not: judge, or know how it is printed.

use crate::{
    facts::{Side, StackAnswer, StackReason, StackVerdict, TrustFacts},
    parse::escape,
    report,
};

const ACCEPTED: &str = "accepted by";

/// One line: its label and its text, escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// `accepted by`, `refused by`, `not known`.
    pub(super) label: &'static str,
    /// The programs, and why.
    pub(super) text: String,
}

/// Who accepts it on one line, then a line for each reason of those who refuse it; nothing where no verifier was asked.
pub(super) fn lines(trust: &TrustFacts, role: Side) -> Vec<Line> {
    let of = |answer: StackAnswer| {
        trust
            .stacks
            .iter()
            .filter(move |verdict| verdict.answer == answer)
    };
    let mut lines = Vec::new();
    let accepting: Vec<String> = of(StackAnswer::Accepts).map(programs).collect();
    if !accepting.is_empty() {
        lines.push(Line {
            label: ACCEPTED,
            text: accepting.join(", "),
        });
    }
    for (label, answer) in [
        ("refused by", StackAnswer::Refuses),
        ("not known", StackAnswer::NotKnown),
    ] {
        // Stacks that give the same reason share a line.
        let mut grouped: Vec<(String, Vec<String>)> = Vec::new();
        for verdict in of(answer) {
            let why = verdict
                .reasons
                .first()
                .map(|reason| words(reason, verdict.reasons.len(), role))
                .unwrap_or_default();
            match grouped.iter_mut().find(|(known, _)| *known == why) {
                Some((_, who)) => who.push(programs(verdict)),
                None => grouped.push((why, vec![programs(verdict)])),
            }
        }
        lines.extend(grouped.into_iter().map(|(why, who)| Line {
            label,
            text: format!("{}: {why}", who.join(", ")),
        }));
    }
    lines
}

/// The same without those who accept it.
pub(super) fn refusals(trust: &TrustFacts, role: Side) -> Vec<Line> {
    let mut lines = lines(trust, role);
    lines.retain(|line| line.label != ACCEPTED);
    lines
}

fn programs(verdict: &StackVerdict) -> String {
    let programs = verdict.stack.stands_for().join(", ");
    let named = crate::trust::stacks::table::usual_version(verdict.stack) != verdict.version;
    if named {
        format!(
            "{programs} (as {} {})",
            verdict.stack.name(),
            verdict.version
        )
    } else {
        programs
    }
}

fn words(reason: &StackReason, count: usize, role: Side) -> String {
    let mut words = match reason.feature {
        Some(_) => format!("{}: {}", reason.place.name(), reason.why),
        None => reason.why.clone(),
    };
    if let Some(code) = report::stack_reason(reason, role) {
        words.push_str(&format!(" ({code})"));
    }
    if count > 1 {
        words.push_str(&format!(", and {} more", count - 1));
    }
    escape::text(&words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        facts::Stack,
        rules::fixture::{Fixture, stack_verdict},
    };

    #[test]
    fn the_same_reason_is_said_once() {
        let (case, _) = Fixture::good().disputed().done();
        let mut trust = case.chains().find_map(|chain| chain.trust.clone()).unwrap();
        trust
            .stacks
            .push(stack_verdict(Stack::Pyca, StackAnswer::Refuses));
        let lines = lines(&trust, Side::Client);
        let texts: Vec<String> = lines
            .iter()
            .map(|line| format!("{}: {}", line.label, line.text))
            .collect();
        assert!(texts[0].starts_with("accepted by: nginx, Apache, HAProxy"));
        assert!(texts[1].starts_with("refused by: Go"));
        assert!(texts[1].contains("pyca/cryptography"));
        assert!(
            texts[1].ends_with("leaf: a negative serial number (MT233)"),
            "{}",
            texts[1]
        );
        assert_eq!(texts.len(), 2);
    }
}

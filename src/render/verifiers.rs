//! Who accepts a chain and who refuses it, in lines for people.
//!
//! For: every renderer for people. Must not: judge, or know how it is printed.

use crate::{
    facts::{PathPlace, Side, Stack, StackAnswer, StackReason, StackVerdict, TrustFacts},
    parse::escape,
    report,
    verify::stacks::table,
};

const ACCEPTED: &str = "accepted by";
const REFUSED: &str = "rejected by";
const PYTHON: &str = "Python";

/// What stacks share that refuse a chain for the same: the rule that knows the reason, and the
/// place.
type Reason = (Option<&'static str>, Option<PathPlace>);

/// One line: its label and its text, escaped.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Line {
    /// `accepted by`, `rejected by`, `not known`.
    pub(super) label: &'static str,
    /// The programs, and why.
    pub(super) text: String,
}

/// Who accepts it on one line, then a line for each reason of those who refuse it; one line where
/// they all agree, and nothing where no verifier was asked.
pub(super) fn lines(trust: &TrustFacts, role: Side) -> Vec<Line> {
    let of = |answer: StackAnswer| -> Vec<&StackVerdict> {
        trust
            .stacks
            .iter()
            .filter(|verdict| verdict.answer == answer)
            .collect()
    };
    let accepting = of(StackAnswer::Accepts);
    let refusing = of(StackAnswer::Refuses);
    let mut lines = Vec::new();
    if !trust.stacks.is_empty() && refusing.len() == trust.stacks.len() {
        // What for is what the findings are about.
        return vec![Line {
            label: REFUSED,
            text: "every verifier asked".to_owned(),
        }];
    }
    if !accepting.is_empty() {
        lines.push(Line {
            label: ACCEPTED,
            text: programs(&accepting),
        });
    }
    for (label, verdicts) in [(REFUSED, refusing), ("unknown", of(StackAnswer::NotKnown))] {
        // Stacks that refuse it for the same are one line.
        let mut grouped: Vec<(Reason, String, Vec<&StackVerdict>)> = Vec::new();
        for verdict in verdicts {
            let first = verdict.reasons.first();
            let code = first.and_then(|reason| report::stack_reason(reason, role));
            let why = first.map(words).unwrap_or_default();
            let reason = (code, first.map(|reason| reason.place));
            let same = grouped
                .iter_mut()
                .find(|(known, words, _)| *known == reason && (code.is_some() || *words == why));
            match same {
                Some((_, _, who)) => who.push(verdict),
                None => grouped.push((reason, why, vec![verdict])),
            }
        }
        lines.extend(grouped.into_iter().map(|((code, _), why, who)| {
            let code = code.map_or_else(String::new, |code| format!(" ({code})"));
            Line {
                label,
                text: format!("{}: {why}{code}", programs(&who)),
            }
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

/// The programs of these stacks, each once; a version that was asked for is named.
fn programs(verdicts: &[&StackVerdict]) -> String {
    let both = |stack: Stack| verdicts.iter().any(|verdict| verdict.stack == stack);
    let all_python = both(Stack::Openssl) && both(Stack::OpensslStrict);
    let mut named: Vec<String> = Vec::new();
    for verdict in verdicts {
        let stack = verdict.stack;
        let version = match table::usual_version(stack) == verdict.version {
            true => String::new(),
            false => format!(" (as {} {})", stack.name(), verdict.version),
        };
        for name in stack.stands_for() {
            let name = match all_python && name.starts_with(PYTHON) {
                true => PYTHON.to_owned(),
                false => format!("{name}{version}"),
            };
            if !named.contains(&name) {
                named.push(name);
            }
        }
    }
    named.join(", ")
}

fn words(reason: &StackReason) -> String {
    let words = match reason.feature {
        Some(_) => format!("{}: {}", reason.place.name(), reason.why),
        None => reason.why.clone(),
    };
    escape::text(&words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rules::fixture::{Fixture, stack_verdict};

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
        assert!(texts[1].starts_with("rejected by: Go"));
        assert!(texts[1].contains("pyca/cryptography"));
        assert!(
            texts[1].ends_with("leaf: a negative serial number (MT233)"),
            "{}",
            texts[1]
        );
        assert_eq!(texts.len(), 2);
    }
}

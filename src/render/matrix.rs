//! Many calls of `simulate`: how the clients were treated, in a sentence, and which show a cause.
//!
//! For: every renderer for people. Must not: judge, or know how it is printed.

use super::gathered::Gathered;
use crate::{
    engine::Judged,
    facts::{Call, Outcome},
    report::Run,
};

/// What the run shows of the webhook: the news first, then the counts.
pub(super) fn sentence<'a>(calls: impl Iterator<Item = &'a Call>, run: &Run) -> String {
    let calls: Vec<&Call> = calls.collect();
    let all = calls.len();
    let wrong: Vec<&&Call> = calls.iter().filter(|call| !call.as_expected()).collect();
    let count = |outcome: Outcome| {
        let with = wrong.iter().filter(|call| call.outcome() == outcome);
        with.count()
    };
    let (accepted, rejected) = (count(Outcome::Accepted), count(Outcome::Rejected));
    let without = wrong
        .iter()
        .find(|call| call.visit.presented == 0 && call.outcome() == Outcome::Accepted);
    match (all, wrong.len()) {
        (0, _) => "no call was made".to_owned(),
        (_, 0) if run.summary.error > 0 => format!(
            "each of {all} clients got the expected result, but the webhook has another fault"
        ),
        (_, 0) => format!("each of {all} clients got the expected result"),
        (_, missed) if missed == all && accepted + rejected == 0 => {
            "the webhook could not be reached: not known how it treats clients".to_owned()
        }
        _ if accepted > 0 => {
            let news = match without.map(|call| call.visit.asked) {
                Some(Some(false)) => "client certificates are not requested: ",
                Some(_) => "client certificates are not enforced: ",
                None => "",
            };
            let also = match rejected {
                0 => String::new(),
                count => format!(", {count} wrongly rejected"),
            };
            format!("{news}{accepted} of {all} clients wrongly accepted{also}")
        }
        _ if rejected > 0 => format!("{rejected} of {all} clients wrongly rejected"),
        (_, missed) => format!("{missed} of {all} clients got no answer"),
    }
}

/// The clients of the cases that show a cause, by their short names.
pub(super) fn names<'a>(group: &Gathered<'_>, cases: &'a [Judged]) -> Vec<&'a str> {
    let all = || std::iter::once(&group.first).chain(&group.more);
    cases
        .iter()
        .filter(|case| {
            let mut findings = case.findings.iter();
            findings.any(|own| all().any(|one| std::ptr::eq(*one, own)))
        })
        .filter_map(|case| case.case.call.as_deref())
        .map(|call| short(&call.client))
        .collect()
}

/// A client's name without what all have in common.
pub(super) fn short(client: &str) -> &str {
    client.strip_prefix("client-").unwrap_or(client)
}

//! Many calls of `simulate`: how the clients were treated, in a sentence, and which show a cause.
//!
//! For: every renderer for people. Must not: judge, or know how it is printed.

use super::{gathered::Gathered, words::amount};
use crate::{
    engine::Judged,
    facts::{Call, Outcome},
    finding::{Finding, Severity},
    report::Run,
};

/// How many clients were treated how.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Treated {
    all: usize,
    /// Accepted, and should not have been.
    accepted: usize,
    /// Rejected, and should not have been.
    rejected: usize,
    /// Without an answer.
    silent: usize,
    /// Of these: not called, since the webhook's own certificate was rejected here.
    distrusted: usize,
    /// Whether a certificate was asked of the first client that was accepted without one.
    without: Option<Option<bool>>,
}

impl Treated {
    /// Takes in a call.
    pub(super) fn add(&mut self, call: &Call) {
        self.all += 1;
        if call.as_expected() {
            return;
        }
        match call.outcome() {
            Outcome::Accepted => {
                self.accepted += 1;
                if call.dialled.presented == 0 {
                    self.without.get_or_insert(call.dialled.asked);
                }
            }
            Outcome::Rejected => self.rejected += 1,
            Outcome::Unreachable => {
                self.silent += 1;
                self.distrusted += usize::from(call.distrusted());
            }
        }
    }

    /// How many calls there were.
    pub(super) fn all(&self) -> usize {
        self.all
    }
}

/// What the worst of these findings says, for the sentence of calls that all went as expected.
pub(super) fn fault<'a>(findings: impl Iterator<Item = &'a Finding>) -> Option<String> {
    let mut errors = findings.filter(|finding| finding.severity == Severity::Error);
    let first = errors.next()?;
    Some(format!("{} ({})", first.hit.message, first.rule.code))
}

/// What the run shows of the webhook: the news first, then the counts; `fault` is what is wrong
/// where every client was treated as it should be.
pub(super) fn sentence<'a>(
    calls: impl Iterator<Item = &'a Call>,
    run: &Run,
    fault: Option<&str>,
) -> String {
    let mut treated = Treated::default();
    calls.for_each(|call| treated.add(call));
    treated.sentence(run, fault)
}

impl Treated {
    /// The sentence.
    pub(super) fn sentence(&self, run: &Run, fault: Option<&str>) -> String {
        let Self {
            all,
            accepted,
            rejected,
            silent,
            distrusted,
            without,
        } = *self;
        match (all, accepted + rejected + silent) {
            (0, _) => "no call was made".to_owned(),
            (_, 0) if run.summary.error > 0 => {
                let got = format!("each of {all} clients got the expected result");
                match fault {
                    Some(fault) => format!("{got}, but {fault}"),
                    None => format!("{got}; {}", amount(run.summary.error, "error")),
                }
            }
            (_, 0) => format!("each of {all} clients got the expected result"),
            _ if distrusted == all => {
                "nothing was sent: mtls rejected the webhook's certificate; not known how it treats clients".to_owned()
            }
            _ if silent == all => {
                "the webhook could not be reached: unknown how it treats clients".to_owned()
            }
            _ if accepted > 0 => {
                let news = match without {
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
            _ => format!("{silent} of {all} clients got no answer"),
        }
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
        .filter_map(|case| case.case.call())
        .map(|call| short(&call.client))
        .collect()
}

/// A client's name without what all have in common.
pub(super) fn short(client: &str) -> &str {
    client.strip_prefix("client-").unwrap_or(client)
}

//! What the owner of a repository has decided about findings: some are known and wait, some weigh
//! more or less here.
//!
//! For: `cli`, between judging and telling. Must not: hide that anything was hidden; what is
//! ignored is kept with its reason, and an exception that is over is none.

use std::collections::HashSet;

use glob::Pattern;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::fingerprint::Fingerprints;
use crate::{
    engine::Judged,
    facts::Place,
    finding::{Finding, Severity, Suppressed},
};

/// Findings that are known.
#[derive(Clone, Debug)]
pub struct Ignore {
    /// A rule's code, or the beginning of codes.
    pub code: String,
    /// The files or targets it is about, as a pattern of shells; `None` = all.
    pub target: Option<Pattern>,
    /// The last day on which it holds; `None` = no end.
    pub until: Option<Date>,
    /// Why.
    pub reason: String,
}

/// The decisions.
#[derive(Clone, Debug, Default)]
pub struct Policy {
    /// What is ignored.
    pub ignores: Vec<Ignore>,
    /// Severities by code or beginning of codes; the longest that fits counts.
    pub severities: Vec<(String, Severity)>,
    /// What an earlier run found.
    pub baseline: Option<Baseline>,
}

/// The findings of an earlier run: what is among them is nothing new.
#[derive(Clone, Debug)]
pub struct Baseline {
    /// Their fingerprints.
    pub known: HashSet<String>,
    /// Those of this run.
    pub prints: Fingerprints,
    /// Where they stand, for the reason.
    pub name: String,
}

impl Ignore {
    /// Whether it holds on the day of this moment, UTC.
    pub fn holds(&self, now: Timestamp) -> bool {
        let today = now.to_zoned_datetime(TimeZone::UTC).date();
        self.until.is_none_or(|until| today <= until)
    }

    fn fits(&self, finding: &Finding, title: &str) -> bool {
        let about = |target: &Pattern| {
            let path = match &finding.hit.place {
                Place::File { path, .. } => path,
                Place::Wire { .. } | Place::Http { .. } => title,
            };
            target.matches(path.strip_prefix("./").unwrap_or(path)) || target.matches(title)
        };
        finding.rule.code.starts_with(&self.code) && self.target.as_ref().is_none_or(about)
    }
}

impl Policy {
    /// Applies it: severities first, so that what is ignored keeps the one it has here.
    pub fn apply(&mut self, judged: &mut Judged) {
        if self.ignores.is_empty() && self.severities.is_empty() && self.baseline.is_none() {
            return;
        }
        for finding in &mut judged.findings {
            let fitting = self
                .severities
                .iter()
                .filter(|(code, _)| finding.rule.code.starts_with(code));
            if let Some((_, severity)) = fitting.max_by_key(|(code, _)| code.len()) {
                finding.severity = *severity;
            }
        }
        let (now, title) = (judged.judged_at, judged.case.title.clone());
        let all = std::mem::take(&mut judged.findings);
        for finding in all {
            let known = self
                .ignores
                .iter()
                .find(|ignore| ignore.holds(now) && ignore.fits(&finding, &title));
            // Asked of every finding, so that the numbers of those that stand twice are the same as
            // in the earlier run.
            let before = self.baseline.as_mut().and_then(|baseline| {
                let print = baseline.prints.of(&finding, &title);
                let reason = format!("in the baseline {}", baseline.name);
                baseline.known.contains(&print).then_some(reason)
            });
            match (known, before) {
                (Some(ignore), _) => judged.suppressed.push(Suppressed {
                    finding,
                    reason: ignore.reason.clone(),
                    until: ignore.until,
                }),
                (None, Some(reason)) => judged.suppressed.push(Suppressed {
                    finding,
                    reason,
                    until: None,
                }),
                (None, None) => judged.findings.push(finding),
            }
        }
        judged.findings.sort_by(|a, b| {
            b.severity
                .cmp(&a.severity)
                .then(a.rule.code.cmp(b.rule.code))
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::fixture::Fixture};

    fn judged(policy: &Policy) -> Judged {
        let (case, context) = Fixture::good().no_sni().leaf_expired().done();
        let mut judged = judge(case, &context);
        policy.clone().apply(&mut judged);
        judged
    }

    fn ignore(code: &str, target: Option<&str>, until: Option<&str>) -> Policy {
        Policy {
            ignores: vec![Ignore {
                code: code.to_owned(),
                target: target.map(|text| Pattern::new(text).unwrap()),
                until: until.map(|text| text.parse().unwrap()),
                reason: "known".to_owned(),
            }],
            ..Policy::default()
        }
    }

    fn codes(judged: &Judged) -> Vec<&str> {
        judged.findings.iter().map(|one| one.rule.code).collect()
    }

    #[test]
    fn what_is_ignored_is_kept_with_its_reason() {
        let judged = judged(&ignore("MT2", None, None));
        assert_eq!(codes(&judged), ["MT302"]);
        assert_eq!(judged.suppressed.len(), 1);
        assert_eq!(judged.suppressed[0].reason, "known");
    }

    #[test]
    fn an_exception_has_a_place_and_an_end() {
        let whole = ["MT201", "MT302"];
        assert_eq!(
            codes(&judged(&ignore("MT201", Some("certs/*"), None))),
            whole
        );
        assert_eq!(
            codes(&judged(&ignore("MT201", Some("#1 *"), None))),
            ["MT302"]
        );
        assert_eq!(
            codes(&judged(&ignore("MT201", None, Some("1999-01-01")))),
            whole
        );
        assert_eq!(
            codes(&judged(&ignore("MT201", None, Some("9999-01-01")))),
            ["MT302"]
        );
    }

    #[test]
    fn the_longest_severity_counts() {
        let policy = Policy {
            severities: vec![
                ("MT302".to_owned(), Severity::Error),
                ("MT".to_owned(), Severity::Note),
            ],
            ..Policy::default()
        };
        let judged = judged(&policy);
        assert_eq!(codes(&judged), ["MT302", "MT201"]);
        assert_eq!(judged.findings[1].severity, Severity::Note);
    }
}

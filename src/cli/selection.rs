//! Which rules are asked: `--select`, `--ignore`.
//!
//! For: `lint`, `inspect`, `simulate`. A selector is a code (`MT201`), its beginning (`MT2`), or a
//! rule's name; the longer one wins, so that `--ignore MT2 --select MT201` asks one of them.

use std::{path::PathBuf, str::FromStr};

use anyhow::Result;
use jiff::Timestamp;

use super::settings::{self, Settings};
use crate::{finding::Rule, report::policy::Policy, rules};

/// Flags.
#[derive(Clone, Debug, Default, clap::Args)]
pub(super) struct Selection {
    /// Run only these rules: names, codes, or code prefixes (MT2); separate with commas or repeat
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    select: Vec<Selector>,
    /// Skip these rules; the more specific code wins over --select
    #[arg(long, value_name = "RULE", value_delimiter = ',')]
    ignore: Vec<Selector>,
    /// Suppress findings already in this baseline: SARIF or GitLab JSON of an earlier run
    #[arg(long, value_name = "FILE")]
    baseline: Option<PathBuf>,
}

impl Selection {
    /// The files that the flags name.
    pub(super) fn inputs(&self) -> impl Iterator<Item = PathBuf> {
        self.baseline.clone().into_iter()
    }
}

/// One selector, known to fit a rule.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Selector(String);

impl FromStr for Selector {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let wanted = match rules::find(text) {
            Some(rule) => rule.code.to_owned(),
            None => text.trim().to_ascii_uppercase(),
        };
        let fits = wanted.starts_with("MT")
            && rules::ALL.iter().any(|rule| rule.code.starts_with(&wanted));
        if fits {
            Ok(Self(wanted))
        } else {
            Err(format!(
                "`{text}` is not a rule's name, code or code prefix; `mtls generate rules` lists them"
            ))
        }
    }
}

impl Selector {
    /// The code, or the beginning of codes.
    pub(super) fn code(self) -> String {
        self.0
    }
}

impl Selection {
    /// What is decided about findings.
    pub(super) fn policy(&self, settings: &Settings, now: Timestamp) -> Result<Policy> {
        let mut policy = settings.policy(now)?;
        if let Some(path) = &self.baseline {
            policy.baseline = Some(settings::baseline(path)?);
        }
        Ok(policy)
    }

    /// The rules to ask, in their order.
    pub(super) fn rules(&self) -> Vec<&'static Rule> {
        let longest = |selectors: &[Selector], rule: &Rule| {
            let fitting = selectors
                .iter()
                .filter(|selector| rule.code.starts_with(&selector.0));
            fitting.map(|selector| selector.0.len()).max()
        };
        rules::ALL
            .iter()
            .copied()
            .filter(|rule| {
                // Without --select everything is selected, by nothing in particular.
                let selected = if self.select.is_empty() {
                    Some(0)
                } else {
                    longest(&self.select, rule)
                };
                selected > longest(&self.ignore, rule)
            })
            .collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn codes(select: &[&str], ignore: &[&str]) -> Vec<&'static str> {
        let parsed = |texts: &[&str]| texts.iter().map(|text| text.parse().unwrap()).collect();
        let selection = Selection {
            select: parsed(select),
            ignore: parsed(ignore),
            ..Selection::default()
        };
        selection.rules().iter().map(|rule| rule.code).collect()
    }

    #[test]
    fn the_longer_selector_wins() {
        assert_eq!(codes(&[], &[]).len(), rules::ALL.len());
        assert_eq!(codes(&["MT201", "weak-key"], &[]), ["MT201", "MT204"]);
        assert!(
            codes(&["mt9"], &[])
                .iter()
                .all(|code| code.starts_with("MT9"))
        );
        let without = codes(&[], &["MT2"]);
        assert!(!without.is_empty() && without.iter().all(|code| !code.starts_with("MT2")));
        assert_eq!(codes(&["MT201"], &["MT2"]), ["MT201"]);
        assert!(!codes(&["MT2"], &["MT201"]).contains(&"MT201"));
        assert!(codes(&["MT201"], &["MT201"]).is_empty());
    }

    #[test]
    fn what_fits_no_rule_is_told() {
        for wrong in ["MT999", "X", "", "certificate", "201"] {
            let said = wrong.parse::<Selector>().unwrap_err();
            assert!(said.contains("mtls generate rules"), "{said}");
        }
    }
}

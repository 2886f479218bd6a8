//! What is decided about findings: exceptions with a place, a reason and an end, and severities;
//! and what an earlier run had found.

use std::{
    collections::{BTreeMap, HashSet},
    path::Path,
};

use anyhow::{Context as _, Result};
use glob::Pattern;
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use serde_json::Value;
use toml::{Spanned, de::Deserializer};

use super::{File, Settings};
use crate::{
    cli::{common, selection::Selector},
    finding::Severity,
    jobs::files,
    report::{
        fingerprint::Fingerprints,
        policy::{Baseline, Ignore, Policy},
    },
};

/// The part of the file that is about findings; the rest is about flags.
#[derive(Debug, Deserialize)]
struct Decided {
    #[serde(default)]
    ignore: Vec<Known>,
    #[serde(default)]
    severity: BTreeMap<Spanned<String>, Weight>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    rule: Spanned<String>,
    target: Option<Spanned<String>>,
    until: Option<Spanned<toml::value::Datetime>>,
    reason: Spanned<String>,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Weight {
    Note,
    Warning,
    Error,
}

impl Settings {
    /// The decisions about findings. Exceptions that are over are told on stderr.
    pub(in crate::cli) fn policy(&self, now: Timestamp) -> Result<Policy> {
        let Some(file) = &self.file else {
            return Ok(Policy::default());
        };
        let policy = file.policy()?;
        for over in policy.ignores.iter().filter(|ignore| !ignore.holds(now)) {
            let until = over.until.map_or_else(String::new, |day| day.to_string());
            common::complain(&format!(
                "mtls: {}: the exception for {} ended on {until} ({}); fix the finding or renew the exception",
                file.path.display(),
                over.code,
                over.reason
            ));
        }
        Ok(policy)
    }
}

impl File {
    fn policy(&self) -> Result<Policy> {
        let decided = Decided::deserialize(Deserializer::from(self.table.clone()))
            .map_err(|error| self.toml(&error))?;
        let code = |text: &Spanned<String>| {
            text.get_ref()
                .parse::<Selector>()
                .map(Selector::code)
                .map_err(|why| self.wrong(Some(text.span()), &why))
        };
        let mut policy = Policy::default();
        for known in decided.ignore {
            if known.reason.get_ref().trim().is_empty() {
                let message = format!(
                    "the exception for {} has no reason; expected one",
                    known.rule.get_ref()
                );
                return Err(self.wrong(Some(known.reason.span()), &message));
            }
            let until = known
                .until
                .map(|until| {
                    let day = until.get_ref().to_string().parse::<Date>();
                    day.map_err(|_| {
                        let message =
                            format!("until = {}: expected a day, 2026-12-31", until.get_ref());
                        self.wrong(Some(until.span()), &message)
                    })
                })
                .transpose()?;
            let target = known
                .target
                .map(|text| {
                    Pattern::new(text.get_ref()).map_err(|error| {
                        let message =
                            format!("target = \"{}\": no pattern: {error}", text.get_ref());
                        self.wrong(Some(text.span()), &message)
                    })
                })
                .transpose()?;
            policy.ignores.push(Ignore {
                code: code(&known.rule)?,
                target,
                until,
                reason: known.reason.into_inner(),
            });
        }
        for (rule, weight) in &decided.severity {
            let severity = match weight {
                Weight::Note => Severity::Note,
                Weight::Warning => Severity::Warning,
                Weight::Error => Severity::Error,
            };
            policy.severities.push((code(rule)?, severity));
        }
        Ok(policy)
    }
}

/// The findings of an earlier run, from SARIF or GitLab's JSON.
pub(in crate::cli) fn baseline(path: &Path) -> Result<Baseline> {
    let name = path.display().to_string();
    let bytes = files::read(path)?;
    let value: Value =
        serde_json::from_slice(&bytes).with_context(|| format!("--baseline {name}: not JSON"))?;
    let of_sarif = value["runs"]
        .as_array()
        .into_iter()
        .flatten()
        .flat_map(|run| run["results"].as_array().into_iter().flatten())
        .map(|result| &result["partialFingerprints"]["mtls/v1"]);
    let of_gitlab = value
        .as_array()
        .into_iter()
        .flatten()
        .map(|issue| &issue["fingerprint"]);
    let known: HashSet<String> = of_sarif
        .chain(of_gitlab)
        .filter_map(|print| print.as_str().map(str::to_owned))
        .collect();
    let is_one = value["runs"].is_array() || value.is_array();
    if !is_one {
        anyhow::bail!(
            "--baseline {name}: expected SARIF or GitLab's JSON, as --output sarif=FILE writes it"
        );
    }
    let here = std::env::current_dir().context("cannot tell the current directory")?;
    Ok(Baseline {
        known,
        prints: Fingerprints::new(here),
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Policy> {
        File::new("mtls.toml".into(), text.to_owned())?.policy()
    }

    #[test]
    fn every_key_is_read() {
        let policy = read(
            "fail-on = \"note\"\n[[ignore]]\nrule = \"internal-name\"\ntarget = \"dev/*\"\nuntil = 2026-12-31\nreason = \"r\"\n[severity]\nMT2 = \"warning\"\n",
        )
        .unwrap();
        assert_eq!(policy.ignores[0].code, "MT246");
        assert_eq!(policy.ignores[0].until, Some("2026-12-31".parse().unwrap()));
        assert_eq!(policy.severities, [("MT2".to_owned(), Severity::Warning)]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, wanted) in [
            (
                "\n[[ignore]]\nrule = \"MT2\"\n",
                "mtls.toml:2: missing field `reason`",
            ),
            (
                "\n[[ignore]]\nrule = \"MT2\"\nreason = \"r\"\nuntill = 2026-01-01",
                "mtls.toml:5: unknown field `untill`",
            ),
            (
                "[[ignore]]\nrule = \"MT999\"\nreason = \"r\"",
                "mtls.toml:2: `MT999`",
            ),
            (
                "[[ignore]]\nrule = \"MT2\"\nreason = \" \"",
                "mtls.toml:3: the exception for MT2 has no reason",
            ),
            (
                "[[ignore]]\nrule = \"MT2\"\nreason = \"r\"\nuntil = 10:00:00",
                "mtls.toml:4: until = 10:00:00: expected a day",
            ),
            (
                "[[ignore]]\nrule = \"MT2\"\nreason = \"r\"\ntarget = \"[\"",
                "mtls.toml:4: target = \"[\": no pattern",
            ),
            (
                "[severity]\nMT2 = \"fatal\"",
                "mtls.toml:2: unknown variant `fatal`",
            ),
            ("[severity]\nMT888 = \"note\"", "mtls.toml:2: `MT888`"),
            ("x", "mtls.toml:1: "),
        ] {
            let error = read(text).unwrap_err();
            let drawn: &common::Drawn = error.downcast_ref().unwrap();
            assert!(drawn.message.starts_with(wanted), "{text}: {error}");
            assert!(drawn.drawing.contains('^'), "{}", drawn.drawing);
            assert!(!error.to_string().contains('\n'), "{error}");
        }
    }
}

//! `mtls.toml`: what a repository has decided about findings.
//!
//! ```toml
//! [[ignore]]
//! rule = "MT246"             # a code, the beginning of codes, or a name
//! target = "certs/dev/*"     # files or endpoints; all without it
//! until = 2026-12-31         # the last day
//! reason = "internal names, not reachable from outside"
//!
//! [severity]
//! MT262 = "error"
//! ```

use std::{
    collections::{BTreeMap, HashSet},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use glob::Pattern;
use jiff::{Timestamp, civil::Date};
use serde::Deserialize;
use serde_json::Value;

use super::{common, files, selection::Selector};
use crate::{
    finding::Severity,
    parse::profile::toml_text,
    report::{
        fingerprint::Fingerprints,
        policy::{Baseline, Ignore, Policy},
    },
};

/// The name that is looked for.
const NAME: &str = "mtls.toml";

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    ignore: Vec<Known>,
    #[serde(default)]
    severity: BTreeMap<String, Weight>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Known {
    rule: String,
    target: Option<String>,
    until: Option<toml::value::Datetime>,
    reason: String,
}

#[derive(Clone, Copy, Debug, Deserialize)]
#[serde(rename_all = "lowercase")]
enum Weight {
    Note,
    Warning,
    Error,
}

/// The decisions that hold here: the file named, that of MTLS_CONFIG, else `mtls.toml` in this directory or one above it, up to the
/// repository's root. Exceptions that are over are told on stderr.
pub(super) fn policy(named: Option<&Path>, none: bool, now: Timestamp) -> Result<Policy> {
    if none {
        return Ok(Policy::default());
    }
    let from_variable = common::variable("MTLS_CONFIG").filter(|path| !path.is_empty());
    let path = match (named, from_variable) {
        (Some(path), _) => Some(path.to_owned()),
        (None, Some(path)) => Some(path.into()),
        (None, None) => nearest(),
    };
    let Some(path) = path else {
        return Ok(Policy::default());
    };
    let text = files::read(&path)?;
    let text = String::from_utf8_lossy(&text);
    let policy = read(&text).with_context(|| path.display().to_string())?;
    for over in policy.ignores.iter().filter(|ignore| !ignore.holds(now)) {
        let until = over.until.map_or_else(String::new, |day| day.to_string());
        common::complain(&format!(
            "mtls: {}: the exception for {} ended on {until} ({}); mend it or renew it",
            path.display(),
            over.code,
            over.reason
        ));
    }
    Ok(policy)
}

/// The findings of an earlier run, from SARIF or GitLab's JSON.
pub(super) fn baseline(path: &Path) -> Result<Baseline> {
    let name = path.display().to_string();
    let bytes = files::read(path)?;
    let value: Value = serde_json::from_slice(&bytes)
        .with_context(|| format!("--baseline {name}: wanted JSON"))?;
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
            "--baseline {name}: wanted SARIF or GitLab's JSON, as --output sarif=FILE writes it"
        );
    }
    let here = std::env::current_dir().context("cannot tell the current directory")?;
    Ok(Baseline {
        known,
        prints: Fingerprints::new(here),
        name,
    })
}

/// The nearest file, not beyond the root of a repository.
fn nearest() -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    for folder in here.ancestors() {
        let path = folder.join(NAME);
        if path.is_file() {
            return Some(path);
        }
        if folder.join(".git").exists() {
            return None;
        }
    }
    None
}

fn read(text: &str) -> Result<Policy> {
    let file: File = toml_text(text).map_err(anyhow::Error::msg)?;
    let code = |text: &str| {
        text.parse::<Selector>()
            .map(Selector::code)
            .map_err(anyhow::Error::msg)
    };
    let mut policy = Policy::default();
    for known in file.ignore {
        if known.reason.trim().is_empty() {
            anyhow::bail!("the exception for {} has no reason, wanted one", known.rule);
        }
        let until = known
            .until
            .map(|until| {
                until
                    .to_string()
                    .parse::<Date>()
                    .with_context(|| format!("until = {until}: wanted a day, 2026-12-31"))
            })
            .transpose()?;
        let target = known
            .target
            .map(|text| {
                Pattern::new(&text).with_context(|| format!("target = \"{text}\": no pattern"))
            })
            .transpose()?;
        policy.ignores.push(Ignore {
            code: code(&known.rule)?,
            target,
            until,
            reason: known.reason,
        });
    }
    for (rule, weight) in file.severity {
        let severity = match weight {
            Weight::Note => Severity::Note,
            Weight::Warning => Severity::Warning,
            Weight::Error => Severity::Error,
        };
        policy.severities.push((code(&rule)?, severity));
    }
    Ok(policy)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_key_is_read() {
        let policy = read(
            "[[ignore]]\nrule = \"internal-name\"\ntarget = \"dev/*\"\nuntil = 2026-12-31\nreason = \"r\"\n[severity]\nMT2 = \"warning\"\n",
        )
        .unwrap();
        assert_eq!(policy.ignores[0].code, "MT246");
        assert_eq!(policy.ignores[0].until, Some("2026-12-31".parse().unwrap()));
        assert_eq!(policy.severities, [("MT2".to_owned(), Severity::Warning)]);
    }

    #[test]
    fn what_is_wrong_is_named_with_its_line() {
        for (text, wanted) in [
            ("\n[[ignore]]\nrule = \"MT2\"\n", "reason"),
            (
                "\n[[ignore]]\nrule = \"MT2\"\nreason = \"r\"\nuntill = 2026-01-01",
                "untill",
            ),
            ("[[ignore]]\nrule = \"MT999\"\nreason = \"r\"", "MT999"),
            ("[[ignore]]\nrule = \"MT2\"\nreason = \" \"", "no reason"),
            (
                "[[ignore]]\nrule = \"MT2\"\nreason = \"r\"\nuntil = 10:00:00",
                "wanted a day",
            ),
            (
                "[[ignore]]\nrule = \"MT2\"\nreason = \"r\"\ntarget = \"[\"",
                "no pattern",
            ),
            ("[severity]\nMT2 = \"fatal\"", "fatal"),
            ("x", "line 1"),
        ] {
            let error = format!("{:#}", read(text).unwrap_err());
            assert!(error.contains(wanted), "{text}: {error}");
        }
    }
}

//! One call of `mtls lint` and what it has to say.

use std::{fs, path::Path};

use jiff::SignedDuration;
use serde_json::Value;

use crate::support::{feed, mtls, now};

/// A line of a table. Paths are relative to the folder of the files.
pub(crate) struct Case {
    /// What is wrong, or that nothing is.
    pub(crate) name: &'static str,
    /// The arguments after `lint --format json --no-default-roots`; `+75d` stands for the moment 75
    /// days from now.
    pub(crate) flags: &'static str,
    /// Every error and warning that has to be found, as `error MT140 key.pem#1`, one a line; `#1`
    /// is the first PEM block and `:1` the first line, where it is no block; ` ~ revoked` asks for
    /// a word of the message. Anything else fails the case.
    pub(crate) wants: &'static str,
    /// The chain's verdict and the codes of its reasons, as `untrusted MT201`; empty where there is
    /// nothing to ask.
    pub(crate) trust: &'static str,
}

/// Runs a case in `folder` with `input` as its standard input; the answer says what is not as it
/// has to be.
pub(crate) fn check(
    case: &Case,
    folder: &Path,
    input: &[u8],
    notes: &[&str],
) -> Result<(), String> {
    let finished = feed(
        mtls()
            .current_dir(folder)
            .args(["lint", "--format", "json", "--no-default-roots"])
            .args(case.flags.split_whitespace().map(moment)),
        input,
        60,
    );
    let report: Value = serde_json::from_str(&finished.stdout)
        .map_err(|error| format!("{}: {error}: {}", case.name, finished.said()))?;
    let findings = report["findings"].as_array().unwrap();
    let of = |severities: &[&str]| -> Vec<String> {
        let mut found: Vec<String> = findings
            .iter()
            .filter(|finding| severities.contains(&text(&finding["severity"])))
            .map(|finding| line(finding, folder))
            .collect();
        found.sort();
        found
    };
    let (mut wanted, mut words) = (Vec::new(), Vec::new());
    for want in case.wants.lines() {
        let (want, word) = want.trim().split_once(" ~ ").unwrap_or((want.trim(), ""));
        wanted.push(want.to_owned());
        words.push(word);
    }
    wanted.sort();
    let mut said = Vec::new();
    let found = of(&["error", "warning"]);
    if found != wanted {
        said.push(format!("wanted {wanted:#?}, found {found:#?}"));
    }
    for word in words {
        if !findings
            .iter()
            .any(|finding| text(&finding["message"]).contains(word))
        {
            said.push(format!("no message with {word:?}"));
        }
    }
    if case.wants.is_empty() {
        let mut found: Vec<&str> = findings
            .iter()
            .map(|finding| text(&finding["code"]))
            .collect();
        found.sort_unstable();
        found.dedup();
        if found != notes {
            said.push(format!("wanted the notes {notes:?}, found {found:?}"));
        }
    }
    let code = i32::from(wanted.iter().any(|line| line.starts_with("error")));
    if finished.code != Some(code) {
        said.push(format!("exit status {:?}, wanted {code}", finished.code));
    }
    let trust = verdict(&report["trust"][0]);
    if !case.trust.is_empty() && trust != case.trust {
        said.push(format!("verdict {trust:?}, wanted {:?}", case.trust));
    }
    // A finding that does not say what was seen, or what to do, is of no use.
    for finding in findings {
        if text(&finding["message"]).is_empty() || text(&finding["remedy"]["text"]).is_empty() {
            said.push(format!("without message or remedy: {finding}"));
        }
    }
    if said.is_empty() {
        return Ok(());
    }
    let messages: Vec<String> = findings
        .iter()
        .map(|finding| format!("  {}: {}", line(finding, folder), text(&finding["message"])))
        .collect();
    Err(format!(
        "{} ({})\n{}\nall findings:\n{}\n{}",
        case.name,
        case.flags,
        said.join("\n"),
        messages.join("\n"),
        finished.stderr
    ))
}

/// Runs a table to its end and fails with all that is not as it has to be.
#[track_caller]
pub(crate) fn all(cases: &[Case], folder: &Path) {
    let failures: Vec<String> = cases
        .iter()
        .filter_map(|case| check(case, folder, &[], &[]).err())
        .collect();
    assert!(
        failures.is_empty(),
        "{} of {} cases:\n\n{}",
        failures.len(),
        cases.len(),
        failures.join("\n\n")
    );
}

/// `+75d` as RFC 3339, anything else as it is.
pub(crate) fn moment(word: &str) -> String {
    let days: Option<i64> = word
        .strip_prefix('+')
        .and_then(|rest| rest.strip_suffix('d')?.parse().ok());
    match days {
        Some(days) => (now() + SignedDuration::from_hours(24 * days)).to_string(),
        None => word.to_owned(),
    }
}

/// A finding in the words of [`Case::wants`]. How many lines a block has depends on the signature
/// in it: blocks are counted instead.
fn line(finding: &Value, folder: &Path) -> String {
    let place = &finding["place"];
    let path = text(&place["path"]);
    let first = place["first_line"].as_u64().unwrap_or_default();
    let file = fs::read(folder.join(path)).unwrap_or_default();
    let lines = String::from_utf8_lossy(&file);
    let within = lines.lines().take(usize::try_from(first).unwrap());
    let block = match within.filter(|line| line.contains("BEGIN ")).count() {
        0 => format!(":{first}"),
        count => format!("#{count}"),
    };
    format!(
        "{} {} {path}{block}",
        text(&finding["severity"]),
        text(&finding["code"]),
    )
}

fn verdict(trust: &Value) -> String {
    let mut words = vec![text(&trust["status"])];
    words.extend(trust["reasons"].as_array().into_iter().flatten().map(text));
    words.join(" ")
}

fn text(value: &Value) -> &str {
    value.as_str().unwrap_or_default()
}

//! What facts make of causes: proven, or struck.
//!
//! For: `cli`, which gets the facts (a recorded case, files, a call). Must not: judge anew: rules that fired prove, rules that passed strike.

use std::collections::BTreeSet;

use serde_json::Value;

use super::{Cause, Explanation, Likelihood, Match, RootCause, Struck, Telling, fault};
use crate::engine::Judged;

/// Codes of rules that looked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Evidence {
    /// Where it comes from, in words: a file's name, a host.
    pub sources: Vec<String>,
    /// Rules that found their fault.
    pub fired: BTreeSet<String>,
    /// Rules that looked and found nothing.
    pub passed: BTreeSet<String>,
}

impl Evidence {
    /// Adds what was judged.
    pub fn add(&mut self, source: &str, judged: &Judged) {
        self.sources.push(source.to_owned());
        self.fired.extend(
            judged
                .findings
                .iter()
                .map(|finding| finding.rule.code.to_owned()),
        );
        self.passed
            .extend(judged.passed.iter().map(|rule| rule.code.to_owned()));
    }

    /// Adds what a document or a line of this program's own JSON says: every `findings[].code` and `passed[]` in it.
    ///
    /// # Errors
    /// When it is not one.
    pub fn read(&mut self, source: &str, text: &str) -> Result<(), String> {
        let mut any = false;
        let values = serde_json::Deserializer::from_str(text).into_iter::<Value>();
        for value in values {
            let value = value.map_err(|error| format!("{source}: not JSON: {error}"))?;
            any |= self.gather(&value);
        }
        if !any {
            return Err(format!(
                "{source}: no `findings` and no `passed` in it; wanted what mtls prints with --format json or jsonl"
            ));
        }
        self.sources.push(source.to_owned());
        Ok(())
    }

    fn gather(&mut self, value: &Value) -> bool {
        match value {
            Value::Object(fields) => {
                let mut any = false;
                for (key, value) in fields {
                    match (key.as_str(), value) {
                        ("findings", Value::Array(findings)) => {
                            any = true;
                            let codes = findings
                                .iter()
                                .filter_map(|finding| finding.get("code")?.as_str());
                            self.fired.extend(codes.map(str::to_owned));
                        }
                        ("passed", Value::Array(codes)) => {
                            any = true;
                            self.passed
                                .extend(codes.iter().filter_map(Value::as_str).map(str::to_owned));
                        }
                        _ => any |= self.gather(value),
                    }
                }
                any
            }
            Value::Array(values) => {
                let mut any = false;
                for value in values {
                    any |= self.gather(value);
                }
                any
            }
            _ => false,
        }
    }

    /// The rules that prove this fault, and whether all that looked for it found nothing.
    fn about(&self, id: &str) -> (Vec<&'static str>, bool) {
        let rules = fault(id).map_or(&[][..], |fault| &fault.rules);
        let fired: Vec<&'static str> = rules
            .iter()
            .copied()
            .filter(|code| self.fired.contains(*code))
            .collect();
        let looked = rules.iter().any(|code| self.passed.contains(*code));
        (fired.clone(), fired.is_empty() && looked)
    }
}

impl Explanation {
    /// Proves and strikes causes by what was seen.
    pub fn narrow(&mut self, evidence: &Evidence) {
        if evidence.sources.is_empty() {
            return;
        }
        let from = evidence.sources.join(", ");
        for found in &mut self.matches {
            narrow_one(found, evidence, &from);
        }
        let proven = self.matches.iter().find_map(|found| {
            let cause = found
                .causes
                .first()
                .filter(|cause| !evidence.about(cause.fault).0.is_empty())?;
            Some((cause, found))
        });
        if let Some((cause, found)) = proven {
            self.root_cause = Some(RootCause {
                fault: cause.fault,
                text: found.text.clone(),
                why: format!(
                    "{} found it in {from}",
                    evidence.about(cause.fault).0.join(", ")
                ),
            });
        } else if let Some(root) = &mut self.root_cause {
            let left = self.matches.iter().flat_map(|found| &found.causes);
            if let Some(cause) = left
                .clone()
                .find(|cause| cause.fault == root.fault)
                .or(left.clone().next())
                && cause.fault != root.fault
            {
                root.fault = cause.fault;
                root.why = format!("the most likely one that {from} leaves");
            }
        }
    }
}

fn narrow_one(found: &mut Match, evidence: &Evidence, from: &str) {
    let mut proven = Vec::new();
    let mut left = Vec::new();
    for mut cause in std::mem::take(&mut found.causes) {
        let (fired, passed) = evidence.about(cause.fault);
        if !fired.is_empty() {
            cause.likelihood = Likelihood::Certain;
            proven.push(cause);
        } else if passed {
            let looked: Vec<&str> = cause
                .rules
                .iter()
                .copied()
                .filter(|code| evidence.passed.contains(*code))
                .collect();
            found.struck.push(Struck {
                fault: cause.fault,
                why: format!(
                    "{} looked for it in {from} and found nothing",
                    looked.join(", ")
                ),
            });
        } else {
            left.push(cause);
        }
    }
    if !proven.is_empty() {
        for cause in &mut left {
            cause.likelihood = Likelihood::Possible;
        }
    } else if let [only] = left.as_mut_slice()
        && found.telling == Telling::Reason
        && !found.struck.is_empty()
    {
        only.likelihood = Likelihood::Likely;
    }
    proven.append(&mut left);
    found.tell_apart = tell_apart(&proven);
    found.causes = proven;
}

/// The one command that tells these causes apart, by the side that the leading ones are at.
pub(super) fn tell_apart(causes: &[Cause]) -> Option<&'static str> {
    let leading: Vec<&str> = causes.iter().take(3).map(|cause| cause.fault).collect();
    let first = *leading.first()?;
    let most = |what: &[&str]| {
        leading
            .iter()
            .filter(|id| what.iter().any(|start| id.starts_with(start)))
            .count()
            * 2
            > leading.len()
            || what.iter().any(|start| first.starts_with(start))
    };
    let files = |side: &str| {
        leading
            .iter()
            .any(|id| id.starts_with(&format!("{side}-file")))
    };
    Some(if first.contains("-file-ca-") {
        "mtls lint --client-ca clients.pem"
    } else if files("server") {
        "mtls lint --cert fullchain.pem --key key.pem --client-ca clients.pem"
    } else if files("client") {
        "mtls lint --role client --cert client.pem --key client-key.pem"
    } else if most(&["client-", "no-common", "alpn", "peer-client", "plain-http"]) {
        "mtls listen --cert fullchain.pem --key key.pem --client-ca clients.pem"
    } else if most(&["upstream-"]) {
        "mtls simulate https://UPSTREAM/ --client none"
    } else {
        "mtls simulate https://HOST/ --client none"
    })
}

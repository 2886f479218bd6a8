//! One question of a person's: a code, a name, a number, a line, a few lines.

use super::{Explanation, Likelihood, Match, RootCause, codes, dictionary::Dictionary, fault, log};
use crate::{parse::redact, rules};

/// Explains what a person pasted: a code, a name, a number, a line, a few lines.
pub fn query(dictionary: &Dictionary, text: &str) -> Explanation {
    let text = text.trim();
    // What is pasted is full of credentials; none of them tells a fault.
    let asked = redact::text(text).into_owned();
    if text.lines().count() > 1 {
        let mut log = log::Log::new(dictionary);
        for line in text.lines() {
            log.line(line.as_bytes());
        }
        return Explanation {
            query: asked,
            ..log.finish()
        };
    }
    let mut matches = Vec::new();
    let fault = fault::fault(text.trim_matches('`'));
    let rule = rules::find(text);
    matches.extend(rule.map(codes::rule));
    matches.extend(fault.map(|fault| codes::fault(dictionary, fault)));
    if matches.is_empty() {
        matches = codes::numbers(dictionary, text);
    }
    if matches.is_empty() {
        // A line by itself says the same as a log of that line.
        let mut log = log::Log::new(dictionary);
        log.line(text.as_bytes());
        let answer = log.finish();
        matches = answer.matches;
        for found in &mut matches {
            found.line = None;
        }
    }
    if matches.is_empty() {
        matches = codes::packed(dictionary, text);
    }
    Explanation {
        query: asked,
        rule,
        fault,
        known: !matches.is_empty(),
        root_cause: matches.first().and_then(root),
        matches,
        failures: Vec::new(),
        unnamed: Vec::new(),
        lines: 1,
        known_lines: 1,
    }
}

/// The root of a single match.
fn root(first: &Match) -> Option<RootCause> {
    let cause = first.causes.first()?;
    let why = match cause.likelihood {
        Likelihood::Certain => "the text has no other meaning".to_owned(),
        _ if first.causes.len() == 1 => "it is the only known cause of this text".to_owned(),
        _ => format!(
            "the most likely of {} possible causes{}",
            first.causes.len(),
            cause.share.map_or(String::new(), |share| format!(
                "; the cause in {:.0} % of test runs that produced this message",
                share * 100.0
            )),
        ),
    };
    Some(RootCause {
        fault: cause.fault,
        text: first.text.clone(),
        why,
    })
}

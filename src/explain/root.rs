//! What is at the bottom of a log: of one failure the fault that its messages agree on, of many the
//! table of them, and the one that explains most.
//!
//! For: `log`. Must not: read lines.

use std::collections::HashSet;

use super::{Failure, Likelihood, Match, RootCause, Specificity, Unnamed, connection::Tally};

/// What happened to how many connections, the most frequent failure of the most telling ones first.
pub(super) fn table(both: &[(Match, Tally)]) -> Vec<Failure> {
    let mut rows: Vec<Failure> = Vec::new();
    let mut seen: HashSet<(&str, bool)> = HashSet::new();
    for (found, tally) in both.iter().filter(|(_, tally)| tally.connections > 0) {
        let Some(cause) = found.causes.first() else {
            continue;
        };
        let telling = found.telling >= Specificity::Alert;
        let row = Failure {
            fault: cause.fault,
            title: cause.title,
            side_to_act: cause.side_to_act,
            faults: likely(found),
            connections: tally.connections,
            addresses: u64::try_from(tally.addresses.len()).unwrap_or(u64::MAX),
            line: tally.line,
            text: found.text.clone(),
            telling: found.telling,
        };
        if seen.insert((cause.fault, telling)) {
            rows.push(row);
        } else if let Some(same) = rows.iter_mut().find(|same| {
            same.fault == cause.fault && (same.telling >= Specificity::Alert) == telling
        }) {
            same.connections += row.connections;
            same.faults = same.faults.min(row.faults);
            same.addresses = same.addresses.max(row.addresses);
            same.line = same.line.min(row.line);
        }
    }
    rows.sort_by_key(|row| {
        (
            row.telling < Specificity::Status,
            std::cmp::Reverse(row.connections),
            row.line,
        )
    });
    rows
}

/// Failures that no line puts to a connection, the most frequent first.
pub(super) fn unnamed(both: &[(Match, Tally)]) -> Vec<Unnamed> {
    let mut rows: Vec<Unnamed> = both
        .iter()
        .filter(|(found, tally)| tally.loose > 0 && found.telling >= Specificity::Ending)
        .filter_map(|(found, tally)| {
            let cause = found.causes.first()?;
            Some(Unnamed {
                fault: cause.fault,
                title: cause.title,
                side_to_act: cause.side_to_act,
                faults: likely(found),
                telling: found.telling,
                text: tally.text.clone(),
                lines: tally.loose,
                line: tally.first_loose,
            })
        })
        .collect();
    rows.sort_by_key(|row| (std::cmp::Reverse(row.lines), row.line));
    rows
}

/// How many faults are likely behind a text.
fn likely(found: &Match) -> usize {
    found
        .causes
        .iter()
        .filter(|cause| cause.likelihood > Likelihood::Possible)
        .count()
}

/// Of a log of many failures the one that most of them are. Those that give no reason are nobody's:
/// what can stand for everything is not explained by one of the others.
pub(super) fn most(failures: &[Failure], unnamed: &[Unnamed]) -> Option<RootCause> {
    let tells = |telling: Specificity, faults: usize| telling >= Specificity::Alert || faults < 2;
    let named = failures.iter().map(|row| {
        let tells = tells(row.telling, row.faults);
        (row.fault, tells, row.connections, row.line, &row.text)
    });
    let loose = unnamed.iter().map(|row| {
        let tells = tells(row.telling, row.faults);
        (row.fault, tells, row.lines, row.line, &row.text)
    });
    let rows: Vec<_> = named.chain(loose).collect();
    let &(fault, _, _, line, text) = rows.iter().find(|row| row.1)?;
    let all: u64 = rows.iter().map(|row| row.2).sum();
    let same = rows.iter().filter(|row| row.1 && row.0 == fault);
    let ours: u64 = same.map(|row| row.2).sum();
    let what = match (failures.is_empty(), unnamed.is_empty()) {
        (false, true) => "failed connections",
        (true, _) => "lines that tell of a failure",
        (false, false) => "failed connections and lines that name none",
    };
    (ours * 2 > all).then(|| RootCause {
        fault,
        text: text.clone(),
        why: format!("it explains {ours} of {all} {what}; line {line} is the first of them"),
    })
}

/// How much a message's word weighs when several speak.
fn weight(telling: Specificity) -> f64 {
    match telling {
        Specificity::Reason => 1.0,
        Specificity::Alert => 0.6,
        Specificity::Status | Specificity::Ending => 0.3,
        Specificity::Code | Specificity::Wrapper => 0.1,
    }
}

/// Orders the leading message's causes by what the others say too, and picks the first.
pub(super) fn root(matches: &mut [Match]) -> Option<RootCause> {
    let lead = matches.iter().position(|found| !found.causes.is_empty())?;
    let agrees = |place: usize, id: &str| -> f64 {
        let place_of =
            |place: usize| 1.0 / (1.0 + f64::from(u32::try_from(place).unwrap_or(u32::MAX)));
        let others: f64 = matches
            .iter()
            .enumerate()
            .filter(|(index, other)| *index != lead && !other.causes.is_empty())
            .map(|(_, other)| {
                // First place of n counts most; not being there counts against it.
                let says = other
                    .causes
                    .iter()
                    .position(|cause| cause.fault == id)
                    .map_or(-1.0, place_of);
                weight(other.telling) * says
            })
            .sum();
        weight(matches[lead].telling) * place_of(place) + others
    };
    let best = matches[lead]
        .causes
        .iter()
        .enumerate()
        // Of equals `max_by` takes the last: the more likely one is to be that.
        .rev()
        .max_by(|a, b| agrees(a.0, a.1.fault).total_cmp(&agrees(b.0, b.1.fault)))?
        .1
        .fault;
    let (mut others, mut wrappers, mut apart) = (0, 0, 0);
    for (index, other) in matches.iter().enumerate() {
        let agrees = other.causes.iter().any(|cause| cause.fault == best);
        match other.telling {
            _ if index == lead => {}
            Specificity::Wrapper | Specificity::Code => wrappers += 1,
            Specificity::Reason if !agrees && !other.causes.is_empty() => apart += 1,
            _ => others += 1,
        }
    }
    let found = &mut matches[lead];
    let at = found.causes.iter().position(|cause| cause.fault == best)?;
    let cause = found.causes.remove(at);
    found.causes.insert(0, cause);
    let says = match found.telling {
        Specificity::Reason => "names the reason",
        Specificity::Alert => "has the alert, which says who rejected whom",
        Specificity::Ending => "says how the connection ended; nothing else is known",
        Specificity::Status => "has the answer that the rejected side received",
        Specificity::Code | Specificity::Wrapper => {
            "is the only known message, and it says no more than that something failed"
        }
    };
    let mut why = format!("line {} ({}) {says}", found.line.unwrap_or(1), found.stack);
    match others {
        0 => {}
        1 => why.push_str("; another message agrees with it or follows from it"),
        _ => why.push_str(&format!(
            "; {others} other messages agree with it or follow from it"
        )),
    }
    match apart {
        0 => {}
        1 => why.push_str("; another names a different fault"),
        _ => why.push_str(&format!("; {apart} others name a different fault")),
    }
    match wrappers {
        0 => {}
        1 => why.push_str("; another only wraps it"),
        _ => why.push_str(&format!("; {wrappers} others only wrap it")),
    }
    if found.causes.len() > 1 {
        why.push_str(&format!(
            "; the most likely of {} possible causes",
            found.causes.len()
        ));
    }
    Some(RootCause {
        fault: best,
        text: found.text.clone(),
        why,
    })
}

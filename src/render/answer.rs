//! The first line of a report: the answer to what was asked. A sender's outlook where there is one,
//! else what was looked at and what it is worth.
//!
//! For: every renderer for people. Must not: repeat the sentence of a finding, which follows; or
//! judge.

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use super::{
    verdict::{self, worst},
    words::{amount, listing},
};
use crate::{
    engine::Judged,
    facts::{Basis, IdentityOutlook, Outlook, Place, Readiness, common_name},
    finding::{Finding, Severity},
    parse::escape,
    profiles,
    report::{self, Command, OverallVerdict, Run, Summary},
    rules::commands::on_disk,
};

/// Missing roots that a line names; of more the first one and a count.
const ROOTS: usize = 3;

/// Outlooks of a run that are kept.
const MOST: usize = 1_000;

/// The answer of a case, the worst first: one line, or one for each sender and file that was asked
/// about. Nothing in it is hostile.
pub(super) fn lines(judged: &Judged, now: Timestamp) -> Vec<String> {
    let mut lines = if has_outlook(judged) {
        outlooks(answers(judged), now)
    } else {
        vec![verdict::facts(judged, now)]
    };
    if let Some(rest) = lines.first_mut().zip(rest(judged)) {
        let (line, rest) = rest;
        // An error beside a sender that gets in comes first: the verdict is about it.
        *line = match in_order(judged) {
            true => format!("{rest}; {line}"),
            false => format!("{line}; {rest}"),
        };
    }
    lines.iter().map(|line| escape::text(line)).collect()
}

/// Whether every sender that was asked about gets in.
fn in_order(judged: &Judged) -> bool {
    has_outlook(judged) && answers(judged).all(|one| one.outlook == Outlook::Ready)
}

/// Whether the answer is a sender's outlook, which has its names in it.
pub(super) fn has_outlook(judged: &Judged) -> bool {
    answers(judged).next().is_some()
}

/// The outlooks that were asked for.
fn answers(judged: &Judged) -> impl Iterator<Item = &Readiness> {
    let all = judged.readiness.iter();
    all.filter(|one| is_the_answer(judged, one))
}

/// The outlooks that the cases of a run answer with.
#[derive(Clone, Debug, Default)]
pub(super) struct Outlooks(Vec<Readiness>);

impl Outlooks {
    /// Takes in a case.
    pub(super) fn add(&mut self, judged: &Judged) {
        for one in &judged.readiness {
            if self.0.len() < MOST && is_the_answer(judged, one) && !self.0.contains(one) {
                self.0.push(one.clone());
            }
        }
    }

    /// Whether every sender gets in that a case answers for.
    pub(super) fn in_order(&self) -> bool {
        self.0.iter().all(|one| one.outlook == Outlook::Ready)
    }

    /// Their lines, and those of connections and calls, which only the run as a whole has.
    pub(super) fn lines(&self, run: &Run, now: Timestamp) -> Vec<String> {
        match run.command {
            Command::Listen | Command::Simulate => outlooks(&run.readiness, now),
            Command::Inspect | Command::Lint | Command::Token => outlooks(&self.0, now),
        }
    }
}

/// The outlooks of a run, the worst first.
pub(super) fn outlooks<'a>(
    all: impl IntoIterator<Item = &'a Readiness>,
    now: Timestamp,
) -> Vec<String> {
    let mut all: Vec<&Readiness> = all.into_iter().collect();
    all.sort_by_key(|one| std::cmp::Reverse(one.outlook));
    let mut lines: Vec<String> = Vec::new();
    for readiness in all {
        let line = outlook(readiness, now);
        if !lines.contains(&line) {
            lines.push(line);
        }
    }
    lines
}

/// Whether an outlook is what was asked for. One that is bad and weighs less than an error is of a
/// sender that nobody named: a warning says it.
fn is_the_answer(judged: &Judged, readiness: &Readiness) -> bool {
    let says = |finding: &Finding| finding.hit.readiness.as_ref() == Some(&readiness.id());
    let said = judged.findings.iter().find(|one| says(one));
    let known = judged.suppressed.iter().any(|one| says(&one.finding));
    let quiet =
        !judged.sender_named && said.is_some_and(|finding| finding.severity < Severity::Error);
    let unasked = !judged.sender_named && readiness.outlook == Outlook::Uncertain;
    report::concerns(judged, readiness) && !quiet && !known && !unasked
}

/// Whether the first line says what this finding says.
pub(super) fn says(judged: &Judged, finding: &Finding) -> bool {
    let named = finding.hit.readiness.as_ref();
    named.is_some_and(|id| answers(judged).any(|one| one.id() == *id))
}

/// Of a finding that the first line has said: what becomes of each certificate of the sender, which
/// that line leaves out; the rule's name where there is none.
pub(super) fn said(judged: &Judged, finding: &Finding) -> Option<String> {
    if !says(judged, finding) {
        return None;
    }
    let named = finding.hit.readiness.as_ref()?;
    let readiness = judged.readiness.iter().find(|one| one.id() == *named)?;
    let day = day_of(judged.judged_at);
    // One reason for all of them is given once.
    let shared = readiness.identities.iter().all(|identity| {
        identity.accepted == Some(false) && identity.why == readiness.identities[0].why
    });
    let told: Vec<String> = readiness
        .identities
        .iter()
        .filter_map(|identity| {
            let (verb, why) = match identity.accepted? {
                true => ("accepts", String::new()),
                false if shared => ("rejects", String::new()),
                false => ("rejects", format!(": {}", identity.why)),
            };
            let last = match identity.until {
                Some(until) => format!(", {}", until.as_last_day_on(day)),
                None => String::new(),
            };
            Some(format!("{verb} {}{last}{why}", certificate(identity)))
        })
        .collect();
    // Where nothing is known of any of them, the sentence of the finding says more than a name.
    let told = match told.is_empty() {
        true => finding.hit.message.clone(),
        false if shared => {
            let each = if told.len() > 1 {
                ", each because "
            } else {
                ": "
            };
            format!("{}{each}{}", told.join("; "), readiness.identities[0].why)
        }
        false => told.join("; "),
    };
    Some(escape::text(&told))
}

/// The client-CA file that an outlook rests on, as a word of a shell command; a stand-in where it
/// rests on something else.
pub(super) fn client_ca(readiness: &Readiness) -> String {
    match &readiness.grounds {
        Basis::ClientCa { path } if on_disk(path) => escape::shell_word(path),
        _ => "clients.pem".to_owned(),
    }
}

/// What to do where it is not known whether a sender is accepted since its roots are not at hand:
/// where to get them, and the line that asks again. `None` where nothing is known to do.
pub(super) fn next(judged: &Judged) -> Option<(String, String)> {
    let open = answers(judged).find(|one| one.outlook == Outlook::Uncertain)?;
    if !matches!(open.grounds, Basis::ClientCa { .. }) {
        return None;
    }
    let profile = profiles::find(&open.profile)?;
    let file = client_ca(open);
    if let Some(first) = profile.wanted().first() {
        return Some((
            first.how_to_get(&profile.name),
            format!(
                "mtls lint --client-ca {file} --profile {0}={0}.pem",
                profile.name
            ),
        ));
    }
    let unsettled = profile.identity.iter().any(|one| one.anchor_unsettled);
    Some(if unsettled {
        (
            "add all roots of that sender to the client-CA file, since it is not known which one it uses".to_owned(),
            format!("mtls profiles pem {} >> {file}", profile.name),
        )
    } else {
        (
            "read what is known of that sender, then ask the sender".to_owned(),
            format!("mtls profiles show {}", profile.name),
        )
    })
}

/// `Dialogflow ES, as of 2026-12-02: BROKEN - clients.pem lacks GTS Root R1`, in the words of
/// [`Outlook`].
pub(super) fn outlook(readiness: &Readiness, now: Timestamp) -> String {
    let (word, why) = match readiness.outlook {
        Outlook::Ready => ("READY".to_owned(), accepted(readiness)),
        Outlook::Breaks => {
            let after = readiness
                .breaks_on
                .map_or_else(String::new, |day| format!(" after {day}"));
            (format!("BREAKS{after}"), lacking(readiness))
        }
        Outlook::Broken => ("BROKEN".to_owned(), lacking(readiness)),
        Outlook::Uncertain => ("UNKNOWN".to_owned(), readiness.sentence.clone()),
    };
    format!("{}, as of {}: {word} - {why}", readiness.title, day_of(now),)
}

pub(super) fn day_of(now: Timestamp) -> Date {
    now.to_zoned_datetime(TimeZone::UTC).date()
}

/// What the answer rests on, as the subject of a sentence.
fn subject(readiness: &Readiness) -> String {
    match &readiness.grounds {
        Basis::ClientCa { path } => path.clone(),
        Basis::CaNames { .. } => "the server's list of CA names".to_owned(),
        Basis::Connections { .. } => "this server".to_owned(),
        Basis::Rehearsal { .. } => "the webhook".to_owned(),
    }
}

fn certificate(identity: &IdentityOutlook) -> String {
    format!("the {} certificate ({})", identity.identity, identity.leaf)
}

/// The certificate that the sender goes on using.
fn lasting(readiness: &Readiness, accepted: bool) -> Option<&IdentityOutlook> {
    readiness.identities.iter().find(|identity| {
        identity.in_use && identity.until.is_none() && identity.accepted == Some(accepted)
    })
}

/// The one that it uses on that day and not for ever, with what is known of its end.
fn ending(readiness: &Readiness) -> Option<String> {
    let mut used = readiness.identities.iter().filter(|one| one.in_use);
    let first = used.find(|one| one.accepted == Some(true))?;
    let until = first.until?.as_last_day();
    Some(format!(
        "{}, {until}; what follows is not known",
        certificate(first)
    ))
}

fn accepted(readiness: &Readiness) -> String {
    let who = subject(readiness);
    let verb = match readiness.grounds {
        Basis::CaNames { .. } => "covers",
        _ => "accepts",
    };
    let which = match lasting(readiness, true) {
        Some(identity) => certificate(identity),
        None => ending(readiness).unwrap_or_else(|| "its certificates".to_owned()),
    };
    format!("{who} {verb} {which}{}", rests_on(readiness))
}

/// How far an answer goes that no file of trust anchors gave.
fn rests_on(readiness: &Readiness) -> String {
    match &readiness.grounds {
        Basis::ClientCa { .. } => String::new(),
        Basis::CaNames { .. } => " (a hint: a server need not list what it accepts)".to_owned(),
        Basis::Connections { count } => format!(" (seen in {})", amount(*count, "connection")),
        Basis::Rehearsal { count } => format!(
            " in {} with a throwaway CA; its real root was not tested",
            amount(*count, "test call")
        ),
    }
}

fn lacking(readiness: &Readiness) -> String {
    let who = subject(readiness);
    if !readiness.add.is_empty() {
        let roots: Vec<&str> = readiness
            .add
            .iter()
            .map(|root| common_name(&root.subject).unwrap_or(&root.subject))
            .collect();
        if roots.len() > ROOTS {
            let others = roots.len() - 1;
            return format!("{who} lacks {} and {others} more roots", roots[0]);
        }
        return format!("{who} lacks {}", listing(&roots));
    }
    match lasting(readiness, false) {
        Some(identity) => format!(
            "{} is rejected: {}{}",
            certificate(identity),
            identity.why,
            rests_on(readiness)
        ),
        None => readiness.sentence.clone(),
    }
}

/// What else there is, where the line does not say it: `1 error`, `2 more errors`.
fn rest(judged: &Judged) -> Option<String> {
    let unsaid: Vec<Finding> = judged
        .findings
        .iter()
        .filter(|finding| !says(judged, finding))
        .cloned()
        .collect();
    let told = Summary::of(&unsaid);
    let more = if unsaid.len() < judged.findings.len() {
        "more "
    } else {
        ""
    };
    // That a client was not treated as it should be is what the line says.
    let said = judged.case.call().is_some_and(|call| !call.as_expected());
    if told.error == 1 && said {
        return None;
    }
    if told.error > 0 {
        return Some(amount(told.error, &format!("{more}error")));
    }
    if told.warning > 0 {
        return Some(amount(told.warning, &format!("{more}warning")));
    }
    // The outlook says so itself.
    let told = answers(judged).any(|one| one.outlook == Outlook::Uncertain);
    let open = report::verdict(judged) == OverallVerdict::Unknown && !told;
    open.then(|| report::open(judged).map(|why| format!("unknown: {why}")))?
}

/// Why a case got its verdict, in one line with the rule's code: what a table, a connection's last
/// line and `--quiet` have room for.
pub(super) fn reason(judged: &Judged, now: Timestamp) -> String {
    let Some(finding) = worst(judged) else {
        return lines(judged, now).join("; ");
    };
    if says(judged, finding) {
        return format!("{} ({})", lines(judged, now).join("; "), finding.rule.code);
    }
    let (path, message) = message(finding);
    let about = match path {
        Some(path) if path != judged.case.title => format!("{path}: "),
        _ => String::new(),
    };
    escape::text(&format!("{about}{message} ({})", finding.rule.code))
}

/// The same where there is a row for each client: what came, and the rule's name.
pub(super) fn of_a_row(judged: &Judged, now: Timestamp) -> String {
    match (judged.case.call(), worst(judged)) {
        (Some(call), Some(finding)) => escape::text(&format!(
            "{}, {} ({})",
            call.how(),
            finding.rule.name.replace('-', " "),
            finding.rule.code
        )),
        _ => reason(judged, now),
    }
}

/// The path of a finding's place, and its message without that path in front.
pub(super) fn message(finding: &Finding) -> (Option<&str>, &str) {
    let message = finding.hit.message.as_str();
    match &finding.hit.place {
        Place::File { path, .. } => {
            let bare = message
                .strip_prefix(path.as_str())
                .map(|rest| rest.trim_start_matches(':').trim_start());
            (
                Some(path),
                bare.filter(|rest| !rest.is_empty()).unwrap_or(message),
            )
        }
        _ => (None, message),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{engine::judge, rules::fixture::Fixture};

    fn judged(fixture: Fixture) -> Judged {
        let (case, context) = fixture.done();
        judge(case, &context)
    }

    #[test]
    fn a_reason_has_its_code_and_a_good_case_none() {
        let bad = judged(Fixture::good().leaf_expired());
        assert!(reason(&bad, bad.judged_at).ends_with("(MT201)"));
        let good = judged(Fixture::good());
        assert!(!reason(&good, good.judged_at).contains("(MT"));
    }

    #[test]
    fn the_first_line_does_not_repeat_the_finding() {
        let bad = judged(Fixture::good().leaf_expired());
        let lines = lines(&bad, bad.judged_at);
        assert!(
            lines
                .iter()
                .all(|line| !line.contains(&bad.findings[0].hit.message))
        );
        assert!(lines[0].ends_with("; 1 error"), "{lines:?}");
    }

    #[test]
    fn the_outlook_names_its_file_its_day_and_what_is_missing() {
        let sender = crate::profiles::all()
            .iter()
            .find(|one| one.identity.iter().any(|identity| identity.until.is_some()))
            .unwrap();
        let at = |now: &str| {
            let now: Timestamp = now.parse().unwrap();
            let told = crate::outlook::readiness::of_anchors(sender, &[], None, "clients.pem", now);
            outlook(&told, now)
        };
        let told = at("2026-12-02T08:00:00Z");
        let start = format!(
            "{}, as of 2026-12-02: BROKEN - clients.pem lacks ",
            sender.title
        );
        assert!(told.starts_with(&start), "{told}");
    }
}

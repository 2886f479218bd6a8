//! The answer of `explain`: the verdict, the one thing to do, then the other causes.

mod rule;
mod sender;

use colored::Colorize;

pub use rule::explained_rule;

use self::sender::{settings, this_sender};
use super::{page::Page, words::amount};
use crate::{
    explain::{
        Area, Cause, Evidence, Explanation, Failure, Kind, Likelihood, Match, RefusedBy,
        SenderNote, Specificity, TWINS, dictionary::Turned, fault,
    },
    facts::Side,
    finding::Act,
    render::verifiers,
};

/// Causes that are told in full; the rest are named or counted.
const TOLD: usize = 3;
/// Other texts of a log that are listed, where everything is.
const LISTED: usize = 12;
/// How connections failed: so many rows.
const ROWS: usize = 6;

/// What goes with an explanation.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// What was looked at to narrow it.
    pub evidence: &'a Evidence,
    /// Senders whose certificate may be the one in question.
    pub senders: &'a [SenderNote],
    /// Where each server software is told whom to trust.
    pub client_ca: &'a [(String, String)],
    /// Everything in full.
    pub all: bool,
    /// Columns to fit into; `None` = lines are not broken.
    pub width: Option<usize>,
}

/// An explanation as a page.
pub fn explained(explanation: &Explanation, beside: Beside<'_>) -> String {
    let mut page = Page::reference(beside.width);
    let Some(first) = explanation.matches.first() else {
        unknown(&mut page, explanation);
        return page.text;
    };
    let log = first.line.is_some();
    let many = explanation.failures.len() > 1;
    let headline = match (many, explanation.fault) {
        (true, _) => several(explanation),
        (_, Some(fault)) => format!("{}:\n{}.", fault.id, fault.title),
        _ => verdict(first),
    };
    for line in headline.lines() {
        page.paragraph(&line.red().bold().to_string());
    }
    page.line("");
    if log {
        let lines = amount(explanation.lines, "line");
        page.row(
            "read",
            &format!("{lines}, {} of them known", explanation.known_lines),
        );
    }
    failures(&mut page, explanation, beside.all);
    if log {
        page.row(
            "line",
            &format!("{}: {}", first.line.unwrap_or(1), first.text),
        );
    }
    page.row("meaning", &format!("{}: {}", first.stack, first.meaning));
    if is_number(&explanation.query) {
        for other in &explanation.matches[1..] {
            page.row("or", &format!("{}: {}", other.stack, other.meaning));
        }
    }
    if let Some(root) = explanation
        .root_cause
        .as_ref()
        .filter(|_| log || !beside.evidence.sources.is_empty())
    {
        page.row("root cause", &format!("{}: {}", root.fault, root.why));
    }
    if explanation.fault.is_none() && first.kind != Kind::Rule {
        page.row("printed by", &printed(first));
    }
    for trust in &beside.evidence.chains {
        page.row("this chain", "");
        for line in verifiers::lines(trust, trust.role) {
            page.row(&format!("  {}", line.label), &line.text);
        }
    }
    if let Some(cause) = first.causes.first() {
        page.row("fix", &format!("{}: {}", who(first, cause), cause.remedy));
    }
    beside.senders.iter().for_each(|one| roots(&mut page, one));
    let settled = first
        .causes
        .first()
        .is_some_and(|cause| cause.likelihood == Likelihood::Certain);
    if let Some(tell) = first
        .tell_apart
        .filter(|_| first.causes.len() > 1 && !settled)
    {
        page.row("check", "this command tells the causes apart:");
        command(&mut page, tell);
    }
    causes(&mut page, first, beside.all);
    for sender in beside.senders {
        this_sender(&mut page, sender, beside.all);
    }
    if !beside.senders.is_empty() {
        settings(&mut page, first, beside);
    }
    others(&mut page, explanation, log, beside.all);
    page.line("");
    if beside.all {
        page.row("source", &first.source);
    } else {
        page.row(
            "more",
            "-v prints every cause, how to check and fix it, and the sources",
        );
    }
    page.text
}

/// How to have a sender's roots trusted.
fn roots(page: &mut Page, sender: &SenderNote) {
    let title = &sender.title;
    page.row(
        "",
        &format!("if the sender is {title}, add its roots and check:"),
    );
    let profile = &sender.profile;
    command(page, &format!("mtls profiles pem {profile} >> clients.pem"));
    command(
        page,
        &format!("mtls lint --client-ca clients.pem --profile {profile}"),
    );
}

/// The headline of a log in which connections failed for several reasons.
fn several(explanation: &Explanation) -> String {
    let failed: u64 = explanation.failures.iter().map(|row| row.connections).sum();
    let most = explanation.failures.first();
    format!(
        "{} failed for {} reasons; the most frequent one:\n{}.",
        amount(failed, "connection"),
        explanation.failures.len(),
        most.map_or_else(String::new, Failure::words),
    )
}

/// Texts of no named connection that are shown.
const UNNAMED: usize = 3;

/// What happened to how many connections, each with its own line of the log.
fn failures(page: &mut Page, explanation: &Explanation, all: bool) {
    let rows = &explanation.failures;
    if rows.is_empty() {
        return;
    }
    let told = if all { rows.len() } else { ROWS };
    for row in rows.iter().take(told) {
        let from = match row.addresses {
            0 => String::new(),
            1 => " from one address".to_owned(),
            addresses => format!(" from {addresses} addresses"),
        };
        page.row(
            &format!("{}x", row.connections),
            &format!("{} (line {}{from})", row.words(), row.line),
        );
    }
    for row in explanation.unnamed.iter().take(UNNAMED) {
        page.row(
            &amount(row.lines, "line"),
            &format!(
                "without a named connection (line {}): {}",
                row.line, row.text
            ),
        );
    }
    if rows.len() > told {
        let rest: u64 = rows.iter().skip(told).map(|row| row.connections).sum();
        page.row(
            &format!("{rest}x"),
            &format!("{} more reasons: -v", rows.len() - told),
        );
    }
}

/// A command, whole and in one line, so that it can be copied.
fn command(page: &mut Page, command: &str) {
    page.line(&format!("      {}", command.bold()));
}

fn unknown(page: &mut Page, explanation: &Explanation) {
    if looks_like_a_rule(&explanation.query) {
        let said = format!(
            "Unknown rule: {}. `mtls generate rules` lists them.",
            explanation.query
        );
        page.line(&said.yellow().bold().to_string());
        return;
    }
    page.line(
        &"Unknown: the text has no message, code or number from the dictionary."
            .yellow()
            .bold()
            .to_string(),
    );
    page.line("");
    if explanation.query == "-" {
        page.row("read", &amount(explanation.lines, "line"));
    }
    page.row("try", "the innermost message (the last `Caused by:`, the line with `error:`), the log of the other side, or a higher log level (nginx: error_log FILE info)");
    page.row("or", "run a test server, and see what the client presents:");
    command(
        page,
        "mtls listen --cert fullchain.pem --key key.pem --client-ca clients.pem",
    );
}

/// `MT999`: what a rule of this program looks like.
fn looks_like_a_rule(query: &str) -> bool {
    let digits = query.get(2..).unwrap_or("");
    query
        .get(..2)
        .is_some_and(|name| name.eq_ignore_ascii_case("MT"))
        && digits.len() == 3
        && digits.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a bare number was asked about, which has a meaning in each of several lists.
fn is_number(query: &str) -> bool {
    !query.is_empty() && query.bytes().all(|byte| byte.is_ascii_digit())
}

/// Who rejected whom, and the most frequent cause.
fn verdict(found: &Match) -> String {
    let Some(cause) = found.causes.first() else {
        return format!(
            "{}: known, but it points to no particular fault.",
            found.text
        );
    };
    let likely = if cause.likelihood == Likelihood::Certain || found.causes.len() == 1 {
        ""
    } else {
        "most likely "
    };
    let end = format!("{likely}{}.", cause.title);
    if area(cause) == Some(Area::Webhook) {
        return format!("The TLS connection was not rejected:\n{end}");
    }
    let ended = found.telling == Specificity::Ending || found.turned_away == Turned::Nobody;
    match found.refused_by {
        _ if found.kind == Kind::Rule => format!("{}:\n{end}", found.text),
        RefusedBy::Local => format!("A program cannot use its own files:\n{end}"),
        _ if ended => {
            format!(
                "The connection failed; the text does not say that a side rejected the other:\n{end}"
            )
        }
        RefusedBy::Server => format!("The server rejected the client:\n{end}"),
        RefusedBy::Client => format!("The client rejected the server:\n{end}"),
        RefusedBy::Unknown => match found.turned_away {
            Turned::Printer => {
                format!("The side that logged this was rejected by its peer:\n{end}")
            }
            Turned::Peer => format!("The side that logged this rejected its peer:\n{end}"),
            _ => format!("The handshake failed; the text does not say who rejected whom:\n{end}"),
        },
    }
}

fn area(cause: &Cause) -> Option<Area> {
    fault(cause.fault).map(|fault| fault.area)
}

/// Who has to fix it.
fn who(found: &Match, cause: &Cause) -> &'static str {
    if found.turned_away == Turned::Local && found.printed_by.is_none() {
        return "whoever runs that program";
    }
    if area(cause) == Some(Area::Upstream) {
        return match cause.side_to_act {
            Act::Client => "whoever runs the proxy",
            _ => "the server behind the proxy",
        };
    }
    match cause.side_to_act {
        Act::Client => "the sender (client)",
        Act::Server => "the webhook's owner (server)",
        Act::Either => "either side",
    }
}

/// Who printed it, and how that is known.
fn printed(found: &Match) -> String {
    let side = match found.printed_by {
        Some(Side::Client) => "the client",
        Some(Side::Server) => "the server",
        None if found.turned_away == Turned::Local => {
            "the program that reads these files, on either side"
        }
        None if found.causes.len() > 1 => {
            "unknown side; the causes below are in order of frequency"
        }
        None => "unknown side",
    };
    match &found.printed_because {
        Some(because) => format!("{side}: {because}"),
        None => side.to_owned(),
    }
}

fn causes(page: &mut Page, found: &Match, all: bool) {
    let several = found.causes.len() > 1 || !found.struck.is_empty();
    if several {
        page.line("");
        page.line(&"Possible causes, most likely first".bold().to_string());
    }
    let list = distinct(found);
    let told = if all { list.len() } else { TOLD };
    for (index, cause) in list.iter().take(told).enumerate() {
        if several {
            let word = match cause.likelihood {
                Likelihood::Certain => "certain",
                Likelihood::Likely => "likely",
                Likelihood::Possible => "possible",
            };
            // The margin has room for two digits and the word.
            let label = if index < 99 {
                format!("{} {word}", index + 1)
            } else {
                (index + 1).to_string()
            };
            page.row(&label, &cause.title.bold().to_string());
        }
        if all && let Some(share) = cause.share.filter(|share| *share >= 0.005) {
            page.row(
                "",
                &format!(
                    "the cause in {:.0} % of test runs that produced this message",
                    share * 100.0
                ),
            );
        }
        if all && index > 0 {
            page.row("fix", &format!("{}: {}", who(found, cause), cause.remedy));
        }
        if all || !several {
            page.row("check", cause.how_to_tell);
        }
        if all && !cause.rules.is_empty() {
            page.row("rules", &cause.rules.join(", "));
        }
    }
    if list.len() > told {
        let rest = u64::try_from(list.len() - told).unwrap_or(u64::MAX);
        page.row("", &format!("and {}", amount(rest, "less likely cause")));
    }
    for struck in found
        .struck
        .iter()
        .take(if all { usize::MAX } else { TOLD })
    {
        page.row("not", &format!("{}: {}", struck.fault, struck.why));
    }
}

/// The causes without those that say the same: two names of one fault, or, where nobody knows whose
/// file it is, the same fault of both sides.
fn distinct(found: &Match) -> Vec<&Cause> {
    let mut titles = std::collections::HashSet::new();
    let mut list: Vec<&Cause> = Vec::new();
    for cause in &found.causes {
        let twin = TWINS.iter().any(|(one, other)| {
            list.iter().any(|listed| {
                (listed.fault == *one && cause.fault == *other)
                    || (listed.fault == *other && cause.fault == *one)
            })
        });
        if !twin && (found.turned_away != Turned::Local || titles.insert(cause.title)) {
            list.push(cause);
        }
    }
    list
}

fn others(page: &mut Page, explanation: &Explanation, log: bool, all: bool) {
    let rest: Vec<&Match> = explanation.matches[1..]
        .iter()
        .filter(|found| log || found.telling > Specificity::Wrapper)
        .collect();
    if rest.is_empty() || is_number(&explanation.query) {
        return;
    }
    let place = if log { "this log" } else { "this text" };
    if !all {
        let count = u64::try_from(rest.len()).unwrap_or(u64::MAX);
        page.row(
            "also",
            &format!("{} known in {place}", amount(count, "other message")),
        );
        return;
    }
    page.line("");
    page.line(&format!("Also known in {place}").bold().to_string());
    for found in rest.iter().take(LISTED) {
        let name = found
            .line
            .map_or(String::new(), |line| format!("line {line}"));
        let times = if found.count > 1 {
            format!(" ({} times)", found.count)
        } else {
            String::new()
        };
        let around = if found.telling == Specificity::Wrapper {
            " It only wraps another message."
        } else {
            ""
        };
        page.row(
            &name,
            &format!("{}: {}{times}{around}", found.stack, found.meaning),
        );
    }
    if rest.len() > LISTED {
        page.row(
            "",
            &format!("and {} more: --format json", rest.len() - LISTED),
        );
    }
}

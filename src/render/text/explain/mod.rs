//! The answer of `explain`: the verdict, the one thing to do, then every cause.

mod rule;
mod sender;

use colored::Colorize;
use jiff::Timestamp;

pub use rule::explained_rule;

use self::sender::{settings, this_sender};
use super::{
    Detail,
    page::{Page, WIDTH},
    words::{amount, wrap},
};
use crate::{
    explain::{
        Cause, Evidence, Explanation, Kind, Likelihood, Match, RefusedBy, SenderNote, Specificity,
        dictionary::Turned,
    },
    facts::Side,
    finding::Act,
    render::verifiers,
};

/// Causes that are told in full; the rest are named or counted.
const TOLD: usize = 3;
/// Other texts of a log that are listed.
const LISTED: usize = 12;

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
}

/// An explanation as a page.
pub fn explained(explanation: &Explanation, beside: Beside<'_>) -> String {
    let mut page = Page::new(Timestamp::UNIX_EPOCH, Detail::Full);
    let Some(first) = explanation.matches.first() else {
        unknown(&mut page, explanation);
        return page.text;
    };
    let log = first.line.is_some();
    for line in verdict(first).lines().flat_map(|line| wrap(line, WIDTH)) {
        page.line(&line.red().bold().to_string());
    }
    page.line("");
    if log {
        let known: u64 = explanation.matches.iter().map(|found| found.count).sum();
        page.row(
            "read",
            &format!("{}; {known} known", amount(explanation.lines, "line")),
        );
        page.row(
            "line",
            &format!("{}: {}", first.line.unwrap_or(1), first.text),
        );
    }
    page.row("says", &format!("{}: {}", first.stack, first.meaning));
    if let Some(root) = explanation
        .root_cause
        .as_ref()
        .filter(|_| log || !beside.evidence.sources.is_empty())
    {
        page.row("root cause", &format!("{}: {}", root.fault, root.why));
    }
    page.row("printed by", printed(first));
    for trust in &beside.evidence.chains {
        page.row("this chain", "");
        for line in verifiers::lines(trust, trust.role) {
            page.row(&format!("  {}", line.label), &line.text);
        }
    }
    if let Some(cause) = first.causes.first() {
        page.row(
            "do this",
            &format!("{}: {}", who(first, cause), cause.remedy),
        );
    }
    for sender in beside.senders {
        page.row(
            "",
            &format!(
                "if the sender is {}, add its roots and see whether it is let in:",
                sender.title
            ),
        );
        command(
            &mut page,
            &format!("mtls profiles pem {} >> clients.pem", sender.profile),
        );
        command(
            &mut page,
            &format!(
                "mtls lint --client-ca clients.pem --profile {}",
                sender.profile
            ),
        );
    }
    let settled = first
        .causes
        .first()
        .is_some_and(|cause| cause.likelihood == Likelihood::Certain);
    if let Some(tell) = first
        .tell_apart
        .filter(|_| first.causes.len() > 1 && !settled)
    {
        page.row("to be sure", "this tells the causes below apart:");
        command(&mut page, tell);
    }
    causes(&mut page, first, beside.all);
    for sender in beside.senders {
        this_sender(&mut page, sender);
    }
    if !beside.senders.is_empty() {
        settings(&mut page, first, beside);
    }
    others(&mut page, explanation, log);
    page.line("");
    page.row("source", &first.source);
    page.text
}

/// A command, whole and in one line, so that it can be copied.
fn command(page: &mut Page, command: &str) {
    page.line(&format!("      {}", command.bold()));
}

fn unknown(page: &mut Page, explanation: &Explanation) {
    page.line(
        &"Not known: nothing in it is a text, a code or a number in the dictionary."
            .yellow()
            .bold()
            .to_string(),
    );
    page.line("");
    if explanation.query == "-" {
        page.row("read", &amount(explanation.lines, "line"));
    }
    page.row("try", "the innermost message (the last `Caused by:`, the line with `error:`), the log of the other side, a higher log level (nginx: error_log FILE info)");
    page.row("or look", "at what comes:");
    command(
        page,
        "mtls listen --cert fullchain.pem --key key.pem --client-ca clients.pem",
    );
}

/// Who refused whom, and the fault that stands behind it most often.
fn verdict(found: &Match) -> String {
    let Some(cause) = found.causes.first() else {
        return format!("{}: known, and no fault stands behind it.", found.text);
    };
    let likely = if cause.likelihood == Likelihood::Certain || found.causes.len() == 1 {
        ""
    } else {
        "most likely "
    };
    let end = format!("{likely}{}.", cause.title);
    match found.refused_by {
        RefusedBy::Server => format!("The server refused the client:\n{end}"),
        RefusedBy::Client => format!("The client refused the server:\n{end}"),
        RefusedBy::Local => format!("A program cannot use its own files:\n{end}"),
        RefusedBy::Unknown => match found.turned_away {
            Turned::Printer => {
                format!("The side that prints this was refused by the other:\n{end}")
            }
            Turned::Peer => format!("The side that prints this refused the other:\n{end}"),
            _ if found.kind == Kind::Rule => format!("{}:\n{end}", found.text),
            _ => format!("Nobody refused a certificate yet, or the text does not say who:\n{end}"),
        },
    }
}

fn who(found: &Match, cause: &Cause) -> &'static str {
    if found.turned_away == Turned::Local && found.printed_by.is_none() {
        return "whoever runs that program";
    }
    match cause.side_to_act {
        Act::Client => "the sender (client)",
        Act::Server => "the webhook's owner (server)",
        Act::Either => "either side",
    }
}

fn printed(found: &Match) -> &'static str {
    match found.printed_by {
        Some(Side::Client) => "the client",
        Some(Side::Server) => "the server",
        None if found.turned_away == Turned::Local => "the program whose files these are",
        None => "not known from this alone; the whole line, with what stands before it, may tell",
    }
}

fn causes(page: &mut Page, found: &Match, all: bool) {
    if found.causes.len() > 1 || !found.struck.is_empty() {
        page.line("");
        page.line(&"What it can be, most likely first".bold().to_string());
    }
    // Where nobody knows whose file it is, the same fault of both sides is one thing to look at.
    let mut titles = std::collections::HashSet::new();
    let mut list: Vec<&Cause> = found.causes.iter().collect();
    if found.turned_away == Turned::Local {
        list.retain(|cause| titles.insert(cause.title));
    }
    let told = if all { list.len() } else { TOLD };
    for (index, cause) in list.iter().take(told).enumerate() {
        if found.causes.len() > 1 || !found.struck.is_empty() {
            let word = match cause.likelihood {
                Likelihood::Certain => "certain",
                Likelihood::Likely => "likely",
                Likelihood::Possible => "possible",
            };
            page.row(
                &format!("{} {word}", index + 1),
                &cause.title.bold().to_string(),
            );
            if let Some(share) = cause.share.filter(|share| *share >= 0.005) {
                page.row(
                    "",
                    &format!(
                        "behind {:.0} % of the measured runs that printed it",
                        share * 100.0
                    ),
                );
            }
        }
        if index > 0 {
            page.row("acts", &format!("{}: {}", who(found, cause), cause.remedy));
        }
        page.row("tell by", cause.how_to_tell);
        if !cause.rules.is_empty() {
            page.row("rules", &cause.rules.join(", "));
        }
    }
    if list.len() > told {
        let named: Vec<&str> = list
            .iter()
            .skip(told)
            .take(4)
            .map(|cause| cause.fault)
            .collect();
        let more = list.len() - told - named.len();
        let more = if more > 0 {
            format!(" and {more} more")
        } else {
            String::new()
        };
        page.row("possible", &format!("{}{more} (--all)", named.join(", ")));
    }
    for struck in found
        .struck
        .iter()
        .take(if all { usize::MAX } else { TOLD })
    {
        page.row("not", &format!("{}: {}", struck.fault, struck.why));
    }
}

fn others(page: &mut Page, explanation: &Explanation, log: bool) {
    let rest: Vec<&Match> = explanation.matches[1..]
        .iter()
        .filter(|found| log || found.telling > Specificity::Wrapper)
        .collect();
    if rest.is_empty() {
        return;
    }
    page.line("");
    page.line(
        &(if log {
            "Also known in it"
        } else {
            "It is also"
        })
        .bold()
        .to_string(),
    );
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
            " It goes around another message."
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

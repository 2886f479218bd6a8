//! The answer of `explain`: the verdict, the one thing to do, then the other causes.

mod causes;
mod failures;
mod rule;
mod sender;

use colored::Colorize;

pub use rule::explained_rule;

use self::sender::{settings, this_sender};
use super::{page::Page, words::amount};
use crate::{
    explain::{
        Area, Cause, Evidence, Explanation, Kind, Likelihood, Match, RefusedBy, SenderNote,
        Specificity,
        dictionary::{Setting, Turned},
        fault,
    },
    facts::Side,
    finding::Act,
    render::verifiers,
};

/// What goes with an explanation.
#[derive(Clone, Copy, Debug)]
pub struct Beside<'a> {
    /// What was looked at to narrow it.
    pub evidence: &'a Evidence,
    /// Senders whose certificate may be the one in question.
    pub senders: &'a [SenderNote],
    /// Where each server software is told whom to trust.
    pub client_ca: &'a [(String, String)],
    /// How faults are fixed in the words of a stack.
    pub settings: &'a [Setting],
    /// Everything in full.
    pub all: bool,
    /// Columns to fit into; `None` = lines are not broken.
    pub width: Option<usize>,
}

/// How much room there is beside the likeliest cause.
#[derive(Clone, Copy, Debug)]
struct Room {
    /// Other causes.
    others: usize,
    /// What the side can do that need not act.
    otherwise: bool,
}

/// A message's page has at most so many lines, if it can.
const LINES: usize = 15;

/// From much room to little: the first page that fits is taken.
const ROOMS: &[Room] = &[
    Room::of(2, true),
    Room::of(1, true),
    Room::of(1, false),
    Room::of(0, false),
];

impl Room {
    const fn of(others: usize, otherwise: bool) -> Self {
        Self { others, otherwise }
    }
}

/// An explanation as a page.
pub fn explained(explanation: &Explanation, beside: Beside<'_>) -> String {
    let mut text = String::new();
    for &room in ROOMS {
        text = page_of(explanation, beside, room);
        if beside.all || text.lines().count() <= LINES {
            break;
        }
    }
    text
}

fn page_of(explanation: &Explanation, beside: Beside<'_>, room: Room) -> String {
    let mut page = Page::reference(beside.width);
    let Some(first) = explanation.matches.first() else {
        unknown(&mut page, explanation);
        return page.text;
    };
    let log = first.line.is_some();
    let headline = match explanation.fault {
        _ if failures::are_several(explanation) => failures::headline(explanation),
        Some(fault) => format!("{}: {}.", fault.id, fault.title),
        None => verdict(first),
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
        failures::rows(&mut page, explanation, beside.all);
        page.row(
            "line",
            &format!("{}: {}", first.line.unwrap_or(1), first.text),
        );
    }
    if explanation.fault.is_none() {
        meaning(&mut page, first);
    }
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
    // What only one side prints needs no word of it: the headline names the side.
    let told = beside.all || first.printed_told;
    if explanation.fault.is_none() && first.kind != Kind::Rule && told {
        page.row("printed by", &printed(first));
    }
    chains(&mut page, beside.evidence);
    causes::rows(&mut page, explanation, first, beside, room);
    if beside.all {
        for sender in beside.senders {
            this_sender(&mut page, sender);
        }
        if !beside.senders.is_empty() {
            settings(&mut page, first, beside);
        }
    }
    if log || beside.all {
        failures::others(&mut page, explanation, log, beside.all);
    }
    if beside.all {
        page.line("");
        for printed in &first.printed_as {
            page.row(
                "printed as",
                &format!("{}: `{}`", printed.stack, printed.text),
            );
        }
        page.row("source", &first.source);
    } else {
        page.row(
            "more",
            "-v prints every cause, its check and fix, and the sources",
        );
    }
    page.text
}

/// Whose text it is, and what it means where the headline does not say so.
fn meaning(page: &mut Page, found: &Match) {
    let headline = found.causes.first().map(|cause| cause.title);
    let said = found.meaning.trim_end_matches('.');
    match headline.filter(|title| title.eq_ignore_ascii_case(said)) {
        Some(_) => page.row("text of", &found.stack),
        None => page.row("meaning", &format!("{}: {}", found.stack, found.meaning)),
    }
}

/// What each verifier does with the chains that were looked at.
fn chains(page: &mut Page, evidence: &Evidence) {
    for trust in &evidence.chains {
        let mut label = "this chain";
        for line in verifiers::lines(trust, trust.role) {
            page.row(label, &format!("{} {}", line.label, line.text));
            label = "";
        }
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
    let open = causes::is_open(found);
    let end = match cause.likelihood == Likelihood::Certain || found.causes.len() == 1 {
        _ if open => "; the text does not say why, and no single cause is likely.".to_owned(),
        true => format!(": {}.", cause.title),
        false => format!(": most likely {}.", cause.title),
    };
    if area(cause) == Some(Area::Webhook) {
        return format!("The TLS connection was not rejected{end}");
    }
    let ended = found.telling == Specificity::Ending || found.turned_away == Turned::Nobody;
    let rejection = match (found.refused_by, found.turned_away) {
        _ if found.kind == Kind::Rule => &found.text,
        (RefusedBy::Local, _) => "A program cannot use its own files",
        _ if ended && open => "The connection failed",
        _ if ended => "The connection failed; the text does not say that a side rejected the other",
        (RefusedBy::Server, _) => "The server rejected the client",
        (RefusedBy::Client, _) => "The client rejected the server",
        (_, Turned::Printer) => "The side that logged this was rejected by its peer",
        (_, Turned::Peer) => "The side that logged this rejected its peer",
        _ if open => "The handshake failed",
        _ => "The handshake failed; the text does not say who rejected whom",
    };
    format!("{rejection}{end}")
}

fn area(cause: &Cause) -> Option<Area> {
    fault(cause.fault).map(|fault| fault.area)
}

/// Who has to fix it, in a word.
fn briefly(found: &Match, cause: &Cause) -> &'static str {
    let upstream = area(cause) == Some(Area::Upstream);
    match cause.side_to_act {
        _ if found.turned_away == Turned::Local && found.printed_by.is_none() => "that program",
        Act::Client if upstream => "proxy",
        _ if upstream => "upstream",
        Act::Client => "sender",
        Act::Server => "webhook's owner",
        Act::Either => "either side",
    }
}

/// Who has to fix it.
fn who(found: &Match, cause: &Cause, act: Act) -> &'static str {
    if found.turned_away == Turned::Local && found.printed_by.is_none() {
        return "whoever runs that program";
    }
    if area(cause) == Some(Area::Upstream) {
        return match act {
            Act::Client => "whoever runs the proxy",
            _ => "the server behind the proxy",
        };
    }
    match act {
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
        None => "unknown side",
    };
    match &found.printed_because {
        Some(because) => format!("{side}: {because}"),
        None => side.to_owned(),
    }
}

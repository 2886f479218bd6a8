//! Of an explanation: what to do about the likeliest cause, how to check it, and the other causes.
//!
//! Must not: say a thing twice; the headline has said the likeliest cause.

use std::collections::HashSet;

use colored::Colorize;

use super::{Beside, Room, briefly, command, sender::last_day, who};
use crate::{
    explain::{
        Cause, Explanation, Likelihood, Match, SenderNote, Specificity, TWINS, dictionary::Turned,
        fault,
    },
    finding::Act,
    render::text::page::Page,
};

/// What was ruled out that is named without being asked for.
const TOLD: usize = 2;
/// The least share of the runs that makes a cause worth reading.
const WORTH: f64 = 0.1;
/// Below this weight the likeliest of many causes is not likely.
const OPEN: f64 = 0.2;
/// The same for a text that says only that something ended or failed.
const SAYS_LITTLE: f64 = 0.35;
/// With so few causes one of them is likely.
const FEW: usize = 8;

/// Whether the text stands for so much that none of its causes is likely.
pub(super) fn is_open(found: &Match) -> bool {
    let first = found.causes.first();
    found.causes.len() > FEW
        && first.is_some_and(|cause| {
            let least = match found.telling {
                Specificity::Status | Specificity::Alert | Specificity::Reason => OPEN,
                Specificity::Ending | Specificity::Code | Specificity::Wrapper => SAYS_LITTLE,
            };
            cause.likelihood < Likelihood::Certain && cause.weight < least
        })
}

/// What to do, how to check it, and what else it can be.
pub(super) fn rows(
    page: &mut Page,
    explanation: &Explanation,
    found: &Match,
    beside: Beside<'_>,
    room: Room,
) {
    let list = distinct(found);
    let Some(first) = list.first() else {
        ruled_out(page, found, beside);
        return;
    };
    let open = is_open(found);
    if open {
        look(page, found);
    } else {
        let told = beside.all || room.otherwise;
        fix(
            page,
            found,
            first,
            setting(explanation, first, beside),
            told,
        );
        beside.senders.iter().for_each(|one| roots(page, one));
    }
    // A sender's roots are checked by a command of their own.
    if beside.all || beside.senders.is_empty() {
        check(page, found, first, list.len() > 1);
    }
    if beside.all {
        all(page, found, &list);
    } else {
        let rest = &list[usize::from(!open)..];
        let setting = setting(explanation, first, beside).filter(|_| open);
        others(
            page,
            found,
            rest,
            setting,
            Room {
                others: room.others.max(usize::from(open)),
                ..room
            },
        );
    }
    ruled_out(page, found, beside);
}

/// Who has to do what, and, if that is to be told, what the other side can do instead.
fn fix(page: &mut Page, found: &Match, cause: &Cause, setting: Option<&str>, told: bool) {
    page.row(
        "fix",
        &format!("{}: {}", who(found, cause, cause.side_to_act), cause.fix),
    );
    if let Some(run) = cause.run.or(setting) {
        command(page, run);
    }
    let other = match cause.side_to_act {
        Act::Client => Act::Server,
        Act::Server => Act::Client,
        Act::Either => return,
    };
    if let Some(text) = cause.otherwise.filter(|_| told) {
        page.row("or", &format!("{}: {text}", who(found, cause, other)));
    }
}

/// How a cause is fixed in the words of the program whose message it is.
fn setting<'a>(explanation: &Explanation, cause: &Cause, beside: Beside<'a>) -> Option<&'a str> {
    let twin = TWINS.iter().find_map(|(one, other)| match cause.fault {
        id if id == *one => Some(*other),
        id if id == *other => Some(*one),
        _ => None,
    });
    explanation.matches.iter().find_map(|found| {
        let known = beside.settings.iter().find(|setting| {
            setting.stack == found.stack
                && (setting.fault == cause.fault || Some(setting.fault.as_str()) == twin)
        })?;
        Some(known.text.as_str())
    })
}

/// Where the reason stands, of a text that stands for nearly everything.
fn look(page: &mut Page, found: &Match) {
    let place = match found.turned_away {
        Turned::Printer => "in the log of the peer, which rejected: it knows the reason",
        Turned::Peer => "in the lines around this one, at a higher log level",
        _ => "in the logs of both sides at this time, at a higher log level",
    };
    page.row("look", place);
}

/// How to have a sender's roots trusted.
fn roots(page: &mut Page, sender: &SenderNote) {
    let title = &sender.title;
    let change = last_day(sender).map_or_else(String::new, |day| {
        format!(" ({day} of its old certificate)")
    });
    page.row(
        "",
        &format!("if the sender is {title}{change}, add its roots and check:"),
    );
    let profile = &sender.profile;
    command(page, &format!("mtls profiles pem {profile} >> clients.pem"));
    command(
        page,
        &format!("mtls lint --client-ca clients.pem --profile {profile}"),
    );
}

/// The command that shows which cause it is, or whether it is this one.
fn check(page: &mut Page, found: &Match, first: &Cause, several: bool) {
    let settled = first.likelihood == Likelihood::Certain;
    match found.tell_apart.filter(|_| several && !settled) {
        Some(tell) => {
            page.row("check", "this command tells the causes apart:");
            command(page, tell);
        }
        None => how_to_tell(page, first),
    }
}

/// A command on a line of its own, so that it can be copied, and what to see in it.
fn how_to_tell(page: &mut Page, cause: &Cause) {
    let shows = fault(cause.fault).and_then(|fault| fault.shows.as_deref());
    match (cause.check, shows) {
        (Some(check), shows) => {
            let shows = shows.map_or_else(String::new, |shows| format!("; {shows}"));
            page.row("check", &format!("run this{shows}:"));
            command(page, check);
        }
        (None, Some(shows)) => page.row("check", shows),
        (None, None) => {}
    }
}

/// The causes beside the likeliest that are worth reading, each with who fixes it.
/// `setting` is how the first of them is fixed.
fn others(page: &mut Page, found: &Match, list: &[&Cause], mut setting: Option<&str>, room: Room) {
    let open = is_open(found);
    let worth = |cause: &&&Cause| {
        cause.likelihood > Likelihood::Possible || cause.share.is_some_and(|share| share >= WORTH)
    };
    for cause in list.iter().filter(worth).take(room.others) {
        let label = match cause.likelihood {
            Likelihood::Possible => "or possibly",
            _ if open => "perhaps",
            _ => "or likely",
        };
        let fixes = briefly(found, cause);
        page.row(label, &format!("{} (fix: {fixes})", cause.title));
        if let Some(setting) = setting.take() {
            command(page, setting);
        }
    }
}

/// Every cause in full.
fn all(page: &mut Page, found: &Match, list: &[&Cause]) {
    if list.len() < 2 && found.struck.is_empty() {
        rules(page, list);
        return;
    }
    page.line("");
    page.line(&"Possible causes, most likely first".bold().to_string());
    for (index, cause) in list.iter().enumerate() {
        let word = match cause.likelihood {
            Likelihood::Certain => "certain",
            Likelihood::Likely => "likely",
            Likelihood::Possible => "possible",
        };
        // The margin has room for two digits and the word.
        let label = match index {
            0..99 => format!("{} {word}", index + 1),
            _ => (index + 1).to_string(),
        };
        page.row(&label, &cause.title.bold().to_string());
        if let Some(share) = cause.share.filter(|share| *share >= 0.005) {
            page.row(
                "",
                &format!(
                    "the cause in {:.0} % of test runs that produced this message",
                    share * 100.0
                ),
            );
        }
        if index > 0 {
            fix(page, found, cause, None, true);
        }
        how_to_tell(page, cause);
        rules(page, &[cause]);
    }
}

fn rules(page: &mut Page, causes: &[&Cause]) {
    for cause in causes.iter().filter(|cause| !cause.rules.is_empty()) {
        page.row("rules", &cause.rules.join(", "));
    }
}

/// What was ruled out, once for all of it.
fn ruled_out(page: &mut Page, found: &Match, beside: Beside<'_>) {
    if found.struck.is_empty() {
        return;
    }
    let mut titles: Vec<String> = found
        .struck
        .iter()
        .filter_map(|struck| Some(format!("{} ({})", fault(struck.fault)?.title, struck.rule)))
        .collect();
    if beside.all {
        for title in titles {
            page.row("ruled out", &title);
        }
    } else {
        let rest = titles.len().saturating_sub(TOLD);
        titles.truncate(TOLD);
        let more = match rest {
            0 => String::new(),
            rest => format!("; and {rest} more"),
        };
        page.row("ruled out", &format!("{}{more}", titles.join("; ")));
    }
    let from = beside.evidence.sources.join(", ");
    page.row("", &format!("by {from}"));
}

/// The causes without those that say the same: two names of one fault, or the same fault of both
/// sides.
fn distinct(found: &Match) -> Vec<&Cause> {
    let mut titles = HashSet::new();
    let mut list: Vec<&Cause> = Vec::new();
    for cause in &found.causes {
        let twin = TWINS.iter().any(|(one, other)| {
            list.iter().any(|listed| {
                (listed.fault == *one && cause.fault == *other)
                    || (listed.fault == *other && cause.fault == *one)
            })
        });
        if !twin && titles.insert(cause.title) {
            list.push(cause);
        }
    }
    list
}

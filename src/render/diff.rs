//! Two states compared, for people and for a pull request.
//!
//! For: `diff`. Must not: decide who loses access.

use std::fmt::Write as _;

use colored::{ColoredString, Colorize as _};

use crate::{
    parse::escape,
    render::words::amount,
    report::diff::{AccessChange, Change, Diff, Effect, State},
};

/// Names of those who are not affected that are listed.
const LISTED: usize = 20;

/// The answer in one line.
fn answer(diff: &Diff) -> String {
    let loses = diff.count(Effect::Loses);
    let may = diff.count(Effect::MayLose);
    let names = |effect: Effect| -> String {
        let of = diff.access.iter().filter(|one| one.effect == effect);
        let names: Vec<String> = of.take(3).map(|one| escape::text(&one.who)).collect();
        let more = diff.count(effect).saturating_sub(names.len());
        match more {
            0 => names.join(", "),
            more => format!("{}, {more} more", names.join(", ")),
        }
    };
    match (loses, may) {
        (0, 0) if diff.changes.is_empty() => "nothing changed".to_owned(),
        (0, 0) => format!(
            "nobody loses access; {}",
            amount(diff.changes.len() as u64, "change")
        ),
        (0, 1) => format!("access may be lost for {}", names(Effect::MayLose)),
        (0, may) => format!("access may be lost for {may}: {}", names(Effect::MayLose)),
        (1, _) => format!("access is lost for {}", names(Effect::Loses)),
        (count, _) => format!("access is lost for {count}: {}", names(Effect::Loses)),
    }
}

fn state(state: Option<State>) -> &'static str {
    match state {
        Some(State::Accepted) => "accepted",
        Some(State::Ends) => "accepted for now",
        Some(State::Unknown) => "unknown",
        Some(State::Rejected) => "rejected",
        None => "not there",
    }
}

/// From what to what; one that is in one of the two states only was added or removed.
fn step(one: &AccessChange) -> String {
    match (one.old, one.new) {
        (None, new) => format!("new, {}", state(new)),
        (old, None) => format!("was {}, is not covered any more", state(old)),
        (old, new) => format!("{} -> {}", state(old), state(new)),
    }
}

fn word(effect: Effect) -> &'static str {
    match effect {
        Effect::Loses => "loses",
        Effect::MayLose => "may lose",
        Effect::MayGain => "may gain",
        Effect::Gains => "gains",
        Effect::Keeps => "keeps",
        Effect::Outside => "outside",
    }
}

fn colored(effect: Effect, text: &str) -> ColoredString {
    match effect {
        Effect::Loses => text.red().bold(),
        Effect::MayLose => text.yellow().bold(),
        Effect::MayGain | Effect::Gains => text.cyan().bold(),
        Effect::Keeps | Effect::Outside => text.normal(),
    }
}

/// Whether a row is news: of those who keep what they had a count is enough.
fn is_news(one: &AccessChange) -> bool {
    one.effect <= Effect::Gains
}

/// For a terminal.
///
/// Lines are broken at `width`; where there is none, not at all.
pub fn text(diff: &Diff, width: Option<usize>) -> String {
    let room = width.map_or(usize::MAX, |columns| columns.saturating_sub(11).max(20));
    let mut out = String::new();
    let head = match diff.exit_code() {
        0 => "PASS ".green().bold(),
        _ if diff.count(Effect::Loses) > 0 => "FAIL ".red().bold(),
        _ => "UNKNOWN".yellow().bold(),
    };
    let answer = format!(
        "{head} {} -> {}: {}",
        escape::text(&diff.old),
        escape::text(&diff.new),
        answer(diff)
    );
    hanging(&mut out, &answer, width, 6);
    for one in diff.access.iter().filter(|one| is_news(one)).take(LISTED) {
        let lead = format!("{:<9}", word(one.effect));
        let row = format!(
            "  {}{}: {}",
            colored(one.effect, &lead),
            escape::text(&one.who),
            step(one)
        );
        hanging(&mut out, &row, width, 11);
        for line in textwrap::wrap(&escape::text(&one.why), room) {
            let _ = writeln!(out, "           {line}");
        }
    }
    let keeps: Vec<String> = diff
        .access
        .iter()
        .filter(|one| one.effect == Effect::Keeps)
        .map(|one| escape::text(&one.who))
        .collect();
    if !keeps.is_empty() {
        let named: Vec<&str> = keeps.iter().take(4).map(String::as_str).collect();
        let more = match keeps.len() - named.len() {
            0 => String::new(),
            more => format!(", {more} more"),
        };
        let list = format!("{}{more}", named.join(", "));
        for (index, line) in textwrap::wrap(&list, room).iter().enumerate() {
            let lead = if index == 0 { "keeps" } else { "" };
            let _ = writeln!(out, "  {lead:<9}{line}");
        }
    }
    for change in diff.changes.iter().take(LISTED) {
        hanging(&mut out, &format!("  {}", line(change)), width, 11);
    }
    if diff.changes.len() > LISTED {
        let more = diff.changes.len() - LISTED;
        let _ = writeln!(out, "  and {more} more changes: --format json");
    }
    out
}

/// A line, broken at `width` where there is one, with `margin` columns before its later parts.
fn hanging(out: &mut String, text: &str, width: Option<usize>, margin: usize) {
    let Some(width) = width else {
        let _ = writeln!(out, "{text}");
        return;
    };
    let indent = " ".repeat(margin);
    let options = textwrap::Options::new(width.max(margin + 20)).subsequent_indent(&indent);
    for line in textwrap::wrap(text, options) {
        let _ = writeln!(out, "{line}");
    }
}

fn line(change: &Change) -> String {
    let what = escape::text(&change.what);
    match (&change.old, &change.new) {
        (Some(old), Some(new)) => {
            format!(
                "changed  {what}: {} -> {}",
                escape::text(old),
                escape::text(new)
            )
        }
        (Some(old), None) => format!("removed  {what}: {}", escape::text(old)),
        (None, Some(new)) => format!("added    {what}: {}", escape::text(new)),
        (None, None) => what,
    }
}

/// For a pull request.
pub fn markdown(diff: &Diff) -> String {
    // A cell of a table: nothing in it may end it, or be markup.
    let cell = |text: &str| {
        escape::text(text)
            .replace('\\', "\\\\")
            .replace('|', "\\|")
            .replace('`', "\\`")
            .replace('<', "&lt;")
            .replace('[', "\\[")
            .replace('*', "\\*")
    };
    let mut out = String::new();
    let _ = writeln!(
        out,
        "### mtls diff: {} -> {}\n\n**{}**\n",
        cell(&diff.old),
        cell(&diff.new),
        cell(&answer(diff))
    );
    if !diff.access.is_empty() {
        let _ = writeln!(
            out,
            "| who | effect | before | after | why |\n|---|---|---|---|---|"
        );
        for one in &diff.access {
            let _ = writeln!(
                out,
                "| {} | {} | {} | {} | {} |",
                cell(&one.who),
                word(one.effect),
                state(one.old),
                state(one.new),
                cell(&one.why)
            );
        }
    }
    if !diff.changes.is_empty() {
        let _ = writeln!(out, "\n| what | before | after |\n|---|---|---|");
        for change in &diff.changes {
            let side = |value: &Option<String>| value.as_deref().map_or_else(String::new, cell);
            let _ = writeln!(
                out,
                "| {} | {} | {} |",
                cell(&change.what),
                side(&change.old),
                side(&change.new)
            );
        }
    }
    out
}

//! Of a log: how its connections failed, and what else is known in it.

use colored::Colorize;

use super::is_number;
use crate::{
    explain::{Explanation, Match, Specificity},
    parse::escape,
    render::text::{page::Page, words::amount},
};

/// Other texts of a log that are listed, where everything is.
const LISTED: usize = 12;
/// How connections failed: so many rows.
const ROWS: usize = 6;
/// Lines of no named connection that are shown.
const UNNAMED: usize = 3;
/// Characters of a line of no named connection.
const QUOTED: usize = 100;

/// Whether a log is of failures of several kinds.
pub(super) fn are_several(explanation: &Explanation) -> bool {
    explanation.failures.len() + explanation.unnamed.len() > 1
}

/// The headline of a log in which connections failed for several reasons.
pub(super) fn headline(explanation: &Explanation) -> String {
    let failed: u64 = explanation.failures.iter().map(|row| row.connections).sum();
    let lines: u64 = explanation.unnamed.iter().map(|row| row.lines).sum();
    let kinds = explanation.failures.len() + explanation.unnamed.len();
    let most = match (explanation.failures.first(), explanation.unnamed.first()) {
        (Some(row), _) => row.words(),
        (None, Some(row)) => row.words(),
        (None, None) => String::new(),
    };
    let counted = match (failed, lines) {
        (failed, 0) => amount(failed, "connection"),
        (0, lines) => amount(lines, "line"),
        (failed, lines) => format!(
            "{} and {} without a named connection",
            amount(failed, "connection"),
            amount(lines, "line")
        ),
    };
    let tell = if failed > 0 {
        "failed for"
    } else {
        "tell of failures for"
    };
    format!("{counted} {tell} {kinds} reasons; the most frequent one:\n{most}.")
}

/// What happened to how many connections, each with its own line of the log.
pub(super) fn rows(page: &mut Page, explanation: &Explanation, all: bool) {
    let rows = &explanation.failures;
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
    if rows.len() > told {
        let rest: u64 = rows.iter().skip(told).map(|row| row.connections).sum();
        page.row(
            &format!("{rest}x"),
            &format!("{} more reasons: -v", rows.len() - told),
        );
    }
    let shown = if all { usize::MAX } else { UNNAMED };
    for row in explanation.unnamed.iter().take(shown) {
        let quoted: String = row.text.chars().take(QUOTED).collect();
        page.row(
            &amount(row.lines, "line"),
            &format!(
                "{} (line {}, no connection named): {}",
                row.words(),
                row.line,
                escape::text(&quoted)
            ),
        );
    }
    if explanation.unnamed.len() > shown {
        let rest: u64 = explanation
            .unnamed
            .iter()
            .skip(shown)
            .map(|row| row.lines)
            .sum();
        page.row(
            &amount(rest, "line"),
            &format!("{} more reasons: -v", explanation.unnamed.len() - shown),
        );
    }
}

/// What else is known.
pub(super) fn others(page: &mut Page, explanation: &Explanation, log: bool, all: bool) {
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

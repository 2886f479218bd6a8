//! What is known of senders and their dates, for other programs and for documents: a calendar
//! (RFC 5545), a metric, tables in Markdown.
//!
//! For: `mtls profiles`, and the tests that write the tables. Must not: know a sender by name.

use std::fmt::Write as _;

use jiff::{Timestamp, civil::Date, tz::TimeZone};

use crate::{
    facts::common_name,
    profiles::{Change, Identity, OwnAnchor, Presented, Profile},
};

/// Octets of a line of a calendar, its line break left out (RFC 5545 section 3.1).
const FOLD: usize = 75;

/// The changes as a calendar that other programs import; each has the same UID every time.
pub fn calendar(changes: &[Change<'_>], now: Timestamp) -> String {
    let stamp = now.strftime("%Y%m%dT%H%M%SZ").to_string();
    let mut lines = vec![
        "BEGIN:VCALENDAR".to_owned(),
        "VERSION:2.0".to_owned(),
        "PRODID:-//mtls//profiles//EN".to_owned(),
    ];
    for change in changes {
        let Change {
            when,
            ends,
            profile,
            identity,
        } = change;
        let kind = if *ends { "until" } else { "from" };
        let more = if *ends {
            format!(", {}, hour unknown", when.refused_from())
        } else {
            String::new()
        };
        let day = |day: Date| day.strftime("%Y%m%d").to_string();
        let next = when.latest().tomorrow().unwrap_or(when.latest());
        lines.extend([
            "BEGIN:VEVENT".to_owned(),
            format!("UID:{}-{}-{kind}@mtls", profile.name, identity.name),
            format!("DTSTAMP:{stamp}"),
            format!("DTSTART;VALUE=DATE:{}", day(when.earliest())),
            format!("DTEND;VALUE=DATE:{}", day(next)),
            format!(
                "SUMMARY:{}",
                escaped(&format!(
                    "{}: {} certificate, {}",
                    profile.title,
                    identity.name,
                    change.words()
                ))
            ),
            format!(
                "DESCRIPTION:{}",
                escaped(&format!(
                    "{}: {}{more}. Source: {}, read {}. mtls lint --client-ca FILE --profile {}",
                    identity.leaf_words(),
                    change.words(),
                    identity.sources.join("; "),
                    identity.seen,
                    profile.name
                ))
            ),
            "TRANSP:TRANSPARENT".to_owned(),
            "END:VEVENT".to_owned(),
        ]);
    }
    lines.push("END:VCALENDAR".to_owned());
    lines
        .iter()
        .fold(String::new(), |text, line| text + &folded(line))
}

/// A text value (RFC 5545 section 3.3.11).
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for letter in text
        .chars()
        .filter(|letter| !letter.is_control() || *letter == '\n')
    {
        match letter {
            '\\' | ';' | ',' => out.extend(['\\', letter]),
            '\n' => out.push_str("\\n"),
            _ => out.push(letter),
        }
    }
    out
}

/// A content line, folded (RFC 5545 section 3.1), with its line break.
fn folded(line: &str) -> String {
    let mut out = String::with_capacity(line.len() + 8);
    let mut width = 0;
    for letter in line.chars() {
        if width + letter.len_utf8() > FOLD {
            out.push_str("\r\n ");
            width = 1;
        }
        out.push(letter);
        width += letter.len_utf8();
    }
    out + "\r\n"
}

/// The first second after each last day, and the first second of each first one, as a metric. Of a
/// month the earliest day counts.
pub fn metric(changes: &[Change<'_>]) -> String {
    let mut text = "# HELP mtls_sender_change_timestamp_seconds When a certificate of a sender begins (change=\"begins\") or is no longer presented (change=\"ended\"); of a month the earliest day\n# TYPE mtls_sender_change_timestamp_seconds gauge\n".to_owned();
    for change in changes {
        let earliest = change.when.earliest();
        let (kind, day) = if change.ends {
            ("ended", earliest.tomorrow().unwrap_or(earliest))
        } else {
            ("begins", earliest)
        };
        let Ok(moment) = TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)) else {
            continue;
        };
        let _ = writeln!(
            text,
            "mtls_sender_change_timestamp_seconds{{profile=\"{}\",identity=\"{}\",change=\"{kind}\"}} {}",
            quoted(&change.profile.name),
            quoted(&change.identity.name),
            moment.as_second()
        );
    }
    text
}

fn quoted(text: &str) -> String {
    text.replace('\\', "\\\\")
        .replace('"', "\\\"")
        .replace('\n', "\\n")
}

/// The senders that have a certificate of their own and known dates, as a table: what holds on any
/// day.
pub fn moves(profiles: &[Profile]) -> String {
    let mut table =
        "| sender | its certificate | presented | `--profile` |\n|---|---|---|---|\n".to_owned();
    let dated = |identity: &&Identity| identity.from.is_some() || identity.until.is_some();
    for profile in profiles {
        for identity in profile.identity.iter().filter(dated) {
            let _ = writeln!(
                table,
                "| {} | {} below {} | {} | `{}` |",
                cell(&profile.title),
                cell(&identity.leaf_words()),
                cell(&below(identity)),
                span(identity),
                profile.name
            );
        }
    }
    table
}

/// Every sender, as a table.
pub fn all(profiles: &[Profile]) -> String {
    let mut table = "| `--profile` | sender | certificate | leads to | presented | dates | read |\n|---|---|---|---|---|---|---|\n".to_owned();
    for profile in profiles
        .iter()
        .filter(|profile| !profile.identity.is_empty())
    {
        for identity in &profile.identity {
            let _ = writeln!(
                table,
                "| `{}` | {} | {}: {} | {} | {} | {} | {} |",
                profile.name,
                cell(&profile.title),
                identity.name,
                cell(&identity.leaf_words()),
                cell(&below(identity)),
                presented(profile.presented),
                span(identity),
                identity.seen
            );
        }
    }
    table
}

/// When a sender presents its certificate, in a word or two.
pub fn presented(presented: Presented) -> &'static str {
    match presented {
        Presented::Always => "when asked",
        Presented::OptIn => "where switched on",
        Presented::IfCaNamesMatch => "where its CA is named",
        Presented::AfterABareProbe => "in its second call",
    }
}

fn span(identity: &Identity) -> String {
    let from = identity.from.map(|from| format!("from {from}"));
    let until = identity
        .until
        .map(|until| format!("{}; {}", until.as_last_day(), until.refused_from()));
    let parts: Vec<String> = from.into_iter().chain(until).collect();
    if parts.is_empty() {
        "none known".to_owned()
    } else {
        parts.join("; ")
    }
}

fn below(identity: &Identity) -> String {
    let names = identity.roots.iter().map(|root| {
        common_name(&root.subject)
            .unwrap_or(&root.subject)
            .to_owned()
    });
    let downloads = identity
        .wanted
        .iter()
        .map(|anchor: &OwnAnchor| match &anchor.common_name {
            Some(name) => format!("{name} (a download)"),
            None => "a root for download".to_owned(),
        });
    let names: Vec<String> = names.chain(downloads).collect();
    match names.as_slice() {
        [] => "no root".to_owned(),
        [one] => one.clone(),
        [first, rest @ ..] => format!("{first} or one of {} more", rest.len()),
    }
}

/// A cell of a table in Markdown.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").replace('*', "\\*")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::profiles;

    #[test]
    fn a_line_of_a_calendar_has_75_octets_at_the_most() {
        let changes = profiles::changes(profiles::all(), "2026-01-01".parse().unwrap());
        let text = calendar(&changes, Timestamp::UNIX_EPOCH);
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        assert!(text.matches("BEGIN:VEVENT").count() >= 4, "{text}");
        for line in text.split("\r\n") {
            assert!(line.len() <= FOLD && !line.contains('\n'), "{line}");
        }
        // Unfolded it is whole again.
        let whole = text.replace("\r\n ", "");
        assert!(whole.contains("DTSTART;VALUE=DATE:20261201\r\nDTEND;VALUE=DATE:20261202"));
        let month = "DTSTART;VALUE=DATE:20261101\r\nDTEND;VALUE=DATE:20261201";
        assert!(whole.contains(month), "{whole}");
    }

    #[test]
    fn the_metric_is_the_first_second_on_which_it_may_be_refused() {
        let changes = profiles::changes(profiles::all(), "2026-11-30".parse().unwrap());
        let text = metric(&changes);
        assert!(
            text.contains("identity=\"legacy\",change=\"ended\"} 1796169600"),
            "{text}"
        );
    }
}

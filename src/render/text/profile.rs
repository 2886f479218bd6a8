//! Sender profiles as pages.

use colored::Colorize;

use super::{page::Page, words::cut};
use crate::{
    parse::escape,
    profiles::{Certainty, Change, HighestTls, Identity, Presented, Profile},
};

/// Columns of a profile's name in the list, and of its next date.
const NAME: usize = 23;
const DATE: usize = 25;

/// Columns of a day or a month.
const WHEN: usize = 16;

/// The list of all profiles, each with its next date; or of the next dates alone.
pub fn profiles(
    all: &[Profile],
    next: &[Change<'_>],
    dates_only: bool,
    width: Option<usize>,
) -> String {
    let mut page = Page::reference(width);
    if dates_only {
        for change in next {
            let day = match (change.ends, change.when.is_exact()) {
                (true, true) => "last day",
                (true, false) => "last day (day unknown)",
                (false, _) => "first day",
            };
            let what = format!(
                "{day} of the {} certificate of {}",
                change.identity.name, change.profile.title
            );
            page.line(&format!(
                "{}{}",
                format!("{:<WHEN$}", change.when.words()).bold(),
                fitted(&what, width, WHEN)
            ));
        }
        if next.is_empty() {
            page.line("no known date of a sender in this time");
        }
        page.line("");
        page.line("Sources: mtls profiles show NAME; for a calendar: --format ics");
        return page.text;
    }
    for profile in all {
        let date = next
            .iter()
            .find(|change| change.profile.name == profile.name)
            .map_or_else(String::new, |change| match change.ends {
                true if change.when.is_exact() => format!("last day {}", change.when),
                true => format!("ends in {}", change.when.words()),
                false => format!("from {}", change.when.words()),
            });
        page.line(&format!(
            "{}{date:<DATE$}{}",
            format!("{:<NAME$}", profile.name).bold(),
            fitted(&profile.title, width, NAME + DATE)
        ));
    }
    page.line("");
    page.line("The next dates:                     mtls profiles --within 90d");
    page.line("Everything about one, with sources: mtls profiles show NAME");
    page.line("Its roots as PEM:                   mtls profiles pem NAME");
    page.line("One of your own:                    --profile ./ours.toml");
    page.text
}

/// What a line has room for behind this column; all of it where lines have no end.
fn fitted(text: &str, width: Option<usize>, column: usize) -> String {
    match width {
        Some(columns) => cut(text, columns.saturating_sub(column)),
        None => text.to_owned(),
    }
}

fn known(certainty: Certainty) -> &'static str {
    match certainty {
        Certainty::Sourced => "stated by the source",
        Certainty::Verified => "tested",
        Certainty::Inferred => "inferred, not stated",
    }
}

/// One profile: its certificates, its token, its facts, and what is not known.
pub fn profile(profile: &Profile, width: Option<usize>) -> String {
    let mut page = Page::reference(width);
    let text = escape::text;
    page.line(&text(&profile.title).bold().to_string());
    page.row("", &text(&profile.summary));
    for identity in &profile.identity {
        identity_rows(&mut page, profile, identity);
    }
    manners(&mut page, profile);
    if let Some(token) = &profile.token {
        page.line("");
        page.row("token", &format!("email {}", text(&token.email)));
        page.row("", &format!("issuer {}", text(&token.issuers.join(" or "))));
        page.row("", &format!("keys {}", text(&token.keys)));
        for source in &token.sources {
            page.row("source", &format!("{}; read {}", text(source), token.seen));
        }
        page.row("basis", known(token.certainty));
    }
    for (title, facts) in [
        (
            "known",
            [Certainty::Sourced, Certainty::Verified].as_slice(),
        ),
        ("inferred", [Certainty::Inferred].as_slice()),
    ] {
        let mut first = true;
        for fact in profile
            .fact
            .iter()
            .filter(|fact| facts.contains(&fact.certainty))
        {
            page.line("");
            page.row(if first { title } else { "" }, &text(&fact.text));
            page.row(
                "",
                &format!("source: {}; read {}", text(&fact.source), fact.seen)
                    .dimmed()
                    .to_string(),
            );
            first = false;
        }
    }
    if !profile.unknown.is_empty() {
        page.line("");
    }
    for (index, unknown) in profile.unknown.iter().enumerate() {
        page.row(
            if index == 0 { "unknown" } else { "" },
            &text(&unknown.text),
        );
    }
    page.text
}

/// One certificate of a sender.
fn identity_rows(page: &mut Page, profile: &Profile, identity: &Identity) {
    let text = escape::text;
    page.line("");
    let from = identity.from.map_or_else(String::new, |from| {
        format!(", presented from {} on", from.words())
    });
    let span = match identity.until {
        Some(until) => format!(
            "{from}; {}, {}, hour unknown",
            until.as_last_day(),
            until.refused_from()
        ),
        None => format!("{from}, no end known"),
    };
    page.row(
        &identity.name,
        &format!("{}{span}", text(&identity.leaf_words())),
    );
    for name in &identity.intermediates {
        page.row("", &format!("intermediate {}", text(name)));
    }
    for root in &identity.roots {
        page.row("root", &format!("{} ({})", text(&root.subject), root.id));
        page.line(&format!("              sha256 {}", &root.sha256[..32]));
        page.line(&format!("                     {}", &root.sha256[32..]));
    }
    if identity.anchor_unsettled {
        page.row("", "its chain ends at one of these roots; not known which");
    }
    for anchor in &identity.wanted {
        page.row("root", &text(&anchor.how_to_get(&profile.name)));
        page.row(
            "",
            &format!(
                "then pass --profile {0}={0}.pem; without it the answer is UNKNOWN",
                text(&profile.name)
            ),
        );
    }
    for source in &identity.sources {
        page.row(
            "source",
            &format!("{}; read {}", text(source), identity.seen),
        );
    }
    page.row("", known(identity.certainty));
}

/// How a sender calls.
fn manners(page: &mut Page, profile: &Profile) {
    let text = escape::text;
    let presented = match profile.presented {
        Presented::Always => None,
        Presented::OptIn => Some("presents its certificate only where that is switched on"),
        Presented::IfCaNamesMatch => {
            Some("presents its certificate only to a server that names one of its CAs")
        }
        Presented::AfterABareProbe => {
            Some("calls first without a certificate, which has to be refused, and then with it")
        }
    };
    if let Some(presented) = presented {
        page.line("");
        page.row("presented", presented);
    }
    if profile.highest_tls == Some(HighestTls::Tls12) {
        page.row("TLS", "1.2 at the most");
    }
    if profile.shared {
        page.row(
            "shared",
            "all its customers' webhooks get the same certificate",
        );
    }
    if let Some(also) = &profile.also_check {
        page.row("also check", &text(also));
    }
    for request in &profile.request {
        page.row(
            "sends",
            &format!("{}: {}", text(&request.name), text(&request.title)),
        );
        for source in &request.sources {
            page.row(
                "source",
                &format!("{}; read {}", text(source), request.seen),
            );
        }
    }
}

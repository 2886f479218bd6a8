//! Sender profiles as pages.

use colored::Colorize;

use super::page::Page;
use crate::{
    parse::escape,
    profiles::{Certainty, Profile},
};

/// The list of all profiles, for a terminal of this width.
pub fn profiles(all: &[Profile], width: Option<usize>) -> String {
    let mut page = Page::reference(width);
    for profile in all {
        page.line(&format!("{}", profile.name.bold()));
        page.row("", &format!("{}. {}", profile.title, profile.summary));
    }
    page.line("");
    page.line("All that is known about one, with sources:  mtls profiles show NAME");
    page.line("Its roots as PEM:                           mtls profiles pem NAME");
    page.line("A profile of your own:                      --profile ./ours.toml");
    page.text
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
        page.line("");
        let span = match (identity.from, identity.until) {
            (Some(from), Some(until)) => format!(", presented from {from} to {until}"),
            (Some(from), None) => format!(", presented from {from} on"),
            (None, Some(until)) => format!(", presented until {until}"),
            (None, None) => ", no end known".to_owned(),
        };
        page.row(
            &identity.name,
            &format!("CN = {}{span}", text(&identity.leaf_common_name)),
        );
        for name in &identity.intermediates {
            page.row("", &format!("intermediate {}", text(name)));
        }
        for root in &identity.roots {
            page.row("root", &format!("{} ({})", text(&root.subject), root.id));
            page.fingerprint(&root.sha256);
        }
        for source in &identity.sources {
            page.row(
                "source",
                &format!("{}; read {}", text(source), identity.seen),
            );
        }
        page.row("basis", known(identity.certainty));
    }
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

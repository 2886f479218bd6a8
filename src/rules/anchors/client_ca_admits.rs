//! MT461.

use crate::{
    context::Context,
    facts::{Case, IdentityOutlook, Outlook, Readiness},
    finding::{Hit, Verdict},
    outlook::readiness,
    rule,
    rules::{
        anchors::help::{ClientCa, client_cas},
        help::whole,
    },
};

/// Senders that the message names.
const NAMED: usize = 6;

rule! {
    /// ## What it finds
    ///
    /// Known senders whose certificates a client-CA file accepts, where none was named: those that
    /// it goes on accepting, and those whose certificate ends on a known day.
    ///
    /// ## Why it matters
    ///
    /// A public root accepts more senders than the one that it was added for. It is a note: whether
    /// the webhook is meant for them, only its owner knows.
    ///
    /// ## How to fix it
    ///
    /// Nothing has to be fixed. Ask about one sender with `--profile`, which may be repeated, and
    /// take out roots that no sender of yours needs.
    ///
    /// ```text
    /// mtls lint --client-ca clients.pem --profile dialogflow --profile slack
    /// ```
    ///
    /// ## References
    ///
    /// - docs/senders.md: the senders, their roots and dates, with sources
    pub static RULE = MT461 {
        name: "client-ca-admits",
        severity: Note,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [("the profiles of this program, with their own sources, read", "2026-11-30")],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || Fixture::client_ca()
            .also(chain_fixture::root_of(0)).done(),
        silent_on: || Fixture::client_ca().for_sender()
            .also(chain_fixture::root_of(1))
            .also(chain_fixture::root_of(0)).done(),
    }
}

fn check(case: &Case, context: &Context) -> Verdict {
    if context
        .profile
        .is_some_and(|profile| !profile.identity.is_empty())
    {
        return Verdict::NotApplicable("a sender profile was given, and its outlook says it");
    }
    // A server takes all its files together, and its conditions decide.
    if case.site.is_some() {
        return Verdict::NotApplicable("a configuration was read, which decides who is accepted");
    }
    let mut any = false;
    let hits = client_cas(case)
        .filter(|file| file.named)
        .filter_map(|file| {
            any = true;
            admitted(file, context)
        })
        .collect();
    let verdict = Verdict::from_hits(hits);
    if any {
        verdict
    } else {
        Verdict::NotApplicable("no client-CA file was given")
    }
}

fn admitted(file: ClientCa<'_>, context: &Context) -> Option<Hit> {
    let known = readiness::known(&file.chain.shared(), file.name(), context.now);
    let words: Vec<String> = known.iter().filter_map(words).collect();
    if words.is_empty() {
        return None;
    }
    let more = match words.len().saturating_sub(NAMED) {
        0 => String::new(),
        rest => format!("; and {rest} more"),
    };
    let shown = words[..words.len().min(NAMED)].join("; ");
    let mut hit = Hit::new(
        format!("{} accepts known senders: {shown}{more}", file.name()),
        file.name().to_owned(),
        whole(file.chain),
        "nothing, if they are meant; ask about one with --profile",
    );
    for one in &known {
        hit = hit.evidence(one.profile.clone(), one.sentence.clone());
    }
    Some(hit)
}

/// A sender that is accepted, and until when.
fn words(readiness: &Readiness) -> Option<String> {
    let accepted = |one: &&IdentityOutlook| one.in_use && one.accepted == Some(true);
    let first = readiness.identities.iter().find(accepted)?;
    let title = &readiness.title;
    Some(match (readiness.outlook, first.until) {
        (Outlook::Ready, _) | (_, None) => title.clone(),
        (_, Some(until)) => format!(
            "{title} ({}, {})",
            until.as_last_day(),
            until.refused_from()
        ),
    })
}

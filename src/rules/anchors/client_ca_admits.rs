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
    /// Known senders whose certificates a client-CA file accepts, where none was named. Those that it
    /// will stop accepting are MT418's.
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
        cites: [("the profiles of mtls, with their own sources, read", "2026-11-30")],
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
    if case.site().is_some() {
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
    let of = |outlook: Outlook| -> Vec<&str> {
        let such = known
            .iter()
            .filter(|one| one.outlook == outlook && accepts(one));
        such.map(|one| one.title.as_str()).collect()
    };
    // Of one that will be rejected, another rule speaks.
    let (sure, perhaps) = (of(Outlook::Ready), of(Outlook::Uncertain));
    if sure.is_empty() {
        return None;
    }
    let mut shown = some(&sure);
    if !perhaps.is_empty() {
        shown = format!("{shown}; perhaps: {}", some(&perhaps));
    }
    let mut hit = Hit::new(
        format!("{} accepts known senders: {shown}", file.name()),
        file.name().to_owned(),
        whole(file.chain),
        "nothing, if they are meant; ask about one with --profile",
    );
    for one in &known {
        hit = hit.evidence(one.profile.clone(), one.sentence.clone());
    }
    Some(hit)
}

/// Whether a certificate that it uses is accepted.
fn accepts(readiness: &Readiness) -> bool {
    let accepted = |one: &IdentityOutlook| one.in_use && one.accepted == Some(true);
    readiness.identities.iter().any(accepted)
}

/// The first few names, and how many more there are.
fn some(titles: &[&str]) -> String {
    let shown = titles[..titles.len().min(NAMED)].join(", ");
    match titles.len().saturating_sub(NAMED) {
        0 => shown,
        rest => format!("{shown} and {rest} more"),
    }
}

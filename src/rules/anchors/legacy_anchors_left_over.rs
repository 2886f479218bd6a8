//! MT419.

use std::collections::HashSet;

use crate::{
    context::Context,
    facts::Case,
    finding::Verdict,
    profiles::{self, Profile},
    rule,
    rules::{
        anchors::help::{each, ending, kept, today, together, without},
        help::show,
    },
};

rule! {
    /// ## What it finds
    ///
    /// Roots in the client-CA file for a certificate that a sender no longer uses, beside those for
    /// the one that it uses. Without `--profile` only a file with nothing but that sender's roots
    /// is checked.
    ///
    /// ## Why it matters
    ///
    /// Nothing breaks. Each root in this file accepts every client with a certificate below it, and
    /// public roots are above certificates of many strangers: remove the roots that nobody needs
    /// any more.
    ///
    /// ## How to fix it
    ///
    /// Remove the roots named here, if no other sender needs them.
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read 2026-11-23
    pub static RULE = MT419 {
        name: "legacy-anchors-left-over",
        severity: Note,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [
            ("docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read", "2026-11-23"),
        ],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || Fixture::client_ca().for_sender().at("2026-12-02T00:00:00Z")
            .also(chain_fixture::root_of(1))
            .also(chain_fixture::root_of(0)).done(),
        silent_on: || Fixture::client_ca().for_sender().on_the_last_day()
            .also(chain_fixture::root_of(1))
            .also(chain_fixture::root_of(0)).done(),
    }
}

fn check(case: &Case, context: &Context) -> Verdict {
    let day = today(context);
    let named = context
        .profile
        .filter(|profile| !profile.identity.is_empty());
    each(case, |file| {
        // Reading the profiles costs more than most rules: only for a file that needs them.
        let candidates: Vec<&Profile> = match named {
            Some(profile) => vec![profile],
            None => profiles::all().iter().collect(),
        };
        let hits = candidates
            .iter()
            .filter_map(|profile| {
                let keys = |ended: bool| -> HashSet<&str> {
                    profile
                        .identity
                        .iter()
                        .filter(|identity| match ended {
                            true => ending(identity).is_some_and(|until| day > until),
                            false => kept(identity, day),
                        })
                        .flat_map(|identity| &identity.roots)
                        .map(|anchor| anchor.spki_sha256.as_str())
                        .collect()
                };
                let (over, needed) = (keys(true), keys(false));
                let holds = |set: &HashSet<&str>, key: &str| set.contains(key);
                let current = file
                    .anchors()
                    .any(|(_, certificate)| holds(&needed, &certificate.spki_sha256));
                let all_theirs = file.anchors().all(|(_, certificate)| {
                    holds(&needed, &certificate.spki_sha256)
                        || holds(&over, &certificate.spki_sha256)
                });
                if !current || (named.is_none() && !all_theirs) {
                    return None;
                }
                let found: Vec<_> = file
                    .anchors()
                    .filter(|(_, certificate)| {
                        holds(&over, &certificate.spki_sha256)
                            && !holds(&needed, &certificate.spki_sha256)
                    })
                    .map(|(index, certificate)| {
                        let why = format!("{} no longer uses the certificate below it", profile.title);
                        (index, certificate, why)
                    })
                    .collect();
                let hit = together(
                    file,
                    &found,
                    "is no longer needed",
                    "remove it if no other sender needs it: it accepts every client with a certificate below it",
                )?;
                Some(match without(file, &found) {
                    Some(command) => hit.fix(command),
                    None => hit.check(show(file.chain, "Subject:")),
                })
            })
            .collect();
        Verdict::from_hits(hits)
    })
}

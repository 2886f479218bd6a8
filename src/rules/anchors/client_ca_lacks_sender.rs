//! MT417.

use crate::{
    context::Context,
    facts::{Case, Outlook},
    finding::{Certainty, Severity, Verdict},
    outlook::readiness,
    rule,
    rules::anchors::help::{lacks, outlook},
};

rule! {
    /// ## What it finds
    ///
    /// A client-CA file without the root that the sender given with `--profile` needs: the root
    /// above the certificate that it presents now and continues to present. Roots are compared by
    /// key, so a reissued or cross-signed one counts.
    ///
    /// ## Why it matters
    ///
    /// The webhook rejects the sender. A sender that has changed its CA may fall back to the older
    /// certificate when the newer one is rejected, until an announced day: a file with only the
    /// older roots works until then and not a day longer. The outlook says which day that is. If a
    /// profile is not sure what the sender presents, this is a warning.
    ///
    /// ## How to fix it
    ///
    /// Add the root named here, taken from the CA and compared by its fingerprint. The intermediate
    /// is not enough for OpenSSL, nginx and Apache, and senders change it without notice.
    ///
    /// ```text
    /// mtls profiles show dialogflow
    /// mtls profiles pem dialogflow >> clients.pem
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read 2026-11-23
    /// - docs.cloud.google.com/dialogflow/cx/docs/concept/mtls.md.txt, read 2026-11-23
    pub static RULE = MT417 {
        name: "client-ca-lacks-sender",
        severity: Error,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read", "2026-11-23"),
        ],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || Fixture::client_ca().for_sender().done(),
        silent_on: || Fixture::client_ca().for_sender()
            .also(chain_fixture::root_of(0)).done(),
    }
}

fn check(case: &Case, context: &Context) -> Verdict {
    if context
        .profile
        .is_none_or(|profile| profile.identity.is_empty())
    {
        return Verdict::NotApplicable("no sender profile with a known certificate was given");
    }
    let all = readiness::of_files(case, context);
    if all.is_empty() {
        return Verdict::NotApplicable("no client-CA file was given");
    }
    let hits = all
        .iter()
        .filter(|readiness| {
            let mut used = readiness.identities.iter().filter(|one| one.in_use);
            lacks(readiness, context) || used.any(|one| one.root_expired)
        })
        .map(|readiness| {
            let expired = readiness.identities.iter().any(|one| one.root_expired);
            let remedy = if readiness.add.is_empty() && expired {
                "replace the expired root with the one that the sender's documentation names today"
            } else if readiness.add.is_empty() {
                "get the sender's root from the source that `mtls profiles show` names, and add it to the client-CA file"
            } else if readiness.add.len() == 1 {
                "add this root to the client-CA file, and compare its fingerprint with the one that the CA publishes"
            } else {
                "add these roots to the client-CA file, and compare their fingerprints with those that the CAs publish"
            };
            let hit = outlook(case, context, readiness, remedy);
            let nothing = readiness.identities.iter().all(|identity| identity.accepted == Some(false));
            match (readiness.outlook, readiness.certainty) {
                (Outlook::Uncertain, _) => hit.severity(Severity::Warning).certainty(Certainty::Likely),
                (_, "inferred") if !nothing => hit.severity(Severity::Error).certainty(Certainty::Likely),
                _ => hit.severity(Severity::Error).certainty(Certainty::Proven),
            }
        })
        .collect();
    Verdict::from_hits(hits)
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::judge,
        facts::Certificate,
        finding::{Certainty, Finding, Severity},
        profiles::{self, Profile},
        rules::{
            chain::fixture::{anchor, root_of},
            client::fixture::{anchor_ids, sender},
            fixture::{Fixture, authority_of},
        },
    };

    fn found(profile: &'static Profile, anchors: Vec<Certificate>) -> Vec<Finding> {
        let (case, context) = Fixture::files()
            .client_anchors(anchors)
            .context(|context| context.profile = Some(profile))
            .done();
        judge(case, &context)
            .findings
            .into_iter()
            .filter(|finding| finding.rule.code == "MT417")
            .collect()
    }

    #[test]
    fn the_root_is_named_with_its_fingerprint_and_the_fallback_with_its_day() {
        let found = found(sender(), vec![root_of(1)]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Error);
        let hit = &found[0].hit;
        let until = sender().identity[1].until.unwrap();
        assert!(
            hit.message
                .contains(&format!("works today; last day {until}, refused from ")),
            "{}",
            hit.message
        );
        let known = &sender().identity[0].roots[0];
        let all: Vec<&str> = hit.evidence.iter().map(|e| e.value.as_str()).collect();
        assert!(
            all.iter().any(|value| value.contains(&known.sha256)),
            "{all:?}"
        );
    }

    #[test]
    fn the_intermediate_does_not_do() {
        let name = &sender().identity[0].intermediates[0];
        let found = found(sender(), vec![authority_of(name, "Somebody")]);
        assert!(
            found[0]
                .hit
                .message
                .contains("its intermediate is in the file")
        );
    }

    #[test]
    fn a_reissued_root_counts() {
        let reissued = Certificate {
            sha256: "another".into(),
            ..root_of(0)
        };
        assert!(found(sender(), vec![reissued]).is_empty());
    }

    #[test]
    fn what_the_profile_is_not_sure_of_is_likely() {
        let unsure = profiles::all()
            .iter()
            .find(|profile| {
                profile
                    .identity
                    .iter()
                    .all(|identity| identity.until.is_none())
                    && profile.identity.len() > 1
            })
            .unwrap();
        let of = |identity: usize| anchor(&anchor_ids(unsure, identity)[0]);
        let one = found(unsure, vec![of(1)]);
        assert_eq!(one.len(), 1);
        assert_eq!(
            (one[0].severity, one[0].certainty),
            (Severity::Warning, Certainty::Likely)
        );
        let neither = found(unsure, vec![authority_of("Own", "Own")]);
        assert!(neither.iter().all(|f| f.severity == Severity::Error));
        assert!(found(unsure, vec![of(1), of(0)]).is_empty());
    }
}

//! MT418.

use crate::{
    context::Context,
    facts::{Case, Outlook},
    finding::{Severity, Verdict},
    outlook::readiness,
    rule,
    rules::anchors::help::{lacks, outlook},
};

rule! {
    /// ## What it finds
    ///
    /// A client-CA file that has a root, or an intermediate, of a certificate that a known sender
    /// stops presenting in a known month or on a known day, and that lacks the root of the
    /// certificate which the sender continues to present. A warning until that day, an error from
    /// the next day on. It needs no `--profile`; with one, [MT417](#mt417) reports it.
    ///
    /// A file is not reported if all it has of a sender are roots that this sender left more than
    /// 90 days ago and that another known sender needs today: then the file is taken to be for the
    /// other one. The confidence is "likely", since a file does not say which sender it is for.
    ///
    /// ## Why it matters
    ///
    /// The webhook works up to that day and breaks after it, with nothing changed at the webhook. Up
    /// to that day a sender may fall back to its older certificate. A call that succeeds does not
    /// show it: the rejection of the newer certificate comes first, in a separate connection.
    ///
    /// ## How to fix it
    ///
    /// Add the root of the current certificate; the older ones may go after that day.
    ///
    /// ```text
    /// mtls profiles show dialogflow
    /// mtls profiles pem dialogflow >> clients.pem
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read 2026-11-23
    pub static RULE = MT418 {
        name: "client-ca-legacy-only",
        severity: Warning,
        certainty: Likely,
        act: Server,
        since: "0.1.0",
        cites: [
            ("docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read", "2026-11-23"),
        ],
        faults: [],
        symptoms: [],
        check: Case(check),
        fires_on: || Fixture::client_ca()
            .also(chain_fixture::root_of(1)).done(),
        silent_on: || Fixture::client_ca()
            .also(chain_fixture::root_of(1))
            .also(chain_fixture::root_of(0)).done(),
    }
}

fn check(case: &Case, context: &Context) -> Verdict {
    if context
        .profile
        .is_some_and(|profile| !profile.identity.is_empty())
    {
        return Verdict::NotApplicable(
            "a sender profile was given, and another rule checks for it",
        );
    }
    let all = readiness::of_files(case, context);
    if all.is_empty() {
        return Verdict::NotApplicable("no client-CA file with a root of a known sender was given");
    }
    let hits = all
        .iter()
        .filter(|readiness| lacks(readiness, context))
        .map(|readiness| {
            let hit = outlook(
                case,
                context,
                readiness,
                "if this file is for that sender, add the root of its current certificate",
            );
            hit.severity(match readiness.outlook {
                Outlook::Broken => Severity::Error,
                _ => Severity::Warning,
            })
        })
        .collect();
    Verdict::from_hits(hits)
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::judge,
        facts::Certificate,
        finding::{Certainty, Severity},
        rules::{
            chain::fixture::{root_of, server_root},
            client::fixture::sender,
            fixture::Fixture,
        },
    };

    fn found(now: &str, anchors: Vec<Certificate>) -> Option<Severity> {
        let (case, context) = Fixture::files().client_anchors(anchors).at(now).done();
        judge(case, &context)
            .findings
            .into_iter()
            .find(|finding| finding.rule.code == "MT418")
            .map(|finding| {
                assert_eq!(finding.certainty, Certainty::Likely);
                finding.severity
            })
    }

    #[test]
    fn the_last_day_is_the_profiles() {
        let last = sender().identity[1].until.unwrap().latest();
        for (now, wanted) in [
            (
                format!("{}T00:00:00Z", last.yesterday().unwrap()),
                Severity::Warning,
            ),
            (format!("{last}T23:59:59Z"), Severity::Warning),
            (
                format!("{}T00:00:00Z", last.tomorrow().unwrap()),
                Severity::Error,
            ),
        ] {
            assert_eq!(found(&now, vec![root_of(1)]), Some(wanted), "{now}");
        }
    }

    #[test]
    fn other_roots_are_nobodys_business() {
        let now = "2027-06-01T00:00:00Z";
        assert_eq!(found(now, vec![server_root()]), None);
        assert_eq!(found(now, vec![root_of(1), root_of(0)]), None);
    }
}

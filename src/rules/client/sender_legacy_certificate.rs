//! MT408.

use jiff::tz::TimeZone;

use crate::{
    context::Context,
    facts::{Chain, Side},
    finding::{Hit, Severity, Verdict},
    profiles, rule,
    rules::help::{anchors_file, place},
};

rule! {
    /// ## What it finds
    ///
    /// A sender that presented a certificate which it stops using on a known day.
    ///
    /// ## Why it matters
    ///
    /// It works up to that day and breaks after it. The sender presents another certificate first, and
    /// falls back to this one when a webhook rejects it, until an announced day. A call with the
    /// older one most likely means that the newer one was rejected just before. A listener that
    /// accepts every certificate gets the newer one: use the webhook's own CA file (`--client-ca`)
    /// and `--enforce` to see what the webhook sees. The sender's profile has the names, the days
    /// and their sources.
    ///
    /// ## How to fix it
    ///
    /// Add the root of the current certificate to the client-CA file, keep the older root until
    /// that day, and make any check of the subject accept both names.
    ///
    /// ```text
    /// mtls profiles show dialogflow
    /// mtls profiles pem dialogflow >> clients.pem
    /// # nginx    ssl_client_certificate clients.pem;  ssl_verify_depth 2;
    /// ```
    ///
    /// ## References
    ///
    /// - docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read 2026-11-23
    /// - docs.cloud.google.com/dialogflow/cx/docs/concept/mtls.md.txt, read 2026-11-23
    pub static RULE = MT408 {
        name: "sender-legacy-certificate",
        severity: Warning,
        certainty: Proven,
        act: Server,
        since: "0.1.0",
        cites: [
            ("docs.cloud.google.com/dialogflow/es/docs/fulfillment-mtls.md.txt, read", "2026-11-23"),
        ],
        faults: [],
        symptoms: [],
        check: Chain(check),
        fires_on: || Fixture::good().legacy().done(),
        silent_on: || Fixture::good().identity("current", None).done(),
    }
}

fn check(chain: &Chain, context: &Context) -> Verdict {
    if chain.role != Side::Client {
        return Verdict::NotApplicable("not the client's chain");
    }
    let Some(profile) = &chain.profile else {
        return Verdict::NotApplicable("the chain belongs to no known sender");
    };
    let Some(until) = &profile.until else {
        return Verdict::Pass;
    };
    let today = context.now.to_zoned_datetime(TimeZone::UTC).date();
    let over = today > until.latest();
    let (severity, message) = if over {
        (
            Severity::Error,
            format!(
                "expected the current certificate of {}, found the {} one ({}, {})",
                profile.profile,
                profile.identity,
                until.as_last_day(),
                until.refused_from()
            ),
        )
    } else {
        (
            Severity::Warning,
            format!(
                "{} presented its {} certificate: works today; {}, {}",
                profile.profile,
                profile.identity,
                until.as_last_day(),
                until.refused_from()
            ),
        )
    };
    let subject = chain
        .certificate(chain.leaf)
        .map_or_else(|| profile.profile.clone(), |leaf| leaf.label());
    let hit = Hit::new(
        message,
        subject,
        place(chain, chain.leaf),
        "trust the root of the sender's current certificate as well, and make any check of the subject accept both names",
    )
    .severity(severity)
    .evidence("identity", format!("{} {}", profile.profile, profile.identity))
    .evidence("last day", until.to_string());
    Verdict::hit(with_roots(hit, &profile.profile, context))
}

/// Adds the roots of the certificate that the sender keeps: what has to be trusted from then on.
fn with_roots(hit: Hit, profile: &str, context: &Context) -> Hit {
    let kept = profiles::find(profile).and_then(|profile| {
        profile
            .identity
            .iter()
            .find(|identity| identity.until.is_none())
    });
    let Some(kept) = kept else { return hit };
    kept.roots.iter().fold(hit, |hit, anchor| {
        hit.evidence(
            "root to trust",
            format!("{}, sha256 {}", anchor.subject, anchor.sha256),
        )
        .step(format!(
            "mtls profiles pem {} >> {}",
            anchor.id,
            anchors_file(context)
        ))
    })
}

#[cfg(test)]
mod tests {
    use crate::{engine::judge, finding::Severity, rules::fixture::Fixture};

    #[test]
    fn it_is_an_error_from_the_day_after() {
        let last = crate::rules::client::fixture::sender().identity[1]
            .until
            .unwrap()
            .latest();
        for (now, wanted) in [
            (format!("{last}T23:59:59Z"), Severity::Warning),
            (
                format!("{}T00:00:00Z", last.tomorrow().unwrap()),
                Severity::Error,
            ),
        ] {
            let (case, context) = Fixture::good()
                .legacy()
                .context(|context| context.now = now.parse().unwrap())
                .done();
            assert_eq!(judge(case, &context).findings[0].severity, wanted, "{now}");
        }
    }
}

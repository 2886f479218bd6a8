//! MT408.

use jiff::{civil::Date, tz::TimeZone};

use crate::{
    context::Context,
    facts::{Chain, Side},
    finding::{Hit, Severity, Verdict},
    profiles, rule,
    rules::help::place,
};

rule! {
    /// ## What it finds
    ///
    /// A sender that showed a certificate which it will stop using on a known day.
    ///
    /// ## Why it matters
    ///
    /// Works today, breaks on that day. The sender presents another certificate first, and falls back to this one when a webhook rejects
    /// that, until a day that it has announced. So a call that arrives with the older one most likely means that the newer one was
    /// refused just before. A listener that accepts every certificate is shown the newer one: judge by the webhook's own CA file
    /// (`--client-ca`) and `--enforce` to be shown what the webhook itself is shown. The profile of the sender has the names, the days
    /// and their sources.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook adds the root of the current certificate to the CA file for clients, keeps the older root until that day,
    /// and lets any check of the subject accept both names.
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
        return Verdict::NotApplicable("the chain proves no known sender");
    };
    let Some(until) = &profile.until else {
        return Verdict::Pass;
    };
    let today = context.now.to_zoned_datetime(TimeZone::UTC).date();
    let over = until.parse::<Date>().is_ok_and(|last| today > last);
    let (severity, message) = if over {
        (
            Severity::Error,
            format!(
                "{} showed its {} certificate, which it was to use until {until} only, wanted its current one",
                profile.profile, profile.identity
            ),
        )
    } else {
        (
            Severity::Warning,
            format!(
                "{} showed its {} certificate, which it uses until {until} only: works today, breaks then",
                profile.profile, profile.identity
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
        "trust the root of the sender's current certificate as well, and let any check of the subject accept both names",
    )
    .severity(severity)
    .evidence("identity", format!("{} {}", profile.profile, profile.identity))
    .evidence("until", until.clone());
    Verdict::hit(with_roots(hit, &profile.profile))
}

/// Adds the roots of the certificate that the sender keeps: what has to be trusted from then on.
fn with_roots(hit: Hit, profile: &str) -> Hit {
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
        .command(format!("mtls profiles pem {} >> clients.pem", anchor.id))
    })
}

#[cfg(test)]
mod tests {
    use crate::{engine::judge, finding::Severity, rules::fixture::Fixture};

    #[test]
    fn it_is_an_error_from_the_day_after() {
        let last = crate::rules::client::fixture::sender().identity[1]
            .until
            .unwrap();
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

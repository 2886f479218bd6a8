//! MT418.

use jiff::civil::Date;

use super::{
    help::{argument, place},
    help_anchors::{ClientCa, each, ending, kept, today, with_anchors},
};
use crate::{
    context::Context,
    facts::Case,
    finding::{Hit, Severity, Verdict},
    profiles::{self, Identity, Profile},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A client-CA file with the roots of a certificate that a known sender stops using on a known day, and without the root of the one that
    /// it goes on using. Nobody has to name the sender: nobody else is known to need these roots for client certificates. With `--profile`
    /// [MT417](#mt417) says it.
    ///
    /// ## Why it matters
    ///
    /// Works today, breaks after that day, with nothing changed at the webhook. Dialogflow ES falls back to its certificate from Google
    /// Trust Services until 2026-12-01 only. It cannot be seen from a call that succeeds: the refusal of the newer certificate comes first,
    /// in a connection of its own.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook adds the root of the current certificate, and leaves the older ones until that day.
    ///
    /// ```text
    /// openssl x509 -in ssl-com-root-rsa.pem -noout -fingerprint -sha256
    /// cat ssl-com-root-rsa.pem >> clients.pem
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
        fires_on: || super::fixture::Fixture::client_ca()
            .also(super::fixture_chain::anchor("gts-root-r1")).done(),
        silent_on: || super::fixture::Fixture::client_ca()
            .also(super::fixture_chain::anchor("gts-root-r1"))
            .also(super::fixture_chain::anchor("ssl-com-root-rsa")).done(),
    }
}

fn check(case: &Case, context: &Context) -> Verdict {
    if context
        .profile
        .is_some_and(|profile| !profile.identity.is_empty())
    {
        return Verdict::NotApplicable("a sender was named, and another rule judges for it");
    }
    let day = today(context);
    each(case, |file| {
        let hits = profiles::all()
            .iter()
            .filter_map(|profile| {
                let (legacy, until) = profile
                    .identity
                    .iter()
                    .filter_map(|identity| Some((identity, ending(identity)?)))
                    .find(|(identity, _)| file.accepts(identity))?;
                let mut lasting = profile.identity.iter().filter(|other| kept(other, day));
                let current = lasting.next()?;
                let accepted = file.accepts(current) || lasting.any(|other| file.accepts(other));
                (!accepted).then(|| hit(file, profile, (legacy, until), current, day))
            })
            .collect();
        Verdict::from_hits(hits)
    })
}

fn hit(
    file: ClientCa<'_>,
    profile: &Profile,
    (legacy, until): (&Identity, Date),
    current: &Identity,
    day: Date,
) -> Hit {
    let name = file.name();
    let (title, old, new) = (
        &profile.title,
        &legacy.leaf_common_name,
        &current.leaf_common_name,
    );
    let (severity, message) = if day > until {
        (
            Severity::Error,
            format!(
                "{name} has roots of {title} for the certificate that it used until {until} (CN = {old}), and none for the current one (CN = {new})"
            ),
        )
    } else {
        (
            Severity::Warning,
            format!(
                "{name} has roots of {title} for the certificate that it uses until {until} only (CN = {old}), and none for the current one (CN = {new}): works today, breaks then"
            ),
        )
    };
    let first = file
        .anchors()
        .find(|(_, certificate)| {
            legacy
                .anchors()
                .iter()
                .any(|anchor| anchor.spki_sha256 == certificate.spki_sha256)
        })
        .map_or(0, |(index, _)| index);
    let subject = file
        .chain
        .certificates
        .get(first)
        .map_or_else(|| title.clone(), |certificate| certificate.label());
    let hit = Hit::new(
        message,
        subject,
        place(file.chain, first),
        "if this file is for that sender, add the root of its current certificate",
    )
    .severity(severity)
    .evidence("last day", until.to_string());
    with_anchors(hit, profile, current, &argument(file.chain, "clients.pem"))
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::judge,
        facts::Certificate,
        finding::{Certainty, Severity},
        rules::{
            fixture::Fixture,
            fixture_chain::{anchor, server_root},
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
        let legacy = || vec![anchor("gts-root-r1"), anchor("gts-root-r4")];
        for (now, wanted) in [
            ("2026-11-24T00:00:00Z", Severity::Warning),
            ("2026-12-01T23:59:59Z", Severity::Warning),
            ("2026-12-02T00:00:00Z", Severity::Error),
        ] {
            assert_eq!(found(now, legacy()), Some(wanted), "{now}");
        }
    }

    #[test]
    fn other_roots_are_nobodys_business() {
        let now = "2026-12-02T00:00:00Z";
        assert_eq!(found(now, vec![server_root()]), None);
        let both = vec![anchor("gts-root-r1"), anchor("ssl-com-root-rsa")];
        assert_eq!(found(now, both), None);
    }
}

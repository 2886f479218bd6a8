//! MT417.

use super::{
    help::{argument, place, whole},
    help_anchors::{ClientCa, each, ending, kept, today, weight, with_anchors},
};
use crate::{
    context::Context,
    facts::Case,
    finding::{Certainty, Hit, Severity, Verdict},
    profiles::{Identity, Profile},
    rule,
};

rule! {
    /// ## What it finds
    ///
    /// A client-CA file without the root that the sender named with `--profile` needs: the one above the certificate which it presents now
    /// and goes on presenting. Roots are told by their key, so a reissued or cross-signed one counts.
    ///
    /// ## Why it matters
    ///
    /// The webhook refuses the sender. Dialogflow ES presents a certificate from SSL.com and, until 2026-12-01, falls back to one from
    /// Google Trust Services when the first is refused: a file with Google's roots alone works until then and not a day longer.
    /// Where a profile is not sure what the sender presents, as with Dialogflow CX, this is a warning.
    ///
    /// ## How to fix it
    ///
    /// The owner of the webhook adds the root named here, taken from the authority and compared by its fingerprint. The intermediate does
    /// not do in its place for OpenSSL, nginx and Apache, and senders change it without notice.
    ///
    /// ```text
    /// openssl x509 -in ssl-com-root-rsa.pem -noout -fingerprint -sha256
    /// cat ssl-com-root-rsa.pem >> clients.pem
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
        fires_on: || super::fixture::Fixture::client_ca().profile("dialogflow").done(),
        silent_on: || super::fixture::Fixture::client_ca().profile("dialogflow")
            .also(super::fixture_chain::anchor("ssl-com-root-rsa")).done(),
    }
}

fn check(case: &Case, context: &Context) -> Verdict {
    let Some(profile) = context
        .profile
        .filter(|profile| !profile.identity.is_empty())
    else {
        return Verdict::NotApplicable("no sender was named that presents a known certificate");
    };
    each(case, |file| {
        let day = today(context);
        let wanted: Vec<&Identity> = profile
            .identity
            .iter()
            .filter(|identity| kept(identity, day))
            .collect();
        let none = !wanted.iter().any(|identity| file.accepts(identity));
        let hits = wanted
            .into_iter()
            .filter(|identity| !file.accepts(identity))
            .map(|identity| hit(file, profile, identity, context, none))
            .collect();
        Verdict::from_hits(hits)
    })
}

fn hit(
    file: ClientCa<'_>,
    profile: &Profile,
    identity: &Identity,
    context: &Context,
    none: bool,
) -> Hit {
    let roots: Vec<&str> = identity
        .anchors()
        .into_iter()
        .map(|anchor| anchor.subject.as_str())
        .collect();
    let wanted = match roots.as_slice() {
        [] => "its root".to_owned(),
        [one] => format!("\"{one}\""),
        several => format!(
            "one of {} roots, \"{}\" before all",
            several.len(),
            several[0]
        ),
    };
    let (severity, certainty) = weight(identity);
    let message = format!(
        "{} does not accept the {} certificate of {} (CN = {}), wanted {wanted}{}{}",
        file.name(),
        identity.name,
        profile.title,
        identity.leaf_common_name,
        fallback(file, profile, context),
        match file.intermediate_of(identity) {
            Some(_) =>
                "; its intermediate is there, which OpenSSL, nginx and Apache do not take for the root",
            None => "",
        }
    );
    let at = match file.intermediate_of(identity) {
        Some((index, _)) => place(file.chain, index),
        None => whole(file.chain),
    };
    let hit = Hit::new(
        message,
        profile.title.clone(),
        at,
        "add this root to the client-CA file, taken from its authority and compared by its fingerprint",
    )
    .severity(if none { Severity::Error } else { severity })
    .certainty(if none { Certainty::Proven } else { certainty });
    with_anchors(hit, profile, identity, &argument(file.chain, "clients.pem"))
}

/// Until when the sender has another certificate that this file accepts.
fn fallback(file: ClientCa<'_>, profile: &Profile, context: &Context) -> String {
    let day = today(context);
    profile
        .identity
        .iter()
        .filter(|other| other.used_on(day) && file.accepts(other))
        .find_map(|other| Some((other, ending(other)?)))
        .map(|(other, until)| {
            format!(
                "; until {until} the sender falls back to its {} certificate (CN = {}), which is accepted",
                other.name, other.leaf_common_name
            )
        })
        .unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use crate::{
        engine::judge,
        facts::Certificate,
        finding::{Certainty, Finding, Severity},
        rules::{
            fixture::{Fixture, authority_of},
            fixture_chain::anchor,
        },
    };

    fn found(profile: &str, anchors: Vec<Certificate>) -> Vec<Finding> {
        let (case, context) = Fixture::files()
            .client_anchors(anchors)
            .context(|context| context.profile = crate::profiles::find(profile))
            .done();
        judge(case, &context)
            .findings
            .into_iter()
            .filter(|finding| finding.rule.code == "MT417")
            .collect()
    }

    #[test]
    fn the_root_is_named_with_its_fingerprint_and_the_fallback_with_its_day() {
        let found = found("dialogflow", vec![anchor("gts-root-r1")]);
        assert_eq!(found.len(), 1);
        assert_eq!(found[0].severity, Severity::Error);
        let hit = &found[0].hit;
        assert!(hit.message.contains("until 2026-12-01"), "{}", hit.message);
        let known = crate::profiles::anchor("ssl-com-root-rsa").unwrap();
        let all: Vec<&str> = hit.evidence.iter().map(|e| e.value.as_str()).collect();
        assert!(
            all.iter().any(|value| value.contains(&known.sha256)),
            "{all:?}"
        );
    }

    #[test]
    fn the_intermediate_does_not_do() {
        let name = "SSL.com Client Certificate Intermediate CA RSA R2";
        let found = found("dialogflow", vec![authority_of(name, "Somebody")]);
        assert!(found[0].hit.message.contains("its intermediate is there"));
    }

    #[test]
    fn a_reissued_root_counts() {
        let reissued = Certificate {
            sha256: "another".into(),
            ..anchor("ssl-com-root-rsa")
        };
        assert!(found("dialogflow", vec![reissued]).is_empty());
    }

    #[test]
    fn what_the_profile_is_not_sure_of_is_likely() {
        let one = found("dialogflow-cx", vec![anchor("gts-root-r1")]);
        assert_eq!(one.len(), 1);
        assert_eq!(
            (one[0].severity, one[0].certainty),
            (Severity::Warning, Certainty::Likely)
        );
        let neither = found("dialogflow-cx", vec![authority_of("Own", "Own")]);
        assert_eq!(neither.len(), 2);
        assert!(neither.iter().all(|f| f.severity == Severity::Error));
        let both = vec![anchor("gts-root-r4"), anchor("ssl-com-root-rsa")];
        assert!(found("dialogflow-cx", both).is_empty());
    }
}

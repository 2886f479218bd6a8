use std::sync::Arc;

use super::*;
use crate::facts::Outlook;
use crate::parse::cert;

fn sender() -> &'static Profile {
    profiles::all()
        .iter()
        .find(|profile| announced(profile))
        .unwrap()
}

fn told(anchors: &[Arc<Certificate>], now: &str) -> Readiness {
    of_anchors(sender(), anchors, None, "clients.pem", now.parse().unwrap())
}

fn roots(identity: usize) -> Vec<Arc<Certificate>> {
    let roots = &sender().identity[identity].roots;
    roots
        .iter()
        .map(|root| Arc::new(cert::certificate(&root.der)))
        .collect()
}

const BEFORE: &str = "2026-11-25T12:00:00Z";
const AFTER: &str = "2026-12-02T00:00:00Z";
const LATER: &str = "2027-06-01T00:00:00Z";

#[test]
fn every_file_on_every_day() {
    let both: Vec<Arc<Certificate>> = roots(0).into_iter().chain(roots(1)).collect();
    use Outlook::{Breaks, Broken, Ready};
    for (anchors, wanted) in [
        (roots(1), [Breaks, Broken, Broken]),
        (roots(0), [Ready; 3]),
        (both, [Ready; 3]),
        (Vec::new(), [Broken; 3]),
    ] {
        let found = [BEFORE, AFTER, LATER].map(|now| told(&anchors, now).outlook);
        assert_eq!(found, wanted, "{:?}", anchors.len());
    }
}

#[test]
fn the_day_is_named_whatever_the_verdict() {
    let until = sender()
        .identity
        .iter()
        .find_map(|identity| identity.until)
        .unwrap();
    for anchors in [roots(0), roots(1), Vec::new()] {
        let said = told(&anchors, BEFORE).sentence;
        assert!(said.contains(&until.to_string()), "{said}");
    }
    let since = told(&roots(1), LATER).sentence;
    assert!(
        since.contains(&format!(
            "broken since {}",
            until.latest().tomorrow().unwrap()
        )),
        "{since}"
    );
}

#[test]
fn a_cross_signed_copy_counts_while_it_lasts_and_leads_to_a_root() {
    let root = roots(0).remove(0);
    let copy = |ends: &str| {
        Arc::new(Certificate {
            self_issued: false,
            issuer: "O = Another".into(),
            not_after: ends.parse().unwrap(),
            ..Certificate::clone(&root)
        })
    };
    let issuer = Arc::new(Certificate {
        subject: "O = Another".into(),
        ..Certificate::clone(&roots(1)[0])
    });
    let identity = &sender().identity[0];
    let now: Timestamp = AFTER.parse().unwrap();
    let of = |anchors: &[Arc<Certificate>], any| standing(identity, anchors, now, any);
    let ended = of(&[copy("2026-11-30T00:00:00Z")], true);
    assert!(
        matches!(&ended, Standing::Near(0, why) if why.contains("2026-11-30")),
        "{ended:?}"
    );
    assert!(matches!(
        of(&[copy("2030-01-01T00:00:00Z")], false),
        Standing::Near(..)
    ));
    assert_eq!(
        of(&[copy("2030-01-01T00:00:00Z")], true),
        Standing::Other(0)
    );
    assert_eq!(
        of(&[copy("2030-01-01T00:00:00Z"), issuer], false),
        Standing::Other(0)
    );
}

#[test]
fn the_fallback_seen_alone_breaks() {
    let profile = sender();
    let legacy = &profile.identity[1].name;
    let grounds = || Basis::Connections { count: 1 };
    let now = BEFORE.parse().unwrap();
    let sighting = |identity: &str, accepted| Sighting {
        identity: identity.to_owned(),
        accepted,
        how: "the handshake was completed".into(),
        late: false,
    };
    let only = of_seen(profile, &[sighting(legacy, true)], grounds(), now);
    assert_eq!(
        (only.outlook, only.works_today),
        (Outlook::Breaks, Some(true))
    );
    let current = of_seen(
        profile,
        &[sighting(&profile.identity[0].name, true)],
        grounds(),
        now,
    );
    assert_eq!(current.outlook, Outlook::Ready);
}

/// The anchors are right and the configuration is not: there is no root to add.
#[test]
fn a_configuration_that_refuses_lacks_no_root() {
    let place = Place::lines("httpd.conf", 1, 1);
    let mut site = Site::new(crate::facts::ServerSoftware::Apache, "host", place.clone());
    site.client_auth = Some(crate::facts::Setting {
        value: crate::facts::ClientAuthMode::REQUIRED,
        place,
        text: "SSLVerifyClient require".into(),
    });
    site.intermediates_default = Some(0);
    let now = BEFORE.parse().unwrap();
    let told = of_anchors(sender(), &roots(0), Some(&site), "clients.pem", now);
    assert_eq!(told.outlook, Outlook::Broken);
    assert!(told.add.is_empty(), "{told:?}");
    site.intermediates_default = Some(1);
    let told = of_anchors(sender(), &roots(0), Some(&site), "clients.pem", now);
    assert_eq!(told.outlook, Outlook::Ready);
}

/// Below a public root everybody has a certificate.
#[test]
fn a_sender_without_a_name_has_a_root_of_its_own() {
    for profile in profiles::all() {
        for identity in &profile.identity {
            let public = identity
                .roots
                .iter()
                .any(|root| crate::verify::public::is_public(&cert::certificate(&root.der)));
            assert!(!identity.leaves().is_empty() || !public, "{}", profile.name);
        }
    }
}

fn of(profile: &str, roots: &[&str], now: &str) -> Readiness {
    let profile = profiles::find(profile).unwrap();
    let anchors: Vec<Arc<Certificate>> = roots
        .iter()
        .map(|id| Arc::new(cert::certificate(&profiles::anchor(id).unwrap().der)))
        .collect();
    of_anchors(profile, &anchors, None, "clients.pem", now.parse().unwrap())
}

#[test]
fn a_root_that_is_not_at_hand_leaves_the_answer_open() {
    let stranger = rcgen::CertificateParams::new(Vec::new())
        .unwrap()
        .self_signed(&rcgen::KeyPair::generate().unwrap())
        .unwrap();
    let stranger = Arc::new(cert::certificate(stranger.der()));
    let now = "2026-12-02T00:00:00Z".parse().unwrap();
    let meta = profiles::find("meta-webhooks").unwrap();
    let told = of_anchors(meta, &[stranger], None, "clients.pem", now);
    assert_eq!(told.outlook, Outlook::Uncertain);
    assert!(
        told.sentence.contains("does not ship its root"),
        "{}",
        told.sentence
    );
    // Among roots that are all known to be somebody else's it is not.
    let old = of(
        "meta-webhooks",
        &["digicert-high-assurance-ev"],
        "2026-12-02T00:00:00Z",
    );
    assert_eq!(old.outlook, Outlook::Broken);
    assert!(old.sentence.contains("2026-04-16"), "{}", old.sentence);
    assert_eq!(
        of("meta-webhooks", &[], "2026-12-02T00:00:00Z").outlook,
        Outlook::Broken
    );
}

#[test]
fn one_of_many_possible_roots_proves_nothing() {
    let all: Vec<&str> = profiles::find("slack").unwrap().identity[0]
        .anchors
        .iter()
        .map(String::as_str)
        .collect();
    let now = "2026-12-02T00:00:00Z";
    assert_eq!(of("slack", &all[..1], now).outlook, Outlook::Uncertain);
    assert_eq!(of("slack", &all[1..], now).outlook, Outlook::Uncertain);
    assert_eq!(of("slack", &all, now).outlook, Outlook::Ready);
    let lacking = of("slack", &["gts-root-r1"], now);
    assert_eq!(lacking.outlook, Outlook::Broken);
    // Which one it needs is not known: all of them are.
    assert_eq!(lacking.add.len(), all.len());
}

#[test]
fn of_a_month_no_day_is_made() {
    let root = ["digicert-global-root-g2"];
    for (now, works) in [
        ("2026-10-31T12:00:00Z", Some(true)),
        ("2026-11-01T12:00:00Z", Some(true)),
        ("2026-11-15T12:00:00Z", None),
        ("2026-11-30T12:00:00Z", None),
        ("2026-12-01T00:00:00Z", None),
    ] {
        let told = of("pagerduty", &root, now);
        let wanted = match works {
            Some(true) => Outlook::Ready,
            _ => Outlook::Uncertain,
        };
        assert_eq!(told.outlook, wanted, "{now}");
        assert!(told.sentence.contains("not known"), "{}", told.sentence);
        assert_eq!(told.works_today, works, "{now}");
        assert!(told.sentence.contains("November 2026"), "{}", told.sentence);
    }
    let lacking = of("pagerduty", &[], "2026-11-15T12:00:00Z");
    assert_ne!(lacking.outlook, Outlook::Ready);
    assert_eq!(lacking.works_today, Some(false), "{}", lacking.sentence);
}

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
        since.contains(&format!("broken since {}", until.tomorrow().unwrap())),
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

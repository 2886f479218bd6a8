use std::collections::BTreeSet;

use jiff::civil::date;

use super::*;

/// `all` leaves a broken file out; here it is found.
#[test]
fn every_file_is_a_profile() {
    for (name, text) in FILES {
        let mut profile: Profile =
            toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
        profile.resolve(&[]).unwrap();
        assert_eq!(profile.name, name);
        assert_eq!(find(name), Some(&profile));
    }
    assert_eq!(all().len(), FILES.len());
    assert!(find("nobody").is_none());
}

#[test]
fn every_anchor_named_is_there() {
    for profile in all() {
        for identity in &profile.identity {
            assert_eq!(
                identity.roots.len() + identity.wanted.len(),
                identity.anchors.len(),
                "{}",
                profile.name
            );
            assert!(!identity.sources.is_empty());
        }
    }
    let used: BTreeSet<&str> = all()
        .iter()
        .flat_map(Profile::anchors)
        .map(|anchor| anchor.id.as_str())
        .collect();
    assert_eq!(
        used.len(),
        anchors().len(),
        "an anchor that no profile uses"
    );
}

#[test]
fn statements_have_ids_sources_and_ends() {
    for profile in all() {
        let ids: Vec<&str> = profile
            .fact
            .iter()
            .map(|fact| fact.id.as_str())
            .chain(profile.unknown.iter().map(|unknown| unknown.id.as_str()))
            .collect();
        assert_eq!(
            ids.iter().collect::<BTreeSet<_>>().len(),
            ids.len(),
            "{}",
            profile.name
        );
        for fact in &profile.fact {
            assert!(
                fact.text.ends_with('.') && !fact.source.is_empty(),
                "{}",
                fact.id
            );
            // A conclusion names itself one, so that its source is not taken for its author.
            let concluded = fact.source.to_lowercase().contains("concluded");
            assert_eq!(
                fact.certainty == Certainty::Inferred,
                concluded,
                "{}",
                fact.id
            );
        }
        for unknown in &profile.unknown {
            assert!(unknown.text.ends_with('.'), "{}", unknown.id);
        }
    }
}

#[test]
fn the_legacy_certificate_of_es_ends_with_the_day() {
    let profile = find("dialogflow").unwrap();
    let on = |day| -> Vec<&str> {
        profile
            .identity
            .iter()
            .filter(|identity| identity.used_on(day))
            .filter_map(Identity::common_name)
            .collect()
    };
    assert_eq!(on(date(2026, 12, 1)), ["Google LLC", "*.dialogflow.com"]);
    assert_eq!(on(date(2026, 12, 2)), ["Google LLC"]);
}

#[test]
fn anchors_come_once_and_the_current_one_first() {
    let ids: Vec<&str> = find("dialogflow")
        .unwrap()
        .anchors()
        .iter()
        .map(|anchor| anchor.id.as_str())
        .collect();
    assert_eq!(ids.len(), 6);
    assert_eq!(ids[..2], ["ssl-com-root-rsa", "gts-root-r1"]);
    assert!(find("generic").unwrap().anchors().is_empty());
}

#[test]
fn unknown_keys_are_refused() {
    let extra = format!("colour = 1\n{}", FILES[3].1);
    assert!(toml::from_str::<Profile>(&extra).is_err());
}

#[test]
fn a_name_leads_to_one_profile() {
    let mut names = BTreeSet::new();
    for profile in all() {
        for name in std::iter::once(&profile.name).chain(&profile.also_called) {
            assert!(names.insert(name), "{name}");
            assert_eq!(find(name).map(|found| &found.name), Some(&profile.name));
        }
    }
    assert_eq!(find("dialogflow-es").unwrap().name, "dialogflow");
}

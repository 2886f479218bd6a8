//! What once was a false alarm, or too slow.

use std::time::{Duration, Instant};

use super::{parts::*, *};
use crate::facts::ExtensionForm;

#[test]
fn a_hostile_list_of_extensions_takes_linear_time() {
    let mut certificate = leaf().certificate();
    certificate.form.extensions = (0..100_000)
        .map(|number| ExtensionForm {
            oid: format!("1.3.6.1.4.1.{number}"),
            critical: false,
            problem: None,
        })
        .collect();
    let start = Instant::now();
    violations(&certificate, Part::Leaf, Purpose::ServerAuth);
    // Comparing each with each took half a minute.
    let took = start.elapsed();
    assert!(took < Duration::from_secs(3), "{took:?}");
}

#[test]
fn wildcards_of_hosters_are_theirs_to_have() {
    for name in [
        "*.a.run.app",
        "*.cloudfunctions.net",
        "*.appspot.com",
        "*.azurewebsites.net",
        "*.github.io",
        "*.example.co.uk",
    ] {
        server(leaf().names(&[name]), &[]);
    }
    for name in ["*.com", "*.co.uk", "*.CO.UK", "*.run", "*.com.np"] {
        server(leaf().names(&[name]), &[(R::WildcardSuffix, true)]);
    }
}

#[test]
fn top_level_domains_are_known_by_the_level_below_as_well() {
    for name in [
        "hook.example.com.np",
        "hook.gov.mm",
        "hook.co.ck",
        "www.ck",
        "hook.com.fk",
        "hook.example.com.bd",
        "hook.xn--p1ai",
        "abcdefghijklmnop.onion",
    ] {
        server(leaf().names(&[name]), &[]);
    }
    for (name, requirement) in [
        ("hook.mcdonalds", R::TopLevelDomain),
        ("hook.corp", R::InternalName),
        ("hook", R::InternalName),
    ] {
        server(leaf().names(&[name]), &[(requirement, false)]);
    }
}

#[test]
fn what_cannot_be_read_is_not_missing_as_well() {
    for oid in [SAN, AKI, EKU] {
        let garbage = leaf().set(oid, false, vec![1, 2, 3]);
        server(garbage, &[(R::ExtensionsReadable, true)]);
    }
    let no_usage = leaf().set(EKU, false, purposes(&[]));
    server(no_usage, &[(R::ExtensionsReadable, true)]);
    for oid in [SKI, AKI, KU] {
        let garbage = authority().set(oid, false, vec![1, 2, 3]);
        let broken = found(&garbage, Part::Intermediate, Purpose::ServerAuth);
        assert_eq!(
            broken.iter().filter(|(_, decides)| *decides).count(),
            1,
            "{broken:?}"
        );
    }
}

#[test]
fn what_binds_from_a_date_on_binds_from_there() {
    let no_key_id = || leaf().less(SKI);
    server(
        no_key_id().with(|parts| {
            parts.not_before = (UTC, "230914235959Z");
            parts.not_after = (UTC, "231001000000Z");
        }),
        &[(R::LeafSubjectKeyId, false)],
    );
    server(
        no_key_id().with(|parts| {
            parts.not_before = (UTC, "230915000000Z");
            parts.not_after = (UTC, "231001000000Z");
        }),
        &[],
    );
    // The web's rules do not bind clients, RFC 5280 asks all.
    let client = no_key_id().set(EKU, false, purposes(&[2]));
    assert_eq!(
        found(&client, Part::Leaf, Purpose::ClientAuth),
        [(R::LeafSubjectKeyId, false)]
    );
    let underscore = |date| {
        leaf().names(&["a_b.example.com"]).with(|parts| {
            parts.not_before = (UTC, date);
            parts.not_after = (UTC, "190501000000Z");
        })
    };
    server(underscore("190331235959Z"), &[]);
    server(underscore("190401000000Z"), &[(R::Underscore, false)]);
}

#[test]
fn extended_key_usage_of_clients_is_left_to_their_authority() {
    let client = |parts: Parts| found(&parts, Part::Leaf, Purpose::ClientAuth);
    assert_eq!(client(leaf().set(EKU, true, purposes(&[2]))), []);
    let clientauth = [0x2b, 6, 1, 5, 5, 7, 3, 2];
    let any = sequence(&[&oid(&clientauth), &oid(&[0x55, 0x1d, 37, 0])]);
    assert_eq!(client(leaf().set(EKU, false, any)), [(R::AnyUsage, false)]);
}

#[test]
fn any_usage_in_an_authority_is_spoken_of_where_the_purpose_is_missing() {
    let any = oid(&[0x55, 0x1d, 37, 0]);
    let server = oid(&[0x2b, 6, 1, 5, 5, 7, 3, 1]);
    let usages = |list: &[&[u8]], part| {
        let authority = authority().set(EKU, false, sequence(list));
        found(&authority, part, Purpose::ServerAuth)
            .into_iter()
            .filter(|(requirement, _)| *requirement == R::AnyUsage)
            .collect::<Vec<_>>()
    };
    for part in [Part::Intermediate, Part::Root] {
        assert_eq!(usages(&[&any], part), [(R::AnyUsage, false)]);
        assert_eq!(usages(&[&any, &server], part), []);
        assert_eq!(usages(&[&server], part), []);
    }
}

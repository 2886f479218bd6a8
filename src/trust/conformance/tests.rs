use std::time::{Duration, Instant};

use jiff::Timestamp;

use super::violations;
use crate::{
    facts::{Certificate, ExtensionForm, Part, Purpose, Requirement as R},
    parse::cert::{self, der},
    pki::Authority,
};

fn leaf() -> Vec<u8> {
    let now: Timestamp = "2026-11-24T12:00:00Z".parse().unwrap();
    let server = Authority::new(now).unwrap().server(&["hook.test"]).unwrap();
    server.chain[0].clone()
}

/// A value with this tag, of any length.
fn value(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let zeros = length.iter().take_while(|&&octet| octet == 0).count();
    let mut whole = vec![tag];
    if content.len() < 0x80 {
        whole.push(length[length.len() - 1]);
    } else {
        whole.push(0x80 | u8::try_from(length.len() - zeros).unwrap());
        whole.extend(&length[zeros..]);
    }
    whole.extend(content);
    whole
}

fn extension(oid: &[u8], critical: bool, content: &[u8]) -> Vec<u8> {
    let mut fields = value(der::OID, oid);
    if critical {
        fields.extend([der::BOOLEAN, 1, 0xff]);
    }
    fields.extend(value(der::OCTET_STRING, content));
    value(der::SEQUENCE, &fields)
}

/// A leaf of ours with these extensions in place of its own.
fn with(extensions: &[Vec<u8>]) -> Certificate {
    let whole = leaf();
    let mut outer = der::Reader::new(der::only(&whole, der::SEQUENCE).unwrap());
    let tbs = outer.any().unwrap();
    let mut fields: Vec<u8> = der::Reader::new(tbs.content)
        .filter(|field| field.tag != 0xa3)
        .flat_map(|field| field.whole.to_vec())
        .collect();
    fields.extend(value(0xa3, &value(der::SEQUENCE, &extensions.concat())));
    let mut parts = value(der::SEQUENCE, &fields);
    parts.extend(outer.flat_map(|part| part.whole.to_vec()));
    let certificate = cert::certificate(&value(der::SEQUENCE, &parts));
    assert_eq!(certificate.unreadable, None);
    certificate
}

fn named(names: &[&str]) -> Certificate {
    let names: Vec<u8> = names
        .iter()
        .flat_map(|name| value(0x82, name.as_bytes()))
        .collect();
    with(&[extension(
        &[0x55, 0x1d, 17],
        false,
        &value(der::SEQUENCE, &names),
    )])
}

fn broken(certificate: &Certificate, purpose: Purpose) -> Vec<(R, bool)> {
    violations(certificate, Part::Leaf, purpose)
        .into_iter()
        .map(|violation| (violation.requirement, violation.decides))
        .collect()
}

fn about_names(names: &[&str]) -> Vec<R> {
    const NAMES: [R; 6] = [
        R::WildcardSuffix,
        R::WildcardPlace,
        R::InternalName,
        R::TopLevelDomain,
        R::DnsName,
        R::Underscore,
    ];
    let mut found = broken(&named(names), Purpose::ServerAuth);
    found.retain(|(requirement, _)| NAMES.contains(requirement));
    found
        .into_iter()
        .map(|(requirement, _)| requirement)
        .collect()
}

#[test]
fn a_hostile_list_of_extensions_takes_linear_time() {
    let mut certificate = named(&["hook.test"]);
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
    assert!(
        start.elapsed() < Duration::from_secs(3),
        "{:?}",
        start.elapsed()
    );
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
        assert_eq!(about_names(&[name]), [], "{name}");
    }
    for name in ["*.com", "*.co.uk", "*.CO.UK", "*.run", "*.com.np"] {
        assert_eq!(about_names(&[name]), [R::WildcardSuffix], "{name}");
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
        assert_eq!(about_names(&[name]), [], "{name}");
    }
    assert_eq!(about_names(&["hook.mcdonalds"]), [R::TopLevelDomain]);
    assert_eq!(about_names(&["hook.corp"]), [R::InternalName]);
    assert_eq!(about_names(&["hook"]), [R::InternalName]);
}

#[test]
fn what_cannot_be_read_is_not_missing_as_well() {
    let garbage = |last: u8| with(&[extension(&[0x55, 0x1d, last], false, &[1, 2, 3])]);
    for (last, missing) in [
        (17, R::AlternativeNames),
        (35, R::AuthorityKeyId),
        (37, R::ExtendedKeyUsage),
    ] {
        let found = broken(&garbage(last), Purpose::ServerAuth);
        assert!(
            found.contains(&(R::ExtensionsReadable, true)),
            "{last}: {found:?}"
        );
        assert!(
            found.iter().all(|(requirement, _)| *requirement != missing),
            "{last}: {found:?}"
        );
    }
    let no_usage = with(&[extension(
        &[0x55, 0x1d, 37],
        false,
        &value(der::SEQUENCE, &[]),
    )]);
    let found = broken(&no_usage, Purpose::ServerAuth);
    assert!(found.contains(&(R::ExtensionsReadable, true)), "{found:?}");
    assert!(!found.contains(&(R::ServerUsages, true)), "{found:?}");
}

#[test]
fn what_binds_from_a_date_on_binds_from_there() {
    let issued = |date: &str, names: &[&str], purpose| {
        let mut certificate = named(names);
        certificate.not_before = format!("{date}T00:00:00Z").parse().unwrap();
        let found = broken(&certificate, purpose);
        move |requirement| found.contains(&(requirement, false))
    };
    let server = |date| issued(date, &["a_b.example.com"], Purpose::ServerAuth);
    assert!(server("2023-09-14")(R::LeafSubjectKeyId));
    assert!(!server("2023-09-15")(R::LeafSubjectKeyId));
    assert!(!server("2019-03-31")(R::Underscore));
    assert!(server("2019-04-01")(R::Underscore));
    let client = issued("2026-11-01", &["a.example.com"], Purpose::ClientAuth);
    assert!(client(R::LeafSubjectKeyId));
}

#[test]
fn extended_key_usage_of_clients_is_left_to_their_authority() {
    let usages = |critical, usages: &[&[u8]]| {
        let list: Vec<u8> = usages.iter().flat_map(|oid| value(der::OID, oid)).collect();
        with(&[extension(
            &[0x55, 0x1d, 37],
            critical,
            &value(der::SEQUENCE, &list),
        )])
    };
    const CLIENT: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 2];
    const SERVER: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 3, 1];
    const ANY: &[u8] = &[0x55, 0x1d, 37, 0];
    let found = broken(&usages(true, &[CLIENT]), Purpose::ClientAuth);
    assert!(
        found
            .iter()
            .all(|(requirement, _)| *requirement != R::NotCriticalWhereAsked)
    );
    let found = broken(&usages(false, &[CLIENT, ANY]), Purpose::ClientAuth);
    assert!(found.contains(&(R::AnyUsage, false)), "{found:?}");
    let found = broken(&usages(true, &[SERVER, ANY]), Purpose::ServerAuth);
    assert!(found.contains(&(R::AnyUsage, true)), "{found:?}");
    assert!(
        found.contains(&(R::NotCriticalWhereAsked, true)),
        "{found:?}"
    );
}

//! Every requirement, kept and not kept.

mod alarms;
mod parts;

use super::*;
use crate::parse::cert::der;
use parts::*;

/// What is not kept, and whether it decides.
fn found(parts: &Parts, part: Part, purpose: Purpose) -> Vec<(Requirement, bool)> {
    let certificate = parts.certificate();
    assert_eq!(certificate.unreadable, None);
    violations(&certificate, part, purpose)
        .into_iter()
        .map(|violation| (violation.requirement, violation.decides))
        .collect()
}

#[track_caller]
fn server(parts: Parts, wanted: &[(Requirement, bool)]) {
    assert_eq!(found(&parts, Part::Leaf, Purpose::ServerAuth), wanted);
}

#[track_caller]
fn intermediate(parts: Parts, wanted: &[(Requirement, bool)]) {
    assert_eq!(
        found(&parts, Part::Intermediate, Purpose::ServerAuth),
        wanted
    );
}

use Requirement as R;

#[test]
fn the_good_ones_keep_everything() {
    server(leaf(), &[]);
    intermediate(authority(), &[]);
    let client = leaf().less(SAN).set(EKU, false, purposes(&[2]));
    assert_eq!(found(&client, Part::Leaf, Purpose::ClientAuth), []);
}

#[test]
fn structure() {
    server(
        leaf().with(|parts| parts.serial = vec![0]),
        &[(R::SerialNotZero, true)],
    );
    server(
        leaf().with(|parts| parts.serial = vec![0x80]),
        &[(R::SerialPositive, true)],
    );
    server(leaf().with(|parts| parts.serial = vec![1; 20]), &[]);
    server(
        leaf().with(|parts| parts.serial = vec![1; 21]),
        &[(R::SerialLength, true)],
    );
    server(
        leaf().with(|parts| parts.outer = algorithm(SHA1)),
        &[(R::AlgorithmsAgree, true), (R::NoSha1, true)],
    );
    server(
        leaf().with(|parts| parts.not_after = (GENERALIZED, "20260401000000Z")),
        &[(R::TimeForm, true)],
    );
    server(
        leaf().with(|parts| parts.not_after = (UTC, "251231000000Z")),
        &[(R::ValidityPositive, true)],
    );
    server(
        leaf().with(|parts| parts.issuer = name(&[])),
        &[(R::Names, true)],
    );
    intermediate(
        authority().with(|parts| parts.subject = name(&[])),
        &[(R::Names, true)],
    );
}

#[test]
fn the_longest_validity_goes_by_the_day_of_issue() {
    let lasting = |from: &'static str, until: &'static str| {
        leaf().with(|parts| {
            parts.not_before = (UTC, from);
            parts.not_after = (UTC, until);
        })
    };
    // 398 days, the last second included.
    server(lasting("260101000000Z", "270202235959Z"), &[]);
    server(
        lasting("260101000000Z", "270203000000Z"),
        &[(R::ValidityLength, false)],
    );
    server(lasting("260314235959Z", "270101000000Z"), &[]);
    server(lasting("260315000000Z", "260930235959Z"), &[]);
    server(
        lasting("260315000000Z", "261001000000Z"),
        &[(R::ValidityLength, false)],
    );
    server(
        lasting("290315000000Z", "290501000000Z"),
        &[(R::ValidityLength, false)],
    );
    server(lasting("170101000000Z", "270101000000Z"), &[]);
}

#[test]
fn identifiers_and_constraints() {
    server(leaf().less(AKI), &[(R::AuthorityKeyId, true)]);
    server(
        leaf().set(AKI, false, sequence(&[])),
        &[(R::AuthorityKeyIdValue, true)],
    );
    server(leaf().less(SKI), &[]);
    intermediate(authority().less(SKI), &[(R::AuthoritySubjectKeyId, true)]);
    intermediate(
        authority().less(BC),
        &[(R::AuthorityBasicConstraints, true), (R::CertSign, true)],
    );
    intermediate(
        authority().set(BC, false, sequence(&[&[1, 1, 0xff]])),
        &[(R::CriticalWhereAsked, true)],
    );
    server(
        leaf().set(BC, true, sequence(&[&[2, 1, 0]])),
        &[(R::PathLength, true)],
    );
    server(
        leaf().set(BC, true, sequence(&[&[1, 1, 0xff]])),
        &[(R::LeafNoAuthority, true)],
    );
    let subtree = sequence(&[&der::encode(0xa0, &[&kinds(&[(0x82, b"example.com")])])]);
    server(
        leaf().set(NC, true, subtree.clone()),
        &[(R::NameConstraintsPlace, true)],
    );
    intermediate(authority().set(NC, true, subtree.clone()), &[]);
    intermediate(
        authority().set(NC, false, subtree),
        &[(R::CriticalWhereAsked, true)],
    );
    let explicit = sequence(&[&[0x80, 1, 0]]);
    intermediate(
        authority().set(PC, false, explicit),
        &[(R::CriticalWhereAsked, true)],
    );
    let access = sequence(&[&sequence(&[
        &oid(&[0x2b, 6, 1, 5, 5, 7, 0x30, 2]),
        &der::encode(0x86, &[b"http://ca.example/ca.cer"]),
    ])]);
    server(leaf().set(AIA, false, access.clone()), &[]);
    server(
        leaf().set(AIA, true, access),
        &[(R::NotCriticalWhereAsked, true)],
    );
    server(
        leaf().set(CRLDP, true, sequence(&[])),
        &[(R::CriticalityAdvice, false)],
    );
}

#[test]
fn usages() {
    intermediate(authority().less(KU), &[(R::AuthorityKeyUsage, true)]);
    intermediate(
        authority().set(KU, true, usage(DIGITAL_SIGNATURE)),
        &[(R::CertSign, true)],
    );
    server(leaf().set(KU, true, usage(0)), &[(R::KeyUsageBits, true)]);
    server(
        leaf().set(KU, false, usage(DIGITAL_SIGNATURE)),
        &[(R::CriticalityAdvice, false)],
    );
    server(
        leaf().set(KU, true, usage(DIGITAL_SIGNATURE | CERT_SIGN)),
        &[(R::CertSign, true)],
    );
    server(
        leaf().set(KU, true, usage(DIGITAL_SIGNATURE | KEY_ENCIPHERMENT)),
        &[(R::KeyUsageFitsKey, false)],
    );
    server(leaf().less(EKU), &[(R::ExtendedKeyUsage, false)]);
    server(
        leaf().set(EKU, true, purposes(&[1])),
        &[(R::NotCriticalWhereAsked, true)],
    );
    server(
        leaf().set(EKU, false, purposes(&[2])),
        &[(R::ServerUsages, true)],
    );
    server(leaf().set(EKU, false, purposes(&[1, 2])), &[]);
    server(
        leaf().set(EKU, false, purposes(&[1, 3])),
        &[(R::ServerUsages, false)],
    );
    let any = sequence(&[
        &oid(&[0x55, 0x1d, 37, 0]),
        &oid(&[0x2b, 6, 1, 5, 5, 7, 3, 1]),
    ]);
    server(leaf().set(EKU, false, any), &[(R::AnyUsage, true)]);
    let late = leaf().with(|parts| {
        parts.not_before = (UTC, "270315000000Z");
        parts.not_after = (UTC, "270501000000Z");
    });
    server(
        late.set(EKU, false, purposes(&[1, 2])),
        &[(R::ClientUsageInServer, false)],
    );
}

#[test]
fn names() {
    server(leaf().less(SAN), &[(R::AlternativeNames, true)]);
    server(leaf().names(&[]), &[(R::AlternativeNamesCount, true)]);
    server(
        leaf().set(SAN, true, dns(&["a.example.com"])),
        &[(R::AlternativeNamesNotCritical, true)],
    );
    server(
        leaf().with(|parts| parts.subject = name(&[])),
        &[(R::AlternativeNamesCritical, true)],
    );
    for (bad, requirement, decides) in [
        ("*", R::WildcardPlace, true),
        ("a.*.example.com", R::WildcardPlace, true),
        ("a*.example.com", R::WildcardPlace, true),
        ("*.*.example.com", R::WildcardPlace, true),
        ("*.com", R::WildcardSuffix, true),
        ("*.co.uk", R::WildcardSuffix, true),
        (".example.com", R::DnsName, true),
        ("a..example.com", R::DnsName, true),
        ("a b.example.com", R::DnsName, true),
        (" ", R::DnsName, true),
        ("a\0.example.com", R::DnsName, true),
        ("b\u{fc}cher.example.com", R::NameEncoding, true),
        ("a_b.example.com", R::Underscore, false),
        ("hook", R::InternalName, false),
        ("hook.internal", R::InternalName, false),
        ("hook.nosuchdomain", R::TopLevelDomain, false),
    ] {
        server(leaf().names(&[bad]), &[(requirement, decides)]);
    }
    server(
        leaf().names(&["*.example.co.uk", "xn--bcher-kva.example.com"]),
        &[],
    );
    server(
        leaf().names(&["a.example.com", "A.example.com"]),
        &[(R::AlternativeNamesOnce, false)],
    );
    let mixed = kinds(&[
        (0x82, b"a.example.com"),
        (0x86, b"spiffe://x/y"),
        (0x87, &[10, 0, 0, 1]),
    ]);
    server(
        leaf().set(SAN, false, mixed),
        &[(R::AlternativeNameKinds, false), (R::InternalName, false)],
    );
    server(
        leaf().set(SAN, false, kinds(&[(0x87, &[1, 2, 3])])),
        &[(R::NameEncoding, true)],
    );
}

#[test]
fn common_names() {
    let named = |common_names: &[&str]| leaf().with(|parts| parts.subject = name(common_names));
    server(named(&["hook.example.com"]), &[]);
    server(named(&["Example Webhook 1.2"]), &[]);
    server(named(&["www.example.com"]), &[(R::CommonNameListed, true)]);
    server(
        named(&["\u{1f600}.example.com"]),
        &[(R::CommonNameListed, true)],
    );
    server(named(&["one", "two"]), &[(R::OneCommonName, false)]);
    let client = named(&["www.example.com"]).set(EKU, false, purposes(&[2]));
    assert_eq!(
        found(&client, Part::Leaf, Purpose::ClientAuth),
        [(R::CommonNameListed, false)]
    );
}

#[test]
fn a_common_name_contradicts_names_of_its_kind_only() {
    let of = |common_name: &str, san: &[(u8, &[u8])]| {
        leaf()
            .with(|parts| parts.subject = name(&[common_name]))
            .set(SAN, false, kinds(san))
    };
    let address: (u8, &[u8]) = (0x87, &[8, 8, 8, 8]);
    let host: (u8, &[u8]) = (0x82, b"hook.example.com");
    let (listed, advised) = ((R::CommonNameListed, true), (R::CommonNameListed, false));
    server(of("www.example.com", &[address]), &[advised]);
    server(of("www.example.com", &[address, host]), &[listed]);
    server(of("192.000.002.001", &[host]), &[advised]);
    server(of("192.000.002.001", &[host, address]), &[listed]);
    server(of("8.8.8.8", &[host, address]), &[]);
    server(of("8.8.4.4", &[host]), &[advised]);
    server(of("8.8.4.4", &[host, address]), &[listed]);
}

#[test]
fn a_wildcard_and_the_other_way_of_writing_list_a_common_name() {
    let of = |common_name: &str, san: &str| {
        leaf()
            .names(&[san])
            .with(|parts| parts.subject = name(&[common_name]))
    };
    for (common_name, san) in [
        ("www.example.com", "*.example.com"),
        ("WWW.example.com", "*.Example.com"),
        ("*.example.com", "*.example.com"),
        ("www.b\u{fc}cher.example.com", "*.xn--bcher-kva.example.com"),
        ("B\u{dc}CHER.example.com", "xn--bcher-kva.example.com"),
        ("xn--bcher-kva.example.com", "XN--BCHER-KVA.example.com"),
    ] {
        server(of(common_name, san), &[]);
    }
    for (common_name, san) in [
        ("a.www.example.com", "*.example.com"),
        ("example.com", "*.example.com"),
        ("*.example.com", "www.example.com"),
        ("b\u{fc}cher.example.com", "xn--bucher-kva.example.com"),
    ] {
        server(of(common_name, san), &[(R::CommonNameListed, true)]);
    }
}

#[test]
fn keys_and_signatures() {
    let keyed = |spki: Vec<u8>| leaf().with(|parts| parts.spki = spki);
    let modulus = |octets: usize| {
        let mut modulus = vec![0x5b; octets];
        modulus[0] = 0x9d;
        modulus[octets / 3] = 0x17;
        modulus
    };
    let f4: &[u8] = &[1, 0, 1];
    server(keyed(rsa(&modulus(256), f4)), &[]);
    server(keyed(rsa(&modulus(128), f4)), &[(R::RsaSize, true)]);
    server(
        keyed(rsa(&[&[1][..], &modulus(256)].concat(), f4)),
        &[(R::RsaOctets, true)],
    );
    server(keyed(rsa(&modulus(256), &[1])), &[(R::RsaExponent, true)]);
    server(
        keyed(rsa(&modulus(256), &[1, 0])),
        &[(R::RsaExponent, true)],
    );
    server(keyed(ec(&oid(K256))), &[(R::Curve, true)]);
    server(
        keyed(ec(&sequence(&[&[2, 1, 1]]))),
        &[(R::NamedCurve, true)],
    );
    let signed = |content: &[u8]| {
        leaf().with(|parts| {
            parts.inner = algorithm(content);
            parts.outer = algorithm(content);
        })
    };
    server(signed(SHA1), &[(R::NoSha1, true)]);
    server(signed(MD5), &[(R::SignatureAlgorithm, true)]);
    server(signed(&[0x2a, 3, 4]), &[(R::SignatureCommon, false)]);
}

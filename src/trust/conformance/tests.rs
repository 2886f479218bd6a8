//! Certificates put together octet by octet: what no library would issue. Signatures are not looked at here.

use super::*;
use crate::parse::cert::{certificate, der};

/// The parts of a certificate, good until one is changed.
struct Parts {
    version: Option<u8>,
    serial: Vec<u8>,
    inner: Vec<u8>,
    outer: Vec<u8>,
    issuer: Vec<u8>,
    not_before: (u8, &'static str),
    not_after: (u8, &'static str),
    subject: Vec<u8>,
    spki: Vec<u8>,
    extensions: Vec<(&'static [u8], bool, Vec<u8>)>,
}

const UTC: u8 = 0x17;
const GENERALIZED: u8 = 0x18;

const SKI: &[u8] = &[0x55, 0x1d, 14];
const KU: &[u8] = &[0x55, 0x1d, 15];
const SAN: &[u8] = &[0x55, 0x1d, 17];
const BC: &[u8] = &[0x55, 0x1d, 19];
const NC: &[u8] = &[0x55, 0x1d, 30];
const CRLDP: &[u8] = &[0x55, 0x1d, 31];
const AKI: &[u8] = &[0x55, 0x1d, 35];
const PC: &[u8] = &[0x55, 0x1d, 36];
const EKU: &[u8] = &[0x55, 0x1d, 37];
const AIA: &[u8] = &[0x2b, 6, 1, 5, 5, 7, 1, 1];

const SHA256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 3, 2];
const SHA1: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 4, 1];
const MD5: &[u8] = &[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 4];
const P256: &[u8] = &[0x2a, 0x86, 0x48, 0xce, 0x3d, 3, 1, 7];
const K256: &[u8] = &[0x2b, 0x81, 0x04, 0x00, 0x0a];

fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    der::encode(der::SEQUENCE, parts)
}

fn oid(content: &[u8]) -> Vec<u8> {
    der::encode(der::OID, &[content])
}

fn algorithm(content: &[u8]) -> Vec<u8> {
    sequence(&[&oid(content)])
}

/// A Name of common names.
fn name(common_names: &[&str]) -> Vec<u8> {
    let rdns: Vec<Vec<u8>> = common_names
        .iter()
        .map(|text| {
            let value = der::encode(12, &[text.as_bytes()]);
            let attribute = sequence(&[&oid(&[0x55, 4, 3]), &value]);
            der::encode(der::SET, &[&attribute])
        })
        .collect();
    let rdns: Vec<&[u8]> = rdns.iter().map(Vec::as_slice).collect();
    sequence(&rdns)
}

fn ec(curve: &[u8]) -> Vec<u8> {
    let identifier = sequence(&[&oid(&[0x2a, 0x86, 0x48, 0xce, 0x3d, 2, 1]), curve]);
    let point = [&[0, 4][..], &[7; 64]].concat();
    sequence(&[&identifier, &der::encode(der::BIT_STRING, &[&point])])
}

fn rsa(modulus: &[u8], exponent: &[u8]) -> Vec<u8> {
    let identifier = sequence(&[
        &oid(&[0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 1, 1, 1]),
        &[5, 0],
    ]);
    let number = |magnitude: &[u8]| der::encode(der::INTEGER, &[&[0], magnitude]);
    let key = sequence(&[&number(modulus), &number(exponent)]);
    sequence(&[&identifier, &der::encode(der::BIT_STRING, &[&[0], &key])])
}

/// GeneralNames of DNS names.
fn dns(names: &[&str]) -> Vec<u8> {
    kinds(
        &names
            .iter()
            .map(|name| (0x82, name.as_bytes()))
            .collect::<Vec<_>>(),
    )
}

fn kinds(names: &[(u8, &[u8])]) -> Vec<u8> {
    let names: Vec<Vec<u8>> = names
        .iter()
        .map(|(tag, value)| der::encode(*tag, &[value]))
        .collect();
    let names: Vec<&[u8]> = names.iter().map(Vec::as_slice).collect();
    sequence(&names)
}

/// An extKeyUsage of the purposes with these last arcs under id-kp.
fn purposes(arcs: &[u8]) -> Vec<u8> {
    let oids: Vec<Vec<u8>> = arcs
        .iter()
        .map(|arc| oid(&[0x2b, 6, 1, 5, 5, 7, 3, *arc]))
        .collect();
    let oids: Vec<&[u8]> = oids.iter().map(Vec::as_slice).collect();
    sequence(&oids)
}

fn usage(bits: u8) -> Vec<u8> {
    der::encode(der::BIT_STRING, &[&[0, bits]])
}

const DIGITAL_SIGNATURE: u8 = 0x80;
const KEY_ENCIPHERMENT: u8 = 0x20;
const CERT_SIGN: u8 = 0x04;

fn leaf() -> Parts {
    Parts {
        version: Some(2),
        serial: vec![1],
        inner: algorithm(SHA256),
        outer: algorithm(SHA256),
        issuer: name(&["CA"]),
        not_before: (UTC, "260101000000Z"),
        not_after: (UTC, "260401000000Z"),
        subject: name(&["leaf"]),
        spki: ec(&oid(P256)),
        extensions: vec![
            (SKI, false, der::encode(der::OCTET_STRING, &[&[1; 20]])),
            (AKI, false, sequence(&[&der::encode(0x80, &[&[2; 20]])])),
            (BC, true, sequence(&[])),
            (KU, true, usage(DIGITAL_SIGNATURE)),
            (EKU, false, purposes(&[1])),
            (SAN, false, dns(&["hook.example.com"])),
        ],
    }
}

fn authority() -> Parts {
    Parts {
        subject: name(&["CA"]),
        issuer: name(&["Root"]),
        extensions: vec![
            (SKI, false, der::encode(der::OCTET_STRING, &[&[2; 20]])),
            (AKI, false, sequence(&[&der::encode(0x80, &[&[3; 20]])])),
            (BC, true, sequence(&[&[1, 1, 0xff]])),
            (KU, true, usage(CERT_SIGN)),
        ],
        ..leaf()
    }
}

impl Parts {
    fn with(mut self, change: impl FnOnce(&mut Self)) -> Self {
        change(&mut self);
        self
    }

    /// Without the extension.
    fn less(mut self, oid: &[u8]) -> Self {
        self.extensions.retain(|(own, ..)| *own != oid);
        self
    }

    /// With the extension in place of its own.
    fn set(self, oid: &'static [u8], critical: bool, value: Vec<u8>) -> Self {
        let mut parts = self.less(oid);
        parts.extensions.push((oid, critical, value));
        parts
    }

    fn names(self, names: &[&str]) -> Self {
        self.set(SAN, false, dns(names))
    }

    fn certificate(&self) -> Certificate {
        let version = self
            .version
            .map(|number| der::encode(0xa0, &[&[2, 1, number]]));
        let time = |(tag, text): (u8, &str)| der::encode(tag, &[text.as_bytes()]);
        let extensions: Vec<Vec<u8>> = self
            .extensions
            .iter()
            .map(|(name, critical, value)| {
                let flag: &[u8] = if *critical { &[1, 1, 0xff] } else { &[] };
                sequence(&[&oid(name), flag, &der::encode(der::OCTET_STRING, &[value])])
            })
            .collect();
        let extensions: Vec<&[u8]> = extensions.iter().map(Vec::as_slice).collect();
        let extensions = match extensions.as_slice() {
            [] => Vec::new(),
            some => der::encode(0xa3, &[&sequence(some)]),
        };
        let signed = sequence(&[
            version.as_deref().unwrap_or_default(),
            &der::encode(der::INTEGER, &[&self.serial]),
            &self.inner,
            &self.issuer,
            &sequence(&[&time(self.not_before), &time(self.not_after)]),
            &self.subject,
            &self.spki,
            &extensions,
        ]);
        let signature = der::encode(der::BIT_STRING, &[&[0, 0x30, 6, 2, 1, 1, 2, 1, 1]]);
        certificate(&sequence(&[&signed, &self.outer, &signature]))
    }
}

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
        &[(R::SerialPositive, true)],
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
    server(leaf().less(SKI), &[(R::LeafSubjectKeyId, false)]);
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
        ("b\u{fc}cher.example.com", R::DnsName, true),
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
        &[(R::DnsName, true)],
    );
}

#[test]
fn common_names() {
    let named = |common_names: &[&str]| leaf().with(|parts| parts.subject = name(common_names));
    server(named(&["hook.example.com"]), &[]);
    server(named(&["Example Webhook 1.2"]), &[]);
    server(named(&["www.example.com"]), &[(R::CommonNameListed, true)]);
    server(named(&["192.000.002.001"]), &[(R::CommonNameListed, true)]);
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

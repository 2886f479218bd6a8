use rcgen::{
    BasicConstraints, CertificateParams, CustomExtension, DnType, ExtendedKeyUsagePurpose, IsCa,
    KeyPair, KeyUsagePurpose, SanType,
};

use super::*;
use crate::facts::Curve;

fn made(change: impl FnOnce(&mut CertificateParams)) -> Vec<u8> {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, "leaf");
    change(&mut params);
    let key = KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap();
    params.self_signed(&key).unwrap().der().to_vec()
}

#[test]
fn reads_an_ordinary_certificate() {
    let der = made(|params| {
        params.serial_number = Some(vec![0, 0xab, 1].into());
        params.not_before = rcgen::date_time_ymd(2024, 2, 29);
        params.not_after = rcgen::date_time_ymd(2051, 1, 1);
        params.key_usages = vec![
            KeyUsagePurpose::DigitalSignature,
            KeyUsagePurpose::KeyAgreement,
        ];
        params.extended_key_usages = vec![
            ExtendedKeyUsagePurpose::ServerAuth,
            ExtendedKeyUsagePurpose::ClientAuth,
            ExtendedKeyUsagePurpose::Other(vec![1, 2, 3]),
        ];
        params.subject_alt_names = vec![
            SanType::DnsName("*.example.test".try_into().unwrap()),
            SanType::IpAddress("2001:db8::1".parse().unwrap()),
            SanType::Rfc822Name("a@b.test".try_into().unwrap()),
            SanType::URI("https://x.test/".try_into().unwrap()),
        ];
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(3));
    });
    let facts = certificate(&der);
    assert_eq!(facts.unreadable, None);
    assert_eq!(
        (facts.subject.as_str(), facts.issuer.as_str()),
        ("CN = leaf", "CN = leaf")
    );
    assert!(facts.self_issued && facts.is_ca);
    assert_eq!(facts.path_len, Some(3));
    assert_eq!(facts.serial, "AB01");
    assert_eq!(facts.version, 3);
    assert_eq!(facts.not_before.to_string(), "2024-02-29T00:00:00Z");
    assert_eq!(facts.not_after.to_string(), "2051-01-01T00:00:00Z");
    assert_eq!(
        facts.sans,
        [
            "DNS:*.example.test",
            "IP:2001:db8::1",
            "email:a@b.test",
            "URI:https://x.test/"
        ]
    );
    assert_eq!(
        facts.eku.unwrap(),
        [Eku::ServerAuth, Eku::ClientAuth, Eku::of_oid("1.2.3")]
    );
    assert_eq!(
        facts.key_usage.unwrap(),
        [KeyUsage::DigitalSignature, KeyUsage::KeyAgreement]
    );
    assert_eq!(facts.signature_algorithm.to_string(), "ecdsa-with-SHA256");
    assert_eq!(facts.key.curve, Some(Curve::P256));
    assert_eq!(facts.key.bits, 256);
    assert!(facts.unknown_critical.is_empty());
    assert_eq!(facts.der, der);
    assert_eq!(facts.sha256.len(), 64);
    assert_eq!(sha256(&der[facts.parts.spki.clone()]), facts.spki_sha256);
}

#[test]
fn names_critical_extensions_that_nobody_processes() {
    let der = made(|params| {
        let mut extension =
            CustomExtension::from_oid_content(&[1, 3, 6, 1, 4, 1, 99999, 1], vec![5, 0]);
        extension.set_criticality(true);
        params.custom_extensions.push(extension);
        params
            .custom_extensions
            .push(CustomExtension::from_oid_content(&[1, 2, 3], vec![5, 0]));
    });
    assert_eq!(certificate(&der).unknown_critical, ["1.3.6.1.4.1.99999.1"]);
}

#[test]
fn escapes_hostile_alternative_names() {
    let der = made(|params| {
        let value = b"\x30\x10\x82\x06a\nb\x1b\\\xe9\x87\x01\x7f\xa0\x03\x06\x01\x2a".to_vec();
        params
            .custom_extensions
            .push(CustomExtension::from_oid_content(&[2, 5, 29, 17], value));
    });
    assert_eq!(
        certificate(&der).sans,
        [
            "DNS:a\\0Ab\\1B\\\\\\E9",
            "IP:invalid, 1 bytes: 7F",
            "other:1.2"
        ]
    );
}

#[test]
fn says_why_it_cannot_be_read() {
    let mut der = made(|_| {});
    let whole = der.len();
    der.extend([0, 0, 0]);
    let trailing = certificate(&der);
    assert_eq!(
        trailing.unreadable.unwrap().reason,
        "3 bytes after the certificate"
    );
    assert_eq!(trailing.sha256, sha256(&der));
    let short = certificate(&der[..whole - 1]);
    assert!(short.unreadable.is_some());
    assert!(certificate(&[]).unreadable.is_some());
    assert!(
        certificate(b"-----BEGIN CERTIFICATE-----")
            .unreadable
            .is_some()
    );
}

#[test]
fn prints_serial_numbers_as_openssl_does() {
    assert_eq!(serial(&[0]), "00");
    assert_eq!(serial(&[]), "00");
    assert_eq!(serial(&[0x00, 0x80]), "80");
    assert_eq!(serial(&[0x0f]), "0F");
    assert_eq!(serial(&[0xff]), "-01");
    assert_eq!(serial(&[0xff, 0x00]), "-0100");
}

#[test]
fn clamps_dates_that_do_not_fit() {
    assert_eq!(
        clamped(i64::MAX),
        Timestamp::from_second(Timestamp::MAX.as_second()).unwrap()
    );
    assert_eq!(clamped(0), Timestamp::UNIX_EPOCH);
}

proptest::proptest! {
    #[test]
    fn never_panics_on_noise(bytes: Vec<u8>) {
        certificate(&bytes);
    }

    #[test]
    fn never_panics_on_damage(at in 0usize..600, with: u8) {
        let mut der = made(|params| {
            params.subject_alt_names = vec![SanType::DnsName("x.test".try_into().unwrap())];
            params.is_ca = IsCa::Ca(BasicConstraints::Constrained(3));
        });
        let at = at % der.len();
        der[at] = with;
        let facts = certificate(&der);
        facts.label();
        facts.common_name();
    }
}

use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, DnType, ExtendedKeyUsagePurpose, IsCa, Issuer, KeyPair,
    KeyUsagePurpose,
};

use super::*;

use crate::facts::{Side, TrustStatus};
use crate::parse::cert::certificate;

const NOW: i64 = 1_750_000_000;

fn options(purpose: Purpose) -> Options {
    Options {
        now: Timestamp::from_second(NOW).unwrap(),
        purpose,
        max_depth: None,
        partial_chain: false,
        issuers: IssuerChoice::default(),
        lists: Arc::default(),
        looked_up: crate::facts::RevocationCheck::Chain,
    }
}

fn key() -> KeyPair {
    KeyPair::generate_for(&rcgen::PKCS_ECDSA_P256_SHA256).unwrap()
}

fn params(name: &str, is_ca: bool) -> CertificateParams {
    let mut params = CertificateParams::default();
    params.distinguished_name = rcgen::DistinguishedName::new();
    params.distinguished_name.push(DnType::CommonName, name);
    params.not_before = rcgen::date_time_ymd(2020, 1, 1);
    params.not_after = rcgen::date_time_ymd(2040, 1, 1);
    params.use_authority_key_identifier_extension = true;
    if is_ca {
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
    }
    params
}

fn shared(der: &[u8]) -> Arc<Certificate> {
    Arc::new(certificate(der))
}

/// A chain of `length` certificates under a root: leaf first, the root last.
fn chain(length: usize) -> Vec<Arc<Certificate>> {
    let root_key = key();
    let root_params = params("root", true);
    let mut made = vec![shared(root_params.self_signed(&root_key).unwrap().der())];
    let mut issuer = Issuer::new(root_params, root_key);
    for place in (0..length).rev() {
        let own = key();
        let mut own_params = params(&format!("level {place}"), place > 0);
        if place == 0 {
            own_params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth];
        }
        made.push(shared(own_params.signed_by(&own, &issuer).unwrap().der()));
        issuer = Issuer::new(own_params, own);
    }
    made.reverse();
    made
}

#[test]
fn a_good_chain_is_trusted() {
    let mut chain = chain(3);
    let root = chain.pop().unwrap();
    let anchors = Anchors::new(vec![root.clone(), root.clone()]);
    assert_eq!(anchors.certificates().len(), 1);
    let facts = judge(&chain, &anchors, &options(Purpose::ClientAuth));
    assert_eq!(facts.status, TrustStatus::Trusted);
    assert_eq!(facts.anchor.as_deref(), Some("CN = root"));
    assert_eq!(facts.path.len(), 4);
    assert_eq!(facts.path.last(), Some(&root.sha256));
    assert_eq!(facts.webpki_differs, None);
    let depths: Vec<usize> = facts.events.iter().map(|event| event.depth).collect();
    assert_eq!(depths, [3, 2, 1, 0]);
    assert_eq!(facts.role, Side::Client);
}

#[test]
fn nothing_is_trusted_without_anchors() {
    let chain = chain(2);
    let facts = judge(&chain, &Anchors::default(), &options(Purpose::ClientAuth));
    assert_eq!(facts.status, TrustStatus::Unknown);
    assert_eq!(facts.problems.len(), 1);
    assert_eq!(facts.problems[0].error, x509_error(19));
    assert_eq!(facts.anchor, None);
    let empty = judge(&[], &Anchors::new(chain), &options(Purpose::ClientAuth));
    assert_eq!(empty.status, TrustStatus::Unknown);
    assert!(empty.events.is_empty());
}

#[test]
fn purposes_are_told_apart() {
    let mut chain = chain(1);
    let anchors = Anchors::new(vec![chain.pop().unwrap()]);
    let facts = judge(&chain, &anchors, &options(Purpose::ServerAuth));
    assert_eq!(facts.status, TrustStatus::Untrusted);
    assert_eq!(facts.problems[0].error, x509_error(26));
    assert!(
        facts.problems[0].why.contains("clientAuth"),
        "{}",
        facts.problems[0].why
    );
    assert_eq!(facts.role, Side::Server);
}

#[test]
fn every_fault_is_listed_with_its_values() {
    let mut chain = chain(1);
    let anchors = Anchors::new(vec![chain.pop().unwrap()]);
    let mut late = options(Purpose::ServerAuth);
    late.now = "2041-01-01T00:00:00.5Z".parse().unwrap();
    let facts = judge(&chain, &anchors, &late);
    let numbers: Vec<(usize, u32)> = facts
        .problems
        .iter()
        .map(|problem| (problem.depth, problem.error.num))
        .collect();
    assert_eq!(numbers, [(0, 26), (1, 10), (0, 10)]);
    assert_eq!(
        facts.problems[1].why,
        "expired 2040-01-01T00:00:00Z, checked at 2041-01-01T00:00:00Z"
    );
    // In the very second of notAfter, OpenSSL already says expired.
    late.now = "2040-01-01T00:00:00Z".parse().unwrap();
    late.purpose = Purpose::ClientAuth;
    let facts = judge(&chain, &anchors, &late);
    assert_eq!(facts.problems.len(), 2);
    assert!(
        facts
            .webpki_differs
            .unwrap()
            .starts_with("rustls accepts it")
    );
}

#[test]
fn an_unreadable_certificate_is_a_fault() {
    let mut chain = chain(1);
    let anchors = Anchors::new(vec![chain.pop().unwrap()]);
    chain.push(shared(b"nonsense"));
    let facts = judge(&chain, &anchors, &options(Purpose::ClientAuth));
    assert_eq!(facts.status, TrustStatus::Untrusted);
    assert!(
        facts.problems[0]
            .why
            .starts_with("certificate 2 of the chain as sent cannot be read")
    );
    let leaf = judge(&[shared(&[])], &anchors, &options(Purpose::ClientAuth));
    assert_eq!(leaf.status, TrustStatus::Untrusted);
    assert!(leaf.events.is_empty());
}

#[test]
fn a_thousand_certificates_take_bounded_time() {
    // Self-issued certificates of one name and one key: every one may have issued every other.
    let own = key();
    let made: Vec<Arc<Certificate>> = (0..50u8)
        .map(|number| {
            let mut same = params("same", true);
            same.use_authority_key_identifier_extension = false;
            same.serial_number = Some(vec![number + 1].into());
            let issuer = Issuer::new(params("same", true), &own);
            shared(same.signed_by(&own, &issuer).unwrap().der())
        })
        .collect();
    let many: Vec<Arc<Certificate>> = made.iter().cycle().take(1000).cloned().collect();
    let anchors = Anchors::new(vec![chain(0).remove(0)]);
    judge(&many, &anchors, &options(Purpose::ClientAuth));

    let mut long = chain(130);
    let anchors = Anchors::new(vec![long.pop().unwrap()]);
    let facts = judge(&long, &anchors, &options(Purpose::ClientAuth));
    assert_eq!(facts.status, TrustStatus::Untrusted);
    assert!(facts.problems.iter().any(|problem| problem.error.num == 22));
    assert_eq!(facts.path.len(), 102);
}

proptest::proptest! {
    #![proptest_config(proptest::prelude::ProptestConfig::with_cases(64))]

    #[test]
    fn order_and_repetition_above_the_leaf_do_not_matter(places in proptest::collection::vec(1usize..6, 0..40)) {
        thread_local! {
            static CHAIN: Vec<Arc<Certificate>> = chain(4);
        }
        CHAIN.with(|chain| {
            let anchors = Anchors::new(vec![chain[4].clone()]);
            // Every place of the chain once, in any order, with whatever else proptest picks, the
            // root and a leaf too.
            let mut sent = vec![chain[0].clone()];
            sent.extend(places.iter().map(|&place| chain[place % 5].clone()));
            sent.extend([3, 1, 2].map(|place| chain[place].clone()));
            let facts = judge(&sent, &anchors, &options(Purpose::ClientAuth));
            proptest::prop_assert_eq!(facts.status, TrustStatus::Trusted);
            proptest::prop_assert_eq!(facts.path.len(), 5);
            Ok(())
        })?;
    }

    #[test]
    fn damage_never_panics_and_is_never_trusted(at: usize, bit in 0u8..8, which in 0usize..3) {
        thread_local! {
            static CHAIN: Vec<Arc<Certificate>> = chain(3);
        }
        CHAIN.with(|chain| {
            let anchors = Anchors::new(vec![chain[3].clone()]);
            let mut sent = chain[..3].to_vec();
            let mut der = sent[which].der.clone();
            let at = at % der.len();
            der[at] ^= 1 << bit;
            sent[which] = shared(&der);
            let facts = judge(&sent, &anchors, &options(Purpose::ClientAuth));
            proptest::prop_assert_ne!(facts.status, TrustStatus::Trusted);
            Ok(())
        })?;
    }
}

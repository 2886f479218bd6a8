//! Heaps of certificates that are made to cost time.

use rcgen::{PublicKeyData, SignatureAlgorithm};

use super::*;

/// A public key of this many octets that nobody has the other half of.
struct Huge(Vec<u8>);

impl Huge {
    fn new(octets: usize, exponent: &[u8], last: u8) -> Self {
        let number = |octets: &[u8]| {
            let mut value = vec![2, 0x82];
            value.extend(u16::try_from(octets.len() + 1).unwrap().to_be_bytes());
            value.push(0);
            value.extend(octets);
            value
        };
        let mut modulus = vec![0xff; octets];
        modulus[octets - 2] = last;
        let content = [number(&modulus), number(exponent)].concat();
        let mut key = vec![0x30, 0x82];
        key.extend(u16::try_from(content.len()).unwrap().to_be_bytes());
        key.extend(content);
        Self(key)
    }
}

impl PublicKeyData for Huge {
    fn der_bytes(&self) -> &[u8] {
        &self.0
    }

    fn algorithm(&self) -> &'static SignatureAlgorithm {
        &rcgen::PKCS_RSA_SHA256
    }
}

/// 40 authorities of one name, each with another RSA key of 16384 bits and an exponent of 64.
fn heap(world: &mut World, exponent: &[u8]) -> Vec<Certificate> {
    let issuer = Issuer::new(authority("Root"), world.key("Root"));
    (0..40)
        .map(|number| {
            let key = Huge::new(2048, exponent, number);
            let mut params = authority("X");
            params.use_authority_key_identifier_extension = false;
            certificate(params.signed_by(&key, &issuer).unwrap().der())
        })
        .collect()
}

/// The status of a leaf whose true issuer stands behind the heap, and why.
fn judged(exponent: &[u8]) -> (TrustStatus, String) {
    let mut world = World::default();
    // Without identifiers, any of them may have signed it.
    let leaf = world.leaf("X", &|params| {
        params.use_authority_key_identifier_extension = false;
    });
    let heap = heap(&mut world, exponent);
    let issuer = world.authority("X", "Root", SAME);
    let root = world.authority("Root", "Root", SAME);
    let mut presented: Vec<&Certificate> = std::iter::once(&leaf).chain(&heap).collect();
    presented.push(&issuer);
    let facts = Ask::new(&presented, &[&root]).facts();
    let why = facts.problems.iter().map(|problem| problem.why.as_str());
    (facts.status, why.collect::<Vec<_>>().join("; "))
}

#[test]
fn a_search_spends_no_more_on_huge_keys_than_on_ordinary_ones() {
    // 40 checks by a key of 16384 bits and the exponent 3 are as long as 320 ordinary ones, with 64
    // bits of exponent as 1,200.
    let (status, why) = judged(&[3]);
    assert!(!why.contains("would cost more"), "{status:?}: {why}");
    let (status, why) = judged(&[0xff; 8]);
    assert_ne!(status, TrustStatus::Trusted);
    assert!(why.contains("would cost more than 600"), "{why}");
}

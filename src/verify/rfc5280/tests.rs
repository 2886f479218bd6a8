use std::collections::HashMap;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    NameConstraints, RevokedCertParams, SerialNumber,
};

use super::*;
use crate::parse::{cert::certificate, crl::revocation_list};

mod constraints;
mod costs;
mod cross_signs;
mod policy;
mod revocation;

const NOW: &str = "2026-11-24T00:00:00Z";

fn now() -> Timestamp {
    NOW.parse().unwrap()
}

/// A small world of authorities, each with its name, its key and its certificates.
#[derive(Default)]
struct World {
    keys: HashMap<String, Vec<u8>>,
}

/// What to change about a certificate before it is signed.
type Change<'c> = &'c dyn Fn(&mut CertificateParams);

impl World {
    fn key(&mut self, name: &str) -> KeyPair {
        let der = self
            .keys
            .entry(name.to_owned())
            .or_insert_with(|| KeyPair::generate().unwrap().serialize_der());
        KeyPair::try_from(der.as_slice()).unwrap()
    }

    /// The certificate of authority `name`, signed by `issuer` (itself for a root). A name like
    /// `B/2` is authority B with a second key.
    fn authority(&mut self, name: &str, issuer: &str, change: Change<'_>) -> Certificate {
        let mut params = authority(name);
        params.use_authority_key_identifier_extension = name != issuer;
        change(&mut params);
        self.sign(params, name, issuer)
    }

    fn leaf(&mut self, issuer: &str, change: Change<'_>) -> Certificate {
        let mut params = CertificateParams::new(vec!["hook.example".to_owned()]).unwrap();
        common(&mut params, "leaf");
        params.is_ca = IsCa::ExplicitNoCa;
        params.key_usages = vec![KeyUsagePurpose::DigitalSignature];
        params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ServerAuth];
        params.use_authority_key_identifier_extension = true;
        change(&mut params);
        self.sign(params, "leaf", issuer)
    }

    fn sign(&mut self, params: CertificateParams, name: &str, issuer: &str) -> Certificate {
        let key = self.key(name);
        if name == issuer {
            return certificate(params.self_signed(&key).unwrap().der());
        }
        let issuer_key = self.key(issuer);
        let issuer = Issuer::new(authority(issuer), issuer_key);
        certificate(params.signed_by(&key, &issuer).unwrap().der())
    }

    fn list(
        &mut self,
        issuer: &str,
        revoked: &[u64],
        change: impl Fn(&mut CertificateRevocationListParams),
    ) -> RevocationList {
        let mut params = CertificateRevocationListParams {
            this_update: rcgen::date_time_ymd(2026, 11, 1),
            next_update: rcgen::date_time_ymd(2026, 12, 1),
            crl_number: SerialNumber::from(1u64),
            issuing_distribution_point: None,
            revoked_certs: revoked
                .iter()
                .map(|&serial| RevokedCertParams {
                    serial_number: SerialNumber::from(serial),
                    revocation_time: rcgen::date_time_ymd(2026, 11, 1),
                    reason_code: None,
                    invalidity_date: None,
                })
                .collect(),
            key_identifier_method: KeyIdMethod::Sha256,
        };
        change(&mut params);
        let issuer = Issuer::new(authority(issuer), self.key(issuer));
        revocation_list(params.signed_by(&issuer).unwrap().der()).unwrap()
    }
}

fn common(params: &mut CertificateParams, name: &str) {
    params.distinguished_name = rcgen::DistinguishedName::new();
    params
        .distinguished_name
        .push(DnType::CommonName, name.split('/').next().unwrap());
    params.not_before = rcgen::date_time_ymd(2026, 1, 1);
    params.not_after = rcgen::date_time_ymd(2027, 1, 1);
    params.key_identifier_method = KeyIdMethod::Sha256;
}

fn authority(name: &str) -> CertificateParams {
    let mut params = CertificateParams::default();
    common(&mut params, name);
    params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    params.key_usages = vec![KeyUsagePurpose::KeyCertSign, KeyUsagePurpose::CrlSign];
    params
}

const SAME: Change<'static> = &|_| ();

fn extension(oid: &[u64], critical: bool, value: &[u8]) -> CustomExtension {
    let mut extension = CustomExtension::from_oid_content(oid, value.to_vec());
    extension.set_criticality(critical);
    extension
}

/// Asks about a server chain.
struct Ask<'a> {
    presented: Vec<Arc<Certificate>>,
    untrusted: Vec<Arc<Certificate>>,
    anchors: Vec<Arc<Certificate>>,
    lists: Vec<RevocationList>,
    hosts: Vec<String>,
    change: &'a dyn Fn(&mut Question<'_>),
}

impl Ask<'_> {
    fn new(presented: &[&Certificate], anchors: &[&Certificate]) -> Self {
        let own = |list: &[&Certificate]| list.iter().map(|&one| Arc::new(one.clone())).collect();
        Self {
            presented: own(presented),
            untrusted: Vec::new(),
            anchors: own(anchors),
            lists: Vec::new(),
            hosts: Vec::new(),
            change: &|_| (),
        }
    }

    fn facts(&self) -> TrustFacts {
        let anchors = Anchors::new(self.anchors.clone());
        let mut question = Question {
            presented: &self.presented,
            untrusted: &self.untrusted,
            anchors: &anchors,
            lists: &self.lists,
            now: now(),
            purpose: Purpose::ServerAuth,
            hosts: &self.hosts,
            max_depth: None,
            status_by: &crate::verify::stacks::StatusBy::Letter,
        };
        (self.change)(&mut question);
        judge(&question)
    }

    /// Depth and OpenSSL number of each problem.
    fn numbers(&self) -> Vec<(usize, u32)> {
        self.facts()
            .problems
            .iter()
            .map(|problem| (problem.depth, problem.error.num))
            .collect()
    }
}

fn ask(presented: &[&Certificate], anchors: &[&Certificate]) -> Vec<(usize, u32)> {
    Ask::new(presented, anchors).numbers()
}

#[test]
fn a_good_chain_is_trusted_in_any_order() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let above = world.authority("A", "R", SAME);
    let leaf = world.leaf("A", SAME);
    for presented in [
        vec![&leaf, &above],
        vec![&leaf, &root, &above],
        vec![&leaf, &above, &above, &root],
    ] {
        let facts = Ask::new(&presented, &[&root]).facts();
        assert_eq!(facts.status, TrustStatus::Trusted, "{:?}", facts.problems);
        assert_eq!(facts.path.len(), 3);
        assert_eq!(facts.openssl_differs, None);
        assert_eq!(facts.webpki_differs, None);
    }
    let facts = Ask::new(&[&leaf, &above], &[]).facts();
    assert_eq!(facts.status, TrustStatus::Unknown);
}

#[test]
fn any_certificate_can_be_an_anchor() {
    let mut world = World::default();
    world.authority("R", "R", SAME);
    let above = world.authority("A", "R", SAME);
    let leaf = world.leaf("A", SAME);
    assert_eq!(ask(&[&leaf], &[&above]), []);
    assert_eq!(ask(&[&leaf], &[&leaf]), []);
}

#[test]
fn the_reason_tells_a_gap_from_a_stranger() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let above = world.authority("A", "R", SAME);
    let leaf = world.leaf("A", SAME);
    let other = world.authority("O", "O", SAME);
    assert_eq!(ask(&[&leaf], &[&root]), [(0, 20)]);
    assert_eq!(ask(&[&leaf, &above], &[&other]), [(1, 20)]);
    assert_eq!(ask(&[&leaf, &above, &root], &[&other]), [(2, 19)]);
    let own = world.sign(
        {
            let mut params = CertificateParams::new(vec!["hook.example".to_owned()]).unwrap();
            common(&mut params, "self");
            params
        },
        "self",
        "self",
    );
    assert!(ask(&[&own], &[&root]).contains(&(0, 18)));
}

#[test]
fn dates_count_to_the_fraction_and_for_the_anchor_too() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let leaf = world.leaf("R", SAME);
    let at = |moment: &str| {
        let moment: Timestamp = moment.parse().unwrap();
        let anchors = Anchors::new(vec![root.clone()]);
        let presented = [Arc::new(leaf.clone())];
        let facts = judge(&Question {
            presented: &presented,
            untrusted: &[],
            anchors: &anchors,
            lists: &[],
            now: moment,
            purpose: Purpose::ServerAuth,
            hosts: &[],
            max_depth: None,
            status_by: &crate::verify::stacks::StatusBy::Letter,
        });
        facts.status
    };
    assert_eq!(at("2026-01-01T00:00:00Z"), TrustStatus::Trusted);
    assert_eq!(at("2025-12-31T23:59:59.5Z"), TrustStatus::Untrusted);
    assert_eq!(at("2027-01-01T00:00:00Z"), TrustStatus::Trusted);
    assert_eq!(at("2027-01-01T00:00:00.5Z"), TrustStatus::Untrusted);
    let old = world.authority("R", "R", &|params| {
        params.not_after = rcgen::date_time_ymd(2026, 2, 1);
    });
    assert_eq!(ask(&[&leaf], &[&old]), [(1, 10)]);
}

#[test]
fn authorities_have_to_be_authorities() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let leaf = world.leaf("A", SAME);
    let mut above = |change: Change<'_>| {
        let above = world.authority("A", "R", change);
        ask(&[&leaf, &above], &[&root])
    };
    let not_ca = above(&|params| params.is_ca = IsCa::ExplicitNoCa);
    assert!(not_ca.contains(&(1, 79)), "{not_ca:?}");
    let no_sign = above(&|params| params.key_usages = vec![KeyUsagePurpose::CrlSign]);
    assert!(no_sign.contains(&(1, 32)), "{no_sign:?}");
    let other_purpose =
        above(&|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::ClientAuth]);
    assert_eq!(other_purpose, [(1, 26)]);
    let any = above(&|params| params.extended_key_usages = vec![ExtendedKeyUsagePurpose::Any]);
    assert_eq!(any, []);
    let unknown = above(&|params| {
        params
            .custom_extensions
            .push(extension(&[1, 3, 6, 1, 4, 1, 32473, 1], true, &[5, 0]));
    });
    assert_eq!(unknown, [(1, 34)]);
}

#[test]
fn every_recipe_is_judged_as_it_must_be() {
    let authority = crate::pki::Authority::new(now()).unwrap();
    for recipe in crate::pki::recipes() {
        let Some(identity) = authority.client(recipe).unwrap() else {
            continue;
        };
        let presented: Vec<Arc<Certificate>> = identity
            .chain
            .iter()
            .map(|der| Arc::new(certificate(der)))
            .collect();
        let anchors = Anchors::new(vec![certificate(authority.anchor_for(recipe))]);
        let facts = judge(&Question {
            presented: &presented,
            untrusted: &[],
            anchors: &anchors,
            lists: &[],
            now: now(),
            purpose: Purpose::ClientAuth,
            hosts: &[],
            max_depth: None,
            status_by: &crate::verify::stacks::StatusBy::Letter,
        });
        let found: Vec<u32> = facts
            .problems
            .iter()
            .map(|problem| problem.error.num)
            .collect();
        // Without the revocation list nothing is wrong with the revoked one.
        let good = matches!(recipe.fault, "valid" | "client-revoked");
        assert_eq!(
            facts.status == TrustStatus::Trusted,
            good,
            "{}: {found:?}",
            recipe.fault
        );
        // What OpenSSL says is among what is said here, but for what it says twice in other words.
        let missing: Vec<&u32> = recipe
            .verify
            .iter()
            .filter(|num| !found.contains(num) && !matches!(num, 21 | 26))
            .collect();
        assert!(
            missing.is_empty(),
            "{}: {found:?} lacks {missing:?}",
            recipe.fault
        );
    }
}

#[test]
fn damage_never_panics_and_is_never_trusted() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let above = world.authority("A", "R", SAME);
    let leaf = world.leaf("A", SAME);
    for place in 0..leaf.der.len() {
        let mut der = leaf.der.clone();
        der[place] ^= 0x41;
        let damaged = certificate(&der);
        let facts = Ask::new(&[&damaged, &above], &[&root]).facts();
        assert_ne!(facts.status, TrustStatus::Trusted, "octet {place}");
    }
}

use std::collections::HashMap;
use std::sync::Arc;

use rcgen::{
    BasicConstraints, CertificateParams, CertificateRevocationListParams, CustomExtension, DnType,
    ExtendedKeyUsagePurpose, GeneralSubtree, IsCa, Issuer, KeyIdMethod, KeyPair, KeyUsagePurpose,
    NameConstraints, RevokedCertParams, SerialNumber,
};

use super::*;
use crate::parse::{cert::certificate, crl::revocation_list};

mod costs;
mod policy;

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

    /// The certificate of authority `name`, signed by `issuer` (itself for a root). A name like `B/2` is authority B with a second key.
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
fn an_authority_with_the_same_name_and_another_key_is_not_it() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let impostor = world.authority("R/2", "R/2", SAME);
    let above = world.authority("A", "R", SAME);
    let leaf = world.leaf("A", SAME);
    assert_eq!(ask(&[&leaf, &above], &[&impostor]), [(1, 30)]);
    // Beside the right one it does no harm, wherever it stands.
    assert_eq!(ask(&[&leaf, &above], &[&impostor, &root]), []);
    assert_eq!(ask(&[&leaf, &impostor, &above], &[&root]), []);
}

#[test]
fn an_expired_cross_sign_does_not_hide_the_good_path() {
    let mut world = World::default();
    let old_root = world.authority("Old", "Old", &|params| {
        params.not_after = rcgen::date_time_ymd(2026, 6, 1);
    });
    let new_root = world.authority("New", "New", SAME);
    let cross = world.authority("New", "Old", SAME);
    let above = world.authority("A", "New", SAME);
    let leaf = world.leaf("A", SAME);
    let both = Ask::new(&[&leaf, &above, &cross], &[&old_root, &new_root]);
    let facts = both.facts();
    assert_eq!(facts.status, TrustStatus::Trusted);
    assert_eq!(facts.path.last(), Some(&new_root.sha256));
    assert_eq!(facts.candidates.len(), 2, "both paths are told");
    assert!(!facts.candidates[1].problems.is_empty());
    let only_old = ask(&[&leaf, &above, &cross], &[&old_root]);
    assert_eq!(only_old, [(3, 10)]);
}

#[test]
fn loops_of_cross_signs_end() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let a_by_b = world.authority("A", "B", SAME);
    let b_by_a = world.authority("B", "A", SAME);
    let b_by_root = world.authority("B", "R", SAME);
    let leaf = world.leaf("A", SAME);
    assert_eq!(ask(&[&leaf, &a_by_b, &b_by_a, &b_by_root], &[&root]), []);
    let endless = Ask::new(&[&leaf, &a_by_b, &b_by_a], &[&root]).facts();
    assert_eq!(endless.status, TrustStatus::Untrusted);
}

#[test]
fn a_heap_of_cross_signs_takes_bounded_time() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let names = ["A", "B", "C", "D", "E", "F", "G", "H"];
    let mut pool = Vec::new();
    for one in names {
        for other in names {
            if one != other {
                pool.push(world.authority(one, other, SAME));
            }
        }
    }
    let leaf = world.leaf("A", SAME);
    let presented: Vec<&Certificate> = std::iter::once(&leaf).chain(&pool).collect();
    let facts = Ask::new(&presented, &[&root]).facts();
    assert_eq!(facts.status, TrustStatus::Untrusted);
    assert!(facts.candidates.len() <= SHOWN);
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
fn path_length_leaves_self_issued_ones_out() {
    let mut world = World::default();
    let root = world.authority("R", "R", &|params| {
        params.is_ca = IsCa::Ca(BasicConstraints::Constrained(1));
    });
    let a = world.authority("A", "R", SAME);
    let a_again = world.authority("A/2", "A", SAME);
    let b = world.authority("B", "A", SAME);
    let leaf = world.leaf("A/2", SAME);
    assert_eq!(ask(&[&leaf, &a_again, &a], &[&root]), []);
    let low = world.leaf("B", SAME);
    assert_eq!(ask(&[&low, &b, &a], &[&root]), [(3, 25)]);
    let mut limited = Ask::new(&[&low, &b, &a], &[&a]);
    assert_eq!(limited.numbers(), []);
    limited.change = &|question| question.max_depth = Some(0);
    assert_eq!(limited.numbers(), [(2, 22)]);
}

#[test]
fn name_constraints_bind() {
    let mut world = World::default();
    let leaf = world.leaf("R", SAME);
    let wildcard = world.leaf("R", &|params| {
        params.subject_alt_names = vec![rcgen::SanType::DnsName("*.example".try_into().unwrap())];
    });
    let mut under = |leaf: &Certificate, permitted: &[&str], excluded: &[&str]| {
        let subtrees = |names: &[&str]| {
            names
                .iter()
                .map(|&name| GeneralSubtree::DnsName(name.to_owned()))
                .collect()
        };
        let root = world.authority("R", "R", &|params| {
            params.name_constraints = Some(NameConstraints {
                permitted_subtrees: subtrees(permitted),
                excluded_subtrees: subtrees(excluded),
            });
        });
        ask(&[leaf], &[&root])
    };
    assert_eq!(under(&leaf, &["example"], &[]), []);
    assert_eq!(under(&leaf, &["elsewhere"], &[]), [(0, 47)]);
    assert_eq!(under(&leaf, &[], &["hook.example"]), [(0, 48)]);
    assert_eq!(under(&leaf, &[".example"], &[]), [(1, 52)]);
    assert_eq!(under(&leaf, &[], &["*.elsewhere"]), [(1, 52)]);
    assert_eq!(under(&wildcard, &["example"], &[]), []);
    assert_eq!(under(&wildcard, &["hook.example"], &[]), [(0, 47)]);
    assert_eq!(under(&wildcard, &[], &["hook.example"]), [(0, 48)]);
    assert_eq!(under(&wildcard, &[], &["deep.hook.example"]), []);
}

#[test]
fn a_dns_constraint_reaches_the_common_name_only_where_no_host_is_named() {
    let mut world = World::default();
    let root = world.authority("R", "R", &|params| {
        params.name_constraints = Some(NameConstraints {
            permitted_subtrees: vec![GeneralSubtree::DnsName("elsewhere".to_owned())],
            excluded_subtrees: Vec::new(),
        });
    });
    let mut under = |san: rcgen::SanType| {
        let leaf = world.leaf("R", &|params| {
            params
                .distinguished_name
                .push(DnType::CommonName, "hook.example");
            params.subject_alt_names = vec![san.clone()];
        });
        ask(&[&leaf], &[&root])
    };
    let address = rcgen::SanType::IpAddress("192.0.2.1".parse().unwrap());
    assert_eq!(under(address), []);
    let mail = rcgen::SanType::Rfc822Name("a@hook.example".try_into().unwrap());
    assert_eq!(under(mail), [(0, 47)]);
}

#[test]
fn revocation_is_judged_by_the_lists_given() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let leaf = world.leaf("R", &|params| {
        params.serial_number = Some(SerialNumber::from(77u64))
    });
    let with = |lists: Vec<RevocationList>| {
        let mut ask = Ask::new(&[&leaf], &[&root]);
        ask.lists = lists;
        ask.numbers()
    };
    let clean = world.list("R", &[5], |_| ());
    let revoking = world.list("R", &[5, 77], |_| ());
    assert_eq!(with(vec![clean.clone()]), []);
    assert_eq!(with(vec![revoking.clone()]), [(0, 23)]);
    assert_eq!(with(vec![clean.clone(), revoking.clone()]), [(0, 23)]);
    let other = world.list("O", &[77], |_| ());
    assert_eq!(with(vec![other.clone()]), [(0, 3)]);
    assert_eq!(with(vec![other, clean.clone()]), []);
    let forged = world.list("R/2", &[], |_| ());
    assert_eq!(with(vec![forged]), [(0, 8)]);
    let stale = world.list("R", &[], |params| {
        params.this_update = rcgen::date_time_ymd(2026, 9, 1);
        params.next_update = rcgen::date_time_ymd(2026, 10, 1);
    });
    assert_eq!(with(vec![stale]), [(0, 12)]);
    let early = world.list("R", &[], |params| {
        params.this_update = rcgen::date_time_ymd(2026, 11, 30)
    });
    assert_eq!(with(vec![early]), [(0, 11)]);
    // A list that is not as RFC 5280 wants it proves nothing good, and revokes all the same.
    let informal: [fn(&mut RevocationList); 5] = [
        |list| list.number = Some(true),
        |list| list.number = None,
        |list| list.authority_key_id = None,
        |list| list.next_update = None,
        |list| list.version = 1,
    ];
    for spoil in informal {
        let [mut clean, mut revoking] = [clean.clone(), revoking.clone()];
        spoil(&mut clean);
        spoil(&mut revoking);
        assert_eq!(with(vec![clean]), [(0, 1)]);
        assert_eq!(with(vec![revoking]), [(0, 23)]);
    }
    let mut authorities = clean;
    authorities.scope = Some(crate::parse::crl::Scope {
        only_authorities: true,
        ..Default::default()
    });
    assert_eq!(with(vec![authorities]), [(0, 44)]);
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

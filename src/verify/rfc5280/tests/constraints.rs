//! What an authority above allows: lengths of paths, and names.

use super::*;

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

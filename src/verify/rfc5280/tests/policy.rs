//! Policies along a path.

use super::*;

/// DER of a SEQUENCE.
fn sequence(parts: &[&[u8]]) -> Vec<u8> {
    let content = parts.concat();
    [
        &[0x30, u8::try_from(content.len()).unwrap()],
        content.as_slice(),
    ]
    .concat()
}

const POLICIES: &[u64] = &[2, 5, 29, 32];
const CONSTRAINTS: &[u64] = &[2, 5, 29, 36];
const MAPPINGS: &[u64] = &[2, 5, 29, 33];
const INHIBIT: &[u64] = &[2, 5, 29, 54];
/// 1.2.3 and 1.2.4.
const ONE: &[u8] = &[6, 2, 0x2a, 3];
const TWO: &[u8] = &[6, 2, 0x2a, 4];
const ANY_POLICY: &[u8] = &[6, 4, 0x55, 0x1d, 0x20, 0];

fn policies(oids: &[&[u8]]) -> CustomExtension {
    let listed: Vec<Vec<u8>> = oids.iter().map(|oid| sequence(&[oid])).collect();
    let listed: Vec<&[u8]> = listed.iter().map(Vec::as_slice).collect();
    extension(POLICIES, false, &sequence(&listed))
}

#[test]
fn an_explicit_policy_has_to_reach_the_leaf() {
    let mut world = World::default();
    let root = world.authority("R", "R", SAME);
    let mut path = |above: Vec<CustomExtension>, leaf: Vec<CustomExtension>| {
        let above = world.authority("A", "R", &|params| {
            params.custom_extensions = above.clone();
        });
        let leaf = world.leaf("A", &|params| params.custom_extensions = leaf.clone());
        ask(&[&leaf, &above], &[&root])
    };
    let explicit = extension(CONSTRAINTS, true, &sequence(&[&[0x80, 1, 0]]));
    let map = extension(MAPPINGS, true, &sequence(&[&sequence(&[ONE, TWO])]));
    let map_any = extension(MAPPINGS, true, &sequence(&[&sequence(&[ANY_POLICY, TWO])]));
    let no_any = extension(INHIBIT, true, &[2, 1, 0]);
    let one = || policies(&[ONE]);
    assert_eq!(path(vec![], vec![]), []);
    assert_eq!(path(vec![one()], vec![policies(&[TWO])]), []);
    assert_eq!(path(vec![one(), explicit.clone()], vec![one()]), []);
    assert_eq!(
        path(vec![one(), explicit.clone()], vec![policies(&[TWO])]),
        [(0, 43)]
    );
    assert_eq!(path(vec![one(), explicit.clone()], vec![]), [(0, 43)]);
    assert_eq!(
        path(vec![policies(&[ANY_POLICY]), explicit.clone()], vec![one()]),
        []
    );
    assert_eq!(
        path(vec![one(), explicit.clone()], vec![policies(&[ANY_POLICY])]),
        []
    );
    assert_eq!(
        path(
            vec![one(), explicit.clone(), no_any],
            vec![policies(&[ANY_POLICY])]
        ),
        [(0, 43)]
    );
    assert_eq!(
        path(
            vec![one(), explicit.clone(), map.clone()],
            vec![policies(&[TWO])]
        ),
        []
    );
    assert_eq!(path(vec![one(), explicit, map], vec![one()]), [(0, 43)]);
    assert_eq!(
        path(vec![policies(&[ANY_POLICY]), map_any], vec![]),
        [(1, 42)]
    );
}

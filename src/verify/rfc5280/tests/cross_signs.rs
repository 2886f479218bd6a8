//! Several certificates of one authority: the good path is found, loops and heaps of them end.

use super::*;

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

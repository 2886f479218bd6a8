//! Revocation lists.

use super::*;

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

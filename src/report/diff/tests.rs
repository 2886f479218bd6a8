use super::*;

fn state(access: Vec<(&str, Who, State)>) -> Snapshot {
    Snapshot {
        access: access
            .into_iter()
            .map(|(door, who, state)| Access {
                door: door.into(),
                who,
                state,
                why: "why".into(),
                ends: None,
            })
            .collect(),
        ..Snapshot::default()
    }
}

#[test]
fn every_pair_of_states_has_its_effect() {
    use State::{Accepted, Ends, Rejected, Unknown};
    let client = || Who::Client("c".into());
    for (old, new, wanted, verdict) in [
        (Accepted, Accepted, Effect::Keeps, OverallVerdict::Pass),
        (Accepted, Ends, Effect::Loses, OverallVerdict::Fail),
        (Accepted, Rejected, Effect::Loses, OverallVerdict::Fail),
        (Accepted, Unknown, Effect::MayLose, OverallVerdict::Unknown),
        (Unknown, Unknown, Effect::MayLose, OverallVerdict::Unknown),
        (Unknown, Accepted, Effect::Keeps, OverallVerdict::Pass),
        (Rejected, Rejected, Effect::Outside, OverallVerdict::Pass),
        (Rejected, Accepted, Effect::Gains, OverallVerdict::Pass),
    ] {
        // One door each: its name does not matter.
        let diff = compare(
            &state(vec![("old.pem", client(), old)]),
            &state(vec![("new.pem", client(), new)]),
        );
        assert_eq!(
            (diff.access[0].effect, diff.verdict),
            (wanted, verdict),
            "{old:?} {new:?}"
        );
    }
}

#[test]
fn what_one_state_does_not_show_is_not_kept() {
    let client = || Who::Client("c".into());
    let old = state(vec![("a", client(), State::Accepted)]);
    let gone = compare(&old, &state(Vec::new()));
    assert_eq!(gone.verdict, OverallVerdict::Unknown);
    let root = |name: &str| state(vec![("a", Who::TrustsRoot(name.into()), State::Accepted)]);
    let moved = compare(&root("one"), &root("two"));
    assert_eq!(moved.count(Effect::Loses), 1);
    assert_eq!(moved.count(Effect::Gains), 1);
    // Of several doors the name counts.
    let two =
        |states: [State; 2]| state(vec![("a", client(), states[0]), ("b", client(), states[1])]);
    let swapped = compare(
        &two([State::Accepted, State::Rejected]),
        &two([State::Rejected, State::Accepted]),
    );
    assert_eq!(swapped.count(Effect::Loses), 1);
}

#[test]
fn a_state_is_equal_to_itself_however_large_and_odd_it_is() {
    let started = std::time::Instant::now();
    let client = |number: usize| Who::Client(format!("c{}", number % 40_000));
    let mut odd = state(Vec::new());
    for number in 0..80_000 {
        odd.access.push(Access {
            door: format!("door {}", number % 3),
            who: client(number),
            state: [State::Accepted, State::Rejected][number % 2],
            why: String::new(),
            ends: None,
        });
        odd.certificates.push(Listed {
            role: Role::ClientCa,
            sha256: format!("{number}"),
            label: String::new(),
        });
        odd.settings.push(Said {
            what: format!("{number}"),
            value: String::new(),
            derived: false,
        });
    }
    let seen = compare(&odd, &odd);
    assert_eq!((seen.count(Effect::Loses), seen.changes.len()), (0, 0));
    assert!(started.elapsed().as_secs() < 20, "{:?}", started.elapsed());
}

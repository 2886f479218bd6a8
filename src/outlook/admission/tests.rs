//! What becomes of clients by each kind of setting.

use super::*;
use crate::facts::{ClientAuthMode, Setting};

fn site(mode: ClientAuthMode) -> Site {
    let mut site = Site::new(
        ServerSoftware::Nginx,
        "server",
        Place::lines("nginx.conf", 1, 1),
    );
    site.client_auth = Some(set(mode));
    site
}

fn set<T>(value: T) -> Setting<T> {
    Setting {
        value,
        place: Place::lines("nginx.conf", 2, 2),
        text: "directive".into(),
    }
}

fn caller(errors: &[u32]) -> Caller {
    Caller {
        presents: true,
        errors: errors.to_vec(),
        intermediates: Some(1),
        common_name: Some("a sender".into()),
        ..Caller::default()
    }
}

fn pin(of: Pinned, comparison: Comparison, value: &str) -> Pin {
    Pin {
        of,
        comparison,
        values: vec![value.into()],
        negated: false,
        in_handshake: false,
    }
}

#[test]
fn the_three_questions_decide() {
    let unchecked = ClientAuthMode {
        checks: Checks::ButIssuer,
        ..ClientAuthMode::OPTIONAL
    };
    let outcome = |mode, caller: &Caller| admit(&site(mode), caller).outcome;
    use Admitted::{Accepted, Rejected};
    for (mode, wanted) in [
        (
            ClientAuthMode::OFF,
            [Accepted, Accepted, Accepted, Accepted],
        ),
        (
            ClientAuthMode::OPTIONAL,
            [Accepted, Accepted, Rejected, Rejected],
        ),
        (
            ClientAuthMode::REQUIRED,
            [Rejected, Accepted, Rejected, Rejected],
        ),
        (unchecked, [Accepted, Accepted, Accepted, Rejected]),
    ] {
        let found = [
            outcome(mode, &Caller::default()),
            outcome(mode, &caller(&[])),
            outcome(mode, &caller(&[20])),
            outcome(mode, &caller(&[10])),
        ];
        assert_eq!(found, wanted, "{mode:?}");
    }
}

#[test]
fn depth_counts_intermediates() {
    let mut site = site(ClientAuthMode::REQUIRED);
    site.intermediates = Some(set(0));
    assert_eq!(admit(&site, &caller(&[])).outcome, Admitted::Rejected);
    site.intermediates = Some(set(1));
    assert_eq!(admit(&site, &caller(&[])).outcome, Admitted::Accepted);
}

#[test]
fn a_subject_is_compared_by_its_common_name_where_no_more_is_asked() {
    let with = |value: &str, comparison| {
        holds(&pin(Pinned::Subject, comparison, value), &caller(&[]), true)
    };
    assert_eq!(with("CN=a sender", Comparison::Equals), Some(true));
    assert_eq!(with("CN=another", Comparison::Contains), Some(false));
    assert_eq!(with("CN=a sender,O=Somebody", Comparison::Equals), None);
    assert_eq!(with("CN=a.sender$", Comparison::Matches), Some(true));
    assert_eq!(with("O=Somebody", Comparison::Contains), None);
    assert_eq!(with("sender", Comparison::Contains), Some(true));
    assert_eq!(with(".", Comparison::Matches), Some(true));
}

#[test]
fn a_condition_on_the_verification_makes_optional_strict() {
    let mut site = site(ClientAuthMode::OPTIONAL);
    site.pins
        .push(set(pin(Pinned::Verified, Comparison::Equals, "SUCCESS")));
    let admission = admit(&site, &Caller::default());
    assert_eq!(admission.rejected_by, Some(TurnedAway::HttpStatus));
    assert_eq!(admit(&site, &caller(&[])).outcome, Admitted::Accepted);
}

#[test]
fn words_are_compared_as_their_expressions_would() {
    for expression in [
        "a",
        "^a",
        "a$",
        "^CN=a$",
        "(?i)cn=A",
        r"CN=a\.example$",
        "^$",
        "",
        r"a\$",
        "a.e",
        "a|b",
        r"\w",
        "(?i)^é$",
    ] {
        for seen in [
            "",
            "a",
            "CN=a",
            "cn=a",
            "CN=a.example",
            "CN=axexample",
            "a$",
            "b",
            "É",
        ] {
            let expected = regex::Regex::new(expression).unwrap().is_match(seen);
            let found = fits(Comparison::Matches, expression, seen);
            assert_eq!(found, Some(expected), "{expression} {seen}");
        }
    }
}

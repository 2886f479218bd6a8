//! What a condition that chooses a backend makes of a client, by whether it has a certificate and
//! whether that is good.

use super::{
    Line,
    rules::{self, Acls},
};

/// Whether every test of the certificate in a line asks only whether there is one, and whether it
/// is good.
pub(super) fn plain_tests(line: &Line, acls: &Acls<'_>) -> bool {
    let Some(alternatives) =
        condition(line).and_then(|(_, words)| rules::alternatives(words, acls))
    else {
        return false;
    };
    let mut tests = alternatives
        .iter()
        .flatten()
        .flat_map(|(_, tests, _)| tests);
    tests.all(|test| {
        let about = rules::is_about(test, acls);
        !about
            || [(false, true), (true, true)]
                .iter()
                .all(|client| holds(test, *client).is_some())
    })
}

/// Whether a line is for a client: whether it has a certificate, and whether `ssl_c_verify` is 0;
/// `None` where something else decides.
pub(super) fn holds_for(line: &Line, acls: &Acls<'_>, client: (bool, bool)) -> Option<bool> {
    let Some((unless, words)) = condition(line) else {
        return Some(true);
    };
    let alternatives = rules::alternatives(words, acls)?;
    let term = |(not, tests, _): &rules::Term<'_>| {
        let all = tests.iter().map(|test| holds(test, client));
        any(all)
            .map(|holds| holds != *not)
            .filter(|_| !tests.is_empty())
    };
    let of_all = alternatives
        .iter()
        .map(|terms| any(terms.iter().map(|one| term(one).map(|holds| !holds))).map(|one| !one));
    any(of_all).map(|holds| holds != unless)
}

/// Whether a condition stands behind `unless`, and its words.
fn condition(line: &Line) -> Option<(bool, &[String])> {
    let mut words = line.words.iter();
    let at = words.position(|word| word == "if" || word == "unless")?;
    Some((line.words[at] == "unless", &line.words[at + 1..]))
}

/// Whether any holds; `None` where that depends on what is not known.
fn any(all: impl Iterator<Item = Option<bool>>) -> Option<bool> {
    let mut unknown = false;
    for one in all {
        match one {
            Some(true) => return Some(true),
            Some(false) => {}
            None => unknown = true,
        }
    }
    (!unknown).then_some(false)
}

/// One test.
fn holds(test: &[String], (used, good): (bool, bool)) -> Option<bool> {
    let words: Vec<&str> = test.iter().map(String::as_str).collect();
    match words.as_slice() {
        ["ssl_c_used" | "ssl_fc_has_crt"] => Some(used),
        ["ssl_c_used" | "ssl_fc_has_crt", "1"] => Some(used),
        ["ssl_c_used" | "ssl_fc_has_crt", "0"] => Some(!used),
        ["ssl_c_verify", "0"] => Some(good),
        _ => None,
    }
}

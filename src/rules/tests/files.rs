//! What the rules say together about files.

use super::codes;
use crate::{
    engine::judge,
    finding::{Certainty, Severity},
    profiles,
    rules::{
        chain::fixture as chain_fixture,
        fixture::{self, Fixture},
    },
};

#[test]
fn good_files_yield_nothing() {
    assert_eq!(codes(Fixture::files()), [""; 0]);
    assert_eq!(codes(Fixture::files().without_anchors()), [""; 0]);
    assert_eq!(codes(Fixture::client_ca()), [""; 0]);
    let roots = vec![chain_fixture::root_of(0)];
    let both = || Fixture::files().client_anchors(roots.clone());
    // Whom a file is for is worth a note where nobody says it.
    assert_eq!(codes(both()), ["MT461"]);
    assert_eq!(codes(both().for_sender()), [""; 0]);
    assert_eq!(
        codes(both().context(|context| context.profile = profiles::find("generic"))),
        ["MT461"]
    );
}

/// Two levels of authorities, no intermediate: worth a word at the most.
#[test]
fn a_leaf_below_a_root_is_whole_by_itself() {
    let below = |organization: &'static str, issuer: &'static str, url: Option<&str>| {
        let url = url.map(str::to_owned);
        let (case, context) = Fixture::files()
            .file_leaf_only()
            .without_anchors()
            .block(0, |leaf| {
                leaf.issuer = format!("O = {organization}, CN = {issuer}");
                leaf.form.issuer_common_name = Some(issuer.into());
                leaf.form.issuer_urls = url.into_iter().collect();
            })
            .done();
        let findings = judge(case, &context).findings;
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].rule.code, "MT203");
        (findings[0].severity, findings[0].certainty)
    };
    let url = Some("http://ca.example/root.cer");
    assert_eq!(below("A", "Our Root CA", None).0, Severity::Note);
    assert_eq!(below("A", "Our Root CA", url).0, Severity::Warning);
    assert_eq!(
        below("Root Ltd", "Our CA", None),
        (Severity::Warning, Certainty::Likely)
    );
    assert_eq!(below("A", "Grootbank CA", None).0, Severity::Warning);
}

/// Leaf's issuer nowhere, leaf its own issuer, an authority nobody trusts: three faults, three
/// rules.
#[test]
fn a_missing_intermediate_is_told_from_an_unknown_authority() {
    let files = Fixture::files;
    assert_eq!(
        codes(files().file_leaf_only().file_problem(0, 20)),
        ["MT203"]
    );
    assert_eq!(codes(files().file_problem(1, 20)), ["MT276"]);
    let root_too = files().also(chain_fixture::server_root());
    assert_eq!(codes(root_too.file_problem(2, 19)), ["MT276"]);
    let selfish = files().file_leaf_only().block(0, |leaf| {
        leaf.issuer = leaf.subject.clone();
        leaf.self_issued = true;
    });
    assert_eq!(codes(selfish.file_problem(0, 18)), ["MT277"]);
    let below_a_root = files().file_leaf_only().block(0, |leaf| {
        leaf.issuer = "CN = Unknown Root".into();
        leaf.form.issuer_common_name = Some("Unknown Root".into());
    });
    assert_eq!(codes(below_a_root.file_problem(0, 20)), ["MT276"]);
}

#[test]
fn the_dates_of_a_stranger_are_no_matter() {
    let mut old = fixture::authority_of("Old Intermediate", "Old Root");
    old.not_after = "2026-11-01T00:00:00Z".parse().unwrap();
    assert_eq!(codes(Fixture::files().also(old)), ["MT270"]);
    let mut ours = fixture::authority_of("Server Root", "Server Root");
    ours.not_after = "2026-11-01T00:00:00Z".parse().unwrap();
    assert_eq!(codes(Fixture::files().also(ours)), ["MT201", "MT213"]);
}

#[test]
fn a_self_signed_file_without_anchors_is_a_warning() {
    let (case, context) = Fixture::files()
        .file_leaf_only()
        .without_anchors()
        .block(0, |leaf| {
            leaf.issuer = leaf.subject.clone();
            leaf.self_issued = true;
        })
        .done();
    let findings = judge(case, &context).findings;
    assert_eq!(findings.len(), 1);
    assert_eq!(
        (findings[0].rule.code, findings[0].severity),
        ("MT277", Severity::Warning)
    );
}

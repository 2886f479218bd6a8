//! What every rule has to keep, whoever writes it.

mod declared;
mod files;

use crate::{
    engine::judge,
    facts::{EndingKind, KeyAlgorithm, KeyUsage, Party, Phase, Side},
    finding::{Certainty, Severity},
    rules::{ALL, fixture::Fixture},
};

/// The rules whose fault brings another finding with it, and which: the depth that cuts a chain
/// needs an error to cut at.
const COMPANIONS: &[(&str, &[&str])] = &[("MT407", &["MT403"])];

fn codes(fixture: Fixture) -> Vec<&'static str> {
    let (case, context) = fixture.done();
    judge(case, &context)
        .findings
        .iter()
        .map(|finding| finding.rule.code)
        .collect()
}

#[test]
fn every_rule_fires_on_its_bad_case_and_alone() {
    for rule in ALL {
        let (case, context) = (rule.fires_on)();
        let judged = judge(case, &context);
        let mut found: Vec<&str> = judged.findings.iter().map(|f| f.rule.code).collect();
        found.sort_unstable();
        found.dedup();
        let mut wanted = vec![rule.code];
        for (code, with) in COMPANIONS {
            if *code == rule.code {
                wanted.extend_from_slice(with);
            }
        }
        wanted.sort_unstable();
        assert_eq!(found, wanted, "{}", rule.name);
    }
}

#[test]
fn every_rule_is_silent_on_its_near_miss() {
    for rule in ALL {
        let (case, context) = (rule.silent_on)();
        let judged = judge(case, &context);
        assert!(
            judged.findings.iter().all(|f| f.rule.code != rule.code),
            "{}",
            rule.name
        );
    }
}

#[test]
fn messages_follow_the_house_style() {
    for rule in ALL {
        let (case, context) = (rule.fires_on)();
        for finding in judge(case, &context).findings {
            let hit = finding.hit;
            for text in [&hit.message, &hit.remedy.text] {
                let first = text.chars().next().unwrap_or('.');
                assert!(!first.is_uppercase() && first != '.', "{text}");
                assert!(!text.ends_with('.'), "{text}");
            }
            assert!(!hit.subject.is_empty(), "{}", rule.code);
        }
    }
}

#[test]
fn a_good_connection_yields_nothing() {
    assert_eq!(codes(Fixture::good()), [""; 0]);
}

#[test]
fn one_cause_is_reported_once() {
    let good = Fixture::good;
    assert_eq!(codes(good().root_sent().problem(2, 19)), ["MT403"]);
    assert_eq!(codes(good().problem(1, 2)), ["MT403"]);
    assert_eq!(codes(good().problem(2, 10)), ["MT201"]);
    assert_eq!(
        codes(good().certificate(0, |leaf| leaf.key_usage =
            Some(vec![KeyUsage::KeyEncipherment]))),
        ["MT404"]
    );
    assert_eq!(
        codes(
            good()
                .certificate(1, |ca| ca.key_usage = Some(vec![KeyUsage::CrlSign]))
                .problem(1, 32)
        ),
        ["MT208"]
    );
    assert_eq!(codes(good().problem(0, 45)), ["MT410"]);
}

#[test]
fn without_anchors_nothing_is_called_untrusted() {
    let codes = codes(Fixture::good().no_anchors().leaf_only().chain(|chain| {
        crate::rules::fixture::add_problem(chain, 0, 20);
        if let Some(trust) = &mut chain.trust {
            trust.status = crate::facts::TrustStatus::Unknown;
        }
    }));
    assert_eq!(codes, [""; 0]);
}

#[test]
fn what_a_full_validation_let_pass_is_a_warning() {
    let (case, context) = Fixture::good()
        .certificate(0, |leaf| leaf.key.bits = 1024)
        .done();
    assert_eq!(
        judge(case, &context).findings[0].severity,
        Severity::Warning
    );
}

#[test]
fn the_server_mends_its_own_chain() {
    let (case, context) = Fixture::good()
        .server_chain(|chain| {
            chain.certificate_mut(0).not_after = "2026-11-01T00:00:00Z".parse().unwrap()
        })
        .done();
    let judged = judge(case, &context);
    assert_eq!(judged.findings[0].act, crate::finding::Act::Server);
    assert!(judged.findings[0].hit.message.contains("the server's leaf"));
}

#[test]
fn a_request_is_milder_than_a_requirement() {
    let (case, context) = Fixture::good().no_client_certificate().done();
    let judged = judge(case, &context);
    assert_eq!(judged.findings[0].rule.code, "MT401");
    assert_eq!(judged.findings[0].severity, Severity::Warning);
}

#[test]
fn a_client_that_hangs_up_on_our_certificate_is_a_likely_refusal() {
    let (case, context) = Fixture::good()
        .ended(EndingKind::Closed, Phase::Handshake, Some(Party::Peer))
        .done();
    let judged = judge(case, &context);
    assert_eq!(judged.findings.len(), 1);
    assert_eq!(judged.findings[0].rule.code, "MT406");
    assert_eq!(judged.findings[0].certainty, Certainty::Likely);
}

#[test]
fn each_list_that_shares_nothing_is_named() {
    let hello = |change: fn(&mut crate::facts::ClientHello)| {
        let (case, context) = Fixture::good().refused_hello().hello(change).done();
        judge(case, &context).findings[0].hit.message.clone()
    };
    assert!(hello(|h| h.cipher_suites = vec![0x0a0a, 0x002f]).contains("cipher suite"));
    assert!(hello(|h| h.groups = Some(vec![0x001e])).contains("key exchange group"));
    assert!(hello(|h| h.signature_algorithms = None).contains("signature algorithm"));
    assert!(hello(|_| {}).contains("no working combination"));
}

#[test]
fn an_rsa_only_client_cannot_use_an_ecdsa_certificate() {
    let (case, context) = Fixture::good()
        .refused_hello()
        .hello(|hello| hello.signature_algorithms = Some(vec![0x0804]))
        .handshake(|handshake| {
            handshake.tls.server_chain = Fixture::good()
                .done()
                .0
                .accepted()
                .unwrap()
                .tls
                .server_chain
                .clone();
            if let Some(chain) = &mut handshake.tls.server_chain {
                assert_eq!(chain.role, Side::Server);
                chain.certificate_mut(0).key.algorithm = KeyAlgorithm::Ec;
                chain.certificate_mut(0).key.bits = 256;
            }
        })
        .done();
    let message = &judge(case, &context).findings[0].hit.message;
    assert!(message.contains("signature algorithm"), "{message}");
}

#[test]
fn what_is_wrong_with_files_comes_with_a_command() {
    let mut without = Vec::new();
    for rule in ALL.iter().filter(|rule| rule.code < "MT300") {
        let (case, context) = (rule.fires_on)();
        let judged = judge(case, &context);
        let bare = judged.findings.iter().any(|finding| {
            finding.rule.code == rule.code && finding.hit.remedy.commands.is_empty()
        });
        if bare {
            without.push(rule.name);
        }
    }
    assert!(without.is_empty(), "{without:?}");
}

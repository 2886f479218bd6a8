//! What every rule has to keep, whoever writes it.

use std::collections::HashSet;

use crate::{
    engine::judge,
    facts::{EndingKind, Party, Phase, Requirement, Side},
    finding::{Certainty, Severity, Symptom},
    profiles,
    rules::{
        ALL,
        chain::fixture as chain_fixture,
        code_for_verify_error, find,
        fixture::{self, Fixture},
    },
};

const HEADINGS: [&str; 4] = [
    "## What it finds",
    "## Why it matters",
    "## How to fix it",
    "## References",
];

/// IANA "TLS Alerts" registry, 2025-09.
const ALERTS: &[u8] = &[
    0, 10, 20, 21, 22, 30, 40, 41, 42, 43, 44, 45, 46, 47, 48, 49, 50, 51, 52, 60, 70, 71, 80, 86,
    90, 100, 109, 110, 111, 112, 113, 114, 115, 116, 120, 121,
];

/// The rules whose fault brings another finding with it, and which: the depth that cuts a chain needs an error to cut at.
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
fn codes_are_unique_ordered_and_well_formed() {
    for rule in ALL {
        let digits = rule.code.strip_prefix("MT").unwrap_or_default();
        assert!(
            digits.len() == 3 && digits.bytes().all(|b| b.is_ascii_digit()),
            "{}",
            rule.code
        );
        assert!(
            matches!(digits.as_bytes()[0], b'1'..=b'5' | b'9'),
            "{}: no such hundred",
            rule.code
        );
    }
    for pair in ALL.windows(2) {
        assert!(pair[0].code < pair[1].code, "{}", pair[1].code);
    }
}

#[test]
fn names_are_kebab_case_and_unique() {
    let mut seen = HashSet::new();
    for rule in ALL {
        let kebab = rule.name.split('-').all(|word| {
            !word.is_empty()
                && word
                    .bytes()
                    .all(|b| b.is_ascii_lowercase() || b.is_ascii_digit())
        });
        assert!(kebab, "{}", rule.name);
        assert!(seen.insert(rule.name), "{} twice", rule.name);
    }
}

/// A file that no list names would be a rule that nobody asks.
#[test]
fn every_rule_is_the_file_of_its_name_and_every_file_is_listed() {
    let rooms = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("src/rules");
    let mut written: Vec<String> = Vec::new();
    for room in std::fs::read_dir(rooms).unwrap() {
        let room = room.unwrap();
        if !room.file_type().unwrap().is_dir() {
            continue;
        }
        let room_name = room.file_name().into_string().unwrap();
        for file in std::fs::read_dir(room.path()).unwrap() {
            let path = file.unwrap().path();
            let text = std::fs::read_to_string(&path).unwrap();
            let Some(at) = text
                .find("\n        name: \"")
                .filter(|_| text.contains("\nrule! {"))
            else {
                continue;
            };
            let name = text[at + 16..].split('"').next().unwrap();
            let stem = path.file_stem().unwrap().to_str().unwrap();
            let module = name.replace('-', "_");
            assert!(
                module == stem || module == format!("{room_name}_{stem}"),
                "{}: its rule is {name}",
                path.display()
            );
            written.push(name.to_owned());
        }
    }
    let mut listed: Vec<&str> = ALL.iter().map(|rule| rule.name).collect();
    listed.sort_unstable();
    written.sort_unstable();
    assert_eq!(written, listed);
}

#[test]
fn pages_have_their_headings_in_order() {
    for rule in ALL {
        let found: Vec<&str> = rule
            .doc
            .lines()
            .map(str::trim)
            .filter(|line| line.starts_with("## "))
            .collect();
        assert_eq!(found, HEADINGS, "{}", rule.code);
        for part in rule.doc.split("## ").skip(1) {
            let text = part.split_once('\n').unwrap_or_default().1;
            assert!(!text.trim().is_empty(), "{}: an empty section", rule.code);
        }
    }
}

#[test]
fn sources_are_dated() {
    for rule in ALL {
        assert!(!rule.cites.is_empty(), "{}", rule.code);
        for cite in rule.cites {
            assert!(!cite.source.is_empty(), "{}", rule.code);
            let parts: Vec<usize> = cite.date.split('-').map(str::len).collect();
            assert!(
                parts == [4, 2] || parts == [4, 2, 2],
                "{}: {}",
                rule.code,
                cite.date
            );
        }
    }
}

#[test]
fn faults_are_of_the_common_vocabulary() {
    for rule in ALL {
        for fault in rule.faults {
            assert!(
                crate::explain::fault(fault).is_some(),
                "{}: {fault}",
                rule.code
            );
        }
    }
}

#[test]
fn symptoms_are_registered_numbers_and_lower_case_words() {
    for rule in ALL {
        for symptom in rule.symptoms {
            let good = match symptom {
                Symptom::Alert(number) => ALERTS.contains(number),
                Symptom::Verify(number) => (1..=94).contains(number),
                Symptom::Says(words) => !words.is_empty() && words.to_lowercase() == *words,
                Symptom::Breaks(_) => true,
            };
            assert!(good, "{}: {symptom:?}", rule.code);
        }
    }
}

#[test]
fn since_is_not_the_future() {
    let version =
        |text: &str| -> Vec<u32> { text.split('.').map(|part| part.parse().unwrap()).collect() };
    for rule in ALL {
        assert!(
            version(rule.since) <= version(env!("CARGO_PKG_VERSION")),
            "{}",
            rule.code
        );
    }
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
fn good_files_yield_nothing() {
    assert_eq!(codes(Fixture::files()), [""; 0]);
    assert_eq!(codes(Fixture::files().without_anchors()), [""; 0]);
    assert_eq!(codes(Fixture::client_ca()), [""; 0]);
    let roots = vec![chain_fixture::root_of(0)];
    let both = || Fixture::files().client_anchors(roots.clone());
    assert_eq!(codes(both()), [""; 0]);
    assert_eq!(codes(both().for_sender()), [""; 0]);
    assert_eq!(
        codes(both().context(|context| context.profile = profiles::all().last())),
        [""; 0]
    );
}

/// Two levels of authorities, no intermediate: worth a word at the most.
#[test]
fn a_leaf_below_a_root_is_whole_by_itself() {
    let below = |issuer: &'static str, url: Option<&str>| {
        let url = url.map(str::to_owned);
        let (case, context) = Fixture::files()
            .file_leaf_only()
            .without_anchors()
            .block(0, |leaf| {
                leaf.issuer = issuer.into();
                leaf.form.issuer_urls = url.into_iter().collect();
            })
            .done();
        let findings = judge(case, &context).findings;
        assert_eq!(findings.len(), 1);
        assert_eq!(findings[0].rule.code, "MT203");
        (findings[0].severity, findings[0].certainty)
    };
    let url = Some("http://ca.example/root.cer");
    assert_eq!(below("O = A, CN = Our Root CA", None).0, Severity::Note);
    assert_eq!(below("O = A, CN = Our Root CA", url).0, Severity::Warning);
    assert_eq!(
        below("O = Root Ltd, CN = Our CA", None),
        (Severity::Warning, Certainty::Likely)
    );
    assert_eq!(below("CN = Grootbank CA", None).0, Severity::Warning);
}

/// Leaf's issuer nowhere, leaf its own issuer, an authority nobody trusts: three faults, three rules.
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
    let below_a_root = files()
        .file_leaf_only()
        .block(0, |leaf| leaf.issuer = "CN = Unknown Root".into());
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

#[test]
fn rules_are_found_by_code_or_name() {
    assert_eq!(find("mt201").map(|rule| rule.code), Some("MT201"));
    assert_eq!(find(" No-SNI ").map(|rule| rule.code), Some("MT302"));
    assert!(find("MT299").is_none() && find("").is_none());
}

#[test]
fn numbers_lead_to_their_first_rule() {
    for (num, client, server) in [
        (10, Some("MT201"), Some("MT201")),
        (20, Some("MT203"), Some("MT203")),
        (19, Some("MT403"), Some("MT276")),
        (18, Some("MT402"), Some("MT277")),
        (26, Some("MT404"), Some("MT274")),
        (17, None, None),
    ] {
        assert_eq!(code_for_verify_error(num, Side::Client), client, "{num}");
        assert_eq!(code_for_verify_error(num, Side::Server), server, "{num}");
    }
}

#[test]
fn one_cause_is_reported_once() {
    let good = Fixture::good;
    assert_eq!(codes(good().root_sent().problem(2, 19)), ["MT403"]);
    assert_eq!(codes(good().problem(1, 2)), ["MT403"]);
    assert_eq!(codes(good().problem(2, 10)), ["MT201"]);
    assert_eq!(
        codes(good().certificate(0, |leaf| leaf.key_usage =
            Some(vec!["keyEncipherment".into()]))),
        ["MT404"]
    );
    assert_eq!(
        codes(
            good()
                .certificate(1, |ca| ca.key_usage = Some(vec!["cRLSign".into()]))
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
    assert!(hello(|_| {}).contains("no combination"));
}

#[test]
fn an_rsa_only_client_cannot_use_an_ecdsa_certificate() {
    let (case, context) = Fixture::good()
        .refused_hello()
        .hello(|hello| hello.signature_algorithms = Some(vec![0x0804]))
        .handshake(|handshake| {
            handshake.server_chain = Fixture::good().done().0.handshake.unwrap().server_chain;
            if let Some(chain) = &mut handshake.server_chain {
                assert_eq!(chain.role, Side::Server);
                chain.certificate_mut(0).key.algorithm = "EC".into();
                chain.certificate_mut(0).key.bits = 256;
            }
        })
        .done();
    let message = &judge(case, &context).findings[0].hit.message;
    assert!(message.contains("signature algorithm"), "{message}");
}

#[test]
fn every_requirement_has_exactly_one_rule() {
    for requirement in Requirement::ALL {
        let codes: Vec<&str> = ALL
            .iter()
            .filter(|rule| rule.symptoms.contains(&Symptom::Breaks(*requirement)))
            .map(|rule| rule.code)
            .collect();
        assert_eq!(codes.len(), 1, "{requirement:?}: {codes:?}");
    }
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

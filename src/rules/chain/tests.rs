//! Whoever mtls refuses is told why, by an error: over every ending, every reason, every
//! rule that may stay silent.

use crate::{
    context::Context,
    engine::{judge, judge_with},
    facts::{
        Alert, Case, Certificate, ClientAuth, Ending, EndingKind, Party, PeerSignature, Phase,
        Problem, Refusal, Requirement, X509Error,
    },
    finding::{Certainty, Finding, Severity, Symptom},
    rules::{
        client::peer_refused,
        connection::fixture::ProbeFixture,
        fixture::{Fixture, add_problem},
        webhook::fixture::CallFixture,
    },
    verify::x509_error,
};

const KINDS: [EndingKind; 14] = [
    EndingKind::Completed,
    EndingKind::Unresolved,
    EndingKind::Unreachable,
    EndingKind::Refused,
    EndingKind::Incompatible,
    EndingKind::PeerAlert,
    EndingKind::Closed,
    EndingKind::Reset,
    EndingKind::TimedOut,
    EndingKind::NotTls,
    EndingKind::ProtocolError,
    EndingKind::Limit,
    EndingKind::Interrupted,
    EndingKind::Internal,
];

fn problem(error: X509Error, requirement: Option<Requirement>) -> Problem {
    Problem {
        depth: 0,
        subject: "CN = sender".to_owned(),
        error,
        requirement,
        why: format!("the reason {} {requirement:?}", error.num),
    }
}

/// Every reason there is, with its words: each of OpenSSL's numbers, each requirement, no anchor,
/// the handshake's signature, the library's own.
fn reasons() -> Vec<(Option<Refusal>, String)> {
    let mut reasons: Vec<(Option<Refusal>, String)> = (1..=94)
        .map(|num| problem(x509_error(num), None))
        .chain(
            Requirement::ALL
                .iter()
                .map(|&requirement| problem(x509_error(1), Some(requirement))),
        )
        .map(|problem| (Some(Refusal::Chain(problem.clone())), problem.why))
        .collect();
    reasons.push((Some(Refusal::NoAnchor), "no anchor was there".to_owned()));
    reasons.push((Some(Refusal::Signature), "the signature: no".to_owned()));
    reasons.push((None, "the library says no".to_owned()));
    reasons
}

fn end(ending: &mut Ending, kind: EndingKind, why: &str, alert: Option<u8>) {
    ending.kind = kind;
    ending.phase = Phase::Handshake;
    ending.sent_by = Some(Party::Us);
    why.clone_into(&mut ending.detail);
    ending.alert = alert.map(|code| Alert {
        code,
        name: crate::parse::ids::alert_name(code),
    });
}

fn signature(checked: bool) -> Option<PeerSignature> {
    Some(PeerSignature {
        scheme: 0x0808,
        checked,
        verified: false,
        problem: Some("no".to_owned()),
    })
}

/// A listener's connection that ended so, the chain's problem among its facts or not.
fn connection(
    refusal: &Option<Refusal>,
    known: bool,
    kind: EndingKind,
    why: &str,
    alert: Option<u8>,
) -> (Case, Context) {
    let fixture = Fixture::good().handshake(|handshake| {
        end(&mut handshake.tls.ending, kind, why, alert);
        handshake.client_auth = ClientAuth::Require;
        handshake.tls.refusal.clone_from(refusal);
        match refusal {
            Some(Refusal::Signature) => handshake.tls.signature = signature(known),
            Some(_) => {}
            None => handshake.tls.client_chain = None,
        }
    });
    let fixture = match refusal {
        Some(Refusal::Chain(problem)) if known => fixture.chain(|chain| {
            add_problem(chain, 0, problem.error.num);
            if let Some(trust) = &mut chain.trust {
                trust.problems = vec![problem.clone()];
            }
        }),
        _ => fixture,
    };
    let (mut case, context) = fixture.done();
    if let Some(accepted) = case.accepted_mut() {
        accepted.http.clear();
    }
    (case, context)
}

/// Whether a finding is an error that names this reason: by its words, or as the rule that is about
/// it.
fn names(finding: &Finding, refusal: &Option<Refusal>, why: &str) -> bool {
    let by_words = finding.hit.message.contains(why);
    let symptoms = finding.rule.symptoms;
    let by_rule = match refusal {
        Some(Refusal::Chain(problem)) => {
            symptoms.contains(&Symptom::Verify(problem.error.num))
                || problem
                    .requirement
                    .is_some_and(|requirement| symptoms.contains(&Symptom::Breaks(requirement)))
        }
        Some(Refusal::Signature) => matches!(finding.rule.code, "MT405" | "MT427"),
        Some(Refusal::Verifiers(_) | Refusal::NoAnchor) => false,
        None => matches!(finding.rule.code, "MT301" | "MT303" | "MT401"),
    };
    finding.severity == Severity::Error && (by_words || by_rule)
}

#[track_caller]
fn told(case: Case, context: &Context, refusal: &Option<Refusal>, why: &str) {
    let all = judge(case.clone(), context).findings;
    let said = || {
        all.iter()
            .map(|finding| {
                format!(
                    "{} {:?} {}",
                    finding.rule.code, finding.severity, finding.hit.message
                )
            })
            .collect::<Vec<_>>()
    };
    assert!(
        all.iter().any(|finding| names(finding, refusal, why)),
        "{refusal:?}: {:#?}",
        said()
    );
    // Whatever else is left out by `--select`.
    let alone = judge_with(&[&peer_refused::RULE], case, context).findings;
    assert_eq!(alone.len(), 1, "{refusal:?}");
    assert_eq!(alone[0].severity, Severity::Error);
    assert!(
        alone[0].hit.message.contains(why),
        "{}",
        alone[0].hit.message
    );
}

#[test]
fn a_listener_says_why_it_refused() {
    for kind in KINDS.into_iter().filter(|kind| kind.is_refusal()) {
        for (refusal, why) in reasons() {
            for known in [true, false] {
                let alerts: &[Option<u8>] = match refusal {
                    // Of the library's own reasons only the alert tells.
                    None => &[None, Some(40), Some(70), Some(116), Some(120), Some(47)],
                    _ => &[Some(46)],
                };
                for &alert in alerts {
                    let (case, context) = connection(&refusal, known, kind, &why, alert);
                    told(case, &context, &refusal, &why);
                }
            }
        }
    }
}

#[test]
fn a_caller_says_why_it_refused() {
    for kind in KINDS.into_iter().filter(|kind| kind.is_refusal()) {
        for (refusal, why) in reasons() {
            let change = |dialled: &mut crate::facts::Dialled| {
                end(&mut dialled.tls.ending, kind, &why, None);
                dialled.tls.refusal.clone_from(&refusal);
                if refusal == Some(Refusal::Signature) {
                    dialled.tls.signature = signature(true);
                }
            };
            let call = CallFixture::good().call(|call| {
                call.reply = None;
                change(&mut call.dialled);
            });
            let probe = ProbeFixture::good().probe(|probe| change(&mut probe.dialled));
            for (case, context) in [call.done(), probe.done()] {
                told(case, &context, &refusal, &why);
            }
        }
    }
}

/// What names the reason in a mild way only does not count, and neither does an error about
/// something else.
#[test]
fn an_error_has_to_be_about_the_refusal() {
    let codes = |fixture: Fixture| -> Vec<&'static str> {
        let (case, context) = fixture.done();
        let findings = judge(case, &context).findings;
        findings.iter().map(|finding| finding.rule.code).collect()
    };
    let expired = Fixture::good().leaf_expired();
    let reason = Refusal::Chain(expired.problem_of_client());
    assert_eq!(codes(expired.refused(reason, "over")), ["MT201"]);
    // Our own certificate has ended too, and that is not why.
    let ours_expired = |fixture: Fixture| {
        fixture.server_chain(|chain| {
            chain.certificate_mut(0).not_after = "2026-11-01T00:00:00Z".parse().unwrap();
        })
    };
    let other = ours_expired(Fixture::good()).refused(Refusal::NoAnchor, "no anchor");
    assert_eq!(codes(other), ["MT201", "MT428"]);
    let unchecked = Fixture::good().signature_not_checked();
    let reason = Refusal::Chain(unchecked.problem_of_client());
    assert_eq!(codes(unchecked.refused(reason, "why")), ["MT428", "MT426"]);
    assert_eq!(codes(Fixture::good().signature_not_checked()), ["MT426"]);
}

/// What was fetched shows whether an intermediate is missing, without any trust anchor.
#[test]
fn a_fetched_issuer_decides_what_is_missing() {
    use crate::rules::fixture::authority_of;
    let of = |issuer: Option<Certificate>| {
        let alone = Fixture::files().file_leaf_only().without_anchors();
        let (case, context) = match issuer {
            Some(issuer) => alone.fetched_issuer(issuer).done(),
            None => alone.done(),
        };
        let judged = judge(case, &context);
        let mut found = judged.findings.into_iter();
        found.find(|one| one.rule.code == "MT203")
    };
    let unasked = of(None).unwrap();
    assert_eq!(
        (unasked.severity, unasked.certainty),
        (Severity::Warning, Certainty::Likely)
    );
    let intermediate = of(Some(authority_of("Server Intermediate", "Server Root"))).unwrap();
    assert_eq!(
        (intermediate.severity, intermediate.certainty),
        (Severity::Error, Certainty::Proven)
    );
    let root = Certificate {
        self_issued: true,
        ..authority_of("Server Intermediate", "Server Intermediate")
    };
    assert!(of(Some(root)).is_none());
}

//! The profile's rules on real certificates, from DER to findings: what is good stays silent, what
//! is broken is told once.

use std::sync::Arc;

use jiff::Timestamp;
use webpki_root_certs::TLS_SERVER_ROOT_CERTS;

use crate::{
    context::Context,
    engine::judge,
    facts::{Bundle, Case, Certificate, Chain, ChainUse, Link, Place, Purpose, Side},
    finding::{Finding, Severity, Symptom},
    parse::cert,
    pki::{Authority, recipe},
    verify::{Anchors, conformance, public, rfc5280},
};

fn now() -> Timestamp {
    "2026-11-24T12:00:00Z".parse().unwrap()
}

/// These certificates as a file that `lint` reads, leaf first, judged against `anchors`.
fn lint(
    certificates: Vec<Arc<Certificate>>,
    role: Side,
    holds: ChainUse,
    anchors: Vec<Arc<Certificate>>,
) -> Vec<Finding> {
    let purpose = match role {
        Side::Client => Purpose::ClientAuth,
        Side::Server => Purpose::ServerAuth,
    };
    let anchors = Anchors::new(anchors);
    let mut trust = rfc5280::judge(&rfc5280::Question {
        presented: &certificates,
        untrusted: &[],
        anchors: &anchors,
        lists: &[],
        now: now(),
        purpose,
        hosts: &[],
        max_depth: None,
        status_by: &crate::verify::stacks::StatusBy::Letter,
    });
    let reached = |anchor: &&Arc<Certificate>| trust.path.last() == Some(&anchor.sha256);
    trust.anchor_public = anchors
        .certificates()
        .iter()
        .find(reached)
        .map(|anchor| public::is_public(anchor));
    let mut chain = Chain {
        role,
        holds,
        leaf: 0,
        trust: (holds == ChainUse::Identity).then_some(trust),
        profile: None,
        links: certificates
            .into_iter()
            .enumerate()
            .map(|(index, certificate)| {
                let lines = Place::lines("chain.pem", 1 + 20 * index, 20 * (index + 1));
                Link::at(certificate, lines)
            })
            .collect(),
        view: None,
        fetched: None,
        revocation: Vec::new(),
        key_path: None,
    };
    conformance::note(&mut chain);
    let case = Case {
        bundles: vec![Bundle { chain, key: None }],
        ..Case::new("chain.pem", now(), crate::facts::Deployment::default())
    };
    judge(
        case,
        &Context {
            anchors_given: !anchors.is_empty(),
            anchors_origin: "anchors.pem".into(),
            ..Context::at(now())
        },
    )
    .findings
}

fn told(findings: &[Finding]) -> Vec<String> {
    findings
        .iter()
        .map(|finding| format!("{} {}", finding.rule.code, finding.hit.message))
        .collect()
}

fn read(chain: &[Vec<u8>]) -> Vec<Arc<Certificate>> {
    chain
        .iter()
        .map(|der| Arc::new(cert::certificate(der)))
        .collect()
}

#[test]
fn what_this_program_issues_is_clean() {
    let made = Authority::new(now()).unwrap();
    let anchor = |der: &[u8]| vec![Arc::new(cert::certificate(der))];
    let none = Vec::<String>::new();
    for names in [
        &["hook.example.com"][..],
        &["localhost", "hook.internal", "127.0.0.1"],
        &["*.hook.test"],
    ] {
        let server = read(&made.server(names).unwrap().chain);
        let found = lint(
            server,
            Side::Server,
            ChainUse::Identity,
            anchor(made.server_anchor()),
        );
        assert_eq!(told(&found), none);
    }
    let client = read(
        &made
            .client(recipe("valid").unwrap())
            .unwrap()
            .unwrap()
            .chain,
    );
    let found = lint(
        client,
        Side::Client,
        ChainUse::Identity,
        anchor(made.client_anchor()),
    );
    assert_eq!(told(&found), none);
    for der in [made.client_anchor(), made.server_anchor()] {
        let found = lint(anchor(der), Side::Client, ChainUse::Anchors, Vec::new());
        assert_eq!(told(&found), none);
    }
}

/// Whoever puts the roots of the public web into a client-CA file may be wrong, but not for how
/// these are written.
#[test]
fn no_public_root_is_held_against_its_owner() {
    let mut held: Vec<String> = Vec::new();
    for der in TLS_SERVER_ROOT_CERTS {
        let root = vec![Arc::new(cert::certificate(der))];
        let found = lint(root, Side::Client, ChainUse::Anchors, Vec::new());
        held.extend(
            found
                .iter()
                .filter(|finding| is_profile(finding) && finding.severity > Severity::Note)
                .map(|finding| format!("{} {}", finding.rule.code, finding.hit.subject)),
        );
    }
    // One of them (TWCA Global Root CA) has no subjectKeyIdentifier, which Python 3.13 asks for: a
    // note.
    assert_eq!(held, Vec::<String>::new());
}

fn is_profile(finding: &Finding) -> bool {
    let about = |symptom: &Symptom| matches!(symptom, Symptom::Breaks(_));
    finding.rule.symptoms.iter().any(about)
}

//! `listen` against `dial` in one process: every recipe, observed and enforced, and what only a
//! library client can do.

use std::{net::Ipv4Addr, sync::Arc, time::Duration};

use jiff::Timestamp;
use mtls::{
    context::Context,
    dialogflow,
    engine::{self, Judged},
    facts::{Case, ClientAuth, EndingKind, Phase, Purpose, TrustStatus},
    net::{
        dial::{Connector, HeaderMap, Method, Request, Seen},
        event::Event,
        identity::{ClientIdentity, ServerIdentity},
        listen,
        plan::Plan,
    },
    parse::cert,
    pki::{self, Authority, Identity, Recipe},
    verify::{Anchors, rfc5280, sender},
};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use tokio::{net::TcpListener, sync::mpsc};

/// A moment long after the clocks of today: nothing below `cli` may look at a clock of its own.
fn now() -> Timestamp {
    "2031-05-06T07:08:09Z".parse().unwrap()
}

struct Scene {
    authority: Authority,
    enforce: bool,
    client_auth: ClientAuth,
    verify_depth: Option<u32>,
}

impl Scene {
    fn new() -> Self {
        Self {
            authority: Authority::new(now()).unwrap(),
            enforce: false,
            client_auth: ClientAuth::Request,
            verify_depth: None,
        }
    }

    fn plan(&self, anchor: &[u8]) -> Plan {
        let server = self.authority.server(&["localhost"]).unwrap();
        let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(server.key_pkcs8.clone()));
        let anchor = cert::certificate(anchor);
        let server = ServerIdentity::new(server.chain.clone(), key).unwrap();
        let nobody = sender::Senders::new([]);
        let recognise = Arc::new(move |chain: &[_], now| nobody.recognise(chain, now));
        Plan {
            client_auth: self.client_auth,
            ca_names: vec![anchor.subject_der().to_vec()],
            anchors: Anchors::new([anchor]),
            enforce: self.enforce,
            verify_depth: self.verify_depth,
            ..Plan::new(server, Arc::new(now), recognise)
        }
    }

    /// One connection from a client with this identity, judged by this anchor.
    async fn play(&self, client: Option<&Identity>, anchor: &[u8]) -> (Seen, Judged) {
        let socket = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await.unwrap();
        let address = socket.local_addr().unwrap();
        let (sender, mut events) = mpsc::channel(8);
        let plan = Arc::new(self.plan(anchor));
        let running = tokio::spawn(listen::run(
            socket,
            plan,
            sender,
            Some(1),
            std::future::pending(),
        ));
        let identity = client.map(|identity| {
            let key = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(identity.key_pkcs8.clone()));
            ClientIdentity::new(identity.chain.clone(), &key).unwrap()
        });
        let server = Anchors::new(vec![cert::certificate(self.authority.server_anchor())]);
        let judge = Arc::new(move |presented: &[Arc<mtls::facts::Certificate>]| {
            rfc5280::judge(&rfc5280::Question {
                presented,
                untrusted: &[],
                anchors: &server,
                lists: &[],
                now: now(),
                purpose: Purpose::ServerAuth,
                hosts: &["localhost".to_owned()],
                max_depth: None,
                status_by: &mtls::verify::stacks::StatusBy::Mainstream,
            })
        });
        let dialler = Arc::new(Connector {
            addresses: vec![address],
            connect_time: Duration::from_secs(20),
            time: Duration::from_secs(20),
            answer_time: Duration::from_secs(20),
            body_bytes: 1 << 20,
            ..Connector::new("https://localhost/", "localhost", address.port(), judge)
        });
        let mut headers = HeaderMap::new();
        headers.insert("content-type", "application/json".parse().unwrap());
        let request = Request {
            method: Method::POST,
            authority: "localhost".to_owned(),
            path: "/hook".to_owned(),
            headers,
            body: dialogflow::es_hi_request().to_string().into(),
        };
        let called = dialler.call(identity.as_ref(), request).await;
        let mut closed: Option<Case> = None;
        while let Some(event) = events.recv().await {
            if let Event::Closed(case) = event {
                closed = Some(*case);
            }
        }
        running.await.unwrap();
        let context = Context {
            anchors_given: true,
            anchors_origin: "the test's anchor".to_owned(),
            enforce: self.enforce,
            verify_depth: self.verify_depth,
            ..Context::at(now())
        };
        (called, engine::judge(closed.unwrap(), &context))
    }

    async fn recipe(&self, recipe: &Recipe) -> (Seen, Judged) {
        let identity = self.authority.client(recipe).unwrap();
        self.play(identity.as_ref(), self.authority.anchor_for(recipe))
            .await
    }
}

fn numbers(judged: &Judged) -> Vec<u32> {
    let mut numbers: Vec<u32> = judged
        .case
        .chains()
        .filter_map(|chain| chain.trust.as_ref())
        .flat_map(|trust| &trust.problems)
        .map(|problem| problem.error.num)
        .collect();
    numbers.sort_unstable();
    numbers
}

#[tokio::test]
async fn every_recipe_is_shown_with_its_errors_and_answered() {
    let scene = Scene::new();
    for recipe in pki::recipes() {
        let (called, judged) = scene.recipe(recipe).await;
        assert_eq!(
            called.answer.as_ref().map(|answer| answer.status),
            Some(200),
            "{}",
            recipe.fault
        );
        assert_eq!(numbers(&judged), recipe.verify, "{}", recipe.fault);
        let handshake = judged.case.accepted().unwrap();
        assert_eq!(
            handshake.tls.ending.kind,
            EndingKind::Completed,
            "{}",
            recipe.fault
        );
        if recipe.fault != "client-cert-not-sent" {
            assert!(
                handshake.tls.signature.as_ref().unwrap().verified,
                "{}",
                recipe.fault
            );
        }
    }
}

#[tokio::test]
async fn every_fault_is_found_by_a_rule_that_knows_it() {
    let scene = Scene::new();
    for recipe in pki::recipes() {
        let (_, judged) = scene.recipe(recipe).await;
        let serious: Vec<&str> = judged
            .findings
            .iter()
            .filter(|finding| finding.severity > mtls::finding::Severity::Note)
            .map(|finding| finding.rule.code)
            .collect();
        // Nothing is wrong with the revoked one for who has no revocation list.
        if matches!(recipe.fault, "valid" | "client-revoked") {
            assert_eq!(serious, [""; 0]);
            continue;
        }
        let known = judged
            .findings
            .iter()
            .any(|finding| finding.rule.faults.contains(&recipe.fault));
        assert!(known, "{}: only {serious:?}", recipe.fault);
    }
}

#[tokio::test]
async fn enforcing_refuses_exactly_what_does_not_verify_and_shows_it_all_the_same() {
    let scene = Scene {
        enforce: true,
        client_auth: ClientAuth::Require,
        ..Scene::new()
    };
    for recipe in pki::recipes() {
        let (called, judged) = scene.recipe(recipe).await;
        let handshake = judged.case.accepted().unwrap();
        let chain = handshake.tls.client_chain.as_ref();
        if recipe.verify.is_empty() && recipe.fault != "client-cert-not-sent" {
            assert!(called.answer.is_some(), "{}", recipe.fault);
            assert_eq!(
                chain.unwrap().trust.as_ref().unwrap().status,
                TrustStatus::Trusted
            );
            continue;
        }
        assert!(called.answer.is_none(), "{}", recipe.fault);
        assert_eq!(
            handshake.tls.ending.kind,
            EndingKind::Refused,
            "{}",
            recipe.fault
        );
        assert_eq!(handshake.tls.ending.phase, Phase::Handshake);
        // The client learns of it by the alert we say we sent, and not by a bare reset.
        assert_eq!(
            called.dialled.tls.ending.kind,
            EndingKind::PeerAlert,
            "{}: {:?}",
            recipe.fault,
            called.dialled.tls.ending
        );
        assert_eq!(
            called.dialled.tls.ending.alert, handshake.tls.ending.alert,
            "{}",
            recipe.fault
        );
        if recipe.fault != "client-cert-not-sent" {
            assert!(!chain.unwrap().links.is_empty(), "{}", recipe.fault);
            assert_eq!(numbers(&judged), recipe.verify, "{}", recipe.fault);
        }
    }
}

#[tokio::test]
async fn a_stolen_certificate_fools_nobody() {
    let scene = Scene::new();
    let valid = pki::recipe("valid").unwrap();
    let mut stolen = scene.authority.client(valid).unwrap().unwrap();
    stolen.key_pkcs8 = scene
        .authority
        .client(valid)
        .unwrap()
        .unwrap()
        .key_pkcs8
        .clone();
    let (called, judged) = scene
        .play(Some(&stolen), scene.authority.client_anchor())
        .await;
    assert!(called.answer.is_none());
    let handshake = judged.case.accepted().unwrap();
    assert!(!handshake.tls.signature.as_ref().unwrap().verified);
    assert_eq!(handshake.tls.ending.kind, EndingKind::Refused);
    assert!(
        judged
            .findings
            .iter()
            .any(|finding| finding.rule.code == "MT405"),
        "{:?}",
        judged.findings
    );
}

#[tokio::test]
async fn an_error_deeper_than_the_verify_depth_ends_the_handshake() {
    let recipe = pki::recipe("client-unknown-ca").unwrap();
    let mut scene = Scene::new();
    scene.verify_depth = Some(0);
    let (called, judged) = scene.recipe(recipe).await;
    assert!(called.answer.is_none());
    assert!(
        judged
            .findings
            .iter()
            .any(|finding| finding.rule.code == "MT407"),
        "{:?}",
        judged.findings
    );
    scene.verify_depth = Some(1);
    let (called, _) = scene.recipe(recipe).await;
    assert!(called.answer.is_some());
}

//! Cases for the rules' own tests: a good connection, and small steps away from it. Facts by hand, no parser.

use jiff::{SignedDuration, Timestamp};

use crate::{
    context::Context,
    facts::{
        Alert, Case, Certificate, Chain, ChainFeature, ClientAuth, ClientHello, DerParts, Eku,
        Ending, EndingKind, FirstBytes, Form, Handshake, Holds, HttpAnswer, HttpExchange, Key,
        KeyAlgorithm, KeyUsage, Link, Negotiated, Party, PathPlace, PeerSignature, Phase, Problem,
        ProfileMatch, Purpose, Refusal, RequestKind, Requirement, SIGNATURE_NOT_CHECKED, Side,
        SignatureAlgorithm, Stack, StackAnswer, StackReason, StackVerdict, Timings, Token,
        TokenKind, TrustFacts, TrustStatus, X509Error,
    },
};

/// A case under construction.
pub(crate) struct Fixture {
    pub(crate) case: Case,
    pub(crate) context: Context,
}

pub(crate) fn now() -> Timestamp {
    "2026-11-23T12:00:00Z".parse().unwrap()
}

fn days(count: i64) -> SignedDuration {
    SignedDuration::from_hours(24 * count)
}

/// A version 3 certificate in its dates, with an RSA-2048 key and a SHA-256 signature.
/// `sha1WithRSAEncryption`.
pub(super) fn sha1_with_rsa() -> SignatureAlgorithm {
    SignatureAlgorithm::of_oid("1.2.840.113549.1.1.5")
}

/// `ecdsa-with-SHA256`.
pub(super) fn ecdsa_with_sha256() -> SignatureAlgorithm {
    SignatureAlgorithm::of_oid("1.2.840.10045.4.3.2")
}

fn certificate(name: &str, issuer: &str) -> Certificate {
    Certificate {
        subject: format!("CN = {name}"),
        issuer: format!("CN = {issuer}"),
        serial: "01".into(),
        not_before: now() - days(30),
        not_after: now() + days(60),
        sans: Vec::new(),
        eku: None,
        key_usage: None,
        is_ca: false,
        path_len: None,
        key: Key {
            algorithm: KeyAlgorithm::Rsa,
            curve: None,
            bits: 2048,
        },
        signature_algorithm: SignatureAlgorithm::of_oid("1.2.840.113549.1.1.11"),
        sha256: format!("sha256 of {name}"),
        spki_sha256: format!("spki of {name}"),
        version: 3,
        self_issued: name == issuer,
        subject_key_id: None,
        authority_key_id: None,
        unknown_critical: Vec::new(),
        unreadable: None,
        der: Vec::new(),
        parts: DerParts::default(),
        form: Box::new(Form {
            common_names: vec![name.to_owned()],
            issuer_common_name: Some(issuer.to_owned()),
            ..Form::default()
        }),
    }
}

fn authority(name: &str, issuer: &str) -> Certificate {
    Certificate {
        is_ca: true,
        key_usage: Some(vec![KeyUsage::KeyCertSign, KeyUsage::CrlSign]),
        ..certificate(name, issuer)
    }
}

/// For the other fixtures: an end entity.
pub(crate) fn certificate_of(name: &str, issuer: &str) -> Certificate {
    certificate(name, issuer)
}

/// For the other fixtures: an authority.
pub(crate) fn authority_of(name: &str, issuer: &str) -> Certificate {
    authority(name, issuer)
}

/// The root above the fixture's client chain.
pub(crate) fn root() -> Certificate {
    authority("Client Root", "Client Root")
}

fn client_chain() -> Chain {
    let leaf = Certificate {
        eku: Some(vec![Eku::ClientAuth]),
        key_usage: Some(vec![KeyUsage::DigitalSignature]),
        ..certificate("sender", "Client Intermediate")
    };
    let intermediate = authority("Client Intermediate", "Client Root");
    let path = [&leaf, &intermediate, &root()].map(|c| c.sha256.clone());
    Chain {
        holds: Holds::Identity,
        leaf: 0,
        role: Side::Client,
        trust: Some(TrustFacts {
            letter: None,
            named: false,
            stacks: Vec::new(),
            role: Side::Client,
            purpose: Purpose::ClientAuth,
            status: TrustStatus::Trusted,
            problems: Vec::new(),
            path: path.into(),
            anchor: Some(root().subject),
            events: Vec::new(),
            candidates: Vec::new(),
            anchor_public: None,
            webpki_differs: None,
            openssl_differs: None,
        }),
        links: [leaf, intermediate].map(Link::new).into(),
        profile: None,
        view: None,
    }
}

fn server_chain() -> Chain {
    let leaf = Certificate {
        sans: vec!["DNS:hook.example".into()],
        eku: Some(vec![Eku::ServerAuth]),
        ..certificate("hook.example", "Server Intermediate")
    };
    Chain {
        holds: Holds::Identity,
        leaf: 0,
        role: Side::Server,
        links: [leaf, authority("Server Intermediate", "Server Root")]
            .map(Link::new)
            .into(),
        trust: None,
        profile: None,
        view: None,
    }
}

fn hello() -> ClientHello {
    ClientHello {
        legacy_version: 0x0303,
        record_version: 0x0301,
        cipher_suites: vec![0x6a6a, 0x1301, 0x1302, 0xc02f],
        sni: Some("hook.example".into()),
        alpn: Some(vec!["http/1.1".into()]),
        supported_versions: Some(vec![0x6a6a, 0x0304, 0x0303]),
        signature_algorithms: Some(vec![0x0403, 0x0804, 0x0401]),
        groups: Some(vec![0x6a6a, 0x001d, 0x0017]),
        key_shares: Some(vec![0x001d]),
        ..ClientHello::default()
    }
}

fn exchange() -> HttpExchange {
    let body = r#"{"responseId":"1","queryResult":{"queryText":"Hi"},"session":"s"}"#;
    HttpExchange {
        method: "POST".into(),
        path: "/hook".into(),
        version: "HTTP/1.1".into(),
        headers: Vec::new(),
        body: body.into(),
        body_omitted: None,
        body_bytes: body.len(),
        decoded: None,
        json_ok: Some(true),
        json_problem: None,
        kind: RequestKind::Es,
        parameters: None,
        limit: None,
        token: Some(Token {
            kind: TokenKind::Jwt,
            algorithm: Some("RS256".into()),
            key_id: None,
            issuer: Some("https://issuer.example".into()),
            audience: Vec::new(),
            subject: None,
            email: None,
            issued_at: None,
            expires_at: None,
            verified: false,
            check: None,
        }),
        answer: Some(HttpAnswer {
            status: 200,
            body_bytes: 2,
            why: String::new(),
        }),
        abandoned: None,
    }
}

impl Fixture {
    /// TLS 1.3, a trusted client chain of two, its signature checked, one ES request answered.
    pub(crate) fn good() -> Self {
        let handshake = Handshake {
            seen_from: Side::Server,
            peer: "203.0.113.7:40112".into(),
            proxy: None,
            first_bytes: FirstBytes::Tls,
            client_auth: ClientAuth::Request,
            preceded_by: None,
            hello: Some(hello()),
            shared: None,
            negotiated: Some(Negotiated {
                protocol: "TLSv1.3".into(),
                cipher: 0x1301,
                group: Some(0x001d),
                alpn: Some("http/1.1".into()),
            }),
            client_chain: Some(client_chain()),
            server_chain: Some(server_chain()),
            signature: Some(PeerSignature {
                scheme: 0x0804,
                checked: true,
                verified: true,
                problem: None,
            }),
            ending: Ending {
                kind: EndingKind::Completed,
                alert: None,
                sent_by: None,
                phase: Phase::Done,
                detail: String::new(),
            },
            refusal: None,
            timings: Timings::default(),
            timeline: Vec::new(),
        };
        Self {
            case: Case {
                handshake: Some(handshake),
                http: vec![exchange()],
                ..Case::new("#1 203.0.113.7:40112", now())
            },
            context: Context {
                anchors_given: true,
                anchors_origin: "clients.pem".into(),
                ..Context::at(now())
            },
        }
    }

    /// The finished pair that `fires_on` and `silent_on` want.
    pub(crate) fn done(self) -> (Case, Context) {
        (self.case, self.context)
    }

    fn handshake_mut(&mut self) -> &mut Handshake {
        self.case.handshake.as_mut().unwrap()
    }

    pub(crate) fn handshake(mut self, change: impl FnOnce(&mut Handshake)) -> Self {
        change(self.handshake_mut());
        self
    }

    pub(crate) fn hello(self, change: impl FnOnce(&mut ClientHello)) -> Self {
        self.handshake(|handshake| change(handshake.hello.as_mut().unwrap()))
    }

    pub(crate) fn chain(self, change: impl FnOnce(&mut Chain)) -> Self {
        self.handshake(|handshake| change(handshake.client_chain.as_mut().unwrap()))
    }

    pub(crate) fn server_chain(self, change: impl FnOnce(&mut Chain)) -> Self {
        self.handshake(|handshake| change(handshake.server_chain.as_mut().unwrap()))
    }

    /// Changes the certificate at this index of the client's chain.
    pub(crate) fn certificate(self, index: usize, change: impl FnOnce(&mut Certificate)) -> Self {
        self.chain(|chain| change(chain.certificate_mut(index)))
    }

    pub(crate) fn http(mut self, change: impl FnOnce(&mut HttpExchange)) -> Self {
        change(&mut self.case.http[0]);
        self
    }

    pub(crate) fn context(mut self, change: impl FnOnce(&mut Context)) -> Self {
        change(&mut self.context);
        self
    }

    /// Adds a problem to the client chain's trust facts and makes it untrusted.
    pub(crate) fn problem(self, depth: usize, num: u32) -> Self {
        self.chain(|chain| add_problem(chain, depth, num))
    }

    /// A signature of the client's chain that cannot be checked here.
    pub(crate) fn signature_not_checked(self) -> Self {
        self.problem(0, SIGNATURE_NOT_CHECKED).chain(|chain| {
            if let Some(trust) = &mut chain.trust {
                trust.status = TrustStatus::Unknown;
            }
        })
    }

    /// The first problem of the client's chain.
    pub(crate) fn problem_of_client(&self) -> Problem {
        let handshake = self.case.handshake.as_ref().unwrap();
        let trust = handshake.client_chain.as_ref().unwrap().trust.as_ref();
        trust.unwrap().problems[0].clone()
    }

    /// We refused the client for this reason, once its chain and signature were there.
    pub(crate) fn refused(mut self, refusal: Refusal, why: &str) -> Self {
        self.case.http.clear();
        self.handshake(|handshake| {
            handshake.ending.kind = EndingKind::Refused;
            handshake.ending.phase = Phase::Handshake;
            handshake.ending.sent_by = Some(Party::Us);
            handshake.ending.detail = why.to_owned();
            handshake.refusal = Some(refusal);
        })
    }

    pub(crate) fn no_sni(self) -> Self {
        self.hello(|hello| hello.sni = None)
    }

    pub(crate) fn leaf_expired(self) -> Self {
        self.certificate(0, |leaf| leaf.not_after = now() - days(3))
            .problem(0, 10)
    }

    /// Leaves the leaf alone in the client's chain, path included.
    pub(crate) fn leaf_only(self) -> Self {
        self.chain(|chain| {
            chain.links.truncate(1);
            if let Some(trust) = &mut chain.trust {
                trust.path.truncate(1);
                trust.anchor = None;
            }
        })
    }

    /// The root that the chain leads to, sent along.
    pub(crate) fn root_sent(self) -> Self {
        self.chain(|chain| chain.links.push(Link::new(root())))
    }

    /// Nothing to judge the client's chain against.
    pub(crate) fn no_anchors(self) -> Self {
        self.context(|context| context.anchors_given = false)
            .chain(|chain| {
                if let Some(trust) = &mut chain.trust {
                    trust.status = TrustStatus::Unknown;
                    trust.anchor = None;
                    trust.path.truncate(2);
                }
            })
    }

    /// The client answered the request with no certificate.
    pub(crate) fn no_client_certificate(self) -> Self {
        self.handshake(|handshake| {
            handshake.signature = None;
            if let Some(chain) = &mut handshake.client_chain {
                chain.links.clear();
                chain.trust = None;
            }
        })
    }

    pub(crate) fn identity(self, identity: &str, until: Option<&str>) -> Self {
        self.chain(|chain| {
            chain.profile = Some(ProfileMatch {
                profile: crate::rules::client::fixture::sender().name.clone(),
                identity: identity.into(),
                until: until.map(Into::into),
            });
        })
    }

    /// The connection ended early; what comes later is taken away.
    pub(crate) fn ended(mut self, kind: EndingKind, phase: Phase, sent_by: Option<Party>) -> Self {
        self.case.http.clear();
        let handshake = self.handshake_mut();
        handshake.ending.kind = kind;
        handshake.ending.phase = phase;
        handshake.ending.sent_by = sent_by;
        if phase <= Phase::Handshake {
            handshake.client_chain = None;
            handshake.signature = None;
        }
        if phase <= Phase::ClientHello {
            handshake.hello = None;
            handshake.negotiated = None;
            handshake.server_chain = None;
        }
        self
    }

    pub(crate) fn alert(self, code: u8, name: &str) -> Self {
        self.handshake(|handshake| {
            handshake.ending.alert = Some(Alert {
                code,
                name: name.into(),
            });
        })
    }

    /// We refused what the ClientHello offered.
    pub(crate) fn refused_hello(self) -> Self {
        self.ended(EndingKind::Incompatible, Phase::Handshake, Some(Party::Us))
            .alert(40, "handshake_failure")
            .handshake(|handshake| {
                handshake.negotiated = None;
                handshake.server_chain = None;
            })
    }

    /// OpenSSL accepts the client's chain, Go refuses it.
    pub(crate) fn disputed(self) -> Self {
        self.chain(|chain| {
            if let Some(trust) = &mut chain.trust {
                trust.status = TrustStatus::Disputed;
                trust.letter = Some(TrustStatus::Untrusted);
                trust.stacks = vec![
                    stack_verdict(Stack::Openssl, StackAnswer::Accepts),
                    stack_verdict(Stack::Go, StackAnswer::Refuses),
                ];
            }
        })
    }

    /// The first bytes were not a TLS handshake.
    pub(crate) fn first_bytes(self, first_bytes: FirstBytes) -> Self {
        self.ended(EndingKind::NotTls, Phase::ClientHello, None)
            .handshake(|handshake| handshake.first_bytes = first_bytes)
    }
}

/// One stack's answer, which counts.
pub(crate) fn stack_verdict(stack: Stack, answer: StackAnswer) -> StackVerdict {
    StackVerdict {
        stack,
        version: crate::verify::stacks::table::usual_version(stack).to_owned(),
        answer,
        decides: true,
        reasons: match answer {
            StackAnswer::Accepts => Vec::new(),
            StackAnswer::Refuses | StackAnswer::NotKnown => vec![StackReason {
                feature: Some(ChainFeature::SerialNegative),
                place: PathPlace::Leaf,
                subject: "CN = leaf".to_owned(),
                error: None,
                requirement: Some(Requirement::SerialPositive),
                why: "a negative serial number".to_owned(),
            }],
        },
    }
}

/// Adds a problem to this chain's trust facts and makes it untrusted.
pub(crate) fn add_problem(chain: &mut Chain, depth: usize, num: u32) {
    let subject = match chain.certificate(depth) {
        Some(certificate) => certificate.subject.clone(),
        None => root().subject,
    };
    if let Some(trust) = &mut chain.trust {
        trust.status = TrustStatus::Untrusted;
        trust.problems.push(Problem {
            depth,
            subject,
            error: X509Error {
                num,
                text: "what OpenSSL prints",
            },
            requirement: None,
            why: format!("reason of error {num}"),
        });
    }
}

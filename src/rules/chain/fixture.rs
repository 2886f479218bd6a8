//! Cases of files for the rules' own tests: a server's chain with its key, a client-CA file. Facts
//! by hand, no parser.

use crate::rules::client::fixture::{anchor_ids, sender};
use crate::rules::fixture::{Fixture, authority_of, certificate_of, now};
use crate::{
    context::Context,
    facts::{
        Bundle, BundleKey, Case, Certificate, Chain, ChainUse, Deployment, Eku, FetchedIssuer,
        Fetching, Key, KeyAlgorithm, KeyUsage, Link, Place, Purpose, Requirement, Revocation,
        RevocationStatus, Side, Subject, TrustFacts, TrustStatus, Violation,
    },
    profiles,
};

/// A place in a file: blocks of twenty lines.
fn block(path: &str, index: usize) -> Place {
    Place::File {
        path: path.into(),
        first_line: 1 + 20 * index,
        last_line: 20 * (index + 1),
    }
}

/// The root above the fixture's server chain.
pub(crate) fn server_root() -> Certificate {
    authority_of("Server Root", "Server Root")
}

fn server_leaf() -> Certificate {
    Certificate {
        sans: vec!["DNS:hook.example".into()],
        eku: Some(vec![Eku::ServerAuth]),
        key_usage: Some(vec![KeyUsage::DigitalSignature]),
        ..certificate_of("hook.example", "Server Intermediate")
    }
}

fn trusted(certificates: &[Certificate], top: &Certificate, role: Side) -> TrustFacts {
    TrustFacts {
        letter: None,
        named: false,
        stacks: Vec::new(),
        role,
        purpose: match role {
            Side::Client => Purpose::ClientAuth,
            Side::Server => Purpose::ServerAuth,
        },
        status: TrustStatus::Trusted,
        problems: Vec::new(),
        path: certificates
            .iter()
            .chain([top])
            .map(|certificate| certificate.sha256.clone())
            .collect(),
        anchor: Some(top.subject.clone()),
        events: Vec::new(),
        candidates: Vec::new(),
        anchor_public: Some(false),
        webpki_differs: None,
        openssl_differs: None,
    }
}

/// These certificates as blocks of a file, one after the other.
fn in_file(path: &str, certificates: impl IntoIterator<Item = Certificate>) -> Vec<Link> {
    certificates
        .into_iter()
        .enumerate()
        .map(|(at, certificate)| Link::at(certificate, block(path, at)))
        .collect()
}

/// A chain of `count` certificates, leaf first, each issued by the next, the last by a root that is
/// not among them.
pub(crate) fn linked(count: usize) -> Chain {
    let name = |index: usize| format!("Authority {index}");
    let certificates = (0..count).map(|index| match index {
        0 => certificate_of("leaf", &name(1)),
        _ => authority_of(&name(index), &name(index + 1)),
    });
    let links = in_file("fullchain.pem", certificates);
    Chain {
        role: Side::Server,
        holds: ChainUse::Identity,
        links,
        leaf: 0,
        trust: None,
        profile: None,
        view: None,
        fetched: None,
        revocation: Vec::new(),
        key_path: None,
    }
}

/// The first anchor of that sender's identity: 0 is the current one, 1 the legacy one.
pub(crate) fn root_of(identity: usize) -> Certificate {
    anchor(&anchor_ids(sender(), identity)[0])
}

/// The certificate of a profile's anchor, as far as rules look at it.
pub(crate) fn anchor(id: &str) -> Certificate {
    let known = profiles::anchor(id).unwrap();
    Certificate {
        subject: known.subject.clone(),
        issuer: known.subject.clone(),
        sha256: known.sha256.clone(),
        spki_sha256: known.spki_sha256.clone(),
        not_after: "2036-06-22T00:00:00Z".parse().unwrap(),
        ..authority_of(id, id)
    }
}

/// The same authority and key in another certificate, ten years on.
pub(crate) fn reissued(certificate: &Certificate) -> Certificate {
    Certificate {
        sha256: format!("{}, reissued", certificate.sha256),
        not_after: "2036-11-23T00:00:00Z".parse().unwrap(),
        ..certificate.clone()
    }
}

impl Fixture {
    /// The leaf does not keep this.
    pub(crate) fn breach(
        self,
        requirement: Requirement,
        error: Option<u32>,
        decides: bool,
    ) -> Self {
        self.bundle(|bundle| {
            bundle.chain.links[0].violations = Some(vec![Violation {
                requirement,
                error,
                decides,
                why: "what was seen".into(),
            }]);
        })
    }

    /// A trusted server chain of two in `fullchain.pem`, its key in `key.pem`; no connection.
    pub(crate) fn files() -> Self {
        let certificates = vec![
            server_leaf(),
            authority_of("Server Intermediate", "Server Root"),
        ];
        let chain = Chain {
            role: Side::Server,
            holds: ChainUse::Identity,
            leaf: 0,
            trust: Some(trusted(&certificates, &server_root(), Side::Server)),
            links: in_file("fullchain.pem", certificates)
                .into_iter()
                .map(|link| Link {
                    violations: Some(Vec::new()),
                    ..link
                })
                .collect(),
            profile: None,
            view: None,
            fetched: None,
            revocation: Vec::new(),
            key_path: None,
        };
        let key = BundleKey {
            place: block("key.pem", 0),
            key: Some(Key {
                algorithm: KeyAlgorithm::Rsa,
                curve: None,
                bits: 2048,
            }),
            matches: vec![0],
            problem: None,
        };
        Self {
            case: Case {
                bundles: vec![Bundle {
                    chain,
                    key: Some(key),
                }],
                ..Case::new("fullchain.pem", now(), Deployment::default())
            },
            context: Context {
                hosts: vec!["hook.example".into()],
                role: Some(Side::Server),
                anchors_origin: "anchors.pem".into(),
                ..Context::at(now())
            },
        }
    }

    /// A client-CA file with a root of one's own.
    pub(crate) fn client_ca() -> Self {
        Self::files()
            .bundles(|bundles| bundles.clear())
            .client_anchors(vec![authority_of("Client Root", "Client Root")])
    }

    fn bundles(mut self, change: impl FnOnce(&mut Vec<Bundle>)) -> Self {
        change(&mut self.case.bundles);
        self
    }

    /// A client-CA file with these certificates, beside what there is.
    pub(crate) fn client_anchors(self, certificates: Vec<Certificate>) -> Self {
        self.bundles(|bundles| {
            bundles.push(Bundle {
                chain: Chain {
                    role: Side::Client,
                    holds: ChainUse::Anchors,
                    links: in_file("clients.pem", certificates),
                    leaf: 0,
                    trust: None,
                    profile: None,
                    view: None,
                    fetched: None,
                    revocation: Vec::new(),
                    key_path: None,
                },
                key: None,
            });
        })
    }

    /// Changes the first bundle.
    pub(crate) fn bundle(self, change: impl FnOnce(&mut Bundle)) -> Self {
        self.bundles(|bundles| change(&mut bundles[0]))
    }

    /// Changes the last bundle's chain, where the anchors are.
    pub(crate) fn file_of_anchors(self, change: impl FnOnce(&mut Chain)) -> Self {
        self.bundles(|bundles| change(&mut bundles.last_mut().unwrap().chain))
    }

    /// Changes the first bundle's chain.
    pub(crate) fn file(self, change: impl FnOnce(&mut Chain)) -> Self {
        self.bundle(|bundle| change(&mut bundle.chain))
    }

    /// Changes this certificate of the first bundle's chain.
    pub(crate) fn block(self, index: usize, change: impl FnOnce(&mut Certificate)) -> Self {
        self.file(|chain| change(chain.certificate_mut(index)))
    }

    /// Adds a certificate to the end of the first bundle's chain.
    pub(crate) fn also(self, certificate: Certificate) -> Self {
        self.file(|chain| {
            let path = match chain.place(0) {
                Place::File { path, .. } => path,
                _ => "fullchain.pem".into(),
            };
            let lines = block(&path, chain.links.len());
            chain.links.push(Link::at(certificate, lines));
        })
    }

    /// Puts the blocks of the first bundle into this order; leaf and key's matches go with them.
    pub(crate) fn ordered(self, order: &[usize]) -> Self {
        let new = |old: usize| order.iter().position(|&at| at == old).unwrap();
        self.bundle(|bundle| {
            let old = bundle.chain.shared();
            for (link, &at) in bundle.chain.links.iter_mut().zip(order) {
                link.certificate = old[at].clone();
            }
            bundle.chain.leaf = new(bundle.chain.leaf);
            if let Some(key) = &mut bundle.key {
                key.matches = key.matches.iter().map(|&at| new(at)).collect();
            }
        })
    }

    /// A problem of the first bundle's path, which is then untrusted.
    pub(crate) fn file_problem(self, depth: usize, num: u32) -> Self {
        self.file(|chain| crate::rules::fixture::add_problem(chain, depth, num))
    }

    /// Nothing to judge the first bundle against.
    pub(crate) fn without_anchors(self) -> Self {
        self.file(|chain| {
            let count = chain.links.len();
            if let Some(trust) = &mut chain.trust {
                trust.status = TrustStatus::Unknown;
                trust.anchor = None;
                trust.anchor_public = None;
                trust.path.truncate(count);
            }
        })
    }

    /// Leaves the leaf alone in the first bundle, path included.
    pub(crate) fn file_leaf_only(self) -> Self {
        self.file(|chain| {
            chain.links.truncate(1);
            if let Some(trust) = &mut chain.trust {
                trust.path.truncate(1);
                trust.anchor = None;
            }
        })
    }

    /// It was asked whether the first bundle's leaf is revoked, and this is the answer.
    pub(crate) fn asked_about_revocation(self, status: RevocationStatus) -> Self {
        self.file(|chain| {
            let leaf = chain.certificate(chain.leaf).unwrap();
            let answer = Revocation {
                status,
                ..Revocation::unknown(leaf, "as the test has it")
            };
            chain.fetched = Some(Box::new(Fetching {
                revocation: vec![answer],
                ..Fetching::default()
            }));
        })
    }

    /// The issuer of the first bundle's leaf was fetched.
    pub(crate) fn fetched_issuer(self, issuer: Certificate) -> Self {
        self.file(|chain| {
            let leaf = chain.certificate(chain.leaf).unwrap();
            let issuer = FetchedIssuer {
                below: leaf.sha256.clone(),
                certificate: std::sync::Arc::new(issuer),
                url: "http://ca.example/issuer.der".into(),
            };
            chain.fetched = Some(Box::new(Fetching {
                issuers: vec![issuer],
                ..Fetching::default()
            }));
        })
    }

    /// Judges for [`sender`].
    pub(crate) fn for_sender(self) -> Self {
        self.context(|context| context.profile = Some(sender()))
    }

    /// A client was named with `--would-accept`, and this becomes of it.
    pub(crate) fn client_named(mut self, outcome: crate::facts::Admitted) -> Self {
        let would = crate::facts::WouldAccept {
            path: "leaf.pem".into(),
            client: "CN = a client".into(),
            by: "clients.pem".into(),
            outcome,
            why: "as the test has it".into(),
        };
        self.case.subject = Subject::from(Deployment {
            would: vec![would],
            ..Deployment::default()
        });
        self
    }

    /// Judges for the first sender of which this fact is known.
    pub(crate) fn for_one_that_says(self, fact: &str) -> Self {
        let says = |profile: &&profiles::Profile| profile.fact(fact).is_some();
        self.context(|context| context.profile = profiles::all().iter().find(says))
    }

    /// Judges on the last day of [`sender`]'s legacy certificate.
    pub(crate) fn on_the_last_day(self) -> Self {
        let last = sender().identity[1].until.unwrap();
        self.at(&format!("{last}T00:00:00Z"))
    }

    /// The client's chain is that of [`sender`]'s legacy certificate.
    pub(crate) fn legacy(self) -> Self {
        let legacy = &sender().identity[1];
        let until = legacy.until.map(|day| day.to_string());
        self.identity(&legacy.name, until.as_deref())
    }

    /// Judges at this moment.
    pub(crate) fn at(self, moment: &str) -> Self {
        self.context(|context| context.now = moment.parse().unwrap())
    }
}

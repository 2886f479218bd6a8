//! One endpoint: connections to facts, facts to a judged case.

use std::{borrow::Cow, path::Path, sync::Arc};

use anyhow::{Result, bail};
use jiff::Timestamp;

use super::{InspectRequest, Presented, list::Spec};
use crate::{
    context::Context,
    engine::{self, Judged},
    facts::{
        CaName, Case, Certificate, CertificateRequest, Chain, ChainUse, ChainView, Dialled,
        EndingKind, FileFacts, FileRole, HttpSeen, Inspected, Outcome, Phase, Probe, Purpose,
        Resumption, Shown, Side, StoreVerdict, Subject,
    },
    jobs::{
        anchors::{Store, server_judge},
        fetch::Fetcher,
        files, profile, simulate,
        target::Target,
    },
    net::{
        dial::{Answered, Asked, Connector, HttpVersion, Method, Request, Seen, header},
        identity::ClientIdentity,
    },
    parse::{name, redact, sct},
    verify::{rfc5280, staple},
};

/// The most that is read of an answer: enough to see what it is about.
const READ: usize = 64 * 1024;

/// Everything that inspections have in common.
#[derive(Clone)]
pub(super) struct Inspector {
    pub(super) context: Context,
    /// The one that decides first.
    pub(super) stores: Vec<Store>,
    client: Option<(String, ClientIdentity)>,
    /// Fetches what certificates name, where that was asked for.
    pub(super) fetcher: Option<Arc<Fetcher>>,
    pub(super) request: InspectRequest,
}

impl Inspector {
    /// Reads what there is to judge by and to present.
    pub(super) fn new(request: &InspectRequest) -> Result<Self> {
        let now = request.now;
        let cacert = request.cacert.as_deref();
        let password = request.password.as_deref();
        let mut stores = vec![Store::deciding(cacert, request.default_roots)?.strict()];
        if request.thorough && request.default_roots {
            if cacert.is_some() {
                stores.push(Store::public().strict());
            }
            stores.push(Store::system());
            stores.push(Store::profile(request.profile));
            stores.retain(|store| !store.is_empty());
        }
        let client = match &request.client {
            Some(Presented::Own { cert, key }) => {
                let identity = files::identity(cert, None, key.as_deref(), password)?;
                Some(("own".to_owned(), identity.as_client()))
            }
            Some(Presented::Made { name, folder }) => simulated(name, folder.as_deref(), now)?,
            None => None,
        };
        Ok(Self {
            context: Context {
                anchors_given: cacert.is_some() || request.default_roots,
                anchors_origin: stores
                    .first()
                    .map_or_else(String::new, |store| store.name.clone()),
                profile: Some(request.profile),
                profile_assumed: request.profile_assumed,
                ..Context::at(now).with_days(request.warn_days, request.fail_days)
            },
            stores,
            client,
            fetcher: request.fetch.map(|fetch| Arc::new(Fetcher::new(fetch))),
            request: request.clone(),
        })
    }

    /// With what a line of a list has of its own.
    fn with(&self, spec: &Spec) -> Result<Cow<'_, Self>> {
        let bare = Spec {
            sni: spec.sni.clone(),
            place: spec.place.clone(),
            ..Spec::of(&spec.target)
        };
        if *spec == bare {
            return Ok(Cow::Borrowed(self));
        }
        let mut own = self.clone();
        if let Some(name) = &spec.profile {
            own.context.profile = Some(profile::named(name)?);
            own.context.profile_assumed = false;
        }
        if let Some(path) = &spec.cacert {
            let store = Store::deciding(Some(path), false)?;
            own.context.anchors_given = true;
            own.context.anchors_origin.clone_from(&store.name);
            own.stores.insert(0, store);
            own.stores
                .truncate(if self.request.thorough { usize::MAX } else { 1 });
        }
        match (&spec.cert, &spec.client) {
            (Some(_), Some(_)) => bail!("cert and client exclude each other"),
            (Some(cert), None) => {
                let identity = files::identity(
                    cert,
                    None,
                    spec.key.as_deref(),
                    self.request.password.as_deref(),
                )?;
                own.client = Some(("own".to_owned(), identity.as_client()));
            }
            (None, Some(name)) => own.client = simulated(name, None, self.context.now)?,
            (None, None) => {}
        }
        Ok(Cow::Owned(own))
    }

    /// Looks at one endpoint. Whatever happens on the network is a result.
    ///
    /// # Errors
    /// When the target is none, or a file that its line names cannot be used.
    pub(super) async fn endpoint(&self, spec: &Spec) -> Result<Judged> {
        let own = self.with(spec)?;
        own.look(spec).await
    }

    async fn look(&self, spec: &Spec) -> Result<Judged> {
        let target = Target::new(
            &spec.target,
            &self.request.resolve,
            &self.request.connect_to,
        )?
        .through(self.request.proxy.as_ref());
        let sni = spec.sni.clone().or_else(|| self.request.sni.clone());
        let name = sni.unwrap_or_else(|| target.host.clone());
        let now = self.context.now;
        let Some(store) = self.stores.first() else {
            bail!("there is no trust store to check against");
        };
        let judge = server_judge(
            store.clone(),
            name.clone(),
            now,
            self.request.status_by.clone(),
        );
        let dialler = |http| {
            Arc::new(Connector {
                wanted: Phase::Http,
                server_name: name.clone(),
                versions: self.request.versions,
                http,
                insecure: true,
                connect_time: self.request.connect_time,
                time: self.request.time,
                answer_time: self.request.answer_time,
                post_quantum: true,
                keep_sessions: true,
                body_bytes: READ,
                show_secrets: self.request.show_secrets,
                url: redact::text_unless(self.request.show_secrets, &target.url),
                ..target.dialler(judge.clone())
            })
        };
        let request = get(&target);
        let mut call = dialler(self.request.http);
        let mut seen = call.call(None, request.clone()).await;
        // A server that knows other protocols only is still to be looked at.
        if seen.dialled.alert().is_some_and(|alert| alert.code == 120) {
            call = dialler(HttpVersion::NoAlpn);
            seen = call.call(None, request.clone()).await;
        }
        let dialler = call;
        let tickets = seen.session.as_ref().map_or(0, |session| session.tickets());
        let resumed = match &seen.session {
            Some(session) if self.request.thorough && tickets > 0 => dialler.resume(session).await,
            _ => None,
        };
        let shown = match &self.client {
            Some((client, identity)) => {
                Some(shown(client, dialler.call(Some(identity), request).await))
            }
            None => None,
        };
        let mut context = self.context.clone();
        context.hosts = vec![name];
        if let Some(chain) = &mut seen.dialled.tls.server_chain {
            chain.fetched = self.fetched(chain, &context.hosts).await;
        }
        let view = seen
            .dialled
            .tls
            .server_chain
            .as_ref()
            .map(|chain| self.view(chain, &context.hosts));
        let staple = (!seen.staple.is_empty()).then(|| {
            let presented = seen.dialled.tls.server_chain.iter();
            let fetched = presented
                .clone()
                .filter_map(|chain| chain.fetched.as_deref());
            let fetched = fetched.flat_map(|one| &one.issuers);
            let chain: Vec<&Certificate> = presented
                .flat_map(|chain| chain.certificates())
                .chain(fetched.map(|one| &*one.certificate))
                .chain(
                    view.iter()
                        .flat_map(|view| view.added.iter().map(AsRef::as_ref)),
                )
                .collect();
            staple::judge(&seen.staple, &chain, now)
        });
        let probe = Probe {
            resumption: seen
                .dialled
                .tls
                .handshaken()
                .then_some(Resumption { tickets, resumed }),
            request: seen.request.map(asked),
            http: seen.answer.map(answer),
            staple,
            shown,
            dialled: seen.dialled,
        };
        Ok(self.judged(spec, Some(probe), view, &context))
    }

    /// An endpoint at which this program failed.
    pub(super) fn failed(&self, spec: &Spec, why: &str) -> Judged {
        let mut dialled = Dialled::new(&spec.target, Phase::Http);
        dialled.tls.ending.kind = EndingKind::Internal;
        dialled.tls.ending.phase = Phase::Connected;
        dialled.tls.ending.detail = why.to_owned();
        let probe = Probe {
            dialled,
            request: None,
            http: None,
            staple: None,
            resumption: None,
            shown: None,
        };
        self.judged(spec, Some(probe), None, &self.context)
    }

    fn judged(
        &self,
        spec: &Spec,
        mut probe: Option<Probe>,
        view: Option<ChainView>,
        context: &Context,
    ) -> Judged {
        if let Some(probe) = &mut probe
            && let Some(chain) = &mut probe.dialled.tls.server_chain
        {
            chain.view = view.map(Box::new);
        }
        let inspected = Inspected {
            target: spec.target.clone(),
            asked_for: spec.sni.clone(),
            probe,
            pem: self.request.pem,
        };
        let case = Case::new(spec.target.clone(), context.now, inspected);
        engine::judge_with(&self.request.rules, case, context)
    }

    /// A case of files as an inspection shows it.
    pub(super) fn of_files(&self, mut judged: Judged, hosts: &[String]) -> Judged {
        // What is judged by is not what is inspected.
        let (beside, files) = judged
            .case
            .files
            .into_iter()
            .partition(|file: &FileFacts| file.meant_as == FileRole::Anchors);
        judged.case.files = files;
        judged.retain_bundles(|bundle| {
            beside
                .iter()
                .all(|file: &FileFacts| !bundle.chain.is_in(&file.path))
        });
        for bundle in &mut judged.case.bundles {
            if bundle.chain.holds == ChainUse::Identity {
                bundle.chain.view = Some(Box::new(self.view(&bundle.chain, hosts)));
            }
        }
        judged.case.subject = Subject::from(Inspected {
            target: judged.case.title.clone(),
            asked_for: None,
            probe: None,
            pem: self.request.pem,
        });
        judged
    }

    /// A chain from several sides.
    fn view(&self, chain: &Chain, hosts: &[String]) -> ChainView {
        let mut presented = chain.shared();
        if chain.leaf < presented.len() {
            presented.swap(0, chain.leaf);
        }
        let (own, other) = match chain.role {
            Side::Server => (Purpose::ServerAuth, Purpose::ClientAuth),
            Side::Client => (Purpose::ClientAuth, Purpose::ServerAuth),
        };
        let mut view = ChainView::default();
        for (index, store) in self.stores.iter().enumerate() {
            let anchors = store.anchors_for(&presented);
            let judge = |purpose| {
                rfc5280::judge(&rfc5280::Question {
                    presented: &presented,
                    untrusted: &[],
                    anchors: &anchors,
                    lists: &[],
                    now: self.context.now,
                    purpose,
                    hosts: match purpose {
                        Purpose::ServerAuth => hosts,
                        Purpose::ClientAuth => &[],
                    },
                    max_depth: None,
                    status_by: &self.request.status_by,
                })
            };
            // What decides is what the rules have judged.
            let trust = match &chain.trust {
                Some(trust) if index == 0 => trust.clone(),
                _ => judge(own),
            };
            if index == 0 {
                view.added = trust
                    .path
                    .iter()
                    .filter(|sha256| presented.iter().all(|sent| sent.sha256 != **sha256))
                    .filter_map(|sha256| {
                        let mut certificates = anchors.certificates().iter();
                        certificates.find(|anchor| anchor.sha256 == **sha256)
                    })
                    .cloned()
                    .collect();
                view.purposes = vec![trust.clone(), judge(other)];
            }
            view.stores.push(StoreVerdict {
                store: store.name.clone(),
                trust,
            });
        }
        view.stamps = presented
            .first()
            .map(|leaf| sct::embedded(leaf))
            .unwrap_or_default();
        view
    }
}

/// A client made on the spot, or taken from a folder of `mtls pki`.
fn simulated(
    name: &str,
    folder: Option<&Path>,
    now: Timestamp,
) -> Result<Option<(String, ClientIdentity)>> {
    let client = simulate::client(name, folder, now)?;
    match client.identity {
        Some(identity) => Ok(Some((client.name, identity))),
        None => {
            bail!("--client {name} presents nothing: that is what the first handshake does anyway")
        }
    }
}

fn get(target: &Target) -> Request {
    let agent = concat!(env!("CARGO_PKG_NAME"), "/", env!("CARGO_PKG_VERSION"));
    let headers = [(header::USER_AGENT, agent), (header::ACCEPT, "*/*")]
        .into_iter()
        .map(|(name, value)| (name, header::HeaderValue::from_static(value)));
    Request {
        method: Method::GET,
        authority: target.authority.clone(),
        path: target.path.clone(),
        headers: headers.collect(),
        body: Vec::new().into(),
    }
}

fn asked(asked: Asked) -> CertificateRequest {
    CertificateRequest {
        ca_names: asked
            .names
            .iter()
            .map(|der| CaName {
                name: name::oneline(der),
                canonical: name::canonical(der),
                bytes: der.len(),
            })
            .collect(),
        signature_algorithms: asked.schemes,
    }
}

fn answer(answered: Answered) -> HttpSeen {
    let body = answered.body.to_ascii_lowercase();
    let word = b"certificate";
    HttpSeen {
        status: answered.status,
        version: answered.version,
        headers: answered.headers,
        about_certificate: body.windows(word.len()).any(|window| window == word),
    }
}

fn shown(client: &str, seen: Seen) -> Shown {
    let status = seen.answer.map(|answer| answer.status);
    let mut outcome = Outcome::of(&seen.dialled, status);
    // Whoever speaks no HTTP, and goes on, has let the client in.
    if outcome == Outcome::Unreachable && seen.dialled.tls.handshaken() {
        outcome = Outcome::Accepted;
    }
    Shown {
        client: client.to_owned(),
        outcome,
        status,
        dialled: seen.dialled,
    }
}

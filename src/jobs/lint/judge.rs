//! Files to a judged case: chains put together, their trust worked out, the rules asked.

mod recorded;

use std::sync::{Arc, OnceLock};

use anyhow::Result;

use super::{
    LintRequest,
    around::{Around, Beside},
    asked::{Answered, Asked},
    collect,
    job::Job,
    lists,
    reach::{Reach, Within},
    requests,
};
use crate::{
    context::Context,
    engine::{self, Judged},
    facts::{
        Bundle, Case, Certificate, Chain, ChainUse, Deployment, Eku, Fetching, FileFacts, FileRole,
        Place, Purpose, Side, Site, TrustFacts, TrustStatus, WouldAccept,
    },
    finding::Rule,
    jobs::{
        self,
        anchors::Store,
        fetch::{About, Fetcher},
        runtime,
    },
    outlook::would::{By, Presented, would_accept},
    parse::{bundle, crl::RevocationList, input::Password},
    pki,
    profiles::Profile,
    verify::{conformance, public, rfc5280, stacks::StatusBy},
};

/// What all cases of a run are judged by.
pub(super) struct Judge {
    pub(super) context: Context,
    role: Option<Side>,
    /// Whether CAs by themselves are judged as those that a sender's certificate is checked by.
    by_profile: bool,
    /// The files of --cacert, --untrusted and --crlfile, which are judged with the first case.
    beside: Vec<FileFacts>,
    store: Store,
    untrusted: Vec<Arc<Certificate>>,
    lists: Arc<[RevocationList]>,
    max_depth: Option<usize>,
    status_by: StatusBy,
    /// The password of PKCS #12 files and encrypted keys.
    pass: Option<Password>,
    /// Whose files may be quoted.
    reach: Reach,
    /// The rules to ask.
    rules: Vec<&'static Rule>,
    /// The clients that have to be accepted.
    would: Vec<Presented>,
    /// What was asked besides.
    asked: Asked,
    /// Whether there is one deployment: then it has to answer all that was asked.
    pub(super) alone: bool,
    /// The files of directories with private keys in them, and what is known of them together.
    pub(super) beside_keys: Beside,
    around: OnceLock<Around>,
    /// Further senders.
    further: Vec<&'static Profile>,
    /// Fetches what certificates name, where that was asked for.
    fetcher: Option<Fetcher>,
}

/// The file that a set of anchors is in.
fn of_file(chain: &Chain) -> String {
    match chain.place(0) {
        Place::File { path, .. } => path,
        _ => "the client-CA file".to_owned(),
    }
}

/// The chains of the clients that have to be accepted.
fn presented(request: &LintRequest) -> Result<Vec<Presented>> {
    let read = |path: &std::path::PathBuf| {
        Ok(Presented {
            path: path.display().to_string(),
            chain: jobs::files::certificates(path, FileRole::Chain)?,
        })
    };
    request.would_accept.iter().map(read).collect()
}

impl Judge {
    /// Reads what there is to judge by.
    pub(super) fn new(request: &LintRequest) -> Result<Self> {
        let reach = Reach::of(&request.said);
        let mut beside = Vec::new();
        for (paths, meant_as) in [
            (&request.cacert, FileRole::Anchors),
            (&request.untrusted, FileRole::Untrusted),
            (&request.crlfile, FileRole::Crl),
        ] {
            for path in paths {
                let quoted = reach.allows(path, &Within::Flag);
                beside.extend(collect::one(path, meant_as, None, quoted)?);
            }
        }
        // Anchors judge the side that they are given for.
        let purpose = match request.role {
            Some(Side::Client) => Eku::ClientAuth,
            _ => Eku::ServerAuth,
        };
        let certificates = |meant_as: FileRole| -> Vec<Arc<Certificate>> {
            let files = beside.iter().filter(|file| file.meant_as == meant_as);
            files.flat_map(|file| file.usable_for(&purpose)).collect()
        };
        let lists = lists::read(&beside, |_| true).collect();
        let names: Vec<String> = request
            .cacert
            .iter()
            .map(|path| path.display().to_string())
            .collect();
        // A client's chain is judged by the client CAs where no other anchors are named.
        let by_client_ca = request.cacert.is_empty()
            && request.cert.is_some()
            && request.role == Some(Side::Client)
            && !request.client_ca.is_empty();
        let names: Vec<String> = if by_client_ca {
            let paths = request.client_ca.iter();
            paths.map(|path| path.display().to_string()).collect()
        } else {
            names
        };
        let store = if by_client_ca {
            let mut anchors = Vec::new();
            for path in &request.client_ca {
                for file in collect::one(path, FileRole::Anchors, None, false)? {
                    anchors.extend(file.anchors_for(Eku::ClientAuth).cloned());
                }
            }
            Store::of(names.join(" and "), anchors)
        } else if request.cacert.is_empty() && request.default_roots {
            Store::public()
        } else {
            Store::of(names.join(" and "), certificates(FileRole::Anchors))
        };
        Ok(Self {
            context: Context {
                anchors_given: !request.cacert.is_empty() || by_client_ca,
                anchors_origin: names.join(" and "),
                hosts: request.hosts.clone(),
                role: request.role,
                profile: request.profile,
                ..Context::at(request.now).with_days(request.warn_days, request.fail_days)
            },
            role: request.role,
            by_profile: request.role.is_none()
                && (!request.would_accept.is_empty()
                    || request
                        .profile
                        .is_some_and(|profile| !profile.identity.is_empty())),
            untrusted: certificates(FileRole::Untrusted),
            lists,
            beside,
            store,
            reach,
            max_depth: request.max_depth,
            status_by: request.status_by.clone(),
            rules: request.rules.clone(),
            alone: false,
            beside_keys: Beside::default(),
            around: OnceLock::new(),
            would: presented(request)?,
            asked: Asked::by(request),
            further: request.further.clone(),
            fetcher: request.fetch.map(Fetcher::new),
            pass: request.password.clone().map(Password::new),
        })
    }

    /// Judges one deployment; `None` for a file in a directory that is none of ours. `first` takes
    /// the files of flags along.
    pub(super) fn case(&self, job: &Job, first: bool) -> Result<Option<Judged>> {
        if job.recorded {
            return self.recorded(job).map(Some);
        }
        let mut files = collect::read(job, self.pass.as_ref(), &self.reach)?;
        if job.found && !files.iter().any(collect::holds_ours) {
            return Ok(None);
        }
        if first {
            files.extend(self.beside.iter().cloned());
        }
        if self.by_profile {
            files.iter_mut().for_each(collect::judged_as_client_ca);
        }
        lists::note_signers(&mut files);
        lists::note_use(&mut files, job.site.as_deref());
        requests::note(&mut files);
        let mut bundles = bundle::assemble(&files, self.role);
        if let Some(paired) = &job.paired
            && bundles.iter().all(|bundle| bundle.key.is_none())
        {
            let quoted = self.reach.allows(paired, &job.within);
            let pass = self.pass.as_ref();
            files.extend(collect::one(paired, FileRole::Key, pass, quoted)?);
            bundles = bundle::assemble(&files, self.role);
        }
        // A key beside a path is told of where it stands; here it was only looked at.
        files.retain(|file| {
            !job.keys
                .iter()
                .any(|key| key.display().to_string() == file.path)
        });
        if job.within != Within::Flag && !self.beside_keys.paths.is_empty() {
            let around = self
                .around
                .get_or_init(|| Around::of(&self.beside_keys, self.pass.as_ref()));
            around.note(&mut files, &bundles, job.within == Within::Path);
        }
        let untrusted = self.untrusted(job, &files);
        let site = job.site.clone().map(|mut site| {
            let anchors: Vec<Arc<Certificate>> = bundles
                .iter()
                .map(|bundle| &bundle.chain)
                .filter(|chain| chain.holds == ChainUse::Anchors && chain.role == Side::Client)
                .flat_map(Chain::shared)
                .collect();
            lists::note_der(&mut site, &files);
            site.lists = lists::in_use(&site, &files, &anchors, self.context.now);
            site.predicted = pki::predicted(&site, &anchors);
            site
        });
        let mut context = self.context.clone();
        for bundle in &mut bundles {
            let chain = &mut bundle.chain;
            conformance::note(chain);
            if chain.holds == ChainUse::Identity {
                let mut presented = chain.shared();
                presented.swap(0, chain.leaf);
                let trust = self.trust(&self.store, &presented, &untrusted, chain.role);
                chain.fetched = self.fetched(&self.store, &presented, &untrusted, chain.role)?;
                if !context.anchors_given && trust.status != TrustStatus::Unknown {
                    context.anchors_given = true;
                    context.anchors_origin.clone_from(&self.store.name);
                }
                if trust.status == TrustStatus::Unknown {
                    chain.revocation = lists::revocations(
                        &self.lists,
                        &presented,
                        &untrusted,
                        &files,
                        context.now,
                    );
                }
                chain.trust = Some(trust);
            }
        }
        conformance::only_on_paths(&mut bundles, &files);
        let would = self.would(site.as_deref(), &bundles, &files, &job.title);
        let deployment = Deployment::of(site, would);
        let case = Case {
            files,
            bundles,
            ..Case::new(job.title.clone(), self.context.now, deployment)
        };
        let mut judged = engine::judge_with(&self.rules, case, &context);
        judged.not_applied = self.not_applied(&judged);
        for profile in &self.further {
            let context = Context {
                profile: Some(profile),
                ..context.clone()
            };
            judged.join(engine::judge_with(
                &self.rules,
                judged.case.clone(),
                &context,
            ));
        }
        Ok(Some(judged))
    }

    /// What was asked and nothing here answers; of several deployments another one may.
    fn not_applied(&self, judged: &Judged) -> Option<&'static str> {
        if !self.lists.is_empty() && self.status_by.looks_at_no_list() {
            return Some(lists::NO_PART);
        }
        let answered = self.alone.then(|| Answered::by(judged, &self.asked));
        answered?.lacks(&self.asked)
    }

    /// Certificates that may help to build a path: those that were named, those of a fuller chain beside
    /// it, and further files of a server.
    fn untrusted(&self, job: &Job, files: &[FileFacts]) -> Vec<Arc<Certificate>> {
        let mut untrusted = self.untrusted.clone();
        // That one is judged as well; should it not open, it says so itself.
        let fuller = job
            .fuller
            .as_deref()
            .map(|path| collect::one(path, FileRole::Untrusted, None, false));
        for file in fuller.into_iter().flatten().flatten() {
            untrusted.extend(
                file.certificates()
                    .map(|(_, certificate)| Arc::clone(certificate)),
            );
        }
        untrusted.extend(
            files
                .iter()
                .filter(|file| file.meant_as == FileRole::Untrusted && job.site.is_some())
                .flat_map(FileFacts::certificates)
                .map(|(_, certificate)| Arc::clone(certificate)),
        );
        untrusted
    }

    /// What becomes of the clients that were named: by all client-CA files of a configuration
    /// together, else by each file.
    fn would(
        &self,
        site: Option<&Site>,
        bundles: &[Bundle],
        files: &[FileFacts],
        title: &str,
    ) -> Vec<WouldAccept> {
        if self.would.is_empty() {
            return Vec::new();
        }
        let lists = lists::for_clients(site, files, &self.lists);
        let client_cas = || {
            let chains = bundles.iter().map(|bundle| &bundle.chain);
            chains.filter(|chain| chain.holds == ChainUse::Anchors && chain.role == Side::Client)
        };
        // An anchor that its trust settings exclude is none.
        let anchors = |chain: &Chain| {
            let excluded: Vec<&Arc<Certificate>> = files
                .iter()
                .flat_map(|file| file.excluded_for(Eku::ClientAuth))
                .collect();
            let mut anchors = chain.shared();
            anchors.retain(|one| !excluded.iter().any(|other| Arc::ptr_eq(one, other)));
            anchors
        };
        let sets: Vec<(String, Vec<Arc<Certificate>>)> = match site {
            Some(_) => vec![(title.to_owned(), client_cas().flat_map(anchors).collect())],
            None => client_cas()
                .map(|chain| (of_file(chain), anchors(chain)))
                .collect(),
        };
        let asked = sets
            .iter()
            .flat_map(|set| self.would.iter().map(move |one| (set, one)));
        asked
            .map(|((name, anchors), client)| {
                let by = By {
                    name,
                    anchors,
                    site,
                    status_by: &self.status_by,
                    lists: &lists,
                    now: self.context.now,
                };
                would_accept(client, by)
            })
            .collect()
    }

    /// What a chain's certificates name, fetched, where that was asked for.
    fn fetched(
        &self,
        store: &Store,
        presented: &[Arc<Certificate>],
        untrusted: &[Arc<Certificate>],
        role: Side,
    ) -> Result<Option<Box<Fetching>>> {
        let Some(fetcher) = &self.fetcher else {
            return Ok(None);
        };
        let at_hand = [presented, untrusted].concat();
        let about = About {
            at_hand: &at_hand,
            judge: &|more| {
                let untrusted = [untrusted, more].concat();
                let trust = self.trust(store, presented, &untrusted, role);
                (trust, store.anchors_for(&[presented, &untrusted].concat()))
            },
            now: self.context.now,
        };
        let runtime = runtime::of_one()?;
        let found = runtime.block_on(fetcher.look(&about));
        // A lookup of a name that is still under way is not waited for.
        runtime.shutdown_background();
        Ok(Some(Box::new(found)))
    }

    /// The verdict on a chain, leaf first.
    fn trust(
        &self,
        store: &Store,
        presented: &[Arc<Certificate>],
        untrusted: &[Arc<Certificate>],
        role: Side,
    ) -> TrustFacts {
        let pool = [presented, untrusted].concat();
        let anchors = store.anchors_for(&pool);
        let mut trust = rfc5280::judge(&rfc5280::Question {
            presented,
            untrusted,
            anchors: &anchors,
            lists: &self.lists,
            now: self.context.now,
            purpose: match role {
                Side::Client => Purpose::ClientAuth,
                Side::Server => Purpose::ServerAuth,
            },
            hosts: match role {
                Side::Client => &[],
                Side::Server => &self.context.hosts,
            },
            max_depth: self.max_depth,
            status_by: &self.status_by,
        });
        let anchor = trust
            .anchor
            .is_some()
            .then(|| trust.path.last())
            .flatten()
            .and_then(|sha256| {
                anchors
                    .certificates()
                    .iter()
                    .find(|anchor| &anchor.sha256 == sha256)
            });
        trust.anchor_public = anchor.map(|anchor| public::is_public(anchor));
        trust
    }
}

//! What `inspect` looks at, as a function: endpoints and files to judged cases, one or ten
//! thousand.
//!
//! For: `inspect`. Must not: print, or know how a flag is written.

mod endpoint;
mod fetched;
mod fleet;
pub mod list;
pub mod shard;

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use anyhow::Result;
use jiff::Timestamp;
use tokio::sync::mpsc::{self, Receiver};

use self::{
    endpoint::Inspector,
    fleet::Pace,
    list::{List, Spec},
};
use super::{
    fetch::Fetch,
    lint::{self, LintRequest},
    proxy::Through,
    runtime,
};
use crate::{
    engine::Judged,
    finding::Rule,
    net::{dial::HttpVersion, identity, plan::Versions},
    profiles::Profile,
    verify::stacks::StatusBy,
};

/// Endings of file names that make a target a file even where there is none: a typing error is not
/// to become a name lookup.
const FILES: [&str; 10] = [
    "pem", "crt", "cer", "cert", "der", "key", "p12", "pfx", "p7b", "json",
];

/// The certificate of a second handshake.
#[derive(Clone, Debug)]
pub enum Presented {
    /// A chain and its key, which may be in the file of the chain.
    Own {
        /// The chain, PEM.
        cert: PathBuf,
        /// Its private key.
        key: Option<PathBuf>,
    },
    /// One that is made on the spot, or lies in a folder that `mtls pki` wrote.
    Made {
        /// `valid`, or a fault.
        name: String,
        /// The folder.
        folder: Option<PathBuf>,
    },
}

/// How endpoints and files are looked at.
#[derive(Clone)]
pub struct InspectRequest {
    /// Anchors that chains are judged by, in place of the public roots.
    pub cacert: Option<PathBuf>,
    /// Whether to judge by the public roots where no `cacert` is given.
    pub default_roots: bool,
    /// The sender whose certificate has to be accepted.
    pub profile: &'static Profile,
    /// Whether nobody named it: then findings are silent about servers that are not meant for it.
    pub profile_assumed: bool,
    /// The moment to judge at.
    pub now: Timestamp,
    /// Warn when fewer days are left; `None` for the usual ones.
    pub warn_days: Option<u32>,
    /// Fail when fewer days are left; `None` for the usual ones.
    pub fail_days: Option<u32>,
    /// What is presented in a second handshake.
    pub client: Option<Presented>,
    /// The name to ask for, and to check, in place of the target's.
    pub sni: Option<String>,
    /// curl's HOST:PORT:ADDRESS.
    pub resolve: Vec<String>,
    /// curl's HOST1:PORT1:HOST2:PORT2.
    pub connect_to: Vec<String>,
    /// The proxy that endpoints are reached through.
    pub proxy: Option<Through>,
    /// The TLS versions to offer.
    pub versions: Versions,
    /// The application protocols to offer.
    pub http: HttpVersion,
    /// Longest time for name lookup, TCP and TLS.
    pub connect_time: Duration,
    /// Longest wait for the answer to a GET.
    pub answer_time: Duration,
    /// Longest time for one connection in all.
    pub time: Duration,
    /// Every trust store, and a second handshake to see whether sessions are resumed.
    pub thorough: bool,
    /// Endpoints looked at at once.
    pub at_once: usize,
    /// At most so many endpoints begun a second.
    pub rate: Option<u16>,
    /// Whose answer about a chain is its status.
    pub status_by: StatusBy,
    /// What may be fetched from the addresses in certificates; `None`: nothing.
    pub fetch: Option<Fetch>,
    /// The rules to ask.
    pub rules: Vec<&'static Rule>,
    /// The password of PKCS#12 files and encrypted keys.
    pub password: Option<String>,
    /// Whether certificates are shown as PEM too.
    pub pem: bool,
    /// Whether credentials are kept.
    pub show_secrets: bool,
}

impl InspectRequest {
    /// The judging of files, which is that of `lint`.
    fn of_files(&self) -> LintRequest {
        LintRequest {
            cacert: self.cacert.iter().cloned().collect(),
            // Many are made without a password worth the name.
            password: Some(self.password.clone().unwrap_or_default()),
            hosts: self.sni.iter().cloned().collect(),
            // What was asked of a file is answered, or said not to be.
            profile: (!self.profile_assumed).then_some(self.profile),
            default_roots: self.default_roots,
            status_by: self.status_by.clone(),
            warn_days: self.warn_days,
            fail_days: self.fail_days,
            fetch: self.fetch,
            rules: self.rules.clone(),
            ..LintRequest::at(self.now)
        }
    }
}

/// An inspection that is ready to begin.
#[derive(Clone)]
pub struct Inspection {
    inspector: Arc<Inspector>,
    files: LintRequest,
    pace: Pace,
}

impl Inspection {
    /// Reads what there is to judge by and to present.
    ///
    /// # Errors
    /// When a file cannot be used.
    pub fn of(request: &InspectRequest) -> Result<Self> {
        Ok(Self {
            inspector: Arc::new(Inspector::new(request)?),
            files: request.of_files(),
            pace: Pace {
                jobs: request.at_once,
                rate: request.rate,
            },
        })
    }

    /// Looks at each of these, a file or an endpoint, and hands the results on in their order, what
    /// went wrong first.
    ///
    /// # Errors
    /// What `done` fails with.
    pub fn look(
        &self,
        targets: &[String],
        mut done: impl FnMut(Result<Judged>) -> Result<()>,
    ) -> Result<()> {
        let mut cases: BTreeMap<usize, Vec<Judged>> = BTreeMap::new();
        let mut endpoints = Vec::new();
        for (index, target) in targets.iter().enumerate() {
            if is_file(target) {
                match self.file(target) {
                    Ok(found) => {
                        cases.insert(index, found);
                    }
                    Err(error) => done(Err(error))?,
                }
            } else {
                endpoints.push((index, Spec::of(target)));
            }
        }
        if !endpoints.is_empty() {
            let (sender, items) = mpsc::channel(endpoints.len());
            for item in endpoints {
                // The channel has room for all of them.
                let _ = sender.try_send(item);
            }
            drop(sender);
            self.endpoints(items, |index, result| {
                match result {
                    Ok(judged) => {
                        cases.insert(index, vec![judged]);
                    }
                    Err(error) => done(Err(error))?,
                }
                Ok(())
            })?;
        }
        cases
            .into_values()
            .flatten()
            .try_for_each(|judged| done(Ok(judged)))
    }

    /// Looks at each endpoint of a list, and hands the results on in the order in which they end.
    ///
    /// # Errors
    /// What `done` fails with.
    pub fn look_through(
        &self,
        mut list: List,
        mut done: impl FnMut(Result<Judged>) -> Result<()>,
    ) -> Result<()> {
        let (sender, items) = mpsc::channel(self.pace.jobs);
        let (wrong_sender, wrong) = std::sync::mpsc::channel();
        // A list on standard input may be slow: it is read beside the work.
        let reader = std::thread::spawn(move || {
            while let Some(next) = list.next() {
                match next {
                    Ok(spec) => {
                        if sender.blocking_send(((), spec)).is_err() {
                            break;
                        }
                    }
                    Err(error) => {
                        let _ = wrong_sender.send(error);
                    }
                }
            }
        });
        self.endpoints(items, |(), result| {
            wrong.try_iter().try_for_each(|error| done(Err(error)))?;
            done(result)
        })?;
        let _ = reader.join();
        wrong.iter().try_for_each(|error| done(Err(error)))
    }

    /// Judges a file or a directory as `lint` does, and shows it as an endpoint's chain is shown.
    fn file(&self, target: &str) -> Result<Vec<Judged>> {
        let request = LintRequest {
            paths: vec![target.into()],
            ..self.files.clone()
        };
        Ok(lint::judge(&request)?
            .into_iter()
            .map(|judged| self.inspector.of_files(judged, &request.hosts))
            .collect())
    }

    /// Looks at endpoints as they come.
    fn endpoints<K: Clone + Send + 'static>(
        &self,
        items: Receiver<(K, Spec)>,
        mut done: impl FnMut(K, Result<Judged>) -> Result<()>,
    ) -> Result<()> {
        identity::warm_up();
        runtime::of_many()?.block_on(fleet::run(
            items,
            self.pace,
            |(_, spec): (K, Spec)| {
                let inspector = self.inspector.clone();
                async move { inspector.endpoint(&spec).await }
            },
            |(key, spec), result| {
                let judged = match result {
                    Ok(judged) => judged.map_err(|error| match spec.place.as_str() {
                        "" => error,
                        place => error.context(place.to_owned()),
                    }),
                    Err(panic) => Ok(self.inspector.failed(&spec, &panic)),
                };
                done(key, judged)
            },
        ))
    }
}

/// Whether a target is a file: it exists, or is written like one.
fn is_file(target: &str) -> bool {
    let path = Path::new(target);
    let written_so = path
        .extension()
        .is_some_and(|ending| FILES.iter().any(|known| ending.eq_ignore_ascii_case(known)));
    target == "-"
        || (!target.contains("://")
            && (path.exists() || written_so || target.starts_with(['/', '.', '~'])))
}

//! What `lint` judges, as a function: files to facts, facts to verdicts.
//!
//! For: `lint`, `inspect` and `explain`. Must not: print, or know how a flag is written.

mod around;
mod asked;
mod collect;
mod configs;
mod job;
mod judge;
mod lists;
mod reach;
mod requests;
mod sniff;

use std::{
    num::NonZeroUsize,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::{Result, bail};
use jiff::Timestamp;

pub use self::asked::{Answered, Asked};
use self::{around::Beside, job::Job, judge::Judge};
use super::fetch::Fetch;
use crate::{
    engine::Judged, facts::Side, finding::Rule, profiles::Profile, rules, verify::stacks::StatusBy,
};

/// Deployments that are judged before their results are handed on: keeps memory flat.
const AT_ONCE: usize = 256;

/// What is to be judged, and by what.
#[derive(Clone)]
pub struct LintRequest {
    /// Files and directories to judge by what is in them, and server configurations with what they
    /// name; `-` is standard input.
    pub paths: Vec<PathBuf>,
    /// The chain that will be presented, leaf first.
    pub cert: Option<PathBuf>,
    /// The private key of its leaf.
    pub key: Option<PathBuf>,
    /// The CA certificates that client certificates are judged by.
    pub client_ca: Vec<PathBuf>,
    /// Chains of clients that have to be accepted.
    pub would_accept: Vec<PathBuf>,
    /// Anchors that the chain is judged against.
    pub cacert: Vec<PathBuf>,
    /// Further certificates that may help to build a path.
    pub untrusted: Vec<PathBuf>,
    /// Revocation lists.
    pub crlfile: Vec<PathBuf>,
    /// The password of PKCS#12 files and encrypted keys; `None` leaves them shut.
    pub password: Option<String>,
    /// Whose chain it is, where that is known.
    pub role: Option<Side>,
    /// Names the chain has to be valid for.
    pub hosts: Vec<String>,
    /// The sender that has to be accepted.
    pub profile: Option<&'static Profile>,
    /// Further senders that have to be; each gets an answer of its own.
    pub further: Vec<&'static Profile>,
    /// Whether to judge by the public roots where no `cacert` is given.
    pub default_roots: bool,
    /// Whose answer about a chain is its status.
    pub status_by: StatusBy,
    /// At most so many certificates between leaf and anchor.
    pub max_depth: Option<usize>,
    /// The moment to judge at.
    pub now: Timestamp,
    /// Warn when fewer days are left; `None` for the usual ones.
    pub warn_days: Option<u32>,
    /// Fail when fewer days are left; `None` for the usual ones.
    pub fail_days: Option<u32>,
    /// The server of a configuration that is the webhook; the others are passed over.
    pub server: Option<String>,
    /// What may be fetched from the addresses in certificates; `None`: nothing.
    pub fetch: Option<Fetch>,
    /// The rules to ask.
    pub rules: Vec<&'static Rule>,
    /// The paths that whoever made the call named. Of other files only those below the current
    /// directory are quoted.
    pub said: Vec<PathBuf>,
}

impl LintRequest {
    /// Nothing to judge yet, everything else as usual.
    pub fn at(now: Timestamp) -> Self {
        Self {
            paths: Vec::new(),
            cert: None,
            key: None,
            client_ca: Vec::new(),
            would_accept: Vec::new(),
            cacert: Vec::new(),
            untrusted: Vec::new(),
            crlfile: Vec::new(),
            password: None,
            role: None,
            hosts: Vec::new(),
            profile: None,
            further: Vec::new(),
            default_roots: true,
            status_by: StatusBy::default(),
            max_depth: None,
            now,
            warn_days: None,
            fail_days: None,
            server: None,
            fetch: None,
            rules: rules::ALL.to_vec(),
            said: Vec::new(),
        }
    }
}

/// Judges everything that is named.
///
/// # Errors
/// When there is nothing to judge, or a file cannot be read.
pub fn judge(request: &LintRequest) -> Result<Vec<Judged>> {
    let found = Deployments::of(request)?;
    if let Some(line) = found.unreadable.first() {
        bail!("{line}");
    }
    let mut all = Vec::new();
    found.each(NonZeroUsize::new(1), |_, judged| {
        all.push(judged?);
        Ok(())
    })?;
    Ok(all)
}

/// The deployments that a request comes to, ready to be judged.
pub struct Deployments {
    judge: Judge,
    jobs: Vec<Job>,
    unreadable: Vec<String>,
}

impl Deployments {
    /// Looks through directories and configurations, and reads what is judged by.
    ///
    /// # Errors
    /// When there is nothing to judge, or a file to judge by cannot be read.
    pub fn of(request: &LintRequest) -> Result<Self> {
        let mut judge = Judge::new(request)?;
        let (jobs, unreadable) = collect::jobs(request)?;
        judge.alone = jobs.len() == 1;
        judge.beside_keys = Beside::of(&jobs);
        Ok(Self {
            judge,
            jobs,
            unreadable,
        })
    }

    /// Whether there is one deployment, and no more.
    pub fn is_one(&self) -> bool {
        self.jobs.len() == 1
    }

    /// The paths that could not be looked at, each with its reason.
    pub fn unreadable(&self) -> &[String] {
        &self.unreadable
    }

    /// The files of the deployments that it would be a loss to write over.
    pub fn inputs(&self) -> impl Iterator<Item = PathBuf> {
        self.jobs.iter().flat_map(|job| {
            let files = job.files.iter().map(|(path, _)| path);
            let files = files.filter(|path| !job.found || sniff::is_precious(path));
            let configs = job.configs.iter().map(|file| PathBuf::from(&file.path));
            let beside = job.keys.iter().chain(&job.paired).chain(&job.fuller);
            files.chain(beside).cloned().chain(configs)
        })
    }

    /// Judges each on so many threads, the number of cores by default, and hands the results on in
    /// order, each with its number. What was found in a directory and is none of ours is passed
    /// over.
    ///
    /// # Errors
    /// What `done` fails with; then the rest is given up.
    pub fn each(
        &self,
        threads: Option<NonZeroUsize>,
        mut done: impl FnMut(usize, Result<Judged>) -> Result<()>,
    ) -> Result<()> {
        // Asking how many cores there are reads files: not for one deployment.
        let threads = match (threads, self.jobs.len()) {
            (_, 0..=1) => 1,
            (Some(threads), _) => threads.get(),
            (None, _) => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
        };
        let mut number = 0;
        for batch in self.jobs.chunks(AT_ONCE) {
            for result in in_parallel(batch, threads, number, &self.judge) {
                if let Some(result) = result.transpose() {
                    done(number, result)?;
                }
                number += 1;
            }
        }
        Ok(())
    }
}

/// Judges the jobs of a batch, the results in their order. A single job needs no thread.
fn in_parallel(
    batch: &[Job],
    threads: usize,
    done: usize,
    judge: &Judge,
) -> Vec<Result<Option<Judged>>> {
    let one = |index: usize| judge.case(&batch[index], done + index == 0);
    if batch.len() == 1 || threads == 1 {
        return (0..batch.len()).map(one).collect();
    }
    let next = AtomicUsize::new(0);
    let mut results: Vec<(usize, Result<Option<Judged>>)> = std::thread::scope(|scope| {
        let workers: Vec<_> = (0..threads.min(batch.len()))
            .map(|_| {
                scope.spawn(|| {
                    let mut own = Vec::new();
                    loop {
                        let index = next.fetch_add(1, Ordering::Relaxed);
                        if index >= batch.len() {
                            return own;
                        }
                        own.push((index, one(index)));
                    }
                })
            })
            .collect();
        workers
            .into_iter()
            .flat_map(|worker| match worker.join() {
                Ok(own) => own,
                // A panic here is a fault of ours; dropping its results would let a bad file pass.
                Err(panic) => std::panic::resume_unwind(panic),
            })
            .collect()
    });
    results.sort_by_key(|(index, _)| *index);
    results.into_iter().map(|(_, result)| result).collect()
}

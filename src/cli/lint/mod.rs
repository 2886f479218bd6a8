//! `mtls lint`: files to facts, facts to a verdict, before anything is deployed.

mod args;
mod collect;
mod configs;
mod fix;
mod job;
mod judge;
mod reach;
mod sniff;

use std::{
    ffi::OsString,
    num::NonZeroUsize,
    path::PathBuf,
    sync::atomic::{AtomicUsize, Ordering},
};

use anyhow::Result;

pub(super) use self::args::Args;
use self::{job::Job, judge::Judge, reach::Reach};
use super::{UNABLE, common, destination, settings::Settings, signals};
use crate::{
    engine::Judged,
    render::text::{Lint, LintDetail},
    report::{self, tally::Tally},
};

/// Deployments that are judged before their results are printed: keeps memory flat.
const AT_ONCE: usize = 256;

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args, settings: &Settings) -> Result<u8> {
    let judge = Judge::new(args, Reach::of(settings.said()))?;
    let (jobs, unreadable) = collect::jobs(args)?;
    let mut policy = args.rules.policy(settings, judge.context.now)?;
    let started = common::now();
    let fail_on = args.fail_on.unless(args.exit_zero);
    let now = judge.context.now;
    let detail = if jobs.len() == 1 {
        LintDetail::Full
    } else {
        LintDetail::Short
    };
    let (mut sink, half) = destination::Plan {
        format: args.format,
        without: destination::JUDGING,
        outputs: &args.output,
        inputs: inputs(args, &jobs, settings),
        color: args.color,
        fail_on,
        now,
        resume: None,
        secrets: false,
        openssl: None,
        text: &|out| Box::new(Lint::new(out, now, detail)),
    }
    .open()?;
    signals::remove_when_told(half.paths());
    let mut tally = Tally::new(None, fail_on, None);
    let mut unable = !unreadable.is_empty();
    for line in &unreadable {
        common::complain(&format!("mtls: {line}"));
    }
    // Asking how many cores there are reads files: not for one job.
    let threads = match (args.jobs, jobs.len()) {
        (_, 0..=1) => 1,
        (Some(jobs), _) => jobs.get(),
        (None, _) => std::thread::available_parallelism().map_or(1, NonZeroUsize::get),
    };
    let mut done = 0;
    for batch in jobs.chunks(AT_ONCE) {
        for result in in_parallel(batch, threads, done, &judge) {
            match result {
                Ok(None) => {}
                Ok(Some(mut judged)) => {
                    policy.apply(&mut judged);
                    tally.add(&judged);
                    sink.case(&judged)?;
                    if args.fix && done == 0 {
                        fix::write(&judged, args.out.as_deref())?;
                    }
                }
                Err(error) => {
                    unable = true;
                    common::report(&error);
                }
            }
            done += 1;
        }
    }
    let mut run = tally.finish(report::Command::Lint, started, common::now(), &[]);
    if run.cases == 0 && !unable {
        // Nothing looked at is no good news: a script that lints the wrong folder must not pass.
        common::complain(
            "mtls: no certificate and no private key in what was named; check the path",
        );
        unable = true;
    }
    if unable {
        run.exit_code = UNABLE;
    }
    sink.finish(&run)?;
    drop(sink);
    half.keep()?;
    Ok(run.exit_code)
}

/// Every file that the run reads.
fn inputs(args: &Args, jobs: &[Job], settings: &Settings) -> Vec<PathBuf> {
    let of_jobs = jobs.iter().flat_map(|job| {
        let files = job.files.iter().map(|(path, _)| path);
        let files = files.filter(|path| !job.found || sniff::is_precious(path));
        let configs = job.configs.iter().map(|file| PathBuf::from(&file.path));
        let beside = job.keys.iter().chain(&job.paired).chain(&job.fuller);
        files.chain(beside).cloned().chain(configs)
    });
    let named = args.cacert.iter().chain(&args.untrusted);
    let named = named.chain(&args.crlfile).chain(&args.paths);
    of_jobs
        .chain(named.filter(|path| !path.is_dir()).cloned())
        .chain(args.profile.as_ref().map(PathBuf::from))
        .chain(args.rules.inputs())
        .chain(settings.file())
        .collect()
}

/// What a call with these words, the command's name first, would judge; nothing is printed.
///
/// # Errors
/// When a file cannot be read, or the words are not a call of `lint`.
pub(super) fn judged(words: Vec<OsString>) -> Result<Vec<Judged>> {
    #[derive(clap::Parser)]
    struct Call {
        #[command(flatten)]
        args: Args,
    }
    let Call { args } = <Call as clap::Parser>::try_parse_from(words)?;
    // Which of its flags were said is not known here: only what lies below this directory is quoted.
    let judge = Judge::new(&args, Reach::default())?;
    let (jobs, unreadable) = collect::jobs(&args)?;
    if let Some(line) = unreadable.first() {
        anyhow::bail!("{line}");
    }
    let cases = jobs
        .iter()
        .enumerate()
        .map(|(index, job)| judge.case(job, index == 0));
    Ok(cases
        .collect::<Result<Vec<_>>>()?
        .into_iter()
        .flatten()
        .collect())
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

//! `mtls lint`: files to facts, facts to a verdict, before anything is deployed.

mod args;
mod fix;

use std::path::PathBuf;

use anyhow::{Result, bail};

pub(super) use self::args::Args;
use super::{UNABLE, common, destination, settings::Settings, signals};
use crate::{
    jobs::{
        lint::{Answered, Asked, Deployments},
        profile,
    },
    render::text::Lint,
    report::{self, tally::Tally},
};

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args, settings: &Settings) -> Result<u8> {
    if args.repair.fix && args.files.cert.is_none() && args.files.client_ca.len() != 1 {
        bail!("--fix: name the file to repair with --cert, or one with --client-ca");
    }
    let request = args.request(settings)?;
    let deployments = Deployments::of(&request)?;
    let now = request.now;
    let mut policy = args.rules.policy(settings, now)?;
    let started = common::now();
    let fail_on = args.fail.fail_on();
    let many = !deployments.is_one();
    let (mut sink, staged) = destination::Plan {
        format: args.output.format,
        command: report::Command::Lint,
        outputs: &args.output.output,
        inputs: inputs(args, &deployments, settings),
        color: args.output.colour.color,
        fail_on,
        now,
        resume: None,
        secrets: false,
        openssl: None,
        text: &|out, width| Box::new(Lint::new(out, args.output.look(now, width), many)),
    }
    .open()?;
    signals::remove_when_told(staged.paths());
    let mut tally = Tally::new(None, fail_on, None);
    let mut unable = !deployments.unreadable().is_empty();
    for line in deployments.unreadable() {
        common::complain(&format!("mtls: {line}"));
    }
    let asked = Asked::by(&request);
    let mut answered = Answered::default();
    // One deployment says so itself.
    let mut said = false;
    deployments.each(args.jobs, |number, judged| {
        match judged {
            Ok(mut judged) => {
                answered.add(&judged, &asked);
                said |= judged.not_applied.is_some();
                policy.apply(&mut judged);
                tally.add(&judged);
                sink.case(&judged)?;
                if args.repair.fix && number == 0 {
                    fix::write(&judged, args.repair.out.as_deref())?;
                }
            }
            Err(error) => {
                unable = true;
                common::report(&error);
            }
        }
        Ok(())
    })?;
    let mut run = tally.finish(report::Command::Lint, started, common::now(), &[]);
    if run.cases == 0 && !unable {
        // Nothing looked at is no good news: a script that lints the wrong folder must not pass.
        common::complain(
            "mtls: no certificate and no private key in what was named; check the path",
        );
        unable = true;
    }
    // Where something is wrong besides, that is the answer.
    let failed = run.verdict == report::OverallVerdict::Fail;
    if let Some(why) = answered.lacks(&asked)
        && run.cases > 0
        && !said
    {
        common::complain(&format!("mtls: {why}"));
        unable |= !failed;
    }
    unable |= said && !failed;
    if unable {
        run.exit_code = UNABLE;
        run.verdict = run.verdict.max(report::OverallVerdict::Unknown);
    }
    sink.finish(&run)?;
    drop(sink);
    staged.commit()?;
    Ok(run.exit_code)
}

/// Every file that the run reads.
fn inputs(args: &Args, deployments: &Deployments, settings: &Settings) -> Vec<PathBuf> {
    let named = args.files.cacert.iter().chain(&args.files.untrusted);
    let named = named
        .chain(&args.files.crlfile)
        .chain(&args.files.would_accept);
    let named = named.chain(&args.paths);
    deployments
        .inputs()
        .chain(named.filter(|path| !path.is_dir()).cloned())
        .chain(args.profile.iter().filter_map(|one| profile::file_in(one)))
        .chain(args.rules.inputs())
        .chain(settings.file())
        .collect()
}

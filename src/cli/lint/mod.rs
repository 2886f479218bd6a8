//! `mtls lint`: files to facts, facts to a verdict, before anything is deployed.

mod args;
mod fix;

use std::path::PathBuf;

use anyhow::{Result, bail};

pub(super) use self::args::Args;
use super::{UNABLE, common, destination, settings::Settings, signals};
use crate::{
    engine::Judged,
    facts::Side,
    jobs::{
        lint::{Deployments, LintRequest, NO_CLIENT_CA},
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
    let mut applied = Applied::default();
    deployments.each(args.jobs, |number, judged| {
        match judged {
            Ok(mut judged) => {
                applied.add(&judged);
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
    if let Some(why) = applied.lacks(&request)
        && run.cases > 0
    {
        common::complain(&format!("mtls: {why}"));
        unable = true;
    }
    unable |= applied.alone;
    if unable {
        run.exit_code = UNABLE;
        run.verdict = run.verdict.max(report::OverallVerdict::Unknown);
    }
    sink.finish(&run)?;
    drop(sink);
    staged.commit()?;
    Ok(run.exit_code)
}

/// Which of the questions about clients had something to be answered by, in a run.
#[derive(Default)]
struct Applied {
    sender: bool,
    client: bool,
    alone: bool,
    /// Whether a configuration was among what was read.
    configured: bool,
}

impl Applied {
    fn add(&mut self, judged: &Judged) {
        self.sender |= !judged.readiness.is_empty();
        self.client |= !judged.case.would().is_empty();
        self.configured |= judged.case.site().is_some();
        // It says so itself.
        self.alone |= judged.not_applied.is_some();
    }

    /// What was asked and had nothing to be answered by.
    fn lacks(&self, request: &LintRequest) -> Option<&'static str> {
        let known = request
            .profile
            .is_some_and(|profile| !profile.identity.is_empty());
        if !request.would_accept.is_empty() && !self.client {
            return Some(if self.configured {
                "--would-accept was not answered: no server in these configurations has a client-CA file that could be read"
            } else {
                "--would-accept needs the client-CA file: add --client-ca FILE, or name the server's configuration"
            });
        }
        let asked = known && request.role != Some(Side::Client) && !self.sender && !self.alone;
        asked.then_some(if self.configured {
            "--profile was not answered: no server in these configurations has a client-CA file that could be read"
        } else {
            NO_CLIENT_CA
        })
    }
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

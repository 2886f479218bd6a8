//! `mtls simulate`: calls a webhook as the sender would, with clients good and bad on purpose.

mod args;
mod call;
mod clients;
mod load;
mod scenario;
mod write_out;

use std::{
    ffi::OsString,
    io::{self, Write as _},
};

use anyhow::{Context as _, Result};

pub(super) use self::{args::Args, clients::client};
use self::{call::Setup, write_out::WriteOut};
use super::{
    common,
    destination::{self, Format},
    output,
    settings::Settings,
    signals,
};
use crate::{
    engine,
    facts::Call,
    finding::Rule,
    jobs::profile,
    net::identity,
    render::text::Calls,
    report::{Sink, policy::Policy, tally::Tally},
};

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args, settings: &Settings) -> Result<u8> {
    let write_out = args.write_out.as_deref().map(WriteOut::parse).transpose()?;
    if write_out.is_some() && args.format != Format::Text {
        anyhow::bail!(
            "--write-out would break the JSON on standard output; drop --format or --write-out"
        );
    }
    if args.show_secrets {
        common::complain("mtls: --show-secrets: credentials will be printed in full");
    }
    let plans = match &args.scenario {
        Some(path) => scenario::plans(path, args)?,
        None => vec![scenario::Plan::plain(args)?],
    };
    let runtime = if args.jobs > 1 {
        tokio::runtime::Builder::new_multi_thread()
            .enable_all()
            .build()
    } else {
        tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
    }
    .context("cannot start the runtime")?;
    identity::warm_up();
    let started = common::now();
    let many = args.matrix || args.readiness || args.scenario.is_some();
    let fail_on = args.fail_on.unless(args.exit_zero);
    let now = args.at_time.unwrap_or_else(common::this_second);
    let (sink, half) = destination::Plan {
        format: args.format,
        without: destination::JUDGING,
        outputs: &args.output,
        inputs: args.inputs().chain(settings.file()).collect(),
        color: args.color,
        fail_on,
        now,
        resume: None,
        secrets: args.show_secrets,
        openssl: None,
        text: &|out| -> Box<dyn Sink> {
            if args.silent {
                Box::new(Silence)
            } else {
                Box::new(Calls::new(out, now, many))
            }
        },
    }
    .open()?;
    signals::remove_when_told(half.paths());
    let mut reporter = Reporter {
        sink,
        write_out,
        tally: Tally::new(None, fail_on, None),
        rules: args.rules.rules(),
        policy: args.rules.policy(settings, now)?,
    };
    runtime.block_on(async {
        for plan in &plans {
            if let Some(repeat) = args.repeat {
                let load = load::run(
                    &plan.setup,
                    &plan.clients,
                    repeat.get(),
                    args.jobs,
                    &mut reporter,
                )
                .await?;
                reporter.sink.load(&load)?;
                continue;
            }
            for client in &plan.clients {
                let mut call = plan.setup.call(client).await;
                plan.expect(&mut call);
                reporter.call(&plan.setup, call)?;
            }
        }
        anyhow::Ok(())
    })?;
    let senders = if args.readiness {
        vec![profile::named(args.profile())?]
    } else {
        Vec::new()
    };
    let run = reporter
        .tally
        .finish("simulate", started, common::now(), &senders);
    reporter.sink.finish(&run)?;
    drop(reporter.sink);
    half.keep()?;
    Ok(run.exit_code)
}

/// What one call with these words, the command's name first, shows; nothing is printed.
///
/// # Errors
/// When the words are not a call of `simulate`, or a file they name cannot be read. A webhook that cannot be reached is a result.
pub(super) fn judged(words: Vec<OsString>) -> Result<engine::Judged> {
    #[derive(clap::Parser)]
    struct Call {
        #[command(flatten)]
        args: Args,
    }
    let Call { args } = <Call as clap::Parser>::try_parse_from(words)?;
    let plan = scenario::Plan::plain(&args)?;
    let client = plan.clients.first().context("no client to be")?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let call = runtime.block_on(plan.setup.call(client));
    Ok(engine::judge(plan.setup.case(call), &plan.setup.context))
}

/// Judges calls and hands them on.
struct Reporter {
    sink: Box<dyn Sink>,
    write_out: Option<WriteOut>,
    tally: Tally,
    rules: Vec<&'static Rule>,
    policy: Policy,
}

impl Reporter {
    fn call(&mut self, setup: &Setup, call: Call) -> Result<()> {
        let mut judged = engine::judge_with(&self.rules, setup.case(call), &setup.context);
        self.policy.apply(&mut judged);
        self.tally.add(&judged);
        self.sink.case(&judged)?;
        if let (Some(format), Some(call)) = (&self.write_out, &judged.case.call) {
            let mut out = output::stdout();
            out.write_all(format.text(call).as_bytes())?;
            out.flush()?;
        }
        Ok(())
    }
}

/// Prints nothing (`--silent`).
struct Silence;

impl Sink for Silence {
    fn case(&mut self, _: &engine::Judged) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &crate::report::Run) -> io::Result<()> {
        Ok(())
    }
}

//! `mtls simulate`: calls a webhook as the sender would, with clients good and bad on purpose.

mod args;
mod write_out;

use std::io::{self, Write as _};

use anyhow::Result;

pub(super) use self::args::Args;
use self::write_out::WriteOut;
use super::{
    common,
    destination::{self, Format},
    output,
    settings::Settings,
    signals,
};
use crate::{
    engine::Judged,
    facts::Outcome,
    jobs::{
        runtime,
        simulate::{CallRequest, Plan, Progress, ReplayRequest, Replays, plans, replays},
    },
    net::identity,
    render::text::Calls,
    report::{Command, Sink, policy::Policy, tally::Tally},
    untrusted::Tame,
};

/// Calls of a matrix that are under way at once.
const MATRIX_JOBS: u16 = 8;

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args, settings: &Settings) -> Result<u8> {
    let write_out = args.write_out.as_deref().map(WriteOut::parse).transpose()?;
    if write_out.is_some() && args.output.format != Format::Text {
        anyhow::bail!(
            "--write-out would break the JSON on standard output; drop --format or --write-out"
        );
    }
    let secrets = args.secrets.warned();
    let request = args.request()?;
    let plans = match (&args.scenario, args.replay()?) {
        (Some(path), _) => plans(path, &request)?,
        (None, Some(asked)) => replayed(&asked, &request)?,
        (None, None) => vec![Plan::of(&request)?],
    };
    if args.print_request || args.print_curl {
        return print(&plans, args.print_curl);
    }
    let many = args.presents.matrix
        || args.presents.readiness
        || args.scenario.is_some()
        || plans.len() > 1;
    // Recorded requests are sent one after the other, as they came.
    let replayed = !args.replay.replay.is_empty();
    let side_by_side = if many && args.repeat.is_none() && !replayed {
        MATRIX_JOBS
    } else {
        1
    };
    let jobs = args.jobs.unwrap_or(side_by_side);
    let runtime = if jobs > 1 {
        runtime::of_many()?
    } else {
        runtime::of_one()?
    };
    identity::warm_up();
    let started = common::now();
    let fail_on = args.fail.fail_on();
    let now = request.now;
    let (sink, staged) = destination::Plan {
        format: args.output.format,
        command: Command::Simulate,
        outputs: &args.output.output,
        inputs: args.inputs().chain(settings.file()).collect(),
        color: args.output.colour.color,
        fail_on,
        now,
        resume: None,
        secrets,
        openssl: None,
        text: &|out, width| -> Box<dyn Sink> {
            if args.silent {
                Box::new(Silence)
            } else {
                Box::new(Calls::new(out, args.output.look(now, width), many))
            }
        },
    }
    .open()?;
    signals::remove_when_told(staged.paths());
    let mut reporter = Reporter {
        sink,
        write_out,
        tally: Tally::new(None, fail_on, None),
        policy: args.rules.policy(settings, now)?,
        reached: false,
    };
    runtime.block_on(async {
        for plan in &plans {
            if let Some(repeat) = args.repeat {
                let (load, cases) = plan.load(repeat.get(), jobs, tell).await?;
                cases
                    .into_iter()
                    .try_for_each(|judged| reporter.case(judged))?;
                reporter.sink.load(&load)?;
                continue;
            }
            plan.calls(usize::from(jobs), |judged| reporter.case(judged))
                .await?;
        }
        anyhow::Ok(())
    })?;
    let senders = if args.presents.readiness {
        vec![request.profile()?]
    } else {
        Vec::new()
    };
    let run = reporter
        .tally
        .finish(Command::Simulate, started, common::now(), &senders);
    reporter.sink.finish(&run)?;
    drop(reporter.sink);
    staged.commit()?;
    // What a refusal may be due to; of a webhook that was not reached it says nothing.
    if reporter.reached {
        for notice in plans.iter().flat_map(|plan| &plan.notices) {
            common::complain(&format!("mtls: {notice}"));
        }
    }
    Ok(run.exit_code)
}

/// The requests of recorded cases; what is called, and what is not sent as it came, is said first.
fn replayed(asked: &ReplayRequest, request: &CallRequest) -> Result<Vec<Plan>> {
    let Replays { plans, notices } = replays(asked, request)?;
    let requests = match plans.len() {
        1 => "1 request".to_owned(),
        count => format!("{count} requests"),
    };
    let to = request.url.as_deref().unwrap_or_default();
    common::complain(&format!("mtls: replaying {requests} to {to}"));
    for notice in notices {
        common::complain(&format!("mtls: {notice}"));
    }
    Ok(plans)
}

/// Prints what would be sent, or the commands that send it.
fn print(plans: &[Plan], as_curl: bool) -> Result<u8> {
    let mut texts = Vec::new();
    for plan in plans {
        if as_curl {
            for client in &plan.clients {
                texts.push(plan.curl(client)?);
            }
        } else {
            texts.push(plan.request_text());
        }
    }
    let mut out = Tame::new(output::stdout());
    out.write_all(texts.join("\n").as_bytes())?;
    out.flush()?;
    Ok(0)
}

/// How far a run of many calls is.
fn tell(progress: Progress) {
    let Progress { done, count, rate } = progress;
    common::complain(&format!(
        "mtls: {done} of {count} calls, {rate:.0} a second"
    ));
}

/// Hands cases on.
struct Reporter {
    sink: Box<dyn Sink>,
    write_out: Option<WriteOut>,
    tally: Tally,
    policy: Policy,
    /// Whether a webhook was reached at all.
    reached: bool,
}

impl Reporter {
    fn case(&mut self, mut judged: Judged) -> Result<()> {
        self.policy.apply(&mut judged);
        self.tally.add(&judged);
        let call = judged.case.call();
        self.reached |= call.is_some_and(|call| call.outcome() != Outcome::Unreachable);
        self.sink.case(&judged)?;
        if let (Some(format), Some(call)) = (&self.write_out, judged.case.call()) {
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
    fn case(&mut self, _: &Judged) -> io::Result<()> {
        Ok(())
    }

    fn finish(&mut self, _: &crate::report::Run) -> io::Result<()> {
        Ok(())
    }
}

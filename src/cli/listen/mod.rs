//! `mtls listen`: flags to a plan, events to reports, an exit code at the end.

mod args;
mod attempts;
mod plan;
mod socket;

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use tokio::sync::mpsc;

pub(super) use self::args::Args;
use self::{attempts::Attempts, plan::Throwaway};
use super::{anchors, common, destination, files, output, profile, settings::Settings};
use crate::{
    context::Context,
    engine,
    facts::Case,
    net::{event::Event, identity, listen as listener},
    profiles::Profile,
    render::text::{Detail, Text},
    report::{
        FailOn, Run, Sink, policy,
        tally::{Expect, Tally},
    },
};

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: Args, settings: &Settings) -> Result<u8> {
    let named: Vec<&'static Profile> = args
        .profile
        .iter()
        .map(|name| profile::named(name))
        .collect::<Result<_>>()?;
    // Whose certificates are known: more than those whose anchors are trusted.
    let known: Vec<&'static Profile> = args
        .sender
        .iter()
        .map(|name| profile::named(name))
        .chain(named.iter().map(|profile| Ok(*profile)))
        .collect::<Result<_>>()?;
    let judges = anchors::gather(args.client_ca.as_deref(), &named, !args.no_default_roots)?;
    let now = args.at_time.unwrap_or_else(common::this_second);
    if let (None, Some(chain)) = (&args.cert, &args.cert_chain) {
        bail!(
            "--cert-chain {} needs --cert: whose chain is it?",
            chain.display()
        );
    }
    let throwaway = match (&args.cert, &args.key) {
        (None, None) => Some(Throwaway::new(now)?),
        (None, Some(key)) => bail!(
            "--key {} needs --cert: which certificate does it belong to?",
            key.display()
        ),
        (Some(_), _) => None,
    };
    let server = match (&throwaway, &args.cert) {
        (Some(throwaway), _) => throwaway.server.clone(),
        (None, Some(cert)) => {
            files::identity(cert, args.cert_chain.as_deref(), args.key.as_deref())?
        }
        (None, None) => bail!("no certificate"),
    };
    let context = Context {
        anchors_given: !judges.anchors.certificates().is_empty(),
        anchors_origin: judges.origin.clone(),
        enforce: args.enforce,
        verify_depth: args.verify_depth,
        verify_token: args.verify_token,
        expected_parameters: args.expect_parameter.clone(),
        profile: known.first().copied(),
        ..Context::at(now)
    };
    let plan = Arc::new(plan::plan(&args, &known, judges, server)?);
    let address = socket::address(&args.listen)?;
    let fail_on = args.fail_on.unless(args.exit_zero);
    let openssl = output::Settings {
        labels: args.openssl_labels,
        client_auth: plan.client_auth,
        verify_depth: args.verify_depth,
        enforce: args.enforce,
    };
    let (mut sink, half) = destination::Plan {
        format: args.format,
        without: destination::LISTENING,
        outputs: &args.output,
        inputs: args.inputs().chain(settings.file()).collect(),
        color: args.color,
        fail_on,
        now,
        resume: None,
        secrets: args.show_secrets,
        text: &|out| Box::new(Text::new(out, now, Detail::Full)),
        openssl: Some(&|| output::openssl(&openssl)),
    }
    .open()?;
    identity::warm_up();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let policy = Policy {
        decided: settings.policy(now)?,
        context,
        fixed_time: args.at_time,
        expect: args.expect.clone(),
        fail_on,
        count: args.count,
        senders: profile::senders(&known),
    };
    let code = runtime.block_on(async {
        let listening = socket::bind(&address, &args.listen).await?;
        socket::announce(&listening, &args, throwaway.as_ref())?;
        let (sender, events) = mpsc::channel(256);
        let stop = socket::stop(args.timeout);
        let running = tokio::spawn(listener::run(listening, plan, sender, args.count, stop));
        let code = collect(events, &policy, sink.as_mut()).await?;
        running.await.context("the listener failed")?;
        anyhow::Ok(code)
    })?;
    drop(sink);
    half.keep()?;
    Ok(code)
}

/// What decides over the run besides the cases.
struct Policy {
    /// What is decided about findings.
    decided: policy::Policy,
    context: Context,
    fixed_time: Option<Timestamp>,
    expect: Option<Expect>,
    fail_on: FailOn,
    count: Option<u64>,
    senders: Vec<&'static Profile>,
}

/// Judges and prints each case as it comes; the answer is the exit code.
async fn collect(
    mut events: mpsc::Receiver<Event>,
    policy: &Policy,
    sink: &mut dyn Sink,
) -> Result<u8> {
    let started = common::now();
    let mut tally = Tally::new(policy.expect.clone(), policy.fail_on, policy.count);
    let mut decided = policy.decided.clone();
    let mut judge = |case: Case| {
        let mut context = policy.context.clone();
        context.now = policy.fixed_time.unwrap_or_else(common::this_second);
        let mut judged = engine::judge(case, &context);
        decided.apply(&mut judged);
        judged
    };
    let mut attempts = Attempts::default();
    while let Some(event) = events.recv().await {
        match event {
            Event::Progress(mut case) => {
                attempts.look_back(&mut case);
                sink.progress(&judge(*case))?;
            }
            Event::Closed(mut case) => {
                attempts.look_back(&mut case);
                let judged = judge(*case);
                tally.add(&judged);
                sink.case(&judged)?;
            }
            Event::Notice(text) => common::complain(&format!("mtls: {text}")),
        }
    }
    let run: Run = tally.finish("listen", started, common::now(), &policy.senders);
    sink.finish(&run)?;
    Ok(run.exit_code)
}

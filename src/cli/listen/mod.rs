//! `mtls listen`: flags to a plan, events to reports, an exit code at the end.

mod args;
mod attempts;
mod certs;
mod forward;
mod kept;
mod plan;
mod record;
mod reload;
mod socket;
mod ui;

use std::{sync::Arc, time::Duration};

use anyhow::{Context as _, Result, bail};
use jiff::Timestamp;
use tokio::sync::{mpsc, watch};

pub(super) use self::args::Args;
use self::{
    attempts::Attempts, certs::SavedCerts, plan::Throwaway, record::Recorder, reload::Reload,
};
use super::{
    common, destination,
    door::{STDERR, STDOUT},
    output,
    settings::Settings,
    signals::Signals,
};
use crate::{
    context::Context,
    engine,
    facts::Case,
    jobs::{anchors, files, profile, runtime},
    net::{
        event::Event,
        identity::{self, ServerIdentity},
        listen as listener,
    },
    profiles::Profile,
    render::text::Text,
    report::{
        Command, FailOn, Run, Sink, policy,
        tally::{Expect, Tally},
    },
};

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: Args, settings: &Settings) -> Result<u8> {
    let named = profiles(&args.files.profile)?;
    // Whose certificates are known: more than those whose anchors are trusted.
    let mut known = profiles(&args.files.sender)?;
    known.extend(&named);
    let judges = anchors::gather(
        args.files.client_ca.as_deref(),
        &named,
        !args.files.no_default_roots,
    )?;
    let now = args.time.now();
    let password = args.files.pass.password()?;
    let runtime = runtime::of_many()?;
    let signals = {
        let _within = runtime.enter();
        // Before there is anything that a signal could leave behind.
        Signals::take().context("cannot listen for signals")?
    };
    let (server, throwaway) = identity_of(&args, password.as_deref(), now)?;
    let context = context(&args, &judges, known.first().copied(), now);
    let keeping = Keeping::open(&args, &judges.origin)?;
    let plan = Arc::new(plan::plan(
        &args,
        &known,
        judges,
        server,
        password.as_deref(),
    )?);
    let address = socket::address_of("--listen", &args.listen)?;
    let fail_on = args.fail.fail_on();
    let openssl = output::Settings {
        labels: args.openssl_labels,
        client_auth: plan.client_auth,
        verify_depth: args.verify_depth,
        enforce: args.enforce,
    };
    STDERR.beside();
    STDOUT.beside();
    let (mut sink, staged) = destination::Plan {
        format: args.output.format,
        command: Command::Listen,
        outputs: &args.output.output,
        inputs: args.inputs().chain(settings.file()).collect(),
        color: args.output.colour.color,
        fail_on,
        now,
        resume: None,
        secrets: args.secrets.show(),
        text: &|out, width| Box::new(Text::new(out, args.output.look(now, width))),
        openssl: Some(&|| output::openssl(&openssl)),
    }
    .open()?;
    identity::warm_up();
    let policy = Policy {
        decided: settings.policy(now)?,
        context,
        fixed_time: args.time.at_time,
        expect: args.expect.clone(),
        fail_on,
        count: args.count,
        senders: profile::senders(&known),
    };
    let code = runtime.block_on(async {
        let listening = socket::bind(&address, "--listen", &args.listen).await?;
        socket::announce(
            &listening,
            &args,
            throwaway.as_ref(),
            plan.forward.as_deref(),
        )?;
        let live = args.ui.serve(&plan).await?;
        let (sender, events) = mpsc::channel(256);
        let only_stdout =
            args.output.output.is_empty() && args.count.is_none() && args.timeout.is_none();
        let (timeout, told) = (args.timeout, signals.clone());
        let (renew, plans) = watch::channel(plan);
        let hangup = Reload::new(&args, &named, password).at_hangup(renew);
        let stop = async move {
            tokio::select! {
                () = socket::stop(timeout, &told, only_stdout) => {}
                // From here on it is the end of the run like any other signal.
                () = hangup => told.tell(),
            }
        };
        let listen = listener::run_renewed(listening, plans, sender, args.count, stop);
        let running = tokio::spawn(listen);
        let code = collect(events, &policy, sink.as_mut(), keeping, live.as_ref()).await?;
        running.await.context("the listener failed")?;
        anyhow::Ok(code)
    })?;
    drop(sink);
    staged.commit()?;
    runtime.block_on(last_words(&signals));
    runtime.shutdown_background();
    Ok(code)
}

/// What clients are judged by.
fn context(
    args: &Args,
    judges: &anchors::Judges,
    profile: Option<&'static Profile>,
    now: Timestamp,
) -> Context {
    Context {
        anchors_given: !judges.anchors.certificates().is_empty(),
        anchors_origin: judges.origin.clone(),
        enforce: args.enforce,
        verify_depth: args.verify_depth,
        verify_token: args.verify_token,
        expected_parameters: args.expect_parameter.clone(),
        expected_identity: args.identity.expected(),
        profile,
        ..Context::at(now)
    }
}

fn profiles(names: &[String]) -> Result<Vec<&'static Profile>> {
    names.iter().map(|name| profile::named(name)).collect()
}

/// Our certificate: that of the files, or one made for this run where none is named.
fn identity_of(
    args: &Args,
    password: Option<&str>,
    now: Timestamp,
) -> Result<(ServerIdentity, Option<Throwaway>)> {
    if let (None, Some(chain)) = (&args.files.cert, &args.files.cert_chain) {
        bail!(
            "--cert-chain {} needs --cert: whose chain is it?",
            chain.display()
        );
    }
    match (&args.files.cert, &args.files.key) {
        (Some(cert), key) => {
            let more = args.files.cert_chain.as_deref();
            let server = files::identity(cert, more, key.as_deref(), password)?;
            Ok((server, None))
        }
        (None, Some(key)) => bail!(
            "--key {} needs --cert: which certificate does it belong to?",
            key.display()
        ),
        (None, None) => {
            let made = Throwaway::new(now)?;
            Ok((made.server.clone(), Some(made)))
        }
    }
}

/// Waits for standard output to be read. Everything else is done by now: a reader may take its
/// time, until a signal says that it is enough.
async fn last_words(signals: &Signals) {
    let enough = async {
        let told = signals.told().await;
        tokio::time::sleep_until((told + PATIENCE).into()).await;
    };
    tokio::select! {
        () = STDOUT.emptied() => {}
        () = enough => common::complain("mtls: standard output is not being read: the waiting results are lost"),
    }
}

/// How long after a signal standard output may still be written to: with [`listener::GRACE`] before
/// it, the program is over within 2 seconds.
const PATIENCE: Duration = Duration::from_millis(1700);

/// What is kept of connections besides what is printed.
struct Keeping {
    recorder: Option<Recorder>,
    certs: Option<SavedCerts>,
}

impl Keeping {
    /// Makes the folders; `origin` says where the anchors of clients are from.
    fn open(args: &Args, origin: &str) -> Result<Self> {
        Ok(Self {
            recorder: Recorder::open(&args.record, origin)?,
            certs: SavedCerts::open(args.record.save_certs.as_ref())?,
        })
    }
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
    mut keeping: Keeping,
    live: Option<&ui::Live>,
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
                let judged = judge(*case);
                if let Some(live) = live {
                    live.show(&judged, false);
                }
                sink.progress(&judged)?;
            }
            Event::Closed(mut case) => {
                attempts.look_back(&mut case);
                let exchanges = Recorder::take(&mut case);
                let judged = judge(*case);
                tally.add(&judged);
                if let Some(live) = live {
                    live.show(&judged, true);
                }
                sink.case(&judged)?;
                if let Some(certs) = &mut keeping.certs {
                    certs.save(&judged);
                }
                if let Some(recorder) = &mut keeping.recorder {
                    recorder.record(judged, exchanges);
                }
            }
            Event::Notice(text) => common::complain(&format!("mtls: {text}")),
        }
    }
    if let Some(recorder) = keeping.recorder {
        recorder.finish();
    }
    if let Some(certs) = keeping.certs {
        certs.finish();
    }
    let mut run: Run = tally.finish(Command::Listen, started, common::now(), &policy.senders);
    run.not_printed = STDOUT.left_out();
    if run.not_printed > 0 {
        common::complain(&format!(
            "mtls: {} results were not printed, because standard output was not read; --output jsonl=FILE keeps them",
            run.not_printed
        ));
    }
    STDOUT.last_words();
    sink.finish(&run)?;
    Ok(run.exit_code)
}

//! `mtls inspect`: what an endpoint or a file presents, what it asks of clients, and what is wrong with it; one or ten thousand.

mod args;
mod endpoint;
mod fleet;
mod list;
mod output;
mod shard;

use std::{
    collections::{BTreeMap, HashSet},
    ffi::OsString,
    path::{Path, PathBuf},
    sync::Arc,
};

use anyhow::{Context as _, Result, bail};
use tokio::sync::mpsc::{self, Receiver};

pub(super) use self::args::Args;
use self::{
    endpoint::Inspector,
    fleet::Pace,
    list::{List, Spec},
};
use super::{
    UNABLE, common,
    destination::{self, Format},
    lint,
    settings::Settings,
    signals,
};
use crate::{
    engine::Judged,
    net::identity,
    render::{
        nagios,
        text::{Inspection, InspectionDetail},
    },
    report::{Command, Fleet, Sink, policy::Policy, tally::Tally},
};

/// Endings of file names that make a target a file even where there is none: a typing error is not to become a name lookup.
const FILES: [&str; 10] = [
    "pem", "crt", "cer", "cert", "der", "key", "p12", "pfx", "p7b", "json",
];

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args, settings: &Settings) -> Result<u8> {
    let named = args.named();
    if named.is_empty() && args.list.is_none() {
        bail!(
            "nothing to inspect: name an endpoint (host[:port]), a file, a directory, or --targets LIST"
        );
    }
    if args.resume.is_some() && args.list.is_none() {
        bail!("--resume goes on with a list: name it with --targets");
    }
    if args.resume.is_some() && args.format != Format::Jsonl {
        bail!("--resume adds lines to lines: use it with --format jsonl");
    }
    if args.show_secrets {
        common::complain("mtls: --show-secrets: credentials will be printed in full");
    }
    let variable = |name: &str| common::variable(name);
    let part = match args.shard {
        Some(shard) => Some(shard.part(variable).map_err(anyhow::Error::msg)?),
        None => None,
    };
    let fleet = args.list.is_some();
    let inspector = Arc::new(Inspector::new(args, !fleet || args.thorough)?);
    let mut earlier = list::Earlier::default();
    let resume = args.resume.as_ref().map(|path| output::of_part(path, part));
    let rename = |path: &Path| output::of_part(path, part);
    let outputs: Vec<_> = args.output.iter().map(|one| one.renamed(rename)).collect();
    if let Some(path) = &resume {
        earlier = list::earlier(path)?;
        let (done, torn) = (earlier.done.len(), earlier.length - earlier.whole);
        if torn > 0 {
            common::complain(&format!(
                "mtls: --resume {}: its last line is torn, {torn} bytes; that endpoint is looked at again",
                path.display()
            ));
        }
        if done == 0 {
            common::complain(&format!(
                "mtls: --resume {}: no result in it yet, so nothing is left out",
                path.display()
            ));
        }
    }
    if let Some(path) = &resume {
        output::mend(path, &outputs, &earlier)?;
    }
    let detail = match (args.short, fleet || named.len() > 1) {
        (true, _) => InspectionDetail::Short,
        (false, true) => InspectionDetail::Line,
        (false, false) => InspectionDetail::Full,
    };
    let now = inspector.context.now;
    let fail_on = args.fail_on.unless(args.exit_zero);
    let (sink, half) = destination::Plan {
        format: args.format,
        without: destination::WATCHING,
        outputs: &outputs,
        inputs: inputs(args, &named, settings),
        color: args.color,
        fail_on,
        now,
        resume: resume.as_deref(),
        secrets: args.show_secrets,
        openssl: None,
        text: &|out| Box::new(Inspection::new(out, now, detail)),
    }
    .open()?;
    signals::remove_when_told(half.paths());
    let started = common::now();
    let mut reporter = Reporter {
        policy: args.rules.policy(settings, now)?,
        sink,
        tally: Tally::new(None, fail_on, None),
        fleet: Fleet {
            shard: part.map(|part| format!("{}/{}", part.index, part.count)),
            resumed: earlier.done.len() as u64,
            ..Fleet::default()
        },
        unable: false,
    };
    reporter.named(args, &named, &inspector)?;
    if let Some(path) = &args.list {
        reporter.listed(args, path, part, earlier.done, &inspector)?;
    }
    let Reporter {
        mut sink,
        tally,
        fleet,
        unable,
        ..
    } = reporter;
    let mut run = tally.finish(Command::Inspect, started, common::now(), &[]);
    run.fleet = Some(fleet);
    if unable {
        run.exit_code = UNABLE;
    }
    sink.finish(&run)?;
    drop(sink);
    half.keep()?;
    Ok(match args.format {
        Format::Nagios if unable => nagios::UNKNOWN,
        Format::Nagios => nagios::status(run.verdict),
        _ => run.exit_code,
    })
}

/// Every file that the run reads; a folder that is judged may take a report all the same.
fn inputs(args: &Args, named: &[String], settings: &Settings) -> Vec<PathBuf> {
    let flags = [&args.cacert, &args.cert, &args.key, &args.pki, &args.list];
    let files = named.iter().map(PathBuf::from);
    flags
        .into_iter()
        .flatten()
        .cloned()
        .chain(files.filter(|path| path.is_file()))
        .chain(args.rules.inputs())
        .chain(settings.file())
        .collect()
}

/// Whether these arguments ask for a monitoring plugin's output.
pub(super) fn is_plugin(arguments: &[OsString]) -> bool {
    let mut before = "";
    super::command_at(arguments).is_some_and(|place| arguments[place] == "inspect")
        && arguments
            .iter()
            .filter_map(|word| word.to_str())
            .any(|word| {
                let wanted =
                    word == "--format=nagios" || (before == "--format" && word == "nagios");
                before = word;
                wanted
            })
}

/// Hands results on.
struct Reporter {
    policy: Policy,
    sink: Box<dyn Sink>,
    tally: Tally,
    fleet: Fleet,
    unable: bool,
}

impl Reporter {
    fn case(&mut self, judged: &mut Judged) -> Result<()> {
        self.policy.apply(judged);
        self.tally.add(judged);
        let probe = judged
            .case
            .inspected
            .as_ref()
            .and_then(|inspected| inspected.probe.as_ref());
        self.fleet.unreachable += u64::from(probe.is_some_and(|probe| !probe.reachable()));
        self.sink.case(judged)?;
        Ok(())
    }

    fn wrong(&mut self, error: &anyhow::Error) {
        self.unable = true;
        self.fleet.malformed += 1;
        common::report(error);
    }

    /// What the command line names, in its order.
    fn named(&mut self, args: &Args, named: &[String], inspector: &Arc<Inspector>) -> Result<()> {
        let mut cases: BTreeMap<usize, Vec<Judged>> = BTreeMap::new();
        let mut endpoints = Vec::new();
        for (index, target) in named.iter().enumerate() {
            if is_file(target) {
                match files(args, target, inspector) {
                    Ok(found) => {
                        cases.insert(index, found);
                    }
                    Err(error) => self.wrong(&error),
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
            let mut wrong = Vec::new();
            look(items, args, inspector, |(index, _), result| {
                match result {
                    Ok(judged) => {
                        cases.insert(index, vec![judged]);
                    }
                    Err(error) => wrong.push(error),
                }
                Ok(())
            })?;
            wrong.iter().for_each(|error| self.wrong(error));
        }
        cases
            .values_mut()
            .flatten()
            .try_for_each(|judged| self.case(judged))
    }

    /// What the list names, in the order in which it ends.
    fn listed(
        &mut self,
        args: &Args,
        path: &Path,
        part: Option<shard::Part>,
        done: HashSet<u64>,
        inspector: &Arc<Inspector>,
    ) -> Result<()> {
        let mut list = List::open(path, part, done)?;
        let (sender, items) = mpsc::channel(usize::from(args.jobs));
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
        look(items, args, inspector, |_, result| {
            while let Ok(error) = wrong.try_recv() {
                self.wrong(&error);
            }
            match result {
                Ok(mut judged) => self.case(&mut judged)?,
                Err(error) => self.wrong(&error),
            }
            Ok(())
        })?;
        let _ = reader.join();
        wrong.iter().for_each(|error| self.wrong(&error));
        Ok(())
    }
}

/// Inspects endpoints as they come.
fn look<K: Clone + Send + 'static>(
    items: Receiver<(K, Spec)>,
    args: &Args,
    inspector: &Arc<Inspector>,
    mut done: impl FnMut((K, Spec), Result<Judged>) -> Result<()>,
) -> Result<()> {
    identity::warm_up();
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("cannot start the runtime")?;
    let pace = Pace {
        jobs: usize::from(args.jobs),
        rate: args.rate.map(std::num::NonZeroU16::get),
    };
    runtime.block_on(fleet::run(
        items,
        pace,
        |(_, spec): (K, Spec)| {
            let inspector = inspector.clone();
            async move { inspector.endpoint(&spec).await }
        },
        |(key, spec), result| {
            let judged = match result {
                Ok(judged) => judged.map_err(|error| match spec.place.as_str() {
                    "" => error,
                    place => error.context(place.to_owned()),
                }),
                Err(panic) => Ok(inspector.failed(&spec, &panic)),
            };
            done((key, spec), judged)
        },
    ))
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

/// Judges files as `lint` does, and shows them as an endpoint's chain is shown.
fn files(args: &Args, target: &str, inspector: &Inspector) -> Result<Vec<Judged>> {
    let mut words: Vec<OsString> = vec!["inspect".into()];
    let mut flag = |name: &str, value: OsString| words.extend([name.into(), value]);
    flag("--warn-days", args.warn_days.to_string().into());
    flag("--fail-days", args.fail_days.to_string().into());
    flag("--at-time", inspector.context.now.to_string().into());
    if let Some(cacert) = &args.cacert {
        flag("--cacert", cacert.into());
    }
    // Many are made without a password worth the name.
    flag("--pass", args.pass.as_deref().unwrap_or("pass:").into());
    let hosts: Vec<String> = args.sni.iter().cloned().collect();
    for host in &hosts {
        flag("--host", host.into());
    }
    if args.no_default_roots {
        words.push("--no-default-roots".into());
    }
    words.extend(args.verifiers.words().map(OsString::from));
    words.extend(args.rules.words().map(OsString::from));
    words.extend(["--".into(), target.into()]);
    Ok(lint::judged(words)?
        .into_iter()
        .map(|judged| inspector.of_files(judged, &hosts))
        .collect())
}

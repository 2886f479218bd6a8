//! `mtls inspect`: what an endpoint or a file presents, what it asks of clients, and what is wrong
//! with it; one or ten thousand.

mod args;
mod output;

use std::path::{Path, PathBuf};

use anyhow::{Result, bail};

pub(super) use self::args::Args;
use self::args::ClientArgs;
use super::{
    UNABLE, common,
    destination::{self, Destination, Format},
    settings::Settings,
    signals,
};
use crate::{
    engine::Judged,
    finding::Severity,
    jobs::inspect::{
        Inspection,
        list::{self, Earlier, List},
    },
    render::{nagios, text},
    report::{Command, Fleet, Sink, policy::Policy, tally::Tally},
};

/// Runs the command; the answer is the exit code.
pub(super) fn run(args: &Args, settings: &Settings) -> Result<u8> {
    let named = args.named();
    if named.is_empty() && args.fleet.list.is_none() {
        bail!(
            "nothing to inspect: name an endpoint (host[:port]), a file, a directory, or --targets LIST"
        );
    }
    if args.fleet.resume.is_some() && args.fleet.list.is_none() {
        bail!("--resume continues a list: name the list with --targets");
    }
    if args.fleet.resume.is_some() && args.output.format != Format::Jsonl {
        bail!("--resume adds lines to lines: use it with --format jsonl");
    }
    let secrets = args.secrets.warned();
    let variable = |name: &str| common::variable(name);
    let part = match args.fleet.shard {
        Some(shard) => Some(shard.part(variable).map_err(anyhow::Error::msg)?),
        None => None,
    };
    let request = args.request()?;
    let inspection = Inspection::of(&request)?;
    let resume = args
        .fleet
        .resume
        .as_ref()
        .map(|path| output::of_part(path, part));
    let rename = |path: &Path| output::of_part(path, part);
    let outputs: Vec<_> = args
        .output
        .output
        .iter()
        .map(|one| one.renamed(rename))
        .collect();
    let earlier = match &resume {
        Some(path) => take_up(path, &outputs)?,
        None => Earlier::default(),
    };
    let detail = told(args, &named);
    let now = request.now;
    let fail_on = args.fail.fail_on();
    let (sink, staged) = destination::Plan {
        format: args.output.format,
        command: Command::Inspect,
        outputs: &outputs,
        inputs: inputs(args, &named, settings),
        color: args.output.colour.color,
        fail_on,
        now,
        resume: resume.as_deref(),
        secrets,
        openssl: None,
        text: &|out, width| {
            let look = args.output.look(now, width);
            Box::new(text::Inspection::new(out, look, detail))
        },
    }
    .open()?;
    signals::remove_when_told(staged.paths());
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
        short: args.short,
    };
    inspection.look(&named, |result| reporter.take(result))?;
    if let Some(path) = &args.fleet.list {
        let list = List::open(path, part, earlier.done)?;
        inspection.look_through(list, |result| reporter.take(result))?;
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
    staged.commit()?;
    Ok(match args.output.format {
        Format::Nagios if unable => nagios::UNKNOWN,
        Format::Nagios => nagios::status(run.verdict),
        _ => run.exit_code,
    })
}

/// How the targets are told.
fn told(args: &Args, named: &[String]) -> text::InspectionDetail {
    // A folder is as many as are in it.
    let folder = named.iter().any(|name| Path::new(name).is_dir());
    let many = args.fleet.list.is_some() || folder || named.len() > 1;
    match (args.short, many) {
        (true, _) => text::InspectionDetail::Short,
        (false, true) => text::InspectionDetail::Line,
        (false, false) => text::InspectionDetail::Full,
    }
}

/// What an earlier run left in this file, which is made fit to go on with.
fn take_up(path: &Path, outputs: &[Destination]) -> Result<Earlier> {
    let earlier = list::earlier(path)?;
    let torn = earlier.length - earlier.whole;
    if torn > 0 {
        common::complain(&format!(
            "mtls: --resume {}: its last line is torn, {torn} bytes; that endpoint is looked at again",
            path.display()
        ));
    }
    if earlier.done.is_empty() {
        common::complain(&format!(
            "mtls: --resume {}: no result in it yet, so nothing is left out",
            path.display()
        ));
    }
    output::mend(path, outputs, &earlier)?;
    Ok(earlier)
}

/// Every file that the run reads; a folder that is judged may take a report all the same.
fn inputs(args: &Args, named: &[String], settings: &Settings) -> Vec<PathBuf> {
    let ClientArgs { cert, key, pki, .. } = &args.presents;
    let flags = [&args.cacert, cert, key, pki, &args.fleet.list];
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

/// Hands results on.
struct Reporter {
    policy: Policy,
    sink: Box<dyn Sink>,
    tally: Tally,
    fleet: Fleet,
    unable: bool,
    /// Whether each certificate is a line: a file without one is a line then too.
    short: bool,
}

impl Reporter {
    fn take(&mut self, result: Result<Judged>) -> Result<()> {
        let mut judged = match result {
            Ok(judged) => judged,
            Err(error) => {
                self.unable = true;
                self.fleet.malformed += 1;
                common::report(&error);
                return Ok(());
            }
        };
        self.policy.apply(&mut judged);
        self.tally.add(&judged);
        let probe = judged.case.probe();
        if self.short && probe.is_none() && judged.case.chains().next().is_none() {
            let mut errors = judged.findings.iter();
            if let Some(error) = errors.find(|one| one.severity == Severity::Error) {
                let title = &judged.case.title;
                common::complain(&format!("mtls: {title}: {}", error.hit.message));
            }
        }
        self.fleet.unreachable += u64::from(probe.is_some_and(|probe| !probe.reachable()));
        self.sink.case(&judged)?;
        Ok(())
    }
}

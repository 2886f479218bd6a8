//! `--record`: each connection as a file of its own, written when it is over.
//!
//! For: `listen`, which hands over what it has judged. Must not: keep a connection waiting, be it
//! for a slow disk or a full one; leave half a file under a name that is read; delete a file that
//! it did not write.

use std::{
    fs,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering},
        mpsc::{self, Receiver, SyncSender, TrySendError},
    },
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;

use super::kept::{ENDING, Kept, PARTIAL, PREFIX};
use crate::{
    cli::common,
    engine::Judged,
    facts::{Case, EndingKind, RecordedExchange},
    failure,
    render::json,
    report::{self, OverallVerdict},
};

/// Connections that may wait to be written; more than that are not recorded.
const WAITING: usize = 512;
/// How long the end of a run waits for the disk.
const LAST: Duration = Duration::from_secs(5);

/// `--record-only`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, ValueEnum)]
pub(super) enum Which {
    /// Every connection
    #[default]
    All,
    /// Those that were refused, broke off, were answered with an error, or have an error found
    Failed,
}

/// What is recorded.
#[derive(Debug, clap::Args)]
pub(in crate::cli) struct RecordArgs {
    /// Write each connection into DIR as a case, to look at and to replay: NAME.case.json
    #[arg(long, value_name = "DIR")]
    pub(super) record: Option<PathBuf>,
    /// Which connections to record
    #[arg(
        long,
        value_enum,
        value_name = "WHICH",
        default_value_t,
        requires = "record"
    )]
    pub(super) record_only: Which,
    /// Maximum cases in DIR; the oldest is deleted first
    #[arg(long, value_name = "COUNT", default_value_t = 10_000, requires = "record",
        value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) record_max_files: u64,
    /// Maximum bytes of cases in DIR; the oldest is deleted first
    #[arg(long, value_name = "BYTES", default_value_t = 1 << 30, requires = "record",
        value_parser = clap::value_parser!(u64).range(1..))]
    pub(super) record_max_bytes: u64,
    /// Write the client's certificates into DIR, each chain once, as PEM
    #[arg(long, value_name = "DIR")]
    pub(super) save_certs: Option<PathBuf>,
}

/// What is written, and its way to the disk.
pub(super) struct Recorder {
    which: Which,
    folder: PathBuf,
    origin: String,
    queue: SyncSender<Item>,
    done: Receiver<Written>,
    hurry: Arc<Hurry>,
    /// Connections that the disk was too slow for.
    left_out: u64,
}

/// Whether there is time to wait until a file is on the disk: a connection that is not recorded is
/// lost for certain, a file that the disk does not have yet only where the power fails.
#[derive(Default)]
struct Hurry {
    /// The run ends.
    ending: AtomicBool,
    /// Connections in the queue.
    waiting: AtomicUsize,
}

impl Hurry {
    fn is_calm(&self) -> bool {
        !self.ending.load(Ordering::Relaxed) && self.waiting.load(Ordering::Relaxed) < WAITING / 4
    }
}

/// One connection.
struct Item {
    name: String,
    id: String,
    origin: String,
    judged: Box<Judged>,
    exchanges: Vec<RecordedExchange>,
}

/// What became of a run's recordings.
#[derive(Clone, Copy, Debug, Default)]
struct Written {
    files: u64,
    failed: u64,
    dropped: u64,
}

impl Recorder {
    /// Makes the folder, and starts to write; `origin` says where the anchors of clients are from.
    pub(super) fn open(args: &RecordArgs, origin: &str) -> Result<Option<Self>> {
        let Some(folder) = &args.record else {
            return Ok(None);
        };
        private_folder(folder, "--record")?;
        let kept = Kept::found(folder, args.record_max_files, args.record_max_bytes)
            .with_context(|| format!("--record {}: cannot read it", folder.display()))?;
        // Not only that it is there: that a file can be made in it, before the first call comes.
        temporary(folder)
            .with_context(|| format!("--record {}: cannot write in it", folder.display()))?;
        let (queue, items) = mpsc::sync_channel(WAITING);
        let (tell, done) = mpsc::channel();
        let into = folder.clone();
        let hurry = Arc::<Hurry>::default();
        let of_writer = Arc::clone(&hurry);
        std::thread::Builder::new()
            .name("record".to_owned())
            .spawn(move || {
                let _ = tell.send(write_all(&into, &items, kept, &of_writer));
            })
            .context("cannot start a thread")?;
        Ok(Some(Self {
            which: args.record_only,
            folder: folder.clone(),
            origin: origin.to_owned(),
            queue,
            done,
            hurry,
            left_out: 0,
        }))
    }

    /// Takes out of a case what only a recording needs: nobody else is to keep it.
    pub(super) fn take(case: &mut Case) -> Vec<RecordedExchange> {
        let exchanges = case
            .accepted_mut()
            .into_iter()
            .flat_map(|one| &mut one.http);
        exchanges
            .filter_map(|exchange| {
                let mut recorded = *exchange.recorded.take()?;
                recorded.forward.clone_from(&exchange.forward);
                Some(recorded)
            })
            .collect()
    }

    /// Hands a connection on to be written, if it is one to record.
    pub(super) fn record(&mut self, judged: Judged, exchanges: Vec<RecordedExchange>) {
        if self.which == Which::Failed && !failed(&judged, &exchanges) {
            return;
        }
        let (id, name) = names(&judged);
        let item = Item {
            name,
            id,
            origin: self.origin.clone(),
            judged: Box::new(judged),
            exchanges,
        };
        self.hurry.waiting.fetch_add(1, Ordering::Relaxed);
        if let Err(TrySendError::Full(_)) = self.queue.try_send(item) {
            self.hurry.waiting.fetch_sub(1, Ordering::Relaxed);
            if self.left_out == 0 {
                common::complain(&format!(
                    "mtls: --record: {} is slower than the calls that come: some are not recorded",
                    self.folder.display()
                ));
            }
            self.left_out += 1;
        }
    }

    /// Waits for the disk, and says what was recorded.
    pub(super) fn finish(self) {
        self.hurry.ending.store(true, Ordering::Relaxed);
        drop(self.queue);
        let folder = self.folder.display();
        let Ok(written) = self.done.recv_timeout(LAST) else {
            common::complain(&format!(
                "mtls: --record: {folder} is too slow: the last connections are not recorded"
            ));
            return;
        };
        let mut line = format!("mtls: {} recorded in {folder}", cases(written.files));
        if written.dropped > 0 {
            line += &format!(
                ", {} deleted to keep within the bounds",
                cases(written.dropped)
            );
        }
        let lost = written.failed + self.left_out;
        if lost > 0 {
            line += &format!(", {lost} not recorded");
        }
        common::complain(&line);
    }
}

fn cases(count: u64) -> String {
    match count {
        1 => "1 case".to_owned(),
        count => format!("{count} cases"),
    }
}

/// Whether a connection is one that `--record-only failed` is for.
fn failed(judged: &Judged, exchanges: &[RecordedExchange]) -> bool {
    let handshake = judged.case.accepted();
    let ended = handshake.is_none_or(|one| one.tls.ending.kind != EndingKind::Completed);
    let answered = |exchange: &RecordedExchange| {
        let answer = exchange.answer.as_ref();
        answer.is_some_and(|answer| answer.status < 400)
            && exchange
                .forward
                .as_ref()
                .is_none_or(|leg| leg.error.is_none())
    };
    ended
        || exchanges.is_empty()
        || !exchanges.iter().all(answered)
        || report::verdict(judged) == OverallVerdict::Fail
}

/// What to call a case, and its file: sortable by the time that it began.
fn names(judged: &Judged) -> (String, String) {
    let time: String = judged
        .case
        .started
        .strftime("%Y%m%dT%H%M%S%.3fZ")
        .to_string();
    let number: String = judged
        .case
        .title
        .chars()
        .skip(1)
        .take_while(char::is_ascii_digit)
        .collect();
    let id = format!("{time}-{number:0>6}");
    let verdict = match report::verdict(judged) {
        OverallVerdict::Pass => "pass",
        OverallVerdict::Warn => "warn",
        OverallVerdict::Unknown => "unknown",
        OverallVerdict::Fail => "fail",
    };
    let name = format!("{id}-{verdict}");
    (id, name)
}

/// Writes what comes until there is no more.
fn write_all(folder: &Path, items: &Receiver<Item>, mut kept: Kept, hurry: &Hurry) -> Written {
    let mut written = Written::default();
    for item in items {
        hurry.waiting.fetch_sub(1, Ordering::Relaxed);
        match write(folder, item, hurry.is_calm()) {
            Ok((path, bytes)) => {
                written.files += 1;
                written.dropped += kept.add(path, bytes);
            }
            Err(error) => {
                if written.failed == 0 {
                    common::complain(&format!(
                        "mtls: --record {}: {}: calls go on, and are not recorded while this lasts",
                        folder.display(),
                        failure::words(&error)
                    ));
                }
                written.failed += 1;
            }
        }
    }
    written
}

/// A new file that only its owner can read, under a name that no reader takes for a case.
fn temporary(folder: &Path) -> Result<tempfile::NamedTempFile> {
    let mut builder = tempfile::Builder::new();
    builder.prefix(PREFIX).suffix(PARTIAL);
    Ok(builder.tempfile_in(folder)?)
}

/// Writes one, whole or not at all; `durable` says to wait until it is on the disk.
fn write(folder: &Path, item: Item, durable: bool) -> Result<(PathBuf, u64)> {
    let mut file = temporary(folder).context("cannot write a case")?;
    let mut out = BufWriter::with_capacity(64 * 1024, file.as_file_mut());
    let Item {
        name,
        id,
        origin,
        judged,
        exchanges,
    } = item;
    json::recorded(&mut out, &judged, id, &origin, exchanges).context("cannot write a case")?;
    out.flush().context("cannot write a case")?;
    drop(out);
    if durable {
        file.as_file().sync_all().context("cannot write a case")?;
    }
    let bytes = file
        .as_file()
        .metadata()
        .map_or(0, |metadata| metadata.len());
    let mut again = 1;
    loop {
        let numbered = match again {
            1 => format!("{name}{ENDING}"),
            again => format!("{name}-{again}{ENDING}"),
        };
        let path = folder.join(numbered);
        match file.persist_noclobber(&path) {
            Ok(_) => return Ok((path, bytes)),
            // Of another run that began in the same millisecond.
            Err(refused)
                if refused.error.kind() == std::io::ErrorKind::AlreadyExists && again < 100 =>
            {
                file = refused.file;
                again += 1;
            }
            Err(refused) => return Err(refused.error).context("cannot write a case"),
        }
    }
}

/// Makes a folder that only its owner can look into; of one that is there already it is said that
/// others can.
pub(super) fn private_folder(folder: &Path, flag: &str) -> Result<()> {
    let shown = folder.display();
    if folder.exists() && !folder.is_dir() {
        bail!("{flag} {shown}: is not a directory");
    }
    let mut builder = fs::DirBuilder::new();
    builder.recursive(true);
    #[cfg(unix)]
    std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
    let new = !folder.is_dir();
    builder
        .create(folder)
        .with_context(|| format!("{flag} {shown}: cannot make it"))?;
    #[cfg(unix)]
    if !new {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = fs::metadata(folder)
            .with_context(|| format!("{flag} {shown}: cannot read it"))?
            .permissions()
            .mode();
        if mode & 0o077 != 0 {
            common::complain(&format!(
                "mtls: {flag} {shown}: other users can look into it (mode {:o}); chmod 700 keeps what was said to their names",
                mode & 0o777
            ));
        }
    }
    #[cfg(not(unix))]
    let _ = new;
    Ok(())
}

//! `--record`: each connection as a file of its own, written when it is over.
//!
//! For: `listen`, which hands over what it has judged. Must not: keep a connection waiting, be it
//! for a slow disk or a full one; leave half a file under a name that is read; delete a file that
//! it did not write.

use std::{
    collections::VecDeque,
    fs,
    io::{BufWriter, Write as _},
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, SyncSender, TrySendError},
    time::Duration,
};

use anyhow::{Context as _, Result, bail};
use clap::ValueEnum;
use jiff::Timestamp;

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
const LAST: Duration = Duration::from_millis(1200);
/// What a file is called until it is whole.
const PARTIAL: &str = ".partial";
/// Its beginning.
const PREFIX: &str = ".mtls-";
/// What a whole one is called.
const ENDING: &str = ".case.json";
/// How old a partial file is that a run left behind when it was killed, seconds.
const LEFT_BEHIND: i64 = 600;

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
    /// Connections that the disk was too slow for.
    left_out: u64,
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
        std::thread::Builder::new()
            .name("record".to_owned())
            .spawn(move || {
                let _ = tell.send(write_all(&into, &items, kept));
            })
            .context("cannot start a thread")?;
        Ok(Some(Self {
            which: args.record_only,
            folder: folder.clone(),
            origin: origin.to_owned(),
            queue,
            done,
            left_out: 0,
        }))
    }

    /// Takes out of a case what only a recording needs: nobody else is to keep it.
    pub(super) fn take(case: &mut Case) -> Vec<RecordedExchange> {
        let exchanges = case.http.iter_mut();
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
        if let Err(TrySendError::Full(_)) = self.queue.try_send(item) {
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
    let handshake = judged.case.handshake.as_ref();
    let ended = handshake.is_none_or(|one| one.ending.kind != EndingKind::Completed);
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

/// Whether a file is called as [`names`] calls them, a number for a second one behind it perhaps.
fn is_ours(name: &str) -> bool {
    let Some(stem) = name.strip_suffix(ENDING) else {
        return false;
    };
    let parts: Vec<&str> = stem.split('-').collect();
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let time = |text: &str| {
        text.len() == "20261129T135045.123Z".len()
            && text.ends_with('Z')
            && text.as_bytes().get(8) == Some(&b'T')
            && digits(&text[..8])
    };
    match parts.as_slice() {
        [at, number, verdict] | [at, number, verdict, _] => {
            time(at)
                && digits(number)
                && ["pass", "warn", "unknown", "fail"].contains(verdict)
                && parts.get(3).is_none_or(|again| digits(again))
        }
        _ => false,
    }
}

/// The cases of a folder, the oldest first, and the bounds on them.
struct Kept {
    files: VecDeque<(PathBuf, u64)>,
    bytes: u64,
    most_files: u64,
    most_bytes: u64,
}

impl Kept {
    /// Those that are there already. Partial files of a run that was killed are removed.
    fn found(folder: &Path, most_files: u64, most_bytes: u64) -> std::io::Result<Self> {
        let mut files = Vec::new();
        for entry in fs::read_dir(folder)?.flatten() {
            let name = entry.file_name().to_string_lossy().into_owned();
            let Ok(metadata) = entry.metadata() else {
                continue;
            };
            if is_ours(&name) && metadata.is_file() {
                files.push((entry.path(), metadata.len()));
            } else if name.starts_with(PREFIX) && name.ends_with(PARTIAL) {
                let changed = metadata.modified().ok();
                let changed = changed.and_then(|time| Timestamp::try_from(time).ok());
                let now = common::now();
                if changed.is_some_and(|at| now.duration_since(at).as_secs() > LEFT_BEHIND) {
                    let _ = fs::remove_file(entry.path());
                }
            }
        }
        files.sort();
        Ok(Self {
            bytes: files.iter().map(|(_, bytes)| bytes).sum(),
            files: files.into(),
            most_files,
            most_bytes,
        })
    }

    /// Adds one, and deletes the oldest where there are too many; how many that are.
    fn add(&mut self, path: PathBuf, bytes: u64) -> u64 {
        self.files.push_back((path, bytes));
        self.bytes += bytes;
        let mut dropped = 0;
        while self.files.len() as u64 > self.most_files || self.bytes > self.most_bytes {
            let Some((path, bytes)) = self.files.pop_front() else {
                break;
            };
            self.bytes -= bytes;
            if fs::remove_file(&path).is_ok() {
                dropped += 1;
            }
        }
        dropped
    }
}

/// Writes what comes until there is no more.
fn write_all(folder: &Path, items: &Receiver<Item>, mut kept: Kept) -> Written {
    let mut written = Written::default();
    for item in items {
        match write(folder, item) {
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

/// Writes one, whole or not at all.
fn write(folder: &Path, item: Item) -> Result<(PathBuf, u64)> {
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
    file.as_file().sync_all().context("cannot write a case")?;
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_names_of_its_own_are_counted_and_deleted() {
        for (name, ours) in [
            ("20261129T135045.123Z-000001-pass.case.json", true),
            ("20261129T135045.123Z-000001-fail-2.case.json", true),
            ("20261129T135045.123Z-000001-good.case.json", false),
            ("good.case.json", false),
            ("20261129T135045.123Z-000001-pass.json", false),
            (".mtls-x.partial", false),
        ] {
            assert_eq!(is_ours(name), ours, "{name}");
        }
        let folder = tempfile::tempdir().unwrap();
        let name = |number: u32| format!("20261129T135045.123Z-{number:06}-pass.case.json");
        for number in 1..=3 {
            fs::write(folder.path().join(name(number)), "0123456789").unwrap();
        }
        fs::write(folder.path().join("good.case.json"), "mine").unwrap();
        let mut kept = Kept::found(folder.path(), 3, 35).unwrap();
        assert_eq!((kept.files.len(), kept.bytes), (3, 30));
        let fourth = folder.path().join(name(4));
        fs::write(&fourth, "0123456789").unwrap();
        assert_eq!(kept.add(fourth, 10), 1);
        assert!(!folder.path().join(name(1)).exists());
        let fifth = folder.path().join(name(5));
        fs::write(&fifth, "01234567890123456789").unwrap();
        assert_eq!(kept.add(fifth, 20), 2);
        assert_eq!(kept.bytes, 30);
        assert!(folder.path().join("good.case.json").exists());
    }
}

//! Where results go: standard output, a file that is added to, or a file that is put in place when it is whole.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Seek as _, SeekFrom, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use jiff::Timestamp;

use super::{
    args::{Args, Format},
    list::Earlier,
    shard::Part,
};
use crate::{
    cli::{common::Color, output},
    render::{
        json::{Json, Jsonl},
        nagios::Nagios,
        prometheus::Prometheus,
        text::{Inspection, InspectionDetail},
    },
    report::Sink,
};

/// Where results go.
pub(super) enum Out {
    /// Standard output.
    Stdout,
    /// A file that grows.
    Grows(PathBuf),
    /// A file that its readers must never see half-written (the textfile collector reads whenever it likes).
    Whole {
        path: PathBuf,
        half: tempfile::NamedTempFile,
    },
}

/// Opens what the flags name. The torn line of an earlier run is cut where results are added behind it.
pub(super) fn open(args: &Args, part: Option<Part>, earlier: &Earlier) -> Result<Out> {
    let torn = earlier.whole < earlier.length;
    let Some(path) = &args.output else {
        let resume = args.resume.as_ref().map(|file| of_part(file, part));
        if let Some(resume) = resume.filter(|file| torn && is_stdout(file)) {
            cut(&resume, earlier.whole)?;
        }
        return Ok(Out::Stdout);
    };
    let path = of_part(path, part);
    let resumed = args.resume.as_ref().map(|file| of_part(file, part)) == Some(path.clone());
    if resumed && torn {
        cut(&path, earlier.whole)?;
    }
    if args.format == Format::Jsonl {
        if !resumed {
            File::create(&path).with_context(|| format!("{}: cannot write it", path.display()))?;
        }
        return Ok(Out::Grows(path));
    }
    let folder = path
        .parent()
        .filter(|folder| !folder.as_os_str().is_empty());
    let half = tempfile::Builder::new()
        .prefix(".mtls-")
        .tempfile_in(folder.unwrap_or(Path::new(".")))
        .with_context(|| format!("{}: cannot write beside it", path.display()))?;
    Ok(Out::Whole { path, half })
}

/// A file's name with the number of the part in it.
pub(super) fn of_part(path: &Path, part: Option<Part>) -> PathBuf {
    match (path.to_str(), part) {
        (Some(text), Some(part)) => PathBuf::from(text.replace("{shard}", &part.index.to_string())),
        _ => path.to_owned(),
    }
}

impl Out {
    /// A writer to it; `None` is standard output, which has ways of its own.
    pub(super) fn writer(&self) -> Result<Option<Box<dyn Write>>> {
        Ok(match self {
            Self::Stdout => None,
            Self::Grows(path) => {
                let file = OpenOptions::new().append(true).create(true).open(path);
                let file = file.with_context(|| format!("{}: cannot write it", path.display()))?;
                Some(Box::new(file))
            }
            Self::Whole { half, .. } => Some(Box::new(half.reopen().context("cannot write")?)),
        })
    }

    /// Puts a whole file in its place.
    pub(super) fn keep(self) -> Result<()> {
        let Self::Whole { path, half } = self else {
            return Ok(());
        };
        // The collector runs as another user; a temporary file is its owner's alone.
        #[cfg(unix)]
        {
            use std::os::unix::fs::PermissionsExt as _;
            fs::set_permissions(half.path(), fs::Permissions::from_mode(0o644))
                .with_context(|| format!("{}: cannot write it", path.display()))?;
        }
        half.persist(&path)
            .with_context(|| format!("{}: cannot write it", path.display()))?;
        Ok(())
    }
}

/// Cuts a file behind its last whole line.
fn cut(path: &Path, length: u64) -> Result<()> {
    let file = OpenOptions::new().write(true).open(path);
    let cut = file.and_then(|mut file| {
        file.set_len(length)?;
        file.seek(SeekFrom::End(0))
    });
    cut.with_context(|| format!("{}: cannot cut its torn last line", path.display()))?;
    Ok(())
}

/// Whether standard output goes to this file (`--resume out.jsonl >> out.jsonl`).
#[cfg(unix)]
fn is_stdout(path: &Path) -> bool {
    use std::os::{fd::AsFd as _, unix::fs::MetadataExt as _};
    let own = io::stdout()
        .as_fd()
        .try_clone_to_owned()
        .and_then(|fd| File::from(fd).metadata());
    match (own, fs::metadata(path)) {
        (Ok(own), Ok(other)) => (own.dev(), own.ino()) == (other.dev(), other.ino()),
        _ => false,
    }
}

#[cfg(not(unix))]
fn is_stdout(_: &Path) -> bool {
    false
}

/// The sink of a format.
pub(super) fn sink(
    args: &Args,
    file: Option<Box<dyn Write>>,
    now: Timestamp,
    many: bool,
) -> Result<Box<dyn Sink>> {
    let to_file = file.is_some();
    // A whole line is one write, so that a run that is killed tears one line at most.
    let plain = |file: Option<Box<dyn Write>>| -> BufWriter<Box<dyn Write>> {
        BufWriter::with_capacity(256 * 1024, file.unwrap_or_else(|| Box::new(io::stdout())))
    };
    Ok(match args.format {
        Format::Text => {
            let detail = match (args.short, many) {
                (true, _) => InspectionDetail::Short,
                (false, true) => InspectionDetail::Line,
                (false, false) => InspectionDetail::Full,
            };
            let out: Box<dyn Write> = if to_file {
                colored::control::set_override(args.color == Color::Always);
                Box::new(plain(file))
            } else {
                output::styled_stdout(args.color)
            };
            Box::new(Inspection::new(out, now, detail))
        }
        Format::Json => Box::new(Json::new(plain(file))),
        Format::Jsonl => Box::new(Jsonl::new(plain(file))),
        Format::Prometheus => Box::new(Prometheus::new(plain(file))),
        Format::Nagios => Box::new(Nagios::new(plain(file), now)),
    })
}

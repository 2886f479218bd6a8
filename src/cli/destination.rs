//! Where the results of a judging command go: formats to sinks, over standard output and files.
//!
//! For: `lint`, `inspect`, `simulate`, `listen`. One run may write several formats (`--output
//! sarif=out.sarif`); what has no file goes to standard output.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, BufWriter, Write},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result, bail};
use clap::{
    Arg, ValueEnum,
    builder::{PossibleValuesParser, TypedValueParser},
};
use jiff::Timestamp;

use super::{
    common::{self, Color},
    output,
    sparing::{self, Place},
};
use crate::{
    render,
    report::{Command, FailOn, Several, Sink},
    untrusted::Tame,
};

pub(super) use crate::render::Format;

/// The flags of [`OutputArgs`](super::flags::OutputArgs) as a command has them: its formats, and
/// its words.
pub(super) fn adapt(command: Command) -> impl Fn(Arg) -> Arg {
    let (found, other) = match command {
        Command::Lint => (
            "Output format",
            "Write the output to FILE, in another format if one is named (sarif=out.sarif); may be repeated",
        ),
        Command::Inspect => (
            "Output format",
            "Write the output to FILE, in another format if one is named (jsonl=out.jsonl); {shard} in the name becomes the shard number; may be repeated",
        ),
        Command::Simulate => (
            "Output format",
            "Write the output to FILE, in another format if one is named (junit=out.xml); may be repeated",
        ),
        // The token's has formats of its own.
        Command::Listen | Command::Token => (
            "Output format",
            "Write the output to FILE, in another format if one is named (html=report.html); may be repeated",
        ),
    };
    move |flag| match flag.get_id().as_str() {
        "format" => flag.value_parser(formats(command)).help(found),
        "output" => flag.help(other),
        "quiet" if command == Command::Listen => flag
            .visible_alias("short")
            .help("Print one line per connection: its verdict, the reason, the certificate"),
        _ => flag,
    }
}

/// The formats of a command.
fn formats(command: Command) -> impl TypedValueParser<Value = Format> {
    let names = Format::value_variants()
        .iter()
        .filter(|format| format.fits(command))
        .filter_map(ValueEnum::to_possible_value);
    PossibleValuesParser::new(names).try_map(|name| Format::from_str(&name, false))
}

/// One `--output`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Destination {
    /// `None`: that of `--format`.
    format: Option<Format>,
    file: PathBuf,
}

impl Destination {
    /// The file.
    pub(super) fn file(&self) -> &Path {
        &self.file
    }

    /// With another name for its file.
    pub(super) fn renamed(&self, rename: impl Fn(&Path) -> PathBuf) -> Self {
        Self {
            format: self.format,
            file: rename(&self.file),
        }
    }
}

/// Reads `[FORMAT=]FILE`.
pub(super) fn parse(text: &str) -> Result<Destination, String> {
    let named = text.split_once('=').and_then(|(name, file)| {
        let format = Format::from_str(name, false).ok()?;
        Some((format, file))
    });
    let (format, file) = match named {
        Some((format, file)) => (Some(format), file),
        None => (None, text),
    };
    if file.is_empty() {
        return Err(format!("`{text}`: expected FILE or FORMAT=FILE"));
    }
    Ok(Destination {
        format,
        file: file.into(),
    })
}

/// What the sinks of a run depend on.
pub(super) struct Plan<'a> {
    pub(super) format: Format,
    /// The command whose results they are.
    pub(super) command: Command,
    pub(super) outputs: &'a [Destination],
    /// Files that the run reads, which no output may go over.
    pub(super) inputs: Vec<PathBuf>,
    pub(super) color: Color,
    pub(super) fail_on: FailOn,
    pub(super) now: Timestamp,
    /// A file of earlier results, which are added to where they go to the same file.
    pub(super) resume: Option<&'a Path>,
    /// Whether credentials are kept (`--show-secrets`).
    pub(super) secrets: bool,
    /// The sink of `Format::Text`, for a stream of so many columns.
    pub(super) text: &'a dyn Fn(Box<dyn Write>, Option<usize>) -> Box<dyn Sink>,
    /// That of `Format::Openssl`, which has streams of its own.
    pub(super) openssl: Option<&'a dyn Fn() -> io::Result<Box<dyn Sink>>>,
}

/// Files that are put in place when they are whole. Dropped before, they leave nothing behind.
#[derive(Default)]
pub(super) struct StagedFiles(Vec<Staged>);

/// One of them.
struct Staged {
    place: PathBuf,
    file: tempfile::NamedTempFile,
    /// Those of the file whose place it takes.
    permissions: Option<fs::Permissions>,
}

impl Plan<'_> {
    /// The sinks, and what has to be kept once they are done.
    pub(super) fn open(&self) -> Result<(Box<dyn Sink>, StagedFiles)> {
        let mut sinks = Vec::new();
        let mut staged = StagedFiles::default();
        let mut on_stdout = None;
        for (index, one) in self.outputs.iter().enumerate() {
            if let Some(format) = one.format.filter(|format| !format.fits(self.command)) {
                bail!(
                    "--output {}={}: this command has no such format",
                    name(format),
                    one.file.display()
                );
            }
            let twice = self.outputs[..index]
                .iter()
                .any(|other| sparing::is_same(&other.file, &one.file));
            if twice && one.file != Path::new("-") {
                bail!("--output {}: named twice", one.file.display());
            }
        }
        // What `--format` names goes to standard output unless a file without a format of its own
        // takes it.
        let main = self.outputs.iter().all(|one| one.format.is_some());
        let own = main.then_some((self.format, None));
        let files = self
            .outputs
            .iter()
            .map(|one| (one.format.unwrap_or(self.format), Some(one.file.as_path())));
        for (format, file) in own.into_iter().chain(files) {
            let file = file.filter(|file| *file != Path::new("-"));
            if file.is_none()
                && let Some(other) = on_stdout.replace(format)
            {
                bail!(
                    "{} and {} would both go to standard output; give one of them a file: --output {}=FILE",
                    name(other),
                    name(format),
                    name(format)
                );
            }
            let out = match file {
                Some(file) => Some(self.file(format, file, &mut staged)?),
                None => None,
            };
            sinks.push(self.sink(format, out)?);
        }
        if self.format == Format::Github
            && let Some(summary) = common::variable("GITHUB_STEP_SUMMARY")
        {
            let file = append(Path::new(&summary))?;
            sinks.push(self.sink(Format::Markdown, Some(Box::new(file)))?);
        }
        let sink: Box<dyn Sink> = match (sinks.len(), sinks.pop()) {
            (1, Some(only)) => only,
            (_, last) => {
                sinks.extend(last);
                Box::new(Several(sinks))
            }
        };
        Ok((sink, staged))
    }

    fn file(
        &self,
        format: Format,
        path: &Path,
        staged: &mut StagedFiles,
    ) -> Result<Box<dyn Write>> {
        if format == Format::Jsonl && self.resume == Some(path) {
            return Ok(Box::new(append(path)?));
        }
        let permissions = match sparing::look(path, &self.inputs)? {
            Place::Through(file) => return Ok(Box::new(file)),
            Place::File(permissions) => permissions,
        };
        if format == Format::Jsonl {
            // It grows line by line, and is read while it does.
            File::create(path).with_context(|| format!("{}: cannot write it", path.display()))?;
            return Ok(Box::new(append(path)?));
        }
        // Its readers must never see it half-written: the textfile collector reads whenever it
        // likes.
        let folder = path
            .parent()
            .filter(|folder| !folder.as_os_str().is_empty());
        let mut builder = tempfile::Builder::new();
        builder.prefix(".mtls-");
        // As any new file: what the mask leaves.
        #[cfg(unix)]
        let readable = <fs::Permissions as std::os::unix::fs::PermissionsExt>::from_mode(0o666);
        #[cfg(unix)]
        builder.permissions(readable);
        let file = builder
            .tempfile_in(folder.unwrap_or(Path::new(".")))
            .with_context(|| format!("{}: cannot write it", path.display()))?;
        let out = file.reopen().context("cannot write")?;
        staged.0.push(Staged {
            place: path.to_owned(),
            file,
            permissions,
        });
        Ok(Box::new(out))
    }

    fn sink(&self, format: Format, file: Option<Box<dyn Write>>) -> Result<Box<dyn Sink>> {
        let plain = |file: Option<Box<dyn Write>>| {
            buffered(match (file, format) {
                (Some(file), _) => file,
                // Its lines are meant to be obeyed, and JSON has an escape of its own.
                (None, Format::Github | Format::Json | Format::Jsonl) => Box::new(output::stdout()),
                (None, Format::Sarif | Format::Gitlab) => Box::new(output::stdout()),
                (None, _) => Box::new(Tame::new(output::stdout())),
            })
        };
        Ok(match format {
            Format::Text => match file {
                // A file has no terminal's wishes; colours only where they were asked for.
                Some(file) if self.color == Color::Always => {
                    colored::control::set_override(true);
                    (self.text)(buffered(file), None)
                }
                Some(file) => {
                    let plain = anstream::StripStream::new(buffered(file));
                    (self.text)(Box::new(plain), None)
                }
                None => (self.text)(output::styled_stdout(self.color), output::width()),
            },
            Format::Openssl => match (self.openssl, file) {
                (Some(openssl), None) => openssl()?,
                _ => bail!(
                    "--format openssl is for standard output and standard error alone, as s_server writes to both"
                ),
            },
            _ => {
                let how = render::How {
                    fail_on: self.fail_on,
                    now: self.now,
                    secrets: self.secrets,
                    base: &std::env::current_dir,
                };
                render::sink(format, plain(file), &how)
                    .context("cannot tell the current directory")?
                    .context("the command makes this format itself")?
            }
        })
    }
}

impl StagedFiles {
    /// Where they are until then.
    pub(super) fn paths(&self) -> Vec<PathBuf> {
        self.0
            .iter()
            .map(|staged| staged.file.path().to_owned())
            .collect()
    }

    /// Puts the files in their places.
    pub(super) fn commit(self) -> Result<()> {
        for staged in self.0 {
            let failed = || format!("{}: cannot write it", staged.place.display());
            if let Some(permissions) = staged.permissions {
                fs::set_permissions(staged.file.path(), permissions).with_context(failed)?;
            }
            staged.file.persist(&staged.place).with_context(failed)?;
        }
        Ok(())
    }
}

/// A whole line is one write, so that a run that is killed tears one line at most.
fn buffered(out: Box<dyn Write>) -> Box<dyn Write> {
    Box::new(BufWriter::with_capacity(256 * 1024, out))
}

fn append(path: &Path) -> Result<File> {
    let file = OpenOptions::new().append(true).create(true).open(path);
    file.with_context(|| format!("{}: cannot write it", path.display()))
}

fn name(format: Format) -> String {
    format
        .to_possible_value()
        .map_or_else(String::new, |value| value.get_name().to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_may_have_a_format_and_a_file_an_equals_sign() {
        let parsed = |text: &str| parse(text).map(|one| (one.format, one.file));
        assert_eq!(
            parsed("sarif=a.sarif"),
            Ok((Some(Format::Sarif), "a.sarif".into()))
        );
        assert_eq!(parsed("a=b.txt"), Ok((None, "a=b.txt".into())));
        assert_eq!(parsed("a.txt"), Ok((None, "a.txt".into())));
        assert!(parsed("json=").is_err() && parsed("").is_err());
    }
}

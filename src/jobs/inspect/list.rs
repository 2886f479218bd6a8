//! The list of a fleet: lines to endpoints with settings of their own, read as they are needed.
//!
//! For: `inspect --targets`. Must not: hold the list; it may be longer than memory, or never end.

use std::{
    collections::HashSet,
    fs::File,
    io::{self, BufRead, BufReader, Read as _},
    path::{Path, PathBuf},
};

use anyhow::{Context as _, Result};
use serde::Deserialize;

use super::shard::Part;

/// The longest line of a list, and of results to resume from, in bytes.
const LINE: u64 = 16 * 1024 * 1024;

/// One endpoint, and what is its own.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct Spec {
    /// As written.
    pub(super) target: String,
    /// `--sni`.
    pub(super) sni: Option<String>,
    /// `--profile`.
    pub(super) profile: Option<String>,
    /// `--cacert`.
    pub(super) cacert: Option<PathBuf>,
    /// `--cert`.
    pub(super) cert: Option<PathBuf>,
    /// `--key`.
    pub(super) key: Option<PathBuf>,
    /// `--client`.
    pub(super) client: Option<String>,
    /// Its line, for messages; empty when it is from the command line.
    #[serde(skip)]
    pub(super) place: String,
}

impl Spec {
    pub(super) fn of(target: impl Into<String>) -> Self {
        Self {
            target: target.into(),
            ..Self::default()
        }
    }

    /// A line; `None` for an empty one or a comment.
    fn read(line: &str) -> Result<Option<Self>> {
        let line = line.trim();
        if line.is_empty() || line.starts_with('#') {
            return Ok(None);
        }
        if line.starts_with('{') {
            let spec: Self = serde_json::from_str(line)
                .context("expected host[:port], or JSON with `target` and settings of its own")?;
            return Ok(Some(spec));
        }
        Ok(Some(Self::of(line)))
    }
}

/// A list under way.
pub struct List {
    name: String,
    lines: Box<dyn BufRead + Send>,
    number: u64,
    part: Option<Part>,
    done: HashSet<u64>,
}

impl List {
    /// Opens it; `-` is standard input.
    ///
    /// # Errors
    /// When it cannot be opened.
    pub fn open(path: &Path, part: Option<Part>, done: HashSet<u64>) -> Result<Self> {
        let name = if path == Path::new("-") {
            "standard input".to_owned()
        } else {
            path.display().to_string()
        };
        let lines: Box<dyn BufRead + Send> = if path == Path::new("-") {
            Box::new(BufReader::new(io::stdin()))
        } else {
            let file = File::open(path).with_context(|| format!("{name}: cannot read it"))?;
            Box::new(BufReader::new(file))
        };
        Ok(Self {
            name,
            lines,
            number: 0,
            part,
            done,
        })
    }

    /// The next endpoint of ours that is not done; an error names the line that is none, and the
    /// list goes on behind it.
    pub(super) fn next(&mut self) -> Option<Result<Spec>> {
        loop {
            let mut line = Vec::new();
            self.number += 1;
            let at = || format!("{}:{}", self.name, self.number);
            match self.lines.by_ref().take(LINE).read_until(b'\n', &mut line) {
                Ok(0) => return None,
                Ok(_) => {}
                // After an error there is no telling what comes next.
                Err(error) => {
                    let at = at();
                    self.lines = Box::new(io::empty());
                    return Some(Err(error).context(at));
                }
            }
            let text = String::from_utf8_lossy(&line);
            let text = text.trim_start_matches('\u{feff}');
            let spec = match Spec::read(text) {
                Ok(None) => continue,
                Ok(Some(spec)) => spec,
                Err(error) => return Some(Err(error.context(at()))),
            };
            if self.part.is_some_and(|part| !part.holds(&spec.target)) {
                continue;
            }
            // The same endpoint twice is one endpoint.
            if !self.done.insert(key(&spec.target, spec.sni.as_deref())) {
                continue;
            }
            return Some(Ok(Spec {
                place: at(),
                ..spec
            }));
        }
    }
}

/// What an endpoint is known again by: 8 bytes of memory each, so that ten million fit.
fn key(target: &str, sni: Option<&str>) -> u64 {
    use std::hash::{DefaultHasher, Hash as _, Hasher as _};
    let mut hasher = DefaultHasher::new();
    (target, sni).hash(&mut hasher);
    hasher.finish()
}

/// What an earlier run left.
#[derive(Debug, Default)]
pub struct Earlier {
    /// The endpoints that it has.
    pub done: HashSet<u64>,
    /// Where its last whole line ends, in bytes.
    pub whole: u64,
    /// Its length, in bytes.
    pub length: u64,
}

/// Reads the results of an earlier run. A last line without its end was torn when the run was
/// killed, and does not count.
///
/// # Errors
/// When the file cannot be read, or a whole line in it is no result.
pub fn earlier(path: &Path) -> Result<Earlier> {
    #[derive(Deserialize)]
    struct Line {
        kind: String,
        target: Option<String>,
        asked_for: Option<String>,
    }
    let shown = path.display();
    let mut earlier = Earlier::default();
    let file = match File::open(path) {
        // The first run of a job that is always started with --resume.
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(earlier),
        file => file.with_context(|| format!("--resume {shown}: cannot read it"))?,
    };
    let mut lines = BufReader::new(file);
    let mut number = 0u64;
    loop {
        let mut line = Vec::new();
        number += 1;
        let read = lines
            .by_ref()
            .take(LINE)
            .read_until(b'\n', &mut line)
            .with_context(|| format!("--resume {shown}"))?;
        earlier.length += read as u64;
        if line.last() != Some(&b'\n') {
            return Ok(earlier);
        }
        earlier.whole = earlier.length;
        if line.trim_ascii().is_empty() {
            continue;
        }
        let line: Line = serde_json::from_slice(&line).with_context(|| {
            format!(
                "--resume {shown}:{number}: expected a result line of `mtls inspect --format jsonl`"
            )
        })?;
        if let (true, Some(target)) = (line.kind == "target", line.target) {
            earlier.done.insert(key(&target, line.asked_for.as_deref()));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn list(text: &str, part: Option<Part>) -> (Vec<String>, Vec<String>) {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), text).unwrap();
        let mut list = List::open(file.path(), part, HashSet::new()).unwrap();
        let (mut specs, mut wrong) = (Vec::new(), Vec::new());
        while let Some(next) = list.next() {
            match next {
                Ok(spec) => specs.push(spec.target),
                Err(error) => wrong.push(crate::failure::words(&error)),
            }
        }
        (specs, wrong)
    }

    #[test]
    fn lines_comments_json_and_what_is_neither() {
        let (specs, wrong) = list(
            "\u{feff}a:1\r\n\n# none\n{\"target\":\"b:2\",\"sni\":\"x\"}\n{\"target\":\"b:2\"}\n{\"target\":3}\n{\"target\":\"c\",\"snj\":\"x\"}\na:1\nlast",
            None,
        );
        assert_eq!(specs, ["a:1", "b:2", "b:2", "last"]);
        assert_eq!(wrong.len(), 2);
        assert!(wrong[0].contains(":6"), "{wrong:?}");
        assert!(
            wrong[1].contains(":7") && wrong[1].contains("snj"),
            "{wrong:?}"
        );
    }

    #[test]
    fn parts_are_disjoint_and_together_the_whole() {
        let text: String = (0..500)
            .map(|number| format!("host{number}:443\n"))
            .collect();
        let whole = list(&text, None).0;
        let mut parts: Vec<String> = Vec::new();
        for index in 1..=4 {
            let part = list(&text, Some(Part { index, count: 4 })).0;
            assert!((80..170).contains(&part.len()), "{}", part.len());
            parts.extend(part);
        }
        parts.sort();
        let mut sorted = whole;
        sorted.sort();
        assert_eq!(parts, sorted);
    }

    #[test]
    fn a_torn_line_is_not_done() {
        let file = tempfile::NamedTempFile::new().unwrap();
        let line = |target: &str| {
            format!("{{\"kind\":\"target\",\"target\":\"{target}\",\"asked_for\":null}}\n")
        };
        let text = line("a") + &line("b");
        let torn = text.clone() + &line("c")[..20];
        std::fs::write(file.path(), &torn).unwrap();
        let found = earlier(file.path()).unwrap();
        assert_eq!((found.done.len(), found.whole), (2, text.len() as u64));
        assert_eq!(found.length, torn.len() as u64);
        std::fs::write(file.path(), text + "nonsense\n").unwrap();
        let error = earlier(file.path()).unwrap_err();
        assert!(format!("{error:?}").contains(":3"), "{error:?}");
    }
}

//! Passwords from where openssl takes them, and new files that go over nothing.

use std::{fs, io::IsTerminal as _, path::Path};

use anyhow::{Context, Result, bail};

use super::common;
use crate::jobs::files::read;

/// Where a password comes from.
const SOURCES: &str = "pass:WORD, env:VARIABLE, file:PATH, stdin or prompt";

/// A password from where openssl's `-passin` would take it; `None` where nobody can be asked.
pub(super) fn password(source: &str) -> Result<Option<String>> {
    if source == "prompt" {
        return asked();
    }
    given(source).map(Some)
}

fn given(source: &str) -> Result<String> {
    let first_line = |bytes: Vec<u8>, from: &str| {
        let line = bytes
            .split(|&byte| byte == b'\n')
            .next()
            .unwrap_or_default();
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        String::from_utf8(line.to_vec())
            .ok()
            .with_context(|| format!("--pass {from}: not UTF-8"))
    };
    match source.split_once(':') {
        Some(("pass", word)) => Ok(word.to_owned()),
        Some(("env", name)) => common::variable(name)
            .with_context(|| format!("--pass env:{name}: no such variable is set")),
        Some(("file", path)) => first_line(read(Path::new(path))?, source),
        None if source == "stdin" => first_line(read(Path::new("-"))?, source),
        // The password itself, perhaps: it is not repeated.
        _ => bail!("--pass: expected {SOURCES}"),
    }
}

/// The password that whoever sits at the terminal types.
fn asked() -> Result<Option<String>> {
    if !std::io::stdin().is_terminal() {
        common::complain(
            "mtls: --pass prompt: standard input is not a terminal, so nothing is asked and encrypted keys stay shut",
        );
        return Ok(None);
    }
    common::complain("mtls: password (not shown as it is typed):");
    let mut line = String::new();
    let hidden = Hidden::now()?;
    std::io::stdin()
        .read_line(&mut line)
        .context("--pass prompt: cannot read the terminal")?;
    drop(hidden);
    Ok(Some(line.trim_end_matches(['\n', '\r']).to_owned()))
}

/// Keeps a terminal from showing what is typed, until it is dropped.
#[cfg(unix)]
struct Hidden(rustix::termios::Termios);

#[cfg(unix)]
impl Hidden {
    fn now() -> Result<Self> {
        use rustix::termios::{LocalModes, OptionalActions, tcgetattr, tcsetattr};
        let terminal = rustix::stdio::stdin();
        let before = tcgetattr(terminal).context("--pass prompt: cannot hide the password")?;
        let mut silent = before.clone();
        silent.local_modes -= LocalModes::ECHO;
        tcsetattr(terminal, OptionalActions::Now, &silent)
            .context("--pass prompt: cannot hide the password")?;
        Ok(Self(before))
    }
}

#[cfg(unix)]
impl Drop for Hidden {
    fn drop(&mut self) {
        use rustix::termios::{OptionalActions, tcsetattr};
        let _ = tcsetattr(rustix::stdio::stdin(), OptionalActions::Now, &self.0);
    }
}

#[cfg(not(unix))]
struct Hidden;

#[cfg(not(unix))]
impl Hidden {
    fn now() -> Result<Self> {
        bail!("--pass prompt: only on Unix; expected pass:WORD, env:VARIABLE, file:PATH or stdin")
    }
}

/// Writes a file that must not exist yet; a secret one for its owner alone.
pub(super) fn create_new(path: &Path, content: &[u8], secret: bool) -> Result<()> {
    use std::io::Write as _;
    let mut options = fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, if secret { 0o600 } else { 0o644 });
    options
        .open(path)
        .and_then(|mut file| file.write_all(content))
        .with_context(|| format!("{}: cannot write it", path.display()))
}

//! Passwords from where openssl takes them, and new files that go over nothing.

use std::{fs, path::Path};

use anyhow::{Context, Result, bail};

use super::common;
use crate::jobs::files::read;

/// A password from where openssl's `-passin` would take it.
pub(super) fn password(source: &str) -> Result<String> {
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
        _ => bail!("--pass: expected pass:WORD, env:VARIABLE, file:PATH or stdin"),
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

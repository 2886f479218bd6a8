//! What `pki` wrote.

use std::io::{self, Write};

use serde::Serialize;

use super::Document;
use crate::pki::Entry;

#[derive(Debug, Serialize, schemars::JsonSchema)]
struct FileWritten<'a> {
    path: &'a str,
    fault: Option<&'static str>,
    what: &'a str,
    secret: bool,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Written<'a> {
    dir: &'a str,
    files: Vec<FileWritten<'a>>,
}

/// Writes the document of `pki --format json`.
pub fn pki(out: &mut impl Write, dir: &str, entries: &[Entry]) -> io::Result<()> {
    let document = Document::of(
        "pki",
        Written {
            dir,
            files: entries
                .iter()
                .map(|entry| FileWritten {
                    path: &entry.path,
                    fault: entry.fault,
                    what: &entry.what,
                    secret: entry.secret,
                })
                .collect(),
        },
    );
    super::write::pretty(&mut *out, &document)?;
    out.write_all(b"\n")?;
    out.flush()
}

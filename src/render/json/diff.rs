//! What `diff` found.

use std::io::{self, Write};

use serde::Serialize;

use super::Document;
use crate::report::diff::{AccessChange, Change, Diff};

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Compared<'a> {
    old: &'a str,
    new: &'a str,
    /// Whom it is about, who loses access first.
    access: &'a [AccessChange],
    changes: &'a [Change],
}

/// Writes the document of `diff --format json`.
pub fn diff(out: &mut impl Write, diff: &Diff) -> io::Result<()> {
    let mut document = Document::of(
        "diff",
        Compared {
            old: &diff.old,
            new: &diff.new,
            access: &diff.access,
            changes: &diff.changes,
        },
    );
    document.verdict = diff.verdict.into();
    document.exit_code = diff.exit_code();
    super::write::pretty(&mut *out, &document)?;
    out.write_all(b"\n")?;
    out.flush()
}

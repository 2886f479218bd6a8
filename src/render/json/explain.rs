//! What `explain` knows.

use std::io::{self, Write};

use serde::Serialize;

use super::Document;
use crate::{
    explain::{Evidence, Explanation, Match, RootCause, SenderNote},
    report::OverallVerdict,
};

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Explained<'a> {
    query: &'a str,
    known: bool,
    matches: &'a [Match],
    root_cause: Option<&'a RootCause>,
    /// Lines read, of a log.
    lines: u64,
    /// Where evidence came from.
    evidence: &'a [String],
    /// Senders whose certificate may be the one in question.
    senders: &'a [SenderNote],
}

/// Writes the document of `explain --format json`.
pub fn explained(
    out: &mut impl Write,
    explanation: &Explanation,
    evidence: &Evidence,
    senders: &[SenderNote],
    exit_code: u8,
) -> io::Result<()> {
    let document = Document {
        exit_code,
        verdict: if explanation.known {
            OverallVerdict::Pass
        } else {
            OverallVerdict::Fail
        },
        ..Document::of(
            "explain",
            Explained {
                query: &explanation.query,
                known: explanation.known,
                matches: &explanation.matches,
                root_cause: explanation.root_cause.as_ref(),
                lines: explanation.lines,
                evidence: &evidence.sources,
                senders,
            },
        )
    };
    super::write::pretty(&mut *out, &document)?;
    out.write_all(b"\n")?;
    out.flush()
}

//! What `explain` knows.

use std::io::{self, Write};

use serde::Serialize;

use super::{Document, StackObject, document::DocumentVerdict, stacks};
use crate::{
    explain::{Evidence, Explanation, Failure, Match, RootCause, SenderNote, Unnamed},
    facts::{Side, TrustStatus},
};

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Explained<'a> {
    query: &'a str,
    known: bool,
    matches: &'a [Match],
    root_cause: Option<&'a RootCause>,
    /// How the connections of a log failed, where it is of more than one.
    failures: &'a [Failure],
    /// Texts of such a log in lines that name no connection.
    unnamed: &'a [Unnamed],
    /// Lines read, of a log.
    lines: u64,
    /// Lines of them in which something is known.
    known_lines: u64,
    /// Where evidence came from.
    evidence: &'a [String],
    /// What each verifier does with the chains that were looked at.
    chains: Vec<ChainObject<'a>>,
    /// Senders whose certificate may be the one in question.
    senders: &'a [SenderNote],
}

/// A chain that was looked at.
#[derive(Debug, Serialize, schemars::JsonSchema)]
struct ChainObject<'a> {
    role: Side,
    status: TrustStatus,
    stacks: Vec<StackObject<'a>>,
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
            DocumentVerdict::None
        } else {
            DocumentVerdict::Unknown
        },
        ..Document::of(
            "explain",
            Explained {
                query: &explanation.query,
                known: explanation.known,
                matches: &explanation.matches,
                root_cause: explanation.root_cause.as_ref(),
                failures: &explanation.failures,
                unnamed: &explanation.unnamed,
                lines: explanation.lines,
                known_lines: explanation.known_lines,
                evidence: &evidence.sources,
                chains: evidence
                    .chains
                    .iter()
                    .map(|trust| ChainObject {
                        role: trust.role,
                        status: trust.status,
                        stacks: stacks(trust),
                    })
                    .collect(),
                senders,
            },
        )
    };
    super::write::pretty(&mut *out, &document)?;
    out.write_all(b"\n")?;
    out.flush()
}

//! What `token` found.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::{Map, Value};

use super::{Document, FindingObject};
use crate::{engine::Judged, facts::TokenProblem, report::Run};

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Checked<'a> {
    valid: bool,
    problems: &'a [TokenProblem],
    checked: &'a [String],
    unchecked: &'a [String],
    header: Option<&'a Value>,
    claims: Option<&'a Value>,
    project_number: Option<&'a str>,
    signed_by: Option<&'a str>,
}

#[derive(Debug, Serialize, schemars::JsonSchema)]
pub(super) struct Decoded<'a> {
    verified: bool,
    header: &'a Map<String, Value>,
    claims: &'a Map<String, Value>,
}

/// Writes the document of `token verify --format json`.
pub fn token(out: &mut impl Write, judged: &Judged, run: &Run) -> io::Result<()> {
    let token = judged.case.token();
    let check = token.and_then(|token| token.check.as_ref());
    let own = Checked {
        valid: token.is_some_and(|token| token.verified),
        problems: check.map_or(&[], |check| &check.problems),
        checked: check.map_or(&[], |check| &check.checked),
        unchecked: check.map_or(&[], |check| &check.unchecked),
        header: check.and_then(|check| check.header.as_ref()),
        claims: check.and_then(|check| check.claims.as_ref()),
        project_number: check.and_then(|check| check.project_number.as_deref()),
        signed_by: check.and_then(|check| check.signed_by.as_deref()),
    };
    let document = Document {
        verdict: run.verdict.into(),
        exit_code: run.exit_code,
        summary: run.summary,
        findings: judged.findings.iter().map(FindingObject::from).collect(),
        passed: judged.passed.iter().map(|rule| rule.code).collect(),
        ..Document::of("token", own)
    };
    write(out, &document)
}

/// Writes the document of `token decode --format json`.
pub fn decoded(
    out: &mut impl Write,
    header: &Map<String, Value>,
    claims: &Map<String, Value>,
) -> io::Result<()> {
    let own = Decoded {
        verified: false,
        header,
        claims,
    };
    write(out, &Document::of("token", own))
}

fn write<E: Serialize>(out: &mut impl Write, document: &Document<'_, E>) -> io::Result<()> {
    super::write::pretty(&mut *out, document)?;
    out.write_all(b"\n")?;
    out.flush()
}

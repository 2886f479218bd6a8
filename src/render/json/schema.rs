//! The JSON Schemas of what is printed, made from the types that print it.
//!
//! For: `mtls generate schemas`, `schemas/`, and who checks our output. Must not: be written by
//! hand.

use schemars::{JsonSchema, Schema, generate::SchemaSettings};
use serde::Serialize;

use super::{
    CaseObject, ConnectionObject, Document, LoadObject, SummaryObject,
    explain::Explained,
    pki::Written,
    token::{Checked, Decoded},
};
use crate::facts::CaseFile;

/// A line of `jsonl`.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[expect(
    dead_code,
    reason = "only its schema is of use: a line is written as what it is"
)]
enum Line<'a> {
    Case(Box<CaseObject<'a>>),
    Load(LoadObject<'a>),
    Summary(SummaryObject<'a>),
}

/// What `token` says besides.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "only its schema is of use")]
enum Token<'a> {
    Checked(Checked<'a>),
    Decoded(Decoded<'a>),
}

/// Every schema by the name of its file, without the ending.
pub fn schemas() -> Vec<(&'static str, Schema)> {
    vec![
        ("report", of::<Document<'static>>()),
        ("line", of::<Line<'static>>()),
        ("explain", of::<Document<'static, Explained<'static>>>()),
        ("pki", of::<Document<'static, Written<'static>>>()),
        ("token", of::<Document<'static, Token<'static>>>()),
        ("case", of::<CaseFile<ConnectionObject<'static>>>()),
    ]
}

/// A schema of what is written: a key that is always there is required.
fn of<T: JsonSchema>() -> Schema {
    SchemaSettings::draft2020_12()
        .for_serialize()
        .into_generator()
        .into_root_schema_for::<T>()
}

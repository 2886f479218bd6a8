//! The rows of the dictionary's files, as they are written.
//!
//! For: `dictionary`, which fills in what a row leaves to another. Must not: know what a row means.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::{Seen, Turned};
use crate::{explain::Specificity, facts::Side};

/// What a file says unless it says otherwise.
fn compared() -> bool {
    true
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct File {
    pub(super) stack: String,
    pub(super) versions: String,
    pub(super) source: String,
    pub(super) read: String,
    /// Whether the texts were compared with the source; a row may say otherwise.
    #[serde(default = "compared")]
    pub(super) compared: bool,
    /// Where this server software is told which client certificates to trust.
    pub(super) client_ca: Option<String>,
    /// By fault, how it is fixed in this stack's own words.
    #[serde(default)]
    pub(super) fix: BTreeMap<String, String>,
    #[serde(default)]
    pub(super) message: Vec<MessageRow>,
    #[serde(default)]
    pub(super) frame: Vec<FrameRow>,
    #[serde(default)]
    pub(super) number: Vec<NumberRow>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct MessageRow {
    /// Whether this text was compared with the source, where the file's word does not hold.
    pub(super) compared: Option<bool>,
    pub(super) id: Option<String>,
    pub(super) name: Option<String>,
    pub(super) says: Vec<String>,
    pub(super) same_as: Option<String>,
    pub(super) kind: Option<Specificity>,
    pub(super) turned: Option<Turned>,
    pub(super) printer: Option<Side>,
    #[serde(default)]
    pub(super) weak: bool,
    #[serde(default)]
    pub(super) holder_acts: bool,
    #[serde(default)]
    pub(super) page: bool,
    pub(super) meaning: Option<String>,
    pub(super) faults: Option<Vec<String>>,
    #[serde(default)]
    pub(super) seen: Seen,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct FrameRow {
    pub(super) says: Vec<String>,
    pub(super) printer: Option<Side>,
    /// Tells who printed, and nothing of TLS.
    #[serde(default)]
    pub(super) name_only: bool,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
pub(super) struct NumberRow {
    pub(super) before: String,
    pub(super) of: String,
    /// Only when nothing else is asked: too common a phrase to be looked for in lines.
    #[serde(default)]
    pub(super) asked: bool,
}

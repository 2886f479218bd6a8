//! What stands behind messages in life: counts from public threads whose cause was found.
//!
//! For: `causes`, the test that counts (`tests/it/explain/wild.rs`) and writes `life.toml`. Must
//! not: hold a text of a thread: what is kept is how often.
//!
//! The atlas tried each fault as often as every other; life does not. Counted runs say how likely a
//! text is when there is a fault, this says how often there is the fault.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::{
    causes::meant,
    dictionary::{Counts, Turned},
    fault::Area,
};
use crate::facts::Side;

/// Counts from life.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Life {
    /// Threads counted.
    #[serde(default)]
    pub threads: u32,
    /// Threads by the side that printed what was pasted.
    #[serde(default)]
    pub printed: BTreeMap<String, u32>,
    /// Threads by fault.
    #[serde(default)]
    pub faults: Counts,
    /// Threads by message and fault, printed by a client; by message and program (`printed_in`) too.
    #[serde(default)]
    pub client: BTreeMap<String, Counts>,
    /// The same, printed by a server.
    #[serde(default)]
    pub server: BTreeMap<String, Counts>,
    /// The same, where the text does not tell who printed it.
    #[serde(default)]
    pub unknown: BTreeMap<String, Counts>,
}

impl Life {
    /// The counts that are part of the program.
    pub fn shipped() -> Self {
        // A broken file is a broken test, not a panic.
        toml::from_str(include_str!("life.toml")).unwrap_or_default()
    }

    /// Threads in which this message was the leading one, by fault.
    pub fn of(&self, entry: &str, printer: Option<Side>) -> Option<&Counts> {
        match printer {
            Some(Side::Client) => &self.client,
            Some(Side::Server) => &self.server,
            None => &self.unknown,
        }
        .get(entry)
    }

    /// The share of texts of this kind that a client printed, 0 to 1; a half where nothing was
    /// counted.
    pub fn by_client(&self, about: About) -> f64 {
        let of = |side: Side| {
            let printed = self.printed.get(printed(side, about)).copied();
            f64::from(printed.unwrap_or(0))
        };
        (of(Side::Client) + 1.0) / (of(Side::Client) + of(Side::Server) + 2.0)
    }

    /// How much more often than the average fault this one is met, 1 for the average.
    pub fn prior(&self, fault: &str, of_all: usize) -> f64 {
        let all = f64::from(u32::try_from(of_all).unwrap_or(u32::MAX));
        let seen = f64::from(self.faults.get(fault).copied().unwrap_or(0));
        let total: u32 = self.faults.values().sum();
        // As if each fault had been met once: what was never seen is rare, not impossible.
        (seen + 1.0) * all / (f64::from(total) + all)
    }
}

/// What a text is about, as far as that tells who is likely to have printed it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum About {
    /// The other side.
    Peer,
    /// A program's own certificate and key.
    Files,
    /// A program's own file of CAs.
    Authorities,
}

/// What the first fault of a template is of.
fn area(template: &str) -> Option<Area> {
    meant(template, Side::Client)
        .first()
        .map(|fault| fault.area)
}

impl About {
    /// What a message is about.
    pub fn of(turned: Turned, faults: &[String]) -> Self {
        match turned {
            Turned::Local => match faults.first().and_then(|id| area(id)) {
                Some(Area::Authorities(_)) => Self::Authorities,
                _ => Self::Files,
            },
            _ => Self::Peer,
        }
    }
}

/// The name under which a message is counted that stood beside a program's own words.
pub fn printed_in(entry: &str, program: &str) -> String {
    format!("{entry} in {program}")
}

/// The name under which it is counted that a side printed something.
pub fn printed(side: Side, about: About) -> &'static str {
    match (side, about) {
        (Side::Client, About::Peer) => "client",
        (Side::Server, About::Peer) => "server",
        (Side::Client, About::Files) => "client-files",
        (Side::Server, About::Files) => "server-files",
        (Side::Client, About::Authorities) => "client-authorities",
        (Side::Server, About::Authorities) => "server-authorities",
    }
}

//! Webhook senders as plain data: which certificates they present, from which authorities, until when, and how we know.
//!
//! For: naming the sender of a chain, rules about anchors and dates, `mtls profiles`. Nothing about a sender is written
//! into logic: what Google advises has changed three times. Must not: use the network or the clock.
//!
//! The files are read on first use, so a command that asks for no profile pays nothing. A broken file is a broken test, not
//! a panic: its profile is then missing.

mod anchor;

use std::sync::LazyLock;

use jiff::civil::Date;
use serde::{Deserialize, Serialize};

pub use anchor::{Anchor, anchor, anchors};

/// The profiles that are part of the program, by name, as TOML.
const FILES: [(&str, &str); 3] = [
    ("dialogflow", include_str!("dialogflow.toml")),
    ("dialogflow-cx", include_str!("dialogflow-cx.toml")),
    ("generic", include_str!("generic.toml")),
];

/// How a statement is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Certainty {
    /// Its source says so.
    Sourced,
    /// Tried out, with the means that the source names.
    Verified,
    /// Concluded from the source, which does not say it.
    Inferred,
}

/// A sender of webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What `--profile` calls it.
    pub name: String,
    /// Its name in words.
    pub title: String,
    /// One or two sentences about it.
    pub summary: String,
    /// The bearer token it sends.
    #[serde(default)]
    pub token: Option<BearerToken>,
    /// The client certificates it may present.
    #[serde(default)]
    pub identity: Vec<Identity>,
    /// What is known about it.
    #[serde(default)]
    pub fact: Vec<Fact>,
    /// What is not known about it, so that nobody takes silence for an answer.
    #[serde(default)]
    pub unknown: Vec<Unknown>,
}

/// The bearer token of a sender.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct BearerToken {
    /// What its `iss` may be.
    pub issuers: Vec<String>,
    /// What its `email` is, `{project-number}` standing for the number of the agent's project.
    pub email: String,
    /// Where the keys that sign it are published; never fetched unless the user names it.
    pub keys: String,
    /// How all this is known.
    pub certainty: Certainty,
    /// Where it stands.
    pub sources: Vec<String>,
    /// The day on which the sources were read.
    pub seen: Date,
}

/// One client certificate of a sender, with the authorities above it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// `current` or `legacy`.
    pub name: String,
    /// The common name of the leaf's subject.
    pub leaf_common_name: String,
    /// Common names of the intermediates known to stand above the leaf; a sender may use others.
    pub intermediates: Vec<String>,
    /// Ids of the [`Anchor`]s it may lead to, the one seen first.
    pub anchors: Vec<String>,
    /// The first day on which it is presented; `None` when not known.
    pub from: Option<Date>,
    /// The last day on which it is presented; `None` when no end is known.
    pub until: Option<Date>,
    /// How all this is known.
    pub certainty: Certainty,
    /// Where it stands.
    pub sources: Vec<String>,
    /// The day on which the sources were read.
    pub seen: Date,
}

/// Something known about a sender.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Kebab-case, unique in its profile.
    pub id: String,
    /// What is the case.
    pub text: String,
    /// Where it stands, or by what means it was found.
    pub source: String,
    /// The day on which the source was read.
    pub seen: Date,
    /// How it is known.
    pub certainty: Certainty,
}

/// Something not known about a sender.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Unknown {
    /// Kebab-case, unique in its profile.
    pub id: String,
    /// What is not known.
    pub text: String,
}

impl Identity {
    /// Whether the sender may present it on `day`, as far as known.
    pub fn used_on(&self, day: Date) -> bool {
        self.from.is_none_or(|from| from <= day) && self.until.is_none_or(|until| day <= until)
    }

    /// Its anchors.
    pub fn anchors(&self) -> Vec<&'static Anchor> {
        self.anchors.iter().filter_map(|id| anchor(id)).collect()
    }
}

impl Profile {
    /// The anchors of all its identities, each once, in the order of the identities.
    pub fn anchors(&self) -> Vec<&'static Anchor> {
        let mut all: Vec<&'static Anchor> = Vec::new();
        for anchor in self.identity.iter().flat_map(Identity::anchors) {
            if all.iter().all(|known| known.id != anchor.id) {
                all.push(anchor);
            }
        }
        all
    }
}

/// Every profile.
pub fn all() -> &'static [Profile] {
    static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        FILES
            .iter()
            .filter_map(|(_, text)| toml::from_str(text).ok())
            .collect()
    });
    &PROFILES
}

/// The profile called `name`.
pub fn find(name: &str) -> Option<&'static Profile> {
    all().iter().find(|profile| profile.name == name)
}

#[cfg(test)]
mod tests;

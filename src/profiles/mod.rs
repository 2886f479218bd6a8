//! Webhook senders as plain data: which certificates they present, from which authorities, until
//! when, and how we know.
//!
//! For: naming the sender of a chain, rules about anchors and dates, `mtls profiles`. Nothing about
//! a sender is written into logic: what the first sender advises has changed three times. Must not:
//! use the network or the clock.
//!
//! A user's own file has the same shape (`schemas/profile.schema.json`) and is read by
//! [`parse::profile`](crate::parse::profile). [`calendar`] holds the dates of the authorities,
//! which concern every sender.
//!
//! The files are read on first use, so a command that asks for no profile pays nothing. A broken
//! file is a broken test, not a panic: its profile is then missing.

mod anchor;
pub mod calendar;

use std::sync::LazyLock;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use anchor::{Anchor, OwnAnchor, anchor, anchors};

/// The profiles that are part of the program, by name, as TOML.
const FILES: [(&str, &str); 4] = [
    ("dialogflow", include_str!("dialogflow.toml")),
    ("dialogflow-cx", include_str!("dialogflow-cx.toml")),
    ("dialogflow-custom", include_str!("dialogflow-custom.toml")),
    ("generic", include_str!("generic.toml")),
];

/// How a statement is known.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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
    /// The client certificates it may present, the one that it tries first standing first.
    #[serde(default)]
    pub identity: Vec<Identity>,
    /// Anchors that are not among the program's own. For a user's file; the identities name them by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anchor: Vec<OwnAnchor>,
    /// What is known about it.
    #[serde(default)]
    pub fact: Vec<Fact>,
    /// What is not known about it, so that nobody takes silence for an answer.
    #[serde(default)]
    pub unknown: Vec<Unknown>,
}

/// The bearer token of a sender.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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
    #[schemars(with = "String", extend("format" = "date"))]
    pub seen: Date,
}

/// One client certificate of a sender, with the authorities above it.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Identity {
    /// `current` or `legacy`; a user's file may say something else.
    pub name: String,
    /// The common name of the leaf's subject.
    pub leaf_common_name: String,
    /// Common names of the intermediates known to stand above the leaf; a sender may use others.
    #[serde(default)]
    pub intermediates: Vec<String>,
    /// How many intermediates stand between leaf and root in the chain that the sender sends; `None` when not known.
    pub intermediates_sent: Option<u32>,
    /// Ids of the [`Anchor`]s it may lead to, the one seen first.
    pub anchors: Vec<String>,
    /// The first day on which it is presented; `None` when not known.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub from: Option<Date>,
    /// The last day on which it is presented; `None` when no end is known.
    #[schemars(with = "Option<String>", extend("format" = "date"))]
    pub until: Option<Date>,
    /// How all this is known.
    pub certainty: Certainty,
    /// Where it stands.
    pub sources: Vec<String>,
    /// The day on which the sources were read.
    #[schemars(with = "String", extend("format" = "date"))]
    pub seen: Date,
    /// The certificates that `anchors` names.
    #[serde(skip)]
    pub roots: Vec<Anchor>,
}

/// Something known about a sender.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Fact {
    /// Kebab-case, unique in its profile.
    pub id: String,
    /// What is the case.
    pub text: String,
    /// Where it stands, or by what means it was found.
    pub source: String,
    /// The day on which the source was read.
    #[schemars(with = "String", extend("format" = "date"))]
    pub seen: Date,
    /// How it is known.
    pub certainty: Certainty,
}

/// Something not known about a sender.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
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

    /// Whether the sender presents it on `day` and on from there, as far as known.
    pub fn lasting(&self, day: Date) -> bool {
        self.until.is_none() && self.used_on(day)
    }
}

impl Profile {
    /// The anchors of all its identities, each once, in the order of the identities.
    pub fn anchors(&self) -> Vec<&Anchor> {
        let mut all: Vec<&Anchor> = Vec::new();
        for anchor in self.identity.iter().flat_map(|identity| &identity.roots) {
            if all.iter().all(|known| known.id != anchor.id) {
                all.push(anchor);
            }
        }
        all
    }

    /// Puts the certificates to the ids that its identities name: `own` first, then the program's.
    ///
    /// # Errors
    /// The first id that nothing is known of.
    pub fn resolve(&mut self, own: &[Anchor]) -> Result<(), String> {
        for identity in &mut self.identity {
            identity.roots = identity
                .anchors
                .iter()
                .map(|id| {
                    own.iter()
                        .find(|anchor| &anchor.id == id)
                        .or_else(|| anchor(id))
                        .cloned()
                        .ok_or_else(|| id.clone())
                })
                .collect::<Result<_, _>>()?;
        }
        Ok(())
    }

    /// The fact with this id.
    pub fn fact(&self, id: &str) -> Option<&Fact> {
        self.fact.iter().find(|fact| fact.id == id)
    }
}

/// Every profile that is part of the program.
pub fn all() -> &'static [Profile] {
    static PROFILES: LazyLock<Vec<Profile>> = LazyLock::new(|| {
        FILES
            .iter()
            .filter_map(|(_, text)| {
                let mut profile: Profile = toml::from_str(text).ok()?;
                profile.resolve(&[]).ok()?;
                Some(profile)
            })
            .collect()
    });
    &PROFILES
}

/// The profile called `name`.
pub fn find(name: &str) -> Option<&'static Profile> {
    all().iter().find(|profile| profile.name == name)
}

/// The JSON Schema of a profile, as published in `schemas/profile.schema.json`.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Profile)
}

#[cfg(test)]
mod tests;

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
mod dates;
mod identity;
mod request;

use std::sync::LazyLock;

use jiff::civil::Date;
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use anchor::{Anchor, OwnAnchor, anchor, anchors};
pub use dates::{Change, changes};
pub use identity::{Identity, Leaf, plain_hex};
pub use request::{AnswerRule, RequestFormat};

/// The profiles that are part of the program, by name, as TOML.
const FILES: [(&str, &str); 21] = [
    ("dialogflow", include_str!("dialogflow.toml")),
    ("dialogflow-cx", include_str!("dialogflow-cx.toml")),
    ("dialogflow-custom", include_str!("dialogflow-custom.toml")),
    ("generic", include_str!("generic.toml")),
    (
        "cloudflare-origin-pull",
        include_str!("cloudflare-origin-pull.toml"),
    ),
    ("meta-webhooks", include_str!("meta-webhooks.toml")),
    ("aws-api-gateway", include_str!("aws-api-gateway.toml")),
    ("slack", include_str!("slack.toml")),
    (
        "kubernetes-admission",
        include_str!("kubernetes-admission.toml"),
    ),
    ("efi-pix", include_str!("efi-pix.toml")),
    ("docusign-connect", include_str!("docusign-connect.toml")),
    ("pagerduty", include_str!("pagerduty.toml")),
    ("genesys-cloud", include_str!("genesys-cloud.toml")),
    (
        "tesla-fleet-telemetry",
        include_str!("tesla-fleet-telemetry.toml"),
    ),
    ("worldpay", include_str!("worldpay.toml")),
    ("salesforce", include_str!("salesforce.toml")),
    ("adobe-sign", include_str!("adobe-sign.toml")),
    ("fireblocks", include_str!("fireblocks.toml")),
    ("upvest", include_str!("upvest.toml")),
    ("alloy", include_str!("alloy.toml")),
    ("webex-connect", include_str!("webex-connect.toml")),
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

/// When a sender presents its certificate.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Presented {
    /// Whenever the server asks for one.
    #[default]
    Always,
    /// Only where its user switched that on.
    OptIn,
    /// Only to a server that names a CA above it in its CertificateRequest.
    IfCaNamesMatch,
    /// In its second call: the first one comes without, and has to be refused.
    AfterABareProbe,
}

/// A version of TLS that may be a sender's highest.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
pub enum HighestTls {
    /// TLS 1.2.
    #[serde(rename = "1.2")]
    Tls12,
    /// TLS 1.3.
    #[serde(rename = "1.3")]
    Tls13,
}

impl HighestTls {
    /// Its number on the wire.
    pub fn wire(self) -> u16 {
        match self {
            Self::Tls12 => 0x0303,
            Self::Tls13 => 0x0304,
        }
    }
}

/// A sender of webhooks.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize, Serialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Profile {
    /// What `--profile` calls it.
    pub name: String,
    /// What `--profile` calls it too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub also_called: Vec<String>,
    /// Its name in words.
    pub title: String,
    /// One or two sentences about it.
    pub summary: String,
    /// When it presents its certificate.
    #[serde(default)]
    pub presented: Presented,
    /// The highest version of TLS that it speaks; `None` when not known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub highest_tls: Option<HighestTls>,
    /// Whether all its customers' webhooks get the same certificate, so that it does not show for
    /// whom the sender calls.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shared: bool,
    /// What in a request shows for whom the sender calls, and what to compare it with.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub also_check: Option<String>,
    /// The bearer token it sends.
    #[serde(default)]
    pub token: Option<BearerToken>,
    /// The client certificates it may present, the one that it tries first standing first.
    #[serde(default)]
    pub identity: Vec<Identity>,
    /// Anchors that are not among the program's own. For a user's file; the identities name them by id.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub anchor: Vec<OwnAnchor>,
    /// What it sends, and which answer it takes: `simulate --sender` sends the first one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub request: Vec<RequestFormat>,
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
    /// An `[[anchor]]` of the profile that has neither certificate nor file is left to be
    /// downloaded ([`Identity::wanted`]).
    ///
    /// # Errors
    /// The first id that nothing is known of.
    pub fn resolve(&mut self, own: &[Anchor]) -> Result<(), String> {
        for identity in &mut self.identity {
            identity.roots.clear();
            identity.wanted.clear();
            for id in &identity.anchors {
                if let Some(at_hand) = own.iter().find(|anchor| &anchor.id == id).or(anchor(id)) {
                    identity.roots.push(at_hand.clone());
                    continue;
                }
                let described = self.anchor.iter().find(|anchor| &anchor.id == id);
                identity.wanted.push(described.ok_or(id)?.clone());
            }
        }
        Ok(())
    }

    /// The anchors that the user has to download, each once.
    pub fn wanted(&self) -> Vec<&OwnAnchor> {
        let mut all: Vec<&OwnAnchor> = Vec::new();
        for anchor in self.identity.iter().flat_map(|identity| &identity.wanted) {
            if all.iter().all(|known| known.id != anchor.id) {
                all.push(anchor);
            }
        }
        all
    }

    /// Whether its certificate shows the sender and not the customer it calls for.
    pub fn proves_the_sender_only(&self) -> bool {
        self.shared || self.fact("proves-the-sender-only").is_some()
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
    let called = |profile: &&Profile| {
        profile.name == name || profile.also_called.iter().any(|other| other == name)
    };
    all().iter().find(called)
}

/// The JSON Schema of a profile, as published in `schemas/profile.schema.json`.
pub fn schema() -> schemars::Schema {
    schemars::schema_for!(Profile)
}

#[cfg(test)]
mod tests;

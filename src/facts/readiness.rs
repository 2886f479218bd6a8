//! Whether a webhook accepts its sender, now and after the days on which the sender changes.

use jiff::civil::Date;
use serde::Serialize;

use super::When;

/// The answer in one word.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, schemars::JsonSchema)]
#[serde(rename_all = "lowercase")]
pub enum Outlook {
    /// The certificate that the sender goes on presenting is accepted.
    Ready,
    /// It depends on something that is not known of the sender, or was not seen.
    Uncertain,
    /// Works now, and stops on a known day.
    Breaks,
    /// Does not work.
    Broken,
}

/// What the answer rests on.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum Basis {
    /// The anchors that the webhook judges clients by, and its configuration where that was read.
    ClientCa {
        /// The file, as the user wrote it.
        path: String,
    },
    /// The CA names that a server sends with its request for a certificate: a hint, which need not be all that it trusts.
    CaNames {
        /// How many.
        count: u64,
    },
    /// Connections that came.
    Connections {
        /// How many with a certificate of this sender's.
        count: u64,
    },
    /// Calls of ours with certificates shaped like the sender's.
    Rehearsal {
        /// How many.
        count: u64,
    },
}

/// One certificate of the sender, and what becomes of it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct IdentityOutlook {
    /// `current`, `legacy`.
    pub identity: String,
    /// The common name of its leaf; `None` where it is not known.
    pub common_name: Option<String>,
    /// What its leaf is recognised by, in words: `CN = Google LLC`.
    pub leaf: String,
    /// Whether it is accepted; `None` when that was not seen or cannot be told.
    pub accepted: Option<bool>,
    /// Why.
    pub why: String,
    /// Whether its root is there and expired: it is not lacking.
    pub root_expired: bool,
    /// Whether the sender presents it on the day of the judgement.
    pub in_use: bool,
    /// The last day on which it does; `None` when no end is known.
    pub until: Option<When>,
}

/// A certificate of a sender's that came, or that was shown in a rehearsal, and what became of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sighting {
    /// The sender's identity.
    pub identity: String,
    /// Whether it was accepted.
    pub accepted: bool,
    /// What happened, in a few words: `HTTP 403`.
    pub how: String,
    /// Whether it was refused after the handshake, by an HTTP status.
    pub late: bool,
}

/// A root to trust.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct WantedAnchor {
    /// What the program calls it: `mtls profiles pem ID` writes it.
    pub id: String,
    /// Its subject.
    pub subject: String,
    /// SHA-256 of its DER, lower-case hexadecimal.
    pub sha256: String,
}

/// Which outlook: of which sender, and what it rests on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadinessId {
    /// The profile's name.
    pub profile: String,
    /// What the answer rests on.
    pub grounds: Basis,
}

impl Readiness {
    /// Which one it is.
    pub fn id(&self) -> ReadinessId {
        ReadinessId {
            profile: self.profile.clone(),
            grounds: self.grounds.clone(),
        }
    }
}

/// Whether a webhook accepts one sender.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct Readiness {
    /// The profile's name.
    pub profile: String,
    /// The sender in words.
    pub title: String,
    /// The answer in one word.
    pub outlook: Outlook,
    /// Whether calls get through on the day of the judgement; `None` when that cannot be told.
    pub works_today: Option<bool>,
    /// The day on which that ends, when it is known to.
    #[schemars(with = "Option<String>")]
    pub breaks_on: Option<Date>,
    /// The answer in a sentence.
    pub sentence: String,
    /// What it rests on.
    pub grounds: Basis,
    /// The sender's certificates, the one it tries first standing first.
    pub identities: Vec<IdentityOutlook>,
    /// The roots that are missing: one of each identity that is not accepted and goes on being used.
    pub add: Vec<WantedAnchor>,
    /// How sure the profile is of what it says, for the identities that decide: `sourced`, `verified` or `inferred`.
    pub certainty: &'static str,
}

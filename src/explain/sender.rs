//! What the known senders present, for the question whether their certificate is trusted here.
//!
//! Every word comes from the profiles. Must not: read the clock; the day is an argument.

use jiff::{Unit, civil::Date};
use serde::Serialize;

use crate::{
    facts::When,
    profiles::{Fact, Identity, Profile},
};

/// A sender whose client certificate changes on a known day.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct SenderNote {
    /// The profile's name.
    pub profile: &'static str,
    /// The sender's name in words.
    pub title: &'static str,
    /// The last day of the certificate that ends first; null when none ends.
    pub changes_on: Option<When>,
    /// Days from today to it; negative when it has passed.
    pub days_left: Option<i32>,
    /// What its profile says of falling back from one to another; null where nothing is known.
    pub fallback: Option<&'static Fact>,
    /// Its certificates, the one it tries first standing first.
    pub identities: Vec<IdentityNote>,
}

/// One of a sender's certificates.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct IdentityNote {
    /// `current`, `legacy`.
    pub name: &'static str,
    /// The leaf's common name; null where it is not known.
    pub leaf_common_name: Option<&'static str>,
    /// What the leaf is recognised by, in words.
    pub leaf: String,
    /// Intermediates known to stand above it.
    pub intermediates: &'static [String],
    /// How many intermediates it sends; null when not known.
    pub intermediates_sent: Option<u32>,
    /// The last day on which it is presented.
    pub until: Option<When>,
    /// Whether that day has passed.
    pub ended: bool,
    /// The roots it leads to.
    pub anchors: Vec<AnchorNote>,
    /// Where this stands, and when it was read.
    pub sources: &'static [String],
    /// The day on which the sources were read.
    #[schemars(with = "String")]
    pub seen: Date,
}

/// A root.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, schemars::JsonSchema)]
pub struct AnchorNote {
    /// Its id, for `mtls profiles pem`.
    pub id: &'static str,
    /// Its subject.
    pub subject: &'static str,
    /// SHA-256 of the certificate, lower-case hexadecimal.
    pub sha256: &'static str,
}

/// What is known of this sender on this day.
pub fn sender(profile: &'static Profile, today: Date) -> SenderNote {
    let changes_on = profile
        .identity
        .iter()
        .filter_map(|identity| identity.until)
        .min();
    SenderNote {
        profile: &profile.name,
        title: &profile.title,
        changes_on,
        fallback: profile.fact("fallback"),
        days_left: changes_on
            .and_then(|when| Some(today.until((Unit::Day, when.earliest())).ok()?.get_days())),
        identities: profile
            .identity
            .iter()
            .map(|identity| note(identity, today))
            .collect(),
    }
}

fn note(identity: &'static Identity, today: Date) -> IdentityNote {
    IdentityNote {
        name: &identity.name,
        leaf_common_name: identity.common_name(),
        leaf: identity.leaf_words(),
        intermediates: &identity.intermediates,
        intermediates_sent: identity.intermediates_sent,
        until: identity.until,
        ended: identity.until.is_some_and(|until| until.latest() < today),
        anchors: identity
            .roots
            .iter()
            .map(|root| AnchorNote {
                id: &root.id,
                subject: &root.subject,
                sha256: &root.sha256,
            })
            .collect(),
        sources: &identity.sources,
        seen: identity.seen,
    }
}

//! Whether a chain proves one of the known senders.

use std::sync::{Arc, OnceLock};

use jiff::Timestamp;

use super::{Anchors, Options, openssl};
use crate::{
    facts::{Certificate, ProfileMatch, Purpose},
    parse::cert,
    profiles::{Identity, Profile},
};

/// Errors that leave the question "whose certificate is this?" answered: dates are the other
/// question.
const ABOUT_DATES: [u32; 4] = [9, 10, 13, 14];

/// The senders that a chain is compared with. Their anchors are read once, when a chain first claims
/// to be theirs: some identities take any leaf below their anchors, so that every chain is held to
/// those, and a listener asks for every connection.
#[derive(Debug)]
pub struct Senders(Vec<Known>);

#[derive(Debug)]
struct Known {
    profile: &'static Profile,
    identity: &'static Identity,
    anchors: OnceLock<Anchors>,
}

impl Senders {
    /// The identities of these profiles, in their order.
    pub fn new(profiles: impl IntoIterator<Item = &'static Profile>) -> Self {
        let identities = profiles.into_iter().flat_map(|profile| {
            profile.identity.iter().map(move |identity| Known {
                profile,
                identity,
                anchors: OnceLock::new(),
            })
        });
        Self(identities.collect())
    }

    /// The sender identity that `chain` (leaf first, as presented) proves: the leaf is what the
    /// identity says *and* its signatures lead to one of the identity's anchors. A name alone proves
    /// nothing, since anyone can write it into a certificate.
    pub fn recognise(&self, chain: &[Arc<Certificate>], now: Timestamp) -> Option<ProfileMatch> {
        let leaf = chain.first()?;
        let mut known = self.0.iter();
        known
            .find(|one| one.identity.claimed_by(leaf) && one.proven_by(chain, now))
            .map(|one| ProfileMatch {
                profile: one.profile.name.clone(),
                identity: one.identity.name.clone(),
                until: one.identity.until,
            })
    }
}

impl Known {
    /// Whether the signatures of the chain lead to one of the identity's anchors.
    fn proven_by(&self, chain: &[Arc<Certificate>], now: Timestamp) -> bool {
        let roots = &self.identity.roots;
        if roots.is_empty() {
            return false;
        }
        let anchors = self
            .anchors
            .get_or_init(|| Anchors::new(roots.iter().map(|root| cert::certificate(&root.der))));
        let trust = openssl::verdict(
            chain,
            anchors,
            &Options {
                now,
                purpose: Purpose::ClientAuth,
                max_depth: None,
                partial_chain: true,
                issuers: super::IssuerChoice::default(),
                lists: Arc::default(),
                looked_up: crate::facts::RevocationCheck::Never,
            },
        );
        let about_dates = |num: u32| ABOUT_DATES.contains(&num);
        trust.anchor.is_some() && trust.problems.iter().all(|one| about_dates(one.error.num))
    }
}

//! Whether a chain proves one of the known senders.

use std::sync::Arc;

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

/// The sender identity that `chain` (leaf first, as presented) proves: the leaf is what the
/// identity says *and* its signatures lead to one of the identity's anchors. A name alone proves
/// nothing, since anyone can write it into a certificate.
pub fn recognise(
    chain: &[Arc<Certificate>],
    now: Timestamp,
    senders: &[&Profile],
) -> Option<ProfileMatch> {
    let leaf = chain.first()?;
    for profile in senders {
        for identity in &profile.identity {
            if identity.claimed_by(leaf) && leads_to(chain, identity, now) {
                return Some(ProfileMatch {
                    profile: profile.name.clone(),
                    identity: identity.name.clone(),
                    until: identity.until,
                });
            }
        }
    }
    None
}

fn leads_to(chain: &[Arc<Certificate>], identity: &Identity, now: Timestamp) -> bool {
    if identity.roots.is_empty() {
        return false;
    }
    let anchors = identity
        .roots
        .iter()
        .map(|anchor| cert::certificate(&anchor.der));
    let trust = openssl::judge(
        chain,
        &Anchors::new(anchors),
        &Options {
            now,
            purpose: Purpose::ClientAuth,
            max_depth: None,
            partial_chain: true,
            issuers: super::IssuerChoice::default(),
        },
    );
    trust.anchor.is_some()
        && trust
            .problems
            .iter()
            .all(|problem| ABOUT_DATES.contains(&problem.error.num))
}

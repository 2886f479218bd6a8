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

/// The sender identity that `chain` (leaf first, as presented) proves: the leaf bears the
/// identity's name *and* its signatures lead to one of the identity's anchors. A name alone proves
/// nothing, since anyone can write it into a certificate.
pub fn recognise(
    chain: &[Arc<Certificate>],
    now: Timestamp,
    senders: &[&Profile],
) -> Option<ProfileMatch> {
    let name = chain.first()?.form.common_names.last()?;
    for profile in senders {
        let named = profile
            .identity
            .iter()
            .filter(|identity| identity.leaf_common_name == *name);
        for identity in named {
            if leads_to(chain, identity, now) {
                return Some(ProfileMatch {
                    profile: profile.name.clone(),
                    identity: identity.name.clone(),
                    until: identity.until.map(|day| day.to_string()),
                });
            }
        }
    }
    None
}

fn leads_to(chain: &[Arc<Certificate>], identity: &Identity, now: Timestamp) -> bool {
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

//! Whom a chain convinces, and whom the CAs of a client-CA file accept.
//!
//! For: the states that are compared. Must not: judge; what is known of a chain is in its facts.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use super::DiffRequest;
use crate::{
    facts::{Certificate, Chain, ChainUse, Side, TrustStatus, common_name},
    profiles,
    report::diff::{Access, Snapshot, State, Who},
    verify::hosts,
};

/// Callers that have no list of their own.
const PUBLIC: &str = "the public roots";

/// Whom the CAs of a client-CA file accept, where no client was named to ask about: of the CAs of
/// known senders the outlook says more.
pub(super) fn below(chain: &Chain, door: &str, request: &DiffRequest, state: &mut Snapshot) {
    let named = !request.profiles.is_empty() || !request.would_accept.is_empty();
    if named || chain.holds != ChainUse::Anchors || chain.role != Side::Client {
        return;
    }
    state.lists_cas = true;
    for certificate in chain.certificates() {
        let key = &certificate.spki_sha256;
        if certificate.unreadable.is_some()
            || profiles::anchors()
                .iter()
                .any(|one| one.spki_sha256 == *key)
        {
            continue;
        }
        let name = certificate.label();
        state.access.push(Access {
            door: door.to_owned(),
            who: Who::Below(format!("{name} (key {})", &key[..key.len().min(16)])),
            state: State::Accepted,
            why: "their CA is in the file".to_owned(),
        });
    }
}

/// Whom a server's chain convinces: those that trust its root, for the names of its leaf.
pub(super) fn callers(chain: &Chain, door: &str, now: Timestamp, state: &mut Snapshot) {
    let Some(link) = chain.links.get(chain.leaf) else {
        return;
    };
    let leaf: &Certificate = &link.certificate;
    // Outside its days nobody accepts it, whatever its name and its root are.
    let day = |moment: Timestamp| moment.to_zoned_datetime(TimeZone::UTC).date();
    let out_of_time = if now > leaf.not_after {
        Some(format!("the leaf expired on {}", day(leaf.not_after)))
    } else if now < leaf.not_before {
        Some(format!(
            "the leaf is not valid before {}",
            day(leaf.not_before)
        ))
    } else {
        None
    };
    for name in hosts::server_names(leaf) {
        let name = name.split_once(':').map_or(name, |(_, name)| name);
        let (known, why) = match &out_of_time {
            Some(why) => (State::Rejected, why.clone()),
            None => (
                State::Accepted,
                "the certificate covers the name".to_owned(),
            ),
        };
        state.access.push(Access {
            door: door.to_owned(),
            who: Who::Calls(name.to_owned()),
            state: known,
            why,
        });
    }
    state.leaves.push(Arc::clone(&link.certificate));
    let top = chain
        .certificates()
        .next_back()
        .map_or_else(String::new, issuer_of);
    let Some(trust) = &chain.trust else {
        return;
    };
    let root = match (trust.anchor_public, &trust.anchor) {
        (Some(true), _) => PUBLIC.to_owned(),
        (_, Some(anchor)) => common_name(anchor).unwrap_or(anchor).to_owned(),
        (_, None) => top,
    };
    let problem = || match trust.problems.first() {
        Some(problem) => problem.why.clone(),
        None => "verifiers differ about the chain".to_owned(),
    };
    let (known, why) = match trust.status {
        _ if out_of_time.is_some() => (State::Rejected, out_of_time.unwrap_or_default()),
        TrustStatus::Trusted => (State::Accepted, "the chain leads there".to_owned()),
        TrustStatus::Untrusted => (State::Rejected, problem()),
        TrustStatus::Disputed => (State::Unknown, problem()),
        TrustStatus::Unknown if trust.unanswered() => (State::Unknown, problem()),
        // Whoever is called so: the chain is issued by it.
        TrustStatus::Unknown => (
            State::Accepted,
            "the chain leads there by its names".to_owned(),
        ),
    };
    state.access.push(Access {
        door: door.to_owned(),
        who: Who::TrustsRoot(root),
        state: known,
        why,
    });
}

/// The CA above a chain: a name is anybody's to bear, so that its key is told too where it is known.
fn issuer_of(top: &Certificate) -> String {
    let name = common_name(&top.issuer).unwrap_or(&top.issuer);
    match top
        .authority_key_id
        .as_deref()
        .and_then(|key| key.get(..16))
    {
        Some(key) => format!("{name} (key {key})"),
        None => name.to_owned(),
    }
}

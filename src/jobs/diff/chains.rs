//! Whom a chain convinces, and whom the CAs of a client-CA file accept.
//!
//! For: the states that are compared. Must not: judge; what is known of a chain is in its facts.

use std::sync::Arc;

use jiff::{Timestamp, tz::TimeZone};

use super::DiffRequest;
use crate::{
    context::Context,
    engine::Judged,
    facts::{Certificate, Chain, ChainUse, Eku, RevocationCheck, Side, TrustStatus, common_name},
    finding::{About, Severity},
    profiles,
    report::diff::{Access, Snapshot, State, Who},
    verify::{hosts, x509_error},
};

/// `X509_V_ERR_UNABLE_TO_GET_CRL`.
const NO_LIST: u32 = 3;
/// A self-signed certificate in the chain, no issuer at hand.
const NO_ANCHOR: [u32; 2] = [19, 20];
/// Callers that have no list of their own.
pub(super) const PUBLIC: &str = "the public roots";

/// Whom the CAs of a client-CA file accept, where no client was named to ask about: of the CAs of
/// known senders the outlook says more.
pub(super) fn below(
    (number, chain): (usize, &Chain),
    judged: &Judged,
    door: &str,
    request: &DiffRequest,
    state: &mut Snapshot,
) {
    if !request.profiles.is_empty()
        || chain.holds != ChainUse::Anchors
        || chain.role != Side::Client
    {
        return;
    }
    let named = !request.would_accept.is_empty();
    state.lists_cas |= !named;
    for (link, certificate) in chain.certificates().enumerate() {
        let known = is_known(&certificate.spki_sha256);
        if certificate.unreadable.is_some() || (named && !known) {
            continue;
        }
        let list = if known {
            &mut state.of_senders
        } else {
            &mut state.access
        };
        let (accepted, why) = match rejected(About::Link(number, link), certificate, judged) {
            Some(why) => (State::Rejected, why),
            None => (State::Accepted, "their CA is in the file".to_owned()),
        };
        list.push(Access {
            door: door.to_owned(),
            who: below_ca(&certificate.label(), &certificate.spki_sha256),
            state: accepted,
            why,
            ends: ends(certificate.not_after, request.now),
        });
    }
}

/// Whether a CA is that of a known sender, by its key.
pub(super) fn is_known(key: &str) -> bool {
    profiles::anchors().iter().any(|one| one.spki_sha256 == key)
}

/// Clients of a CA: a name is anybody's to bear, so that its key is told too.
pub(super) fn below_ca(label: &str, key: &str) -> Who {
    let key = key.get(..16).unwrap_or(key);
    Who::Below(format!("{label} (key {key})"))
}

/// Why clients of a CA are rejected although it is in the file: an error about it, or its
/// revocation list.
fn rejected(about: About, certificate: &Certificate, judged: &Judged) -> Option<String> {
    let mut errors = judged.findings.iter();
    let error = errors.find(|one| one.severity == Severity::Error && one.about == about);
    if let Some(error) = error {
        return Some(format!("{}: {}", error.rule.code, error.hit.message));
    }
    let site = judged.case.site()?;
    let mut lists = site.lists.iter();
    let list = lists.find(|list| list.anchor && list.issuer == certificate.subject)?;
    let counts = |error: &u32| match site.crl_check {
        RevocationCheck::Never => false,
        RevocationCheck::WhereThereIsOne => *error != NO_LIST,
        _ => true,
    };
    let error = list.error.filter(counts)?;
    Some(format!("its revocation list: {}", x509_error(error).text))
}

/// Whom a server's chain convinces: those that trust its root, for the names of its leaf.
pub(super) fn callers(chain: &Chain, door: &str, request: &DiffRequest, state: &mut Snapshot) {
    let Some(link) = chain.links.get(chain.leaf) else {
        return;
    };
    let leaf: &Certificate = &link.certificate;
    let now = request.now;
    let (useless, ends) = (useless(leaf, Side::Server, now), ends(leaf.not_after, now));
    for name in hosts::server_names(leaf) {
        let name = name.split_once(':').map_or(name, |(_, name)| name);
        let (known, why) = match &useless {
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
            ends,
        });
    }
    state.leaves.push(Arc::clone(&link.certificate));
    root(
        (chain, request),
        door,
        (useless, ends),
        Who::TrustsRoot,
        state,
    );
}

/// Which servers a client's chain convinces: those that trust its root and look for its name.
pub(super) fn servers(chain: &Chain, door: &str, request: &DiffRequest, state: &mut Snapshot) {
    let Some(link) = chain.links.get(chain.leaf) else {
        return;
    };
    let leaf: &Certificate = &link.certificate;
    let now = request.now;
    let (useless, ends) = (useless(leaf, Side::Client, now), ends(leaf.not_after, now));
    let subject = (!leaf.subject.is_empty()).then_some(&leaf.subject);
    for name in subject.into_iter().chain(&leaf.sans) {
        let (known, why) = match &useless {
            Some(why) => (State::Rejected, why.clone()),
            None => (State::Accepted, "the certificate has the name".to_owned()),
        };
        state.access.push(Access {
            door: door.to_owned(),
            who: Who::LooksFor(name.clone()),
            state: known,
            why,
            ends,
        });
    }
    root(
        (chain, request),
        door,
        (useless, ends),
        Who::ServersTrust,
        state,
    );
}

/// When a certificate ends, where that is soon.
pub(super) fn ends(until: Timestamp, now: Timestamp) -> Option<Timestamp> {
    let left = until.duration_since(now).as_hours();
    let soon = Context::at(now).warn_days;
    (left < 24 * i64::from(soon)).then_some(until)
}

/// Why nobody accepts a leaf, whatever its names and its root are: its days, or its usage.
fn useless(leaf: &Certificate, side: Side, now: Timestamp) -> Option<String> {
    useless_for(
        leaf.eku.as_deref(),
        side,
        (leaf.not_before, leaf.not_after),
        now,
    )
}

/// The same, by what is known of it.
pub(super) fn useless_for(
    usage: Option<&[Eku]>,
    side: Side,
    (from, until): (Timestamp, Timestamp),
    now: Timestamp,
) -> Option<String> {
    let day = |moment: Timestamp| moment.to_zoned_datetime(TimeZone::UTC).date();
    let wanted = match side {
        Side::Server => Eku::ServerAuth,
        Side::Client => Eku::ClientAuth,
    };
    let allows = |usage: &[Eku]| usage.iter().any(|one| *one == wanted || *one == Eku::Any);
    if now > until {
        Some(format!("the leaf expired on {}", day(until)))
    } else if now < from {
        Some(format!("the leaf is not valid before {}", day(from)))
    } else if usage.is_some_and(|usage| !allows(usage)) {
        Some(
            match side {
                Side::Server => "its extended key usage is not for a server: serverAuth is missing",
                Side::Client => "its extended key usage is not for a client: clientAuth is missing",
            }
            .to_owned(),
        )
    } else {
        None
    }
}

/// Whom the root of a chain convinces.
fn root(
    (chain, request): (&Chain, &DiffRequest),
    door: &str,
    (useless, ends): (Option<String>, Option<Timestamp>),
    who: fn(String) -> Who,
    state: &mut Snapshot,
) {
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
    // An endpoint is judged by the public roots, whoever its callers are: that another root is not
    // among them was not asked.
    let private = request.cacert.is_none()
        && trust.anchor.is_none()
        && !trust.problems.is_empty()
        && (trust.problems.iter()).all(|problem| NO_ANCHOR.contains(&problem.error.num));
    let (known, why) = match (useless, trust.status) {
        (Some(why), _) => (State::Rejected, why),
        (None, TrustStatus::Untrusted) if private => (State::Accepted, BY_NAMES.to_owned()),
        (None, TrustStatus::Trusted) => (State::Accepted, "the chain leads there".to_owned()),
        (None, TrustStatus::Untrusted) => (State::Rejected, problem()),
        (None, TrustStatus::Disputed) => (State::Unknown, problem()),
        (None, TrustStatus::Unknown) if trust.unanswered() => (State::Unknown, problem()),
        // Whoever is called so: the chain is issued by it.
        (None, TrustStatus::Unknown) => (State::Accepted, BY_NAMES.to_owned()),
    };
    state.access.push(Access {
        door: door.to_owned(),
        who: who(root),
        state: known,
        why,
        ends,
    });
}

/// Why a root is that of a chain that was verified by none.
pub(super) const BY_NAMES: &str = "the chain leads there by its names";

/// The CA above a chain: a name is anybody's to bear, so that its key is told too where it is known.
fn issuer_of(top: &Certificate) -> String {
    issuer(&top.issuer, top.authority_key_id.as_deref())
}

/// The same, by its name and the start of its key.
pub(super) fn issuer(name: &str, key: Option<&str>) -> String {
    let name = common_name(name).unwrap_or(name);
    match key.and_then(|key| key.get(..16)) {
        Some(key) => format!("{name} (key {key})"),
        None => name.to_owned(),
    }
}

//! What a sender's identity finds among a webhook's anchors, by key.

use std::collections::BTreeSet;
use std::sync::Arc;

use jiff::Timestamp;

use super::day;
use crate::{
    facts::Certificate,
    parse::cert,
    profiles::{Identity, anchors},
    verify::public,
};

/// What an identity finds among a webhook's anchors.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standing {
    /// Its root, at this index.
    Root(usize),
    /// Another certificate that leads to its root's key and is an anchor for this software: a
    /// cross-signed copy, or the intermediate.
    Other(usize),
    /// Something that looks like it and is no anchor for it: where, and why not.
    Near(usize, String),
    /// Nothing.
    Missing,
    /// What is at hand of its roots does not tell.
    Unknown(String),
}

impl Standing {
    /// Whether the identity's chain finds an anchor.
    pub fn accepts(&self) -> bool {
        matches!(self, Self::Root(_) | Self::Other(_))
    }
}

/// Looks for an identity's anchors among these certificates, by key. `any_anchor`: the software
/// takes every certificate in the file for an anchor, and not self-signed ones alone.
pub fn standing(
    identity: &Identity,
    anchors: &[Arc<Certificate>],
    now: Timestamp,
    any_anchor: bool,
) -> Standing {
    let mut near: Option<(usize, String)> = None;
    let mut other: Option<usize> = None;
    let mut roots: Vec<usize> = Vec::new();
    let in_time =
        |certificate: &Certificate| certificate.not_before <= now && now <= certificate.not_after;
    let readable = || {
        anchors
            .iter()
            .enumerate()
            .filter(|(_, certificate)| certificate.unreadable.is_none())
    };
    for (index, certificate) in readable() {
        let its_key = identity
            .roots
            .iter()
            .any(|root| root.spki_sha256 == certificate.spki_sha256);
        let its_intermediate = !certificate.self_issued
            && certificate
                .form
                .common_names
                .last()
                .is_some_and(|name| identity.intermediates.contains(name));
        if !its_key && !its_intermediate {
            continue;
        }
        let what = match (its_key, certificate.self_issued) {
            (true, true) => "its root is in the file",
            (true, false) => "a copy of its root signed by another CA is in the file",
            _ => "its intermediate is in the file",
        };
        if !in_time(certificate) {
            let end = if now > certificate.not_after {
                format!("{what}, but expired on {}", day(certificate.not_after))
            } else {
                format!(
                    "{what}, but is not valid before {}",
                    day(certificate.not_before)
                )
            };
            near.get_or_insert((index, end));
            continue;
        }
        if its_key && certificate.self_issued {
            roots.push(index);
            continue;
        }
        let leads_on = readable().any(|(_, issuer)| {
            issuer.self_issued && in_time(issuer) && issuer.subject == certificate.issuer
        });
        if any_anchor || (its_key && leads_on) {
            other.get_or_insert(index);
        } else {
            near.get_or_insert((
                index,
                format!("{what}, but OpenSSL, nginx and Apache need the root itself"),
            ));
        }
    }
    if let Some(known) = by_roots(identity, &roots, anchors) {
        return known;
    }
    if let Some(index) = other {
        return Standing::Other(index);
    }
    // The same organization's other roots are taken for the right one.
    let wanted: BTreeSet<String> = identity
        .roots
        .iter()
        .filter_map(|root| cert::certificate(&root.der).form.organization)
        .collect();
    let kin = readable().find(|(_, certificate)| {
        let organization = certificate.form.organization.as_ref();
        organization.is_some_and(|name| wanted.contains(name))
    });
    match (near, kin) {
        (Some((index, why)), _) => Standing::Near(index, why),
        (None, Some((index, certificate))) => Standing::Near(
            index,
            format!(
                "{} is another root of the same organization",
                certificate.common_name().unwrap_or("the one in the file")
            ),
        ),
        (None, None) => Standing::Missing,
    }
}

/// What the roots in the file come to; `None` where there is none and that says something.
fn by_roots(
    identity: &Identity,
    roots: &[usize],
    anchors: &[Arc<Certificate>],
) -> Option<Standing> {
    let keys: BTreeSet<&str> = roots
        .iter()
        .map(|index| anchors[*index].spki_sha256.as_str())
        .collect();
    match (roots.first(), identity.anchor_unsettled) {
        (Some(_), true) if keys.len() < identity.roots.len() => Some(Standing::Unknown(format!(
            "its chain ends at one of {} roots, not known which, and {} in the file",
            identity.roots.len(),
            match keys.len() {
                1 => "1 of them is".to_owned(),
                some => format!("{some} of them are"),
            }
        ))),
        (Some(index), _) => Some(Standing::Root(*index)),
        // A root that is not at hand may be any certificate in the file that is not known by
        // another name.
        (None, _) if !identity.wanted.is_empty() && anchors.iter().any(|one| !is_known(one)) => {
            Some(Standing::Unknown(
                "mtls does not ship its root, and no file with it was given".to_owned(),
            ))
        }
        (None, _) => None,
    }
}

/// Whether it is a root that the program knows to be somebody's: by its key, one of the senders' or
/// of the public web's.
fn is_known(certificate: &Certificate) -> bool {
    let ours = anchors()
        .iter()
        .any(|one| one.spki_sha256 == certificate.spki_sha256);
    ours || public::is_public(certificate)
}

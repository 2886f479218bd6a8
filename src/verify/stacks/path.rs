//! The features of a whole path: each certificate's own, and what only two or more of them together
//! have.
//!
//! For: `stacks`. Must not: know a stack.

use super::{Occurrence, certificate, hosts, lists, subtrees};
use crate::{
    facts::{ChainFeature as F, PathPlace as P},
    verify::{
        Link,
        rfc5280::{Question, policy_problems},
    },
};

/// OpenSSL's X509_V_ERR_NO_EXPLICIT_POLICY.
const NO_EXPLICIT_POLICY: u32 = 43;

/// Everything that the table knows about a path, leaf first.
pub(super) fn occurrences(links: &[Link<'_>], question: &Question<'_>) -> Vec<Occurrence> {
    let mut found = Vec::new();
    for (depth, &link) in links.iter().enumerate() {
        let place = place(depth, links.len());
        let signer = links.get(depth + 1).copied();
        let own = certificate::features(link, place, signer, question.purpose, question.now);
        found.extend(own.into_iter().map(|feature| Occurrence {
            feature,
            depth,
            place,
        }));
    }
    // A policy that comes twice has a row of its own.
    let twice = found
        .iter()
        .any(|occurrence| occurrence.feature == F::PolicyTwice);
    let mut add = |feature: F, depth: usize| {
        found.push(Occurrence {
            feature,
            depth,
            place: place(depth, links.len()),
        });
    };
    neighbours(links, &mut add);
    lengths(links, question.max_depth, &mut add);
    policies(links, twice, &mut add);
    subtrees::check(links, &mut add);
    lists::check(links, question, &mut add);
    hosts::check(links[0].certificate, question, &mut |feature| {
        add(feature, 0)
    });
    found
}

/// A certificate's place: the leaf is one even where it is the anchor.
pub(super) fn place(depth: usize, length: usize) -> P {
    match depth {
        0 => P::Leaf,
        _ if depth + 1 == length => P::Anchor,
        _ => P::Intermediate,
    }
}

fn neighbours(links: &[Link<'_>], add: &mut impl FnMut(F, usize)) {
    for (depth, pair) in links.windows(2).enumerate() {
        let (child, issuer) = (pair[0], pair[1]);
        if child.certificate.issuer_der() != issuer.certificate.subject_der() {
            add(F::IssuerNameForm, depth);
        }
        let ids = (
            &child.certificate.authority_key_id,
            &issuer.certificate.subject_key_id,
        );
        if let (Some(wanted), Some(own)) = ids
            && wanted != own
        {
            add(F::KeyIdDiffers, depth);
        }
        if depth + 2 == links.len() && !issuer.details.is_pointed_at_by(child.details) {
            add(F::AnchorKeyIdDiffers, depth);
        }
    }
    let top = links.len() - 1;
    let anchor = links[top];
    let own_ids = (
        &anchor.certificate.authority_key_id,
        &anchor.certificate.subject_key_id,
    );
    match (top, anchor.details.self_issued) {
        (0, true) => add(F::AnchorSelfSignedLeaf, 0),
        (0, false) => add(F::AnchorLeaf, 0),
        (_, true) => {
            if let (Some(authority), Some(subject)) = own_ids
                && authority != subject
            {
                add(F::RootKeyIdsDiffer, top);
            }
        }
        (_, false) => add(F::AnchorNotSelfSigned, top),
    }
}

fn lengths(links: &[Link<'_>], most: Option<usize>, add: &mut impl FnMut(F, usize)) {
    for (depth, link) in links.iter().enumerate().skip(1) {
        let Some(limit) = link.certificate.path_len else {
            continue;
        };
        let limit = usize::try_from(limit).unwrap_or(usize::MAX);
        let below = &links[1..depth];
        let counted = below
            .iter()
            .filter(|link| !link.details.self_issued)
            .count();
        if counted > limit {
            add(F::PathLengthExceeded, depth);
        } else if below.len() > limit {
            add(F::PathLengthSelfIssued, depth);
        }
    }
    let between = links.len().saturating_sub(2);
    // What was asked for holds for each verifier, whatever its own bound is.
    if most.is_some_and(|most| between > most) {
        add(F::TooDeep, 0);
    }
    if between > 8 {
        add(F::VeryLongPath, 0);
    } else if between > 6 {
        add(F::LongPath, 0);
    }
}

fn policies(links: &[Link<'_>], twice: bool, add: &mut impl FnMut(F, usize)) {
    for problem in policy_problems(links) {
        let feature = match problem.error.num {
            NO_EXPLICIT_POLICY => F::PolicyMissing,
            _ if twice => continue,
            _ => F::PolicyMalformed,
        };
        add(feature, problem.depth);
    }
}

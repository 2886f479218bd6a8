//! The verdict of OpenSSL 3.0, callback by callback.
//!
//! A restatement of `X509_verify_cert` (x509_vfy.c) as an SSL server runs it, with a callback that
//! goes on after every error, so that all faults of a chain are seen and the events are those that
//! `s_server` prints. `tests/openssl_verify` compares the two live. Left out, because no client
//! certificate of a webhook has them and the default verification of a server does not ask for
//! them: policies, RFC 3779 resources. Revocation lists are asked where some are given.
//!
//! Known silences of OpenSSL, which are therefore silences here too: the signature of a self-signed
//! anchor is not checked; a leaf that is a CA is accepted; a leaf without extendedKeyUsage is
//! accepted; names are not compared with anything. What a verifier by the letter says is
//! `verify::rfc5280`'s business.

mod build;
mod extensions;
mod revocation;
mod times;
mod walk;

use std::sync::Arc;

use jiff::Timestamp;

use super::{Anchors, details::Details, rfc5280, stacks::StatusBy, x509_error};
use crate::facts::{Certificate, Problem, Purpose, Stack, TrustFacts, VerifyEvent};
use crate::parse::crl::RevocationList;

pub(in crate::verify) use build::bracketed;
pub(super) use walk::Link;
use walk::Walk;

/// What to judge for.
#[derive(Clone, Debug)]
pub struct Options {
    /// The moment.
    pub now: Timestamp,
    /// The purpose.
    pub purpose: Purpose,
    /// OpenSSL's `-verify_depth`: at most this many intermediates; `None` = 100, its default.
    pub max_depth: Option<usize>,
    /// Whether an anchor that is not self-signed ends a path (OpenSSL's `-partial_chain`; Go's and
    /// rustls' only way).
    pub partial_chain: bool,
    /// Which of several fitting issuers is taken.
    pub issuers: IssuerChoice,
    /// The revocation lists by which every certificate of the path is judged; none = revocation is
    /// not asked about.
    pub lists: Arc<[RevocationList]>,
    /// Which certificates of the path are looked up in them.
    pub looked_up: crate::facts::RevocationCheck,
}

/// Which of several certificates that may have issued another one is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum IssuerChoice {
    /// The first that is valid now, else the one that expires last: OpenSSL since 1.1.0.
    #[default]
    ValidFirst,
    /// The first: BoringSSL, which parted from OpenSSL before.
    First,
}

/// What the verification of one chain came to.
pub(super) struct Walked<'a> {
    /// The path that was built, leaf first.
    pub(super) chain: Vec<Link<'a>>,
    /// Whether it ends at an anchor.
    pub(super) reached: bool,
    /// What does not hold.
    pub(super) problems: Vec<Problem>,
    /// The callbacks.
    events: Vec<VerifyEvent>,
}

/// Verifies the first of `links` with the others at hand; `None` without any.
pub(super) fn walk<'a>(
    links: &[Link<'a>],
    anchors: &'a Anchors,
    options: &'a Options,
) -> Option<Walked<'a>> {
    let &leaf = links.first()?;
    let mut walk = Walk::new(leaf, anchors, options);
    let reached = walk.verify(links);
    Some(Walked {
        chain: walk.chain,
        reached,
        problems: walk.problems,
        events: walk.events,
    })
}

/// Judges `presented` (leaf first, as on the wire) against `anchors`.
///
/// The status is `Unknown` without anchors, and also when nothing stands in the way of trust but
/// signatures that this program cannot check.
pub fn judge(presented: &[Arc<Certificate>], anchors: &Anchors, options: &Options) -> TrustFacts {
    let mut facts = verdict(presented, anchors, options);
    facts.stacks = rfc5280::stacks(&rfc5280::Question {
        presented,
        untrusted: &[],
        anchors,
        lists: &options.lists,
        now: options.now,
        purpose: options.purpose,
        hosts: &[],
        max_depth: options.max_depth,
        status_by: &StatusBy::Mainstream,
    });
    facts.webpki_differs = rfc5280::differs(&facts.stacks, Stack::Rustls, facts.status);
    facts
}

/// OpenSSL's part of [`evaluate`] alone.
pub(super) fn verdict(
    presented: &[Arc<Certificate>],
    anchors: &Anchors,
    options: &Options,
) -> TrustFacts {
    let mut facts = TrustFacts::unknown(options.purpose);
    if presented.is_empty() {
        return facts;
    }
    let details: Vec<Option<Details>> = presented.iter().map(|one| Details::of(one)).collect();
    let links = Link::readable(presented.iter().map(AsRef::as_ref), &details);
    if let Some(Some(_)) = details.first()
        && let Some(walked) = walk(&links, anchors, options)
    {
        facts.path = walked
            .chain
            .iter()
            .map(|link| link.certificate.sha256.clone())
            .collect();
        if walked.reached {
            facts.anchor = walked
                .chain
                .last()
                .map(|link| link.certificate.subject.clone());
        }
        facts.events = walked.events;
        facts.events.shrink_to_fit();
        facts.problems = walked.problems;
    }
    facts.problems.extend(unreadable(presented));
    facts.status = super::status(anchors, &facts.problems);
    facts
}

/// A TLS stack refuses a message with a certificate that it cannot decode, before any verification.
pub(super) fn unreadable(presented: &[Arc<Certificate>]) -> impl Iterator<Item = Problem> {
    presented
        .iter()
        .enumerate()
        .filter_map(|(depth, certificate)| {
            let reason = &certificate.unreadable.as_ref()?.reason;
            Some(Problem {
                depth,
                subject: certificate.label(),
                error: x509_error(1),
                requirement: None,
                why: format!(
                    "certificate {} of the chain as sent cannot be read: {reason}",
                    depth + 1
                ),
            })
        })
}

#[cfg(test)]
mod tests;

//! The verdict of OpenSSL 3.0, callback by callback.
//!
//! A restatement of `X509_verify_cert` (x509_vfy.c) as an SSL server runs it, with a callback that goes on after every error, so
//! that all faults of a chain are seen and the events are those that `s_server` prints. `tests/openssl_verify` compares the two
//! live. Left out, because no client certificate of a webhook has them and the default verification of a server does not ask
//! for them: CRLs, policies, RFC 3779 resources.
//!
//! Known silences of OpenSSL, which are therefore silences here too: the signature of a self-signed anchor is not checked; a
//! leaf that is a CA is accepted; a leaf without extendedKeyUsage is accepted; names are not compared with anything. What a
//! verifier by the letter says is `trust::path`'s business.

mod build;
mod extensions;
mod times;
mod walk;

use jiff::Timestamp;

use super::{Anchors, details::Details, webpki_check, x509_error};
use crate::facts::{Certificate, Problem, Purpose, TrustFacts, TrustStatus};

pub(in crate::trust) use build::bracketed;
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
    /// Whether an anchor that is not self-signed ends a path (OpenSSL's `-partial_chain`; Go's and rustls' only way).
    pub partial_chain: bool,
}

/// Judges `presented` (leaf first, as on the wire) against `anchors`.
///
/// The status is `Unknown` without anchors, and also when the only thing in the way of trust is a signature algorithm
/// that this program cannot check.
pub fn evaluate(presented: &[Certificate], anchors: &Anchors, options: &Options) -> TrustFacts {
    let mut facts = verdict(presented, anchors, options);
    facts.webpki_differs = webpki_check::differs(presented, anchors, options, facts.status);
    facts
}

/// OpenSSL's part of [`evaluate`] alone.
pub(super) fn verdict(
    presented: &[Certificate],
    anchors: &Anchors,
    options: &Options,
) -> TrustFacts {
    let mut facts = TrustFacts::unknown(options.purpose);
    if presented.is_empty() {
        return facts;
    }
    let details: Vec<Option<Details>> = presented.iter().map(Details::of).collect();
    let links = Link::readable(presented.iter(), &details);
    let mut unchecked = false;
    if let (Some(Some(_)), Some(&leaf)) = (details.first(), links.first()) {
        let mut walk = Walk::new(leaf, anchors, options);
        let reached = walk.verify(&links);
        unchecked = walk.unchecked;
        facts.path = walk
            .chain
            .iter()
            .map(|link| link.certificate.sha256.clone())
            .collect();
        if reached {
            facts.anchor = walk
                .chain
                .last()
                .map(|link| link.certificate.subject.clone());
        }
        facts.events = walk.events;
        facts.events.shrink_to_fit();
        facts.problems = walk.problems;
    }
    facts.problems.extend(unreadable(presented));
    facts.status = match () {
        () if anchors.is_empty() => TrustStatus::Unknown,
        () if facts.problems.is_empty() => TrustStatus::Trusted,
        () if unchecked && facts.problems.len() == 1 => TrustStatus::Unknown,
        () => TrustStatus::Untrusted,
    };
    facts
}

/// A TLS stack refuses a message with a certificate that it cannot decode, before any verification.
pub(super) fn unreadable(presented: &[Certificate]) -> impl Iterator<Item = Problem> {
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

//! Chain + anchors + moment -> [`TrustFacts`].
//!
//! For: `net` and `cli`. Must not: read the clock, do input or output, or stop at the first fault.
//!
//! The verdict is a restatement of `X509_verify_cert` of OpenSSL 3.0 (x509_vfy.c) as an SSL server runs it, with a
//! callback that goes on after every error, so that all faults of a chain are seen and the events are those that
//! `s_server` prints. `tests/openssl_verify.rs` compares the two live. Left out, because no client certificate of a
//! webhook has them and the default verification of a server does not ask for them: CRLs, policies, RFC 3779 resources.
//!
//! Known silences of OpenSSL, which are therefore silences here too: the signature of a self-signed anchor is not
//! checked; a leaf that is a CA is accepted; a leaf without extendedKeyUsage is accepted; names are not compared with
//! anything.

mod build;
pub mod conformance;
mod details;
mod errors;
mod extensions;
pub mod hosts;
mod memory;
mod names;
pub mod sender;
pub mod signature;
mod times;
mod walk;
mod webpki_check;

pub use errors::x509_error;

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use jiff::Timestamp;
use rustls_pki_types::TrustAnchor;

use crate::facts::{Certificate, Problem, Purpose, Side, TrustFacts, TrustStatus};
use details::Details;
use memory::Memory;
use walk::{Link, Walk};

/// Trust anchors, parsed once and indexed by subject name.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    certificates: Vec<Certificate>,
    /// One for each certificate; `None` for an unreadable one.
    details: Vec<Option<Details>>,
    /// Places in `certificates` by comparable subject, in order of arrival.
    by_subject: HashMap<Vec<u8>, Vec<usize>>,
    /// What webpki makes of them.
    webpki: Vec<TrustAnchor<'static>>,
    /// Signatures found good on the way to them.
    memory: Memory,
}

impl Anchors {
    /// An index over these certificates. Like a store of OpenSSL it holds each only once.
    pub fn new(certificates: Vec<Certificate>) -> Self {
        let mut seen = HashSet::new();
        let certificates: Vec<Certificate> = certificates
            .into_iter()
            .filter(|certificate| seen.insert(certificate.sha256.clone()))
            .collect();
        let details: Vec<Option<Details>> = certificates.iter().map(Details::of).collect();
        let mut by_subject: HashMap<Vec<u8>, Vec<usize>> = HashMap::new();
        for (place, details) in details.iter().enumerate() {
            if let Some(details) = details {
                by_subject
                    .entry(details.subject.clone())
                    .or_default()
                    .push(place);
            }
        }
        let webpki = certificates
            .iter()
            .filter_map(webpki_check::anchor)
            .collect();
        Self {
            inner: Arc::new(Inner {
                certificates,
                details,
                by_subject,
                webpki,
                memory: Memory::default(),
            }),
        }
    }

    /// The anchors.
    pub fn certificates(&self) -> &[Certificate] {
        &self.inner.certificates
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.inner.certificates.is_empty()
    }

    fn memory(&self) -> &Memory {
        &self.inner.memory
    }

    /// The anchors with this comparable subject, in order of arrival.
    fn named(&self, subject: &[u8]) -> impl Iterator<Item = Link<'_>> {
        self.inner
            .by_subject
            .get(subject)
            .into_iter()
            .flatten()
            .filter_map(|&place| {
                Some(Link {
                    certificate: self.inner.certificates.get(place)?,
                    details: self.inner.details.get(place)?.as_ref()?,
                })
            })
    }
}

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
    let mut facts = TrustFacts {
        role: match options.purpose {
            Purpose::ClientAuth => Side::Client,
            Purpose::ServerAuth => Side::Server,
        },
        purpose: options.purpose,
        status: TrustStatus::Unknown,
        problems: Vec::new(),
        path: Vec::new(),
        anchor: None,
        events: Vec::new(),
        candidates: Vec::new(),
        anchor_public: None,
        webpki_differs: None,
    };
    if presented.is_empty() {
        return facts;
    }
    let details: Vec<Option<Details>> = presented.iter().map(Details::of).collect();
    let links: Vec<Link<'_>> = presented
        .iter()
        .zip(&details)
        .filter_map(|(certificate, details)| {
            Some(Link {
                certificate,
                details: details.as_ref()?,
            })
        })
        .collect();
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
        facts.problems = walk.problems;
    }
    facts.problems.extend(unreadable(presented));
    facts.status = match () {
        () if anchors.is_empty() => TrustStatus::Unknown,
        () if facts.problems.is_empty() => TrustStatus::Trusted,
        () if unchecked && facts.problems.len() == 1 => TrustStatus::Unknown,
        () => TrustStatus::Untrusted,
    };
    facts.webpki_differs = webpki_check::differs(presented, anchors, options, facts.status);
    facts
}

/// A TLS stack refuses a message with a certificate that it cannot decode, before any verification.
fn unreadable(presented: &[Certificate]) -> impl Iterator<Item = Problem> {
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

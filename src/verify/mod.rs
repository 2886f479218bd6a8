//! Chains + anchors + moment -> [`TrustFacts`](crate::facts::TrustFacts): two judges, and what they
//! share.
//!
//! `openssl` says what OpenSSL 3.0 says, number by number: what `listen` shows. `path` says what
//! RFC 5280 and the web PKI's rules say, over every path there is: what `lint` shows. webpki, which
//! rustls uses, is asked by both.
//!
//! For: `net` and `cli`. Must not: read the clock, do input or output, or stop at the first fault.

pub mod conformance;
mod details;
mod errors;
pub mod hosts;
mod memory;
mod names;
pub mod openssl;
pub mod public;
pub mod revocation;
pub mod rfc5280;
pub mod sender;
pub mod signature;
pub mod stacks;
pub mod staple;
mod webpki_check;

pub use errors::x509_error;
pub use openssl::{IssuerChoice, Options};

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use rustls_pki_types::TrustAnchor;

use crate::facts::{Certificate, Problem, SIGNATURE_NOT_CHECKED, TrustStatus};
use details::Details;
use memory::Memory;
use openssl::Link;

/// What these problems of the best path come to. A signature that nobody here can check leaves the
/// question open, but only where nothing else answers it.
fn status(anchors: &Anchors, problems: &[Problem]) -> TrustStatus {
    let open = |problem: &Problem| problem.error.num == SIGNATURE_NOT_CHECKED;
    match problems {
        _ if anchors.is_empty() => TrustStatus::Unknown,
        [] => TrustStatus::Trusted,
        problems if problems.iter().all(open) => TrustStatus::Unknown,
        _ => TrustStatus::Untrusted,
    }
}

/// Trust anchors, parsed once and indexed by subject name.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    inner: Arc<Inner>,
}

#[derive(Debug, Default)]
struct Inner {
    certificates: Vec<Arc<Certificate>>,
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
    pub fn new(certificates: impl IntoIterator<Item = impl Into<Arc<Certificate>>>) -> Self {
        let mut seen = HashSet::new();
        let certificates: Vec<Arc<Certificate>> = certificates
            .into_iter()
            .map(Into::into)
            .filter(|certificate| seen.insert(certificate.sha256.clone()))
            .collect();
        let details: Vec<Option<Details>> =
            certificates.iter().map(|one| Details::of(one)).collect();
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
            .filter_map(|one| webpki_check::anchor(one))
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
    pub fn certificates(&self) -> &[Arc<Certificate>] {
        &self.inner.certificates
    }

    /// Those that a path from this chain could have on it, by their names.
    pub fn near(&self, chain: &[Arc<Certificate>]) -> Vec<Arc<Certificate>> {
        let mut names: Vec<Vec<u8>> = chain
            .iter()
            .filter_map(|one| Details::of(one))
            .flat_map(|details| [details.subject, details.issuer])
            .collect();
        let mut found = Vec::new();
        let mut seen = HashSet::new();
        while let Some(name) = names.pop() {
            for &place in self.inner.by_subject.get(&name).into_iter().flatten() {
                if seen.insert(place) {
                    found.push(Arc::clone(&self.inner.certificates[place]));
                    let details = self.inner.details[place].as_ref();
                    names.extend(details.map(|details| details.issuer.clone()));
                }
            }
        }
        found
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

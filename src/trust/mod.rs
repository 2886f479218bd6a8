//! Chain + anchors + moment -> [`TrustFacts`].

mod errors;
pub mod signature;

pub use errors::x509_error;

use std::sync::Arc;

use jiff::Timestamp;

use crate::facts::{Certificate, Purpose, TrustFacts};

/// Trust anchors, indexed by subject name.
#[derive(Clone, Debug, Default)]
pub struct Anchors {
    certificates: Arc<Vec<Certificate>>,
}

impl Anchors {
    /// An index over these certificates.
    pub fn new(certificates: Vec<Certificate>) -> Self {
        Self {
            certificates: Arc::new(certificates),
        }
    }

    /// The anchors.
    pub fn certificates(&self) -> &[Certificate] {
        &self.certificates
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
pub fn evaluate(presented: &[Certificate], anchors: &Anchors, options: &Options) -> TrustFacts {
    let _ = (presented, anchors, options);
    unimplemented!()
}

//! The certificates that clients presented last, read once for all connections.
//!
//! For: the verifier. A sender presents the same chain on every call: reading it anew costs time at
//! each, and memory for each connection that stays open. Must not: say anything of trust.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, PoisonError},
};

use crate::{facts::Certificate, parse::cert};

/// How many are remembered: some senders with their chains.
const MOST: usize = 32;

/// The longest DER that is remembered, in bytes: a hostile client's need not be kept.
const LONGEST: usize = 8 << 10;

/// The certificates that were read last, the latest first.
#[derive(Debug, Default)]
pub(super) struct Known(Mutex<VecDeque<Arc<Certificate>>>);

impl Known {
    /// The certificate with this DER, from memory where it is there.
    pub(super) fn certificate(&self, der: &[u8]) -> Arc<Certificate> {
        if let Some(known) = self.find(der) {
            return known;
        }
        // Reading is not done under the lock.
        let read = Arc::new(cert::certificate(der));
        if der.len() <= LONGEST {
            let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
            all.push_front(read.clone());
            all.truncate(MOST);
        }
        read
    }

    fn find(&self, der: &[u8]) -> Option<Arc<Certificate>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|known| known.der == der)?;
        let found = all.remove(at)?;
        all.push_front(found.clone());
        Some(found)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pki::Authority;

    #[test]
    fn the_same_bytes_are_read_once_and_others_are_not_confused_with_them() {
        let authority = Authority::new("2026-11-29T12:00:00Z".parse().unwrap()).unwrap();
        let known = Known::default();
        let one = known.certificate(authority.client_anchor());
        let other = known.certificate(authority.server_anchor());
        assert!(Arc::ptr_eq(
            &one,
            &known.certificate(authority.client_anchor())
        ));
        assert_ne!(one.sha256, other.sha256);
    }

    #[test]
    fn memory_has_an_end() {
        let known = Known::default();
        let first = known.certificate(b"0");
        for number in 0..MOST {
            known.certificate(format!("other {number}").as_bytes());
        }
        assert!(!Arc::ptr_eq(&first, &known.certificate(b"0")));
        let long = vec![0; LONGEST + 1];
        assert!(!Arc::ptr_eq(
            &known.certificate(&long),
            &known.certificate(&long)
        ));
    }
}

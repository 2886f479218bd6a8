//! The certificates that clients presented last, read once for all connections, and what was said
//! of the last chain.
//!
//! For: the verifier. A sender presents the same chain on every call: reading and judging it anew
//! costs time at each, and memory for each connection that stays open. Must not: judge, or answer
//! for another moment, plan or chain than was asked about.

use std::{
    collections::VecDeque,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use jiff::Timestamp;

use super::plan::Plan;
use crate::{
    facts::{Certificate, ProfileMatch, TrustFacts},
    parse::cert,
};

/// How many are remembered: some senders with their chains.
const MOST: usize = 32;

/// The longest DER that is remembered, in bytes: a hostile client's need not be kept.
const LONGEST: usize = 8 << 10;

/// What the clients of a run presented last.
#[derive(Default)]
pub(super) struct Known {
    /// The certificates, the latest first.
    certificates: Mutex<VecDeque<Arc<Certificate>>>,
    last: Mutex<Option<Judged>>,
}

/// A chain, what it was judged by and when, and what came out.
struct Judged {
    chain: Vec<Arc<Certificate>>,
    plan: Arc<Plan>,
    now: Timestamp,
    said: Said,
}

/// What is said of a chain.
#[derive(Clone, Debug)]
pub(super) struct Said {
    /// What path validation says.
    pub(super) trust: TrustFacts,
    /// The sender that the chain proves.
    pub(super) sender: Option<ProfileMatch>,
}

impl Judged {
    /// Whether these are the very certificates, plan and moment.
    fn is_of(&self, chain: &[Arc<Certificate>], plan: &Arc<Plan>, now: Timestamp) -> bool {
        let same = |(one, other): (&Arc<Certificate>, &Arc<Certificate>)| Arc::ptr_eq(one, other);
        self.now == now
            && Arc::ptr_eq(&self.plan, plan)
            && self.chain.len() == chain.len()
            && self.chain.iter().zip(chain).all(same)
    }
}

impl Known {
    /// The certificate with this DER, from memory where it is there.
    pub(super) fn certificate(&self, der: &[u8]) -> Arc<Certificate> {
        if let Some(known) = self.find(der) {
            return known;
        }
        // Reading is not done under the lock.
        let read = Arc::new(cert::certificate(der));
        if der.len() <= LONGEST {
            let mut all = self.all();
            all.push_front(read.clone());
            all.truncate(MOST);
        }
        read
    }

    /// What `judge` says of this chain at this moment (the listener judges by whole seconds).
    pub(super) fn said(
        &self,
        chain: &[Arc<Certificate>],
        plan: &Arc<Plan>,
        now: Timestamp,
        judge: impl FnOnce() -> Said,
    ) -> Said {
        if let Some(last) = &*self.last.lock().unwrap_or_else(PoisonError::into_inner)
            && last.is_of(chain, plan, now)
        {
            return last.said.clone();
        }
        // Judging is not done under the lock.
        let said = judge();
        *self.last.lock().unwrap_or_else(PoisonError::into_inner) = Some(Judged {
            chain: chain.to_vec(),
            plan: plan.clone(),
            now,
            said: said.clone(),
        });
        said
    }

    fn all(&self) -> MutexGuard<'_, VecDeque<Arc<Certificate>>> {
        let all = self.certificates.lock();
        all.unwrap_or_else(PoisonError::into_inner)
    }

    fn find(&self, der: &[u8]) -> Option<Arc<Certificate>> {
        let mut all = self.all();
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
    fn a_chain_is_judged_anew_for_another_moment_plan_or_certificate() {
        let at = |moment: &str| moment.parse::<Timestamp>().unwrap();
        let (now, later) = (at("2026-11-29T12:00:00Z"), at("2026-11-29T12:00:01Z"));
        let authority = Authority::new(now).unwrap();
        let plan = || {
            let made = authority.server(&["localhost"]).unwrap();
            let key = rustls_pki_types::PrivatePkcs8KeyDer::from(made.key_pkcs8).into();
            let server = crate::net::identity::ServerIdentity::new(made.chain, key).unwrap();
            let clock: crate::net::plan::Clock = Arc::new(move || now);
            Arc::new(Plan::new(server, clock, Arc::new(|_, _| None)))
        };
        let (one, other) = (plan(), plan());
        let known = Known::default();
        let chain = [known.certificate(authority.client_anchor())];
        let longer = [
            chain[0].clone(),
            known.certificate(authority.server_anchor()),
        ];
        let asked = std::cell::Cell::new(0);
        let ask = |chain: &[Arc<Certificate>], plan: &Arc<Plan>, now| {
            known.said(chain, plan, now, || {
                asked.set(asked.get() + 1);
                Said {
                    trust: TrustFacts::unknown(crate::facts::Purpose::ClientAuth),
                    sender: None,
                }
            });
            asked.get()
        };
        assert_eq!(ask(&chain, &one, now), 1);
        assert_eq!(ask(&chain, &one, now), 1);
        assert_eq!(ask(&chain, &one, later), 2);
        assert_eq!(ask(&chain, &other, later), 3);
        assert_eq!(ask(&longer, &other, later), 4);
        assert_eq!(ask(&chain, &other, later), 5);
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

//! Sessions that a server hands out: counted, kept, and offered once more.
//!
//! For: `dial`, which tells from them that a server went on after it had judged the client, and
//! whether it resumes. Must not: outlive the inspection of one endpoint.

use std::{
    collections::VecDeque,
    fmt,
    sync::{Arc, Mutex, MutexGuard, PoisonError},
};

use rustls::{
    ClientConfig, NamedGroup,
    client::{ClientSessionStore, Resumption, Tls12ClientSessionValue, Tls13ClientSessionValue},
    pki_types::ServerName,
};

/// Tickets kept; a server may send as many as it likes.
const KEPT: usize = 8;

/// What a handshake left behind to be resumed.
#[derive(Clone)]
pub struct Session {
    // Tickets are good for the very same verifier and certificate only, so the whole configuration
    // is kept.
    config: Arc<ClientConfig>,
    store: Arc<Store>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("tickets", &self.tickets())
            .finish_non_exhaustive()
    }
}

impl Session {
    /// Makes `config` keep its sessions.
    pub(super) fn kept_by(mut config: ClientConfig) -> (Arc<ClientConfig>, Self) {
        let store = Arc::new(Store::default());
        config.resumption = Resumption::store(store.clone());
        let config = Arc::new(config);
        let session = Self {
            config: config.clone(),
            store,
        };
        (config, session)
    }

    pub(super) fn config(&self) -> Arc<ClientConfig> {
        self.config.clone()
    }

    /// Tickets (TLS 1.3) or sessions (TLS 1.2) that came.
    pub fn tickets(&self) -> usize {
        self.store.lock().came
    }
}

#[derive(Default)]
struct Store(Mutex<Kept>);

#[derive(Default)]
struct Kept {
    came: usize,
    tls12: Option<Tls12ClientSessionValue>,
    tls13: VecDeque<Tls13ClientSessionValue>,
}

impl Store {
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Store {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Store").finish_non_exhaustive()
    }
}

impl ClientSessionStore for Store {
    fn set_kx_hint(&self, _: ServerName<'static>, _: NamedGroup) {}

    fn kx_hint(&self, _: &ServerName<'_>) -> Option<NamedGroup> {
        None
    }

    fn set_tls12_session(&self, _: ServerName<'static>, value: Tls12ClientSessionValue) {
        let mut kept = self.lock();
        kept.came += 1;
        kept.tls12 = Some(value);
    }

    fn tls12_session(&self, _: &ServerName<'_>) -> Option<Tls12ClientSessionValue> {
        self.lock().tls12.clone()
    }

    fn remove_tls12_session(&self, _: &ServerName<'static>) {
        self.lock().tls12 = None;
    }

    fn insert_tls13_ticket(&self, _: ServerName<'static>, value: Tls13ClientSessionValue) {
        let mut kept = self.lock();
        kept.came += 1;
        if kept.tls13.len() < KEPT {
            kept.tls13.push_back(value);
        }
    }

    fn take_tls13_ticket(&self, _: &ServerName<'static>) -> Option<Tls13ClientSessionValue> {
        self.lock().tls13.pop_front()
    }
}

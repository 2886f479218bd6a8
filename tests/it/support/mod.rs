//! What the integration tests share: the built program as a child, throwaway PKIs as files, other
//! TLS stacks as peers.
//!
//! Everything that is started here is bounded in time and ends with the test.

mod call;
mod child;
mod envoy;
mod folder;
mod forge;
mod listener;
mod openssl;
mod peer;
mod pki;
mod server;
mod signatures;

pub(crate) use call::{call, tls_stream};
pub(crate) use child::{Child, Finished, feed, run};
pub(crate) use envoy::{Envoy, envoy_with};
pub(crate) use folder::Folder;
pub(crate) use forge::{Forge, P256};
pub(crate) use listener::{Listen, Listener, Report, mtls, signal};
pub(crate) use openssl::openssl_clients;
pub(crate) use peer::{clean, peer, required, search_path, skipped};
pub(crate) use pki::Pki;
pub(crate) use server::{Server, free_port};
pub(crate) use signatures::{Signed, SignedPki, Way};

use std::{
    sync::{Mutex, MutexGuard},
    time::Duration,
};

use jiff::Timestamp;

/// How long any one step may take. Generous: a loaded machine is no failure, and nothing waits this
/// long in vain often.
pub(crate) const PATIENCE: Duration = Duration::from_secs(60);

/// Filters for snapshots of pages: how long things took, and the messages of a handshake, whose
/// grouping hangs on the machine's mood.
pub(crate) const TIMES: &[(&str, &str)] = &[
    (
        r"(?m)^(  (?:name|TCP|TLS|answer|end|first byte|hello|handshake|request)) +[\d.]+ ms .*$",
        "$1 BAR",
    ),
    (
        r"(?m)^      ms     client → server, client ← server\n(?:[ ✗=] {1,8}[\d.]+ .*\n(?: {14}.*\n)*)*",
        "STEPS\n",
    ),
    (r"pin sha256//[A-Za-z0-9+/=]{44}", "pin PIN"),
];

/// Now, for certificates that other programs judge by the clock.
pub(crate) fn now() -> Timestamp {
    Timestamp::now()
}

/// Hundreds of sockets at once are one test's at a time: all tests of this process share the number
/// of files that it may open.
pub(crate) fn descriptors() -> MutexGuard<'static, ()> {
    static MANY: Mutex<()> = Mutex::new(());
    // A test that failed meanwhile has let go of its sockets.
    MANY.lock().unwrap_or_else(|poisoned| poisoned.into_inner())
}
